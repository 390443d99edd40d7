//! `[state.NAME]`.

use super::ask;
use super::names::Names;
use super::people::named_tables;
use crate::diagnostic::{Diagnostics, Span, Text};
use crate::options::{OptionValue, Options};
use crate::simulate::declaration::{Change, Move, Speed, StateDeclaration};

/// `[state.NAME]`, in the order of the file.
pub(super) fn states(root: &Options, names: &mut Names<'_>, problems: &mut Diagnostics) -> Vec<StateDeclaration> {
    let mut states = Vec::new();
    for (name, table) in named_tables(root, "state", problems) {
        names.declare(name, "a state", problems);
        let levels = ask::names(table, "levels", problems);
        let starts = table.formula("starts", problems);
        let change = change(table, !levels.is_empty(), problems);
        table.finish(problems);
        states.push(StateDeclaration { name: name.clone(), levels, starts, change });
    }
    states
}

fn change(table: &Options, has_levels: bool, problems: &mut Diagnostics) -> Change {
    let [each_step, moves, on, off, per] = ["each_step", "moves", "on", "off", "per"].map(|key| table.get(key));
    if each_step.is_none() && per.is_some() {
        let why = "belongs to `each_step` and to probabilities";
        ask::refuse(table, &["per"], why, "write it in the table of the probability", problems);
    }
    if each_step.is_some() {
        let help = "a state is drawn anew each step, or it moves";
        ask::refuse(table, &["moves", "on", "off"], "cannot stand beside `each_step`", help, problems);
        return drawn_anew(table, has_levels, problems);
    }
    if moves.is_some() {
        ask::refuse(table, &["on", "off"], "cannot stand beside `moves`", "write them as entries of `moves`", problems);
        if !has_levels {
            let help = "name the `levels`, or write `on = ...` and `off = ...` for yes and no";
            ask::refuse(table, &["moves"], "is for states with named levels", help, problems);
        }
        return Change::Moves(
            ask::tables(table, "moves", "state.NAME.moves", problems)
                .into_iter()
                .map(|entry| one_move(entry, problems))
                .collect(),
        );
    }
    if on.is_none() && off.is_none() {
        return Change::Never;
    }
    if has_levels {
        let help = "write `moves = [{ from = \"...\", to = \"...\", rate = \"...\" }]`";
        ask::refuse(table, &["on", "off"], "is for states without named levels", help, problems);
    }
    let sides = [("on", "0", "1"), ("off", "1", "0")];
    Change::Moves(sides.into_iter().filter_map(|(key, from, to)| side(table, key, from, to, problems)).collect())
}

fn one_move(entry: &Options, problems: &mut Diagnostics) -> Move {
    let from = ask::text(entry, "from", problems);
    let to = ask::text(entry, "to", problems);
    let speed = speed(entry, problems);
    entry.finish(problems);
    Move { from, to, speed }
}

fn side(table: &Options, key: &str, from: &str, to: &str, problems: &mut Diagnostics) -> Option<Move> {
    let options = table.table(key, problems)?;
    let speed = speed(options, problems);
    options.finish(problems);
    let level = |text: &str| Text { text: text.to_owned(), span: options.span.clone() };
    Some(Move { from: level(from), to: level(to), speed })
}

fn speed(table: &Options, problems: &mut Diagnostics) -> Speed {
    let rate = table.formula("rate", problems);
    let probability = table.formula("probability", problems);
    let per = ask::duration(table, "per", problems);
    if table.get("rate").is_some() {
        let help = "write a `rate` per person-year, or a `probability` and the time it is meant for";
        ask::refuse(table, &["probability", "per"], "cannot stand beside `rate`", help, problems);
        return Speed::Rate(rate.unwrap_or_default());
    }
    if ask::is_missing(table, "rate") && ask::is_missing(table, "probability") {
        problems
            .error("S0103", &table.span, format!("{} needs a key `rate` or `probability`", table.title))
            .help("add `rate = ...` per person-year, or `probability = ..., per = \"1 month\"`");
    } else {
        period_must_be_named(table, "probability", problems);
    }
    Speed::Probability { probability: probability.unwrap_or_default(), per }
}

/// A probability means nothing without the time it is meant for; with it, another step of the scenario can be seen to
/// fit or not.
fn period_must_be_named(table: &Options, key: &str, problems: &mut Diagnostics) {
    if let (Some(value), true) = (table.get(key), ask::is_missing(table, "per")) {
        problems
            .error("S0103", value.span(), format!("{} needs a key `per` beside `{key}`", table.title))
            .help("add the time that it is meant for, such as `per = \"1 month\"`");
    }
}

fn drawn_anew(table: &Options, has_levels: bool, problems: &mut Diagnostics) -> Change {
    let per = ask::duration(table, "per", problems);
    period_must_be_named(table, "each_step", problems);
    let Some(OptionValue::Table(levels)) = table.get("each_step") else {
        return Change::EachStep { law: table.formula("each_step", problems).unwrap_or_default(), per };
    };
    if !has_levels {
        let help = "name the `levels`, or write one formula in quotation marks";
        ask::refuse(table, &["each_step"], "is a table for states with named levels only", help, problems);
    }
    let mut probabilities = Vec::with_capacity(levels.entries.len());
    let mut rest: Option<Span> = None;
    for entry in &levels.entries {
        let Some(probability) = levels.formula(&entry.key.text, problems) else { continue };
        if probability.text == "rest" && rest.replace(probability.span.clone()).is_some() {
            problems
                .error("S0120", &probability.span, "only one level can take the `rest`")
                .help("write a formula for the others");
        }
        probabilities.push((entry.key.clone(), probability));
    }
    Change::EachStepLevels { probabilities, per }
}

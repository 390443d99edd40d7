//! `steps = [...]` of a `[[method]]` table: the steps and the method behind them, each with its own table of options.

use crate::analyze::{Entry, Method, Pipeline, Step, steps};
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::options::{OptionValue, Options};
use std::sync::Arc;

/// The steps as one method. The options of a step `link.exact` are in `[method.link.exact]`, those of the last method,
/// say `gee`, in `[method.gee]`.
pub(super) fn pipeline(
    table: &Options,
    names: &[Text],
    catalogue: &'static [Entry],
    problems: &mut Diagnostics,
) -> Option<Box<dyn Method>> {
    let Some(last) = names.len().checked_sub(1) else {
        let span = table.get("steps").map_or(&table.span, OptionValue::span);
        problems.error("S0608", span, "`steps` is empty").help("name the steps in order, the method last");
        return None;
    };
    let (mut before, mut method, mut fine) = (Vec::new(), None, true);
    let mut tables: Vec<&Options> = Vec::new();
    for (position, name) in names.iter().enumerate() {
        if names[..position].iter().any(|earlier| earlier.text == name.text) {
            problems.error("S0608", &name.span, format!("`{}` stands twice in `steps`", name.text));
            fine = false;
            continue;
        }
        let empty = Options::new(format!("[method.{}]", name.text), name.span.clone(), Vec::new());
        let options = options_of(table, name, &mut tables, problems).unwrap_or(&empty);
        match declare(options, name, position == last, catalogue, problems) {
            Some(Declared::Step(name, step)) => before.push((name, step)),
            Some(Declared::Method(last)) => method = Some(Arc::from(last)),
            None => fine = false,
        }
    }
    // A group of tables such as `link` holds nothing but the tables of steps.
    tables.iter().for_each(|group| group.finish(problems));
    fine.then(|| Box::new(Pipeline::new(before, method)) as Box<dyn Method>)
}

enum Declared {
    Step(&'static str, Box<dyn Step>),
    Method(Box<dyn Method>),
}

fn declare(
    options: &Options,
    name: &Text,
    last: bool,
    catalogue: &'static [Entry],
    problems: &mut Diagnostics,
) -> Option<Declared> {
    if let Some(entry) = steps().iter().find(|entry| entry.name == name.text) {
        let step = (entry.declare)(options, problems)?;
        options.finish(problems);
        return Some(Declared::Step(entry.name, step));
    }
    match catalogue.iter().find(|entry| entry.name == name.text) {
        Some(entry) if last => {
            let method = (entry.declare)(options, problems)?;
            options.finish(problems);
            Some(Declared::Method(method))
        }
        Some(_) => {
            problems
                .error(
                    "S0608",
                    &name.span,
                    format!("`{}` is a method, and stands before the end of `steps`", name.text),
                )
                .help("the method is the last of the steps");
            None
        }
        None => {
            let known = steps().iter().map(|entry| entry.name);
            let help = match near_miss(&name.text, known.chain(catalogue.iter().map(|entry| entry.name))) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`eclosion methods` lists the steps and the methods".to_owned(),
            };
            let what = if last { "step or method" } else { "step" };
            problems.error("S0608", &name.span, format!("there is no {what} `{}`", name.text)).help(help);
            None
        }
    }
}

/// The table of a step's options: `link.exact` is the table `exact` in the table `link`.
fn options_of<'t>(
    table: &'t Options,
    name: &Text,
    groups: &mut Vec<&'t Options>,
    problems: &mut Diagnostics,
) -> Option<&'t Options> {
    match name.text.split_once('.') {
        None => table.table(&name.text, problems),
        Some((group, step)) => {
            let group = table.table(group, problems)?;
            if !groups.iter().any(|known| std::ptr::eq(*known, group)) {
                groups.push(group);
            }
            group.table(step, problems)
        }
    }
}

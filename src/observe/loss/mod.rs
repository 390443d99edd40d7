//! Mechanisms by which whole waves, or single answers, are lost. One file each, one line each in the catalogue.

mod dropout;
mod intermittent;
mod item_non_response;

use super::plan::Loss;
use super::scope::SurveyScope;
use crate::diagnostic::{Diagnostics, near_miss};
use crate::formula::{Program, Wanted, compile};
use crate::options::Options;
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;

/// One line of the catalogue of losses.
pub struct Entry {
    /// Name in a scenario's `kind = "..."`.
    pub name: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    declare: fn(&Options, &SurveyScope<'_>, &str, &mut Diagnostics) -> Option<Declared>,
}

/// A declared loss.
pub(super) enum Declared {
    /// Of whole waves.
    Wave(Loss),
    /// Of the answers to items, each with its rule.
    Items(Vec<(usize, Rule)>),
}

const CATALOGUE: [Entry; 3] = [
    Entry { name: "dropout", summary: dropout::SUMMARY, declare: dropout::declare },
    Entry { name: "intermittent", summary: intermittent::SUMMARY, declare: intermittent::declare },
    Entry { name: "item_non_response", summary: item_non_response::SUMMARY, declare: item_non_response::declare },
];

/// The mechanisms of `[[survey.loss]]`.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    &CATALOGUE
}

/// Reads a `[[survey.loss]]` table. `number` tells several losses of one kind apart.
pub(super) fn declare(
    options: &Options,
    number: usize,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<(&'static str, Declared)> {
    let Some(kind) = options.text("kind", problems) else {
        if options.get("kind").is_none() {
            options.missing("kind", problems);
        }
        return None;
    };
    let Some(entry) = CATALOGUE.iter().find(|e| e.name == kind.text) else {
        let names: Vec<&str> = CATALOGUE.iter().map(|e| e.name).collect();
        let near = near_miss(&kind.text, names.iter().copied());
        let help = near.map_or(format!("one of: {}", names.join(", ")), |n| format!("did you mean `{n}`?"));
        problems.error("S0401", &kind.span, format!("no loss is called `{}`", kind.text)).help(help);
        return None;
    };
    let suffix = if number == 0 { String::new() } else { format!(".{}", number + 1) };
    let purpose = format!("loss.{}{suffix}", entry.name);
    let declared = (entry.declare)(options, scope, &purpose, problems);
    options.finish(problems);
    declared.map(|d| (entry.name, d))
}

/// The rule of a loss of waves.
fn rule(options: &Options, scope: &SurveyScope<'_>, purpose: &str, problems: &mut Diagnostics) -> Option<Rule> {
    let (shape, program) = scope.before_interview(|| chance(options, scope, problems))?;
    Some(Rule::new(shape, vec![program], None, Purpose::named(purpose)))
}

/// The chance of a loss: `rate` per person-year, over the time between waves, or `probability` per wave.
fn chance(options: &Options, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<(Shape, Program)> {
    let rate = options.formula("rate", problems);
    let probability = options.formula("probability", problems);
    match (rate, probability) {
        (Some(rate), None) => {
            let waves = &scope.truth.waves;
            let years = match waves.as_slice() {
                [first, second, ..] => scope.truth.years(*second) - scope.truth.years(*first),
                _ => {
                    problems
                        .error("S0406", &rate.span, "a rate needs time between waves, and there is one wave only")
                        .help("write `probability` instead");
                    return None;
                }
            };
            let program = compile(&rate, &Wanted::Rate, scope, problems)?;
            Some((Shape::Event { years }, program))
        }
        (None, Some(probability)) => {
            let program = compile(&probability, &Wanted::Probability, scope, problems)?;
            Some((Shape::Yes, program))
        }
        (Some(_), Some(probability)) => {
            problems.error("S0406", &probability.span, "either `rate` or `probability`, not both");
            None
        }
        (None, None) => {
            if options.get("rate").is_none() && options.get("probability").is_none() {
                options.missing("probability", problems);
            }
            None
        }
    }
}

/// `probability`, where nothing else will do.
fn probability(options: &Options, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<Program> {
    let probability = options.formula("probability", problems);
    if options.get("probability").is_none() {
        options.missing("probability", problems);
    }
    compile(&probability?, &Wanted::Probability, scope, problems)
}

/// `from_wave`, counted from 0; `default` is counted from 0, too.
fn from_wave(options: &Options, default: usize, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<usize> {
    let Some(text) = options.formula("from_wave", problems) else { return Some(default) };
    let waves = scope.truth.waves.len();
    match compile(&text, &Wanted::Number, scope, problems)?.constant() {
        Some(wave) if wave.fract() == 0.0 && (1.0..=waves as f64).contains(&wave) => Some(wave as usize - 1),
        _ => {
            problems
                .error("S0407", &text.span, format!("`from_wave` cannot be {}", text.text))
                .help(format!("the number of a wave, from 1 to {waves}"));
            None
        }
    }
}

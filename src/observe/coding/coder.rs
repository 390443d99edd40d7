//! `[[survey.coder]]`: with which probability a coder marks a comment with a theme.

use super::Source;
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::formula::{OnlyParameters, Parameters, Wanted, compile};
use crate::options::{OptionValue, Options};
use crate::streams::Purpose;

/// A coder.
#[derive(Clone, Debug)]
pub(in crate::observe) struct Coder {
    pub name: String,
    /// By source of comments.
    pub glances: Vec<Glance>,
}

/// How a coder looks at the comments of a source.
#[derive(Clone, Debug)]
pub(in crate::observe) struct Glance {
    /// Themes that can be marked, each with the probability and the key of its draws.
    pub marks: Vec<(usize, f64, u64)>,
    /// Whether a probability is below 1.
    pub needs_draws: bool,
    /// Draws: a word for each comment, from which each theme makes its own by its key.
    pub purpose: Purpose,
}

impl Coder {
    /// A coder who marks every comment with its own theme and no other.
    pub fn perfect(name: &str, sources: &[Source], themes: &[usize]) -> Self {
        Self::new(name, sources, themes, |_| (1.0, 1.0))
    }

    fn new(name: &str, sources: &[Source], themes: &[usize], of: impl Fn(usize) -> (f64, f64)) -> Self {
        let glance = |(position, source): (usize, &Source)| {
            let chance = |k: usize| if themes[k] == position { of(k).0 } else { 1.0 - of(k).1 };
            let key = |k: usize| Purpose::named(&sources[themes[k]].name).0;
            let all = (0..themes.len()).map(|k| (k, chance(k), key(k)));
            let marks: Vec<(usize, f64, u64)> = all.filter(|(_, chance, _)| *chance > 0.0).collect();
            Glance {
                needs_draws: marks.iter().any(|(_, chance, _)| *chance < 1.0),
                marks,
                purpose: Purpose::named(&format!("coder.{name}.of.{}", source.name)),
            }
        };
        Self { name: name.to_owned(), glances: sources.iter().enumerate().map(glance).collect() }
    }
}

/// Reads one table: `sensitivity` and `specificity`, each 1 where it is not named.
pub(super) fn declare(
    options: &Options,
    name: &str,
    sources: &[Source],
    themes: &[usize],
    parameters: &Parameters,
    problems: &mut Diagnostics,
) -> Option<Coder> {
    let names: Vec<&str> = themes.iter().map(|source| sources[*source].name.as_str()).collect();
    let sensitivity = by_theme("sensitivity", options, &names, parameters, problems);
    let specificity = by_theme("specificity", options, &names, parameters, problems);
    options.finish(problems);
    let (sensitivity, specificity) = (sensitivity?, specificity?);
    Some(Coder::new(name, sources, themes, |theme| (sensitivity[theme], specificity[theme])))
}

/// A probability for all themes, or a table with one for each theme that it names; 1 for the others.
fn by_theme(
    key: &str,
    options: &Options,
    themes: &[&str],
    parameters: &Parameters,
    problems: &mut Diagnostics,
) -> Option<Vec<f64>> {
    let only = OnlyParameters(parameters);
    let value = |text: &Text, problems: &mut Diagnostics| {
        compile(text, &Wanted::Probability, &only, problems).and_then(|program| program.constant())
    };
    match options.get(key) {
        None => Some(vec![1.0; themes.len()]),
        Some(OptionValue::Table(table)) => {
            let mut values = vec![1.0; themes.len()];
            let mut fine = true;
            for entry in &table.entries {
                let text = table.formula(&entry.key.text, problems);
                let Some(theme) = themes.iter().position(|theme| *theme == entry.key.text) else {
                    unknown_theme(&entry.key, themes, problems);
                    fine = false;
                    continue;
                };
                match text.and_then(|text| value(&text, problems)) {
                    Some(value) => values[theme] = value,
                    None => fine = false,
                }
            }
            fine.then_some(values)
        }
        Some(_) => {
            let text = options.formula(key, problems)?;
            value(&text, problems).map(|value| vec![value; themes.len()])
        }
    }
}

fn unknown_theme(name: &Text, themes: &[&str], problems: &mut Diagnostics) {
    let help = match near_miss(&name.text, themes.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("themes: {}", themes.join(", ")),
    };
    problems.error("S0444", &name.span, format!("there is no theme `{}`", name.text)).help(help);
}

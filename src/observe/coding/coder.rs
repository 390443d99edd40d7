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
    /// By theme.
    pub skills: Vec<Skill>,
}

/// How well a coder knows a theme.
#[derive(Clone, Debug)]
pub(in crate::observe) struct Skill {
    /// Probability of a mark on a comment of the theme.
    pub sensitivity: f64,
    /// Probability of no mark on any other comment.
    pub specificity: f64,
    /// Draws of marks on the comments of each source.
    pub purposes: Vec<Purpose>,
}

impl Coder {
    /// A coder who marks every comment with its own theme and no other.
    pub fn perfect(name: &str, sources: &[Source], themes: &[usize]) -> Self {
        Self::new(name, sources, themes, |_| (1.0, 1.0))
    }

    fn new(name: &str, sources: &[Source], themes: &[usize], of: impl Fn(usize) -> (f64, f64)) -> Self {
        let skill = |(k, theme): (usize, &usize)| {
            let theme = &sources[*theme].name;
            let purpose = |source: &Source| Purpose::named(&format!("coder.{name}.{theme}.of.{}", source.name));
            let (sensitivity, specificity) = of(k);
            Skill { sensitivity, specificity, purposes: sources.iter().map(purpose).collect() }
        };
        Self { name: name.to_owned(), skills: themes.iter().enumerate().map(skill).collect() }
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

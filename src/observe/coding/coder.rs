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

/// How a coder looks at the comments of a source. Mistakes are rare, so one draw says whether there is any, and only then
/// others say which.
#[derive(Clone, Debug)]
pub(in crate::observe) struct Glance {
    /// The theme of the comments, where they have one that the coder can see, and the probability of a mark.
    pub own: Option<(usize, f64)>,
    /// Other themes, each with the probability of a mark by mistake, which is above 0.
    pub others: Vec<(usize, f64)>,
    /// Probability of any mistake.
    pub any: f64,
    /// Draws: two words for each comment, for its own theme and for any mistake.
    pub purpose: Purpose,
    /// Draws of which mistakes: a word for each theme of each comment.
    pub which: Purpose,
}

impl Glance {
    fn new(own: Option<(usize, f64)>, others: Vec<(usize, f64)>, coder: &str, source: &str) -> Self {
        let none: f64 = others.iter().map(|(_, chance)| 1.0 - chance).product();
        Self {
            own: own.filter(|(_, chance)| *chance > 0.0),
            any: if others.is_empty() { 0.0 } else { 1.0 - none },
            others,
            purpose: Purpose::named(&format!("coder.{coder}.of.{source}")),
            which: Purpose::named(&format!("coder.{coder}.of.{source}.which")),
        }
    }

    /// Whether anything is left to chance.
    pub fn needs_draws(&self) -> bool {
        self.own.is_some_and(|(_, chance)| chance < 1.0) || self.any > 0.0
    }

    /// The themes of a comment that are marked by mistake, given that there is one at least: themes after one another, each
    /// with its probability given what came before. `uniform(k)` is a draw of its own for each theme.
    pub fn mistaken(&self, uniform: impl Fn(usize) -> f64) -> Vec<usize> {
        let mut themes = Vec::new();
        for (at, (theme, chance)) in self.others.iter().enumerate() {
            let chance = match themes.is_empty() {
                false => *chance,
                // Of this theme and those after it there is one.
                true => {
                    let none: f64 = self.others[at..].iter().map(|(_, chance)| 1.0 - chance).product();
                    chance / (1.0 - none)
                }
            };
            if uniform(*theme) < chance || (themes.is_empty() && at + 1 == self.others.len()) {
                themes.push(*theme);
            }
        }
        themes
    }
}

impl Coder {
    /// A coder who marks every comment with its own theme and no other.
    pub fn perfect(name: &str, sources: &[Source], themes: &[usize]) -> Self {
        Self::new(name, sources, themes, |_| (1.0, 1.0))
    }

    fn new(name: &str, sources: &[Source], themes: &[usize], of: impl Fn(usize) -> (f64, f64)) -> Self {
        let glance = |(position, source): (usize, &Source)| {
            let own = themes.iter().position(|theme| *theme == position).map(|k| (k, of(k).0));
            let others = (0..themes.len()).filter(|k| themes[*k] != position).map(|k| (k, 1.0 - of(k).1));
            Glance::new(own, others.filter(|(_, chance)| *chance > 0.0).collect(), name, &source.name)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_have_their_probabilities() {
        let chances = [0.3, 0.2, 0.5];
        let glance = Glance::new(None, chances.iter().copied().enumerate().collect(), "A", "s");
        assert!((glance.any - (1.0 - 0.7 * 0.8 * 0.5)).abs() < 1e-15);
        // A grid of equal steps in each draw stands for all draws: shares of each set of marks, given that there is one.
        let n = 60;
        let mut shares = [0.0; 8];
        for i in 0..n * n * n {
            let u = |k: usize| (f64::from(i / n.pow(k as u32) % n) + 0.5) / f64::from(n);
            let set: usize = glance.mistaken(u).iter().map(|k| 1 << k).sum();
            shares[set] += 1.0 / f64::from(n.pow(3));
        }
        assert_eq!(shares[0], 0.0);
        for (set, share) in shares.iter().enumerate().skip(1) {
            let each = chances.iter().enumerate().map(|(k, p)| if set >> k & 1 == 1 { *p } else { 1.0 - p });
            let expected = each.product::<f64>() / glance.any;
            assert!((share - expected).abs() < 0.02, "{set}: {share} for {expected}");
        }
    }
}

//! One of several named levels.

use super::arguments::{Column, Reader};
use super::{Entry, Family, Place, below, threshold};
use crate::diagnostic::near_miss;
use crate::formula::{Bounds, Kind, Wanted};
use crate::streams::LADDER_CAPACITY;
use std::sync::Arc;

/// `categorical`.
pub(super) const CATEGORICAL: Entry = Entry {
    name: "categorical",
    arguments: &[],
    pattern: "categorical(level = probability, ..., level = rest)",
    summary: "one of several levels, each with its probability; one of them may have the `rest`",
    reference: "one comparison of 64 random bits with each sum of probabilities, in the order of the levels",
    read,
};

/// What rounding may take from or add to a sum of 1.
const SLACK: f64 = 1e-9;
const SUM: &str = "the probabilities must sum to 1";
const OVER: &str = "the probabilities beside `rest` must sum to at most 1";

/// For each level in order, the argument with its probability.
#[derive(Debug)]
struct Categorical {
    levels: Arc<[String]>,
    shares: Vec<Share>,
    rest: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Share {
    Never,
    Argument(usize),
    Rest,
}

fn read(reader: &mut Reader<'_>) -> Option<Arc<dyn Family>> {
    let call = reader.call;
    let levels = match reader.levels {
        Some(levels) => levels.clone(),
        None => call.arguments.iter().map(|(name, _)| name.text.clone()).collect(),
    };
    if call.arguments.is_empty() || levels.len() > LADDER_CAPACITY {
        let message = format!("`categorical` wants from 1 to {LADDER_CAPACITY} levels");
        reader.problems.error("S0216", &call.name.span, message).help("write `categorical(level = probability, ...)`");
        return None;
    }
    let mut shares = vec![Share::Never; levels.len()];
    for (name, text) in &call.arguments {
        let Some(level) = levels.iter().position(|level| *level == name.text) else {
            let known = levels.iter().map(String::as_str);
            let help = match near_miss(&name.text, known.clone()) {
                Some(near) => format!("did you mean '{near}'?"),
                None => format!("known here: {}", known.collect::<Vec<_>>().join(", ")),
            };
            reader.problems.error("S0208", &name.span, format!("there is no level '{}' here", name.text)).help(help);
            continue;
        };
        if shares[level] != Share::Never {
            reader.twice(&name.span, &name.text);
        } else if text.text == "rest" {
            if shares.contains(&Share::Rest) {
                reader.problems.error("S0211", &text.span, "only one level can have the rest");
            }
            shares[level] = Share::Rest;
        } else if reader.push(text, Wanted::Probability).is_some() {
            shares[level] = Share::Argument(reader.given.len() - 1);
        }
    }
    let family = Categorical { rest: shares.contains(&Share::Rest), levels, shares };
    let constants: Vec<f64> = reader.given.iter().map(super::Given::constant).collect();
    if let Some((sum, why)) = family.broken(&constants)
        && !reader.problems.has_errors()
    {
        reader.problems.error("S0211", &call.name.span, format!("{why}, and sum to {sum}"));
    }
    Some(Arc::new(family))
}

impl Categorical {
    /// The sum of the probabilities if it cannot be, and the rule.
    fn broken(&self, arguments: &[f64]) -> Option<(f64, &'static str)> {
        let sum: f64 = arguments.iter().sum();
        match self.rest {
            true => (sum > 1.0 + SLACK).then_some((sum, OVER)),
            false => ((sum - 1.0).abs() > SLACK).then_some((sum, SUM)),
        }
    }

    fn share(&self, level: usize, rest: f64, value: impl Fn(usize) -> f64) -> f64 {
        match self.shares[level] {
            Share::Never => 0.0,
            Share::Argument(argument) => value(argument),
            Share::Rest => rest,
        }
    }

    /// The level in whose stretch of the unit interval the random bits fall.
    fn level(&self, word: u64, value: impl Fn(usize) -> f64 + Copy, arguments: usize) -> f64 {
        let rest = (1.0 - (0..arguments).map(value).sum::<f64>()).max(0.0);
        let mut sum = 0.0;
        let mut last = 0;
        for level in 0..self.shares.len() {
            let share = self.share(level, rest, value);
            if share > 0.0 {
                sum += share;
                last = level;
                if below(word, threshold(sum)) {
                    break;
                }
            }
        }
        // Where rounding left the sum below 1 the last possible level takes what is left.
        last as f64
    }
}

impl Family for Categorical {
    fn kind(&self) -> Kind {
        Kind::Level(self.levels.clone())
    }

    fn support(&self, _: &[Bounds]) -> Bounds {
        Bounds { low: 0.0, high: self.levels.len().saturating_sub(1) as f64 }
    }

    fn few_values(&self, _: &[f64]) -> Option<Vec<f64>> {
        let possible = |level: &usize| self.shares[*level] != Share::Never;
        Some((0..self.levels.len()).filter(possible).map(|level| level as f64).collect())
    }

    fn few_probabilities(&self, arguments: &[f64]) -> Option<Vec<f64>> {
        let rest = (1.0 - arguments.iter().sum::<f64>()).max(0.0);
        let possible = |level: &usize| self.shares[*level] != Share::Never;
        let share = |level: usize| self.share(level, rest, |argument| arguments[argument]);
        Some((0..self.levels.len()).filter(possible).map(share).collect())
    }

    fn refuses(&self, arguments: &[f64]) -> Option<(usize, &'static str)> {
        self.broken(arguments).map(|(_, why)| (0, why))
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        place.words(out, |row, word| self.level(word, |argument| arguments[argument].at(row), arguments.len()));
    }
}

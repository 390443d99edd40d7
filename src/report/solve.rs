//! The answer of a search for a design, with the curve that it was read from.

use super::terminal::{Style, grid};
use super::{count, number, with_error};
use serde_json::{Value, json};
use std::fmt::Write;

/// What a search found, in the units of what was varied and measured.
#[derive(Clone, Debug)]
pub struct Solved {
    /// What was varied.
    pub vary: String,
    /// The demand as written.
    pub goal: String,
    /// The measure's name.
    pub measure: String,
    /// Whether the measure is to be at least the target, or at most.
    pub at_least: bool,
    /// The target.
    pub target: f64,
    /// Whether only whole numbers were meant.
    pub whole: bool,
    /// The estimand.
    pub estimand: String,
    /// The method.
    pub method: String,
    /// Whether the measure rises with what is varied.
    pub rises: bool,
    /// Whether the search ended because it was precise enough.
    pub precise: bool,
    /// Replicates in all.
    pub replicates: u64,
    /// Place, limits and Monte Carlo standard error of the measure there, if the target is met.
    pub root: Option<(f64, (f64, f64), f64)>,
    /// Value, replicates, measure and its Monte Carlo standard error of each look, by value.
    pub looks: Vec<(f64, u64, f64, f64)>,
}

impl Solved {
    /// The value to take: whole numbers are rounded to the side on which the demand holds.
    #[must_use]
    pub fn answer(&self) -> Option<f64> {
        let (at, ..) = self.root?;
        Some(match (self.whole, self.rises == self.at_least) {
            (false, _) => at,
            (true, true) => at.ceil(),
            (true, false) => at.floor(),
        })
    }

    /// Looks at the same value put together: value, replicates, measure, error.
    fn curve(&self) -> Vec<(f64, u64, f64, f64)> {
        let groups = self.looks.chunk_by(|a, b| a.0 == b.0);
        let together = groups.map(|looks| {
            let all: u64 = looks.iter().map(|l| l.1).sum();
            let n = all.max(1) as f64;
            let mean = looks.iter().map(|l| l.1 as f64 * l.2).sum::<f64>() / n;
            let variance = looks.iter().map(|l| l.1 as f64 * l.3).map(|x| x * x).sum::<f64>() / (n * n);
            (looks[0].0, all, mean, variance.sqrt())
        });
        together.collect()
    }
}

/// Columns of the picture.
const COLUMNS: usize = 40;

/// The answer for a terminal.
#[must_use]
pub fn solved(found: &Solved, style: &Style) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = writeln!(text, "{} for which {}: {} on {}\n", found.vary, found.goal, found.method, found.estimand);
    let curve = found.curve();
    let least = curve.iter().map(|l| l.2).fold(found.target, f64::min);
    let greatest = curve.iter().map(|l| l.2).fold(found.target, f64::max);
    let column = |value: f64| {
        let share = if greatest > least { (value - least) / (greatest - least) } else { 0.5 };
        (share * (COLUMNS - 1) as f64).round() as usize
    };
    let picture = |value: f64| -> String {
        let own = column(value);
        let cell = |k| {
            if k == own {
                'o'
            } else if k == column(found.target) {
                '|'
            } else {
                ' '
            }
        };
        (0..COLUMNS).map(cell).collect()
    };
    let rows: Vec<Vec<String>> = curve
        .iter()
        .map(|(at, n, value, mcse)| {
            vec![number(*at), count(*n), with_error(Some(*value), Some(*mcse)), picture(*value)]
        })
        .collect();
    let measure = format!("{} (MCSE)", found.measure);
    let headings = ["replicates", measure.as_str(), "o where it is, | the target"];
    text.push_str(&grid(&found.vary, &headings, &rows, usize::from(style.width.max(40))));
    text.push('\n');
    match (found.answer(), found.root) {
        (Some(answer), Some((at, (low, high), mcse))) => {
            // Whole numbers are rounded outwards.
            let limit = |limit: f64, outwards: fn(f64) -> f64| match (limit.is_finite(), found.whole) {
                (false, _) => "beyond the range".to_owned(),
                (true, false) => rounded(found, limit),
                (true, true) => rounded(found, outwards(limit)),
            };
            let _ = writeln!(
                text,
                "{} = {}, with 95 % limits {} and {}",
                found.vary,
                rounded(found, answer),
                limit(low, f64::floor),
                limit(high, f64::ceil)
            );
            let _ = writeln!(
                text,
                "the curve meets {} at {}, known there to a Monte Carlo standard error of {}, from {} replicates",
                number(found.target),
                rounded(found, at),
                number(mcse),
                count(found.replicates)
            );
            if !found.precise {
                let _ = writeln!(
                    text,
                    "it ended before it was as precise as asked; --max-replicates says how far it may go"
                );
            }
        }
        _ if !found.precise => {
            let _ = writeln!(text, "no answer yet: {} looks do not tell where the target is met", found.looks.len());
        }
        _ => {
            let side = if curve.first().is_some_and(|l| l.2 < found.target) { "below" } else { "above" };
            let _ = writeln!(
                text,
                "no answer between these ends: {} stays {side} {}; try other ones with --between",
                found.measure,
                number(found.target)
            );
        }
    }
    text
}

fn rounded(found: &Solved, value: f64) -> String {
    if found.whole && value == value.round() { count_of(value) } else { number(value) }
}

fn count_of(value: f64) -> String {
    if value >= 0.0 { count(value as u64) } else { number(value) }
}

/// The answer as JSON.
#[must_use]
pub fn solved_json(found: &Solved) -> String {
    let curve: Vec<Value> = found
        .curve()
        .into_iter()
        .map(
            |(at, replicates, value, mcse)| json!({ "at": at, "replicates": replicates, "value": value, "mcse": mcse }),
        )
        .collect();
    let finite = |x: f64| x.is_finite().then_some(x);
    let whole = json!({
        "vary": found.vary,
        "for": found.goal,
        "measure": found.measure,
        "target": found.target,
        "estimand": found.estimand,
        "method": found.method,
        "answer": found.answer(),
        "root": found.root.map(|r| r.0),
        "lower": found.root.and_then(|r| finite(r.1.0)),
        "upper": found.root.and_then(|r| finite(r.1.1)),
        "mcse_at_root": found.root.map(|r| r.2),
        "rises": found.rises,
        "precise": found.precise,
        "replicates": found.replicates,
        "curve": curve,
    });
    format!("{whole:#}\n")
}

//! Performance measures of estimates that were made elsewhere: every measure, and nothing of how the data came about.

use super::json::whole;
use super::number::{count, with_error};
use super::terminal::{bold, failures, grid, true_value};
use super::{ByPair, Style, by_pair, name};
use crate::tables::{Among, ConditionResult, Measured, PerformanceRow, StudyResult};
use serde_json::Value;
use std::fmt::Write;

/// Keys of the JSON of a study that say something of a table of estimates, and those of its conditions.
const KEYS: [&str; 7] = ["program", "version", "title", "confidence", "estimands", "methods", "conditions"];
const OF_CONDITION: [&str; 6] = ["condition", "factors", "replicates", "true_values", "performance", "failures"];

/// A table for each condition and estimand: measures in rows, methods in columns, each value with its Monte Carlo standard
/// error in brackets. `digits`: so many after the point, in place of as many as the error lets a value have.
#[must_use]
pub fn performance(result: &StudyResult, digits: Option<u8>, style: &Style) -> String {
    let mut text = header(result, style);
    let pairs = by_pair(result);
    for condition in &result.conditions {
        heading(&mut text, result, condition, style);
        for estimand in 0..result.estimands.len() as u32 {
            table(&mut text, (result, &pairs), condition, estimand, digits, style);
        }
    }
    failures(&mut text, result);
    text
}

pub(super) fn header(result: &StudyResult, style: &Style) -> String {
    format!(
        "{}\n{} fits, {}, {}; Monte Carlo standard errors in brackets\n",
        bold(&result.title, style),
        count(result.estimates.len() as u64),
        counted(result.methods.len(), "method"),
        counted(result.conditions.len(), "condition"),
    )
}

fn counted(n: usize, what: &str) -> String {
    format!("{} {what}{}", count(n as u64), if n == 1 { "" } else { "s" })
}

fn heading(text: &mut String, result: &StudyResult, condition: &ConditionResult, style: &Style) {
    let factors: Vec<String> = condition.factors.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let mut words = match result.conditions.len() {
        1 => String::new(),
        n => format!("Condition {} of {n}: ", condition.number + 1),
    };
    for factor in factors {
        let _ = write!(words, "{factor}, ");
    }
    let _ = write!(words, "{} data sets", count(condition.replicates));
    let _ = writeln!(text, "\n{}", bold(&words, style));
}

fn table(
    text: &mut String,
    (result, pairs): (&StudyResult, &ByPair<'_>),
    condition: &ConditionResult,
    estimand: u32,
    digits: Option<u8>,
    style: &Style,
) {
    let own: Vec<(u32, &Vec<&PerformanceRow>)> = pairs
        .range((condition.number, estimand, 0)..=(condition.number, estimand, u32::MAX))
        .map(|((.., method), rows)| (*method, rows))
        .collect();
    let Some((_, first)) = own.first() else { return };
    let truth = condition.true_values.get(estimand as usize).map_or(String::new(), true_value);
    let _ = writeln!(text, "\n  {}{truth}", bold(name(&result.estimands, estimand), style));
    let (mut rows, mut undefined) = (Vec::new(), Vec::new());
    for (at, (measure, among)) in first.iter().map(|row| (row.measure, row.among)).enumerate() {
        let cells: Vec<Measured> =
            own.iter().map(|(_, rows)| rows.get(at).map_or_else(Measured::default, |r| r.measured)).collect();
        if cells.iter().all(|cell| cell.value.is_none()) {
            undefined.extend((among == Among::Own).then_some(measure));
            continue;
        }
        let label = if among == Among::Own { measure.to_owned() } else { format!("{measure}, {}", among.name()) };
        rows.push(std::iter::once(label).chain(cells.iter().map(|cell| shown(*cell, digits))).collect());
    }
    let methods: Vec<&str> = own.iter().map(|(method, _)| name(&result.methods, *method)).collect();
    text.push_str(&grid("measure", &methods, &rows, usize::from(style.width.max(40))));
    if !undefined.is_empty() {
        let _ = writeln!(text, "    undefined for all: {}", undefined.join(", "));
    }
}

fn shown(measured: Measured, digits: Option<u8>) -> String {
    let Some(digits) = digits.map(usize::from) else { return with_error(measured.value, measured.mcse) };
    match (measured.value, measured.mcse) {
        (None, _) => "-".to_owned(),
        (Some(value), None) => format!("{value:.digits$}"),
        (Some(value), Some(mcse)) => format!("{value:.digits$} ({mcse:.digits$})"),
    }
}

/// The same as JSON, with all digits: that of a study without what a table of estimates does not tell.
#[must_use]
pub fn performance_json(result: &StudyResult) -> String {
    let mut whole = whole(result);
    keep(&mut whole, &KEYS);
    for condition in whole["conditions"].as_array_mut().into_iter().flatten() {
        keep(condition, &OF_CONDITION);
    }
    format!("{whole:#}\n")
}

fn keep(value: &mut Value, keys: &[&str]) {
    if let Some(entries) = value.as_object_mut() {
        entries.retain(|key, _| keys.contains(&key.as_str()));
    }
}

//! How far methods are from the estimand's first, and conditions from the first, under the table of an estimand.

use super::number::{count, with_error};
use super::terminal::{FAR, REJECTION, grid};
use super::{StudyResult, name};
use crate::tables::{ContrastRow, Measured};
use std::collections::BTreeMap;

/// Measures shown, with their headings. All others are in the tables on disk.
const SHOWN: [(&str, &str); 4] = [
    ("bias", "bias (MCSE)"),
    ("empirical_se", "emp. SE (MCSE)"),
    ("coverage", "coverage (MCSE)"),
    (REJECTION, "power (MCSE)"),
];
/// Differences between conditions are shown up to this many conditions.
const CONDITIONS: usize = 6;

/// Adds both tables; whether a value is marked.
pub(super) fn differences(
    text: &mut String,
    result: &StudyResult,
    (condition, estimand): (u32, u32),
    width: usize,
) -> bool {
    let here = |row: &&ContrastRow| (row.condition, row.estimand) == (condition, estimand);
    let rows: Vec<&ContrastRow> = result.contrasts.iter().filter(here).collect();
    let methods: Vec<&ContrastRow> = rows.iter().copied().filter(|r| r.against_condition == condition).collect();
    let mut marked = false;
    if let Some(first) = methods.first() {
        let title = format!("difference to {}", name(&result.methods, first.against_method));
        marked |= table(text, result, &title, &methods, width);
    }
    let conditions: Vec<&ContrastRow> = rows.into_iter().filter(|r| r.against_condition != condition).collect();
    if let (Some(first), true) = (conditions.first(), result.conditions.len() <= CONDITIONS) {
        let title = format!("difference to condition {}", first.against_condition + 1);
        marked |= table(text, result, &title, &conditions, width);
    }
    marked
}

fn table(text: &mut String, result: &StudyResult, title: &str, rows: &[&ContrastRow], width: usize) -> bool {
    let mut by_method: BTreeMap<u32, Vec<&ContrastRow>> = BTreeMap::new();
    for row in rows {
        by_method.entry(row.method).or_default().push(row);
    }
    let defined = |measure: &str| rows.iter().any(|r| r.measure == measure && r.measured.value.is_some());
    let columns: Vec<_> = SHOWN.iter().filter(|(measure, _)| defined(measure)).collect();
    let mut marked = false;
    let mut lines = Vec::new();
    for (method, rows) in &by_method {
        let mut line = vec![name(&result.methods, *method).to_owned()];
        for (measure, _) in &columns {
            let found = rows.iter().find(|r| r.measure == *measure);
            let (cell, far) = found.map_or(("-".to_owned(), false), |r| shown(r.measured));
            marked |= far;
            line.push(cell);
        }
        line.push(count(rows.iter().map(|r| r.pairs).max().unwrap_or(0)));
        lines.push(line);
    }
    let headings: Vec<&str> = columns.iter().map(|(_, heading)| *heading).chain(["pairs"]).collect();
    text.push_str(&titled(title, &headings, &lines, width));
    marked
}

/// A table that says what it is where its names are; on a line of its own where the terminal is too narrow for columns.
pub(super) fn titled(title: &str, headings: &[&str], rows: &[Vec<String>], width: usize) -> String {
    let table = grid(title, headings, rows, width);
    if table.trim_start().starts_with(title) { table } else { format!("    {title}\n{table}") }
}

/// A difference with its error, and whether it is far from 0.
fn shown(Measured { value, mcse }: Measured) -> (String, bool) {
    let far = value.zip(mcse).is_some_and(|(value, mcse)| mcse > 0.0 && value.abs() > FAR * mcse);
    (with_error(value, mcse) + if far { "*" } else { "" }, far)
}

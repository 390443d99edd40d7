//! Performance where failures count otherwise than by being left out: two small tables under that of an estimand, for
//! the methods whom it concerns.

use super::differences::titled;
use super::number::count;
use super::terminal::{REJECTION, shown};
use super::{StudyResult, name};
use crate::tables::{Among, PerformanceRow};

/// A method's position and its rows.
type Measures<'a> = (u32, &'a [&'a PerformanceRow]);

const BIAS: (&str, &str) = ("bias", "bias (MCSE)");
const COVERAGE: (&str, &str) = ("coverage", "coverage (MCSE)");
const POWER: (&str, &str) = (REJECTION, "power (MCSE)");

/// Adds both tables where they say something new; whether a value is marked.
pub(super) fn ways(
    text: &mut String,
    result: &StudyResult,
    methods: &[Measures<'_>],
    truth_error: f64,
    width: usize,
) -> bool {
    let mut marked = false;
    let common = (Among::Common, "where all succeeded", &[BIAS, COVERAGE, POWER][..]);
    let worst = (Among::Worst, "failures as worst case", &[COVERAGE, POWER][..]);
    for (among, heading, measures) in [common, worst] {
        let concerned: Vec<Measures<'_>> =
            methods.iter().copied().filter(|(_, rows)| differs(rows, among, measures)).collect();
        let shown_here = |(measure, _): &&(&str, &str)| concerned.iter().any(|(_, rows)| defined(rows, measure, among));
        let columns: Vec<&(&str, &str)> = measures.iter().filter(shown_here).collect();
        let cell = |rows: &[&PerformanceRow], measure| shown(rows, (measure, among), result.confidence, truth_error);
        let mut lines = Vec::new();
        for (method, rows) in &concerned {
            let cells: Vec<(String, bool)> = columns.iter().map(|(measure, _)| cell(rows, measure)).collect();
            marked |= cells.iter().any(|(_, far)| *far);
            let fits = measures.iter().filter_map(|(measure, _)| replicates(rows, measure, among)).max().unwrap_or(0);
            let mut line = vec![name(&result.methods, *method).to_owned()];
            line.extend(cells.into_iter().map(|(cell, _)| cell));
            line.push(count(fits));
            lines.push(line);
        }
        if !lines.is_empty() {
            let headings: Vec<&str> = columns.iter().map(|(_, heading)| *heading).chain(["fits"]).collect();
            text.push_str(&titled(heading, &headings, &lines, width));
        }
    }
    marked
}

fn find<'a>(rows: &[&'a PerformanceRow], measure: &str, among: Among) -> Option<&'a PerformanceRow> {
    rows.iter().find(|r| r.measure == measure && r.among == among).copied()
}

fn replicates(rows: &[&PerformanceRow], measure: &str, among: Among) -> Option<u64> {
    find(rows, measure, among).map(|r| r.replicates)
}

fn defined(rows: &[&PerformanceRow], measure: &str, among: Among) -> bool {
    find(rows, measure, among).is_some_and(|r| r.measured.value.is_some())
}

/// Whether these fits are others than the method's own successes.
fn differs(rows: &[&PerformanceRow], among: Among, measures: &[(&str, &str)]) -> bool {
    measures.iter().any(|(measure, _)| {
        let there = find(rows, measure, among).filter(|r| r.measured.value.is_some() || r.replicates == 0);
        let own = replicates(rows, measure, Among::Own);
        there.is_some_and(|r| Some(r.replicates) != own)
    })
}

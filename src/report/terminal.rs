//! What a study found, for a terminal of any width.

use super::differences::differences;
use super::number::{count, exact, number, with_error};
use super::precision::precision;
use super::ways::ways;
use super::{ByPair, by_pair, name};
use crate::tables::{
    Among, ConditionResult, Measured, PerformanceRow, Reason, Spent, StatusCount, StudyResult, TrueValueRow,
    TruthSource,
};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::fmt::Write;

/// How the text may look.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Columns of the terminal; tables are folded to fit.
    pub width: u16,
    /// Whether headings may be bold.
    pub colour: bool,
}

/// Measures shown, by name, with their headings and whether their Monte Carlo error is shown as well. All others are
/// in the tables on disk.
const SHOWN: [(&str, &str, bool); 8] = [
    ("bias", "bias (MCSE)", true),
    ("coverage", "coverage (MCSE)", true),
    (REJECTION, "power (MCSE)", true),
    ("empirical_se", "emp. SE", false),
    ("model_se", "model SE", false),
    ("rmse", "RMSE", false),
    ("link_precision", "precision of links", false),
    ("link_recall", "recall of links", false),
];
/// The power, or the error of type I where the null is true.
pub(super) const REJECTION: &str = "rejection";
/// Shown only where they are defined: where an estimand has a null value, and where interviews are linked.
const SOMETIMES: [&str; 3] = [REJECTION, "link_precision", "link_recall"];
/// A measure is marked when it is this many Monte Carlo standard errors from what it should be.
pub(super) const FAR: f64 = 3.0;

/// The whole report. `spent` is left out of results, so it is handed over by itself.
#[must_use]
pub fn terminal(result: &StudyResult, spent: Option<&Spent>, style: &Style) -> String {
    let mut text = header(result, style);
    let performance = by_pair(result);
    let mut marked = false;
    let mut last: Option<&ConditionResult> = None;
    for condition in &result.conditions {
        condition_heading(&mut text, result, condition, style);
        if last.is_none_or(|l| l.mechanisms != condition.mechanisms) {
            mechanisms(&mut text, condition);
        }
        losses(&mut text, condition);
        last = Some(condition);
        for estimand in 0..result.estimands.len() {
            marked |= estimand_table(&mut text, result, condition, estimand as u32, &performance, style);
        }
    }
    if marked {
        let _ = writeln!(
            text,
            "\n* more than {FAR} Monte Carlo standard errors from {} (bias, differences) or {} (coverage)",
            0,
            number(result.confidence)
        );
    }
    ending(&mut text, result, spent);
    text
}

/// What stands below every table: fits that failed or warned, the demand on precision, the time.
pub(super) fn ending(text: &mut String, result: &StudyResult, spent: Option<&Spent>) {
    failures(text, result);
    warnings(text, result);
    if let Some(found) = &result.precision {
        text.push_str(&precision(found, result.by_budget));
    }
    if let Some(spent) = spent {
        text.push('\n');
        text.push_str(&closing(result, spent));
    }
}

pub(super) fn bold(words: &str, style: &Style) -> String {
    if style.colour { format!("\u{1b}[1m{words}\u{1b}[0m") } else { words.to_owned() }
}

pub(super) fn header(result: &StudyResult, style: &Style) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", bold(&result.title, style));
    for line in result.aims.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let _ = writeln!(text, "{line}");
    }
    let hash = result.scenario_hash.get(..16).unwrap_or(&result.scenario_hash);
    let _ = writeln!(
        text,
        "seed {}, {} replicates, {} {}, scenario {hash}, eclosion {}",
        result.seed,
        count(result.replicates_asked),
        count(result.conditions.len() as u64),
        if result.conditions.len() == 1 { "condition" } else { "conditions" },
        result.version,
    );
    if result.interrupted || result.by_budget {
        let least = result.conditions.iter().map(|c| c.replicates).min().unwrap_or(0);
        let _ = writeln!(
            text,
            "{}: at least {} of {} replicates of each condition are in what follows",
            if result.by_budget { "the budget of time ended it" } else { "stopped early" },
            count(least),
            count(result.replicates_asked)
        );
    }
    let most = result.conditions.iter().map(|c| c.replicates).max().unwrap_or(0);
    if most > result.replicates_asked {
        let _ = writeln!(text, "what follows is of up to {} replicates, which the store has", count(most));
    }
    text
}

fn condition_heading(text: &mut String, result: &StudyResult, condition: &ConditionResult, style: &Style) {
    let factors: Vec<String> = condition.factors.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let mut heading = match factors.len() {
        0 => String::new(),
        _ => format!("Condition {} of {}: {}; ", condition.number + 1, result.conditions.len(), factors.join(", ")),
    };
    let _ = write!(heading, "{} persons", count(condition.persons));
    if condition.replicates > result.replicates_asked {
        let _ = write!(heading, ", {} replicates", count(condition.replicates));
    }
    if condition.replicates < result.replicates_asked {
        let of = count(result.replicates_asked);
        let _ = write!(heading, ", {} of {of} replicates", count(condition.replicates));
    }
    let _ = writeln!(text, "\n{}", bold(&heading, style));
}

fn mechanisms(text: &mut String, condition: &ConditionResult) {
    for mechanism in &condition.mechanisms {
        let kind = mechanism.missingness.map_or(String::new(), |m| format!(": {m}"));
        let reads = match mechanism.reads.len() {
            0 => String::new(),
            _ => format!(", reads {}", mechanism.reads.join(", ")),
        };
        let _ = writeln!(text, "  {}{kind}{reads}", mechanism.name);
    }
}

/// Which share of the cells was lost or changed, by reason.
fn losses(text: &mut String, condition: &ConditionResult) {
    let mut cells = [0_u64; Reason::ALL.len()];
    for row in &condition.audit {
        for (sum, n) in cells.iter_mut().zip(row.cells) {
            *sum += n;
        }
    }
    let all: u64 = cells.iter().sum();
    if all == 0 {
        return;
    }
    let shares = Reason::ALL.iter().zip(cells).filter(|(_, n)| *n > 0);
    let shares: Vec<String> =
        shares.map(|(reason, n)| format!("{:.1} % {}", 100.0 * n as f64 / all as f64, reason.words())).collect();
    let _ = writeln!(text, "  answers: {}", shares.join(", "));
}

fn estimand_table(
    text: &mut String,
    result: &StudyResult,
    condition: &ConditionResult,
    estimand: u32,
    performance: &ByPair<'_>,
    style: &Style,
) -> bool {
    let truth = condition.true_values.get(estimand as usize).map_or(String::new(), true_value);
    let _ = writeln!(text, "\n  {}{truth}", bold(name(&result.estimands, estimand), style));
    let first = (condition.number, estimand, 0);
    let last = (condition.number, estimand, u32::MAX);
    let known = condition.true_values.get(estimand as usize).filter(|t| t.source == TruthSource::MonteCarlo);
    let truth_error = known.map_or(0.0, |t| t.mcse).max(0.0);
    let mut marked = false;
    let mut rows = Vec::new();
    let defined = |measure: &str| {
        let mut all = performance.range(first..=last).flat_map(|(_, rows)| rows.iter());
        all.any(|r| r.measure == measure && r.measured.value.is_some())
    };
    let columns: Vec<_> =
        SHOWN.into_iter().filter(|(measure, ..)| !SOMETIMES.contains(measure) || defined(measure)).collect();
    for ((_, _, method), measures) in performance.range(first..=last) {
        let mut cells = vec![name(&result.methods, *method).to_owned()];
        for (measure, _, with_mcse) in columns.iter().copied() {
            let (cell, far) = shown(measures, (measure, Among::Own), result.confidence, truth_error);
            marked |= far;
            cells.push(if with_mcse { cell } else { without_error(cell) });
        }
        cells.push(failed(result, condition, estimand, *method));
        rows.push(cells);
    }
    if rows.is_empty() {
        let why = if condition.replicates == 0 { "no replicate was done" } else { "no method answers it" };
        let _ = writeln!(text, "  {why}");
        return false;
    }
    let headings: Vec<&str> = columns.iter().map(|(_, heading, _)| *heading).chain(["failed"]).collect();
    let width = usize::from(style.width.max(40));
    text.push_str(&grid("method", &headings, &rows, width));
    let measures: Vec<_> = performance.range(first..=last).map(|((_, _, m), rows)| (*m, rows.as_slice())).collect();
    marked |= ways(text, result, &measures, truth_error, width);
    marked | differences(text, result, (condition.number, estimand), width)
}

/// A line per row, or several where the terminal is not wide enough. The first cell of a row is its name.
pub(super) fn grid(first: &str, headings: &[&str], rows: &[Vec<String>], width: usize) -> String {
    side_by_side(first, headings, rows, width).unwrap_or_else(|| one_by_one(headings, rows, width))
}

/// A line per row, if the terminal is wide enough.
fn side_by_side(first: &str, headings: &[&str], rows: &[Vec<String>], width: usize) -> Option<String> {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(std::iter::once(first).chain(headings.iter().copied()));
    table.add_rows(rows);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let lines: Vec<String> = table.lines().map(|line| format!("   {}", line.trim_end())).collect();
    lines.iter().all(|line| line.chars().count() <= width).then(|| lines.join("\n") + "\n")
}

/// A row's name on a line, and under it what a line of the table would hold.
pub(super) fn one_by_one(headings: &[&str], rows: &[Vec<String>], width: usize) -> String {
    let mut text = String::new();
    for cells in rows {
        let Some((name, cells)) = cells.split_first() else { continue };
        let _ = writeln!(text, "    {name}");
        let mut line = String::new();
        for (heading, cell) in headings.iter().zip(cells) {
            let part = format!("{heading} {cell}");
            if !line.is_empty() && 6 + line.chars().count() + 2 + part.chars().count() > width {
                let _ = writeln!(text, "      {line}");
                line.clear();
            }
            line.push_str(if line.is_empty() { "" } else { ", " });
            line.push_str(&part);
        }
        let _ = writeln!(text, "      {line}");
    }
    text
}

pub(super) fn true_value(row: &TrueValueRow) -> String {
    let value = number(row.true_value);
    match row.source {
        TruthSource::Constant => format!(": true value {value} (given)"),
        TruthSource::Exact => format!(": true value {} (exact)", exact(row.true_value)),
        TruthSource::MonteCarlo => {
            format!(": true value {} (Monte Carlo, large cohort)", plus_minus(row))
        }
        TruthSource::Cohort => format!(": true value of each cohort, {value} on average"),
    }
}

fn plus_minus(row: &TrueValueRow) -> String {
    let text = with_error(Some(row.true_value), Some(row.mcse));
    match text.split_once(" (") {
        Some((value, error)) => format!("{value} +- {}", error.trim_end_matches(')')),
        None => text,
    }
}

/// A measure with its error, and whether it is far from what it should be. A bias inherits the error of the truth.
pub(super) fn shown(
    rows: &[&PerformanceRow],
    (measure, among): (&str, Among),
    confidence: f64,
    truth_error: f64,
) -> (String, bool) {
    let wanted = |r: &&&PerformanceRow| r.measure == measure && r.among == among;
    let Some(row) = rows.iter().find(wanted) else { return ("-".to_owned(), false) };
    let Measured { value, mcse } = row.measured;
    let wanted = match measure {
        "bias" => Some((0.0, truth_error)),
        "coverage" => Some((confidence, 0.0)),
        _ => None,
    };
    // Where all intervals agree the error of their share is 0. What it would be at the nominal coverage tells whether
    // so many agree by chance.
    let error = mcse.map(|mcse| match measure {
        "coverage" if mcse == 0.0 => (confidence * (1.0 - confidence) / row.replicates.max(1) as f64).sqrt(),
        _ => mcse,
    });
    let far = match (value, error, wanted) {
        (Some(value), Some(mcse), Some((wanted, other))) => {
            mcse > 0.0 && (value - wanted).abs() > FAR * (mcse * mcse + other * other).sqrt()
        }
        _ => false,
    };
    (with_error(value, mcse) + if far { "*" } else { "" }, far)
}

/// The value alone, with the digits that its error lets it have.
fn without_error(cell: String) -> String {
    match cell.split_once(" (") {
        Some((value, _)) => value.to_owned(),
        None => cell,
    }
}

fn failed(result: &StudyResult, condition: &ConditionResult, estimand: u32, method: u32) -> String {
    let pair = (condition.number, estimand, method);
    let rows = result.failures().filter(|(f, _)| (f.condition, f.estimand, f.method) == pair);
    let n: u64 = rows.map(|(f, _)| f.count).sum();
    count(n)
}

pub(super) fn failures(text: &mut String, result: &StudyResult) {
    if result.failures().next().is_none() {
        return;
    }
    let _ = writeln!(text, "\nFits without an estimate, and their share of those tried (MCSE)");
    result.failures().for_each(|(row, kind)| counted(text, result, row, (kind.status(), kind.code())));
}

/// Warnings of fits that gave an estimate.
pub(super) fn warnings(text: &mut String, result: &StudyResult) {
    if result.warnings().next().is_none() {
        return;
    }
    let _ = writeln!(text, "\nFits with an estimate and a warning, and their share of those tried (MCSE)");
    result.warnings().for_each(|(row, kind)| counted(text, result, row, (kind.name(), kind.code())));
}

/// A line of what became of fits.
fn counted(text: &mut String, result: &StudyResult, row: &StatusCount, (kind, code): (&str, &str)) {
    let place = match result.conditions.len() {
        1 => String::new(),
        _ => format!("condition {}, ", row.condition + 1),
    };
    let _ = writeln!(
        text,
        "  {place}{}, {}: {} {kind} ({code}), {}: {}",
        name(&result.estimands, row.estimand),
        name(&result.methods, row.method),
        count(row.count),
        with_error(row.share.value, row.share.mcse),
        row.example,
    );
}

/// The closing line: where the time went.
pub(super) fn closing(result: &StudyResult, spent: &Spent) -> String {
    let data_sets: u64 = result.conditions.iter().map(|c| c.replicates).sum();
    let stages = [
        ("simulating", spent.simulate),
        ("survey", spent.observe),
        ("true values", spent.true_values),
        ("methods", spent.methods),
        ("performance", spent.evaluate),
        ("writing", spent.write),
    ];
    let all: f64 = stages.iter().map(|(_, seconds)| seconds).sum();
    let parts: Vec<String> = stages
        .iter()
        .filter(|(_, seconds)| all > 0.0 && *seconds >= 0.005 * all)
        .map(|(stage, seconds)| format!("{stage} {:.0} %", 100.0 * seconds / all))
        .collect();
    format!(
        "{} data sets in {} on {} {}: {}\n",
        count(data_sets),
        duration(spent.wall),
        spent.threads,
        if spent.threads == 1 { "thread" } else { "threads" },
        if parts.is_empty() { "no time to speak of".to_owned() } else { parts.join(", ") },
    )
}

pub(super) fn duration(seconds: f64) -> String {
    if seconds < 1.0 {
        format!("{:.0} ms", 1000.0 * seconds)
    } else if seconds < 120.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{:.1} min", seconds / 60.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coverage(value: f64, mcse: f64, replicates: u64) -> (String, bool) {
        let measured = Measured { value: Some(value), mcse: Some(mcse) };
        let row = PerformanceRow {
            condition: 1,
            estimand: 0,
            method: 0,
            measure: "coverage",
            among: Among::Own,
            measured,
            replicates,
        };
        shown(&[&row], ("coverage", Among::Own), 0.95, 0.0)
    }

    #[test]
    fn a_coverage_of_none_or_all_is_far_from_nominal_where_chance_does_not_explain_it() {
        assert_eq!(coverage(0.0, 0.0, 30), ("0*".to_owned(), true));
        assert_eq!(coverage(1.0, 0.0, 30), ("1".to_owned(), false), "0.95^30 is 0.21");
        assert_eq!(coverage(1.0, 0.0, 1_000), ("1*".to_owned(), true));
        assert!(coverage(0.90, 0.01, 1_000).1 && !coverage(0.93, 0.01, 1_000).1);
    }
}

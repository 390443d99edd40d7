//! Published numbers beside simulated studies: for a terminal, as CSV and as JSON.

use super::columns::{lines, plain};
use super::printed::SIMULATED;
use super::terminal::bold;
use super::{Style, count, number};
use crate::tables::comparison::{Calibration, ComparedCell, Comparison, Standing};
use serde_json::{Value, json};
use std::fmt::Write;

/// Width of the longest bar of the histogram.
const BAR: f64 = 40.0;
/// What stays true however well the numbers agree.
pub(super) const LIMITS: [&str; 4] = [
    "Comments are no persons: agreement of comment counts says nothing of how many persons something is true.",
    "Counts over several years mix how many with for how long they were seen.",
    "A simulated study that could have printed the numbers need not be one like the real one: others may print them, too.",
    "Small cells and zeros agree with many things: see how wide the envelopes are.",
];

/// The comparison as text. `all`: every cell, not only those outside their envelopes.
#[must_use]
pub fn comparison(found: &Comparison, all: bool, style: &Style) -> String {
    let mut text = format!("{}\n", bold(&format!("Published and simulated: {}", found.title), style));
    let _ = writeln!(text, "{} simulated studies. {SIMULATED}\n", count(found.replicates));
    summary(&mut text, found);
    by_table(&mut text, found, style);
    identities(&mut text, found);
    let outside = |cell: &&ComparedCell| cell.is_inside() == Some(false) || cell.standing == Standing::Mismatch;
    let shown: Vec<&ComparedCell> = match all {
        true => found.cells.iter().filter(|cell| cell.standing != Standing::NotSimulated).collect(),
        false => worst(found.cells.iter().filter(outside).collect()),
    };
    if !shown.is_empty() {
        let heading = if all { "All cells" } else { "Outside, the farthest first" };
        let _ = writeln!(text, "\n{}", bold(heading, style));
        text.push_str(&cells(&shown));
    }
    if !found.unpublished.is_empty() {
        let mut tables: Vec<&str> = found.unpublished.iter().filter_map(|id| id.split('.').next()).collect();
        tables.dedup();
        let _ = writeln!(
            text,
            "\nSimulated and not published: {} cells, of {}",
            found.unpublished.len(),
            tables.join(", ")
        );
    }
    let _ = writeln!(text, "\nWhat this does not say");
    for limit in LIMITS {
        let _ = writeln!(text, "  {limit}");
    }
    text
}

fn of(found: &Comparison, standing: Standing) -> usize {
    found.cells.iter().filter(|cell| cell.standing == standing).count()
}

fn summary(text: &mut String, found: &Comparison) {
    let compared = of(found, Standing::Compared);
    let parts: Vec<String> =
        [Standing::Compared, Standing::Fixed, Standing::NotApplicable, Standing::Mismatch, Standing::NotSimulated]
            .into_iter()
            .filter(|standing| of(found, *standing) > 0)
            .map(|standing| format!("{} {}", of(found, standing), standing.word()))
            .collect();
    let _ = writeln!(text, "Published cells  {}: {}", found.cells.len(), parts.join(", "));
    let Some(calibration) = &found.calibration else {
        text.push_str("No cell is compared.\n");
        return;
    };
    let inside =
        found.cells.iter().filter(|cell| cell.standing == Standing::Compared && cell.is_inside() == Some(true));
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let level = percent(found.level).replace(".0", "");
    let Calibration { inside: share, inside_expected: [low, _, high], .. } = calibration;
    let _ = writeln!(
        text,
        "Inside           {} of {compared} compared lie in their {level} envelope: {} (a simulated study in its place: {} to {})",
        inside.count(),
        percent(*share),
        percent(*low),
        percent(*high)
    );
    let [low, _, high] = calibration.spread_expected;
    let _ = writeln!(
        text,
        "Percentiles      spread {:.2}: 1 is even, less is piled up in the middle (a simulated study: {low:.2} to {high:.2})",
        calibration.spread
    );
    let most = calibration.histogram.iter().copied().fold(0.0, f64::max).max(1e-9);
    for (tenth, share) in calibration.histogram.iter().enumerate() {
        let bar = "#".repeat((BAR * share / most).round() as usize);
        let _ = writeln!(text, "  {:>3} to {:>3}  {:>6}  {bar}", tenth * 10, tenth * 10 + 10, percent(*share));
    }
}

fn by_table(text: &mut String, found: &Comparison, style: &Style) {
    let mut drawn = plain();
    drawn.set_header(["table", "compared", "inside", "fixed", "NA", "not simulated"]);
    for (position, (id, _)) in found.tables.iter().enumerate() {
        let cells: Vec<&ComparedCell> = found.cells.iter().filter(|cell| cell.table == position).collect();
        let number = |standing: Standing| cells.iter().filter(|cell| cell.standing == standing).count();
        let compared = cells.iter().filter(|cell| cell.standing == Standing::Compared);
        let inside = compared.filter(|cell| cell.is_inside() == Some(true)).count();
        let counts = [
            number(Standing::Compared),
            inside,
            number(Standing::Fixed),
            number(Standing::NotApplicable),
            number(Standing::NotSimulated),
        ];
        drawn.add_row(std::iter::once(id.clone()).chain(counts.map(|n| n.to_string())));
    }
    let _ = writeln!(text, "\n{}", bold("By table", style));
    text.push_str(&lines(&mut drawn, 1));
}

fn identities(text: &mut String, found: &Comparison) {
    if found.identities.is_empty() {
        return;
    }
    let failed: Vec<String> = found
        .identities
        .iter()
        .filter(|identity| identity.failed > 0)
        .map(|identity| format!("{} ({} of {})", identity.id, identity.failed, identity.checked))
        .collect();
    let _ = match failed.is_empty() {
        true => writeln!(text, "\nIdentities       all {} hold in every simulated study", found.identities.len()),
        false => writeln!(text, "\nIdentities       these do not hold everywhere: {}", failed.join(", ")),
    };
}

/// The farthest from the middle first.
fn worst(mut cells: Vec<&ComparedCell>) -> Vec<&ComparedCell> {
    let far = |cell: &ComparedCell| {
        let width = (cell.high - cell.low).max(1e-9);
        cell.published.map_or(f64::INFINITY, |value| (value - cell.median).abs() / width)
    };
    cells.sort_by(|a, b| far(b).total_cmp(&far(a)));
    cells
}

fn cells(shown: &[&ComparedCell]) -> String {
    let mut drawn = plain();
    drawn.set_header(["cell", "published", "median", "2.5 %", "97.5 %", "percentile", ""]);
    let show = |value: f64| if value.is_nan() { "-".to_owned() } else { number(value) };
    for cell in shown {
        let mark = match (cell.standing, cell.is_inside()) {
            (Standing::Compared, Some(false)) => "outside".to_owned(),
            (Standing::Fixed, Some(false)) => "fixed, other".to_owned(),
            (Standing::Compared, _) => String::new(),
            (standing, _) => standing.word().to_owned(),
        };
        let percentile = match cell.standing {
            Standing::Compared => format!("{:.1}", cell.percentile()),
            _ => String::new(),
        };
        drawn.add_row([
            cell.id.clone(),
            cell.published.map_or("NA".to_owned(), show),
            show(cell.median),
            show(cell.low),
            show(cell.high),
            percentile,
            mark,
        ]);
    }
    lines(&mut drawn, 1)
}

/// A line for each published cell.
#[must_use]
pub fn comparison_csv(found: &Comparison) -> String {
    let mut text =
        "cell,table,unit,published,standing,median,low,high,percentile,below,equal,without,inside\n".to_owned();
    let show = |value: f64| if value.is_nan() { String::new() } else { value.to_string() };
    for cell in &found.cells {
        let table = found.tables.get(cell.table).map_or("", |(id, _)| id.as_str());
        let inside = cell.is_inside().map_or("", |inside| if inside { "yes" } else { "no" });
        let published = cell.published.map_or("NA".to_owned(), |value| value.to_string());
        let _ = writeln!(
            text,
            "{},{table},{},{published},{},{},{},{},{},{},{},{},{inside}",
            cell.id,
            cell.unit,
            cell.standing.word(),
            show(cell.median),
            show(cell.low),
            show(cell.high),
            show(cell.percentile()),
            show(cell.below),
            show(cell.equal),
            cell.without,
        );
    }
    text
}

/// All of it as JSON.
#[must_use]
pub fn comparison_json(found: &Comparison) -> String {
    let finite = |value: f64| if value.is_finite() { json!(value) } else { Value::Null };
    let cells: Vec<Value> = found
        .cells
        .iter()
        .map(|cell| {
            json!({
                "id": cell.id,
                "table": found.tables.get(cell.table).map(|(id, _)| id),
                "unit": cell.unit,
                "published": cell.published,
                "standing": cell.standing.word(),
                "median": finite(cell.median),
                "low": finite(cell.low),
                "high": finite(cell.high),
                "percentile": finite(cell.percentile()),
                "below": finite(cell.below),
                "equal": finite(cell.equal),
                "without": cell.without,
                "inside": cell.is_inside(),
            })
        })
        .collect();
    let calibration = found.calibration.as_ref().map(|c| {
        json!({
            "inside": c.inside, "inside_expected": c.inside_expected,
            "spread": c.spread, "spread_expected": c.spread_expected, "histogram": c.histogram,
        })
    });
    let identities: Vec<Value> = found
        .identities
        .iter()
        .map(|i| json!({ "id": i.id, "formula": i.formula, "checked": i.checked, "failed": i.failed }))
        .collect();
    let all = json!({
        "study": found.title, "replicates": found.replicates, "level": found.level, "note": SIMULATED,
        "limits": LIMITS, "calibration": calibration, "identities": identities, "cells": cells,
        "unpublished": found.unpublished,
    });
    format!("{all}\n")
}

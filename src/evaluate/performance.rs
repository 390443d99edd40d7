//! From the table of estimates to the table of performance.

use super::{Fits, catalogue};
use crate::statistics::linkage::quality::Quality;
use crate::tables::{EstimateRow, PerformanceRow, Target};

/// All measures of all (condition, estimand, method) among `rows`, in that order and then in that of the catalogue.
///
/// `targets` gives the targets of a condition, by position of the estimand; they say what a test tries to reject. The
/// reference method of comparisons is the first method of the estimand. Rows are expected by condition, replicate,
/// estimand and method, one for each fit; in another order they are sorted first, with the same result.
#[must_use]
pub fn performance<'t>(rows: &[EstimateRow], targets: impl Fn(u32) -> &'t [Target]) -> Vec<PerformanceRow> {
    let mut out = Vec::new();
    for block in sorted(rows).chunk_by(|a, b| a.condition == b.condition) {
        let condition = block[0].condition;
        measure_condition(condition, &columns(block), targets(condition), &mut out);
    }
    out
}

/// The rows by condition, replicate, estimand and method.
pub(super) fn sorted(rows: &[EstimateRow]) -> Vec<&EstimateRow> {
    let key = |row: &&EstimateRow| (row.condition, row.replicate, row.estimand, row.method);
    let mut sorted: Vec<&EstimateRow> = rows.iter().collect();
    if !sorted.is_sorted_by_key(key) {
        sorted.sort_by_key(key);
    }
    sorted
}

/// The fits of one method for one estimand under one condition.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) estimand: u32,
    pub(super) method: u32,
    estimate: Vec<f64>,
    model_se: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    true_value: Vec<f64>,
    link_precision: Vec<f64>,
    link_recall: Vec<f64>,
    failed: usize,
}

/// The rows of one condition as columns, one set for each pair of estimand and method, all with one entry per replicate.
pub(super) fn columns(rows: &[&EstimateRow]) -> Vec<Columns> {
    let mut all = pairs(rows);
    let (mut replicate, mut position, mut cursor) = (0, 0, 0);
    for (i, row) in rows.iter().enumerate() {
        if i > 0 && row.replicate != replicate {
            position += 1;
        }
        replicate = row.replicate;
        cursor = locate(&all, row, cursor).unwrap_or(cursor);
        all[cursor].push(row, position);
    }
    for columns in &mut all {
        columns.pad(position + 1);
    }
    all
}

/// The pairs of estimand and method that occur, in order, without any fits yet.
fn pairs(rows: &[&EstimateRow]) -> Vec<Columns> {
    let mut all: Vec<Columns> = Vec::new();
    let mut cursor = 0;
    for row in rows {
        match locate(&all, row, cursor) {
            Ok(found) => cursor = found,
            Err(place) => {
                all.insert(place, Columns { estimand: row.estimand, method: row.method, ..Columns::default() });
                cursor = place;
            }
        }
    }
    all
}

/// Where a row's pair is, or belongs. Rows mostly go through the pairs in order: the place after the last one is tried
/// first.
fn locate(all: &[Columns], row: &EstimateRow, last: usize) -> Result<usize, usize> {
    let next = if last + 1 < all.len() { last + 1 } else { 0 };
    if all.get(next).is_some_and(|c| c.estimand == row.estimand && c.method == row.method) {
        return Ok(next);
    }
    all.binary_search_by_key(&(row.estimand, row.method), |c| (c.estimand, c.method))
}

impl Columns {
    /// Absent entries up to `length`.
    fn pad(&mut self, length: usize) {
        let estimates =
            [&mut self.estimate, &mut self.model_se, &mut self.lower, &mut self.upper, &mut self.true_value];
        for column in estimates.into_iter().chain([&mut self.link_precision, &mut self.link_recall]) {
            column.resize(length.max(column.len()), f64::NAN);
        }
    }

    /// The fit of the replicate at `position`. An estimate that is not finite is a failed fit.
    fn push(&mut self, row: &EstimateRow, position: usize) {
        self.pad(position);
        let usable = row.result.as_ref().ok().filter(|e| e.estimate.is_finite());
        self.failed += usize::from(usable.is_none());
        let estimate = usable.copied().unwrap_or_default();
        let (lower, upper) = estimate.interval.unwrap_or((f64::NAN, f64::NAN));
        self.estimate.push(if usable.is_some() { estimate.estimate } else { f64::NAN });
        self.model_se.push(estimate.model_se.unwrap_or(f64::NAN));
        self.lower.push(lower);
        self.upper.push(upper);
        self.true_value.push(row.true_value);
        let of_links = |share: fn(&Quality) -> Option<f64>| row.links.as_deref().and_then(share).unwrap_or(f64::NAN);
        self.link_precision.push(of_links(Quality::precision));
        self.link_recall.push(of_links(Quality::recall));
    }

    pub(super) fn fits(&self, null: Option<f64>) -> Fits<'_> {
        Fits {
            estimate: &self.estimate,
            model_se: &self.model_se,
            lower: &self.lower,
            upper: &self.upper,
            true_value: &self.true_value,
            link_precision: &self.link_precision,
            link_recall: &self.link_recall,
            failed: self.failed,
            null,
        }
    }
}

/// Adds the measures of one condition.
fn measure_condition(condition: u32, all: &[Columns], targets: &[Target], out: &mut Vec<PerformanceRow>) {
    for methods in all.chunk_by(|a, b| a.estimand == b.estimand) {
        let null = targets.get(methods[0].estimand as usize).and_then(|t| t.null);
        let first = methods[0].fits(null);
        for (m, columns) in methods.iter().enumerate() {
            let fits = columns.fits(null);
            let reference = (m > 0).then_some(&first);
            out.extend(catalogue().iter().map(|entry| {
                let reckoned = (entry.measure)(&fits, reference);
                PerformanceRow {
                    condition,
                    estimand: columns.estimand,
                    method: columns.method,
                    measure: entry.name,
                    replicates: reckoned.replicates as u64,
                    measured: reckoned.measured,
                }
            }));
        }
    }
}

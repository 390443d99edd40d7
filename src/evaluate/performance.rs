//! From the table of estimates to the table of performance.

use super::columns::Columns;
use super::condition_fits::ConditionFits;
use super::{Entry, Fits, Reckoned, catalogue};
use crate::disk::Spill;
use crate::tables::{Among, EstimateRow, PerformanceRow, Target};
use std::sync::Arc;

/// All measures of all (condition, estimand, method) among `rows`, in that order and then in that of the catalogue.
///
/// Each is reckoned among the method's own successes. Where a fit of the estimand's methods under the condition failed
/// (or gave no interval though the method gives some), every method's measures follow a second time among the
/// replicates in which all methods gave an estimate, and those that have a worst case a third time with failures as the
/// worst case. Elsewhere all three are the same, and only the first is there.
///
/// `targets` gives the targets of a condition, by position of the estimand; they say what a test tries to reject. The
/// reference method of comparisons is the first method of the estimand. Rows are expected by condition, replicate,
/// estimand and method, one for each fit; in another order they are sorted first, with the same result.
#[must_use]
pub fn performance<'t>(rows: &[EstimateRow], targets: impl Fn(u32) -> &'t [Target]) -> Vec<PerformanceRow> {
    let of_condition = |block: &[&EstimateRow]| {
        let mut fits = ConditionFits::of(block);
        // In memory there is nothing that could not be read.
        fits.performance(targets(fits.condition)).unwrap_or_default()
    };
    sorted(rows).chunk_by(|a, b| a.condition == b.condition).flat_map(of_condition).collect()
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

/// What a test of the estimand tries to reject.
pub(super) fn null(targets: &[Target], estimand: u32) -> Option<f64> {
    targets.get(estimand as usize).and_then(|t| t.null)
}

/// Adds the measures of the methods of one estimand under one condition.
pub(super) fn estimand(
    condition: u32,
    methods: &[Columns],
    null: Option<f64>,
    spill: Option<&Arc<Spill>>,
    out: &mut Vec<PerformanceRow>,
) {
    let lacking = methods.iter().any(Columns::lacking);
    let common: Vec<Columns> =
        if lacking { methods.iter().map(|m| m.common(methods, spill)).collect() } else { Vec::new() };
    for (m, own) in methods.iter().enumerate() {
        let place = Place { condition, estimand: own.estimand, method: own.method };
        let fits = own.fits(null);
        place.measure_all(&fits, (m > 0).then(|| methods[0].fits(null)), Among::Own, out);
        if let Some(shared) = common.get(m) {
            place.measure_all(&shared.fits(null), (m > 0).then(|| common[0].fits(null)), Among::Common, out);
            let worst = catalogue().iter().filter_map(|entry| Some((entry, entry.worst?)));
            out.extend(worst.map(|(entry, worst)| place.row(entry, Among::Worst, worst(&fits))));
        }
    }
}

/// Where a row of performance belongs.
struct Place {
    condition: u32,
    estimand: u32,
    method: u32,
}

impl Place {
    fn measure_all(&self, fits: &Fits<'_>, reference: Option<Fits<'_>>, among: Among, out: &mut Vec<PerformanceRow>) {
        out.extend(catalogue().iter().map(|entry| self.row(entry, among, (entry.measure)(fits, reference.as_ref()))));
    }

    fn row(&self, entry: &Entry, among: Among, reckoned: Reckoned) -> PerformanceRow {
        PerformanceRow {
            condition: self.condition,
            estimand: self.estimand,
            method: self.method,
            measure: entry.name,
            among,
            replicates: reckoned.replicates as u64,
            measured: reckoned.measured,
        }
    }
}

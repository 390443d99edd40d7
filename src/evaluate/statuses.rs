//! What became of the fits: how many gave an estimate, with which warning, and how many failed for each reason.

use super::Reckoned;
use crate::tables::{EstimateRow, FailureKind, StatusCount, WarningKind};
use std::collections::BTreeMap;

/// The fits of each (condition, estimand, method) by status, with their share of all that were tried: those with an
/// estimate and no warning first, then those with a warning, the gravest first, then the failures. The shares of a method add up to 1. The Monte Carlo standard error is `sqrt(p (1 - p) / n)`. An estimate
/// that is not finite is a failure.
#[must_use]
pub fn statuses(rows: &[EstimateRow]) -> Vec<StatusCount> {
    let mut tried: BTreeMap<(u32, u32, u32), usize> = BTreeMap::new();
    let mut counts: BTreeMap<_, (usize, &EstimateRow)> = BTreeMap::new();
    for row in rows {
        *tried.entry((row.condition, row.estimand, row.method)).or_default() += 1;
        let entry = counts.entry((row.condition, row.estimand, row.method, became(row))).or_insert((0, row));
        entry.0 += 1;
        if row.replicate < entry.1.replicate {
            entry.1 = row;
        }
    }
    let list = counts.into_iter().map(|((condition, estimand, method, (failure, warning)), (count, first))| {
        let all = tried.get(&(condition, estimand, method)).copied().unwrap_or(count);
        let share = Reckoned::share(count, all).measured;
        let example = match (failure, warning) {
            (Some(_), _) => detail(first),
            (None, warning) => warning.map_or("", WarningKind::words).to_owned(),
        };
        StatusCount { condition, estimand, method, failure, warning, count: count as u64, share, example }
    });
    list.collect()
}

/// Why a fit failed, or what is to be said of its estimate.
fn became(row: &EstimateRow) -> (Option<FailureKind>, Option<WarningKind>) {
    match &row.result {
        Ok(estimate) if estimate.estimate.is_finite() => (None, estimate.warning),
        Ok(_) => (Some(FailureKind::NotFinite), None),
        Err(failure) => (Some(failure.kind), None),
    }
}

fn detail(row: &EstimateRow) -> String {
    match &row.result {
        Ok(estimate) => format!("the estimate is {}", estimate.estimate),
        Err(failure) => failure.detail.clone(),
    }
}

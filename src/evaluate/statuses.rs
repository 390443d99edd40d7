//! What became of the fits: how many gave an estimate, and how many failed for each reason.

use super::Reckoned;
use crate::tables::{EstimateRow, FailureKind, StatusCount};
use std::collections::BTreeMap;

/// The fits of each (condition, estimand, method) by status, those with an estimate first, with their share of all that
/// were tried. The shares of a method add up to 1. The Monte Carlo standard error is `sqrt(p (1 - p) / n)`. An estimate
/// that is not finite is a failure.
#[must_use]
pub fn statuses(rows: &[EstimateRow]) -> Vec<StatusCount> {
    let mut tried: BTreeMap<(u32, u32, u32), usize> = BTreeMap::new();
    let mut counts: BTreeMap<_, (usize, &EstimateRow)> = BTreeMap::new();
    for row in rows {
        *tried.entry((row.condition, row.estimand, row.method)).or_default() += 1;
        let entry = counts.entry((row.condition, row.estimand, row.method, failure(row))).or_insert((0, row));
        entry.0 += 1;
        if row.replicate < entry.1.replicate {
            entry.1 = row;
        }
    }
    let list = counts.into_iter().map(|((condition, estimand, method, failure), (count, first))| {
        let all = tried.get(&(condition, estimand, method)).copied().unwrap_or(count);
        let share = Reckoned::share(count, all).measured;
        let example = failure.map_or_else(String::new, |_| detail(first));
        StatusCount { condition, estimand, method, failure, count: count as u64, share, example }
    });
    list.collect()
}

fn failure(row: &EstimateRow) -> Option<FailureKind> {
    match &row.result {
        Ok(estimate) => (!estimate.estimate.is_finite()).then_some(FailureKind::NotFinite),
        Err(failure) => Some(failure.kind),
    }
}

fn detail(row: &EstimateRow) -> String {
    match &row.result {
        Ok(estimate) => format!("the estimate is {}", estimate.estimate),
        Err(failure) => failure.detail.clone(),
    }
}

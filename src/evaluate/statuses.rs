//! What became of the fits: how many gave an estimate, and how many failed for each reason.

use super::Reckoned;
use crate::tables::{EstimateRow, FailureKind, StatusCount};
use std::collections::BTreeMap;

/// The fits of each (condition, estimand, method) by status, those with an estimate first, with their share of all that
/// were tried. The shares of a method add up to 1. The Monte Carlo standard error is `sqrt(p (1 - p) / n)`. An estimate
/// that is not finite is a failure.
#[must_use]
pub fn statuses(rows: &[EstimateRow]) -> Vec<StatusCount> {
    let mut statuses = Statuses::default();
    rows.iter().for_each(|row| statuses.add(row));
    statuses.counts()
}

/// Condition, estimand and method.
type Pair = (u32, u32, u32);

/// Fits by what became of them, counted row by row.
#[derive(Debug, Default)]
pub(super) struct Statuses {
    tried: BTreeMap<Pair, usize>,
    counts: BTreeMap<(Pair, Option<FailureKind>), Seen>,
}

/// The fits of one pair with one status.
#[derive(Debug)]
struct Seen {
    count: usize,
    /// The first replicate among them, and what its fit says.
    first: (u64, String),
}

impl Statuses {
    /// Counts a fit.
    pub(super) fn add(&mut self, row: &EstimateRow) {
        let pair = (row.condition, row.estimand, row.method);
        *self.tried.entry(pair).or_default() += 1;
        let new = || Seen { count: 0, first: (row.replicate, detail(row)) };
        let seen = self.counts.entry((pair, failure(row))).or_insert_with(new);
        seen.count += 1;
        if row.replicate < seen.first.0 {
            seen.first = (row.replicate, detail(row));
        }
    }

    /// What was counted, in order.
    pub(super) fn counts(&self) -> Vec<StatusCount> {
        let list = self.counts.iter().map(|((pair, failure), seen)| {
            let (condition, estimand, method) = *pair;
            let all = self.tried.get(pair).copied().unwrap_or(seen.count);
            let share = Reckoned::share(seen.count, all).measured;
            let example = failure.map_or_else(String::new, |_| seen.first.1.clone());
            let count = seen.count as u64;
            StatusCount { condition, estimand, method, failure: *failure, count, share, example }
        });
        list.collect()
    }
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

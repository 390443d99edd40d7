//! What became of the fits: how many gave an estimate, with which warning, and how many failed for each reason.

use super::Reckoned;
use crate::tables::{EstimateRow, FailureKind, StatusCount, WarningKind};
use std::collections::BTreeMap;

/// The fits of each (condition, estimand, method) by status, with their share of all that were tried: those with an
/// estimate and no warning first, then those with a warning, the gravest first, then the failures. The shares of a method add up to 1. The Monte Carlo standard error is `sqrt(p (1 - p) / n)`. An estimate
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
    counts: BTreeMap<(Pair, Became), Seen>,
}

/// Why a fit failed, or what is to be said of its estimate.
type Became = (Option<FailureKind>, Option<WarningKind>);

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
        let seen = self.counts.entry((pair, became(row))).or_insert_with(new);
        seen.count += 1;
        if row.replicate < seen.first.0 {
            seen.first = (row.replicate, detail(row));
        }
    }

    /// What was counted, in order.
    pub(super) fn counts(&self) -> Vec<StatusCount> {
        let list = self.counts.iter().map(|((pair, (failure, warning)), seen)| {
            let (condition, estimand, method) = *pair;
            let all = self.tried.get(pair).copied().unwrap_or(seen.count);
            let share = Reckoned::share(seen.count, all).measured;
            let example = match (failure, warning) {
                (Some(_), _) => seen.first.1.clone(),
                (None, warning) => warning.map_or("", WarningKind::words).to_owned(),
            };
            let count = seen.count as u64;
            StatusCount { condition, estimand, method, failure: *failure, warning: *warning, count, share, example }
        });
        list.collect()
    }
}

fn became(row: &EstimateRow) -> Became {
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

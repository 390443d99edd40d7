//! Rows of estimates as columns: one set for each pair of estimand and method under one condition.

use super::Fits;
use crate::statistics::linkage::quality::Quality;
use crate::tables::EstimateRow;

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
    /// Position of the estimand.
    pub estimand: u32,
    /// Position of the method.
    pub method: u32,
    estimate: Vec<f64>,
    model_se: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    true_value: Vec<f64>,
    link_precision: Vec<f64>,
    link_recall: Vec<f64>,
    /// Whether a replicate gave an estimate with a warning.
    warned: Vec<bool>,
    failed: usize,
}

/// The rows of one condition as columns, one set for each pair of estimand and method, all with one entry per replicate;
/// and the numbers of these replicates.
pub(super) fn columns(rows: &[&EstimateRow]) -> (Vec<u64>, Vec<Columns>) {
    let mut all = pairs(rows);
    let mut replicates: Vec<u64> = Vec::new();
    let mut cursor = 0;
    for row in rows {
        if replicates.last() != Some(&row.replicate) {
            replicates.push(row.replicate);
        }
        cursor = locate(&all, row, cursor).unwrap_or(cursor);
        all[cursor].push(row, replicates.len() - 1);
    }
    for columns in &mut all {
        columns.pad(replicates.len());
    }
    (replicates, all)
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
        self.warned.resize(length.max(self.warned.len()), false);
    }

    /// The fit of the replicate at `position`. An estimate that is not finite is a failed fit.
    fn push(&mut self, row: &EstimateRow, position: usize) {
        self.pad(position);
        let usable = row.result.as_ref().ok().filter(|e| e.estimate.is_finite());
        self.failed += usize::from(usable.is_none());
        self.warned.push(usable.is_some_and(|e| e.warning.is_some()));
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

    /// As the measures see them.
    pub fn fits(&self, null: Option<f64>) -> Fits<'_> {
        Fits {
            estimate: &self.estimate,
            model_se: &self.model_se,
            lower: &self.lower,
            upper: &self.upper,
            true_value: &self.true_value,
            link_precision: &self.link_precision,
            link_recall: &self.link_recall,
            failed: self.failed,
            warned: self.warned.iter().filter(|w| **w).count(),
            null,
        }
    }

    /// Whether a replicate has no estimate, or no interval though the method gives some.
    pub fn lacking(&self) -> bool {
        let fitted = self.estimate.iter().filter(|x| x.is_finite()).count();
        let intervals = self.fits(None).intervals().count();
        fitted < self.estimate.len() || (intervals > 0 && intervals < fitted)
    }

    /// The fits of the replicates in which every method of `methods` gave an estimate. None of them failed.
    pub fn common(&self, methods: &[Columns]) -> Self {
        let all_there = |i: usize| methods.iter().all(|m| m.estimate.get(i).is_some_and(|x| x.is_finite()));
        let rows: Vec<usize> = (0..self.estimate.len()).filter(|i| all_there(*i)).collect();
        let kept = |column: &[f64]| rows.iter().filter_map(|i| column.get(*i).copied()).collect();
        Self {
            estimand: self.estimand,
            method: self.method,
            estimate: kept(&self.estimate),
            model_se: kept(&self.model_se),
            lower: kept(&self.lower),
            upper: kept(&self.upper),
            true_value: kept(&self.true_value),
            link_precision: kept(&self.link_precision),
            link_recall: kept(&self.link_recall),
            warned: rows.iter().map(|i| self.warned.get(*i) == Some(&true)).collect(),
            failed: 0,
        }
    }
}

//! All fits of one condition, gathered row by row.

use super::columns::Columns;
use super::performance;
use super::statuses::Statuses;
use crate::disk::Spill;
use crate::tables::{EstimateRow, PerformanceRow, RunProblem, StatusCount, Target};
use std::sync::Arc;

/// Numbers of a fit: estimate, standard error, two limits, true value.
const FIT: u64 = 5;

/// The fits of one condition.
#[derive(Debug)]
pub struct ConditionFits {
    pub(super) condition: u32,
    pub(super) replicates: Runs,
    pub(super) columns: Vec<Columns>,
    /// The place of the last row's pair.
    cursor: usize,
    statuses: Statuses,
    spill: Option<Arc<Spill>>,
}

impl ConditionFits {
    /// Of a condition with about so many fits; where they are many, they go to a temporary file.
    ///
    /// # Errors
    /// R0021: the file cannot be made.
    pub fn new(condition: u32, fits: u64) -> Result<Self, RunProblem> {
        Ok(Self::with(condition, Spill::for_numbers(fits.saturating_mul(FIT))?))
    }

    /// In memory, or on disk.
    pub(super) fn with(condition: u32, spill: Option<Arc<Spill>>) -> Self {
        let (replicates, statuses) = (Runs::default(), Statuses::default());
        Self { condition, replicates, columns: Vec::new(), cursor: 0, statuses, spill }
    }

    /// Of rows in memory, by replicate.
    pub(super) fn of(rows: &[&EstimateRow]) -> Self {
        let mut fits = Self::with(rows.first().map_or(0, |row| row.condition), None);
        rows.iter().for_each(|row| fits.push(row));
        fits
    }

    /// Adds a fit. Rows come by replicate, one for each replicate, estimand and method.
    pub fn push(&mut self, row: &EstimateRow) {
        self.statuses.add(row);
        self.replicates.push(row.replicate);
        let position = self.replicates.count - 1;
        self.cursor = self.locate(row).unwrap_or_else(|place| {
            self.columns.insert(place, Columns::new(row.estimand, row.method, self.spill.as_ref()));
            place
        });
        self.columns[self.cursor].push(row, position);
    }

    /// Where a row's pair is, or belongs. Rows mostly go through the pairs in order: the place after the last one is tried
    /// first.
    fn locate(&self, row: &EstimateRow) -> Result<usize, usize> {
        let next = if self.cursor + 1 < self.columns.len() { self.cursor + 1 } else { 0 };
        if self.columns.get(next).is_some_and(|c| c.estimand == row.estimand && c.method == row.method) {
            return Ok(next);
        }
        self.columns.binary_search_by_key(&(row.estimand, row.method), |c| (c.estimand, c.method))
    }

    /// All measures of all pairs of estimand and method, as [`performance`](super::performance) has them.
    ///
    /// # Errors
    /// R0021: what went to a temporary file cannot be read again.
    pub fn performance(&mut self, targets: &[Target]) -> Result<Vec<PerformanceRow>, RunProblem> {
        self.end();
        let mut rows = Vec::new();
        for methods in self.columns.chunk_by(|a, b| a.estimand == b.estimand) {
            let null = performance::null(targets, methods[0].estimand);
            performance::estimand(self.condition, methods, null, self.spill.as_ref(), &mut rows);
        }
        self.check().map(|()| rows)
    }

    /// What became of the fits.
    #[must_use]
    pub fn statuses(&self) -> Vec<StatusCount> {
        self.statuses.counts()
    }

    /// Every method has a row for every replicate.
    pub(super) fn end(&mut self) {
        self.columns.iter_mut().for_each(|columns| columns.pad(self.replicates.count));
    }

    /// Whether all that was written could be read again.
    pub(super) fn check(&self) -> Result<(), RunProblem> {
        self.spill.as_ref().map_or(Ok(()), |spill| spill.check())
    }
}

/// Numbers of replicates in ascending order, as runs without gaps.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Runs {
    /// First of a run, and how many there are before it.
    runs: Vec<(u64, usize)>,
    last: u64,
    pub(super) count: usize,
}

impl Runs {
    /// Adds a replicate, unless it is the last one.
    fn push(&mut self, replicate: u64) {
        if self.count > 0 && replicate == self.last {
            return;
        }
        if self.count == 0 || replicate != self.last.wrapping_add(1) {
            self.runs.push((replicate, self.count));
        }
        (self.last, self.count) = (replicate, self.count + 1);
    }

    /// The numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = u64> + Clone + '_ {
        let ends = self.runs.iter().skip(1).map(|(_, before)| *before).chain([self.count]);
        self.runs.iter().zip(ends).flat_map(|((first, before), end)| (0..(end - before) as u64).map(move |i| first + i))
    }
}

#[cfg(test)]
mod tests {
    use super::Runs;

    #[test]
    fn runs_are_the_numbers() {
        for wanted in [vec![], vec![0, 1, 2], vec![5], vec![1, 2, 7, 8, 9, 11], vec![u64::MAX - 1, u64::MAX]] {
            let mut runs = Runs::default();
            for replicate in &wanted {
                runs.push(*replicate);
                runs.push(*replicate);
            }
            assert_eq!(runs.iter().collect::<Vec<_>>(), wanted);
            assert_eq!(runs.count, wanted.len());
        }
    }
}

//! The fits of one method for one estimand under one condition, one row per replicate.

use super::{Column, Fits};
use crate::disk::{Numbers, Spill};
use crate::statistics::linkage::quality::Quality;
use crate::tables::EstimateRow;
use std::sync::Arc;

/// Columns with one row per replicate. Only `estimate` is as long as there are replicates; what is absent at the end of the
/// others is not held.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Position of the estimand.
    pub estimand: u32,
    /// Position of the method.
    pub method: u32,
    estimate: Numbers,
    model_se: Numbers,
    lower: Numbers,
    upper: Numbers,
    true_value: Numbers,
    link_precision: Numbers,
    link_recall: Numbers,
    /// 1 where a replicate gave an estimate with a warning.
    warned: Numbers,
    failed: usize,
    /// The greatest absolute estimate or truth among the rows that have both.
    size: f64,
}

/// Adds the number of a row, unless it is absent.
fn put(column: &mut Numbers, position: usize, value: Option<f64>) {
    if let Some(value) = value {
        column.pad(position);
        column.push(value);
    }
}

impl Columns {
    pub(super) fn new(estimand: u32, method: u32, spill: Option<&Arc<Spill>>) -> Self {
        let new = || Numbers::new(spill);
        Self {
            estimand,
            method,
            estimate: new(),
            model_se: new(),
            lower: new(),
            upper: new(),
            true_value: new(),
            link_precision: new(),
            link_recall: new(),
            warned: new(),
            failed: 0,
            size: 0.0,
        }
    }

    /// Absent estimates up to `length` replicates.
    pub(super) fn pad(&mut self, length: usize) {
        self.estimate.pad(length);
    }

    /// The fit of the replicate at `position`. An estimate that is not finite is a failed fit.
    pub(super) fn push(&mut self, row: &EstimateRow, position: usize) {
        let usable = row.result.as_ref().ok().filter(|e| e.estimate.is_finite());
        self.failed += usize::from(usable.is_none());
        self.estimate.pad(position);
        self.estimate.push(usable.map_or(f64::NAN, |e| e.estimate));
        self.grow(usable.map_or(f64::NAN, |e| e.estimate), row.true_value);
        put(&mut self.model_se, position, usable.and_then(|e| e.model_se));
        put(&mut self.lower, position, usable.and_then(|e| e.interval).map(|i| i.0));
        put(&mut self.upper, position, usable.and_then(|e| e.interval).map(|i| i.1));
        put(&mut self.true_value, position, Some(row.true_value));
        let links = row.links.as_deref();
        put(&mut self.link_precision, position, links.and_then(Quality::precision));
        put(&mut self.link_recall, position, links.and_then(Quality::recall));
        put(&mut self.warned, position, usable.and_then(|e| e.warning).map(|_| 1.0));
    }

    /// What the rounding of errors is in proportion to.
    fn grow(&mut self, estimate: f64, truth: f64) {
        if (estimate - truth).is_finite() {
            self.size = self.size.max(estimate.abs()).max(truth.abs());
        }
    }

    /// As the measures see them.
    pub(super) fn fits(&self, null: Option<f64>) -> Fits<'_> {
        Fits {
            estimate: Column::Numbers(&self.estimate),
            model_se: Column::Numbers(&self.model_se),
            lower: Column::Numbers(&self.lower),
            upper: Column::Numbers(&self.upper),
            true_value: Column::Numbers(&self.true_value),
            link_precision: Column::Numbers(&self.link_precision),
            link_recall: Column::Numbers(&self.link_recall),
            failed: self.failed,
            warned: self.warned.values().filter(|w| *w == 1.0).count(),
            null,
            size: Some(self.size),
        }
    }

    /// Whether a replicate has no estimate, or no interval though the method gives some.
    pub(super) fn lacking(&self) -> bool {
        let fits = self.fits(None);
        let fitted = fits.estimates().count();
        let intervals = fits.intervals().count();
        fitted < self.estimate.len() || (intervals > 0 && intervals < fitted)
    }

    /// The fits of the replicates in which every method of `methods` gave an estimate. None of them failed.
    pub(super) fn common(&self, methods: &[Columns], spill: Option<&Arc<Spill>>) -> Self {
        let mut common = Self::new(self.estimand, self.method, spill);
        let fits = self.fits(None);
        let mut others: Vec<_> = methods.iter().map(|m| m.fits(None).estimate.padded()).collect();
        let mut own = [
            fits.model_se,
            fits.lower,
            fits.upper,
            fits.true_value,
            fits.link_precision,
            fits.link_recall,
            Column::Numbers(&self.warned),
        ]
        .map(|column| column.padded());
        for estimate in fits.estimate.values() {
            let values = own.each_mut().map(Iterator::next);
            // All of them go one step, whatever the first ones say.
            let absent = others.iter_mut().map(Iterator::next).filter(|x| !x.is_some_and(f64::is_finite)).count();
            if absent > 0 || !estimate.is_finite() {
                continue;
            }
            common.estimate.push(estimate);
            common.grow(estimate, values[3].unwrap_or(f64::NAN));
            let columns = [
                &mut common.model_se,
                &mut common.lower,
                &mut common.upper,
                &mut common.true_value,
                &mut common.link_precision,
                &mut common.link_recall,
                &mut common.warned,
            ];
            for (column, value) in columns.into_iter().zip(values) {
                column.push(value.unwrap_or(f64::NAN));
            }
        }
        common
    }
}

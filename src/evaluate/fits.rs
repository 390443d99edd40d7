//! The fits of one method for one estimand over the replicates of one condition, as columns.

use super::moments::Moments;
use crate::tables::Measured;

/// The fits of one method for one estimand, one row per replicate. NaN stands for "absent"; so does a column that is
/// shorter than `estimate` (an empty slice is an absent column).
#[derive(Clone, Copy, Debug, Default)]
pub struct Fits<'a> {
    /// Point estimates, in the unit of the estimand. A row without a finite estimate is a failed fit or one that was
    /// never tried; it enters no measure by itself (`failed` counts the failures).
    pub estimate: &'a [f64],
    /// Standard errors that the method reports.
    pub model_se: &'a [f64],
    /// Lower limits of the intervals.
    pub lower: &'a [f64],
    /// Upper limits of the intervals.
    pub upper: &'a [f64],
    /// True values to compare with.
    pub true_value: &'a [f64],
    /// Share of links between interviews that are true.
    pub link_precision: &'a [f64],
    /// Share of true pairs of interviews that are links.
    pub link_recall: &'a [f64],
    /// Number of fits that were tried and gave no estimate.
    pub failed: usize,
    /// Number of fits that gave an estimate with a warning.
    pub warned: usize,
    /// The value that a test tries to reject, if there is one.
    pub null: Option<f64>,
}

/// A measure, and the number of replicates that entered it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reckoned {
    /// Value and Monte Carlo standard error.
    pub measured: Measured,
    /// Replicates that entered.
    pub replicates: usize,
}

impl Reckoned {
    /// A measure from `replicates` replicates. What is not finite is undefined.
    pub(super) fn new(replicates: usize, value: f64, mcse: f64) -> Self {
        let defined = |x: f64| x.is_finite().then_some(x);
        let value = defined(value);
        let mcse = value.and(defined(mcse));
        Self { measured: Measured { value, mcse }, replicates }
    }

    /// `count` of `replicates` as a share. A Monte Carlo standard error needs two replicates.
    pub(super) fn share(count: usize, replicates: usize) -> Self {
        let n = replicates as f64;
        let p = count as f64 / n;
        let mcse = if replicates < 2 { f64::NAN } else { (p * (1.0 - p) / n).sqrt() };
        Self::new(replicates, p, mcse)
    }
}

/// The value of row `i`, NaN where the column ends before.
fn at(column: &[f64], i: usize) -> f64 {
    column.get(i).copied().unwrap_or(f64::NAN)
}

impl Fits<'_> {
    /// Rows with an estimate.
    pub(super) fn rows(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        self.estimate.iter().enumerate().filter(|(_, x)| x.is_finite()).map(|(i, _)| i)
    }

    /// Estimates.
    pub(super) fn estimates(&self) -> impl Iterator<Item = f64> + Clone + '_ {
        self.estimate.iter().copied().filter(|x| x.is_finite())
    }

    /// The error of row `i`, if it has an estimate and a truth.
    pub(super) fn error(&self, i: usize) -> Option<f64> {
        let d = at(self.estimate, i) - at(self.true_value, i);
        d.is_finite().then_some(d)
    }

    /// Errors of all rows that have one.
    pub(super) fn errors(&self) -> impl Iterator<Item = f64> + Clone + '_ {
        self.rows().filter_map(|i| self.error(i))
    }

    /// Error and true value of all rows that have both.
    pub(super) fn errors_and_truths(&self) -> impl Iterator<Item = (f64, f64)> + Clone + '_ {
        self.rows().filter_map(|i| Some((self.error(i)?, at(self.true_value, i))))
    }

    /// The squared model SE of row `i`, if it reports a usable one.
    fn model_variance(&self, i: usize) -> Option<f64> {
        let se = at(self.model_se, i);
        (se.is_finite() && se >= 0.0).then_some(se * se)
    }

    /// Squared model SEs of all rows with an estimate that report one.
    pub(super) fn model_variances(&self) -> impl Iterator<Item = f64> + Clone + '_ {
        self.rows().filter_map(|i| self.model_variance(i))
    }

    /// Error and squared model SE of all rows that have both.
    pub(super) fn errors_and_model_variances(&self) -> impl Iterator<Item = (f64, f64)> + Clone + '_ {
        self.rows().filter_map(|i| Some((self.error(i)?, self.model_variance(i)?)))
    }

    /// Lower limit, upper limit and row of all intervals. Limits may be infinite.
    pub(super) fn intervals(&self) -> impl Iterator<Item = (f64, f64, usize)> + Clone + '_ {
        self.rows().filter_map(|i| {
            let (lower, upper) = (at(self.lower, i), at(self.upper, i));
            (!lower.is_nan() && !upper.is_nan()).then_some((lower, upper, i))
        })
    }

    /// Lower limit, upper limit and true value of all intervals whose row has a truth.
    pub(super) fn intervals_and_truths(&self) -> impl Iterator<Item = (f64, f64, f64)> + Clone + '_ {
        self.intervals().map(|(lower, upper, i)| (lower, upper, at(self.true_value, i))).filter(|t| t.2.is_finite())
    }

    /// Values of a column in the rows with an estimate, where they are there.
    pub(super) fn present<'c>(&'c self, column: &'c [f64]) -> impl Iterator<Item = f64> + Clone + 'c {
        self.rows().map(|i| at(column, i)).filter(|x| x.is_finite())
    }

    /// Moments of the errors; the spread is exactly 0 where it is nothing but rounding.
    pub(super) fn error_moments(&self) -> Moments {
        Moments::of(self.errors()).without_rounding(self.size())
    }

    /// The greatest absolute estimate or truth among the rows with an error: rounding of errors is in proportion to it.
    pub(super) fn size(&self) -> f64 {
        self.errors_and_truths().fold(0.0, |size: f64, (d, t)| size.max(t.abs()).max((d + t).abs()))
    }
}

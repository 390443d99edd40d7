//! The fits of one method for one estimand over the replicates of one condition, as columns.

use super::moments::Moments;
use crate::disk::{Numbers, Values};
use crate::tables::Measured;

/// A column of numbers, wherever they are kept.
#[derive(Clone, Copy, Debug)]
pub enum Column<'a> {
    /// In memory.
    Slice(&'a [f64]),
    /// In memory or on disk.
    Numbers(&'a Numbers),
}

impl Default for Column<'_> {
    fn default() -> Self {
        Self::Slice(&[])
    }
}

impl<'a> Column<'a> {
    /// Its numbers, from the first on.
    #[must_use]
    pub fn values(&self) -> Values<'a> {
        match self {
            Self::Slice(values) => Values::of(values),
            Self::Numbers(numbers) => numbers.values(),
        }
    }

    /// Its numbers, and NaN without end after them.
    pub(super) fn padded(&self) -> impl Iterator<Item = f64> + Clone + use<'a> {
        let mut values = self.values();
        std::iter::repeat_with(move || values.next().unwrap_or(f64::NAN))
    }
}

/// The fits of one method for one estimand, one row per replicate. NaN stands for "absent"; so does a column that is
/// shorter than `estimate` (an empty one is an absent column).
#[derive(Clone, Copy, Debug, Default)]
pub struct Fits<'a> {
    /// Point estimates, in the unit of the estimand. A row without a finite estimate is a failed fit or one that was
    /// never tried; it enters no measure by itself (`failed` counts the failures).
    pub estimate: Column<'a>,
    /// Standard errors that the method reports.
    pub model_se: Column<'a>,
    /// Lower limits of the intervals.
    pub lower: Column<'a>,
    /// Upper limits of the intervals.
    pub upper: Column<'a>,
    /// True values to compare with.
    pub true_value: Column<'a>,
    /// Share of links between interviews that are true.
    pub link_precision: Column<'a>,
    /// Share of true pairs of interviews that are links.
    pub link_recall: Column<'a>,
    /// Number of fits that were tried and gave no estimate.
    pub failed: usize,
    /// Number of fits that gave an estimate with a warning.
    pub warned: usize,
    /// The value that a test tries to reject, if there is one.
    pub null: Option<f64>,
    /// The greatest absolute estimate or truth among the rows that have both, where it is known already.
    pub size: Option<f64>,
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

/// The squared model SE, if it is a usable one.
fn variance(se: f64) -> Option<f64> {
    (se.is_finite() && se >= 0.0).then_some(se * se)
}

impl<'a> Fits<'a> {
    /// Estimates.
    pub(super) fn estimates(&self) -> impl Iterator<Item = f64> + Clone + use<'a> {
        self.estimate.values().filter(|x| x.is_finite())
    }

    /// Error and true value of each row, in the order of rows; NaN where there is none.
    fn each_error(&self) -> impl Iterator<Item = (f64, f64)> + Clone + use<'a> {
        let absent = |d: f64| if d.is_finite() { d } else { f64::NAN };
        self.estimate.values().zip(self.true_value.padded()).map(move |(x, truth)| (absent(x - truth), truth))
    }

    /// Errors of all rows that have one.
    pub(super) fn errors(&self) -> impl Iterator<Item = f64> + Clone + use<'a> {
        self.each_error().map(|(d, _)| d).filter(|d| !d.is_nan())
    }

    /// The error of each row, in the order of rows; NaN where there is none.
    pub(super) fn errors_of_rows(&self) -> impl Iterator<Item = f64> + Clone + use<'a> {
        self.each_error().map(|(d, _)| d)
    }

    /// Error and true value of all rows that have both.
    pub(super) fn errors_and_truths(&self) -> impl Iterator<Item = (f64, f64)> + Clone + use<'a> {
        self.each_error().filter(|(d, _)| !d.is_nan())
    }

    /// Squared model SEs of all rows with an estimate that report one.
    pub(super) fn model_variances(&self) -> impl Iterator<Item = f64> + Clone + use<'a> {
        self.present(self.model_se).filter_map(variance)
    }

    /// Error and squared model SE of all rows that have both.
    pub(super) fn errors_and_model_variances(&self) -> impl Iterator<Item = (f64, f64)> + Clone + use<'a> {
        let both = self.errors_of_rows().zip(self.model_se.padded());
        both.filter_map(|(d, se)| Some((d, variance(se).filter(|_| !d.is_nan())?)))
    }

    /// Lower limit, upper limit and true value of each row, in the order of rows; NaN where there is none.
    pub(super) fn intervals_of_rows(&self) -> impl Iterator<Item = (f64, f64, f64)> + Clone + use<'a> {
        let limits = self.lower.padded().zip(self.upper.padded()).zip(self.true_value.padded());
        self.estimate.values().zip(limits).map(|(x, ((lower, upper), truth))| {
            if x.is_finite() { (lower, upper, truth) } else { (f64::NAN, f64::NAN, truth) }
        })
    }

    /// Lower and upper limit of all intervals. Limits may be infinite.
    pub(super) fn intervals(&self) -> impl Iterator<Item = (f64, f64)> + Clone + use<'a> {
        let limits = self.estimate.values().zip(self.lower.padded().zip(self.upper.padded()));
        limits.filter_map(|(x, (lower, upper))| {
            (x.is_finite() && !lower.is_nan() && !upper.is_nan()).then_some((lower, upper))
        })
    }

    /// Lower limit, upper limit and true value of all intervals whose row has a truth.
    pub(super) fn intervals_and_truths(&self) -> impl Iterator<Item = (f64, f64, f64)> + Clone + use<'a> {
        self.intervals_of_rows().filter(|(lower, upper, truth)| !lower.is_nan() && !upper.is_nan() && truth.is_finite())
    }

    /// Values of a column in the rows with an estimate, where they are there.
    pub(super) fn present(&self, column: Column<'a>) -> impl Iterator<Item = f64> + Clone + use<'a> {
        let both = self.estimate.values().zip(column.padded());
        both.filter_map(|(x, value)| (x.is_finite() && value.is_finite()).then_some(value))
    }

    /// Moments of the errors; the spread is exactly 0 where it is nothing but rounding.
    pub(super) fn error_moments(&self) -> Moments {
        Moments::of(self.errors()).without_rounding(self.size())
    }

    /// The greatest absolute estimate or truth among the rows with an error: rounding of errors is in proportion to it.
    pub(super) fn size(&self) -> f64 {
        self.size.unwrap_or_else(|| {
            self.errors_and_truths().fold(0.0, |size: f64, (d, t)| size.max(t.abs()).max((d + t).abs()))
        })
    }
}

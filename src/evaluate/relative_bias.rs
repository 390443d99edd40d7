//! Relative bias: the bias as a share of the true value.

use super::moments::Moments;
use super::{Entry, Fits, Reckoned, TABLE_6};

pub(super) const ENTRY: Entry = Entry {
    name: "relative_bias",
    summary: "bias as a share of the true value; undefined for a true value of 0",
    unit: "share of the true value",
    formula: "mean of estimate - true value, over the mean true value",
    mcse: "sd(estimate - true value - r * true value) / (sqrt(R) * |mean true value|), r being the relative bias",
    reference: TABLE_6,
    robust: false,
    measure,
    worst: None,
};

/// A ratio of two means. For a constant truth its Monte Carlo standard error is that of table 6; for a truth that
/// varies it is the delta method's. The mean of d_i / true_i would be undefined as soon as one cohort's truth is 0.
fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let d = fits.error_moments();
    let truth = Moments::of(fits.errors_and_truths().map(|(_, t)| t));
    let ratio = d.mean / truth.mean;
    let residual = Moments::of(fits.errors_and_truths().map(|(d, t)| d - ratio * t)).without_rounding(fits.size());
    Reckoned::new(d.n, ratio, residual.se_of_mean() / truth.mean.abs())
}

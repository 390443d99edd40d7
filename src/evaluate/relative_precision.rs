//! Relative precision: how much more is learnt from one data set than by the reference method.

use super::moments::Moments;
use super::{Entry, Fits, Reckoned, TABLE_6};
use crate::numeric::sum::sum;

pub(super) const ENTRY: Entry = Entry {
    name: "relative_precision",
    summary: "gain in precision over the estimand's first method, on replicates where both gave an estimate",
    unit: "per cent",
    formula: "100 ((empirical_se of the reference / empirical_se)^2 - 1)",
    mcse: "200 (empirical_se of the reference / empirical_se)^2 sqrt((1 - r^2) / (R - 1)), r the correlation of errors",
    reference: TABLE_6,
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, reference: Option<&Fits<'_>>) -> Reckoned {
    let Some(reference) = reference else {
        return Reckoned::new(0, f64::NAN, f64::NAN);
    };
    let pairs = || common(fits, reference);
    let size = fits.size().max(reference.size());
    let own = Moments::of(pairs().map(|(a, _)| a)).without_rounding(size);
    let other = Moments::of(pairs().map(|(_, b)| b)).without_rounding(size);
    let cross = sum(pairs().map(|(a, b)| (a - own.mean) * (b - other.mean)));
    let r2 = cross / own.squares * (cross / other.squares);
    let ratio = other.variance() / own.variance();
    // Rounding may take the squared correlation above 1; where it is undefined it stays so.
    let unexplained = if r2 > 1.0 { 0.0 } else { 1.0 - r2 };
    let mcse = 200.0 * ratio * (unexplained / (own.n as f64 - 1.0)).sqrt();
    Reckoned::new(own.n, 100.0 * (ratio - 1.0), mcse)
}

/// The number of replicates where both methods have an error, and the correlation of these errors; NaN where it is undefined.
pub(super) fn correlation(fits: &Fits<'_>, reference: &Fits<'_>) -> (usize, f64) {
    let pairs = || common(fits, reference);
    let size = fits.size().max(reference.size());
    let own = Moments::of(pairs().map(|(a, _)| a)).without_rounding(size);
    let other = Moments::of(pairs().map(|(_, b)| b)).without_rounding(size);
    let cross = sum(pairs().map(|(a, b)| (a - own.mean) * (b - other.mean)));
    (own.n, (cross / own.squares.sqrt() / other.squares.sqrt()).clamp(-1.0, 1.0))
}

/// Errors of both methods in the replicates where both have one.
pub(super) fn common<'a>(fits: &Fits<'a>, reference: &Fits<'a>) -> impl Iterator<Item = (f64, f64)> + Clone + use<'a> {
    fits.errors_of_rows().zip(reference.errors_of_rows()).filter(|(a, b)| !a.is_nan() && !b.is_nan())
}

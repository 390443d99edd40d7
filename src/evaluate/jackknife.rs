//! Monte Carlo standard errors by leaving out one replicate after the other.
//!
//! The formulas of the catalogue for `empirical_se` and `relative_error_model_se` take the errors to be about normal.
//! These do not, at the price of more noise of their own; where the two disagree, believe these. With t_i the measure
//! without replicate i, the standard error is `sqrt((n - 1)/n * sum (t_i - mean t)^2)` (Efron and Stein 1981,
//! doi:10.1214/aos/1176345462). Each takes time in proportion to the number of replicates.

use super::Fits;
use super::moments::Moments;
use super::mse::squared_errors;

/// Jackknife Monte Carlo standard error of `rmse`; absent below 2 replicates.
#[must_use]
pub fn rmse(fits: &Fits<'_>) -> Option<f64> {
    let squares = squared_errors(fits);
    let (n, total) = (squares.n as f64, squares.mean * squares.n as f64);
    spread(squares.n, fits.errors().map(move |d| ((total - d * d).max(0.0) / (n - 1.0)).sqrt()))
}

/// Jackknife Monte Carlo standard error of `empirical_se`; absent below 3 replicates.
#[must_use]
pub fn empirical_se(fits: &Fits<'_>) -> Option<f64> {
    let d = fits.error_moments();
    spread(d.n, fits.errors().map(move |x| variance_without(&d, x).sqrt()))
}

/// Jackknife Monte Carlo standard error of `relative_error_model_se`, in per cent; absent below 3 replicates.
#[must_use]
pub fn relative_error_model_se(fits: &Fits<'_>) -> Option<f64> {
    let (n, ratios) = variance_ratios(fits);
    Some(100.0 * spread(n, ratios.map(f64::sqrt))?)
}

/// The number of replicates with an error and a model SE, and model variance over empirical variance without each of them in
/// turn.
pub(super) fn variance_ratios<'a>(fits: &Fits<'a>) -> (usize, impl Iterator<Item = f64> + Clone + use<'a>) {
    let d = Moments::of(fits.errors_and_model_variances().map(|(d, _)| d)).without_rounding(fits.size());
    let model = Moments::of(fits.errors_and_model_variances().map(|(_, v)| v));
    let (n, total) = (model.n as f64, model.mean * model.n as f64);
    let both = fits.errors_and_model_variances();
    (d.n, both.map(move |(x, v)| (total - v) / (n - 1.0) / variance_without(&d, x)))
}

/// Variance of the numbers of `all` but `x`.
pub(super) fn variance_without(all: &Moments, x: f64) -> f64 {
    let n = all.n as f64;
    let squares = all.squares - n / (n - 1.0) * (x - all.mean) * (x - all.mean);
    squares.max(0.0) / (n - 2.0)
}

/// The jackknife standard error from the values without each replicate in turn.
pub(super) fn spread(n: usize, values: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let moments = Moments::of(values);
    let se = ((n as f64 - 1.0) / n as f64 * moments.squares).sqrt();
    (n > 1 && se.is_finite()).then_some(se)
}

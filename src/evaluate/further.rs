//! What a reader may ask for beside the catalogue: Monte Carlo standard errors by the jackknife, and how the errors of two
//! methods go together.

use super::condition_fits::ConditionFits;
use super::moments::Moments;
use super::performance::sorted;
use super::{Fits, Reckoned, jackknife, mse, relative_precision};
use crate::tables::{Among, EstimateRow, PerformanceRow};

/// Reckons a measure; the second argument is the reference method, which is absent for that method itself.
type Measure = fn(&Fits<'_>, Option<&Fits<'_>>) -> Reckoned;

/// Name and measure, in the order of tables.
const ALL: [(&str, Measure); 6] = [
    ("empirical_se_jackknife", empirical_se),
    ("rmse_jackknife", rmse),
    ("relative_rmse_jackknife", relative_rmse),
    ("model_se_ratio_jackknife", model_se_ratio),
    ("model_variance_ratio_jackknife", model_variance_ratio),
    ("correlation", correlation),
];

/// For each (condition, estimand, method) among `rows`, in that order:
///
/// - `empirical_se_jackknife`, `rmse_jackknife`: the measures `empirical_se` and `rmse` with Monte Carlo standard errors that
///   do not take errors to be about normal (see [`jackknife`]);
/// - `relative_rmse_jackknife`: RMSE over the absolute mean true value; undefined for a truth of 0;
/// - `model_se_ratio_jackknife`: `model_se` over `empirical_se`, which is 1 where standard errors are right;
///   `model_variance_ratio_jackknife`: its square;
/// - `correlation`: that of the errors with those of the estimand's first method, on replicates where both gave an
///   estimate, with the Monte Carlo standard error (1 - r^2) / sqrt(R - 1) (Fisher 1915, doi:10.2307/2331838).
///
/// Jackknife standard errors are those of Joshi and Pustejovsky's simhelpers (doi:10.32614/CRAN.package.simhelpers), but for
/// one: there the RMSE without a replicate is reckoned about the mean of all.
#[must_use]
pub fn further(rows: &[EstimateRow]) -> Vec<PerformanceRow> {
    let mut out = Vec::new();
    for block in sorted(rows).chunk_by(|a, b| a.condition == b.condition) {
        let mut all = ConditionFits::of(block);
        all.end();
        for methods in all.columns.chunk_by(|a, b| a.estimand == b.estimand) {
            let first = methods[0].fits(None);
            for (m, own) in methods.iter().enumerate() {
                let fits = own.fits(None);
                out.extend(ALL.iter().map(|(name, measure)| {
                    let reckoned = measure(&fits, (m > 0).then_some(&first));
                    PerformanceRow {
                        condition: block[0].condition,
                        estimand: own.estimand,
                        method: own.method,
                        measure: name,
                        among: Among::Own,
                        replicates: reckoned.replicates as u64,
                        measured: reckoned.measured,
                    }
                }));
            }
        }
    }
    out
}

fn or_nan(x: Option<f64>) -> f64 {
    x.unwrap_or(f64::NAN)
}

fn empirical_se(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let d = fits.error_moments();
    Reckoned::new(d.n, d.sd(), or_nan(jackknife::empirical_se(fits)))
}

fn rmse(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let squares = mse::squared_errors(fits);
    Reckoned::new(squares.n, squares.mean.sqrt(), or_nan(jackknife::rmse(fits)))
}

fn relative_rmse(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let squares = mse::squared_errors(fits);
    let truth = Moments::of(fits.errors_and_truths().map(|(_, t)| t)).mean.abs();
    Reckoned::new(squares.n, squares.mean.sqrt() / truth, or_nan(jackknife::rmse(fits)) / truth)
}

/// Model variance over empirical variance, from the replicates that have an estimate and a model SE.
fn variance_ratio(fits: &Fits<'_>) -> (usize, f64) {
    let d = Moments::of(fits.errors_and_model_variances().map(|(d, _)| d)).without_rounding(fits.size());
    let model = Moments::of(fits.errors_and_model_variances().map(|(_, v)| v));
    (d.n, model.mean / d.variance())
}

fn model_se_ratio(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let (n, ratio) = variance_ratio(fits);
    let (_, without) = jackknife::variance_ratios(fits);
    Reckoned::new(n, ratio.sqrt(), or_nan(jackknife::spread(n, without.map(f64::sqrt))))
}

fn model_variance_ratio(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let (n, ratio) = variance_ratio(fits);
    let (_, without) = jackknife::variance_ratios(fits);
    Reckoned::new(n, ratio, or_nan(jackknife::spread(n, without)))
}

fn correlation(fits: &Fits<'_>, reference: Option<&Fits<'_>>) -> Reckoned {
    let Some(reference) = reference else {
        return Reckoned::new(0, f64::NAN, f64::NAN);
    };
    let (n, r) = relative_precision::correlation(fits, reference);
    Reckoned::new(n, r, (1.0 - r * r) / (n as f64 - 1.0).sqrt())
}

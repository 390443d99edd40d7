//! Relative error of the average model standard error.

use super::moments::Moments;
use super::{Entry, Fits, Reckoned, TABLE_6};

pub(super) const ENTRY: Entry = Entry {
    name: "relative_error_model_se",
    summary: "how far the reported standard errors are off the spread that really occurs",
    unit: "per cent",
    formula: "100 (model_se / empirical_se - 1), both from the replicates that have an estimate and a model SE",
    mcse: "100 (model_se / empirical_se) sqrt(var(model_se^2) / (4 R model_se^4) + 1 / (2 (R - 1)))",
    reference: TABLE_6,
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let d = Moments::of(fits.errors_and_model_variances().map(|(d, _)| d)).without_rounding(fits.size());
    let variances = Moments::of(fits.errors_and_model_variances().map(|(_, v)| v));
    let ratio = variances.mean.sqrt() / d.sd();
    let of_model = variances.se_of_mean() / (2.0 * variances.mean);
    let of_empirical = 1.0 / (2.0 * (d.n as f64 - 1.0));
    Reckoned::new(d.n, 100.0 * (ratio - 1.0), 100.0 * ratio * (of_model * of_model + of_empirical).sqrt())
}

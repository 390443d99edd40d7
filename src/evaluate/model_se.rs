//! Average model standard error.

use super::moments::Moments;
use super::{Entry, Fits, Reckoned, TABLE_6};

pub(super) const ENTRY: Entry = Entry {
    name: "model_se",
    summary: "the standard error that the method reports, averaged as a variance",
    unit: "that of the estimand",
    formula: "sqrt(mean of model_se^2)",
    mcse: "sqrt(var(model_se^2) / (4 R model_se^2))",
    reference: TABLE_6,
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let variances = Moments::of(fits.model_variances());
    let se = variances.mean.sqrt();
    Reckoned::new(variances.n, se, variances.se_of_mean() / (2.0 * se))
}

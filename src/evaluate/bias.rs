//! Bias: how far the estimates are off on average.

use super::{Entry, Fits, Reckoned, TABLE_6};

pub(super) const ENTRY: Entry = Entry {
    name: "bias",
    summary: "how far the estimates are off on average",
    unit: "that of the estimand",
    formula: "mean of estimate - true value",
    mcse: "sd(estimate - true value) / sqrt(R)",
    reference: TABLE_6,
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let d = fits.error_moments();
    Reckoned::new(d.n, d.mean, d.se_of_mean())
}

//! Mean of the estimates.

use super::moments::Moments;
use super::{Entry, Fits, Reckoned, TABLE_6};

pub(super) const ENTRY: Entry = Entry {
    name: "mean_estimate",
    summary: "mean of the estimates",
    unit: "that of the estimand",
    formula: "mean of estimate",
    mcse: "sd(estimate) / sqrt(R)",
    reference: TABLE_6,
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let estimates = Moments::of(fits.estimates());
    Reckoned::new(estimates.n, estimates.mean, estimates.se_of_mean())
}

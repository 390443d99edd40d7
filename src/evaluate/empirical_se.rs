//! Empirical standard error: the spread of the errors over replicates.

use super::{Entry, Fits, Reckoned, TABLE_6};

pub(super) const ENTRY: Entry = Entry {
    name: "empirical_se",
    summary: "spread of the estimates about the truth they are compared with, over replicates",
    unit: "that of the estimand",
    formula: "sd(estimate - true value), divisor R - 1; for a constant truth sd(estimate)",
    mcse: "empirical_se / sqrt(2 (R - 1)), which takes the errors to be about normal",
    reference: TABLE_6,
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let d = fits.error_moments();
    Reckoned::new(d.n, d.sd(), d.sd() / (2.0 * (d.n as f64 - 1.0)).sqrt())
}

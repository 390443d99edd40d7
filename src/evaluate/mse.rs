//! Mean squared error.

use super::moments::Moments;
use super::{Entry, Fits, Reckoned, TABLE_6};

pub(super) const ENTRY: Entry = Entry {
    name: "mse",
    summary: "mean squared error: bias and spread in one",
    unit: "square of the estimand's",
    formula: "mean of (estimate - true value)^2",
    mcse: "sd((estimate - true value)^2) / sqrt(R)",
    reference: TABLE_6,
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let squares = squared_errors(fits);
    Reckoned::new(squares.n, squares.mean, squares.se_of_mean())
}

/// Moments of the squared errors.
pub(super) fn squared_errors(fits: &Fits<'_>) -> Moments {
    Moments::of(fits.errors().map(|d| d * d))
}

//! Coverage: the share of intervals that hold the truth.

use super::{Entry, Fits, Reckoned, TABLE_6};

pub(super) const ENTRY: Entry = Entry {
    name: "coverage",
    summary: "share of intervals that hold the true value, among fits that gave an interval",
    unit: "share",
    formula: "share with lower <= true value <= upper",
    mcse: "sqrt(p (1 - p) / R)",
    reference: TABLE_6,
    measure,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let (covered, all) = count(fits);
    Reckoned::share(covered, all)
}

/// Intervals that hold the truth, and intervals.
pub(super) fn count(fits: &Fits<'_>) -> (usize, usize) {
    fits.intervals_and_truths().fold((0, 0), |(covered, all), (lower, upper, truth)| {
        (covered + usize::from(lower <= truth && truth <= upper), all + 1)
    })
}

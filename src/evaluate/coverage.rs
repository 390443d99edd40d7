//! Coverage: the share of intervals that hold the truth.

use super::{Entry, Fits, OF_A_SHARE, Reckoned, TABLE_6};

pub(super) const ENTRY: Entry = Entry {
    name: "coverage",
    summary: "share of intervals that hold the true value, among fits that gave an interval",
    unit: "share",
    formula: "share with lower <= true value <= upper",
    mcse: OF_A_SHARE,
    reference: TABLE_6,
    robust: false,
    measure,
    worst: Some(worst),
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let (covered, all) = count(fits);
    Reckoned::share(covered, all)
}

/// Every fit without an interval counts as one that missed the truth. A method that never gives an interval has no
/// coverage, in the worst case or any other.
pub(super) fn worst(fits: &Fits<'_>) -> Reckoned {
    let (covered, intervals) = count(fits);
    let fitted = fits.errors().count();
    if intervals == 0 && fitted > 0 {
        return Reckoned::share(0, 0);
    }
    Reckoned::share(covered, fitted + fits.failed)
}

/// Intervals that hold the truth, and intervals.
fn count(fits: &Fits<'_>) -> (usize, usize) {
    fits.intervals_and_truths().fold((0, 0), |(covered, all), (lower, upper, truth)| {
        (covered + usize::from(holds(lower, upper, truth)), all + 1)
    })
}

/// Whether an interval holds the truth.
pub(super) fn holds(lower: f64, upper: f64, truth: f64) -> bool {
    lower <= truth && truth <= upper
}

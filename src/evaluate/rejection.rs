//! Rejection: power, or the type I error where the null is true.

use super::{Entry, Fits, OF_A_SHARE, Reckoned, TABLE_6};

pub(super) const ENTRY: Entry = Entry {
    name: "rejection",
    summary: "share of intervals that exclude the null: power, or the type I error where the null is true",
    unit: "share",
    formula: "share with null < lower or null > upper; undefined without a null",
    mcse: OF_A_SHARE,
    reference: TABLE_6,
    robust: false,
    measure,
    worst: Some(worst),
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let (rejected, intervals) = count(fits);
    Reckoned::share(rejected, intervals)
}

/// Every fit without an interval counts as one that did not reject. A method that never gives an interval tests nothing.
fn worst(fits: &Fits<'_>) -> Reckoned {
    let (rejected, intervals) = count(fits);
    let fitted = fits.estimates().count();
    if fits.null.is_none_or(|x| !x.is_finite()) || (intervals == 0 && fitted > 0) {
        return Reckoned::share(0, 0);
    }
    Reckoned::share(rejected, fitted + fits.failed)
}

/// Intervals that exclude the null, and intervals; none without a null.
fn count(fits: &Fits<'_>) -> (usize, usize) {
    let Some(null) = fits.null.filter(|x| x.is_finite()) else {
        return (0, 0);
    };
    fits.intervals()
        .fold((0, 0), |(rejected, all), (lower, upper)| (rejected + usize::from(excludes(lower, upper, null)), all + 1))
}

/// Whether an interval excludes the null.
pub(super) fn excludes(lower: f64, upper: f64, null: f64) -> bool {
    null < lower || null > upper
}

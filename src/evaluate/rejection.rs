//! Rejection: power, or the type I error where the null is true.

use super::{Entry, Fits, Reckoned, TABLE_6};

pub(super) const ENTRY: Entry = Entry {
    name: "rejection",
    summary: "share of intervals that exclude the null: power, or the type I error where the null is true",
    unit: "share",
    formula: "share with null < lower or null > upper; undefined without a null",
    mcse: "sqrt(p (1 - p) / R)",
    reference: TABLE_6,
    measure,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let Some(null) = fits.null.filter(|x| x.is_finite()) else {
        return Reckoned::share(0, 0);
    };
    let (rejected, all) = fits.intervals().fold((0, 0), |(rejected, all), (lower, upper, _)| {
        (rejected + usize::from(null < lower || null > upper), all + 1)
    });
    Reckoned::share(rejected, all)
}

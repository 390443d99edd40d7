//! Bias-eliminated coverage: coverage of the truth moved by the bias.

use super::{Entry, Fits, OF_A_SHARE, Reckoned, TABLE_6};

pub(super) const ENTRY: Entry = Entry {
    name: "bias_eliminated_coverage",
    summary: "coverage as it would be without bias: tells wrong standard errors from wrong estimates",
    unit: "share",
    formula: "share with lower <= true value + bias <= upper; for a constant truth the mean estimate is looked for",
    mcse: OF_A_SHARE,
    reference: TABLE_6,
    robust: false,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let bias = fits.error_moments().mean;
    let (covered, all) = fits.intervals_and_truths().fold((0, 0), |(covered, all), (lower, upper, truth)| {
        let centre = truth + bias;
        (covered + usize::from(lower <= centre && centre <= upper), all + 1)
    });
    Reckoned::share(covered, all)
}

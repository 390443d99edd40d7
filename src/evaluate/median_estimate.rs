//! Median of the estimates.

use super::quantiles::{median_mcse, quantile, sorted};
use super::{Entry, Fits, Reckoned, WOODRUFF};

pub(super) const ENTRY: Entry = Entry {
    name: "median_estimate",
    summary: "median of the estimates: unlike the mean, not moved by a few wild ones",
    unit: "that of the estimand",
    formula: "median of estimate",
    mcse: "width of the 95 % interval between order statistics / (2 * 1.96); absent below 10 replicates",
    reference: WOODRUFF,
    robust: true,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let sorted = sorted(fits.estimates());
    Reckoned::new(sorted.len(), quantile(&sorted, 0.5), median_mcse(&sorted))
}

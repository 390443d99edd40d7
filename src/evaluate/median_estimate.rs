//! Median of the estimates.

use super::quantiles::Ordered;
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
    let all = Ordered::of(fits.estimates());
    Reckoned::new(all.len(), all.quantile(0.5), all.median_mcse())
}

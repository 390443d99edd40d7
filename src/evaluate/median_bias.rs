//! Median of the errors.

use super::quantiles::Ordered;
use super::{Entry, Fits, Reckoned, WOODRUFF};

pub(super) const ENTRY: Entry = Entry {
    name: "median_bias",
    summary: "how far the estimates are off in the middle: half of the errors are below, half above",
    unit: "that of the estimand",
    formula: "median of estimate - true value",
    mcse: "width of the 95 % interval between order statistics / (2 * 1.96); absent below 10 replicates",
    reference: WOODRUFF,
    robust: true,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let d = Ordered::of(fits.errors());
    Reckoned::new(d.len(), d.quantile(0.5), d.median_mcse())
}

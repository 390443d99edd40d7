//! Spread of the errors by the median of their distances from the median.

use super::quantiles::Ordered;
use super::{Entry, Fits, Reckoned};

pub(super) const ENTRY: Entry = Entry {
    name: "mad_se",
    summary: "spread of the middle half of the errors, scaled so that it is empirical_se for normal errors",
    unit: "that of the estimand",
    formula: "1.4826 * median of |d - median d|, d = estimate - true value; undefined below 2 replicates",
    mcse: "1.4826 times that of the median of |d - median d|, as for median_bias, taking the errors to be about symmetric",
    reference: "Rousseeuw and Croux 1993, doi:10.1080/01621459.1993.10476408",
    robust: true,
    measure,
    worst: None,
};

/// One over the third quartile of the standard normal distribution.
const TO_NORMAL: f64 = 1.482_602_218_505_602;

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let d = Ordered::of(fits.errors());
    let median = d.quantile(0.5);
    let distances = Ordered::of(fits.errors().map(|x| (x - median).abs()));
    let value = if d.len() < 2 { f64::NAN } else { TO_NORMAL * distances.quantile(0.5) };
    Reckoned::new(d.len(), value, TO_NORMAL * distances.median_mcse())
}

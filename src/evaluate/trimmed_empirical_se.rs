//! Spread of the errors with the tenth of them at each end drawn in.

use super::moments::Moments;
use super::quantiles::Ordered;
use super::{Entry, Fits, Reckoned};

pub(super) const ENTRY: Entry = Entry {
    name: "trimmed_empirical_se",
    summary: "spread of the errors with the tenth at each end drawn in to the others, scaled so that it is empirical_se for \
              normal errors",
    unit: "that of the estimand",
    formula: "1.2139 * sd of the errors Winsorised at their quantiles 0.1 and 0.9",
    mcse: "by the influence function, the quantiles' own error by order statistics; absent below 35 replicates",
    reference: "Hampel, Ronchetti, Rousseeuw and Stahel 1986, Robust Statistics, doi:10.1002/9781118186435",
    robust: true,
    measure,
    worst: None,
};

/// Share of the errors that is drawn in at each end.
const SHARE: f64 = 0.1;
/// One over the standard deviation of the standard normal distribution Winsorised at its quantiles 0.1 and 0.9.
const TO_NORMAL: f64 = 1.213_879_604_671_742;

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let d = Ordered::of(fits.errors());
    let (low, high) = (d.quantile(SHARE), d.quantile(1.0 - SHARE));
    let drawn_in = |x: f64| if x < low { low } else { x.min(high) };
    let w = Moments::of(fits.errors().map(drawn_in)).without_rounding(fits.size());
    // What a replicate adds to the variance: its own square, and what it does to the two quantiles. Moving a quantile
    // moves the tenth beyond it.
    let slope = |p: f64, at: f64| {
        let per_rank = d.quantile_mcse(p) / (p * (1.0 - p) / d.len() as f64).sqrt();
        2.0 * SHARE * (at - w.mean) * per_rank
    };
    let (of_low, of_high) = (slope(SHARE, low), slope(1.0 - SHARE, high));
    let rank = |p: f64, below: bool| p - f64::from(u8::from(below));
    let influence = Moments::of(fits.errors().map(|x| {
        let from_mean = drawn_in(x) - w.mean;
        from_mean * from_mean + of_low * rank(SHARE, x <= low) + of_high * rank(1.0 - SHARE, x <= high)
    }));
    Reckoned::new(d.len(), TO_NORMAL * w.sd(), TO_NORMAL * influence.se_of_mean() / (2.0 * w.sd()))
}

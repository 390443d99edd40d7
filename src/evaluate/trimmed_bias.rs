//! Mean of the errors without a tenth of them at each end.

use super::moments::Moments;
use super::quantiles::Ordered;
use super::{Entry, Fits, Reckoned};

pub(super) const ENTRY: Entry = Entry {
    name: "trimmed_bias",
    summary: "bias without the tenth of the errors at each end: a few wild estimates do not move it",
    unit: "that of the estimand",
    formula: "mean of estimate - true value without the R / 10 (rounded down) smallest and as many of the greatest",
    mcse: "sd of the Winsorised errors / ((1 - 2 g / R) sqrt(R)), g of the R cut off at each end",
    reference: "Tukey and McLaughlin 1963, Sankhya A 25, 331-352; Yuen 1974, doi:10.1093/biomet/61.1.165",
    robust: true,
    measure,
    worst: None,
};

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let d = Ordered::of(fits.errors());
    let n = d.len();
    if n == 0 {
        return Reckoned::new(0, f64::NAN, f64::NAN);
    }
    let cut = n / 10;
    let (low, high, kept) = (d.at(cut), d.at(n - cut - 1), (n - 2 * cut) as f64);
    let winsorised = Moments::of(fits.errors().map(|x| x.clamp(low, high))).without_rounding(fits.size());
    // What is cut off at each end is there in the Winsorised errors as so many times the last that is kept.
    let mean = low + (n as f64 * (winsorised.mean - low) - cut as f64 * (high - low)) / kept;
    Reckoned::new(n, mean, winsorised.sd() * (n as f64).sqrt() / kept)
}

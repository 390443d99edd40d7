//! Median of the estimates.

use super::{Entry, Fits, Reckoned};

pub(super) const ENTRY: Entry = Entry {
    name: "median_estimate",
    summary: "median of the estimates: unlike the mean, not moved by a few wild ones",
    unit: "that of the estimand",
    formula: "median of estimate",
    mcse: "width of the 95 % interval between order statistics / (2 * 1.96); absent below 10 replicates",
    reference: "Woodruff 1952, doi:10.1080/01621459.1952.10483443",
    measure,
};

/// Normal quantile of the 95 % interval that the Monte Carlo standard error is taken from.
const Z: f64 = 1.959_963_984_540_054;

fn measure(fits: &Fits<'_>, _: Option<&Fits<'_>>) -> Reckoned {
    let mut sorted: Vec<f64> = fits.estimates().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len();
    let reach = Z / (2.0 * (n as f64).sqrt());
    let mcse =
        if n < 10 { f64::NAN } else { (quantile(&sorted, 0.5 + reach) - quantile(&sorted, 0.5 - reach)) / (2.0 * Z) };
    Reckoned::new(n, quantile(&sorted, 0.5), mcse)
}

/// The quantile at `p`, in a straight line between neighbours; NaN of nothing.
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let position = (p * last as f64).clamp(0.0, last as f64);
    let below = position.floor();
    let (low, high) = (sorted[below as usize], sorted[position.ceil() as usize]);
    low + (position - below) * (high - low)
}

//! Quantiles of the numbers of the replicates, and how well they are known.

/// Normal quantile of the 95 % interval that Monte Carlo standard errors are taken from.
const Z: f64 = 1.959_963_984_540_054;

/// The numbers in order.
pub(super) fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The quantile at `p`, in a straight line between neighbours; NaN of nothing.
pub(super) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let position = (p * last as f64).clamp(0.0, last as f64);
    let below = position.floor();
    let (low, high) = (sorted[below as usize], sorted[position.ceil() as usize]);
    low + (position - below) * (high - low)
}

/// Monte Carlo standard error of the median: the width of its 95 % interval between order statistics over twice the
/// normal quantile (Woodruff 1952). NaN below 10 numbers.
pub(super) fn median_mcse(sorted: &[f64]) -> f64 {
    if sorted.len() < 10 { f64::NAN } else { quantile_mcse(sorted, 0.5) }
}

/// The same of the quantile at `p`; NaN where there are too few numbers for an interval inside of them.
pub(super) fn quantile_mcse(sorted: &[f64], p: f64) -> f64 {
    let reach = Z * (p * (1.0 - p) / sorted.len() as f64).sqrt();
    if !(p - reach > 0.0 && p + reach < 1.0) {
        return f64::NAN;
    }
    (quantile(sorted, p + reach) - quantile(sorted, p - reach)) / (2.0 * Z)
}

//! Two measurements of the same persons: limits of agreement and correlations.
//!
//! Source: Bland and Altman 1986 (doi:10.1016/S0140-6736(86)90837-8).

use super::krippendorff::mid_ranks;

/// Limits of agreement of two measurements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlandAltman {
    /// Mean of the first measurement minus the second.
    pub bias: f64,
    /// Standard deviation of these differences (divisor: pairs less one).
    pub sd: f64,
    /// The bias less and plus 1.96 standard deviations.
    pub limits: (f64, f64),
}

/// The limits of agreement of pairs. `None` for fewer than two pairs or a number that is not finite.
#[must_use]
pub fn bland_altman(pairs: &[(f64, f64)]) -> Option<BlandAltman> {
    let n = pairs.len() as f64;
    let bias = pairs.iter().map(|(a, b)| a - b).sum::<f64>() / n;
    let squares: f64 = pairs.iter().map(|(a, b)| a - b - bias).map(|d| d * d).sum();
    let sd = libm::sqrt(squares / (n - 1.0));
    let limits = (bias - 1.96 * sd, bias + 1.96 * sd);
    (pairs.len() > 1 && sd.is_finite()).then_some(BlandAltman { bias, sd, limits })
}

/// Pearson's correlation of pairs. `None` for fewer than two pairs, for a constant, or for a number that is not finite.
#[must_use]
pub fn pearson(pairs: &[(f64, f64)]) -> Option<f64> {
    let first = pairs.first()?;
    // A constant has no spread, whatever rounding makes of its mean.
    if pairs.iter().all(|(a, _)| *a == first.0) || pairs.iter().all(|(_, b)| *b == first.1) {
        return None;
    }
    let n = pairs.len() as f64;
    let mean_a = pairs.iter().map(|(a, _)| a).sum::<f64>() / n;
    let mean_b = pairs.iter().map(|(_, b)| b).sum::<f64>() / n;
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (a, b) in pairs {
        let (a, b) = (a - mean_a, b - mean_b);
        aa += a * a;
        bb += b * b;
        ab += a * b;
    }
    let r = ab / (libm::sqrt(aa) * libm::sqrt(bb));
    r.is_finite().then_some(r)
}

/// Spearman's correlation: Pearson's of the ranks, ties sharing the middle of theirs. `None` as there; an infinite number
/// has a rank.
#[must_use]
pub fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.iter().any(|(a, b)| a.is_nan() || b.is_nan()) {
        return None;
    }
    let (first, second): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let ranks: Vec<(f64, f64)> = mid_ranks(&first).into_iter().zip(mid_ranks(&second)).collect();
    pearson(&ranks)
}

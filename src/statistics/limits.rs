//! Limits of one share and of one rate, as the descriptive rooms need them.

use crate::numeric::discrete::Gamma;
use crate::numeric::{Beta, normal_quantile};

/// The two-sided standard normal quantile of a level such as 0.95. `None` for a level that is not between 0 and 1.
pub(super) fn critical(level: f64) -> Option<f64> {
    (level > 0.0 && level < 1.0).then(|| -normal_quantile(0.5 * (1.0 - level)))
}

/// Wilson limits of `x` of `n`. `None` where `n` is 0 or `x` is not between 0 and `n`.
pub(super) fn wilson(x: f64, n: f64, level: f64) -> Option<(f64, f64)> {
    let z = critical(level)?;
    if !(n > 0.0 && x >= 0.0 && x <= n && n.is_finite()) {
        return None;
    }
    let half = z * libm::sqrt(x * (n - x) / n + 0.25 * z * z);
    let (middle, divisor) = (x + 0.5 * z * z, n + z * z);
    let lower = if x == 0.0 { 0.0 } else { (middle - half) / divisor };
    let upper = if x == n { 1.0 } else { (middle + half) / divisor };
    Some((lower, upper))
}

/// Exact limits of `x` of `n` (Clopper and Pearson). `None` where `n` is 0 or `x` is not between 0 and `n`.
pub(super) fn exact(x: f64, n: f64, level: f64) -> Option<(f64, f64)> {
    critical(level)?;
    if !(n > 0.0 && x >= 0.0 && x <= n && n.is_finite()) {
        return None;
    }
    let tail = 0.5 * (1.0 - level);
    let lower = if x == 0.0 { 0.0 } else { Beta { a: x, b: n - x + 1.0 }.quantile(tail) };
    let upper = if x == n { 1.0 } else { 1.0 - Beta { a: n - x, b: x + 1.0 }.quantile(tail) };
    Some((lower, upper))
}

/// Exact limits of the rate of `x` events in an exposure (Garwood). `None` without exposure.
pub(super) fn garwood(x: f64, exposure: f64, level: f64) -> Option<(f64, f64)> {
    critical(level)?;
    if !(exposure > 0.0 && x >= 0.0 && x.is_finite() && exposure.is_finite()) {
        return None;
    }
    let tail = 0.5 * (1.0 - level);
    let lower = if x == 0.0 { 0.0 } else { Gamma { shape: x }.quantile(tail) };
    Some((lower / exposure, Gamma { shape: x + 1.0 }.quantile(1.0 - tail) / exposure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_by_hand() {
        // All of 3 at 95%: the lower exact limit has p^3 = 0.025.
        let (low, high) = exact(3.0, 3.0, 0.95).unwrap();
        assert!((low * low * low - 0.025).abs() < 1e-14 && high == 1.0);
        // None: the upper limit of a count of 0 has exp(-m) = 0.025.
        let (low, high) = garwood(0.0, 2.0, 0.95).unwrap();
        assert!(low == 0.0 && (libm::exp(-2.0 * high) - 0.025).abs() < 1e-14);
        for n in 1..200 {
            let n = f64::from(n);
            assert_eq!((wilson(0.0, n, 0.95).unwrap().0, wilson(n, n, 0.95).unwrap().1), (0.0, 1.0));
        }
        for (x, n, level) in
            [(0.0, 0.0, 0.95), (3.0, 2.0, 0.95), (-1.0, 2.0, 0.95), (1.0, 2.0, 1.0), (f64::NAN, 1.0, 0.9)]
        {
            assert_eq!((wilson(x, n, level), exact(x, n, level)), (None, None));
        }
        assert_eq!((garwood(1.0, 0.0, 0.95), garwood(-1.0, 1.0, 0.95), garwood(1.0, 1.0, 0.0)), (None, None, None));
    }
}

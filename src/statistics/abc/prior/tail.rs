//! Tails of the gamma and beta laws and their inverses.
//!
//! `numeric::distributions` has both out of `spec_math`, whose exponentials and logarithms are the platform's. A simulated
//! study must not depend on them, so these few lines are worked with `libm`.
//!
//! Source: Abramowitz and Stegun 1964, 6.5.29, 6.5.31 and 26.5.8 (doi:10.1119/1.15378).

use crate::numeric::distributions::beta_fraction;
use crate::numeric::normal_cdf;
use crate::numeric::root::brent;

/// Terms after which the sums here have long converged.
const ENOUGH_TERMS: usize = 100_000;
/// Logarithms of probabilities below this count as this: smaller ones are 0 as numbers.
const LOWEST: f64 = -800.0;

/// Logarithm of the probability of more than `z` of a standard normal variable, for `z` of any size.
pub(super) fn log_normal_tail(z: f64) -> f64 {
    if z < 37.0 {
        return libm::log(normal_cdf(-z));
    }
    // Beyond, the probability leaves the range of numbers. The next factor is 1 - 1/z^2 + 3/z^4.
    let r = 1.0 / (z * z);
    -0.5 * z * z - libm::log(z * libm::sqrt(2.0 * std::f64::consts::PI)) + libm::log1p(-r + 3.0 * r * r)
}

/// Probabilities of at most and of more than `x` of a gamma law with scale 1.
pub(super) fn gamma_tails(shape: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 || x.is_nan() {
        return (0.0, 1.0);
    }
    let log = shape * libm::log(x) - x - libm::lgamma(shape);
    if x < shape + 1.0 {
        let (mut term, mut sum) = (1.0 / shape, 1.0 / shape);
        for n in 1..ENOUGH_TERMS {
            term *= x / (shape + n as f64);
            sum += term;
            if term <= 1e-17 * sum {
                break;
            }
        }
        let below = (libm::exp(log) * sum).min(1.0);
        return (below, 1.0 - below);
    }
    let above = (libm::exp(log) * gamma_fraction(shape, x)).min(1.0);
    (1.0 - above, above)
}

/// The continued fraction of the upper incomplete gamma integral, by Lentz's method.
fn gamma_fraction(shape: f64, x: f64) -> f64 {
    let away = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut b = x + 1.0 - shape;
    let mut c = 1e300;
    let mut d = 1.0 / away(b);
    let mut value = d;
    for n in 1..ENOUGH_TERMS {
        let n = n as f64;
        let a = n * (shape - n);
        b += 2.0;
        d = 1.0 / away(b + a * d);
        c = away(b + a / c);
        value *= d * c;
        if (d * c - 1.0).abs() < 2e-16 {
            break;
        }
    }
    value
}

/// The gamma quantile, with scale 1, at the probability that a standard normal variable is below `z`: a root in the
/// logarithm of the value, where neither tail is steep. 0 where the value is too small for a number.
pub(super) fn gamma_quantile(shape: f64, z: f64) -> f64 {
    let lower = z <= 0.0;
    let wanted = log_normal_tail(z.abs());
    // P(x) is at most x^shape / Gamma(shape + 1); of the upper half the median is the lowest.
    let bound = (if lower { wanted } else { -std::f64::consts::LN_2 }) + libm::lgamma(shape + 1.0);
    let low = bound / shape;
    if low < -744.0 && lower {
        return 0.0;
    }
    let error = |t: f64| {
        let (below, above) = gamma_tails(shape, libm::exp(t));
        if lower { log(below) - wanted } else { wanted - log(above) }
    };
    let low = low.max(-744.0) - 1e-9;
    let mut high = low.max(0.0) + 1.0;
    while error(high) < 0.0 && high < 709.0 {
        high += 1.0;
    }
    libm::exp(brent(error, low, high).unwrap_or(f64::NAN))
}

/// Probabilities of at most and of more than `x` of a beta law.
pub(super) fn beta_tails(a: f64, b: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 || x.is_nan() {
        return (0.0, 1.0);
    }
    if x >= 1.0 {
        return (1.0, 0.0);
    }
    let log = a * libm::log(x) + b * libm::log1p(-x) - log_beta(a, b);
    if x < (a + 1.0) / (a + b + 2.0) {
        let below = (libm::exp(log) * beta_fraction(a, b, x) / a).min(1.0);
        return (below, 1.0 - below);
    }
    let above = (libm::exp(log) * beta_fraction(b, a, 1.0 - x) / b).min(1.0);
    (1.0 - above, above)
}

/// The beta quantile at a probability of at most 1/2, given by its logarithm: a root in the logarithm of the value. 0
/// where the value is too small for a number.
pub(super) fn beta_quantile(a: f64, b: f64, wanted: f64) -> f64 {
    let half = -std::f64::consts::LN_2;
    // Up to x = 1/2 the integrand is at most twice u^(a - 1).
    let low = ((wanted + libm::log(a) + log_beta(a, b) + half) / a).min(half);
    if low < -744.0 {
        return 0.0;
    }
    let error = |t: f64| log(beta_tails(a, b, libm::exp(t)).0) - wanted;
    libm::exp(brent(error, low - 1e-9, 0.0).unwrap_or(f64::NAN))
}

fn log_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

fn log(p: f64) -> f64 {
    libm::log(p).max(LOWEST)
}

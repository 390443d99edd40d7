//! The normal law, cut off at both ends, and of the logarithm.

use super::arguments::{Argument, Column, Need, each};
use super::{Entry, Family, Place};
use crate::formula::Bounds;
use crate::streams::normal_quantile;
use std::sync::Arc;

/// `normal`.
pub(super) const NORMAL: Entry = Entry {
    name: "normal",
    arguments: &[Argument::new("mean", Need::Number), Argument::new("sd", Need::NotNegative)],
    pattern: "",
    summary: "normal law with `mean` and standard deviation `sd`, which may be 0",
    reference: "inversion of one uniform: Wichura 1988, doi:10.2307/2347330",
    read: |reader| reader.listed().map(|()| Arc::new(Normal) as Arc<dyn Family>),
};

/// `log_normal`.
pub(super) const LOG_NORMAL: Entry = Entry {
    name: "log_normal",
    arguments: &[Argument::new("meanlog", Need::Number), Argument::new("sdlog", Need::NotNegative)],
    pattern: "",
    summary: "a number whose logarithm is normal with mean `meanlog` and standard deviation `sdlog`",
    reference: "inversion of one uniform: Wichura 1988, doi:10.2307/2347330",
    read: |reader| reader.listed().map(|()| Arc::new(LogNormal) as Arc<dyn Family>),
};

/// `truncated_normal`.
pub(super) const TRUNCATED_NORMAL: Entry = Entry {
    name: "truncated_normal",
    arguments: &[
        Argument::new("mean", Need::Number),
        Argument::new("sd", Need::Positive),
        Argument::or("low", Need::Number, f64::NEG_INFINITY),
        Argument::or("high", Need::Number, f64::INFINITY),
    ],
    pattern: "",
    summary: "normal law with `mean` and `sd` before it is cut off below `low` and above `high` (either may be left out)",
    reference: "inversion of one uniform: Wichura 1988, doi:10.2307/2347330; in the far tail Newton steps on the \
                asymptotic series of Abramowitz and Stegun 1964, 26.2.12",
    read: |reader| reader.listed().map(|()| Arc::new(TruncatedNormal) as Arc<dyn Family>),
};

#[derive(Debug)]
struct Normal;

impl Family for Normal {
    fn support(&self, arguments: &[Bounds]) -> Bounds {
        if arguments[1].high == 0.0 {
            return arguments[0];
        }
        Bounds::ANY
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        place.units(out);
        each(arguments, out, |_, u, [mean, sd]| mean + sd * normal_quantile(u));
    }
}

#[derive(Debug)]
struct LogNormal;

impl Family for LogNormal {
    fn support(&self, _: &[Bounds]) -> Bounds {
        Bounds { low: 0.0, high: f64::INFINITY }
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        place.units(out);
        each(arguments, out, |_, u, [meanlog, sdlog]| libm::exp(meanlog + sdlog * normal_quantile(u)));
    }
}

#[derive(Debug)]
struct TruncatedNormal;

impl Family for TruncatedNormal {
    fn support(&self, arguments: &[Bounds]) -> Bounds {
        Bounds { low: arguments[2].low, high: arguments[3].high }
    }

    fn refuses(&self, arguments: &[f64]) -> Option<(usize, &'static str)> {
        (arguments[2] >= arguments[3]).then_some((3, "`high` must be above `low`"))
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        place.units(out);
        each(arguments, out, |_, u, [mean, sd, low, high]| {
            let z = between(u, (low - mean) / sd, (high - mean) / sd);
            let x = mean + sd * z;
            // Where `sd` is next to nothing, z is infinite.
            if x.is_nan() { mean.clamp(low, high) } else { x.clamp(low, high) }
        });
    }
}

/// Below this the normal probability is too small for a number of full precision.
const TAIL: f64 = -37.0;

/// The standard normal quantile of `u` given that the value is between `a` and `b`.
fn between(u: f64, a: f64, b: f64) -> f64 {
    if a > 0.0 {
        // The lower tail keeps its relative precision, the upper one does not.
        return -between(1.0 - u, -b, -a);
    }
    let z = if b > TAIL {
        let (below_a, below_b) = (normal_cdf(a), normal_cdf(b));
        let p = below_a + u * (below_b - below_a);
        normal_quantile(p.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0))
    } else {
        far_below(u, a, b)
    };
    z.clamp(a, b)
}

/// Probability that a standard normal variable falls below `z`.
pub(super) fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// Half of the logarithm of 2 pi.
const HALF_LOG_TAU: f64 = 0.918_938_533_204_672_8;

/// Logarithm of the normal probability below `z`, for `z` below [`TAIL`] (Abramowitz and Stegun 1964, 26.2.12).
fn log_cdf_far_below(z: f64) -> f64 {
    let s = 1.0 / (z * z);
    -0.5 * z * z - libm::log(-z) - HALF_LOG_TAU + libm::log1p(-s * (1.0 - 3.0 * s * (1.0 - 5.0 * s)))
}

/// As [`between`], where both ends are below [`TAIL`].
fn far_below(u: f64, a: f64, b: f64) -> f64 {
    let top = log_cdf_far_below(b);
    let share = if a.is_finite() { libm::exp(log_cdf_far_below(a) - top) } else { 0.0 };
    let wanted = top + libm::log(u + (1.0 - u) * share);
    let mut z = -libm::sqrt(b * b + 2.0 * (top - wanted));
    for _ in 0..3 {
        let reached = log_cdf_far_below(z);
        let slope = libm::exp(-0.5 * z * z - HALF_LOG_TAU - reached);
        z -= (reached - wanted) / slope;
    }
    z
}

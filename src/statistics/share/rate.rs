//! Rates of events in a time, and the ratio of two of them.
//!
//! Sources: Garwood 1936 (doi:10.1093/biomet/28.3-4.437); Cohen and Yang 1994 (doi:10.1002/sim.4780132103) for mid-P
//! limits; Przyborowski and Wilenski 1940 (doi:10.1093/biomet/31.3-4.313) for the conditional test.

use super::one::exact_odds;
use super::{AS_PROBABLE, ratio};
use crate::numeric::discrete::{Gamma, binomial, poisson_cdf, poisson_upper};
use crate::numeric::root;
use crate::statistics::confidence::Confidence;

/// A number of events in a time under observation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Events {
    count: f64,
    time: f64,
}

impl Events {
    /// `None` unless the count is a whole number from 0 and the time (in any unit) above 0.
    #[must_use]
    pub fn new(count: f64, time: f64) -> Option<Self> {
        let valid = count >= 0.0 && count.fract() == 0.0 && time > 0.0 && time.is_finite();
        if valid { Some(Self { count, time }) } else { None }
    }

    /// The number of events.
    #[must_use]
    pub fn count(&self) -> f64 {
        self.count
    }

    /// The time under observation.
    #[must_use]
    pub fn time(&self) -> f64 {
        self.time
    }

    /// The standard error of the rate, sqrt(events) over the time.
    #[must_use]
    pub fn rate_se(&self) -> f64 {
        libm::sqrt(self.count) / self.time
    }

    /// Events per unit of time.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.count / self.time
    }

    /// Garwood's exact limits.
    #[must_use]
    pub fn exact(&self, confidence: &Confidence) -> (f64, f64) {
        let (low, high) = self.exact_mean(confidence.tail);
        (low / self.time, high / self.time)
    }

    /// Exact limits of the expected number of events, with this probability in either tail.
    fn exact_mean(&self, tail: f64) -> (f64, f64) {
        let low = if self.count > 0.0 { Gamma { shape: self.count }.quantile(tail) } else { 0.0 };
        (low, Gamma { shape: self.count + 1.0 }.quantile(1.0 - tail))
    }

    /// Exact limits that count the observed number half in each tail.
    #[must_use]
    pub fn mid_p(&self, confidence: &Confidence) -> (f64, f64) {
        let (x, tail) = (self.count, confidence.tail);
        // Counting the observed number fully narrows the tail, not counting it at all widens it: the limits for x and
        // for x less or more than one hold the root between them.
        let low = if x > 0.0 {
            let high = self.exact_mean((2.0 * tail).min(1.0 - f64::EPSILON)).0;
            let excess = |m: f64| 0.5 * (poisson_upper(x, m) + poisson_upper(x + 1.0, m)) - tail;
            root::brent(excess, 0.0, high).unwrap_or(high)
        } else {
            0.0
        };
        let end = self.exact_mean(tail).1;
        let excess = |m: f64| tail - 0.5 * (poisson_cdf(x - 1.0, m) + poisson_cdf(x, m));
        let high = root::brent(excess, 0.0, end).unwrap_or(end);
        (low / self.time, high / self.time)
    }

    /// Wald limits on the log scale; `None` without events.
    #[must_use]
    pub fn log_wald(&self, confidence: &Confidence) -> Option<(f64, f64)> {
        if self.count > 0.0 { Some(confidence.around_ratio(self.rate(), 1.0 / libm::sqrt(self.count))) } else { None }
    }

    /// This rate over another; infinite where only the other is 0, `None` where both are.
    #[must_use]
    pub fn ratio(&self, other: &Self) -> Option<f64> {
        ratio(self.rate(), other.rate())
    }

    /// Exact limits of the ratio of this rate to another, given the number of events in both: Clopper and Pearson's,
    /// transformed. `None` without events.
    #[must_use]
    pub fn ratio_limits(&self, other: &Self, confidence: &Confidence) -> Option<(f64, f64)> {
        let all = self.count + other.count;
        if all <= 0.0 {
            return None;
        }
        let (low, high) = exact_odds(self.count, all, confidence.tail);
        let scale = other.time / self.time;
        Some((low * scale, high * scale))
    }

    /// The exact p value that both rates are the same, given the number of events in both: the probability of all
    /// splits at most as probable as the observed one. 1 without events.
    #[must_use]
    pub fn equal(&self, other: &Self) -> f64 {
        let (all, share) = (self.count + other.count, self.time / (self.time + other.time));
        least_probable(self.count, all, share)
    }
}

/// The probability of all numbers of `n` that are at most as probable as `x` when each has this share.
///
/// Probabilities fall on both sides of the mode, so these are a lower and an upper tail.
#[must_use]
pub fn least_probable(x: f64, n: f64, share: f64) -> f64 {
    let limit = binomial(x, n, share) * AS_PROBABLE;
    let mode = ((n + 1.0) * share).floor().min(n);
    if x == mode {
        return 1.0;
    }
    let (near, far) = if x < mode { (mode, n) } else { (0.0, mode) };
    // The other tail: the nearest number to the mode on the other side that is no more probable.
    let (mut low, mut high) = (near - 1.0, far + 1.0);
    let falls = x < mode;
    while high - low > 1.0 {
        let middle = (0.5 * (low + high)).floor();
        // Above 2^53 neighbouring numbers are further apart than 1, and the middle may be an end.
        if middle <= low || middle >= high {
            break;
        }
        let inside = binomial(middle, n, share) <= limit;
        if inside == falls { high = middle } else { low = middle }
    }
    let upper = crate::numeric::discrete::binomial_upper;
    let lower = crate::numeric::discrete::binomial_cdf;
    let sum =
        if falls { lower(x, n, share) + upper(high, n, share) } else { upper(x, n, share) + lower(low, n, share) };
    sum.min(1.0)
}

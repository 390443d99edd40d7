//! The level of an interval.

use crate::numeric::normal_quantile;

/// What a two-sided interval with equal tails needs to know of its level, worked out once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Confidence {
    /// The error rate of each side: 0.025 for a level of 0.95.
    pub tail: f64,
    /// The normal quantile that is exceeded with probability `tail`.
    pub z: f64,
}

impl Confidence {
    /// Of a level above 0 and below 1, such as 0.95; `None` for any other number.
    #[must_use]
    pub fn new(level: f64) -> Option<Self> {
        if !(level > 0.0 && level < 1.0) {
            return None;
        }
        let tail = 0.5 * (1.0 - level);
        Some(Self { tail, z: -normal_quantile(tail) })
    }

    /// `estimate` times and divided by `exp(z log_se)`: the Wald interval of a ratio on the log scale.
    #[must_use]
    pub fn around_ratio(&self, estimate: f64, log_se: f64) -> (f64, f64) {
        let factor = libm::exp(self.z * log_se);
        (estimate / factor, estimate * factor)
    }

    /// `estimate` minus and plus z standard errors, cut at `low` and `high`.
    #[must_use]
    pub fn around(&self, estimate: f64, se: f64, low: f64, high: f64) -> (f64, f64) {
        ((estimate - self.z * se).max(low), (estimate + self.z * se).min(high))
    }
}

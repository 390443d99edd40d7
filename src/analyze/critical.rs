//! Critical values of intervals, each worked out once.

use crate::numeric::{StudentT, normal_quantile};
use crate::statistics::confidence::Confidence;

/// Critical values of two-sided intervals at one level.
#[derive(Clone, Debug)]
pub(super) struct Critical {
    /// One minus the error rate.
    pub(super) level: f64,
    /// Of the normal distribution.
    pub(super) z: f64,
    /// Of the t distribution by whole degrees of freedom; NaN where not yet worked out.
    whole: Vec<f64>,
}

/// Whole degrees of freedom from here on are not kept.
const KEPT: usize = 4096;

impl Critical {
    pub(super) fn new(level: f64) -> Self {
        Self { level, z: -normal_quantile(0.5 * (1.0 - level)), whole: Vec::new() }
    }

    /// What intervals for shares need.
    pub(super) fn confidence(&self) -> Confidence {
        Confidence { tail: 0.5 * (1.0 - self.level), z: self.z }
    }

    /// Of the t distribution.
    pub(super) fn t(&mut self, df: f64) -> f64 {
        let quantile = |df: f64| -StudentT { df }.quantile(0.5 * (1.0 - self.level));
        let index = df as usize;
        if index >= KEPT || index as f64 != df {
            return quantile(df);
        }
        if self.whole.len() <= index {
            self.whole.resize(index + 1, f64::NAN);
        }
        if self.whole[index].is_nan() {
            self.whole[index] = quantile(df);
        }
        self.whole[index]
    }
}

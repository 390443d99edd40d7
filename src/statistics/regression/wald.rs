//! A coefficient with its standard error as a test and an interval.

use crate::numeric::{StudentT, normal_cdf};

/// A test of 0 and a two-sided interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wald {
    /// The estimate divided by its standard error.
    pub statistic: f64,
    /// Two-sided p value.
    pub p: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

impl Wald {
    /// With Student's t of `df` degrees of freedom, or the normal distribution for `None`. `level` is the confidence,
    /// between 0 and 1. `None` where the standard error is not a positive number or the level or the degrees of
    /// freedom are out of range.
    #[must_use]
    pub fn new(estimate: f64, se: f64, df: Option<f64>, level: f64) -> Option<Self> {
        let df = df.unwrap_or(f64::INFINITY);
        let sound = estimate.is_finite() && se.is_finite() && se > 0.0 && df > 0.0 && level > 0.0 && level < 1.0;
        if !sound {
            return None;
        }
        let statistic = estimate / se;
        // On the side of the lower tail nothing is subtracted from 1.
        let critical = -StudentT { df }.quantile(0.5 * (1.0 - level));
        let tail =
            if df.is_infinite() { normal_cdf(-statistic.abs()) } else { StudentT { df }.upper_tail(statistic.abs()) };
        Some(Self { statistic, p: 2.0 * tail, lower: estimate - critical * se, upper: estimate + critical * se })
    }
}

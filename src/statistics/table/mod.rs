//! Tests of tables: trend over groups, several occasions, square tables, strata of 2x2 tables, association, and p values
//! of several tests.

pub mod adjust;
pub mod association;
pub mod occasions;
pub mod strata;
pub mod trend;

pub use strata::{Strata, Stratum};

#[cfg(test)]
mod tests;

use crate::numeric::ChiSquare;

/// A chi-square statistic with its degrees of freedom and p value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChiSquareTest {
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// Probability of a larger statistic under the null hypothesis.
    pub p: f64,
}

impl ChiSquareTest {
    /// `None` without degrees of freedom or where the statistic is not a number.
    fn new(statistic: f64, df: f64) -> Option<Self> {
        if df.is_nan() || df <= 0.0 || statistic.is_nan() {
            return None;
        }
        Some(Self { statistic, df, p: ChiSquare { df }.upper_tail(statistic) })
    }
}

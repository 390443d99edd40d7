//! Multiple imputation: draws of missing values from regressions, chained equations over the variables of persons, and
//! the pooling of what the completed data sets give.
//!
//! A draw is *proper* (Rubin 1987, doi:10.1002/9780470316696): first parameters are drawn from their approximate
//! posterior, beta* = b + L z with L the lower Cholesky factor of the covariance of b, then values given them. Every
//! model here asks its [`Draws`](super::draws::Draws) in a stated order, so a list of numbers reproduces a result.
//!
//! No ridge is added and no predictor is left out silently (the R package mice does both): a design that does not
//! determine its coefficients is a named failure, or what was left out is reported.

pub mod augment;
pub mod chained;
pub mod factor;
pub mod least_squares;
pub mod logreg;
pub mod newton;
pub mod norm;
pub mod ordinal;
pub mod pmm;
pub mod polytomous;
pub mod pool;
pub mod trace;

#[cfg(test)]
mod tests;

pub use augment::Augmentation;
pub use chained::{Chained, ChainedFailure, Factor, Kind, Plan, Target, Term};
pub use pool::{Pooled, PooledWald, pool, pool_vector};

use crate::numeric::LogisticFailure;

/// A variable with missing values beside its predictors: what an imputation model is given.
///
/// Rows of predictors lie one after the other, `columns` numbers each; the first column is the intercept, always 1.
#[derive(Clone, Copy, Debug)]
pub struct Incomplete<'a> {
    /// Number of columns of a row, the intercept's included (at least 1).
    pub columns: usize,
    /// Predictors of the rows where the variable is observed.
    pub observed: &'a [f64],
    /// The variable where it is observed, a number for each row of `observed`.
    pub outcome: &'a [f64],
    /// Predictors of the rows where it is missing.
    pub missing: &'a [f64],
}

impl<'a> Incomplete<'a> {
    /// The rows to impute, in order.
    pub fn missing_rows(&self) -> impl Iterator<Item = &'a [f64]> {
        self.missing.chunks_exact(self.columns.max(1))
    }

    /// The rows with an observed value, in order.
    pub fn observed_rows(&self) -> impl Iterator<Item = &'a [f64]> {
        self.observed.chunks_exact(self.columns.max(1))
    }

    /// What no model can work with: nothing observed, or numbers of rows that do not fit together.
    pub(crate) fn check(&self) -> Result<(), ImputationFailure> {
        if self.outcome.is_empty() {
            return Err(ImputationFailure::NothingObserved);
        }
        if self.columns == 0 || self.observed.len() != self.columns * self.outcome.len() {
            return Err(ImputationFailure::Shape);
        }
        if !self.outcome.iter().chain(self.observed).chain(self.missing).all(|v| v.is_finite()) {
            return Err(ImputationFailure::NotFinite);
        }
        Ok(())
    }

    /// Whether all observed values are the same.
    pub(crate) fn is_constant(&self) -> bool {
        self.outcome.windows(2).all(|pair| pair[0] == pair[1])
    }
}

/// Why values could not be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImputationFailure {
    /// The variable is observed in no row.
    NothingObserved,
    /// Fewer rows with an observed value than the model needs.
    TooFew {
        /// Rows with an observed value.
        observed: usize,
        /// Rows needed.
        needed: usize,
    },
    /// All observed values are the same, so the model has no spread to draw from.
    OneValue,
    /// This column of the predictors is a linear combination of the ones before it (0 is the intercept).
    Collinear {
        /// Position of the column.
        column: usize,
    },
    /// The predictors separate the categories: the likelihood has no finite maximum.
    Separated,
    /// The steps of the fit did not become small.
    NotConverged,
    /// A number is NaN or infinite where a value is needed.
    NotFinite,
    /// A value is not one of the declared categories (0, 1, ... below their number).
    NotACategory,
    /// Lengths of the input do not fit together.
    Shape,
}

impl From<LogisticFailure> for ImputationFailure {
    fn from(failure: LogisticFailure) -> Self {
        match failure {
            LogisticFailure::NoRows => Self::NothingObserved,
            LogisticFailure::OneOutcome => Self::OneValue,
            LogisticFailure::Collinear { column } => Self::Collinear { column },
            LogisticFailure::CompleteSeparation | LogisticFailure::QuasiSeparation => Self::Separated,
            LogisticFailure::NotConverged => Self::NotConverged,
            LogisticFailure::NotFinite => Self::NotFinite,
        }
    }
}

/// The sum of the products of a row with coefficients.
#[inline]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

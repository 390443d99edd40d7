//! Regressions of one outcome on columns: least squares, generalised linear models, penalised, conditional and ordinal
//! logistic regression, negative binomial counts.
//!
//! A design matrix is a flat slice, row after row; an intercept is a column of ones like any other (the conditional and
//! the ordinal model have none). Each fit is a struct that keeps its buffers, so that a loop over data sets of one size
//! allocates nothing. An answer that does not exist is a [`Failure`].

mod basis;
mod cluster_robust;
mod conditional;
mod failure;
mod family;
mod firth;
mod firth_profile;
mod glm;
mod negative_binomial;
mod ols;
mod ordinal;
mod penalised;
mod rows;
mod wald;

pub use conditional::{ConditionalFit, ConditionalLogistic};
pub use failure::Failure;
pub use family::{Family, Link, Model};
pub use firth::{Firth, FirthFit, LikelihoodRatio};
pub use glm::{Glm, GlmCovariance, GlmFit};
pub use negative_binomial::{NegativeBinomial, NegativeBinomialFit};
pub use ols::{Covariance, LeastSquares, LinearFit};
pub use ordinal::{OrdinalFit, OrdinalLogistic};
pub use rows::Rows;
pub use wald::Wald;

#[cfg(test)]
mod tests;

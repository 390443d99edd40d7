//! Small numerical tools that no well-kept crate gives in this shape: distribution functions, dense solvers on flat
//! buffers, small matrices, roots, a logistic fit on grouped rows, an exact test of linear separation, sums,
//! lengths of time, percentages as they are printed. Knows no statistical method by name.

pub mod basis;
pub mod discrete;
pub mod distributions;
pub mod expit;
pub mod integral;
pub mod linear;
pub mod logistic;
pub mod matrix;
pub mod quantile;
pub mod root;
pub mod rounding;
pub mod separation;
pub mod sum;
pub mod time;

pub use distributions::{Beta, ChiSquare, StudentT, normal_cdf, normal_quantile};
pub use expit::expit;
pub use logistic::{LogisticFailure, LogisticProblem, LogisticSummary};
pub use separation::{Separation, separation};

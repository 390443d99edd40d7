//! Agreement of ratings, in categories and as numbers.

mod icc;
mod kappa;
mod krippendorff;
mod retest;

#[cfg(test)]
mod tests;

pub use icc::{Coefficient, Icc};
pub use kappa::{Agreement, Kappa, Weights};
pub use krippendorff::{Alpha, Metric, krippendorff};
pub use retest::{BlandAltman, bland_altman, pearson, spearman};

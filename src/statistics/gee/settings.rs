//! What is to be fitted, how it went, and why it could not be.

use super::{Correlation, Family, Link};

/// By how much the counts are reduced from which scale and correlation are estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DfRule {
    /// Not at all: rows, and pairs of rows.
    #[default]
    N,
    /// By the number of coefficients, both.
    NMinusP,
}

/// What is to be fitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The family of the outcome.
    pub family: Family,
    /// The link of its mean.
    pub link: Link,
    /// The working correlation.
    pub correlation: Correlation,
    /// How scale and correlation are estimated.
    pub df_rule: DfRule,
    /// Whether the exchangeable correlation is taken where the one asked for cannot be estimated or is not positive
    /// definite. The summary says so.
    pub fall_back: bool,
}

/// Why there is no fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There are no rows or no columns.
    NoRows,
    /// There is only one cluster: nothing tells how estimates vary.
    OneCluster,
    /// A number is not finite, or a weight is below 0.
    NotFinite,
    /// The family is not fitted with this link.
    LinkNotForFamily,
    /// An outcome cannot come from the family: not between 0 and 1, or a count below 0.
    OutcomeOutOfRange,
    /// All outcomes are the same.
    ConstantOutcome,
    /// No more rows than coefficients, with counts reduced by the number of coefficients.
    TooFewRows,
    /// This column is a linear combination of the ones before it.
    Collinear {
        /// Position of the column.
        column: usize,
    },
    /// A hyperplane separates the outcomes: no finite solution.
    CompleteSeparation,
    /// A hyperplane separates some of the outcomes, the others lie on it: no finite solution.
    QuasiSeparation,
    /// A fitted mean leaves the range of the family, with a link that does not keep it inside.
    MeanOutOfRange,
    /// The predictors fit the outcome without error: there is no scale.
    NoResidualVariation,
    /// A cluster has two rows at the same wave, where the correlation goes by waves.
    RepeatedWave {
        /// The number of the cluster, as given.
        cluster: usize,
    },
    /// Too few pairs of rows to estimate a correlation: none, or no more than coefficients where the count is reduced
    /// by them.
    TooFewPairs {
        /// The two waves, for the unstructured correlation.
        waves: Option<(i32, i32)>,
        /// The number of pairs.
        pairs: usize,
    },
    /// The working correlation of some cluster is not positive definite.
    NotPositiveDefinite,
    /// The steps did not become small.
    NotConverged,
}

/// How a fit went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Steps taken.
    pub iterations: u32,
    /// The length of the last step that was found, in model-based standard errors; it was no longer taken.
    pub last_step: f64,
    /// The scale: the mean square of the Pearson residuals.
    pub scale: f64,
    /// Rows used.
    pub rows: usize,
    /// Clusters with a row.
    pub clusters: usize,
    /// Rows of the largest cluster. If it is 1, there is no correlation to be estimated: alpha is undefined and the
    /// fit is that of independent rows.
    pub largest_cluster: usize,
    /// The correlation that was used.
    pub correlation: Correlation,
    /// Why another correlation than the one asked for was used.
    pub fell_back: Option<Failure>,
}

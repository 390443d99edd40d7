//! Why a regression has no answer.

/// Why there is no fit, no covariance or no limit. Positions count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The lengths of the slices do not fit together, or there are no columns.
    Shape,
    /// A predictor, an outcome, a weight or an offset is not finite, or a weight is negative.
    NotFinite,
    /// No row with a positive weight.
    NoRows,
    /// Not more rows than coefficients.
    TooFewRows {
        /// Rows with a positive weight.
        rows: usize,
        /// Coefficients to estimate.
        coefficients: usize,
    },
    /// This column is a linear combination of the ones before it (or, where an intercept is implied or persons are
    /// compared with themselves, does not vary).
    Collinear {
        /// Position of the column.
        column: usize,
    },
    /// An outcome that the family does not have.
    Outcome {
        /// Position of the row.
        row: usize,
    },
    /// All outcomes are the same, so that the likelihood has no finite maximum.
    OneOutcome,
    /// A hyperplane separates the outcomes: no finite maximum.
    CompleteSeparation,
    /// A hyperplane separates some of the outcomes, the others lie on it: no finite maximum.
    QuasiSeparation,
    /// With this link the likelihood is greatest where a mean leaves its range (a probability of 0 or 1, a rate of 0).
    Boundary,
    /// The steps did not become small.
    NotConverged,
    /// The information is not positive definite.
    NotPositiveDefinite,
    /// A row or a cluster determines its own fit (leverage 1), so that this correction is undefined.
    Leverage {
        /// Position of the row, or of the first row of the cluster.
        row: usize,
    },
    /// Errors by cluster were asked for without clusters, or there are fewer than two.
    TooFewClusters {
        /// How many there are.
        clusters: usize,
    },
    /// The profile of a coefficient does not fall low enough on this side.
    NoLimit {
        /// Position of the coefficient.
        column: usize,
        /// Whether it is the upper limit that was not found.
        upper: bool,
    },
    /// The counts do not vary more than a Poisson variable does: theta is infinite.
    NotOverdispersed,
    /// Nobody has this category.
    EmptyCategory {
        /// The category.
        category: usize,
    },
    /// No cluster has both outcomes.
    NothingVaries,
}

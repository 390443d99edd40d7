//! What a method answers, or why it does not.

use super::warning::WarningKind;
use crate::statistics::linkage::quality::Quality;
use serde::Serialize;

/// The answer of a method for one target quantity in one data set.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Estimate {
    /// Point estimate, in the unit of the target quantity.
    pub estimate: f64,
    /// The standard error that the method itself reports.
    pub model_se: Option<f64>,
    /// Degrees of freedom of the interval; absent where it rests on the normal distribution.
    pub df: Option<f64>,
    /// Lower and upper limit of the interval.
    pub interval: Option<(f64, f64)>,
    /// What a reader must know of it; the gravest where there are several.
    pub warning: Option<WarningKind>,
}

impl Estimate {
    /// The same with a warning, unless it has a graver one already.
    #[must_use]
    pub fn warned(self, warning: Option<WarningKind>) -> Self {
        Self { warning: WarningKind::gravest(self.warning, warning), ..self }
    }
}

/// Why a fit gave no estimate. Each kind has a number that `eclosion explain` knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum FailureKind {
    /// F0001: no record has what the method needs.
    NoData,
    /// F0002: too few records for what is asked.
    TooFew,
    /// F0003: the outcome, or a predictor, has one value only.
    Constant,
    /// F0004: columns of the model are linear combinations of each other.
    Collinear,
    /// F0005: the outcome is perfectly predicted; no finite estimate exists.
    CompleteSeparation,
    /// F0006: part of the outcome is perfectly predicted; no finite estimate exists.
    QuasiSeparation,
    /// F0007: the iterations ended before they converged.
    NotConverged,
    /// F0008: a group that is to be compared is empty.
    EmptyGroup,
    /// F0009: a value is not finite.
    NotFinite,
    /// F0010: the method panicked; a defect of the program, kept as a row.
    Panicked,
    /// F0011: an estimated correlation or covariance matrix is not positive definite.
    NotPositiveDefinite,
    /// F0012: the likelihood is greatest at the edge of what the model allows.
    Boundary,
    /// F0013: a limit of an interval by the profile of a likelihood does not exist.
    NoLimit,
    /// F0014: a cell of a table is empty, and a ratio or its standard error is undefined.
    ZeroCell,
    /// F0015: the fit was made by another program, which gave no estimate for a reason of its own.
    Elsewhere,
    /// F0016: the fit was still at work when its time was over.
    Overran,
}

impl FailureKind {
    /// All kinds, by number.
    pub const ALL: [Self; 16] = [
        Self::NoData,
        Self::TooFew,
        Self::Constant,
        Self::Collinear,
        Self::CompleteSeparation,
        Self::QuasiSeparation,
        Self::NotConverged,
        Self::EmptyGroup,
        Self::NotFinite,
        Self::Panicked,
        Self::NotPositiveDefinite,
        Self::Boundary,
        Self::NoLimit,
        Self::ZeroCell,
        Self::Elsewhere,
        Self::Overran,
    ];

    /// The kind whose [`FailureKind::status`] this is.
    #[must_use]
    pub fn of_status(status: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.status() == status)
    }

    /// Number for `eclosion explain`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoData => "F0001",
            Self::TooFew => "F0002",
            Self::Constant => "F0003",
            Self::Collinear => "F0004",
            Self::CompleteSeparation => "F0005",
            Self::QuasiSeparation => "F0006",
            Self::NotConverged => "F0007",
            Self::EmptyGroup => "F0008",
            Self::NotFinite => "F0009",
            Self::Panicked => "F0010",
            Self::NotPositiveDefinite => "F0011",
            Self::Boundary => "F0012",
            Self::NoLimit => "F0013",
            Self::ZeroCell => "F0014",
            Self::Elsewhere => "F0015",
            Self::Overran => "F0016",
        }
    }

    /// Name in the `status` column of the estimates.
    #[must_use]
    pub fn status(self) -> &'static str {
        match self {
            Self::NoData => "no_data",
            Self::TooFew => "too_few",
            Self::Constant => "constant",
            Self::Collinear => "collinear",
            Self::CompleteSeparation => "complete_separation",
            Self::QuasiSeparation => "quasi_separation",
            Self::NotConverged => "not_converged",
            Self::EmptyGroup => "empty_group",
            Self::NotFinite => "not_finite",
            Self::Panicked => "panicked",
            Self::NotPositiveDefinite => "not_positive_definite",
            Self::Boundary => "boundary",
            Self::NoLimit => "no_limit",
            Self::ZeroCell => "zero_cell",
            Self::Elsewhere => "elsewhere",
            Self::Overran => "overran",
        }
    }
}

/// A fit that gave no estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct FitFailure {
    /// The kind of failure.
    pub kind: FailureKind,
    /// What exactly, for a reader: which column, which wave.
    pub detail: String,
}

impl FitFailure {
    /// A failure of a kind, with what a reader should know.
    #[must_use]
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

/// One row of the table of estimates: a fit, successful or not.
#[derive(Clone, Debug, PartialEq)]
pub struct EstimateRow {
    /// Number of the replicate, from 0.
    pub replicate: u64,
    /// Number of the condition, from 0.
    pub condition: u32,
    /// Position of the estimand in the scenario.
    pub estimand: u32,
    /// Position of the method in the scenario.
    pub method: u32,
    /// The true value that the estimate is compared with.
    pub true_value: f64,
    /// The estimate, or why there is none.
    pub result: Result<Estimate, FitFailure>,
    /// Right and wrong links between the interviews on which the estimate rests; `None` where nobody linked anything, or
    /// there is no estimate.
    pub links: Option<Box<Quality>>,
}

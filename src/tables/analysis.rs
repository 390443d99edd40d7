//! What the methods of a plan say of somebody's own data.

use super::estimate::{Estimate, FitFailure};
use super::findings::Findings;

/// What all methods of a plan say of one data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// Records (persons, unless records are yet to be linked).
    pub records: usize,
    /// Waves.
    pub waves: usize,
    /// Rows of the table.
    pub rows: usize,
    /// Level of intervals.
    pub confidence: f64,
    /// What was noticed when the table was read: full sentences.
    pub warnings: Vec<String>,
    /// In the order of the plan.
    pub methods: Vec<AnalysedMethod>,
}

/// What one method says.
#[derive(Clone, Debug, PartialEq)]
pub struct AnalysedMethod {
    /// Its name in the plan.
    pub name: String,
    /// Its name in the catalogue.
    pub kind: String,
    /// For each estimand that it answers its name, and the estimate or why there is none.
    pub answers: Vec<(String, Result<Estimate, FitFailure>)>,
    /// Everything it finds.
    pub report: Outcome,
}

/// What became of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It was found.
    Found(Findings),
    /// The fit failed.
    Failed(FitFailure),
    /// The method has nothing to report on such data, or answers estimands only: a lower-case fragment.
    CannotAnswer(String),
}

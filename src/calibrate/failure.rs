//! Why a fit cannot be made.

use crate::statistics::abc::AbcFailure;
use crate::tables::RunProblem;

/// Why a fit cannot be made, or not be kept.
#[derive(Clone, Debug)]
pub enum CalibrationProblem {
    /// Something of the run: a number and words.
    Run(RunProblem),
    /// The fitter refuses.
    Fit(AbcFailure),
}

impl From<RunProblem> for CalibrationProblem {
    fn from(problem: RunProblem) -> Self {
        Self::Run(problem)
    }
}

impl From<AbcFailure> for CalibrationProblem {
    fn from(failure: AbcFailure) -> Self {
        Self::Fit(failure)
    }
}

impl CalibrationProblem {
    /// As a problem of a run with a number.
    #[must_use]
    pub fn problem(self) -> RunProblem {
        match self {
            Self::Run(problem) => problem,
            Self::Fit(failure) => RunProblem { code: "R0083", message: failure.to_string(), span: None },
        }
    }
}

/// A fit that was stopped before it had a result.
pub(super) fn interrupted(what: &str) -> CalibrationProblem {
    let message = format!("interrupted in {what}: run it again with --resume");
    RunProblem { code: "R0084", message, span: None }.into()
}

//! Why a small study gives no data.

use crate::diagnostic::{Diagnostics, Sources, render};
use crate::tables::RunProblem;
use std::fmt;

/// Why a small study gives no data.
#[derive(Debug)]
pub enum Trouble {
    /// Its scenario has errors, which can be shown beside its text.
    Refused(Diagnostics, Sources),
    /// A formula gave a value that cannot be used, or a file cannot be written.
    Run(RunProblem),
}

impl From<RunProblem> for Trouble {
    fn from(problem: RunProblem) -> Self {
        Self::Run(problem)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(problems, sources) => out.write_str(&render(problems, sources, false)),
            Self::Run(problem) => write!(out, "error[{}]: {}", problem.code, problem.message),
        }
    }
}

impl std::error::Error for Trouble {}

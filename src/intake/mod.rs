//! Anybody's own tables as what an analyst holds: `[data]` of a plan says what the columns are, or a scenario does. And tables
//! of estimates that were made elsewhere.

mod columns;
mod declaration;
mod estimates;
mod fieldwork;
mod panel;
mod rows;
#[cfg(test)]
mod tests;

pub use declaration::{Declaration, declare};
pub use estimates::{Asked, Made, Role, read_estimates};
pub use fieldwork::{Wanted, fieldwork};
pub use panel::{nothing, read};

use crate::tables::{ObservedBatch, RunProblem};

/// A table as an analyst holds it, and what a reader should know of it.
#[derive(Clone, Debug)]
pub struct Intake {
    /// One data set: a record for each person, a wave for each occasion.
    pub batch: ObservedBatch,
    /// The person of each record, as the table has it; the number of the row where no column names persons.
    pub persons: Vec<String>,
    /// Rows of the table.
    pub rows: usize,
    /// What was noticed: full sentences.
    pub warnings: Vec<String>,
}

fn problem(code: &'static str, message: String) -> RunProblem {
    RunProblem { code, message, span: None }
}

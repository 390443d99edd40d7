//! Tables of estimates, made by `evaluate` or elsewhere, as the result of a study that has not been measured yet.
//!
//! A row is a fit (long form), or a data set with the fits of several methods beside one another (wide form, as Stata's
//! `siman` takes it). Which column is what, names tell where they are common, and the caller otherwise; where two columns
//! could be meant nothing is guessed.

mod form;
mod gather;
mod labels;
mod role;
mod row;
#[cfg(test)]
mod tests;

pub use role::Role;

use super::problem;
use crate::disk::Source;
use crate::tables::{RunProblem, StudyResult, Target};
use gather::Gathered;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What is known of a table beside what is in it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Columns by name, where common names do not tell.
    pub columns: BTreeMap<Role, String>,
    /// Columns that, beside that of the condition, tell conditions apart.
    pub by: Vec<String>,
    /// Columns that are not to be read.
    pub ignore: Vec<String>,
    /// The true value of all rows, in place of a column.
    pub true_value: Option<f64>,
    /// The value that a test tries to reject, for all estimands.
    pub null: Option<f64>,
    /// Level of the intervals that are made from standard errors, in (0, 1).
    pub confidence: f64,
    /// The method that others are compared with; the first one of the table otherwise.
    pub reference: Option<String>,
}

/// What tables of estimates hold.
#[derive(Clone, Debug)]
pub struct Made {
    /// The estimates with their conditions, estimands, methods and failures; nothing is measured yet.
    pub result: StudyResult,
    /// A target for each estimand, the same under every condition: they hold the value that a test tries to reject.
    pub targets: Vec<Target>,
    /// Whether the tables tell of warnings; otherwise it is not known which fits their program warned of.
    pub tells_warnings: bool,
    /// How the tables were read, and what a reader should know of them: full sentences.
    pub notes: Vec<String>,
}

/// Reads tables of estimates, the rows of one file after those of another.
///
/// An interval is that of the table where it has limits; otherwise it is made from the standard error with the quantile of
/// the normal distribution, or of the t distribution where there are degrees of freedom.
///
/// # Errors
/// R0051: a file cannot be read. R0063 to R0069: it is no table of estimates, or something in it is wrong; the message
/// names the file, the column and the row.
pub fn read_estimates(paths: &[PathBuf], asked: &Asked) -> Result<Made, RunProblem> {
    let mut all = Gathered::default();
    for path in paths {
        let source = Source::open(path)?;
        let form = form::Form::of(&source, asked)?;
        all.open(&source, &form, asked)?;
        source.each_row(&mut |place, cells| all.take(place, cells, &form, asked))?;
    }
    all.finish(paths, asked)
}

//! Tables on disk, row by row: CSV and Parquet; and columns of numbers that become too long for memory.

mod numbers;
#[cfg(feature = "columnar")]
mod parquet_source;
mod source;

pub use numbers::{Numbers, Spill, Values};
pub use source::{Place, Source, Take, Value};

use crate::tables::RunProblem;
use std::fmt::Display;
use std::path::Path;

fn problem(code: &'static str, message: String) -> RunProblem {
    RunProblem { code, message, span: None }
}

/// R0051: a table cannot be read.
fn cannot_read(path: &Path, why: impl Display) -> RunProblem {
    problem("R0051", format!("cannot read `{}`: {why}", path.display()))
}

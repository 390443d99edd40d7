//! The data product: tables as Parquet, Arrow, CSV or JSON Lines, with a codebook, where nothing half-written ever has its final name.

#[cfg(feature = "columnar")]
mod arrow_columns;
mod audit;
mod codebook;
mod csv_sink;
pub mod csvw;
pub mod declaration;
pub mod dirty;
mod field;
mod folder;
#[cfg(feature = "columnar")]
mod ipc_sink;
mod jsonl_sink;
mod observed;
#[cfg(feature = "columnar")]
mod parquet_packed;
#[cfg(feature = "columnar")]
mod parquet_sink;
mod product;
mod record_code;
mod stretch;
mod study;
pub mod syntax;
mod table;
mod truth;

pub use audit::write_audit;
pub use codebook::FORMS;
pub use declaration::Declaration;
pub use field::{Cells, Field, FieldKind, companion};
pub use folder::{Folder, FolderTable, Stamp};
pub use observed::{Survey, write_key, write_observed, write_visits};
pub use product::{
    About, AnswerRows, Assumed, Delivery, MISSING_WORDS, PROGRAMS, Product, RowCells, Setup, TABLES, answer_rows,
};
pub use record_code::{record_codes, record_text};
pub use stretch::Growing;
pub use study::{EachRow, write_draws, write_measured, write_provenance, write_study};
pub use table::{Format, Table};
pub use truth::{TrueMoment, TruthTable};

use crate::tables::RunProblem;
use std::fmt::Display;
use std::path::Path;

/// A number as CSV files have it: the shortest text that reads back as the same number, nothing for NaN.
#[must_use]
pub fn number_text(value: f64) -> String {
    let mut text = String::new();
    csv_sink::shortest(value, &mut text);
    text
}

/// R0021: something cannot be written.
fn cannot_write(path: &Path, why: impl Display) -> RunProblem {
    RunProblem { code: "R0021", message: format!("cannot write `{}`: {why}", path.display()), span: None }
}

#[cfg(test)]
mod tests;

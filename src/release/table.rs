//! A table that is being written, stretch by stretch.

use super::csv_sink::CsvSink;
use super::field::{Cells, Field};
#[cfg(feature = "columnar")]
use super::parquet_sink::ParquetSink;
use std::io::{self, Write};

/// Form of the tables on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet, snappy; absent from builds without the feature `columnar`.
    #[cfg(feature = "columnar")]
    Parquet,
    /// Comma-separated, UTF-8, one line of names; a cell without a value is empty.
    Csv,
}

impl Format {
    /// What file names end in.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            #[cfg(feature = "columnar")]
            Self::Parquet => "parquet",
            Self::Csv => "csv",
        }
    }
}

/// A table that is being written to `W`.
pub struct Table<W: Write + Send> {
    sink: Sink<W>,
    fields: Vec<Field>,
}

enum Sink<W: Write + Send> {
    #[cfg(feature = "columnar")]
    Parquet(ParquetSink<W>),
    Csv(CsvSink<W>),
}

impl<W: Write + Send> Table<W> {
    /// A table without rows. `metadata` goes into formats that have a place for it.
    ///
    /// # Errors
    /// What `out` says.
    pub fn new(out: W, format: Format, fields: Vec<Field>, metadata: &[(String, String)]) -> io::Result<Self> {
        let sink = match format {
            #[cfg(feature = "columnar")]
            Format::Parquet => Sink::Parquet(ParquetSink::new(out, &fields, metadata)?),
            Format::Csv => {
                let _ = metadata;
                Sink::Csv(CsvSink::new(out, &fields)?)
            }
        };
        Ok(Self { sink, fields })
    }

    /// The columns.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Adds rows: one stretch of cells per column, all of the same length and of the column's kind.
    ///
    /// # Errors
    /// What the file says, or that the stretches do not fit the columns, which is a defect of the program.
    pub fn write(&mut self, columns: &[Cells<'_>]) -> io::Result<()> {
        let rows = columns.first().map_or(0, Cells::len);
        if columns.len() != self.fields.len() || columns.iter().any(|c| c.len() != rows) {
            return Err(io::Error::other("defect of the program: the stretches do not fit the columns"));
        }
        if rows == 0 {
            return Ok(());
        }
        match &mut self.sink {
            #[cfg(feature = "columnar")]
            Sink::Parquet(sink) => sink.write(&self.fields, columns),
            Sink::Csv(sink) => sink.write(&self.fields, columns, rows),
        }
    }

    /// Ends the table and gives back where it was written to.
    ///
    /// # Errors
    /// What the file says.
    pub fn finish(self) -> io::Result<W> {
        match self.sink {
            #[cfg(feature = "columnar")]
            Sink::Parquet(sink) => sink.finish(),
            Sink::Csv(sink) => sink.finish(),
        }
    }
}

/// The error for cells of another kind than their column's.
pub(super) fn misfit(field: &Field) -> io::Error {
    io::Error::other(format!("defect of the program: cells of another kind in column `{}`", field.name))
}

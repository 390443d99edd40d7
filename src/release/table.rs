//! A table that is being written, stretch by stretch.

use super::csv_sink::CsvSink;
use super::field::{Cells, Field};
#[cfg(feature = "columnar")]
use super::ipc_sink::IpcSink;
use super::jsonl_sink::JsonlSink;
#[cfg(feature = "columnar")]
use super::parquet_sink::ParquetSink;
use std::io::{self, Write};

/// Form of the tables on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet, snappy; absent from builds without the feature `columnar`.
    #[cfg(feature = "columnar")]
    Parquet,
    /// Arrow IPC, the file format; absent from builds without the feature `columnar`.
    #[cfg(feature = "columnar")]
    Arrow,
    /// Comma-separated, UTF-8, one line of names; a cell without a value is empty.
    Csv,
    /// JSON Lines: an object per row; a cell without a value is `null`.
    JsonLines,
}

/// What can be said of a [`Format`].
struct Entry {
    format: Format,
    name: &'static str,
    extension: &'static str,
    summary: &'static str,
    describes_itself: bool,
}

/// All formats; the first is the usual one.
const CATALOGUE: &[Entry] = &[
    #[cfg(feature = "columnar")]
    Entry {
        format: Format::Parquet,
        name: "parquet",
        extension: "parquet",
        summary: "Parquet: typed, small, read by R, Python, DuckDB",
        describes_itself: true,
    },
    #[cfg(feature = "columnar")]
    Entry {
        format: Format::Arrow,
        name: "arrow",
        extension: "arrow",
        summary: "Arrow IPC file (Feather 2): typed, large, read without copying",
        describes_itself: true,
    },
    Entry {
        format: Format::Csv,
        name: "csv",
        extension: "csv",
        summary: "comma-separated text, read by everything",
        describes_itself: false,
    },
    Entry {
        format: Format::JsonLines,
        name: "jsonl",
        extension: "jsonl",
        summary: "JSON Lines: a JSON object per row",
        describes_itself: false,
    },
];

impl Format {
    /// All formats of this build; the first is the usual one.
    #[must_use]
    pub fn all() -> Vec<Self> {
        CATALOGUE.iter().map(|entry| entry.format).collect()
    }

    fn entry(self) -> &'static Entry {
        CATALOGUE.iter().find(|entry| entry.format == self).expect("the catalogue has an entry for each format")
    }

    /// The format of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        CATALOGUE.iter().find(|entry| entry.name == name).map(|entry| entry.format)
    }

    /// Its name on the command line and in scenarios.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// What file names end in.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.entry().extension
    }

    /// What it is, a line.
    #[must_use]
    pub fn summary(self) -> &'static str {
        self.entry().summary
    }

    /// Whether its files have a place for labels, units and where they come from. Where not, [`super::csvw`] writes a
    /// file beside each.
    #[must_use]
    pub fn describes_itself(self) -> bool {
        self.entry().describes_itself
    }
}

/// A table that is being written to `W`.
pub struct Table<W: Write + Send> {
    sink: Sink<W>,
    format: Format,
    fields: Vec<Field>,
}

enum Sink<W: Write + Send> {
    #[cfg(feature = "columnar")]
    Parquet(ParquetSink<W>),
    #[cfg(feature = "columnar")]
    Arrow(IpcSink<W>),
    Csv(CsvSink<W>),
    JsonLines(JsonlSink<W>),
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
            #[cfg(feature = "columnar")]
            Format::Arrow => Sink::Arrow(IpcSink::new(out, &fields, metadata)?),
            Format::Csv => Sink::Csv(CsvSink::new(out, &fields)?),
            Format::JsonLines => Sink::JsonLines(JsonlSink::new(out, &fields)),
        };
        let _ = metadata;
        Ok(Self { sink, format, fields })
    }

    /// The columns.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The format.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
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
            #[cfg(feature = "columnar")]
            Sink::Arrow(sink) => sink.write(&self.fields, columns),
            Sink::Csv(sink) => sink.write(&self.fields, columns, rows),
            Sink::JsonLines(sink) => sink.write(&self.fields, columns, rows),
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
            #[cfg(feature = "columnar")]
            Sink::Arrow(sink) => sink.finish(),
            Sink::Csv(sink) => sink.finish(),
            Sink::JsonLines(sink) => sink.finish(),
        }
    }
}

/// The error for cells of another kind than their column's.
pub(super) fn misfit(field: &Field) -> io::Error {
    io::Error::other(format!("defect of the program: cells of another kind in column `{}`", field.name))
}

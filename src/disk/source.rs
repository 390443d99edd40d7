//! A table on disk, row by row: Parquet where it is there and can be read, otherwise CSV.

use super::{cannot_read, problem};
use crate::tables::RunProblem;
use std::fs::File;
use std::path::{Path, PathBuf};

/// A cell of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    None,
    /// A number; CSV has texts only.
    Number(f64),
    /// A text that is not empty, or a number as it is written.
    Text(&'a str),
}

impl<'a> Value<'a> {
    /// A text as CSV has it; what other programs write where there is no value counts as none.
    #[must_use]
    pub fn of_text(text: &'a str) -> Self {
        match text.trim() {
            "" | "." | "NA" | "NaN" | "nan" | "null" | "NULL" => Self::None,
            text => Self::Text(text),
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        match self {
            Self::None => None,
            Self::Number(value) => Some(value),
            Self::Text(text) => text.parse().ok(),
        }
    }

    /// The text; empty for none.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Number(value) => value.to_string(),
            Self::Text(text) => text.to_owned(),
        }
    }
}

/// What a row is called in messages.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The file.
    pub path: &'a Path,
    /// Number of the row, from 1, the line of names not counted.
    pub row: u64,
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "`{}`, row {}", self.path.display(), self.row)
    }
}

/// What is done with a row.
pub type Take<'f> = dyn FnMut(Place<'_>, &[Value<'_>]) -> Result<(), RunProblem> + 'f;

/// A table on disk.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    /// Names of the columns.
    columns: Vec<String>,
    /// Absent for Parquet.
    delimiter: Option<u8>,
}

impl Source {
    /// The table `name` of a folder; `None` where no form of it is there.
    ///
    /// # Errors
    /// R0051: it cannot be read.
    pub fn find(folder: &Path, name: &str) -> Result<Option<Self>, RunProblem> {
        #[cfg(feature = "columnar")]
        {
            let path = folder.join(format!("{name}.parquet"));
            if path.is_file() {
                let columns = super::parquet_source::columns(&path)?;
                return Ok(Some(Self { path, columns, delimiter: None }));
            }
        }
        let path = folder.join(format!("{name}.csv"));
        if !path.is_file() {
            return Ok(None);
        }
        Self::open(&path).map(Some)
    }

    /// The table in a file: Parquet where its name ends so, otherwise lines with commas, semicolons or tabulators.
    ///
    /// # Errors
    /// R0051: it cannot be read.
    pub fn open(path: &Path) -> Result<Self, RunProblem> {
        let path = path.to_path_buf();
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet")) {
            #[cfg(feature = "columnar")]
            {
                let columns = super::parquet_source::columns(&path)?;
                return Ok(Self { path, columns, delimiter: None });
            }
            #[cfg(not(feature = "columnar"))]
            return Err(cannot_read(&path, "this program was built without Parquet"));
        }
        let delimiter = delimiter(&path)?;
        let mut reader = csv_reader(&path, delimiter)?;
        let names = reader.headers().map_err(|e| cannot_read(&path, e))?;
        let columns = names.iter().map(|n| n.trim_start_matches('\u{feff}').trim().to_owned()).collect();
        Ok(Self { path, columns, delimiter: Some(delimiter) })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Position of a column, if it is there.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// Position of a column that must be there.
    ///
    /// # Errors
    /// R0052: it is not.
    pub fn needed(&self, name: &str) -> Result<usize, RunProblem> {
        self.column(name).ok_or_else(|| {
            let there = match self.columns.len() {
                0 => "none".to_owned(),
                1..=12 => self.columns.join(", "),
                n => format!("{} and {} more", self.columns[..12].join(", "), n - 12),
            };
            problem("R0052", format!("`{}` has no column `{name}`; its columns: {there}", self.path.display()))
        })
    }

    /// Hands over every row.
    ///
    /// # Errors
    /// R0051: the table cannot be read; and whatever `take` says.
    pub fn each_row(&self, take: &mut Take<'_>) -> Result<(), RunProblem> {
        match self.delimiter {
            Some(delimiter) => self.each_line(delimiter, take),
            #[cfg(feature = "columnar")]
            None => super::parquet_source::each_row(&self.path, take),
            #[cfg(not(feature = "columnar"))]
            None => Ok(()),
        }
    }

    fn each_line(&self, delimiter: u8, take: &mut Take<'_>) -> Result<(), RunProblem> {
        let mut reader = csv_reader(&self.path, delimiter)?;
        let mut line = csv::StringRecord::new();
        let mut row = 0;
        while reader.read_record(&mut line).map_err(|e| cannot_read(&self.path, e))? {
            row += 1;
            let values: Vec<Value<'_>> = line.iter().map(Value::of_text).collect();
            take(Place { path: &self.path, row }, &values)?;
        }
        Ok(())
    }
}

fn csv_reader(path: &Path, delimiter: u8) -> Result<csv::Reader<File>, RunProblem> {
    let file = File::open(path).map_err(|e| cannot_read(path, e))?;
    Ok(csv::ReaderBuilder::new().delimiter(delimiter).buffer_capacity(1 << 16).from_reader(file))
}

/// Comma, semicolon or tabulator: what is most often in the line of names.
fn delimiter(path: &Path) -> Result<u8, RunProblem> {
    use std::io::{BufRead, BufReader, Read};
    let file = File::open(path).map_err(|e| cannot_read(path, e))?;
    let mut line = Vec::new();
    // A line of names is not longer; a file without line ends is not read whole.
    BufReader::new(file.take(1 << 20)).read_until(b'\n', &mut line).map_err(|e| cannot_read(path, e))?;
    let often = |d: u8| line.iter().filter(|b| **b == d).count();
    Ok([b',', b';', b'\t'].into_iter().rev().max_by_key(|d| often(*d)).unwrap_or(b','))
}

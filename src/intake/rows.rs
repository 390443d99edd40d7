//! The cells of a table by column, as they stand on disk.

use super::problem;
use crate::disk::{Source, Value};
use crate::tables::RunProblem;
use std::path::PathBuf;

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    None,
    Number(f64),
    /// A text that is no number.
    Text(String),
}

impl Cell {
    /// As it is written; nothing for an empty cell.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Number(value) => Some(value.to_string()),
            Self::Text(text) => Some(text.clone()),
        }
    }
}

/// A column of cells.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    pub(super) name: String,
    pub(super) cells: Vec<Cell>,
}

/// The rows of one or more files, one after another.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub(super) columns: Vec<Raw>,
    /// For each row the file (from 0) and the number of the row in it (from 1).
    pub(super) places: Vec<(usize, u64)>,
    pub(super) paths: Vec<PathBuf>,
}

impl Rows {
    /// Reads files. A column that a file does not have is empty there. `as_written`: columns whose cells stay texts, so
    /// that `007` is not `7`.
    pub(super) fn read(paths: &[PathBuf], missing: &[&str], as_written: &[&str]) -> Result<Self, RunProblem> {
        let mut rows = Self { paths: paths.to_vec(), ..Self::default() };
        for (file, path) in paths.iter().enumerate() {
            rows.append(file, &Source::open(path)?, missing, as_written)?;
        }
        Ok(rows)
    }

    fn append(
        &mut self,
        file: usize,
        source: &Source,
        missing: &[&str],
        as_written: &[&str],
    ) -> Result<(), RunProblem> {
        let before = self.places.len();
        let mut positions = Vec::with_capacity(source.columns().len());
        for (k, name) in source.columns().iter().enumerate() {
            if source.columns()[..k].contains(name) {
                let message = format!("`{}` has two columns `{name}`", source.path().display());
                return Err(problem("R0062", message));
            }
            let known = self.columns.iter().position(|column| column.name == *name);
            positions.push(known.unwrap_or_else(|| {
                self.columns.push(Raw { name: name.clone(), cells: vec![Cell::None; before] });
                self.columns.len() - 1
            }));
        }
        let (columns, places) = (&mut self.columns, &mut self.places);
        source.each_row(&mut |place, values| {
            places.push((file, place.row));
            for (position, value) in positions.iter().zip(values) {
                let column = &mut columns[*position];
                column.cells.push(match (as_written.contains(&column.name.as_str()), *value) {
                    (true, Value::Text(text)) if !missing.contains(&text) => Cell::Text(text.to_owned()),
                    (_, value) => cell(value, missing),
                });
            }
            // A column of an earlier file, or a cell that is not there.
            for column in columns.iter_mut() {
                column.cells.resize(places.len(), Cell::None);
            }
            Ok(())
        })
    }

    /// A column by name.
    pub(super) fn column(&self, name: &str) -> Option<&Raw> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// What a row is called in messages.
    pub(super) fn place(&self, row: usize) -> String {
        let (file, number) = self.places.get(row).copied().unwrap_or_default();
        let path = self.paths.get(file).map_or_else(String::new, |p| p.display().to_string());
        format!("`{path}`, row {number}")
    }
}

impl Raw {
    /// The column with texts that are numbers as numbers.
    pub(super) fn with_numbers(&self) -> Self {
        let read = |kept: &Cell| match kept {
            Cell::Text(text) => cell(Value::Text(text), &[]),
            other => other.clone(),
        };
        Self { name: self.name.clone(), cells: self.cells.iter().map(read).collect() }
    }
}

fn cell(value: Value<'_>, missing: &[&str]) -> Cell {
    let is_missing = |text: &str| missing.contains(&text);
    match value {
        Value::None => Cell::None,
        Value::Number(number) if is_missing(&number.to_string()) => Cell::None,
        // No minus before a zero: it would be another value of a coding.
        Value::Number(number) => Cell::Number(number + 0.0),
        Value::Text(text) if is_missing(text) => Cell::None,
        Value::Text(text) => match text.parse::<f64>() {
            // `inf` and `infinity` are read as numbers and refused where they stand.
            Ok(number) if !number.is_nan() => Cell::Number(number + 0.0),
            Ok(_) => Cell::None,
            Err(_) => Cell::Text(text.to_owned()),
        },
    }
}

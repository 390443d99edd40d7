//! Stretches of rows, and codes or numbers as cells of the right kind.

use super::field::{Cells, Field, FieldKind};
use super::folder::{Folder, FolderTable};
use crate::tables::{Coding, RunProblem};
use std::ops::Range;

/// Rows of a stretch: what is held in memory besides the columns themselves.
pub(super) const STRETCH: usize = 1 << 17;

/// Kind of a variable's column: names, yes/no, or numbers.
pub(super) fn kind(coding: Option<&Coding>) -> FieldKind {
    match coding {
        Some(coding) if coding.is_yes_no() => FieldKind::YesNo,
        Some(coding) if !coding.levels.is_empty() => FieldKind::Level(coding.levels.clone()),
        _ => FieldKind::Number,
    }
}

pub(super) fn field(name: String, coding: Option<&Coding>, about: String) -> Field {
    Field::new(name, kind(coding), about)
}

/// `name`, or with something added where a column of that name is there already.
pub(super) fn free_name(fields: &[Field], name: &str, addition: &str) -> String {
    let mut name = name.to_owned();
    while fields.iter().any(|f| f.name == name) {
        name.push_str(addition);
    }
    name
}

/// Codes or numbers of some rows of a column, as cells of the kind that [`kind`] gives it.
pub(super) enum Stretch {
    Codes(Vec<u8>),
    Numbers(Vec<f64>),
}

impl Stretch {
    pub(super) fn cells(&self) -> Cells<'_> {
        match self {
            Self::Codes(codes) => Cells::Codes(codes),
            Self::Numbers(values) => Cells::Numbers(values),
        }
    }

    /// The codes of some rows: as they are for yes/no and names, as their values otherwise.
    pub(super) fn coded(codes: impl Iterator<Item = u8>, coding: Option<&Coding>) -> Self {
        match (kind(coding), coding) {
            (FieldKind::Number, Some(coding)) => {
                Self::Numbers(codes.map(|c| coding.values.get(usize::from(c)).copied().unwrap_or(f64::NAN)).collect())
            }
            _ => Self::Codes(codes.collect()),
        }
    }
}

pub(super) fn stretches(rows: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = rows.end;
    rows.step_by(STRETCH).map(move |first| first..(first + STRETCH).min(end))
}

/// A table of a folder that is made when it gets its first rows.
pub struct Growing {
    name: &'static str,
    table: Option<FolderTable>,
}

impl Growing {
    /// A table that will be called `name`.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self { name, table: None }
    }

    /// Adds rows; `fields` are asked for the first time only.
    pub(super) fn put(
        &mut self,
        folder: &mut Folder,
        fields: impl FnOnce() -> Vec<Field>,
        columns: &[Cells<'_>],
    ) -> Result<(), RunProblem> {
        let table = match &mut self.table {
            Some(table) => table,
            empty => empty.insert(folder.table(self.name, fields())?),
        };
        folder.write(self.name, table, columns)
    }

    /// Ends the table, if it got any rows.
    ///
    /// # Errors
    /// R0021: the file cannot be written.
    pub fn close(self, folder: &mut Folder) -> Result<(), RunProblem> {
        match self.table {
            Some(table) => folder.close(self.name, table),
            None => Ok(()),
        }
    }
}

//! A table that is written in several formats at a time.

use crate::release::field::{Cells, Field};
use crate::release::folder::{Folder, FolderTable};
use crate::release::table::Format;
use crate::tables::RunProblem;

/// A table that is written in several formats at a time.
pub(in crate::release) struct Spread {
    name: String,
    tables: Vec<(Option<Format>, FolderTable)>,
}

impl Spread {
    /// A table without rows; without `formats` it gets the folder's own.
    ///
    /// # Errors
    /// R0021.
    pub(in crate::release) fn open(
        folder: &mut Folder,
        name: impl Into<String>,
        formats: &[Format],
        fields: &[Field],
    ) -> Result<Self, RunProblem> {
        let name = name.into();
        let mut tables = Vec::with_capacity(formats.len().max(1));
        for format in formats {
            folder.change_format(*format);
            tables.push((Some(*format), folder.table(&name, fields.to_vec())?));
        }
        if formats.is_empty() {
            tables.push((None, folder.table(&name, fields.to_vec())?));
        }
        Ok(Self { name, tables })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// R0021.
    pub(in crate::release) fn write(&mut self, folder: &Folder, columns: &[Cells<'_>]) -> Result<(), RunProblem> {
        self.tables.iter_mut().try_for_each(|(_, table)| folder.write(&self.name, table, columns))
    }

    /// Ends the table and gives the names of its files.
    ///
    /// # Errors
    /// R0021.
    pub(in crate::release) fn close(self, folder: &mut Folder) -> Result<Vec<String>, RunProblem> {
        let mut files = Vec::with_capacity(self.tables.len());
        for (format, table) in self.tables {
            if let Some(format) = format {
                folder.change_format(format);
                files.push(format!("{}.{}", self.name, format.extension()));
            }
            folder.close(&self.name, table)?;
        }
        Ok(files)
    }
}

//! The folder that tables go into. Files are written under other names, brought to the disk, and renamed at the end.

use super::field::{Field, FieldKind};
use super::table::{Format, Table};
use super::{Cells, cannot_write, csvw};
use crate::tables::RunProblem;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What every file of the folder comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stamp {
    /// SHA-256 of the scenario, in hexadecimal; empty where there is none.
    pub scenario_hash: String,
    /// Seed of all draws.
    pub seed: u64,
    /// Version of the program.
    pub version: String,
}

impl Stamp {
    /// Names and values as they are put into files. Without a scenario (its hash is empty) there is no seed, and nobody knows
    /// whose data were analysed: the version alone.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        if self.scenario_hash.is_empty() {
            return vec![("eclosion.version".to_owned(), self.version.clone())];
        }
        let pairs = [
            ("eclosion.version", self.version.clone()),
            ("eclosion.scenario_hash", self.scenario_hash.clone()),
            ("eclosion.seed", self.seed.to_string()),
            ("eclosion.note", "synthetic: no real person".to_owned()),
        ];
        pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }
}

/// A table of a [`Folder`] that is being written.
pub type FolderTable = Table<BufWriter<NamedTempFile>>;

/// A folder whose files get their names all at once, by [`Folder::commit`]; dropped before, it leaves nothing.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    format: Format,
    stamp: Stamp,
    created: Vec<PathBuf>,
    pending: Vec<(String, NamedTempFile)>,
    codebook: [Vec<String>; 6],
    /// Whether files are brought to the disk before they get their names.
    durable: bool,
}

impl Folder {
    /// Opens a folder, which is made if it is not there, and checks that it can be written to.
    ///
    /// # Errors
    /// R0020: it is there, has something in it, and `force` is not set. R0021: it cannot be made or written to.
    pub fn open(path: &Path, format: Format, force: bool, stamp: Stamp) -> Result<Self, RunProblem> {
        match fs::read_dir(path).map(|mut entries| entries.next().is_none()) {
            Ok(false) if !force => {
                return Err(RunProblem {
                    code: "R0020",
                    message: format!("the folder `{}` is not empty; --force replaces the files in it", path.display()),
                    span: None,
                });
            }
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(cannot_write(path, e)),
        }
        let missing = path.ancestors().filter(|a| !a.as_os_str().is_empty() && !a.exists());
        let created = missing.map(Path::to_path_buf).collect();
        let path = path.to_path_buf();
        let folder =
            Self { path, format, stamp, created, pending: Vec::new(), codebook: Default::default(), durable: true };
        fs::create_dir_all(&folder.path).map_err(|e| cannot_write(&folder.path, e))?;
        folder.temporary()?;
        Ok(folder)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves it to the system when files are brought to the disk. For many small folders of data that can be made again:
    /// waiting for the disk takes nearly all of their time.
    pub fn leave_to_system(&mut self) {
        self.durable = false;
    }

    /// Tables that are made from now on have this format. The same tables may be written again in it.
    pub fn change_format(&mut self, format: Format) {
        self.format = format;
    }

    /// A table without rows, which will be called `name` with the format's ending.
    ///
    /// # Errors
    /// R0021.
    pub fn table(&mut self, name: &str, fields: Vec<Field>) -> Result<FolderTable, RunProblem> {
        let described = self.codebook[0].iter().any(|table| table == name);
        for field in fields.iter().filter(|_| !described) {
            let kind = field.kind.name();
            let row = [name, &field.name, kind, &field.unit, &field.range, &field.about];
            for (column, cell) in self.codebook.iter_mut().zip(row) {
                column.push(cell.to_owned());
            }
        }
        let out = BufWriter::with_capacity(1 << 16, self.temporary()?);
        Table::new(out, self.format, fields, &self.stamp.pairs()).map_err(|e| self.problem(name, e))
    }

    /// Adds rows to a table.
    ///
    /// # Errors
    /// R0021.
    pub fn write(&self, name: &str, table: &mut FolderTable, columns: &[Cells<'_>]) -> Result<(), RunProblem> {
        table.write(columns).map_err(|e| self.problem(name, e))
    }

    /// Ends a table; it gets its name by [`Folder::commit`], and a file beside it where the format has no place for
    /// labels and provenance.
    ///
    /// # Errors
    /// R0021.
    pub fn close(&mut self, name: &str, table: FolderTable) -> Result<(), RunProblem> {
        let (format, fields) = (table.format(), table.fields().to_vec());
        let file = table.finish().and_then(|out| self.whole(out)).map_err(|e| self.problem(name, e))?;
        let name = format!("{name}.{}", format.extension());
        if !format.describes_itself() {
            self.text(&csvw::file_name(&name), &csvw::write(&name, format, &fields, &self.stamp))?;
        }
        self.pending.push((name, file));
        Ok(())
    }

    /// A file in one of the folders `below` that this one will not replace, if there is any.
    #[must_use]
    pub fn leftover(&self, below: &[&str]) -> Option<PathBuf> {
        let files = below.iter().filter_map(|folder| {
            let mut names: Vec<String> = fs::read_dir(self.path.join(folder))
                .ok()?
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                .map(|file| format!("{folder}/{file}"))
                .collect();
            names.sort();
            names.into_iter().find(|name| !self.pending.iter().any(|(pending, _)| pending == name))
        });
        files.map(|name| self.path.join(name)).next()
    }

    /// Adds a file with a text.
    ///
    /// # Errors
    /// R0021.
    pub fn text(&mut self, name: &str, text: &str) -> Result<(), RunProblem> {
        let mut out = BufWriter::new(self.temporary()?);
        let written = out.write_all(text.as_bytes()).and_then(|()| self.whole(out));
        let file = written.map_err(|e| cannot_write(&self.path.join(name), e))?;
        self.pending.push((name.to_owned(), file));
        Ok(())
    }

    /// Adds the codebook and gives all files their names. A name with `/` in it is that of a file in a folder below.
    ///
    /// # Errors
    /// R0021.
    pub fn commit(mut self) -> Result<(), RunProblem> {
        self.write_codebook()?;
        self.commit_without_codebook()
    }

    /// The same for a folder that has codebooks of its own.
    ///
    /// # Errors
    /// R0021.
    pub fn commit_without_codebook(mut self) -> Result<(), RunProblem> {
        let mut named = Vec::new();
        for (name, file) in std::mem::take(&mut self.pending) {
            let path = self.path.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(|e| cannot_write(parent, e))?;
            }
            file.persist(&path).map_err(|e| cannot_write(&path, e.error))?;
            named.push(path);
        }
        remove_other_forms(&named);
        self.created.clear();
        // So that the names too survive a loss of power; where folders cannot be synced there is nothing to do.
        if self.durable {
            let _ = File::open(&self.path).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }

    fn write_codebook(&mut self) -> Result<(), RunProblem> {
        let names = ["table", "column", "kind", "unit", "range", "description"];
        let fields = names.iter().map(|name| Field::new(*name, FieldKind::Text, "")).collect();
        let columns = std::mem::take(&mut self.codebook);
        let out = BufWriter::new(self.temporary()?);
        let written = Table::new(out, Format::Csv, fields, &[]).and_then(|mut table| {
            table.write(&columns.each_ref().map(|c| Cells::Texts(c)))?;
            self.whole(table.finish()?)
        });
        let file = written.map_err(|e| cannot_write(&self.path.join("codebook.csv"), e))?;
        self.pending.push(("codebook.csv".to_owned(), file));
        Ok(())
    }

    /// The file behind a buffer, all of it on the disk unless that is left to the system.
    fn whole(&self, out: BufWriter<NamedTempFile>) -> io::Result<NamedTempFile> {
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        if self.durable {
            file.as_file().sync_all()?;
        }
        Ok(file)
    }

    fn temporary(&self) -> Result<NamedTempFile, RunProblem> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".eclosion-").suffix(".part");
        // A temporary file is the owner's alone by default, and would keep that when it is renamed.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.tempfile_in(&self.path).map_err(|e| cannot_write(&self.path, e))
    }

    fn problem(&self, name: &str, error: io::Error) -> RunProblem {
        cannot_write(&self.path.join(format!("{name}.{}", self.format.extension())), error)
    }
}

/// The same tables in other forms are of an earlier run, and would be taken for these.
fn remove_other_forms(named: &[PathBuf]) {
    let endings: Vec<&str> = Format::all().iter().map(|format| format.extension()).collect();
    let is_table = |path: &&PathBuf| path.extension().is_some_and(|e| endings.iter().any(|ending| e == *ending));
    for path in named.iter().filter(is_table) {
        for other in endings.iter().map(|ending| path.with_extension(ending)).filter(|other| !named.contains(other)) {
            // Mostly there is none.
            let _ = fs::remove_file(&other);
            let _ = fs::remove_file(csvw::file_name(&other.to_string_lossy()));
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.pending.clear();
        for folder in &self.created {
            // Fails where something is in it, which then stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

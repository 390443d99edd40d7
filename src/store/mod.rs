//! Results of a study on disk, block by block, so that what was done survives whatever ends the program.
//!
//! A store is a folder:
//! - `manifest.json` says what the results belong to: the declarations of the scenario, estimands, methods, conditions,
//!   seed, version of the program, replicates in a block, and a copy of the scenario's files; once a run has ended also the
//!   list of blocks.
//! - `blocks/<condition>/<first>-<end>-<set>.parquet` are the answers of replicates `first .. end` of a condition (counted
//!   from 1) for one of the sets of estimands and methods in the manifest.
//! - `log.jsonl`, while a run goes on: a line for every block that is whole. A block that is not in the log or the
//!   manifest, or whose bytes are not those that the log tells, is not there, and is made again.
//! - `lock` is held by the process that writes.
//!
//! Nothing but the scenario, the seed and the size of blocks reaches a file, so a store that was resumed holds the same bytes
//! as one that was never interrupted.

mod block;
mod identity;
mod lock;
mod log;
mod manifest;
#[cfg(feature = "columnar")]
mod parquet_file;

pub use identity::Identity;
pub use manifest::Manifest;

use crate::tables::{Block, Pairs, RunProblem};
use lock::Lock;
use log::{Entry, Log};
use std::fmt::Display;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// An open store. The positions of conditions, estimands and methods in what it takes and gives are those of the scenario
/// that it was opened with.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    manifest: Mutex<Manifest>,
    /// Where each condition, estimand and method of the scenario is in the manifest.
    places: identity::Places,
    entries: Mutex<Vec<Entry>>,
    /// Log and lock of the process that writes; absent where it is only read.
    writing: Option<(Log, Lock)>,
}

/// How a store is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opening {
    /// Whether to go on with a store that is there.
    pub resume: bool,
    /// Replicates in a block of a store that is begun.
    pub block: u64,
}

impl Store {
    /// Opens a store for the results of a scenario, or begins one.
    ///
    /// # Errors
    /// R0070: it is there and `resume` is not set. R0071: it belongs to another scenario, seed or version. R0072: another
    /// process writes to it. R0073: it cannot be understood. R0021: it cannot be written to. R0074: this build cannot write
    /// Parquet.
    pub fn open(path: &Path, identity: Identity, opening: Opening) -> Result<Self, RunProblem> {
        block::supported()?;
        std::fs::create_dir_all(path).map_err(|e| cannot_write(path, e))?;
        if Manifest::read(path)?.is_none() {
            // Before anything is left in it.
            refuse_other_files(path)?;
        }
        let lock = Lock::take(path)?;
        let known = Manifest::read(path)?;
        let (mut manifest, entries) = match known {
            Some((manifest, entries)) if opening.resume => (manifest, entries),
            Some(_) => {
                let message = format!("`{}` holds results already", path.display());
                return Err(problem("R0070", format!("{message}; --resume goes on with them")));
            }
            None => (Manifest::begin(&identity, opening.block), Vec::new()),
        };
        let places = manifest.admit(identity, path)?;
        let mut all = entries;
        all.extend(Log::read(path)?);
        let entries = whole_ones(path, &manifest, all);
        // Before the log: a folder without a manifest is no store.
        manifest.write(path, &entries)?;
        let log = Log::open(path)?;
        Ok(Self {
            path: path.to_path_buf(),
            manifest: Mutex::new(manifest),
            places,
            entries: Mutex::new(entries),
            writing: Some((log, lock)),
        })
    }

    /// Opens a store to read what it holds; nothing in it changes, and it may grow meanwhile.
    ///
    /// # Errors
    /// R0071, R0073, R0074 as for [`Store::open`].
    pub fn look(path: &Path, identity: Identity) -> Result<Self, RunProblem> {
        block::supported()?;
        let Some((mut manifest, mut entries)) = Manifest::read(path)? else { return Err(no_store(path)) };
        let places = manifest.admit(identity, path)?;
        entries.extend(Log::read(path)?);
        entries.sort();
        entries.dedup();
        entries.retain(|e| e.set < manifest.sets.len() && e.first < e.end && block::is_whole(&path.join(e.file()), e));
        let (manifest, entries) = (Mutex::new(manifest), Mutex::new(entries));
        Ok(Self { path: path.to_path_buf(), manifest, places, entries, writing: None })
    }

    /// Replicates in a block.
    #[must_use]
    pub fn block_size(&self) -> u64 {
        self.manifest().block
    }

    /// Blocks that are there of a condition: their replicates and pairs.
    #[must_use]
    pub fn known(&self, condition: usize) -> Vec<(Range<u64>, Pairs)> {
        let place = self.places.conditions.get(condition).copied();
        let manifest = self.manifest().clone();
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let here = entries.iter().filter(|e| Some(e.condition) == place);
        here.map(|e| (e.first..e.end, self.places.pairs_here(&manifest.sets[e.set]))).collect()
    }

    fn manifest(&self) -> MutexGuard<'_, Manifest> {
        self.manifest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that blocks with these pairs will come. Sets are numbered in the order in which they are announced, so that the
    /// numbers do not depend on which block is done first.
    ///
    /// # Errors
    /// R0021: the manifest cannot be written.
    pub fn announce(&self, pairs: &Pairs) -> Result<(), RunProblem> {
        let set = self.places.set_there(pairs);
        let mut manifest = self.manifest();
        if manifest.sets.contains(&set) {
            return Ok(());
        }
        manifest.sets.push(set);
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone();
        manifest.write(&self.path, &entries)
    }

    /// Adds a block, whose pairs have been announced; it is there once this has returned.
    ///
    /// # Errors
    /// R0021: it cannot be written. What was there stays as it was.
    pub fn keep(&self, block: &Block) -> Result<(), RunProblem> {
        let names = self.manifest().clone();
        let set = self.places.set_there(&block.pairs);
        let set = names.sets.iter().position(|known| *known == set);
        let (Some(condition), Some(set)) = (self.places.conditions.get(block.condition), set) else {
            return Err(problem("R0073", "the store was not opened for this condition and these methods".to_owned()));
        };
        let mut entry = Entry {
            condition: *condition,
            first: block.replicates.start,
            end: block.replicates.end,
            set,
            ..Entry::default()
        };
        let path = self.path.join(entry.file());
        (entry.bytes, entry.hash) = block::write(&path, block, &self.places, &names)?;
        let Some((log, _)) = &self.writing else { return Err(cannot_write(&path, "it was opened to be read")) };
        log.add(&entry)?;
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
        Ok(())
    }

    /// Hands over the blocks of a condition, by first replicate.
    ///
    /// # Errors
    /// R0073: one of them cannot be read; or what `sink` returns.
    pub fn each(
        &self,
        condition: usize,
        sink: &mut dyn FnMut(&Block) -> Result<(), RunProblem>,
    ) -> Result<(), RunProblem> {
        let place = self.places.conditions.get(condition).copied();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone();
        entries.retain(|e| Some(e.condition) == place);
        entries.sort();
        let manifest = self.manifest().clone();
        for entry in entries {
            let pairs = self.places.pairs_here(&manifest.sets[entry.set]);
            let shape =
                Block { condition, replicates: entry.first..entry.end, pairs, rows: Vec::new(), of_replicates: None };
            sink(&block::read(&self.path.join(entry.file()), shape, &self.places, &manifest)?)?;
        }
        Ok(())
    }

    /// Ends a run: the list of blocks goes into the manifest and the log away.
    ///
    /// # Errors
    /// R0021: the manifest cannot be written; the log then still tells what is there.
    pub fn finish(&self) -> Result<(), RunProblem> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone();
        entries.sort();
        self.manifest().write(&self.path, &entries)?;
        if let Some((log, _)) = &self.writing {
            log.remove();
        }
        Ok(())
    }
}

/// The manifest of a store, for reading it.
///
/// # Errors
/// R0073: there is none, or it cannot be understood.
pub fn manifest(path: &Path) -> Result<Manifest, RunProblem> {
    match Manifest::read(path)? {
        Some((manifest, _)) => Ok(manifest),
        None => Err(no_store(path)),
    }
}

/// The entries whose files are there as they were written; other files of blocks are removed.
fn whole_ones(path: &Path, manifest: &Manifest, mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort();
    entries.dedup();
    entries.retain(|e| e.set < manifest.sets.len() && e.first < e.end && block::is_whole(&path.join(e.file()), e));
    let named: std::collections::BTreeSet<PathBuf> = entries.iter().map(|e| path.join(e.file())).collect();
    let folders = std::fs::read_dir(path.join("blocks")).into_iter().flatten().flatten();
    for file in folders.flat_map(|f| std::fs::read_dir(f.path()).into_iter().flatten().flatten()) {
        if !named.contains(&file.path()) {
            // Left by a run that was cut off; if it cannot be removed it will be replaced.
            let _ = std::fs::remove_file(file.path());
        }
    }
    entries
}

/// A folder with other things in it is not made a store.
fn refuse_other_files(path: &Path) -> Result<(), RunProblem> {
    let entries = std::fs::read_dir(path).map_err(|e| cannot_write(path, e))?;
    let other = entries.flatten().map(|e| e.file_name()).find(|name| name != lock::NAME && name != manifest::PART);
    match other {
        None => Ok(()),
        Some(name) => {
            let name = name.to_string_lossy().into_owned();
            let message = format!("`{}` is no store of results, and holds `{name}`", path.display());
            Err(problem("R0070", format!("{message}; name a folder that is empty or not there yet")))
        }
    }
}

fn no_store(path: &Path) -> RunProblem {
    problem("R0073", format!("`{}` is no store of results: it has no manifest.json", path.display()))
}

fn problem(code: &'static str, message: String) -> RunProblem {
    RunProblem { code, message, span: None }
}

fn cannot_write(path: &Path, why: impl Display) -> RunProblem {
    problem("R0021", format!("cannot write `{}`: {why}", path.display()))
}

fn damaged(path: &Path, why: impl Display) -> RunProblem {
    problem("R0073", format!("cannot read `{}`: {why}", path.display()))
}

#[cfg(test)]
mod tests;

//! The list of blocks while a run goes on: a line each, added when the block's file has its name.

use super::{cannot_write, damaged};
use crate::tables::RunProblem;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

const NAME: &str = "log.jsonl";

/// A block and its file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Position of the condition in the manifest.
    pub(super) condition: usize,
    /// First replicate.
    pub(super) first: u64,
    /// First replicate that is no longer in it.
    pub(super) end: u64,
    /// Position of the set of pairs in the manifest.
    pub(super) set: usize,
    /// Length of the file.
    pub(super) bytes: u64,
    /// XXH64 of the file.
    pub(super) hash: u64,
}

impl Entry {
    /// The file, from the store's folder. Conditions are counted from 1, as in tables.
    pub(super) fn file(&self) -> PathBuf {
        let name = format!("{:010}-{:010}-{}.parquet", self.first, self.end, self.set);
        PathBuf::from("blocks").join(format!("{:06}", self.condition + 1)).join(name)
    }
}

/// The log of a run.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: Mutex<File>,
}

impl Log {
    /// The entries of a log, if there is one. A last line that was cut off does not count.
    pub(super) fn read(folder: &Path) -> Result<Vec<Entry>, RunProblem> {
        let path = folder.join(NAME);
        let text = match std::fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(damaged(&path, e)),
        };
        Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    /// Opens the log to add to it.
    pub(super) fn open(folder: &Path) -> Result<Self, RunProblem> {
        let path = folder.join(NAME);
        let mut file = OpenOptions::new().create(true).append(true).open(&path).map_err(|e| cannot_write(&path, e))?;
        // After a line that was cut off the next one begins anew.
        file.write_all(b"\n").map_err(|e| cannot_write(&path, e))?;
        Ok(Self { path, file: Mutex::new(file) })
    }

    /// Adds a block.
    pub(super) fn add(&self, entry: &Entry) -> Result<(), RunProblem> {
        let line = serde_json::to_string(entry).map_err(|e| cannot_write(&self.path, e))?;
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(format!("{line}\n").as_bytes()).map_err(|e| cannot_write(&self.path, e))
    }

    /// Removes the log; where that fails it only says again what the manifest says.
    pub(super) fn remove(&self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

//! One process at a time.

use super::{cannot_write, problem};
use crate::tables::RunProblem;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// The file that is locked. It stays: whoever removed it would let in a second process.
pub(super) const NAME: &str = "lock";

/// Held until it is dropped, or the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a store (R0072 where another process has it).
    pub(super) fn take(folder: &Path) -> Result<Self, RunProblem> {
        let path = folder.join(NAME);
        let file = OpenOptions::new().create(true).write(true).truncate(false).open(&path);
        let file = file.map_err(|e| cannot_write(&path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => {
                let message = format!("another process writes to `{}`: wait until it has ended", folder.display());
                Err(problem("R0072", message))
            }
            Err(TryLockError::Error(e)) => Err(cannot_write(&path, e)),
        }
    }
}

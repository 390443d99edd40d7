//! A block as a Parquet file: pair after pair, in each replicate after replicate.
//!
//! Numbers are written plain and not compressed, since estimates have no pattern and time counts; columns with few values
//! are dictionaries. Absent numbers are NaN. Counts of the audit are JSON in the file's metadata.

#[cfg(feature = "columnar")]
pub(super) use super::parquet_file::{is_whole, read, supported, write};

/// A build without Parquet has no stores.
#[cfg(not(feature = "columnar"))]
mod without {
    use crate::store::identity::Places;
    use crate::store::log::Entry;
    use crate::store::manifest::Manifest;
    use crate::store::problem;
    use crate::tables::{Block, RunProblem};
    use std::path::Path;

    fn none() -> RunProblem {
        problem("R0074", "this build of the program has no Parquet, in which stores are written".to_owned())
    }

    pub(in crate::store) fn supported() -> Result<(), RunProblem> {
        Err(none())
    }

    pub(in crate::store) fn is_whole(_: &Path, _: &Entry) -> bool {
        false
    }

    pub(in crate::store) fn write(_: &Path, _: &Block, _: &Places, _: &Manifest) -> Result<(u64, u64), RunProblem> {
        Err(none())
    }

    pub(in crate::store) fn read(_: &Path, _: Block, _: &Places, _: &Manifest) -> Result<Block, RunProblem> {
        Err(none())
    }
}
#[cfg(not(feature = "columnar"))]
pub(super) use without::{is_whole, read, supported, write};

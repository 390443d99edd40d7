//! Where the blocks of a study are kept while it runs: in memory, or in a store on disk.

use super::missing::Stretch;
use crate::store::Store;
use crate::tables::{Block, Pairs, RunProblem};
use std::sync::{Mutex, PoisonError};

/// Keeps blocks and hands them back.
pub trait Results: Sync {
    /// Replicates in a block; absent where blocks may have any size.
    fn block_size(&self) -> Option<u64>;

    /// What is known of the condition at this position.
    ///
    /// # Errors
    /// What is kept cannot be read.
    fn known(&self, condition: usize) -> Result<Vec<Stretch>, RunProblem>;

    /// Says that blocks with these pairs will come.
    ///
    /// # Errors
    /// What is kept cannot be written to.
    fn announce(&self, pairs: &Pairs) -> Result<(), RunProblem>;

    /// Keeps a block. Called from all threads.
    ///
    /// # Errors
    /// It cannot be kept.
    fn keep(&self, block: Block) -> Result<(), RunProblem>;

    /// Hands over all blocks of a condition, by first replicate.
    ///
    /// # Errors
    /// What is kept cannot be read, or what `sink` returns.
    fn each(&self, condition: usize, sink: &mut Sink<'_>) -> Result<(), RunProblem>;
}

/// What takes blocks one after the other.
pub type Sink<'a> = dyn FnMut(&Block) -> Result<(), RunProblem> + 'a;

/// Blocks in memory.
#[derive(Debug, Default)]
pub struct Memory {
    blocks: Mutex<Vec<Block>>,
}

impl Memory {
    /// All blocks.
    #[must_use]
    pub fn into_blocks(self) -> Vec<Block> {
        self.blocks.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Results for Memory {
    fn block_size(&self) -> Option<u64> {
        None
    }

    fn known(&self, condition: usize) -> Result<Vec<Stretch>, RunProblem> {
        let blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        let known = blocks.iter().filter(|b| b.condition == condition);
        Ok(known.map(|b| (b.replicates.clone(), b.pairs.clone())).collect())
    }

    fn announce(&self, _: &Pairs) -> Result<(), RunProblem> {
        Ok(())
    }

    fn keep(&self, block: Block) -> Result<(), RunProblem> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner).push(block);
        Ok(())
    }

    fn each(&self, condition: usize, sink: &mut Sink<'_>) -> Result<(), RunProblem> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        blocks.sort_by_key(|b| (b.condition, b.replicates.start));
        blocks.iter().filter(|b| b.condition == condition).try_for_each(sink)
    }
}

impl Results for Store {
    fn block_size(&self) -> Option<u64> {
        Some(Store::block_size(self))
    }

    fn known(&self, condition: usize) -> Result<Vec<Stretch>, RunProblem> {
        Ok(Store::known(self, condition))
    }

    fn announce(&self, pairs: &Pairs) -> Result<(), RunProblem> {
        Store::announce(self, pairs)
    }

    fn keep(&self, block: Block) -> Result<(), RunProblem> {
        Store::keep(self, &block)
    }

    fn each(&self, condition: usize, sink: &mut Sink<'_>) -> Result<(), RunProblem> {
        Store::each(self, condition, sink)
    }
}

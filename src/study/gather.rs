//! Batches put together to blocks, whatever thread worked them and in whatever order.

use super::batch::{Task, Todo};
use super::worker::BatchResult;
use crate::tables::{Audit, Block, OfReplicates};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What is there of a block: the batches by first replicate, each with the first replicate after it.
type Parts = BTreeMap<u64, (u64, BatchResult)>;

/// Blocks of which some batches are still missing.
pub(super) struct Gather {
    todo: Arc<[Todo]>,
    open: Mutex<BTreeMap<usize, Parts>>,
}

impl Gather {
    pub(super) fn new(todo: Arc<[Todo]>) -> Self {
        Self { todo, open: Mutex::default() }
    }

    /// Adds a batch; gives the block once it is whole.
    pub(super) fn add(&self, task: &Task, result: BatchResult) -> Option<Block> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let parts = open.entry(task.block).or_default();
        parts.insert(task.replicates.start, (task.replicates.end, result));
        let wanted = &self.todo[task.block].replicates;
        let there: u64 = parts.iter().map(|(first, (end, _))| end - first).sum();
        let whole = if there == wanted.end - wanted.start { open.remove(&task.block) } else { None };
        drop(open);
        whole.and_then(|parts| joined(&self.todo[task.block], parts))
    }

    /// What was begun and not ended: of each block the replicates from its first up to the first gap.
    pub(super) fn rest(&self) -> Vec<Block> {
        let open = std::mem::take(&mut *self.open.lock().unwrap_or_else(PoisonError::into_inner));
        open.into_iter().filter_map(|(block, parts)| joined(&self.todo[block], parts)).collect()
    }
}

fn joined(todo: &Todo, parts: Parts) -> Option<Block> {
    let first = todo.replicates.start;
    let mut end = first;
    let (mut rows, mut audit, mut cohort) = (Vec::new(), Audit::default(), Vec::new());
    for (start, (stop, mut part)) in parts {
        if start != end {
            break;
        }
        end = stop;
        rows.append(&mut part.rows);
        audit.add_counts(&part.audit);
        cohort.resize(part.cohort.len(), Vec::new());
        for (all, values) in cohort.iter_mut().zip(&part.cohort) {
            all.extend_from_slice(values);
        }
    }
    let of_replicates = OfReplicates { audit: audit.counts, mechanisms: audit.mechanisms, cohort };
    (end > first).then(|| Block {
        condition: todo.condition,
        replicates: first..end,
        pairs: todo.pairs.clone(),
        rows,
        of_replicates: todo.counted.then_some(of_replicates),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Pairs;

    fn batch(values: &[f64]) -> BatchResult {
        BatchResult { rows: Vec::new(), audit: Audit::default(), cohort: vec![values.to_vec()] }
    }

    fn todo() -> Arc<[Todo]> {
        let block = |replicates| Todo { condition: 1, replicates, pairs: Pairs::from([(0, 0)]), counted: true };
        Arc::new([block(0..4), block(4..8)])
    }

    fn task(block: usize, replicates: std::ops::Range<u64>) -> Task {
        Task { block, replicates }
    }

    #[test]
    fn a_block_is_whole_once_all_its_batches_are_there() {
        let gather = Gather::new(todo());
        assert!(gather.add(&task(1, 6..8), batch(&[6.0, 7.0])).is_none());
        assert!(gather.add(&task(0, 0..2), batch(&[0.0, 1.0])).is_none());
        let second = gather.add(&task(1, 4..6), batch(&[4.0, 5.0])).unwrap();
        assert_eq!((second.condition, second.replicates), (1, 4..8));
        assert_eq!(second.of_replicates.unwrap().cohort, [[4.0, 5.0, 6.0, 7.0]]);
        let rest = gather.rest();
        assert_eq!((rest.len(), rest[0].replicates.clone()), (1, 0..2));
    }

    #[test]
    fn what_comes_after_a_gap_is_left_out() {
        let gather = Gather::new(todo());
        assert!(gather.add(&task(0, 2..4), batch(&[2.0, 3.0])).is_none());
        assert!(gather.add(&task(1, 4..5), batch(&[4.0])).is_none());
        assert!(gather.add(&task(1, 7..8), batch(&[7.0])).is_none());
        let rest: Vec<_> = gather.rest().into_iter().map(|b| b.replicates).collect();
        assert!(rest.len() == 1 && rest[0] == (4..5), "{rest:?}");
    }
}

//! How a study is cut into blocks, and blocks into batches: by its size alone, never by the number of threads.

use crate::tables::Pairs;
use std::ops::Range;

/// Rows that a batch aims at: columns of this length stay in a core's cache.
const ROWS: u64 = 8192;
/// Most replicates in a batch.
const MOST: u64 = 512;
/// Batches that a small study is cut into all the same, so that several threads have work.
const FEWEST: u64 = 32;
/// Rows that a block aims at: so few that little is lost with it, so many that writing it costs next to nothing.
const BLOCK_ROWS: u64 = 65_536;
/// Most replicates in a block.
const MOST_IN_BLOCK: u64 = 4_096;

/// Replicates in a block of a study with so many persons (in its largest condition).
#[must_use]
pub(super) fn block_size(persons: u64) -> u64 {
    (BLOCK_ROWS / persons.max(1)).clamp(1, MOST_IN_BLOCK)
}

/// What is to be done: replicates of a condition whose results are kept together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Todo {
    /// Position of the condition.
    pub(super) condition: usize,
    /// The replicates.
    pub(super) replicates: Range<u64>,
    /// The pairs of estimand and method that are asked.
    pub(super) pairs: Pairs,
    /// Whether what is known of the replicates themselves is wanted.
    pub(super) counted: bool,
}

/// The replicates of a block that a thread works at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Task {
    /// Position of the block.
    pub(super) block: usize,
    /// The replicates.
    pub(super) replicates: Range<u64>,
}

/// Cuts a stretch of replicates at the multiples of `size`.
pub(super) fn cut(stretch: Range<u64>, size: u64) -> impl Iterator<Item = Range<u64>> {
    let (mut next, size) = (stretch.start, size.max(1));
    std::iter::from_fn(move || {
        let end = (next / size + 1).saturating_mul(size).min(stretch.end);
        let block = (next < stretch.end).then_some(next..end);
        next = end;
        block
    })
}

/// The batches of blocks, block after block; `persons[condition]` are the persons of a replicate.
pub(super) fn tasks(todo: &[Todo], persons: &[usize]) -> Vec<Task> {
    let all: u64 = todo.iter().map(|t| t.replicates.end - t.replicates.start).sum();
    let share = all.div_ceil(FEWEST).max(1);
    let mut tasks = Vec::new();
    for (block, wanted) in todo.iter().enumerate() {
        let of_cache = ROWS / (persons[wanted.condition] as u64).max(1);
        let size = of_cache.clamp(1, MOST).min(share);
        let mut next = wanted.replicates.start;
        while next < wanted.replicates.end {
            let end = next.saturating_add(size).min(wanted.replicates.end);
            tasks.push(Task { block, replicates: next..end });
            next = end;
        }
    }
    tasks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn todo(condition: usize, replicates: Range<u64>) -> Todo {
        Todo { condition, replicates, pairs: Pairs::from([(0, 0)]), counted: true }
    }

    #[test]
    fn every_replicate_of_every_block_is_in_one_batch() {
        let list = [todo(0, 0..1000), todo(2, 7..8), todo(1, 512..1024), todo(0, 1000..1001)];
        let tasks = tasks(&list, &[34, 100_000, 0]);
        for (block, wanted) in list.iter().enumerate() {
            let mut next = wanted.replicates.start;
            for task in tasks.iter().filter(|t| t.block == block) {
                assert!(task.replicates.start == next && task.replicates.end > next);
                next = task.replicates.end;
            }
            assert_eq!(next, wanted.replicates.end);
        }
        assert!(tasks.is_sorted_by_key(|t| t.block));
    }

    #[test]
    fn sizes_are_as_hand_reckoned() {
        let first =
            |persons: usize, replicates: u64| tasks(&[todo(0, 0..replicates)], &[persons])[0].replicates.clone();
        // 8192 / 100 = 81 rows fit; 10,000 replicates of one condition in 32 parts would be 313 each.
        assert_eq!(first(100, 10_000), 0..81);
        // 100 replicates in 32 parts: 4 each.
        assert_eq!(first(34, 100), 0..4);
        assert_eq!(first(1_000_000, 100), 0..1);
        assert_eq!(first(1, 1_000_000), 0..512);
        assert!(tasks(&[], &[]).is_empty());
        assert_eq!([block_size(128), block_size(1), block_size(0), block_size(1_000_000)], [512, 4096, 4096, 1]);
    }

    #[test]
    fn blocks_end_at_multiples() {
        let all = |stretch, size| cut(stretch, size).collect::<Vec<_>>();
        assert_eq!(all(0..10, 4), [0..4, 4..8, 8..10]);
        assert_eq!(all(10..17, 4), [10..12, 12..16, 16..17]);
        assert_eq!(all(5..5, 4), []);
        assert_eq!(all(2..4, 0), [2..3, 3..4]);
        let last = all(u64::MAX - 1..u64::MAX, 4);
        assert!(last.len() == 1 && last[0] == (u64::MAX - 1..u64::MAX), "{last:?}");
    }
}

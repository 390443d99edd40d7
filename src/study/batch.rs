//! How a study is cut into batches: by its size alone, never by the number of threads.

use std::ops::Range;

/// Rows that a batch aims at: columns of this length stay in a core's cache.
const ROWS: u64 = 8192;
/// Most replicates in a batch.
const MOST: u64 = 512;
/// Batches that a small study is cut into all the same, so that several threads have work.
const FEWEST: u64 = 32;

/// The batches of a study: batch after batch, in each one condition after condition.
#[derive(Clone, Debug)]
pub(super) struct Batches {
    tasks: Vec<Task>,
}

/// The replicates `replicates` of the condition at position `condition`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) condition: usize,
    pub(super) replicates: Range<u64>,
}

impl Batches {
    /// Cuts `replicates` of each condition, whose replicates have these numbers of persons.
    pub(super) fn cut(persons: &[usize], replicates: u64) -> Self {
        let conditions = persons.len() as u64;
        let share = replicates.saturating_mul(conditions).div_ceil(FEWEST).max(1);
        let sizes: Vec<u64> = persons.iter().map(|p| (ROWS / (*p as u64).max(1)).clamp(1, MOST).min(share)).collect();
        let mut next = vec![0_u64; persons.len()];
        let mut tasks = Vec::new();
        while next.iter().any(|n| *n < replicates) {
            for (condition, (next, size)) in next.iter_mut().zip(&sizes).enumerate() {
                if *next < replicates {
                    let end = next.saturating_add(*size).min(replicates);
                    tasks.push(Task { condition, replicates: *next..end });
                    *next = end;
                }
            }
        }
        Self { tasks }
    }

    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }

    pub(super) fn task(&self, number: usize) -> &Task {
        &self.tasks[number]
    }

    /// What was done, condition by condition and in each by replicate, up to the first batch that is missing.
    pub(super) fn in_conditions<T>(&self, done: Vec<Option<T>>, conditions: usize) -> Vec<Vec<T>> {
        let mut kept: Vec<Vec<T>> = std::iter::repeat_with(Vec::new).take(conditions).collect();
        let mut broken = vec![false; conditions];
        for (task, result) in self.tasks.iter().zip(done) {
            match result {
                Some(result) if !broken[task.condition] => kept[task.condition].push(result),
                Some(_) => {}
                None => broken[task.condition] = true,
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_replicate_of_every_condition_is_in_one_batch() {
        for (persons, replicates) in [(vec![34], 1000), (vec![1, 100_000], 7), (vec![0, 50, 3000], 1001)] {
            let batches = Batches::cut(&persons, replicates);
            let mut next = vec![0; persons.len()];
            for number in 0..batches.len() {
                let task = batches.task(number);
                assert_eq!(task.replicates.start, next[task.condition]);
                assert!(task.replicates.end > task.replicates.start);
                next[task.condition] = task.replicates.end;
            }
            assert!(next.iter().all(|n| *n == replicates));
        }
    }

    #[test]
    fn sizes_are_as_hand_reckoned() {
        // 8192 / 100 = 81 rows fit; 10,000 replicates of one condition in 32 parts would be 313 each.
        assert_eq!(Batches::cut(&[100], 10_000).task(0).replicates, 0..81);
        // 100 replicates in 32 parts: 4 each.
        assert_eq!(Batches::cut(&[34], 100).task(0).replicates, 0..4);
        assert_eq!(Batches::cut(&[1_000_000], 100).task(1).replicates, 1..2);
        assert_eq!(Batches::cut(&[1], 1_000_000).task(0).replicates, 0..512);
        assert_eq!(Batches::cut(&[34], 0).len(), 0);
        assert_eq!(Batches::cut(&[], 10).len(), 0);
    }

    #[test]
    fn a_gap_ends_its_condition_only() {
        let batches = Batches::cut(&[10_000, 10_000], 3);
        let done = vec![Some(0), Some(1), None, Some(3), Some(4), Some(5)];
        assert_eq!(batches.in_conditions(done, 2), vec![vec![0], vec![1, 3, 5]]);
    }
}

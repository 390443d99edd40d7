//! The blocks of a study as a crew works them: all that its threads share, which they own, since one of them may be left
//! behind.

use super::batch::{Task, Todo};
use super::crew::{Job, Post};
use super::gather::Gather;
use super::worker::Worker;
use super::{Cell, FixedValues};
use crate::scenario::MethodDeclaration;
use crate::tables::{Block, Spent};
use std::sync::Arc;
use std::time::Duration;

/// What is to be done, and what of it is there.
pub(super) struct Blocks {
    pub(super) methods: Arc<[MethodDeclaration]>,
    pub(super) cells: Arc<[Cell]>,
    pub(super) seed: u64,
    pub(super) fixed: FixedValues,
    pub(super) todo: Arc<[Todo]>,
    pub(super) tasks: Vec<Task>,
    pub(super) gather: Gather,
    /// The longest that a fit may take.
    pub(super) limit: Option<Duration>,
}

/// What a batch gave.
pub(super) struct Batch {
    /// Data sets that were made and analysed.
    pub(super) data_sets: u64,
    /// The block, once it is whole.
    pub(super) block: Option<Block>,
    /// Where the time went.
    pub(super) spent: Spent,
}

impl Job for Blocks {
    type Done = Batch;

    fn tasks(&self) -> usize {
        self.tasks.len()
    }

    fn serve(&self, post: &mut Post<Batch>) {
        let mut worker = Worker::new(&self.methods, &self.cells, self.seed, self.limit);
        post.each(|number, pulse| {
            let task = &self.tasks[number];
            let wanted = &self.todo[task.block];
            let fixed = self.fixed[wanted.condition].as_deref().unwrap_or(&[]);
            let (result, spent) = worker.work(wanted, task.replicates.clone(), fixed, pulse)?;
            let data_sets = task.replicates.end - task.replicates.start;
            Ok(Batch { data_sets, block: self.gather.add(task, result), spent })
        });
    }

    fn whose(&self, task: usize, position: u64) -> String {
        let todo = &self.todo[self.tasks[task].block];
        let place = position.checked_rem(todo.pairs.len() as u64).unwrap_or(0) as usize;
        let Some((estimand, method)) = todo.pairs.get(place) else { return String::new() };
        let estimand = &self.cells[todo.condition].prepared.targets[*estimand as usize].name;
        format!("method `{}` for `{estimand}`", self.methods[*method as usize].name.text)
    }
}

#[cfg(test)]
mod tests;

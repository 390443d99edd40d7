//! How much of a study is still to be done.

use super::missing::complete;
use super::{Results, Study};
use crate::tables::RunProblem;

impl Study<'_> {
    /// Data sets that are missing of the first `replicates[condition]` of each condition.
    ///
    /// # Errors
    /// What is kept cannot be read.
    pub fn left(&self, replicates: &[u64], results: &dyn Results) -> Result<u64, RunProblem> {
        let todo = self.todo(replicates, results)?;
        Ok(todo.iter().map(|t| t.replicates.end - t.replicates.start).sum())
    }

    /// For each condition the replicates, from the first on, for which all methods have been asked.
    ///
    /// # Errors
    /// What is kept cannot be read.
    pub fn known(&self, results: &dyn Results) -> Result<Vec<u64>, RunProblem> {
        let cells = self.cells.iter().enumerate();
        cells.map(|(condition, cell)| Ok(complete(&cell.pairs(), &results.known(condition)?))).collect()
    }
}

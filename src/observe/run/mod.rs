//! Running a survey: wave after wave, visit after visit, item after item.

mod audit;
mod field;
mod inputs;
mod visit;

use super::plan::Plan;
use crate::rules::{Layout, RuleScratch};
use crate::streams::Streams;
use crate::tables::{Audit, ObservedBatch, RunProblem, Truth};
use field::Field;
use inputs::Buffers;

/// Buffers of a survey, reused between batches of the same plan.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    losses: Vec<RuleScratch>,
    answers: Vec<RuleScratch>,
    non_response: Vec<Vec<RuleScratch>>,
    buffers: Buffers,
    epoch: u64,
}

impl Plan {
    /// What the survey holds of a batch, and why it differs from the truth. With `keep_cells` the audit has the
    /// reason of every cell and the single visits are kept, otherwise the audit has counts only. A scratch must not
    /// be shared between plans.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used.
    pub fn observe(
        &self,
        truth: &Truth,
        streams: &Streams,
        keep_cells: bool,
        scratch: &mut Scratch,
    ) -> Result<(ObservedBatch, Audit), RunProblem> {
        scratch.epoch += 1;
        scratch.losses.resize_with(self.losses.len(), RuleScratch::default);
        scratch.answers.resize_with(self.items.len(), RuleScratch::default);
        scratch.non_response.resize_with(self.items.len(), Vec::new);
        let layout = Layout::new(&self.groups, truth.replicates.clone());
        let mut field = Field::new(self, truth, streams, layout, keep_cells);
        for wave in 0..self.truth.waves.len() {
            field.wave(wave, scratch)?;
        }
        Ok(field.finish())
    }
}

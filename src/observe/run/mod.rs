//! Running a survey: wave after wave, visit after visit, item after item.

mod asking;
mod audit;
mod buffers;
mod comments;
mod field;
mod inputs;
mod linking;
mod meeting;
mod presence;
mod sets;
mod sites;
mod telling;
mod visit;
mod wave;
mod when;

pub(super) use presence::Presence;
pub(super) use sites::Sites;
pub(super) use telling::{Telling, Told};

use super::keep::Keep;
use super::plan::Plan;
use super::scope::Meaning;
use crate::rules::{Layout, RuleScratch};
use crate::streams::Streams;
use crate::tables::{Audit, ObservedBatch, RunProblem, Truth};
use buffers::Buffers;
use field::Field;
use std::ops::Range;

/// Buffers of a survey, reused between batches of the same plan.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    losses: Vec<Vec<RuleScratch>>,
    answers: Vec<RuleScratch>,
    non_response: Vec<Vec<RuleScratch>>,
    /// By item, step and rule.
    steps: Vec<Vec<Vec<RuleScratch>>>,
    circumstances: Vec<RuleScratch>,
    /// By decision of the linkage.
    linkage: Vec<RuleScratch>,
    /// By item, for its skip pattern.
    asked: Vec<RuleScratch>,
    sets: Vec<RuleScratch>,
    formula: crate::formula::Scratch,
    buffers: Buffers,
    epoch: u64,
}

impl Plan {
    /// What the survey holds of a batch, and why it differs from the truth, in as much detail as `keep` says. A scratch
    /// must not be shared between plans.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used.
    pub fn observe(
        &self,
        truth: &Truth,
        streams: &Streams,
        keep: Keep,
        scratch: &mut Scratch,
    ) -> Result<(ObservedBatch, Audit), RunProblem> {
        let layout = Layout::new(&self.groups, truth.replicates.clone());
        self.run(Field::new(self, truth, streams, layout, keep), scratch)
    }

    /// What [`observe`](Self::observe) gives for some persons of one replicate, for cohorts too large to be observed at
    /// once. `truth` holds these persons only. `None` where the survey reads means over sites, or joins interviews into
    /// records: both need everybody.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used.
    pub fn observe_part(
        &self,
        truth: &Truth,
        persons: Range<usize>,
        streams: &Streams,
        keep: Keep,
        scratch: &mut Scratch,
    ) -> Result<Option<(ObservedBatch, Audit)>, RunProblem> {
        if self.linkage.is_some() || self.meanings.iter().any(|m| matches!(m, Meaning::SiteMean(_))) {
            return Ok(None);
        }
        let layout = Layout::part(&self.groups, truth.replicates.start, persons.clone());
        let mut field = Field::new(self, truth, streams, layout, keep);
        field.counts_sites = persons.start == 0;
        self.run(field, scratch).map(Some)
    }

    fn run(&self, mut field: Field<'_>, scratch: &mut Scratch) -> Result<(ObservedBatch, Audit), RunProblem> {
        scratch.epoch += 1;
        scratch.buffers.epoch = scratch.epoch;
        scratch.losses.resize_with(self.losses.len(), Vec::new);
        scratch.answers.resize_with(self.items.len(), RuleScratch::default);
        scratch.non_response.resize_with(self.items.len(), Vec::new);
        scratch.steps.resize_with(self.items.len(), Vec::new);
        scratch.asked.resize_with(self.items.len(), RuleScratch::default);
        scratch.sets.resize_with(self.sets.len(), RuleScratch::default);
        for wave in 0..self.truth.waves.len() {
            field.wave(wave, scratch)?;
        }
        field.settle_sets(scratch)?;
        Ok(field.finish())
    }
}

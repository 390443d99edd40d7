//! Running a plan: persons start, then all of them take one step after another.

mod assign;
mod cohort;
mod problem;
mod record;
mod start;
mod step;

pub use record::MomentView;

use super::plan::{AssignmentWithin, Plan, Starts};
use crate::rules::{Layout, RuleScratch};
use crate::streams::Streams;
use crate::tables::{RunProblem, Truth};
use cohort::{Buffers, Cohort};
use std::ops::Range;

/// Buffers of a simulation, reused between batches of the same plan.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    /// Scratch of the rules that start a variable, by variable and group.
    starts: Vec<Vec<RuleScratch>>,
    /// Scratch of the equations' rules.
    equations: Vec<RuleScratch>,
    buffers: Buffers,
    /// Memory for histories.
    spare: record::Spare,
    /// Number of batches so far; tells tables of one batch from those of another.
    epoch: u64,
}

impl Scratch {
    /// Takes the memory of a truth that is not needed any more, for the next one.
    pub fn take_back(&mut self, truth: Truth) {
        self.spare.take(truth);
    }

    /// What of these buffers may be used with another plan: memory, and nothing of what was worked out.
    #[must_use]
    pub fn for_another_plan(self) -> Self {
        Self { spare: self.spare, ..Self::default() }
    }
}

impl Plan {
    /// The true histories of these replicates. A scratch must not be shared between plans.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used.
    pub fn simulate(
        &self,
        streams: &Streams,
        replicates: Range<u64>,
        scratch: &mut Scratch,
    ) -> Result<Truth, RunProblem> {
        let mut spare = std::mem::take(&mut scratch.spare);
        let mut recorder = record::Recorder::new(self, replicates.clone(), &mut spare);
        self.simulate_moments(streams, replicates, scratch, &mut |moment| -> Result<(), RunProblem> {
            recorder.add(moment);
            Ok(())
        })?;
        let truth = recorder.finish();
        scratch.spare = spare;
        Ok(truth)
    }

    /// The true histories of some persons of one replicate, counted through all groups, for cohorts too large to be
    /// simulated at once. `None` where persons depend on others: where a formula reads means over sites, and where the
    /// numbers in the arms are fixed.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used.
    pub fn simulate_part(
        &self,
        streams: &Streams,
        replicate: u64,
        persons: Range<usize>,
        scratch: &mut Scratch,
    ) -> Result<Option<Truth>, RunProblem> {
        if !self.has_independent_persons() {
            return Ok(None);
        }
        let replicates = replicate..replicate + 1;
        let layout = Layout::part(&self.groups, replicate, persons);
        let mut spare = std::mem::take(&mut scratch.spare);
        let mut recorder = record::Recorder::new(self, replicates.clone(), &mut spare);
        self.run(layout, replicates, streams, scratch, &mut |moment| -> Result<(), RunProblem> {
            recorder.add(moment);
            Ok(())
        })?;
        let truth = recorder.finish();
        scratch.spare = spare;
        Ok(Some(truth))
    }

    /// Whether no person's history depends on others.
    fn has_independent_persons(&self) -> bool {
        let alone = |starts: &Starts| match starts {
            Starts::Assigned(assignment) => assignment.kind == AssignmentWithin::Nobody,
            Starts::ByGroup(_) | Starts::Jointly { .. } => true,
        };
        self.averaged.is_empty() && self.variables.iter().all(|v| alone(&v.starts))
    }

    /// Hands over the persons at each recorded moment instead of keeping their histories, for cohorts too large to
    /// keep.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used, or what `sink` returns.
    pub fn simulate_moments<E: From<RunProblem>>(
        &self,
        streams: &Streams,
        replicates: Range<u64>,
        scratch: &mut Scratch,
        sink: &mut dyn FnMut(&MomentView<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.run(Layout::new(&self.groups, replicates.clone()), replicates, streams, scratch, sink)
    }

    fn run<E: From<RunProblem>>(
        &self,
        layout: Layout,
        replicates: Range<u64>,
        streams: &Streams,
        scratch: &mut Scratch,
        sink: &mut dyn FnMut(&MomentView<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        scratch.epoch += 1;
        scratch.equations.resize_with(self.equations.len(), RuleScratch::default);
        let mut cohort = Cohort::new(self, layout, replicates, streams);
        start::start(&mut cohort, scratch)?;
        let mut moment = 0;
        for step in 0..=self.steps {
            if step > 0 {
                step::step(&mut cohort, step, scratch)?;
            }
            if self.schema.moments.get(moment) == Some(&step) {
                sink(&cohort.view(moment))?;
                moment += 1;
            }
        }
        Ok(())
    }
}

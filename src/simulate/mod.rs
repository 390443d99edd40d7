//! Persons, sites, groups and their true histories.

pub mod declaration;

use crate::diagnostic::Diagnostics;
use crate::formula::Parameters;
use crate::streams::Streams;
use crate::tables::{RunProblem, Truth, TruthSchema};
use declaration::Declaration;
use std::ops::Range;
use std::sync::Arc;

/// A checked data-generating mechanism under one condition.
#[derive(Clone, Debug)]
pub struct Plan {
    schema: Arc<TruthSchema>,
}

/// Buffers of a simulation, reused between batches.
#[derive(Clone, Debug, Default)]
pub struct Scratch {}

/// Checks a declaration under the parameters of one condition. `moments` says which moments the survey needs.
pub fn plan(
    declaration: &Declaration,
    parameters: &Parameters,
    moments: Moments,
    problems: &mut Diagnostics,
) -> Option<Plan> {
    let _ = (declaration, parameters, moments, problems);
    todo!()
}

/// Which moments of the true histories are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moments {
    /// The waves only.
    Waves,
    /// Every step, for visits between waves.
    EveryStep,
}

impl Plan {
    /// What the columns of the truth mean.
    #[must_use]
    pub fn schema(&self) -> &Arc<TruthSchema> {
        &self.schema
    }

    /// The true histories of these replicates.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used.
    pub fn simulate(
        &self,
        streams: &Streams,
        replicates: Range<u64>,
        scratch: &mut Scratch,
    ) -> Result<Truth, RunProblem> {
        let _ = (streams, replicates, scratch);
        todo!()
    }

    /// Every possible history with its probability, if the mechanism has few enough: then the population's truth is
    /// exact. `limit` is the greatest number of rows.
    #[must_use]
    pub fn enumerate(&self, limit: usize) -> Option<Truth> {
        let _ = limit;
        todo!()
    }
}

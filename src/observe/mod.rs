//! What a survey sees of a truth, mechanism after mechanism in the order of one list.

pub mod declaration;

use crate::diagnostic::Diagnostics;
use crate::formula::Parameters;
use crate::streams::Streams;
use crate::tables::{Audit, ObservedBatch, ObservedSchema, RunProblem, Truth, TruthSchema};
use declaration::Declaration;
use std::sync::Arc;

/// A checked survey under one condition.
#[derive(Clone, Debug)]
pub struct Plan {
    schema: Arc<ObservedSchema>,
    mechanisms: Vec<MechanismReport>,
}

/// Missing completely at random, at random given what is observed, or not at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missingness {
    /// The probability depends on nothing but the design.
    Mcar,
    /// The probability depends on recorded history only.
    Mar,
    /// The probability depends on something that no analyst sees.
    Mnar,
}

/// What `check` prints of a mechanism.
#[derive(Clone, Debug, PartialEq)]
pub struct MechanismReport {
    /// Kind in the catalogue and, where there are several, the item: `dropout`, `item_non_response of well`.
    pub name: String,
    /// What its formulas read, in words: `true well at the previous wave`, `reported well`, `contacts`.
    pub reads: Vec<String>,
    /// What that makes it for an analyst; absent for mechanisms that lose nothing.
    pub missingness: Option<Missingness>,
}

/// Whether the survey needs the truth between waves.
#[must_use]
pub fn needs_every_step(declaration: &Declaration) -> bool {
    declaration.visits.is_some()
}

/// Checks a survey against the columns of the truth.
pub fn plan(
    declaration: &Declaration,
    truth: &Arc<TruthSchema>,
    parameters: &Parameters,
    problems: &mut Diagnostics,
) -> Option<Plan> {
    let _ = (declaration, truth, parameters, problems);
    todo!()
}

impl Plan {
    /// What the columns of the observed tables mean.
    #[must_use]
    pub fn schema(&self) -> &Arc<ObservedSchema> {
        &self.schema
    }

    /// The mechanisms in the order in which they work.
    #[must_use]
    pub fn mechanisms(&self) -> &[MechanismReport] {
        &self.mechanisms
    }

    /// What the survey holds of a batch, and why it differs from the truth. With `keep_cells` the audit has the
    /// reason of every cell, otherwise counts only.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used.
    pub fn observe(
        &self,
        truth: &Truth,
        streams: &Streams,
        keep_cells: bool,
    ) -> Result<(ObservedBatch, Audit), RunProblem> {
        let _ = (truth, streams, keep_cells);
        todo!()
    }
}

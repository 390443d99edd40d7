//! Steps before a method: linking, reconciling, imputing, weighting, resampling. A step takes a data set and hands what
//! it makes of it to the rest of the pipeline: once, or several times, whose answers it then pools.
//!
//! One file per step, one line in the catalogue.

mod bootstrap;
mod impute;
pub(super) mod link;
mod reconcile;
mod weight_ipw;
mod weight_rake;

use super::{CannotAnswer, Links};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::streams::Own;
use crate::tables::{Estimate, Findings, FitFailure, Observed, ObservedSchema, WarningKind};

/// What the rest of a pipeline answers for one data set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// One estimate where a target is asked for; all that the method names in a report.
    pub estimates: Vec<Estimate>,
    /// Their covariance, row after row, where the method has it.
    pub covariance: Option<Vec<f64>>,
}

impl Answer {
    /// The same with a warning on each estimate that has no graver one.
    #[must_use]
    pub(super) fn warned(mut self, warning: Option<WarningKind>) -> Self {
        self.estimates.iter_mut().for_each(|estimate| *estimate = estimate.warned(warning));
        self
    }
}

/// The rest of a pipeline.
pub type Rest<'r> = dyn FnMut(&Observed<'_>, &mut Own) -> Result<Answer, FitFailure> + 'r;

/// A step as declared: its options are checked, the columns are not yet known.
pub trait Step: Send + Sync + std::fmt::Debug {
    /// Binds the step to the columns of the data, and says what columns the rest will see. `confidence` is the level of
    /// intervals.
    ///
    /// # Errors
    /// Why it cannot work on these columns.
    fn bind(&self, schema: &ObservedSchema, confidence: f64) -> Result<Bound, CannotAnswer>;
}

/// A step bound to columns.
pub struct Bound {
    /// The step, with its buffers.
    pub step: Box<dyn RunStep>,
    /// The columns that the rest will see.
    pub schema: ObservedSchema,
}

/// A bound step. It is made anew for each thread and may keep buffers between data sets.
pub trait RunStep: Send {
    /// Calls `rest` with what the step makes of the data set, and gives its answer, pooled if there are several.
    ///
    /// # Errors
    /// A failure of the step or of the rest.
    fn run(&mut self, observed: &Observed<'_>, stream: &mut Own, rest: &mut Rest<'_>) -> Result<Answer, FitFailure>;

    /// Where the interviews of the last data set went, if the step linked them anew.
    fn links(&self) -> Option<&Links> {
        None
    }

    /// What the step itself has to say of the last data set, for a report.
    fn findings(&self) -> Findings {
        Findings::default()
    }
}

/// One line of the catalogue of steps.
#[derive(Debug)]
pub struct StepEntry {
    /// Name in `steps = [...]`, such as `link.exact`.
    pub name: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// Its page, with the headings What it does, Assumptions, Failure modes, Options, References.
    pub page: &'static str,
    /// Reads the options of the step's table.
    pub declare: fn(&Options, &mut Diagnostics) -> Option<Box<dyn Step>>,
}

/// All steps, in alphabetical order.
static STEPS: &[StepEntry] = &[
    bootstrap::ENTRY,
    impute::ENTRY,
    link::DETERMINISTIC,
    link::EXACT,
    link::FELLEGI_SUNTER,
    reconcile::ALWAYS,
    reconcile::EVER,
    reconcile::FIRST,
    reconcile::LAST,
    reconcile::LATEST_INTERVIEWER,
    reconcile::MAJORITY,
    reconcile::TRUST_WEIGHTED,
    weight_ipw::ENTRY,
    weight_rake::ENTRY,
];

/// The steps that a method can have before it.
#[must_use]
pub fn steps() -> &'static [StepEntry] {
    STEPS
}

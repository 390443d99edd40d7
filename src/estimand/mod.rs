//! The true value of each target quantity, from true histories only.

use crate::diagnostic::Diagnostics;
use crate::formula::Parameters;
use crate::options::Options;
use crate::tables::{RunProblem, Target, Truth, TruthSchema};
use std::ops::Range;

/// Reads an `[[estimand]]` table under the parameters of one condition. `confidence` is the study's level.
pub fn declare(
    options: &Options,
    confidence: f64,
    parameters: &Parameters,
    truth: &TruthSchema,
    problems: &mut Diagnostics,
) -> Option<Target> {
    let _ = (options, confidence, parameters, truth, problems);
    todo!()
}

/// A target quantity bound to the columns of the truth.
#[derive(Clone, Debug)]
pub struct Plan {}

/// Binds a target to the columns of the truth.
pub fn plan(target: &Target, truth: &TruthSchema, parameters: &Parameters, problems: &mut Diagnostics) -> Option<Plan> {
    let _ = (target, truth, parameters, problems);
    todo!()
}

/// A true value, with its Monte Carlo standard error where it was reckoned from a large cohort.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrueValue {
    /// The value.
    pub value: f64,
    /// Its Monte Carlo standard error; 0 where it is exact.
    pub mcse: f64,
}

impl Plan {
    /// The quantity among these rows of a truth (with the truth's weights, if it has any). NaN where it is
    /// undefined, such as a share of nobody.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used.
    pub fn value(&self, truth: &Truth, rows: Range<usize>) -> Result<f64, RunProblem> {
        let _ = (truth, rows);
        todo!()
    }
}

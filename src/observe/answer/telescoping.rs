//! Telescoping: something that is over is told as present. Whoever was in a state once, and is not now, says yes.

use super::turning::by_probability;
use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Telling;
use crate::options::Options;
use std::sync::Arc;

pub(super) const SUMMARY: &str =
    "a yes/no state that is over is told as present; `probability`, which may read `since(x)`";

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    by_probability(1, at_risk, options, step, problems)
}

fn at_risk(answers: &Telling<'_, '_>, row: usize) -> bool {
    answers.code(row) == 0 && answers.true_code(row) == 0 && answers.since(row).is_finite()
}

//! Recanting: a yes of the last answer, true then and true now, is denied.

use super::turning::by_probability;
use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Telling;
use crate::options::Options;
use std::sync::Arc;

pub(super) const SUMMARY: &str =
    "the last answer was a true yes, the truth is still yes, and no is told; `probability` per such answer";

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    by_probability(0, at_risk, options, step, problems)
}

fn at_risk(answers: &Telling<'_, '_>, row: usize) -> bool {
    answers.code(row) == 1 && answers.last_code(row) == Some(1) && answers.stays_true(row, 1)
}

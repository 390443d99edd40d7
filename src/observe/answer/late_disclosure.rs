//! Late disclosure: what was denied in the last answer, though it was true then and is true now, is told at last.

use super::turning::by_probability;
use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Telling;
use crate::options::Options;
use std::sync::Arc;

pub(super) const SUMMARY: &str =
    "the last answer was a false no, the truth is still yes, and yes is told; `probability` per such answer";

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    by_probability(1, at_risk, options, step, problems)
}

fn at_risk(answers: &Telling<'_, '_>, row: usize) -> bool {
    answers.code(row) == 0 && answers.last_code(row) == Some(0) && answers.stays_true(row, 1)
}

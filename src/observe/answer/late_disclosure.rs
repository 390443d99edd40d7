//! Late disclosure: what was denied in the last answer, though it was true then and is true now, is told at last.

use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Telling;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::RunProblem;
use std::sync::Arc;

pub(super) const SUMMARY: &str =
    "the last answer was a false no, the truth is still yes, and yes is told; `probability` per such answer";

#[derive(Debug)]
struct LateDisclosure {
    rule: Rule,
}

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    let rule = step.probability("probability", options, problems)?;
    Some(Arc::new(LateDisclosure { rule }))
}

impl AnswerStep for LateDisclosure {
    fn rules(&self) -> Vec<&Rule> {
        vec![&self.rule]
    }

    fn work(&self, answers: &mut Telling<'_, '_>) -> Result<(), RunProblem> {
        answers.turn(&self.rule, false, 1, |a, row| {
            a.code(row) == 0 && a.last_code(row) == Some(0) && a.stays_true(row, 1)
        })
    }
}

//! Recanting: a yes of the last answer, true then and true now, is denied.

use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Telling;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::RunProblem;
use std::sync::Arc;

pub(super) const SUMMARY: &str =
    "the last answer was a true yes, the truth is still yes, and no is told; `probability` per such answer";

#[derive(Debug)]
struct Recanting {
    rule: Rule,
}

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    let rule = step.probability("probability", options, problems)?;
    Some(Arc::new(Recanting { rule }))
}

impl AnswerStep for Recanting {
    fn rules(&self) -> Vec<&Rule> {
        vec![&self.rule]
    }

    fn work(&self, answers: &mut Telling<'_, '_>) -> Result<(), RunProblem> {
        answers.turn(&self.rule, false, 0, |a, row| {
            a.code(row) == 1 && a.last_code(row) == Some(1) && a.stays_true(row, 1)
        })
    }
}

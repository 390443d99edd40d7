//! Telescoping: something that is over is told as present. Whoever was in a state once, and is not now, says yes.

use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Telling;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::RunProblem;
use std::sync::Arc;

pub(super) const SUMMARY: &str =
    "a yes/no state that is over is told as present; `probability`, which may read `since(x)`";

#[derive(Debug)]
struct Telescoping {
    rule: Rule,
}

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    let rule = step.probability("probability", options, problems)?;
    Some(Arc::new(Telescoping { rule }))
}

impl AnswerStep for Telescoping {
    fn rules(&self) -> Vec<&Rule> {
        vec![&self.rule]
    }

    fn work(&self, answers: &mut Telling<'_, '_>) -> Result<(), RunProblem> {
        let is_over = |a: &Telling<'_, '_>, row| a.true_code(row) == 0 && a.since(row).is_finite();
        answers.turn(&self.rule, false, 1, |a, row| a.code(row) == 0 && is_over(a, row))
    }
}

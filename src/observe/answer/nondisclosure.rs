//! Nondisclosure: a true yes is kept back. The probability reads what it depends on: `others_present`, where the person
//! lives, `trust`, the interviewer, the item's `stigma`. With `lasting = true` it is decided once for each person: who
//! keeps it back at one interview does so at the next, as long as the probability is no lower.

use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Telling;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::RunProblem;
use std::sync::Arc;

pub(super) const SUMMARY: &str = "a true yes is kept back; `probability`, which may read `others_present`, `trust`, a setting; `lasting = true`: \
     decided once for a person";

#[derive(Debug)]
struct Nondisclosure {
    rule: Rule,
    lasting: bool,
}

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    let rule = step.probability("probability", options, problems);
    let lasting = options.switch("lasting", problems).unwrap_or(false);
    Some(Arc::new(Nondisclosure { rule: rule?, lasting }))
}

impl AnswerStep for Nondisclosure {
    fn rules(&self) -> Vec<&Rule> {
        vec![&self.rule]
    }

    fn work(&self, answers: &mut Telling<'_, '_>) -> Result<(), RunProblem> {
        answers.turn(&self.rule, self.lasting, 0, |a, row| a.code(row) == 1 && a.true_code(row) == 1)
    }
}

//! Panel conditioning: a person has learnt in earlier interviews what a yes leads to, and says no. Nobody has learnt
//! anything at a first interview.

use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Telling;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::RunProblem;
use std::sync::Arc;

pub(super) const SUMMARY: &str = "from the second interview on, a yes becomes no by having been asked before; `probability`, which may read \
     `contacts`";

#[derive(Debug)]
struct Conditioning {
    rule: Rule,
}

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    let rule = step.probability("probability", options, problems)?;
    Some(Arc::new(Conditioning { rule }))
}

impl AnswerStep for Conditioning {
    fn rules(&self) -> Vec<&Rule> {
        vec![&self.rule]
    }

    fn work(&self, answers: &mut Telling<'_, '_>) -> Result<(), RunProblem> {
        answers.turn(&self.rule, false, 0, |a, row| a.code(row) == 1 && a.contacts(row) > 0)
    }
}

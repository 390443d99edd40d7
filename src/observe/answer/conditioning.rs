//! Panel conditioning: a person has learnt in earlier interviews what a yes leads to, and says no. Nobody has learnt
//! anything at a first interview.

use super::turning::by_probability;
use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Telling;
use crate::options::Options;
use std::sync::Arc;

pub(super) const SUMMARY: &str = "from the second interview on, a yes becomes no by having been asked before; `probability`, which may read \
     `contacts`";

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    by_probability(0, at_risk, options, step, problems)
}

fn at_risk(answers: &Telling<'_, '_>, row: usize) -> bool {
    answers.code(row) == 1 && answers.contacts(row) > 0
}

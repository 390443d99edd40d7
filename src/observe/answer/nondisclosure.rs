//! Nondisclosure: a true yes is kept back. The probability reads what it depends on: `others_present`, where the person
//! lives, `trust`, the interviewer, the item's `stigma`. With `lasting = true` it is decided once for each person: who
//! keeps it back at one interview does so at the next, as long as the probability is no lower.

use super::turning::Turning;
use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Telling;
use crate::options::Options;
use std::sync::Arc;

pub(super) const SUMMARY: &str = "a true yes is kept back; `probability`, which may read `others_present`, `trust`, a setting; `lasting = true`: \
     decided once for a person";

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    let rule = step.probability("probability", options, problems);
    let lasting = options.switch("lasting", problems).unwrap_or(false);
    Some(Arc::new(Turning { rule: rule?, lasting, to: 0, at_risk: tells_a_true_yes }))
}

/// Whether a person is about to say a yes that is true.
pub(super) fn tells_a_true_yes(answers: &Telling<'_, '_>, row: usize) -> bool {
    answers.code(row) == 1 && answers.true_code(row) == 1
}

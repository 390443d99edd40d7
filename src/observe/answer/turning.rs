//! What most mechanisms of answers come to: by a rule, those who are at risk say one code in place of another.

use super::{AnswerStep, StepScope};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Telling;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::RunProblem;
use std::sync::Arc;

/// Who is at risk, by row.
type AtRisk = fn(&Telling<'_, '_>, usize) -> bool;

/// By a rule, those who are at risk say one code in place of another.
#[derive(Debug)]
pub(super) struct Turning {
    pub rule: Rule,
    /// Whether the draw is the same at all interviews of a person.
    pub lasting: bool,
    /// The code that is said.
    pub to: u8,
    pub at_risk: AtRisk,
}

/// By `probability`, those who are at risk say `to`.
pub(super) fn by_probability(
    to: u8,
    at_risk: AtRisk,
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    let rule = step.probability("probability", options, problems)?;
    Some(Arc::new(Turning { rule, lasting: false, to, at_risk }))
}

impl AnswerStep for Turning {
    fn rules(&self) -> Vec<&Rule> {
        vec![&self.rule]
    }

    fn work(&self, answers: &mut Telling<'_, '_>) -> Result<(), RunProblem> {
        answers.turn(&self.rule, self.lasting, self.to, self.at_risk)
    }
}

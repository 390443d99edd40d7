//! Acquiescence: a person agrees with the question, whatever the truth. A no becomes yes; of named levels any other
//! becomes the level `to`.

use super::{AnswerStep, StepScope, Target};
use crate::diagnostic::Diagnostics;
use crate::formula::Kind;
use crate::observe::run::Telling;
use crate::options::{OptionValue, Options};
use crate::rules::Rule;
use crate::tables::RunProblem;
use std::sync::Arc;

pub(super) const SUMMARY: &str =
    "a person agrees with the question: no becomes yes, or another level becomes the level `to`; `probability`";

#[derive(Debug)]
struct Acquiescence {
    rule: Rule,
    to: u8,
}

/// With `to` it works on the items that have that level, without it on yes/no items.
pub(super) fn suits(target: &Target<'_>) -> bool {
    match (&target.kind, target.options.get("to")) {
        (Kind::Boolean, None) => true,
        (Kind::Level(levels), Some(OptionValue::Text(to))) => levels.contains(&to.text),
        _ => false,
    }
}

pub(super) fn declare(
    options: &Options,
    step: &StepScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn AnswerStep>> {
    let rule = step.probability("probability", options, problems);
    let to = match (options.text("to", problems), step.scope.kind(step.variable).0) {
        (Some(to), Kind::Level(levels)) => levels.iter().position(|level| *level == to.text)?,
        _ => 1,
    };
    Some(Arc::new(Acquiescence { rule: rule?, to: to as u8 }))
}

impl AnswerStep for Acquiescence {
    fn rules(&self) -> Vec<&Rule> {
        vec![&self.rule]
    }

    fn work(&self, answers: &mut Telling<'_, '_>) -> Result<(), RunProblem> {
        answers.turn(&self.rule, false, self.to, |a, row| a.code(row) != self.to)
    }
}

//! How true values become answers. One file each.

mod measurement_error;
mod misclassification;

use super::plan::Answer;
use super::scope::SurveyScope;
use crate::diagnostic::Diagnostics;
use crate::formula::{Kind, Program, Wanted, compile};
use crate::options::Options;
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;

/// What `[survey.items]` says about one item, checked.
pub(super) struct Declared {
    pub answer: Answer,
    pub non_response: Option<Rule>,
}

/// Reads the options of an item.
pub(super) fn declare(
    variable: usize,
    options: &Options,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let name = scope.truth.variables[variable].name.clone();
    let (kind, _) = scope.kind(variable);
    let purpose = Purpose::named(&format!("answer.{name}"));
    let answer = match kind {
        Kind::Boolean => misclassification::sensitivity_and_specificity(variable, options, scope, purpose, problems),
        Kind::Level(levels) => misclassification::matrix(variable, levels.len(), options, scope, purpose, problems),
        Kind::Number => measurement_error::declare(options, scope, purpose, problems),
    };
    let non_response = non_response(&name, options, scope, problems);
    options.finish(problems);
    Some(Declared { answer: answer?, non_response: non_response? })
}

/// `nonresponse`: `Some(None)` where the item does not name it.
#[expect(clippy::option_option, reason = "outer: whether it could be read; inner: whether it is there")]
fn non_response(
    name: &str,
    options: &Options,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Option<Rule>> {
    let Some(text) = options.formula("nonresponse", problems) else { return Some(None) };
    let program: Program = compile(&text, &Wanted::Probability, scope, problems)?;
    let purpose = Purpose::named(&format!("nonresponse.{name}"));
    Some(Some(Rule::new(Shape::Yes, vec![program], None, purpose)))
}

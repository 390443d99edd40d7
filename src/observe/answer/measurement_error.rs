//! Measurement error: a draw from a law is added to a true number.

use crate::diagnostic::Diagnostics;
use crate::distribution;
use crate::observe::plan::Answer;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::streams::Purpose;

/// `error`: the law of what is added.
pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: Purpose,
    problems: &mut Diagnostics,
) -> Option<Answer> {
    match options.formula("error", problems) {
        None => Some(Answer::AsTrue),
        Some(law) => distribution::declare(&law, None, scope, problems).map(|law| Answer::Error(law, purpose)),
    }
}

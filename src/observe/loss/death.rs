//! Death, as a reason apart from refusal and dropout. Where the truth has it as a state, `probability = "dead"` tells it.

use super::{Declared, leaving};
use crate::diagnostic::Diagnostics;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::tables::Reason;

pub(super) const SUMMARY: &str =
    "a person dies; `rate` per person-year or `probability` per wave; at risk are those, too, who are away";

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    leaving::declare(options, scope, (purpose, Reason::Died), problems)
}

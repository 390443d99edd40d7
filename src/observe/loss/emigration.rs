//! Emigration, as a reason apart from refusal and dropout.

use super::{Declared, leaving};
use crate::diagnostic::Diagnostics;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::tables::Reason;

pub(super) const SUMMARY: &str =
    "a person leaves the country; `rate` per person-year or `probability` per wave; at risk as with death";

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    leaving::declare(options, scope, (purpose, Reason::Emigrated), problems)
}

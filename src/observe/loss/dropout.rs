//! Dropout: a person leaves for good. From the wave at which it happens no wave is attended.

use super::{Declared, from_wave, rule};
use crate::diagnostic::Diagnostics;
use crate::observe::plan::Loss;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::tables::Reason;

pub(super) const SUMMARY: &str = "a person leaves for good; `rate` per person-year or `probability` per wave";

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let rule = rule(options, scope, purpose, problems);
    let from_wave = from_wave(options, 1, scope, problems)?;
    Some(Declared::Wave(Loss { for_good: true, from_wave, rule: rule?, reason: Reason::Dropout }))
}

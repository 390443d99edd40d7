//! Intermittent missingness: a wave is missed, independently of other waves, and the person may return.

use super::{Declared, from_wave, rule};
use crate::diagnostic::Diagnostics;
use crate::observe::plan::Loss;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::tables::Reason;

pub(super) const SUMMARY: &str = "a wave is missed and the person may return; `probability` per wave";

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let rule = rule(options, scope, purpose, problems);
    let from_wave = from_wave(options, 1, scope, problems)?;
    Some(Declared::Wave(Loss { for_good: false, from_wave, rule: rule?, reason: Reason::MissedWave }))
}

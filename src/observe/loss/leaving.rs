//! What death and emigration have in common: persons leave for good, whether or not they are at the wave.

use super::chance::{from_wave, rule};
use super::{Declared, Part, WaveLoss};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Presence;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::{Reason, RunProblem};
use std::sync::Arc;

/// Persons leave for good for a reason that is no refusal. At risk are all who have not left for good, those included who
/// are merely away.
#[derive(Debug)]
struct Leaving {
    rule: Rule,
    from_wave: usize,
    reason: Reason,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    (purpose, reason): (&str, Reason),
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let rule = rule(options, scope, purpose, problems);
    let from_wave = from_wave(options, 1, scope, problems)?;
    Some(Declared::Waves(Arc::new(Leaving { rule: rule?, from_wave, reason })))
}

impl WaveLoss for Leaving {
    fn parts(&self) -> Vec<Part<'_>> {
        vec![Part { suffix: "", rules: vec![&self.rule] }]
    }

    fn reasons(&self) -> Vec<Reason> {
        vec![self.reason]
    }

    fn first_wave(&self) -> usize {
        self.from_wave
    }

    fn works_on_absent(&self) -> bool {
        true
    }

    fn work(&self, persons: &mut Presence<'_, '_>) -> Result<(), RunProblem> {
        if persons.wave() < self.from_wave {
            return Ok(());
        }
        let gone = persons.gone().to_vec();
        let leaves = persons.decide_for(&self.rule, 0, &gone)?;
        persons.leave(&leaves, &gone, self.reason);
        Ok(())
    }
}

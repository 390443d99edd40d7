//! Dropout: a person leaves for good. From the wave at which it happens no wave is attended.

use super::chance::{from_wave, rule};
use super::{Declared, Part, WaveLoss};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Presence;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::{Reason, RunProblem};
use std::sync::Arc;

pub(super) const SUMMARY: &str = "a person leaves for good; `rate` per person-year or `probability` per wave";

#[derive(Debug)]
struct Dropout {
    rule: Rule,
    from_wave: usize,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let rule = rule(options, scope, purpose, problems);
    let from_wave = from_wave(options, 1, scope, problems)?;
    Some(Declared::Waves(Arc::new(Dropout { rule: rule?, from_wave })))
}

impl WaveLoss for Dropout {
    fn parts(&self) -> Vec<Part<'_>> {
        vec![Part { suffix: "", rules: vec![&self.rule] }]
    }

    fn reasons(&self) -> Vec<Reason> {
        vec![Reason::Dropout]
    }

    fn first_wave(&self) -> usize {
        self.from_wave
    }

    fn work(&self, persons: &mut Presence<'_, '_>) -> Result<(), RunProblem> {
        if persons.wave() < self.from_wave {
            return Ok(());
        }
        let lost = persons.decide(&self.rule, 0)?;
        persons.lose(&lost, Reason::Dropout, true);
        Ok(())
    }
}

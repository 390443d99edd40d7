//! Refusal to begin: at the first wave at which a person is asked, which for those who enter later is a later wave.

use super::chance::needed;
use super::{Declared, Part, WaveLoss};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Presence;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::{Reason, RunProblem};
use std::sync::Arc;

pub(super) const SUMMARY: &str = "a person refuses to begin, at the first wave at which it is asked; `probability`";

#[derive(Debug)]
struct Refusal {
    rule: Rule,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let rule = needed("probability", options, scope, purpose, problems)?;
    Some(Declared::Waves(Arc::new(Refusal { rule })))
}

impl WaveLoss for Refusal {
    fn parts(&self) -> Vec<Part<'_>> {
        vec![Part { suffix: "", rules: vec![&self.rule] }]
    }

    fn reasons(&self) -> Vec<Reason> {
        vec![Reason::Refused]
    }

    fn first_wave(&self) -> usize {
        0
    }

    fn work(&self, persons: &mut Presence<'_, '_>) -> Result<(), RunProblem> {
        let skip = persons.away_or_remembered();
        let refuses = persons.decide_for(&self.rule, 0, &skip)?;
        let (mut at_risk, mut happened) = (0, 0);
        for row in (0..skip.len()).filter(|row| skip[*row] == 0) {
            persons.memory()[row] = 1;
            at_risk += 1;
            happened += u64::from(refuses[row]);
            if refuses[row] == 1 {
                persons.take_out(row, Reason::Refused, true);
            }
        }
        persons.count(0, at_risk, happened);
        Ok(())
    }
}

//! Delayed entry (left truncation): a person is under observation only from some wave on. Whoever dies, emigrates or is
//! censored before it is never seen, so that those who are seen have survived until they entered.

use super::chance::needed;
use super::{Declared, Part, WaveLoss};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Presence;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::{Reason, RunProblem};
use std::sync::Arc;

pub(super) const SUMMARY: &str =
    "a person is under observation only from a wave on (left truncation); `probability` per wave to enter";

#[derive(Debug)]
struct DelayedEntry {
    rule: Rule,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let rule = needed("probability", options, scope, purpose, problems)?;
    Some(Declared::Waves(Arc::new(DelayedEntry { rule })))
}

impl WaveLoss for DelayedEntry {
    fn parts(&self) -> Vec<Part<'_>> {
        vec![Part { suffix: "", rules: vec![&self.rule] }]
    }

    fn reasons(&self) -> Vec<Reason> {
        vec![Reason::NotYet]
    }

    fn first_wave(&self) -> usize {
        0
    }

    fn is_for_good(&self) -> bool {
        false
    }

    fn work(&self, persons: &mut Presence<'_, '_>) -> Result<(), RunProblem> {
        let skip = persons.away_or_remembered();
        let enters = persons.decide_for(&self.rule, 0, &skip)?;
        let (mut at_risk, mut happened) = (0, 0);
        for row in (0..skip.len()).filter(|row| skip[*row] == 0) {
            at_risk += 1;
            happened += u64::from(enters[row]);
            if enters[row] == 1 {
                persons.memory()[row] = 1;
            } else {
                persons.take_out(row, Reason::NotYet, false);
            }
        }
        persons.count(0, at_risk, happened);
        Ok(())
    }
}

//! Intermittent missingness: waves are missed and the person may return.
//!
//! With `returns` it is a Markov chain of two states, at home and away, at home before `from_wave`: where p is the
//! chance to go away and r the chance to come back, the share of those who are away tends to p / (p + r), and gaps are
//! geometric, so that a gap is of one wave only with probability r. Without `returns` each wave is decided afresh, which
//! is the chain with r = 1 - p.

use super::chance::{from_wave, optional, rule};
use super::{Declared, Part, WaveLoss};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Presence;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::{Reason, RunProblem};
use std::sync::Arc;

pub(super) const SUMMARY: &str = "waves are missed with return; `probability` per wave or `rate` per person-year to go \
                                  away, `returns` per wave to come back (absent: each wave is decided afresh)";

#[derive(Debug)]
struct Intermittent {
    goes: Rule,
    returns: Option<Rule>,
    from_wave: usize,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let goes = rule(options, scope, purpose, problems);
    let returns = optional("returns", options, scope, &format!("{purpose}.returns"), problems);
    let from_wave = from_wave(options, 1, scope, problems)?;
    Some(Declared::Waves(Arc::new(Intermittent { goes: goes?, returns: returns?, from_wave })))
}

impl WaveLoss for Intermittent {
    fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = vec![Part { suffix: "", rules: vec![&self.goes] }];
        parts.extend(self.returns.iter().map(|r| Part { suffix: ", return", rules: vec![r] }));
        parts
    }

    fn reasons(&self) -> Vec<Reason> {
        vec![Reason::MissedWave]
    }

    fn first_wave(&self) -> usize {
        self.from_wave
    }

    fn is_for_good(&self) -> bool {
        false
    }

    fn found(&self, memory: &mut u8) {
        *memory = 0;
    }

    fn work(&self, persons: &mut Presence<'_, '_>) -> Result<(), RunProblem> {
        if persons.wave() < self.from_wave {
            return Ok(());
        }
        let Some(returns) = &self.returns else {
            let lost = persons.decide(&self.goes, 0)?;
            persons.lose(&lost, Reason::MissedWave, false);
            return Ok(());
        };
        // Those whom an earlier loss keeps from the wave neither go nor come back.
        let was_away = persons.memory().to_vec();
        let kept: Vec<bool> = persons.status().iter().map(|s| *s != 0).collect();
        let skip =
            |who: u8| -> Vec<u8> { kept.iter().zip(&was_away).map(|(k, a)| u8::from(*k || *a != who)).collect() };
        let (at_home, away) = (skip(0), skip(1));
        let back = persons.decide_for(returns, 1, &away)?;
        let gone = persons.decide_for(&self.goes, 0, &at_home)?;
        let mut counts = [(0, 0); 2];
        for row in (0..kept.len()).filter(|row| !kept[*row]) {
            let was = usize::from(was_away[row]);
            let changes = if was == 1 { back[row] == 1 } else { gone[row] == 1 };
            counts[was].0 += 1;
            counts[was].1 += u64::from(changes);
            let is_away = (was == 1) != changes;
            persons.memory()[row] = u8::from(is_away);
            if is_away {
                persons.take_out(row, Reason::MissedWave, false);
            }
        }
        for (part, (at_risk, happened)) in counts.into_iter().enumerate() {
            persons.count(part, at_risk, happened);
        }
        Ok(())
    }
}

//! Tracing: persons of trust find again those who were about to be lost, in time for the wave, or at a later one.

use super::chance::{needed, optional};
use super::{Declared, Part, WaveLoss};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Presence;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::{Reason, RunProblem};
use std::sync::Arc;

pub(super) const SUMMARY: &str = "those whom an earlier `dropout` or `intermittent` loses are found again; `probability` in \
                                  time for the wave, `later` per wave after it";

#[derive(Debug)]
struct Tracing {
    in_time: Rule,
    later: Option<Rule>,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let in_time = needed("probability", options, scope, purpose, problems);
    let later = optional("later", options, scope, &format!("{purpose}.later"), problems);
    Some(Declared::Waves(Arc::new(Tracing { in_time: in_time?, later: later? })))
}

impl WaveLoss for Tracing {
    fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = vec![Part { suffix: "", rules: vec![&self.in_time] }];
        parts.extend(self.later.iter().map(|l| Part { suffix: ", later", rules: vec![l] }));
        parts
    }

    fn reasons(&self) -> Vec<Reason> {
        Vec::new()
    }

    /// It keeps nobody away.
    fn first_wave(&self) -> usize {
        usize::MAX
    }

    fn leaves_gaps(&self) -> bool {
        self.later.is_some()
    }

    fn work(&self, persons: &mut Presence<'_, '_>) -> Result<(), RunProblem> {
        let (dropped, missed) = (Reason::Dropout as u8, Reason::MissedWave as u8);
        let status = persons.status().iter().zip(persons.gone());
        let sought = status.map(|(status, gone)| *status == dropped || (*status == missed && *gone == 0));
        // Whoever had dropped out before this wave is sought again by `later`, all others in time.
        let part = |(sought, before): (bool, &u8)| sought.then_some(usize::from(*before == dropped));
        let parts: Vec<Option<usize>> = sought.zip(persons.gone_before()).map(part).collect();
        for (part, rule) in [Some(&self.in_time), self.later.as_ref()].into_iter().flatten().enumerate() {
            let skip: Vec<u8> = parts.iter().map(|p| u8::from(*p != Some(part))).collect();
            let found = persons.decide_for(rule, part, &skip)?;
            let (mut at_risk, mut happened) = (0, 0);
            for row in (0..skip.len()).filter(|row| skip[*row] == 0) {
                at_risk += 1;
                happened += u64::from(found[row]);
                if found[row] == 1 {
                    persons.bring_back(row);
                }
            }
            persons.count(part, at_risk, happened);
        }
        Ok(())
    }
}

//! Right-censoring: observation ends by design, after a wave for all, or by chance.

use super::chance::{from_wave, number_of_wave, rule, who};
use super::{Declared, Part, WaveLoss};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Presence;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::{Reason, RunProblem};
use std::sync::Arc;

pub(super) const SUMMARY: &str = "observation ends by design; `after_wave`, or `rate` per person-year or `probability` per wave; of all, or of `who`";

#[derive(Debug)]
struct RightCensoring {
    /// By chance; absent: from `from_wave` on for all.
    chance: Option<Rule>,
    who: Option<Rule>,
    from_wave: usize,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let who = who(options, scope, purpose, problems);
    if options.get("after_wave").is_none() {
        let chance = rule(options, scope, purpose, problems);
        let from_wave = from_wave(options, 1, scope, problems)?;
        return Some(Declared::Waves(Arc::new(RightCensoring { chance: Some(chance?), who: who?, from_wave })));
    }
    for other in ["rate", "probability"] {
        if let Some(value) = options.get(other) {
            problems.error("S0406", value.span(), format!("either `after_wave` or `{other}`, not both"));
        }
    }
    let last = number_of_wave("after_wave", options, 0, scope, problems)?;
    Some(Declared::Waves(Arc::new(RightCensoring { chance: None, who: who?, from_wave: last + 1 })))
}

impl WaveLoss for RightCensoring {
    fn parts(&self) -> Vec<Part<'_>> {
        vec![Part { suffix: "", rules: self.chance.iter().chain(&self.who).collect() }]
    }

    fn reasons(&self) -> Vec<Reason> {
        vec![Reason::Censored]
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
        let mut skip = persons.gone().to_vec();
        if let Some(who) = &self.who {
            let theirs = persons.decide_for(who, 1, &skip)?;
            skip.iter_mut().zip(theirs).for_each(|(skip, theirs)| *skip |= 1 - theirs.min(1));
        }
        let ends = match &self.chance {
            Some(chance) => persons.decide_for(chance, 0, &skip)?,
            None => vec![1; skip.len()],
        };
        persons.leave(&ends, &skip, Reason::Censored);
        Ok(())
    }
}

//! Refreshment: a sample enters at a later wave by design. Before it there is nothing of its persons.

use super::chance::{number_of_wave, who};
use super::{Declared, Part, WaveLoss};
use crate::diagnostic::Diagnostics;
use crate::observe::run::Presence;
use crate::observe::scope::{Meaning, SurveyScope};
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::{Reason, RunProblem};
use std::sync::Arc;

pub(super) const SUMMARY: &str = "persons of a `group`, or those for `who` a formula holds, enter at a later `wave`";

#[derive(Debug)]
struct Refreshment {
    group: Option<u8>,
    who: Option<Rule>,
    wave: usize,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let groups: Vec<&str> = scope.truth.groups.iter().map(String::as_str).collect();
    let group = options.get("group").map(|_| options.choice("group", &groups, problems));
    let who = who(options, scope, purpose, problems);
    let nobody = options.get("group").is_none() && options.get("who").is_none();
    if nobody {
        problems
            .error("S0103", &options.span, "`refreshment` needs to know who enters later")
            .help("add `group = ...`, or `who = ...` with a yes/no formula of attributes");
    }
    if options.get("wave").is_none() {
        options.missing("wave", problems);
    }
    options.get("wave").filter(|_| !nobody)?;
    let wave = number_of_wave("wave", options, 0, scope, problems)?;
    let group = match group {
        Some(found) => Some(found? as u8),
        None => None,
    };
    Some(Declared::Waves(Arc::new(Refreshment { group, who: who?, wave })))
}

impl WaveLoss for Refreshment {
    fn parts(&self) -> Vec<Part<'_>> {
        vec![Part { suffix: "", rules: self.who.iter().collect() }]
    }

    fn reads(&self) -> Vec<Meaning> {
        self.group.iter().map(|_| Meaning::Group).collect()
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
        if persons.wave() > self.wave {
            return Ok(());
        }
        let mut skip = persons.gone().to_vec();
        if let Some(group) = self.group {
            skip.iter_mut().zip(persons.groups()).for_each(|(skip, own)| *skip |= u8::from(*own != group));
        }
        if let Some(who) = &self.who {
            let theirs = persons.decide_for(who, 0, &skip)?;
            skip.iter_mut().zip(theirs).for_each(|(skip, theirs)| *skip |= 1 - theirs.min(1));
        }
        let waiting: Vec<usize> = (0..skip.len()).filter(|row| skip[*row] == 0).collect();
        let enters = persons.wave() == self.wave;
        if !enters {
            waiting.iter().for_each(|row| persons.take_out(*row, Reason::NotYet, false));
        }
        persons.count(0, waiting.len() as u64, if enters { waiting.len() as u64 } else { 0 });
        Ok(())
    }
}

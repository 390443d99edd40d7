//! Numbers: the team gives each person a number, under which later interviews are filed. What can go wrong is one file
//! each, one line each in the catalogue, worked in its order at every wave.

mod all_lost;
mod desk;
mod duplicates;
mod false_match;
mod lost;
mod merged;
mod typing;

use super::{Interviews, Linkage, Mechanism, Records};
use crate::diagnostic::Diagnostics;
use crate::formula::{Wanted, compile};
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::{GroupRows, Rule, Shape};
use crate::streams::Purpose;
use desk::Desk;
use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

pub(super) const SUMMARY: &str = "persons have numbers, which may be lost, mistyped, given twice or exchanged";

/// Something that goes wrong with numbers.
trait Trouble: Debug + Send + Sync {
    /// First wave at which it can happen, from 0.
    fn first_wave(&self) -> usize {
        1
    }

    /// Whether single interviews of a person stand elsewhere than those before and after.
    fn leaves_gaps(&self) -> bool {
        false
    }

    /// Whether interviews of several persons come into one record.
    fn mixes_persons(&self) -> bool {
        false
    }

    /// Whether it parts a person's interviews from each other.
    fn loses(&self) -> bool {
        true
    }

    /// One wave of one replicate: persons at risk, and those to whom it happened.
    fn work(&self, desk: &mut Desk<'_, '_>) -> (u64, u64);
}

/// One line of the catalogue of troubles.
struct Entry {
    key: &'static str,
    /// What the audit calls it.
    name: &'static str,
    /// Whether it is decided for each person, by the probability under the key.
    by_chance: bool,
    declare: fn(&Options, &SurveyScope<'_>, &mut Diagnostics) -> Option<Box<dyn Trouble>>,
}

const CATALOGUE: [Entry; 6] = [
    Entry { key: all_lost::KEY, name: "all numbers lost", by_chance: false, declare: all_lost::declare },
    Entry { key: "lost", name: "lost number", by_chance: true, declare: |_, _, _| Some(Box::new(lost::Lost)) },
    Entry { key: false_match::KEY, name: "exchanged number", by_chance: true, declare: false_match::declare },
    Entry {
        key: "merged",
        name: "number given twice",
        by_chance: true,
        declare: |_, _, _| Some(Box::new(merged::Merged)),
    },
    Entry {
        key: "typing",
        name: "mistyped number",
        by_chance: true,
        declare: |_, _, _| Some(Box::new(typing::Typing)),
    },
    Entry {
        key: "duplicates",
        name: "duplicate",
        by_chance: true,
        declare: |_, _, _| Some(Box::new(duplicates::Duplicates)),
    },
];

/// A trouble of this scenario.
#[derive(Debug)]
struct Declared {
    name: &'static str,
    /// The rule by which it is decided for each person, before the interviews of a wave.
    rule: Option<Rule>,
    trouble: Box<dyn Trouble>,
}

#[derive(Debug)]
struct Numbers {
    troubles: Vec<Declared>,
}

pub(super) fn declare(
    options: &Options,
    _: &[GroupRows],
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Arc<dyn Linkage>> {
    let mut troubles = Vec::new();
    for entry in &CATALOGUE {
        if options.get(entry.key).is_some() {
            let rule = if entry.by_chance { rule(entry.key, options, scope, problems).map(Some) } else { Some(None) };
            let trouble = (entry.declare)(options, scope, problems);
            let declared = rule.zip(trouble).map(|(rule, trouble)| Declared { name: entry.name, rule, trouble });
            troubles.extend(declared);
        }
    }
    if let Some(within) = options.get("within")
        && options.get(false_match::KEY).is_none()
    {
        problems
            .error("S0439", within.span(), "`within` says among whom there are false matches, and there are none")
            .help("add `false_match = ...`");
    }
    Some(Arc::new(Numbers { troubles }))
}

/// The rule of a probability per person and wave under `key`.
fn rule(key: &str, options: &Options, scope: &SurveyScope<'_>, problems: &mut Diagnostics) -> Option<Rule> {
    let text = options.formula(key, problems)?;
    let program = scope.before_interview(|| compile(&text, &Wanted::Probability, scope, problems))?;
    Some(Rule::new(Shape::Yes, vec![program], None, Purpose::named(&format!("linkage.{key}"))))
}

impl Numbers {
    /// Whether a trouble that can happen at all is of a sort.
    fn any(&self, sort: impl Fn(&dyn Trouble) -> bool) -> bool {
        let never = |rule: &Rule| rule.programs().iter().all(|p| p.constant() == Some(0.0));
        self.troubles.iter().any(|t| sort(t.trouble.as_ref()) && !t.rule.as_ref().is_some_and(never))
    }
}

impl Linkage for Numbers {
    fn leaves_gaps(&self) -> bool {
        self.any(|t| t.leaves_gaps())
    }

    fn mixes_persons(&self) -> bool {
        self.any(|t| t.mixes_persons())
    }

    fn decisions(&self) -> Vec<(&Rule, usize)> {
        self.troubles.iter().filter_map(|t| t.rule.as_ref().map(|rule| (rule, t.trouble.first_wave()))).collect()
    }

    fn mechanisms(&self) -> Vec<Mechanism> {
        let named = self.troubles.iter().map(|t| Mechanism {
            name: t.name,
            slots: t.rule.as_ref().map_or_else(Vec::new, |rule| rule.slots().to_vec()),
            loses: t.trouble.loses(),
        });
        named.collect()
    }

    fn join(&self, interviews: &Interviews<'_>, _: &[Vec<Vec<u16>>], rows: Range<usize>, records: &mut Records) {
        let first = records.begin();
        let mut desk = Desk::new(interviews, rows, first, records);
        for wave in 0..interviews.waves() {
            desk.wave = wave;
            let mut decision = 0;
            for (mechanism, Declared { rule, trouble, .. }) in self.troubles.iter().enumerate() {
                desk.decision = decision;
                decision += usize::from(rule.is_some());
                if wave >= trouble.first_wave() {
                    let (at_risk, happened) = trouble.work(&mut desk);
                    // Before these there are missed and false matches.
                    desk.records.count(mechanism + 2, wave, at_risk, happened);
                }
            }
            desk.file();
        }
    }
}

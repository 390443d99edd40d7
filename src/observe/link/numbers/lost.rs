//! A person's number is not found again, so that this interview and those to come are a new record: a split person.

use super::desk::Desk;
use super::{Trouble, rule};
use crate::diagnostic::Diagnostics;
use crate::observe::link::NOBODY;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::Rule;

pub(super) const KEY: &str = "lost";

#[derive(Debug)]
struct Lost {
    rule: Rule,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Box<dyn Trouble>> {
    Some(Box::new(Lost { rule: rule(KEY, options, scope, problems)? }))
}

impl Trouble for Lost {
    fn rule(&self) -> Option<&Rule> {
        Some(&self.rule)
    }

    fn work(&self, desk: &mut Desk<'_, '_>) -> (u64, u64) {
        let mut known = desk.present();
        known.retain(|person| desk.held[*person].record != NOBODY);
        let at_risk = known.len();
        known.retain(|person| desk.is_decided(*person));
        known.iter().for_each(|person| desk.lose_number(*person));
        (at_risk as u64, known.len() as u64)
    }
}

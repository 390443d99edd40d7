//! An interview is entered twice, the second time under a new number.

use super::desk::Desk;
use super::{Trouble, rule};
use crate::diagnostic::Diagnostics;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::Rule;

pub(super) const KEY: &str = "duplicates";

#[derive(Debug)]
struct Duplicates {
    rule: Rule,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Box<dyn Trouble>> {
    Some(Box::new(Duplicates { rule: rule(KEY, options, scope, problems)? }))
}

impl Trouble for Duplicates {
    fn rule(&self) -> Option<&Rule> {
        Some(&self.rule)
    }

    fn first_wave(&self) -> usize {
        0
    }

    fn loses(&self) -> bool {
        false
    }

    fn work(&self, desk: &mut Desk<'_, '_>) -> (u64, u64) {
        let mut present = desk.present();
        let at_risk = present.len();
        present.retain(|person| desk.is_decided(*person));
        present.iter().for_each(|person| desk.twice[*person] = true);
        (at_risk as u64, present.len() as u64)
    }
}

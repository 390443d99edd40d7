//! The number of an interview is mistyped: its answers stand alone under a number that nobody has. The next interview is
//! filed under the right one again.

use super::desk::Desk;
use super::{Trouble, rule};
use crate::diagnostic::Diagnostics;
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::rules::Rule;

pub(super) const KEY: &str = "typing";

#[derive(Debug)]
struct Typing {
    rule: Rule,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Box<dyn Trouble>> {
    Some(Box::new(Typing { rule: rule(KEY, options, scope, problems)? }))
}

impl Trouble for Typing {
    fn rule(&self) -> Option<&Rule> {
        Some(&self.rule)
    }

    fn first_wave(&self) -> usize {
        0
    }

    fn leaves_gaps(&self) -> bool {
        true
    }

    fn work(&self, desk: &mut Desk<'_, '_>) -> (u64, u64) {
        let mut present = desk.present();
        let at_risk = present.len();
        present.retain(|person| desk.is_decided(*person));
        present.iter().for_each(|person| desk.alone[*person] = true);
        (at_risk as u64, present.len() as u64)
    }
}

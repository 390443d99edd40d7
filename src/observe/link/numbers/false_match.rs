//! A person's interviews are joined from a wave on to somebody else's record. Those to whom it happens pass their numbers
//! round, in an order by chance, so that no interview is lost; one alone has nobody to pass it to.
//!
//! Among a share lambda of such persons a slope or correlation between neighbouring waves is multiplied by
//! (1 - lambda), since a stranger's value tells nothing.

use super::Trouble;
use super::desk::Desk;
use crate::diagnostic::Diagnostics;
use crate::observe::link::{NOBODY, Within};
use crate::observe::scope::SurveyScope;
use crate::options::Options;
use crate::streams::Purpose;

pub(super) const KEY: &str = "false_match";
const ORDER: Purpose = Purpose::named("linkage.false_match.order");

#[derive(Debug)]
struct FalseMatch {
    within: Within,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Box<dyn Trouble>> {
    Some(Box::new(FalseMatch { within: Within::declare(options, scope, problems)? }))
}

impl Trouble for FalseMatch {
    fn mixes_persons(&self) -> bool {
        true
    }

    fn work(&self, desk: &mut Desk<'_, '_>) -> (u64, u64) {
        let mut known = desk.present();
        known.retain(|person| desk.held[*person].record != NOBODY);
        let at_risk = known.len() as u64;
        known.retain(|person| desk.is_decided(*person));
        let mut chosen: Vec<(u32, u64, usize)> = Vec::with_capacity(known.len());
        for person in known {
            let row = desk.row(person);
            let word = desk.interviews.word(ORDER, desk.wave, row);
            chosen.push((self.within.part(desk.interviews, row), word, person));
        }
        chosen.sort_unstable();
        let mut happened = 0;
        for circle in chosen.chunk_by(|a, b| a.0 == b.0).filter(|circle| circle.len() > 1) {
            let last = desk.held[circle[circle.len() - 1].2];
            for pair in circle.windows(2).rev() {
                desk.held[pair[1].2] = desk.held[pair[0].2];
            }
            desk.held[circle[0].2] = last;
            happened += circle.len() as u64;
        }
        (at_risk, happened)
    }
}

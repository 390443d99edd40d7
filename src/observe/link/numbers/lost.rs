//! A person's number is not found again, so that this interview and those to come are a new record: a split person.

use super::Trouble;
use super::desk::Desk;
use crate::observe::link::NOBODY;

#[derive(Debug)]
pub(super) struct Lost;

impl Trouble for Lost {
    fn work(&self, desk: &mut Desk<'_, '_>) -> (u64, u64) {
        let mut known = desk.present();
        known.retain(|person| desk.held[*person].record != NOBODY);
        let at_risk = known.len();
        known.retain(|person| desk.is_decided(*person));
        known.iter().for_each(|person| desk.lose_number(*person));
        (at_risk as u64, known.len() as u64)
    }
}

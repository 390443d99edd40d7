//! A new number is one that is already in use: two persons become one record, as long as they are never interviewed at
//! the same wave. The number is any one of the replicate's whose person is not interviewed now, but not the one that
//! the person has just lost.

use super::Trouble;
use super::desk::{Desk, Held};
use crate::observe::link::NOBODY;
use crate::streams::Purpose;

const INTO: Purpose = Purpose::named("linkage.merged.into");

#[derive(Debug)]
pub(super) struct Merged;

impl Trouble for Merged {
    fn loses(&self) -> bool {
        false
    }

    fn mixes_persons(&self) -> bool {
        true
    }

    fn work(&self, desk: &mut Desk<'_, '_>) -> (u64, u64) {
        let present = desk.present();
        let mut free = vec![true; desk.records.len() - desk.first];
        for person in &present {
            if let Some(free) =
                (desk.held[*person].record as usize).checked_sub(desk.first).and_then(|r| free.get_mut(r))
            {
                *free = false;
            }
        }
        let mut free: Vec<u32> = (0..free.len()).filter(|r| free[*r]).map(|r| (desk.first + r) as u32).collect();
        let (mut at_risk, mut happened) = (0, 0);
        for person in present.into_iter().filter(|person| desk.held[*person].record == NOBODY).collect::<Vec<_>>() {
            at_risk += 1;
            if !desk.is_decided(person) || free.is_empty() {
                continue;
            }
            let word = desk.interviews.word(INTO, desk.wave, desk.row(person));
            let mut at = ((u128::from(word) * free.len() as u128) >> 64) as usize;
            if free[at] == desk.held[person].left {
                at = (at + 1) % free.len();
            }
            if free[at] != desk.held[person].left {
                desk.held[person] = Held { record: free.swap_remove(at), guest: true, left: NOBODY };
                happened += 1;
            }
        }
        (at_risk, happened)
    }
}

//! An interview is entered twice, the second time under a new number.

use super::Trouble;
use super::desk::Desk;

#[derive(Debug)]
pub(super) struct Duplicates;

impl Trouble for Duplicates {
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

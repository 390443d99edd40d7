//! The number of an interview is mistyped: its answers stand alone under a number that nobody has. The next interview is
//! filed under the right one again.

use super::Trouble;
use super::desk::Desk;

#[derive(Debug)]
pub(super) struct Typing;

impl Trouble for Typing {
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

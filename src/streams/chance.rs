//! Comparing a draw with a probability: exact to 2^-64, though nearly always 16 random bits are enough.

use super::{Lane, Streams};

/// Most levels that one draw can choose among.
pub const LADDER_CAPACITY: usize = 255;

/// A probability as a threshold for a uniform of 64 bits: the event happens when the uniform is below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Chance(u64);

impl Chance {
    /// The threshold of a probability in [0, 1]; the caller has checked the range.
    #[must_use]
    pub fn new(probability: f64) -> Self {
        // 2^64 itself does not fit; the greatest threshold stands for certainty.
        Self((probability * 18_446_744_073_709_551_616.0) as u64)
    }

    /// The upper 16 bits, to be compared with what [`Streams::fill_chance`] gives.
    #[must_use]
    pub fn high(self) -> u16 {
        (self.0 >> 48) as u16
    }

    /// Whether the event never happens, or always does, whatever is drawn.
    #[must_use]
    pub fn is_certain(self) -> bool {
        self.0 == 0 || self.0 == u64::MAX
    }

    /// Whether the event happens for a draw whose upper 16 bits tie with [`high`](Self::high).
    #[must_use]
    pub fn settle(self, streams: &Streams, lane: &Lane, index: u32) -> bool {
        if self.0 == u64::MAX {
            return true;
        }
        streams.chance_rest(lane, index) < self.0 & 0xFFFF_FFFF_FFFF
    }

    /// Whether the event happens for a draw.
    #[must_use]
    pub fn happens(self, upper: u16, streams: &Streams, lane: &Lane, index: u32) -> bool {
        upper < self.high() || (upper == self.high() && self.settle(streams, lane, index))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Purpose, Space};
    use super::*;

    #[test]
    fn never_and_always() {
        let streams = Streams::new(1, Space::Study);
        let lane = Lane { purpose: Purpose::named("x"), occasion: 0, replicate: 0, stratum: 0 };
        for index in 0..1000 {
            assert!(!Chance::new(0.0).happens(0, &streams, &lane, index));
            assert!(Chance::new(1.0).happens(u16::MAX, &streams, &lane, index));
        }
    }

    #[test]
    fn a_tie_is_settled_by_the_lower_bits() {
        // Probability 1/65536 / 2: of the draws whose upper bits are 0, half happen.
        let streams = Streams::new(7, Space::Study);
        let chance = Chance::new(0.5 / 65_536.0);
        let lane = Lane { purpose: Purpose::named("x"), occasion: 0, replicate: 0, stratum: 0 };
        let hits = (0..20_000).filter(|i| chance.happens(0, &streams, &lane, *i)).count();
        assert!((9_700..10_300).contains(&hits), "{hits}");
        assert!((0..1000).all(|i| !chance.happens(1, &streams, &lane, i)));
    }
}

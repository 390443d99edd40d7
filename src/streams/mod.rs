//! Every random number of a study, each at an address of its own: (seed, space, replicate, person, occasion, purpose).
//!
//! A draw is a pure function of its address. Nothing is ever "the next one", so persons may be simulated in any
//! order, on any thread, in any batch; a further purpose, person or method moves no other draw; and two conditions
//! that differ in a parameter share all their draws (common random numbers).
//!
//! Three layouts turn addresses into the counter `[w0, w1, w2, w3]` and key `[seed, tag]` of [Philox](philox):
//!
//! | layout | w0 | w1 | w2 | w3 | tag | what a block of 256 bits holds |
//! |---|---|---|---|---|---|---|
//! | chance | stratum << 32 \| index / 16 | occasion << 32 | purpose | replicate | space << 8 | the upper 16 bits of the chance draws of 16 neighbouring persons |
//! | unit | stratum << 32 \| index / 4 | occasion << 32 | purpose | replicate | space << 8 \| 1 | 64 bits for each of 4 neighbouring persons |
//! | own | stratum << 32 \| index | occasion << 32 \| block | purpose | replicate | space << 8 \| 2 | the words `4 block .. 4 block + 3` of one person's own stream |
//!
//! A chance draw is a uniform of 64 bits of which nearly always only the upper 16 are needed to compare it with a
//! probability; where they tie, the lower 48 are the upper 48 bits of word 0 of the person's own stream (see [`Chance`]).

mod chance;
mod normal;
pub mod philox;

pub use chance::{Chance, LADDER_CAPACITY};
pub use normal::normal_quantile;

use philox::Key;
use std::convert::Infallible;

/// What a set of draws is for, so that the study, the reckoning of the population's truth and a pilot never share any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Space {
    /// The replicates of the study.
    Study = 0,
    /// The large cohort that stands for the population where no exact value is known.
    Population = 1,
    /// Pilot runs of `check`.
    Pilot = 2,
    /// Random numbers of the methods themselves (resampling, imputation).
    Method = 3,
    /// Small studies by the number of a case, and orders of their rows.
    Cases = 4,
    /// Simulated studies of a fit to published numbers, and the parameters that are tried.
    Calibration = 5,
}

/// The purpose of a draw: a hash of its name, so that it does not depend on what else is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Purpose(pub u64);

impl Purpose {
    /// The purpose of a name such as `state.well` (FNV-1a, 64 bits).
    #[must_use]
    pub const fn named(name: &str) -> Self {
        let bytes = name.as_bytes();
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut i = 0;
        while i < bytes.len() {
            hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
            i += 1;
        }
        Self(hash)
    }
}

/// The stratum of a person's address: a hash of the group's name, so that groups do not move each other's draws.
#[must_use]
pub fn stratum(group: &str) -> u32 {
    let hash = Purpose::named(group).0;
    (hash ^ (hash >> 32)) as u32
}

/// All the address but the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    /// What the draws are for.
    pub purpose: Purpose,
    /// Step, wave or visit: whatever counts the occasions of the purpose.
    pub occasion: u32,
    /// Number of the replicate.
    pub replicate: u64,
    /// Hash of the persons' group, see [`stratum`].
    pub stratum: u32,
}

/// A person's address, wherever the person lies in a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Number of the replicate.
    pub replicate: u64,
    /// Hash of the person's group, see [`stratum`].
    pub stratum: u32,
    /// Index within the group.
    pub index: u32,
}

impl Person {
    /// All the address of a draw but the person.
    #[must_use]
    pub fn lane(&self, purpose: Purpose, occasion: u32) -> Lane {
        Lane { purpose, occasion, replicate: self.replicate, stratum: self.stratum }
    }

    /// The address of the block that holds a draw, where a block has draws of so many neighbours.
    #[inline(always)]
    fn block_of(&self, neighbours: u32) -> Self {
        Self { index: self.index / neighbours, ..*self }
    }
}

/// The draws of one seed in one space.
#[derive(Clone, Copy, Debug)]
pub struct Streams {
    chance: Key,
    unit: Key,
    own: Key,
}

impl Streams {
    /// The draws of a seed in a space.
    #[must_use]
    pub fn new(seed: u64, space: Space) -> Self {
        let tag = (space as u64) << 8;
        Self { chance: Key::new([seed, tag]), unit: Key::new([seed, tag | 1]), own: Key::new([seed, tag | 2]) }
    }

    /// The upper 16 bits of the chance draws of persons `first .. first + out.len()`.
    pub fn fill_chance(&self, lane: &Lane, first: u32, out: &mut [u16]) {
        let high = u64::from(lane.stratum) << 32;
        let counter =
            |index: u32| [high | u64::from(index / 16), u64::from(lane.occasion) << 32, lane.purpose.0, lane.replicate];
        let lead = ((16 - first % 16) % 16).min(out.len() as u32);
        let (head, body) = out.split_at_mut(lead as usize);
        if !head.is_empty() {
            let words = chance_words(&philox::block(counter(first), &self.chance));
            let offset = (first % 16) as usize;
            head.copy_from_slice(&words[offset..offset + head.len()]);
        }
        let mut index = first.wrapping_add(lead);
        let mut chunks = body.chunks_exact_mut(16);
        for chunk in &mut chunks {
            chunk.copy_from_slice(&chance_words(&philox::block(counter(index), &self.chance)));
            index = index.wrapping_add(16);
        }
        let tail = chunks.into_remainder();
        if !tail.is_empty() {
            let words = chance_words(&philox::block(counter(index), &self.chance));
            tail.copy_from_slice(&words[..tail.len()]);
        }
    }

    /// The lower 48 bits of a person's chance draw, needed only where the upper 16 tie with a probability.
    #[must_use]
    pub fn chance_rest(&self, lane: &Lane, index: u32) -> u64 {
        self.own(lane, index).word(0) >> 16
    }

    /// 64 random bits for each of the persons `first .. first + out.len()`.
    pub fn fill_words(&self, lane: &Lane, first: u32, out: &mut [u64]) {
        let high = u64::from(lane.stratum) << 32;
        let mut index = first;
        let mut rest = out;
        while !rest.is_empty() {
            let counter = [high | u64::from(index / 4), u64::from(lane.occasion) << 32, lane.purpose.0, lane.replicate];
            let words = philox::block(counter, &self.unit);
            let offset = (index % 4) as usize;
            let n = (4 - offset).min(rest.len());
            let (now, later) = rest.split_at_mut(n);
            now.copy_from_slice(&words[offset..offset + n]);
            index = index.wrapping_add(n as u32);
            rest = later;
        }
    }

    /// What [`fill_chance`](Self::fill_chance) gives for each of these persons.
    pub fn pick_chance(&self, people: &[Person], purpose: Purpose, occasion: u32, out: &mut [u16]) {
        let mut words = [0; 16];
        let mut block = None;
        for (out, person) in out.iter_mut().zip(people) {
            let wanted = person.block_of(16);
            if block != Some(wanted) {
                block = Some(wanted);
                words = chance_words(&philox::block(counter(&wanted, purpose, occasion), &self.chance));
            }
            *out = words[(person.index % 16) as usize];
        }
    }

    /// What [`fill_words`](Self::fill_words) gives for each of these persons.
    pub fn pick_words(&self, people: &[Person], purpose: Purpose, occasion: u32, out: &mut [u64]) {
        let mut words = [0; 4];
        let mut block = None;
        for (out, person) in out.iter_mut().zip(people) {
            let wanted = person.block_of(4);
            if block != Some(wanted) {
                block = Some(wanted);
                words = philox::block(counter(&wanted, purpose, occasion), &self.unit);
            }
            *out = words[(person.index % 4) as usize];
        }
    }

    /// Uniform draws in the open interval (0, 1), each with 52 bits: ((word >> 12) + 1/2) / 2^52.
    pub fn fill_unit(&self, lane: &Lane, first: u32, out: &mut [f64]) {
        let mut words = [0_u64; 64];
        let mut index = first;
        for chunk in out.chunks_mut(64) {
            let words = &mut words[..chunk.len()];
            self.fill_words(lane, index, words);
            for (unit, word) in chunk.iter_mut().zip(words.iter()) {
                *unit = open_unit(*word);
            }
            index = index.wrapping_add(chunk.len() as u32);
        }
    }

    /// One person's own stream of words, for laws that need a varying number of them.
    #[must_use]
    pub fn own(&self, lane: &Lane, index: u32) -> Own {
        let counter = [
            (u64::from(lane.stratum) << 32) | u64::from(index),
            u64::from(lane.occasion) << 32,
            lane.purpose.0,
            lane.replicate,
        ];
        Own { key: self.own, counter, words: [0; 4], used: 4 }
    }
}

/// A number in the open interval (0, 1) from 64 random bits: the middle of one of 2^52 cells, so never 0 or 1.
#[must_use]
pub fn open_unit(word: u64) -> f64 {
    ((word >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
}

/// The counter of the block at an address.
#[inline(always)]
fn counter(at: &Person, purpose: Purpose, occasion: u32) -> [u64; 4] {
    [(u64::from(at.stratum) << 32) | u64::from(at.index), u64::from(occasion) << 32, purpose.0, at.replicate]
}

/// A word of its own for a key, from a random word: where many draws of small things share one word. Each bit of both moves
/// about half of the result (the finaliser of SplitMix64: Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195).
#[must_use]
pub fn stirred(word: u64, key: u64) -> u64 {
    let mut x = word ^ key;
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[inline(always)]
fn chance_words(block: &[u64; 4]) -> [u16; 16] {
    let mut words = [0; 16];
    for (i, word) in words.iter_mut().enumerate() {
        *word = (block[i / 4] >> (16 * (i % 4))) as u16;
    }
    words
}

/// One person's own stream at one address; plugs into whatever takes a generator of `rand`.
#[derive(Clone, Debug)]
pub struct Own {
    key: Key,
    counter: [u64; 4],
    words: [u64; 4],
    used: usize,
}

impl Own {
    /// Word `k` of the stream, whatever has been drawn.
    #[must_use]
    pub fn word(&self, k: u32) -> u64 {
        self.block(k / 4)[(k % 4) as usize]
    }

    /// Words `4 k .. 4 k + 3` of the stream, whatever has been drawn.
    #[must_use]
    pub fn block(&self, k: u32) -> [u64; 4] {
        let mut counter = self.counter;
        counter[1] = (counter[1] & !0xFFFF_FFFF) | u64::from(k);
        philox::block(counter, &self.key)
    }

    fn next_word(&mut self) -> u64 {
        if self.used == 4 {
            self.words = philox::block(self.counter, &self.key);
            // 2^32 blocks of one person on one occasion are never used up.
            self.counter[1] = self.counter[1].wrapping_add(1);
            self.used = 0;
        }
        let word = self.words[self.used];
        self.used += 1;
        word
    }
}

impl rand::TryRng for Own {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_word() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next_word())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next_word().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::stirred;

    /// Values from a second computation in Python.
    #[test]
    fn stirring_gives_known_words() {
        assert_eq!(stirred(1, 0), 0x5692_161d_100b_05e5);
        assert_eq!(stirred(0x0123_4567_89ab_cdef, 42), 0x4785_3c74_d157_dbad);
    }
}

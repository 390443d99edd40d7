//! Codes of records, in few bytes, and the order in which they were met.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The records met so far.
#[derive(Debug, Default)]
pub(super) struct Ids {
    known: BTreeMap<(i64, [u8; 16]), u32>,
    /// Replicate of each record.
    pub(super) replicate: Vec<i64>,
    last: Option<((i64, [u8; 16]), u32)>,
}

impl Ids {
    /// The number of a record, which is new where it was not met before.
    pub(super) fn number(&mut self, replicate: i64, code: &str) -> Option<u32> {
        let key = (replicate, packed(code));
        if let Some((last, number)) = self.last.filter(|(last, _)| *last == key) {
            debug_assert_eq!(last, key);
            return Some(number);
        }
        let next = u32::try_from(self.replicate.len()).ok()?;
        let number = *self.known.entry(key).or_insert(next);
        if number == next {
            self.replicate.push(replicate);
        }
        self.last = Some((key, number));
        Some(number)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.replicate.len()
    }
}

/// The code itself where it is short, otherwise a hash of it.
fn packed(code: &str) -> [u8; 16] {
    let mut packed = [0; 16];
    let bytes = code.as_bytes();
    match packed.get_mut(1..=bytes.len()).filter(|_| bytes.len() < 16) {
        Some(place) => {
            place.copy_from_slice(bytes);
            packed[0] = bytes.len() as u8;
        }
        None => {
            packed.copy_from_slice(&Sha256::digest(bytes)[..16]);
            // No short code begins so.
            packed[0] |= 0x80;
        }
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_told_apart_by_replicate_and_code() {
        let mut ids = Ids::default();
        let long = "a code that is longer than fifteen letters";
        let met = [(0, "a"), (0, "ab"), (1, "a"), (0, long), (0, &long[1..]), (0, "")];
        for (number, (replicate, code)) in met.iter().enumerate() {
            assert_eq!(ids.number(*replicate, code), Some(number as u32));
        }
        for (number, (replicate, code)) in met.iter().enumerate() {
            assert_eq!(ids.number(*replicate, code), Some(number as u32));
        }
        assert_eq!(ids.len(), 6);
        assert_eq!(packed("fifteen letters")[0], 15);
        assert_ne!(packed("a\0"), packed("a"));
    }
}

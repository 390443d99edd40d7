//! A record's own code, from which nobody can tell the person's number.

use crate::streams::{Lane, Purpose, Streams};

/// Letters of a code: 32 of them, without those that are easily mistaken for another.
pub(super) const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters in a code: 60 bits.
const LENGTH: u32 = 12;

/// The codes of the records of one replicate, all different.
#[must_use]
pub fn record_codes(streams: &Streams, replicate: u64, records: usize) -> Vec<u64> {
    let purpose = Purpose::named("record.code");
    let mut lane = Lane { purpose, occasion: 0, replicate, stratum: 0 };
    let mut codes = vec![0; records];
    streams.fill_words(&lane, 0, &mut codes);
    codes.iter_mut().for_each(|code| *code >>= 64 - 5 * LENGTH);
    loop {
        let again = repeated(&codes);
        if again.is_empty() {
            return codes;
        }
        // About once in 20,000 cohorts of ten million: those drawn twice are drawn anew.
        lane.occasion = lane.occasion.wrapping_add(1);
        for row in again {
            codes[row as usize] = streams.own(&lane, row).word(0) >> (64 - 5 * LENGTH);
        }
    }
}

/// Rows whose code an earlier row has.
fn repeated(codes: &[u64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..codes.len() as u32).collect();
    order.sort_unstable_by_key(|row| (codes[*row as usize], *row));
    let pairs = order.windows(2).filter(|pair| codes[pair[0] as usize] == codes[pair[1] as usize]);
    pairs.map(|pair| pair[1]).collect()
}

/// Bytes of a code as text.
pub(super) const TEXT_LENGTH: usize = 2 + LENGTH as usize;

/// All pairs of letters, so that ten bits of a code become text at once.
const PAIRS: [[u8; 2]; 1024] = {
    let mut pairs = [[0; 2]; 1024];
    let mut i = 0;
    while i < 1024 {
        pairs[i] = [LETTERS[i >> 5], LETTERS[i & 31]];
        i += 1;
    }
    pairs
};

/// A code as text, in ASCII.
pub(super) fn record_bytes(code: u64) -> [u8; TEXT_LENGTH] {
    let mut text = *b"S-000000000000";
    for (i, pair) in text[2..].chunks_exact_mut(2).enumerate() {
        pair.copy_from_slice(&PAIRS[(code >> (50 - 10 * i) & 1023) as usize]);
    }
    text
}

/// A code as text, such as `S-7K0Q2M9XW4TB`.
#[must_use]
pub fn record_text(code: u64) -> String {
    record_bytes(code).map(char::from).iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::Space;

    #[test]
    fn codes_are_different_and_do_not_follow_the_persons() {
        let streams = Streams::new(1, Space::Study);
        let codes = record_codes(&streams, 0, 10_000);
        assert!(repeated(&codes).is_empty());
        let rising = codes.windows(2).filter(|w| w[0] < w[1]).count();
        assert!((4_800..5_200).contains(&rising), "{rising}");
        assert_ne!(codes, record_codes(&streams, 1, 10_000));
        assert_eq!(codes[..100], record_codes(&streams, 0, 100));
    }

    #[test]
    fn repetitions_are_found() {
        assert_eq!(repeated(&[5, 7, 5, 5, 8]), [2, 3]);
    }

    #[test]
    fn text_by_hand() {
        assert_eq!(record_text(0), "S-000000000000");
        assert_eq!(record_text(33), "S-000000000011");
        assert_eq!(record_text((1 << 60) - 1), "S-ZZZZZZZZZZZZ");
        // A bit in each letter, so that none can be in another's place: 1, 2, 3 ... in letters of five bits.
        assert_eq!(record_text((1..=12).fold(0, |code, letter| code << 5 | letter)), "S-123456789ABC");
    }
}

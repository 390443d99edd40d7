//! Records that are being made of interviews.

use crate::rules::Layout;
use crate::streams::{Lane, Purpose, Streams};

/// Stands for no person, and for no record.
pub(in crate::observe) const NOBODY: u32 = u32::MAX;

/// All interviews of a batch, and what was drawn about their linkage when they were made.
#[derive(Debug)]
pub(in crate::observe) struct Interviews<'a> {
    pub streams: &'a Streams,
    pub layout: &'a Layout,
    /// Who was interviewed, `[wave][row]`.
    pub attended: &'a [Vec<bool>],
    pub group: &'a [u8],
    pub site: &'a [u32],
    /// `[decision][wave][row]`: 1 where it happens; no rows at waves at which nothing was decided.
    pub decided: &'a [Vec<Vec<u8>>],
    /// What each person has from the first wave on; empty where there is nothing.
    pub once: &'a [f64],
}

impl Interviews<'_> {
    /// Number of waves.
    pub fn waves(&self) -> usize {
        self.attended.len()
    }

    /// Whether a decision was taken for a person at a wave and says yes.
    pub fn is_decided(&self, decision: usize, wave: usize, row: usize) -> bool {
        self.decided[decision][wave].get(row) == Some(&1)
    }

    /// A person's 64 random bits for a purpose at a wave.
    pub fn word(&self, purpose: Purpose, wave: usize, row: usize) -> u64 {
        let segment = self.layout.segment_at(row);
        self.streams.own(&segment.lane(purpose, (wave << 8) as u32), segment.index(row)).word(0)
    }

    /// 64 random bits of everybody for a purpose at a wave.
    pub fn words(&self, purpose: Purpose, wave: usize) -> Vec<u64> {
        let mut words = vec![0; self.layout.rows()];
        for segment in self.layout.segments() {
            let lane: Lane = segment.lane(purpose, (wave << 8) as u32);
            self.streams.fill_words(&lane, segment.first, &mut words[segment.rows.clone()]);
        }
        words
    }
}

/// Records, replicate after replicate. Each has one interview or more, and at most one in a wave.
#[derive(Clone, Debug, Default)]
pub(in crate::observe) struct Records {
    /// Row of the person behind each record, `[wave][record]`; [`NOBODY`] where the record has no interview.
    pub links: Vec<Vec<u32>>,
    /// First record of each replicate begun.
    pub starts: Vec<usize>,
    /// What each mechanism did at each wave, `[mechanism][wave]`: at risk, happened. The first two are missed and false
    /// matches.
    pub counts: Vec<Vec<(u64, u64)>>,
}

impl Records {
    /// No records yet.
    pub fn new(waves: usize, mechanisms: usize) -> Self {
        Self { links: vec![Vec::new(); waves], starts: Vec::new(), counts: vec![vec![(0, 0); waves]; mechanisms] }
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.links.first().map_or(0, Vec::len)
    }

    /// Begins the next replicate; its first record.
    pub fn begin(&mut self) -> usize {
        self.starts.push(self.len());
        self.len()
    }

    /// A new record with one interview.
    pub fn open(&mut self, wave: usize, row: usize) -> u32 {
        let record = self.len() as u32;
        self.links.iter_mut().for_each(|wave| wave.push(NOBODY));
        self.file(record, wave, row);
        record
    }

    /// Whether a record has an interview at a wave.
    pub fn has(&self, record: u32, wave: usize) -> bool {
        self.links[wave][record as usize] != NOBODY
    }

    /// Puts an interview into a record that has none at the wave.
    pub fn file(&mut self, record: u32, wave: usize, row: usize) {
        self.links[wave][record as usize] = row as u32;
    }

    /// Adds to what the audit counts of a mechanism at a wave.
    pub fn count(&mut self, mechanism: usize, wave: usize, at_risk: u64, happened: u64) {
        let count = &mut self.counts[mechanism][wave];
        count.0 += at_risk;
        count.1 += happened;
    }

    /// Counts missed matches among persons interviewed before, whose interview is in no record with an earlier one of
    /// theirs; and false matches among interviews that were joined with earlier ones, the last of which is somebody
    /// else's.
    pub fn count_matches(&mut self, persons: usize) {
        let (mut seen, mut now, mut joined) = (vec![false; persons], vec![false; persons], vec![false; persons]);
        for wave in 0..self.links.len() {
            let (before, rest) = self.links.split_at(wave);
            now.fill(false);
            joined.fill(false);
            let (mut links, mut wrong) = (0, 0);
            for (record, person) in rest[0].iter().enumerate().filter(|(_, person)| **person != NOBODY) {
                now[*person as usize] = true;
                joined[*person as usize] |= before.iter().any(|wave| wave[record] == *person);
                let last = before.iter().rev().map(|wave| wave[record]).find(|other| *other != NOBODY);
                links += u64::from(last.is_some());
                wrong += u64::from(last.is_some_and(|other| other != *person));
            }
            let (mut possible, mut missed) = (0, 0);
            for ((now, seen), joined) in now.iter().zip(&mut seen).zip(&joined) {
                possible += u64::from(*now && *seen);
                missed += u64::from(*now && *seen && !*joined);
                *seen |= *now;
            }
            self.count(0, wave, possible, missed);
            self.count(1, wave, links, wrong);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missed_and_false_matches_by_hand() {
        let mut records = Records::new(3, 2);
        records.begin();
        // Persons 0 and 1 are both seen three times. 0 is split at the second wave and found again at the third;
        // 1 goes on in 0's record at the third.
        let a = records.open(0, 0);
        let b = records.open(0, 1);
        let c = records.open(1, 0);
        records.file(b, 1, 1);
        records.file(c, 2, 0);
        records.file(a, 2, 1);
        records.count_matches(2);
        assert_eq!(records.counts[0], [(0, 0), (2, 1), (2, 1)]);
        assert_eq!(records.counts[1], [(0, 0), (1, 0), (2, 1)]);
        assert_eq!(records.links, [[0, 1, NOBODY], [NOBODY, 1, 0], [1, NOBODY, 0]]);
    }
}

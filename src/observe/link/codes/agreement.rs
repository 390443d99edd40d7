//! Which codes agree. Codes are numbers in a mixed radix, so that leaving elements out is a subtraction; codes that agree
//! in all elements but some are found by sorting, once for each choice of those elements, never by comparing all pairs.

/// A code and the part of the replicate in which it counts, as one number.
pub(super) type Code = u128;

/// The codes of some elements.
#[derive(Clone, Debug)]
pub(super) struct Codes {
    /// Number of values of each element.
    values: Vec<u128>,
    /// What one step of each element is worth.
    steps: Vec<u128>,
    /// What one step of the part is worth.
    part: u128,
}

/// With whom a code may be joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Candidate {
    None,
    One(u32),
    Many,
}

impl Candidate {
    fn add(&mut self, other: u32) {
        *self = match *self {
            Self::None => Self::One(other),
            Self::One(known) if known == other => Self::One(known),
            _ => Self::Many,
        };
    }
}

/// All choices of `chosen` of the elements `0 .. count`.
pub(super) fn choices(count: usize, chosen: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for _ in 0..chosen {
        let longer = all.iter().flat_map(|choice: &Vec<usize>| {
            let next = choice.last().map_or(0, |last| last + 1);
            (next..count).map(|element| choice.iter().copied().chain([element]).collect())
        });
        all = longer.collect();
    }
    all
}

impl Codes {
    /// Codes of elements with these numbers of values, the product of which is below 2^96.
    pub fn new(values: Vec<u16>) -> Self {
        let values: Vec<u128> = values.into_iter().map(u128::from).collect();
        let mut part = 1_u128;
        let mut steps = Vec::with_capacity(values.len());
        for count in &values {
            steps.push(part);
            part = part.saturating_mul(*count);
        }
        Self { values, steps, part }
    }

    /// The code of these elements in a part of the replicate.
    pub fn code(&self, part: u32, elements: impl Iterator<Item = u16>) -> Code {
        let sum: u128 = self.steps.iter().zip(elements).map(|(step, value)| step * u128::from(value)).sum();
        sum + u128::from(part) * self.part
    }

    fn without(&self, code: Code, elements: &[usize]) -> Code {
        elements.iter().fold(code, |code, e| code - code / self.steps[*e] % self.values[*e] * self.steps[*e])
    }

    /// The record that each given code is joined with: the one whose last code differs in fewest elements, in at most
    /// `allow`; where several would do, or the record would do for several, none.
    pub fn join(&self, given: &[Code], records: &[Code], allow: usize) -> Vec<Option<usize>> {
        let mut joined: Vec<Option<usize>> = vec![None; given.len()];
        let mut taken = vec![false; records.len()];
        for differing in 0..=allow {
            let open: Vec<usize> = (0..given.len()).filter(|i| joined[*i].is_none()).collect();
            let free: Vec<usize> = (0..records.len()).filter(|r| !taken[*r]).collect();
            if open.is_empty() || free.is_empty() {
                break;
            }
            for (i, r) in self.pairs(given, &open, records, &free, differing) {
                joined[i] = Some(r);
                taken[r] = true;
            }
        }
        joined
    }

    /// Pairs that have only each other among those that differ in at most `differing` elements.
    fn pairs(
        &self,
        given: &[Code],
        open: &[usize],
        records: &[Code],
        free: &[usize],
        differing: usize,
    ) -> Vec<(usize, usize)> {
        let mut of_given = vec![Candidate::None; open.len()];
        let mut of_record = vec![Candidate::None; free.len()];
        // Codes come before records where keys are the same.
        let mut keys: Vec<(Code, bool, u32)> = Vec::with_capacity(open.len() + free.len());
        for left_out in choices(self.values.len(), differing) {
            keys.clear();
            keys.extend(open.iter().enumerate().map(|(k, i)| (self.without(given[*i], &left_out), false, k as u32)));
            keys.extend(free.iter().enumerate().map(|(k, r)| (self.without(records[*r], &left_out), true, k as u32)));
            keys.sort_unstable();
            for run in keys.chunk_by(|a, b| a.0 == b.0) {
                let (codes, records) = run.split_at(run.partition_point(|key| !key.1));
                // Two are as good as many: both sides are told of the first two only.
                for code in codes {
                    records.iter().take(2).for_each(|r| of_given[code.2 as usize].add(r.2));
                }
                for record in records {
                    codes.iter().take(2).for_each(|c| of_record[record.2 as usize].add(c.2));
                }
            }
        }
        let mut pairs = Vec::new();
        for (k, candidate) in of_given.iter().enumerate() {
            if let Candidate::One(r) = candidate
                && of_record[*r as usize] == Candidate::One(k as u32)
            {
                pairs.push((open[k], free[*r as usize]));
            }
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::{Lane, Purpose, Space, Streams};

    fn by_hand(given: &[[u16; 3]], records: &[[u16; 3]], allow: usize) -> Vec<Option<usize>> {
        let codes = Codes::new(vec![10, 10, 10]);
        let code = |list: &[[u16; 3]]| list.iter().map(|c| codes.code(0, c.iter().copied())).collect::<Vec<_>>();
        codes.join(&code(given), &code(records), allow)
    }

    #[test]
    fn exact_near_and_ambiguous_by_hand() {
        let records = [[1, 2, 3], [4, 5, 6], [4, 5, 6], [7, 8, 9]];
        assert_eq!(by_hand(&[[1, 2, 3], [4, 5, 6], [7, 8, 0]], &records, 0), [Some(0), None, None]);
        assert_eq!(by_hand(&[[1, 2, 3], [4, 5, 6], [7, 8, 0]], &records, 1), [Some(0), None, Some(3)]);
        // Two codes that would do for one record, and a near one that an exact one leaves alone.
        assert_eq!(by_hand(&[[7, 8, 1], [7, 8, 2]], &records, 1), [None, None]);
        assert_eq!(by_hand(&[[7, 8, 9], [7, 8, 2]], &records, 1), [Some(3), None]);
        assert_eq!(by_hand(&[[1, 0, 0]], &records, 2), [Some(0)]);
        assert_eq!(by_hand(&[], &records, 2), []);
        assert_eq!(by_hand(&[[1, 2, 3]], &[], 2), [None]);
    }

    #[test]
    fn other_parts_do_not_agree() {
        let codes = Codes::new(vec![60_000, 60_000, 2]);
        let elements = || [59_999, 3, 1].into_iter();
        let given = [codes.code(0, elements()), codes.code(u32::MAX, elements())];
        assert_eq!(codes.join(&given, &[codes.code(u32::MAX, elements())], 2), [None, Some(0)]);
    }

    #[test]
    fn choices_by_hand() {
        assert_eq!(choices(3, 0), [Vec::<usize>::new()]);
        assert_eq!(choices(3, 2), [[0, 1], [0, 2], [1, 2]]);
        assert_eq!(choices(12, 3).len(), 220);
    }

    /// The same by comparing all pairs.
    fn slow(given: &[[u16; 4]], records: &[[u16; 4]], allow: usize) -> Vec<Option<usize>> {
        let apart = |a: &[u16; 4], b: &[u16; 4]| a.iter().zip(b).filter(|(a, b)| a != b).count();
        let (mut joined, mut taken) = (vec![None; given.len()], vec![false; records.len()]);
        for d in 0..=allow {
            let near = |i: usize, r: usize| apart(&given[i], &records[r]) <= d;
            let open: Vec<usize> = (0..given.len()).filter(|i| joined[*i].is_none()).collect();
            let free: Vec<usize> = (0..records.len()).filter(|r| !taken[*r]).collect();
            for i in &open {
                let mine: Vec<_> = free.iter().filter(|r| near(*i, **r)).collect();
                if let [r] = mine[..]
                    && open.iter().filter(|o| near(**o, *r)).count() == 1
                {
                    joined[*i] = Some(*r);
                    taken[*r] = true;
                }
            }
        }
        joined
    }

    #[test]
    fn sorting_finds_what_comparing_all_pairs_finds() {
        let streams = Streams::new(7, Space::Study);
        let codes = Codes::new(vec![6; 4]);
        for round in 0..40 {
            let lane = Lane { purpose: Purpose::named("codes"), occasion: round, replicate: 0, stratum: 0 };
            let mut words = vec![0; 60];
            streams.fill_words(&lane, 0, &mut words);
            let list: Vec<[u16; 4]> =
                words.iter().map(|w| [0, 16, 32, 48].map(|shift| ((w >> shift) & 0xFFFF) as u16 % 6)).collect();
            let (given, records) = list.split_at(25);
            let code = |list: &[[u16; 4]]| list.iter().map(|c| codes.code(0, c.iter().copied())).collect::<Vec<_>>();
            for allow in 0..3 {
                assert_eq!(codes.join(&code(given), &code(records), allow), slow(given, records, allow));
            }
        }
    }
}

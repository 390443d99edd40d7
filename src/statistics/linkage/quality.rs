//! How many links are right, where it is known who is who.

use super::Pair;
use super::blocking::positions;

/// Pairs by what was decided and what is true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Links of records of one person.
    pub true_positive: u64,
    /// Links of records of different persons.
    pub false_positive: u64,
    /// Pairs of records of one person that are no link.
    pub false_negative: u64,
}

impl Quality {
    /// Counts distinct links between two files. `who_a` and `who_b` say who is behind each record; a record of which that
    /// is not known belongs to nobody else's.
    #[must_use]
    pub fn of_links<K: Ord>(links: &[Pair], who_a: &[Option<K>], who_b: &[Option<K>]) -> Self {
        let is_true = |(i, j): &&Pair| match (who_a.get(*i), who_b.get(*j)) {
            (Some(Some(a)), Some(Some(b))) => a == b,
            _ => false,
        };
        let true_positive = links.iter().filter(is_true).count() as u64;
        let b = positions(who_b);
        let of_person = |(who, records): (&K, Vec<usize>)| records.len() * b.get(who).map_or(0, Vec::len);
        let all: usize = positions(who_a).into_iter().map(of_person).sum();
        Self {
            true_positive,
            false_positive: links.len() as u64 - true_positive,
            false_negative: (all as u64).saturating_sub(true_positive),
        }
    }

    /// Counts pairs of interviews within records: true where both are of one person. `interviews`: record and person of
    /// each. What is not in one record is no link, whether or not one of the two was compared with the other.
    #[must_use]
    pub fn of_records<R: Ord + Copy, P: Ord + Copy>(interviews: &[(R, P)]) -> Self {
        let pairs_within = |sizes: Vec<u64>| -> u64 { sizes.iter().map(|n| n * n.saturating_sub(1) / 2).sum() };
        let linked = pairs_within(sizes(interviews.iter().map(|(record, _)| *record)));
        let of_person = pairs_within(sizes(interviews.iter().map(|(_, person)| *person)));
        let both = pairs_within(sizes(interviews.iter().copied()));
        Self { true_positive: both, false_positive: linked - both, false_negative: of_person - both }
    }

    /// Number of links.
    #[must_use]
    pub fn links(&self) -> u64 {
        self.true_positive + self.false_positive
    }

    /// Share of links that are true; `None` without links.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        share(self.true_positive, self.links())
    }

    /// Share of true pairs that are links; `None` where there are no true pairs.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        share(self.true_positive, self.true_positive + self.false_negative)
    }

    /// Harmonic mean of precision and recall; `None` where one of them is not defined or both are 0.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        let (precision, recall) = (self.precision()?, self.recall()?);
        (precision + recall > 0.0).then(|| 2.0 * precision * recall / (precision + recall))
    }
}

/// How often each value occurs.
fn sizes<T: Ord>(values: impl Iterator<Item = T>) -> Vec<u64> {
    let mut sorted: Vec<T> = values.collect();
    sorted.sort_unstable();
    sorted.chunk_by(|a, b| a == b).map(|same| same.len() as u64).collect()
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_hand() {
        // Person 7 is twice in the first file and once in the second: two true pairs. 8 is once in each. 9 is nowhere else.
        let a = [Some(7), Some(7), Some(8), Some(9), None];
        let b = [Some(8), Some(7), None];
        let quality = Quality::of_links(&[(0, 1), (3, 1), (4, 2)], &a, &b);
        assert_eq!(quality, Quality { true_positive: 1, false_positive: 2, false_negative: 2 });
        assert_eq!(quality.links(), 3);
        assert_eq!((quality.precision(), quality.recall()), (Some(1.0 / 3.0), Some(1.0 / 3.0)));
        assert!((quality.f1().expect("defined") - 1.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn pairs_within_records_by_hand() {
        // Record 0 has three interviews, two of person 5: one true link of three. Person 5 is also alone in record 1, which
        // makes two true pairs that are no link; person 6 is in records 0 and 2, one more.
        let quality = Quality::of_records(&[(0, 5), (0, 6), (0, 5), (1, 5), (2, 6)]);
        assert_eq!(quality, Quality { true_positive: 1, false_positive: 2, false_negative: 3 });
        assert_eq!(Quality::of_records::<u8, u8>(&[]), Quality::default());
    }

    #[test]
    fn undefined_stays_undefined() {
        let none = Quality::default();
        assert_eq!((none.precision(), none.recall(), none.f1()), (None, None, None));
        let nothing_found = Quality { false_negative: 3, ..none };
        assert_eq!((nothing_found.precision(), nothing_found.recall(), nothing_found.f1()), (None, Some(0.0), None));
        let all_wrong = Quality { false_positive: 2, ..nothing_found };
        assert_eq!((all_wrong.precision(), all_wrong.recall(), all_wrong.f1()), (Some(0.0), Some(0.0), None));
        assert_eq!(Quality::of_links::<u8>(&[(5, 5)], &[], &[]).false_positive, 1);
    }
}

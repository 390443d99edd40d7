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

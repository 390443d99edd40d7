//! Patterns of pairs of records, counted.

use super::{MISSING, Patterns};
use crate::statistics::linkage::Pair;
use crate::statistics::linkage::compare::{Comparison, Key};
use std::collections::BTreeMap;

/// As many patterns at most are counted in a list; more in a map.
const DENSE: u128 = 1 << 16;

/// The patterns of pairs as numbers in a mixed radix, and how often each was seen.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    levels: Vec<usize>,
    /// What a step of each field is worth; a field has its levels and "missing".
    steps: Vec<u128>,
    dense: Vec<u64>,
    sparse: BTreeMap<u128, u64>,
}

impl Compared {
    /// No pairs yet. `None` where there are more patterns than can be numbered, or a field with more than 254 levels.
    #[must_use]
    pub fn new(comparisons: &[Comparison]) -> Option<Self> {
        let levels: Vec<usize> = comparisons.iter().map(Comparison::levels).collect();
        if levels.iter().any(|count| *count >= usize::from(MISSING)) {
            return None;
        }
        let mut steps = Vec::with_capacity(levels.len());
        let mut all = 1_u128;
        for count in &levels {
            steps.push(all);
            all = all.checked_mul(*count as u128 + 1)?;
        }
        let dense = if all <= DENSE { vec![0; all as usize] } else { Vec::new() };
        Some(Self { levels, steps, dense, sparse: BTreeMap::new() })
    }

    /// Takes all pairs out.
    pub fn clear(&mut self) {
        self.dense.fill(0);
        self.sparse.clear();
    }

    /// Number of the pattern of a pair. `keys` have the comparisons that this was made with.
    #[must_use]
    pub fn number(&self, keys: &[Key<'_>], pair: Pair) -> u128 {
        let fields = keys.iter().zip(&self.steps).zip(&self.levels);
        fields.map(|((key, step), levels)| step * key.level(pair).unwrap_or(*levels) as u128).sum()
    }

    /// Counts a pair.
    pub fn add(&mut self, number: u128) {
        let place = usize::try_from(number).ok();
        match place.and_then(|place| self.dense.get_mut(place)) {
            Some(count) => *count += 1,
            None => *self.sparse.entry(number).or_insert(0) += 1,
        }
    }

    /// Level of each field in a pattern, [`MISSING`] where it cannot be compared.
    #[must_use]
    pub fn levels(&self, number: u128) -> Vec<u8> {
        let level = |(step, levels): (&u128, &usize)| {
            let level = (number / step % (*levels as u128 + 1)) as usize;
            if level == *levels { MISSING } else { level as u8 }
        };
        self.steps.iter().zip(&self.levels).map(level).collect()
    }

    /// The patterns that were seen, in the order of their numbers.
    #[must_use]
    pub fn patterns(&self) -> Patterns {
        let mut patterns = Patterns::new(&self.levels);
        let dense = self.dense.iter().enumerate().map(|(number, count)| (number as u128, *count));
        let seen = dense.chain(self.sparse.iter().map(|(number, count)| (*number, *count)));
        for (number, count) in seen.filter(|(_, count)| *count > 0) {
            // Its levels are in range: it cannot be refused.
            let _ = patterns.push(&self.levels(number), count as f64);
        }
        patterns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::linkage::blocking::every_pair;
    use crate::statistics::linkage::compare::Field;

    #[test]
    fn pairs_are_counted_by_pattern() {
        let (a, b) = (Field::Numbers(vec![1.0, 2.0]), Field::Numbers(vec![1.0, 2.0, f64::NAN]));
        let (c, d) = (Field::Numbers(vec![10.0, 20.0]), Field::Numbers(vec![11.0, 20.0, 30.0]));
        let within = Comparison::Within(vec![5.0, 0.0]);
        let keys =
            [Key { a: &a, b: &b, comparison: Comparison::Equal }, Key { a: &c, b: &d, comparison: within.clone() }];
        let mut compared = Compared::new(&[Comparison::Equal, within]).expect("few patterns");
        every_pair(2, 3).for_each(|pair| compared.add(compared.number(&keys, pair)));
        let mut want = Patterns::new(&[2, 3]);
        // 0-1 and 1-0 agree in nothing; 0-0 in the first and nearly in the second; 1-1 in both; two cannot be compared in
        // the first.
        for (levels, count) in [([0, 0], 2.0), ([MISSING, 0], 2.0), ([1, 1], 1.0), ([1, 2], 1.0)] {
            want.push(&levels, count).expect("a pattern");
        }
        assert_eq!(compared.patterns(), want);
        compared.clear();
        assert!(compared.patterns().is_empty());
    }

    #[test]
    fn many_patterns_are_kept_in_a_map() {
        let mut compared = Compared::new(&vec![Comparison::Equal; 20]).expect("they can be numbered");
        assert!(compared.dense.is_empty());
        let number = 3_u128.pow(20) - 1;
        compared.add(number);
        compared.add(number);
        assert_eq!(compared.levels(number), [MISSING; 20]);
        assert_eq!((compared.patterns().len(), compared.patterns().counts()), (1, &[2.0][..]));
        assert!(Compared::new(&vec![Comparison::Equal; 100]).is_none());
        assert!(Compared::new(&[Comparison::Within(vec![0.0; 300])]).is_none());
    }
}

//! Links of records that agree on at least so many keys, each with a tolerance of its own. A key agrees at level 1 of its
//! comparison or above.

use super::Pair;
use super::blocking::{every_pair, in_any_pass};
use super::compare::{Comparison, Key};

/// A link and how many keys agree in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The records.
    pub pair: Pair,
    /// Number of keys that agree.
    pub agreeing: usize,
}

/// All pairs in which at least `at_least` of the keys agree, in order. A missing value agrees with nothing. With
/// `at_least` 0 every pair is a link.
#[must_use]
pub fn links(keys: &[Key<'_>], at_least: usize) -> Vec<Link> {
    links_among(keys, at_least, candidates(keys, at_least).into_iter())
}

/// Those of the given pairs in which at least `at_least` of the keys agree, in the order given.
#[must_use]
pub fn links_among(keys: &[Key<'_>], at_least: usize, pairs: impl Iterator<Item = Pair>) -> Vec<Link> {
    let link = |pair: Pair| Link { pair, agreeing: agreeing(keys, pair) };
    pairs.map(link).filter(|link| link.agreeing >= at_least).collect()
}

/// Number of keys that agree.
fn agreeing(keys: &[Key<'_>], (i, j): Pair) -> usize {
    keys.iter().filter(|key| key.level((i, j)).is_some_and(|level| level > 0)).count()
}

/// Pairs among which all links are. Of n keys at most d = n - k differ in a link. Of d + 1 groups of keys, then, at least
/// one agrees in full; where there are as many keys that must be equal, blocks on each group hold all links.
fn candidates(keys: &[Key<'_>], at_least: usize) -> Vec<Pair> {
    let records = |of: fn(&Key<'_>) -> usize| keys.iter().map(of).min().unwrap_or(0);
    let (a, b) = (records(|key| key.a.len()), records(|key| key.b.len()));
    let Some(differing) = keys.len().checked_sub(at_least) else { return Vec::new() };
    let equal: Vec<&Key<'_>> = keys.iter().filter(|key| key.comparison == Comparison::Equal).collect();
    if equal.len() <= differing {
        return every_pair(a, b).collect();
    }
    let group = |start: usize| {
        let of_group = || equal.iter().skip(start).step_by(differing + 1);
        (of_group().map(|key| key.a).collect(), of_group().map(|key| key.b).collect())
    };
    in_any_pass(&(0..=differing).map(group).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::linkage::compare::Field;
    use crate::statistics::linkage::strings::Similarity;
    use proptest::prelude::*;

    fn texts(values: &[&str]) -> Field {
        Field::Texts(values.iter().map(|v| (*v).to_owned()).collect())
    }

    #[test]
    fn two_of_three_with_tolerances() {
        let first = (texts(&["ANNA", "BEN", ""]), texts(&["ANNE", "BEN", "CARL"]));
        let year = (Field::Numbers(vec![1990.0, 1991.0, 1992.0]), Field::Numbers(vec![1991.0, f64::NAN, 1992.0]));
        let site = (Field::Numbers(vec![1.0, 2.0, 3.0]), Field::Numbers(vec![1.0, 2.0, 3.0]));
        let keys = [
            Key { a: &first.0, b: &first.1, comparison: Comparison::Similar(Similarity::Levenshtein, vec![0.75]) },
            Key { a: &year.0, b: &year.1, comparison: Comparison::Within(vec![1.0]) },
            Key { a: &site.0, b: &site.1, comparison: Comparison::Equal },
        ];
        // ANNA and ANNE are 1 - 1/4 alike; a missing first name or year agrees with nothing.
        let link = |pair, agreeing| Link { pair, agreeing };
        assert_eq!(links(&keys, 2), [link((0, 0), 3), link((1, 1), 2), link((2, 2), 2)]);
        assert_eq!(links(&keys, 3), [link((0, 0), 3)]);
        // One year apart is enough for one key: 1991 with 1991 and 1992, 1992 with 1991.
        assert_eq!(links(&keys, 1).len(), 3 + 3);
        assert_eq!(links(&keys, 0).len(), 9);
        assert_eq!(links(&keys, 4), []);
        assert_eq!(links(&[], 0), []);
    }

    proptest! {
        #[test]
        fn blocks_lose_no_link(
            a in prop::collection::vec(prop::collection::vec(0u8..4, 5), 0..8),
            b in prop::collection::vec(prop::collection::vec(0u8..4, 5), 0..8),
            at_least in 0usize..7,
        ) {
            // Value 3 is missing.
            let field = |rows: &[Vec<u8>], k: usize| {
                Field::Numbers(rows.iter().map(|r| if r[k] == 3 { f64::NAN } else { f64::from(r[k]) }).collect())
            };
            let fields: Vec<(Field, Field)> = (0..5).map(|k| (field(&a, k), field(&b, k))).collect();
            let comparison = |k: usize| if k == 2 { Comparison::Within(vec![1.0]) } else { Comparison::Equal };
            let keys: Vec<Key<'_>> =
                fields.iter().enumerate().map(|(k, (a, b))| Key { a, b, comparison: comparison(k) }).collect();
            let slow: Vec<Pair> =
                every_pair(a.len(), b.len()).filter(|pair| agreeing(&keys, *pair) >= at_least).collect();
            let quick: Vec<Pair> = links(&keys, at_least).into_iter().map(|link| link.pair).collect();
            prop_assert_eq!(quick, slow);
        }
    }
}

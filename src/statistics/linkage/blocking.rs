//! Candidate pairs: records that agree on a key, so that not every record is compared with every other.

use super::Pair;
use super::compare::{Field, KeyPart};
use std::collections::BTreeMap;

/// The key of each record: its values in these fields; `None` where any of them is missing.
///
/// `fields` all have the same number of records.
#[must_use]
pub fn keys(fields: &[&Field]) -> Vec<Option<Vec<KeyPart>>> {
    let records = fields.iter().map(|f| f.len()).min().unwrap_or(0);
    (0..records).map(|record| fields.iter().map(|field| field.key(record)).collect()).collect()
}

/// Positions of the records of each key, in order.
pub(super) fn positions<K: Ord>(keys: &[Option<K>]) -> BTreeMap<&K, Vec<usize>> {
    let mut positions: BTreeMap<&K, Vec<usize>> = BTreeMap::new();
    for (record, key) in keys.iter().enumerate() {
        if let Some(key) = key {
            positions.entry(key).or_default().push(record);
        }
    }
    positions
}

/// All pairs of records with the same key, in order. A record without a key is in no pair.
#[must_use]
pub fn same_key<K: Ord>(a: &[Option<K>], b: &[Option<K>]) -> Vec<Pair> {
    let b = positions(b);
    let partners = |key: &Option<K>| key.as_ref().and_then(|key| b.get(key)).map_or(&[][..], Vec::as_slice);
    a.iter().enumerate().flat_map(|(i, key)| partners(key).iter().map(move |j| (i, *j))).collect()
}

/// Pairs that have the same key in one of several passes, each once, in order. A pass is a list of fields of each file.
#[must_use]
pub fn in_any_pass(passes: &[(Vec<&Field>, Vec<&Field>)]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = passes.iter().flat_map(|(a, b)| same_key(&keys(a), &keys(b))).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Every record of the first file with every record of the second.
pub fn every_pair(a: usize, b: usize) -> impl Iterator<Item = Pair> {
    (0..a).flat_map(move |i| (0..b).map(move |j| (i, j)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_blocks() {
        let a = Field::Numbers(vec![1.0, 2.0, f64::NAN, 1.0]);
        let b = Field::Numbers(vec![2.0, 1.0, f64::NAN]);
        let c = Field::Numbers(vec![5.0, 5.0, 5.0, 6.0]);
        let d = Field::Numbers(vec![6.0, 5.0, 7.0]);
        assert_eq!(same_key(&keys(&[&a]), &keys(&[&b])), [(0, 1), (1, 0), (3, 1)]);
        assert_eq!(same_key(&keys(&[&a, &c]), &keys(&[&b, &d])), [(0, 1)]);
        let passes = [(vec![&a], vec![&b]), (vec![&c], vec![&d])];
        assert_eq!(in_any_pass(&passes), [(0, 1), (1, 0), (1, 1), (2, 1), (3, 0), (3, 1)]);
        assert_eq!(every_pair(2, 2).collect::<Vec<_>>(), [(0, 0), (0, 1), (1, 0), (1, 1)]);
    }

    #[test]
    fn no_fields_and_no_records() {
        assert!(keys(&[]).is_empty());
        assert!(in_any_pass(&[]).is_empty());
        assert_eq!(every_pair(0, 3).count(), 0);
    }
}

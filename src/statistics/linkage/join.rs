//! From links between pairs to records: interviews of several occasions become records that have at most one of each.

use super::assignment::Candidate;
use std::collections::BTreeSet;

/// The record of each interview, numbered in the order of their first interviews, when linked interviews are put together.
///
/// `occasions`: occasion of each interview. `links`: pairs of interviews with what speaks for each. Links are taken in
/// falling order of gain, of equal ones the first pair first; one that would bring two interviews of the same occasion
/// into a record is left out. Links with a negative gain, or none, are left out too.
#[must_use]
pub fn components(occasions: &[u32], links: &[Candidate]) -> Vec<usize> {
    let mut record: Vec<usize> = (0..occasions.len()).collect();
    let mut members: Vec<Vec<usize>> = (0..occasions.len()).map(|i| vec![i]).collect();
    let inside = |link: &&Candidate| link.pair.0.max(link.pair.1) < occasions.len() && link.gain >= 0.0;
    let mut order: Vec<&Candidate> = links.iter().filter(inside).collect();
    order.sort_by(|x, y| y.gain.total_cmp(&x.gain).then(x.pair.cmp(&y.pair)));
    for link in order {
        let (x, y) = (record[link.pair.0], record[link.pair.1]);
        let taken: BTreeSet<u32> = members[x].iter().map(|i| occasions[*i]).collect();
        if x == y || members[y].iter().any(|i| taken.contains(&occasions[*i])) {
            continue;
        }
        let (kept, gone) = (x.min(y), x.max(y));
        let moved = std::mem::take(&mut members[gone]);
        moved.iter().for_each(|i| record[*i] = kept);
        members[kept].extend(moved);
    }
    numbered(&record)
}

/// The same records, numbered from 0 in the order in which they first occur.
fn numbered(record: &[usize]) -> Vec<usize> {
    let mut number = vec![usize::MAX; record.len()];
    let mut next = 0;
    let mut numbers = Vec::with_capacity(record.len());
    for r in record {
        if number[*r] == usize::MAX {
            number[*r] = next;
            next += 1;
        }
        numbers.push(number[*r]);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn link(a: usize, b: usize, gain: f64) -> Candidate {
        Candidate { pair: (a, b), gain }
    }

    #[test]
    fn the_stronger_link_wins_where_occasions_collide() {
        // Interviews 0, 1 of occasion 0; 2, 3 of occasion 1; 4 of occasion 2. 0-2 and 1-3 are joined; 2-4 is stronger than
        // 3-4, and with both 2 and 3 would be in one record.
        let occasions = [0, 0, 1, 1, 2];
        let links = [link(0, 2, 5.0), link(1, 3, 5.0), link(3, 4, 1.0), link(2, 4, 2.0)];
        assert_eq!(components(&occasions, &links), [0, 1, 0, 1, 0]);
    }

    #[test]
    fn links_that_are_none() {
        let links = [link(0, 1, -1.0), link(0, 1, f64::NAN), link(0, 9, 1.0), link(0, 0, 1.0)];
        assert_eq!(components(&[0, 1], &links), [0, 1]);
        assert_eq!(components(&[0, 0], &[link(0, 1, 1.0)]), [0, 1]);
        assert!(components(&[], &links).is_empty());
    }

    proptest! {
        #[test]
        fn no_record_has_two_interviews_of_an_occasion(
            occasions in prop::collection::vec(0u32..4, 0..20),
            links in prop::collection::vec((0usize..20, 0usize..20, 0.0f64..5.0), 0..40),
        ) {
            let links: Vec<Candidate> = links.into_iter().map(|(a, b, gain)| link(a, b, gain)).collect();
            let records = components(&occasions, &links);
            let mut seen: Vec<(usize, u32)> = records.iter().copied().zip(occasions.iter().copied()).collect();
            seen.sort_unstable();
            let count = seen.len();
            seen.dedup();
            prop_assert_eq!(seen.len(), count);
        }
    }
}

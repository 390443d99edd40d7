//! What a study still has to do, beside what is already known of it.

use super::batch::{Todo, cut};
use crate::tables::Pairs;
use std::ops::Range;

/// Replicates of a condition whose answers are known for these pairs.
pub type Stretch = (Range<u64>, Pairs);

/// The blocks of at most `size` replicates that are missing of the first `replicates` of a condition.
pub(super) fn missing(condition: usize, pairs: &Pairs, known: &[Stretch], replicates: u64, size: u64) -> Vec<Todo> {
    let mut edges: Vec<u64> = known.iter().flat_map(|(r, _)| [r.start, r.end]).chain([0, replicates]).collect();
    edges.retain(|edge| *edge <= replicates);
    edges.sort_unstable();
    edges.dedup();
    let mut stretches: Vec<Todo> = Vec::new();
    for ends in edges.windows(2) {
        let wanted = wanted(condition, pairs, known, ends[0]..ends[1]);
        if wanted.pairs.is_empty() && !wanted.counted {
            continue;
        }
        match stretches.last_mut() {
            Some(last)
                if last.replicates.end == ends[0] && (&last.pairs, last.counted) == (&wanted.pairs, wanted.counted) =>
            {
                last.replicates.end = ends[1];
            }
            _ => stretches.push(wanted),
        }
    }
    let blocks = stretches.into_iter().flat_map(|stretch| {
        let at = stretch.replicates.clone();
        cut(at, size).map(move |replicates| Todo { replicates, ..stretch.clone() })
    });
    blocks.collect()
}

/// What is missing between two neighbouring edges.
fn wanted(condition: usize, pairs: &Pairs, known: &[Stretch], replicates: Range<u64>) -> Todo {
    let here = || known.iter().filter(|(r, _)| r.start <= replicates.start && replicates.end <= r.end);
    let missing = pairs.iter().filter(|pair| !here().any(|(_, known)| known.contains(pair)));
    Todo { condition, pairs: missing.copied().collect(), counted: here().next().is_none(), replicates }
}

/// The number of replicates, from the first on, whose answers are known for all pairs.
#[must_use]
pub fn complete(pairs: &Pairs, known: &[Stretch]) -> u64 {
    let until = |covers: &dyn Fn(&Pairs) -> bool| {
        let mut parts: Vec<&Range<u64>> = known.iter().filter(|(_, pairs)| covers(pairs)).map(|(r, _)| r).collect();
        parts.sort_by_key(|r| r.start);
        parts.into_iter().fold(0, |end, r| if r.start <= end { end.max(r.end) } else { end })
    };
    let of_pairs = pairs.iter().map(|pair| until(&|known: &Pairs| known.contains(pair)));
    of_pairs.min().unwrap_or_else(|| until(&|_: &Pairs| true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs<const N: usize>(list: [u32; N]) -> Pairs {
        list.iter().map(|m| (0, *m)).collect()
    }

    fn found(wanted: &Pairs, known: &[Stretch], replicates: u64) -> Vec<(Range<u64>, Vec<u32>, bool)> {
        let todo = missing(3, wanted, known, replicates, 10);
        assert!(todo.iter().all(|t| t.condition == 3));
        todo.into_iter().map(|t| (t.replicates, t.pairs.iter().map(|p| p.1).collect(), t.counted)).collect()
    }

    #[test]
    fn nothing_is_known_at_first() {
        let both = pairs([0, 1]);
        assert_eq!(found(&both, &[], 12), [(0..10, vec![0, 1], true), (10..12, vec![0, 1], true)]);
        assert_eq!(found(&both, &[(0..12, both.clone())], 12), []);
        assert_eq!(complete(&both, &[]), 0);
    }

    #[test]
    fn only_what_is_missing_is_done() {
        let (one, both) = (pairs([0]), pairs([0, 1]));
        // More replicates.
        assert_eq!(found(&one, &[(0..12, one.clone())], 25), [(12..20, vec![0], true), (20..25, vec![0], true)]);
        // Another method: the replicates themselves are known.
        assert_eq!(found(&both, &[(0..12, one.clone())], 12), [(0..10, vec![1], false), (10..12, vec![1], false)]);
        // Both, and a block that was lost in between.
        let known = [(0..5, one.clone()), (8..12, both.clone())];
        let expected = [(0..5, vec![1], false), (5..8, vec![0, 1], true), (12..15, vec![0, 1], true)];
        assert_eq!(found(&both, &known, 15), expected);
        // Fewer than are known.
        assert_eq!(found(&both, &known, 4), [(0..4, vec![1], false)]);
    }

    #[test]
    fn complete_up_to_the_first_gap() {
        let (one, both) = (pairs([0]), pairs([0, 1]));
        let known = [(5..9, both.clone()), (0..5, one.clone()), (0..3, pairs([1])), (12..20, both.clone())];
        assert_eq!(complete(&one, &known), 9);
        assert_eq!(complete(&both, &known), 3);
        assert_eq!(complete(&pairs([]), &known), 9);
    }
}

//! One partner for each record, of the candidates it has.
//!
//! The optimal assignment is our own: what well-kept crates offer wants a full matrix of whole numbers and brings a
//! library of graphs along, and here candidates are few, their weights are not whole, and records may stay alone.

use super::Pair;
use std::collections::BTreeMap;

/// A pair that may be a link, and what speaks for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The records.
    pub pair: Pair,
    /// What speaks for it, from 0 (a weight less the threshold, or a number of agreeing keys); may be infinite. Candidates
    /// with a negative gain, or none (NaN), are never chosen.
    pub gain: f64,
}

/// Takes candidates whose records have no other one that is as good or better. A record with two best partners stays
/// alone. Positions of the candidates taken, in order.
#[must_use]
pub fn unambiguous(candidates: &[Candidate]) -> Vec<usize> {
    let (mut of_a, mut of_b) = (BTreeMap::new(), BTreeMap::new());
    for candidate in candidates.iter().filter(|c| c.gain >= 0.0) {
        best(&mut of_a, candidate.pair.0, candidate.gain);
        best(&mut of_b, candidate.pair.1, candidate.gain);
    }
    let alone = |best: Option<&(f64, usize)>, gain: f64| best == Some(&(gain, 1));
    let taken = |k: &usize| {
        let Candidate { pair, gain } = candidates[*k];
        alone(of_a.get(&pair.0), gain) && alone(of_b.get(&pair.1), gain)
    };
    (0..candidates.len()).filter(taken).collect()
}

/// Keeps the greatest gain of a record and how many candidates have it.
fn best(of: &mut BTreeMap<usize, (f64, usize)>, record: usize, gain: f64) {
    let known = of.entry(record).or_insert((gain, 0));
    if gain > known.0 {
        *known = (gain, 1);
    } else if gain == known.0 {
        known.1 += 1;
    }
}

/// Takes candidates in falling order of gain, each where both records are still free. Ties go to the records that come
/// first. Positions of the candidates taken, in order.
#[must_use]
pub fn greedy(candidates: &[Candidate]) -> Vec<usize> {
    let mut taken = Vec::new();
    take_free(candidates, &mut taken);
    taken.sort_unstable();
    taken
}

/// Adds to `taken` the candidates whose records are free, in falling order of gain.
fn take_free(candidates: &[Candidate], taken: &mut Vec<usize>) {
    let mut order: Vec<usize> = (0..candidates.len()).filter(|k| candidates[*k].gain >= 0.0).collect();
    order.sort_by(|x, y| {
        let (x, y) = (&candidates[*x], &candidates[*y]);
        y.gain.total_cmp(&x.gain).then(x.pair.cmp(&y.pair))
    });
    let mut used_a: std::collections::BTreeSet<usize> = taken.iter().map(|k| candidates[*k].pair.0).collect();
    let mut used_b: std::collections::BTreeSet<usize> = taken.iter().map(|k| candidates[*k].pair.1).collect();
    for k in order {
        let (a, b) = candidates[k].pair;
        if !used_a.contains(&a) && !used_b.contains(&b) {
            used_a.insert(a);
            used_b.insert(b);
            taken.push(k);
        }
    }
}

/// The choice with the greatest total gain in which no record has two partners (Jaro 1989,
/// doi:10.1080/01621459.1989.10478785), by shortest augmenting paths (Kuhn 1955, doi:10.1002/nav.3800020109; Jonker and
/// Volgenant 1987, doi:10.1007/BF02278710). As many infinite gains as can be are taken before finite ones count.
/// Positions of the candidates taken, in order. The work grows with the cube of the largest set of records that
/// candidates connect.
#[must_use]
pub fn optimal(candidates: &[Candidate]) -> Vec<usize> {
    let mut taken: Vec<usize> = components(candidates).iter().flat_map(|part| best_of(candidates, part)).collect();
    // Those left whose records are free have a gain of 0: they change no total, but they are links.
    take_free(candidates, &mut taken);
    taken.sort_unstable();
    taken
}

/// Candidates by connected set of records.
fn components(candidates: &[Candidate]) -> Vec<Vec<usize>> {
    let usable = || candidates.iter().enumerate().filter(|(_, c)| c.gain > 0.0);
    let a = numbered(usable().map(|(_, c)| c.pair.0));
    let b = numbered(usable().map(|(_, c)| c.pair.1));
    let mut sets: Vec<usize> = (0..a.len() + b.len()).collect();
    for (_, c) in usable() {
        let (x, y) = (root(&mut sets, a[&c.pair.0]), root(&mut sets, a.len() + b[&c.pair.1]));
        sets[x.max(y)] = x.min(y);
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (k, c) in usable() {
        parts.entry(root(&mut sets, a[&c.pair.0])).or_default().push(k);
    }
    parts.into_values().collect()
}

/// Records by number from 0.
fn numbered(records: impl Iterator<Item = usize>) -> BTreeMap<usize, usize> {
    let mut numbers: BTreeMap<usize, usize> = records.map(|r| (r, 0)).collect();
    numbers.values_mut().enumerate().for_each(|(k, number)| *number = k);
    numbers
}

/// The representative of a set.
fn root(sets: &mut [usize], mut of: usize) -> usize {
    while sets[of] != of {
        sets[of] = sets[sets[of]];
        of = sets[of];
    }
    of
}

/// Candidates of a connected set that are taken.
fn best_of(candidates: &[Candidate], part: &[usize]) -> Vec<usize> {
    if let [only] = part {
        return vec![*only];
    }
    let a = numbered(part.iter().map(|k| candidates[*k].pair.0));
    let b = numbered(part.iter().map(|k| candidates[*k].pair.1));
    // An infinite gain is more than all finite ones together.
    let finite: f64 = part.iter().map(|k| candidates[*k].gain).filter(|gain| gain.is_finite()).sum();
    let most = if finite.is_finite() { 1.0 + finite } else { f64::MAX / (1.0 + part.len() as f64) };
    let across = a.len() > b.len();
    let (rows, columns) = if across { (b.len(), a.len()) } else { (a.len(), b.len()) };
    // No gain stands for no candidate: a record with such a partner stays alone.
    let mut cost = vec![0.0_f64; rows * columns];
    let mut which = vec![usize::MAX; rows * columns];
    for k in part {
        let (i, j) = (a[&candidates[*k].pair.0], b[&candidates[*k].pair.1]);
        let cell = if across { j * columns + i } else { i * columns + j };
        let gain = candidates[*k].gain.min(most);
        // Of two candidates of the same records the better counts.
        if -gain < cost[cell] {
            (cost[cell], which[cell]) = (-gain, *k);
        }
    }
    let partner = assign(&cost, rows, columns);
    let chosen = partner.iter().enumerate().map(|(row, column)| which[row * columns + column]);
    chosen.filter(|k| *k != usize::MAX).collect()
}

/// The column of each row in the assignment with the least total cost; `rows` must not exceed `columns`. Rows are added
/// one by one along a shortest path in reduced costs.
fn assign(cost: &[f64], rows: usize, columns: usize) -> Vec<usize> {
    let (mut row_price, mut column_price) = (vec![0.0; rows], vec![0.0; columns]);
    // Row of each column.
    let mut of_column = vec![usize::MAX; columns];
    let (mut distance, mut before) = (vec![f64::INFINITY; columns], vec![usize::MAX; columns]);
    let mut done = vec![false; columns];
    for new in 0..rows {
        distance.fill(f64::INFINITY);
        before.fill(usize::MAX);
        done.fill(false);
        let (mut row, mut at, mut length) = (new, usize::MAX, 0.0);
        let end = loop {
            for column in (0..columns).filter(|c| !done[*c]) {
                let reduced = length + cost[row * columns + column] - row_price[row] - column_price[column];
                if reduced < distance[column] {
                    distance[column] = reduced;
                    before[column] = at;
                }
            }
            let open = (0..columns).filter(|c| !done[*c]);
            let Some(nearest) = open.reduce(|x, y| if distance[y] < distance[x] { y } else { x }) else { break at };
            done[nearest] = true;
            length = distance[nearest];
            at = nearest;
            if of_column[nearest] == usize::MAX {
                break nearest;
            }
            row = of_column[nearest];
        };
        for column in (0..columns).filter(|c| done[*c]) {
            let change = length - distance[column];
            column_price[column] -= change;
            if of_column[column] != usize::MAX {
                row_price[of_column[column]] += change;
            }
        }
        row_price[new] += length;
        let mut column = end;
        while column != usize::MAX {
            let previous = before[column];
            of_column[column] = if previous == usize::MAX { new } else { of_column[previous] };
            column = previous;
        }
    }
    let mut of_row = vec![0; rows];
    for (column, row) in of_column.iter().enumerate().filter(|(_, row)| **row != usize::MAX) {
        of_row[*row] = column;
    }
    of_row
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn candidates(list: &[(usize, usize, f64)]) -> Vec<Candidate> {
        list.iter().map(|(a, b, gain)| Candidate { pair: (*a, *b), gain: *gain }).collect()
    }

    fn total(candidates: &[Candidate], taken: &[usize]) -> f64 {
        taken.iter().map(|k| candidates[*k].gain).sum()
    }

    /// The greatest total by trying everything.
    fn by_force(candidates: &[Candidate], from: usize, used: &mut Vec<Pair>) -> f64 {
        let Some(next) = candidates.get(from) else { return 0.0 };
        let without = by_force(candidates, from + 1, used);
        if next.gain < 0.0 || used.iter().any(|(a, b)| *a == next.pair.0 || *b == next.pair.1) {
            return without;
        }
        used.push(next.pair);
        let with = next.gain + by_force(candidates, from + 1, used);
        used.pop();
        with.max(without)
    }

    #[test]
    fn greedy_is_not_always_best() {
        // Greedy takes 0-0 with 5 and leaves 1 alone; together 0-1 and 1-0 have 8.
        let list = candidates(&[(0, 0, 5.0), (0, 1, 4.0), (1, 0, 4.0)]);
        assert_eq!(greedy(&list), [0]);
        assert_eq!(optimal(&list), [1, 2]);
    }

    #[test]
    fn two_best_partners_are_none() {
        // 0 has 0 and 1 as good; 2 is best for 3, whose best it is; 4 would have 5, who has a better one.
        let list = candidates(&[(0, 0, 1.0), (0, 1, 1.0), (2, 3, 2.0), (2, 1, 1.0), (4, 5, 1.0), (6, 5, 3.0)]);
        assert_eq!(unambiguous(&list), [2, 5]);
        assert!(unambiguous(&candidates(&[(0, 0, -1.0), (1, 1, f64::NAN)])).is_empty());
    }

    #[test]
    fn staying_alone_may_be_best() {
        // Two partners give 2 in all, one gives 5.
        let list = candidates(&[(0, 0, 5.0), (0, 1, 1.0), (1, 0, 1.0)]);
        assert_eq!(optimal(&list), [0]);
    }

    #[test]
    fn ties_go_to_the_first_and_gains_of_0_are_links() {
        let list = candidates(&[(1, 0, 1.0), (0, 0, 1.0), (3, 3, 0.0), (4, 4, -1.0), (5, 5, f64::NAN), (0, 1, 0.0)]);
        assert_eq!(greedy(&list), [1, 2]);
        let taken = optimal(&list);
        assert!((total(&list, &taken) - 1.0).abs() < 1e-15);
        assert!(taken.contains(&2) && !taken.contains(&3) && !taken.contains(&4));
        // A gain of 0 is taken where it is in nobody's way.
        assert_eq!(optimal(&candidates(&[(0, 0, 2.0), (0, 1, 0.0), (1, 1, 0.0)])), [0, 2]);
        assert!(optimal(&[]).is_empty());
    }

    #[test]
    fn infinite_gains_come_first() {
        let list = candidates(&[(0, 0, f64::INFINITY), (0, 1, 9.0), (1, 0, 9.0), (1, 1, 1.0)]);
        assert_eq!(optimal(&list), [0, 3]);
        assert_eq!(greedy(&list), [0, 3]);
        let huge = candidates(&[(0, 0, f64::MAX), (0, 1, f64::MAX), (1, 0, f64::INFINITY), (1, 1, 1.0)]);
        assert_eq!(optimal(&huge), [1, 2]);
    }

    proptest! {
        #[test]
        fn no_choice_is_better(list in prop::collection::vec((0usize..5, 0usize..4, -2.0f64..10.0), 0..11)) {
            let list = candidates(&list);
            for taken in [optimal(&list), greedy(&list)] {
                let mut used: Vec<Pair> = taken.iter().map(|k| list[*k].pair).collect();
                let count = used.len();
                used.sort_unstable();
                used.dedup_by_key(|p| p.0);
                prop_assert_eq!(used.len(), count);
                used.sort_unstable_by_key(|p| p.1);
                used.dedup_by_key(|p| p.1);
                prop_assert_eq!(used.len(), count);
            }
            let best = by_force(&list, 0, &mut Vec::new());
            prop_assert!((total(&list, &optimal(&list)) - best).abs() < 1e-9);
            prop_assert!(total(&list, &greedy(&list)) >= best / 2.0 - 1e-9);
        }

        #[test]
        fn records_have_no_rank(list in prop::collection::vec((0usize..5, 0usize..4, 0.0f64..10.0), 0..11)) {
            let turned: Vec<_> = list.iter().map(|(a, b, gain)| (*b, *a, *gain)).collect();
            let (list, turned) = (candidates(&list), candidates(&turned));
            prop_assert!((total(&list, &optimal(&list)) - total(&turned, &optimal(&turned))).abs() < 1e-9);
        }
    }
}

//! Which value of a design makes a measure reach its target: the smallest group with enough power, the greatest loss that
//! leaves the coverage nominal.
//!
//! Where a measure is known only with Monte Carlo error, bisection by sign goes wrong sooner or later. Here the place of the
//! root has a distribution over the candidates: it starts flat, the next look is at its median, and what was seen there
//! moves weight to one side by as much as the error allows (probabilistic bisection: Waeber, Frazier and Henderson 2013,
//! doi:10.1137/120861898; for designs, Chalmers 2024, doi:10.3758/s13428-024-02436-9). The answer is read off a curve that
//! is fitted to what was seen near the root, weighted by precision.
//!
//! A replicate has the same draws at every candidate (common random numbers), and the first looks, from one end of the range
//! to the other, use the same replicates: what differs between them is the design and not luck, so their curve is smooth.
//! Each later look uses replicates that no look before has used, since the distribution takes looks to be independent.

mod belief;
mod curve;

pub use curve::{Curve, Root};

use belief::Belief;
use std::ops::Range;

/// A measure at a candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// The candidate.
    pub at: f64,
    /// Replicates that it rests on.
    pub replicates: u64,
    /// The measure, less its target.
    pub excess: f64,
    /// Its Monte Carlo standard error; of a share with two successes and two failures added.
    pub mcse: f64,
}

/// Where to look, and for how long.
#[derive(Clone, Debug)]
pub struct Search {
    /// Candidates, ascending; at least two.
    pub candidates: Vec<f64>,
    /// Replicates of a look.
    pub replicates: u64,
    /// Monte Carlo standard error of the curve at the root at which the search ends.
    pub precision: f64,
    /// Most replicates in all.
    pub most: u64,
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Found {
    /// All looks, by candidate.
    pub looks: Vec<Look>,
    /// Where the target is met; absent where the ends of the range lie on the same side of it.
    pub root: Option<Root>,
    /// Whether the measure rises with the candidate.
    pub rises: bool,
    /// Whether the search ended because it was precise enough.
    pub precise: bool,
    /// Replicates in all.
    pub replicates: u64,
}

/// First looks, from one end of the range to the other.
pub const SCAN: usize = 5;
/// Share of the range at which looks beside the root are, at least.
const ASIDE: f64 = 0.04;

/// Searches. `look` gives the measure at a candidate from these replicates; `None` ends the search.
///
/// # Errors
/// What `look` returns.
pub fn search<E>(
    search: &Search,
    look: &mut dyn FnMut(f64, Range<u64>) -> Result<Option<Look>, E>,
) -> Result<Found, E> {
    let mut found = Found { looks: Vec::new(), root: None, rises: true, precise: false, replicates: 0 };
    let Some(last) = search.candidates.len().checked_sub(1).filter(|last| *last > 0) else { return Ok(found) };
    let mut belief = Belief::new(search.candidates.len());
    let mut scan: Vec<(usize, Look)> = Vec::new();
    for place in scan_places(&search.candidates) {
        let Some(seen) = look(search.candidates[place], 0..search.replicates)? else { return Ok(found.sorted()) };
        found.add(seen, search);
        scan.push((place, seen));
    }
    found.rises = scan[scan.len() - 1].1.excess > scan[0].1.excess;
    let sides = |above: bool| scan.iter().any(|(_, l)| (l.excess > 0.0) == above || is_near(l));
    if !(sides(true) && sides(false)) {
        found.precise = true;
        return Ok(found.sorted());
    }
    scan.iter().for_each(|(place, l)| belief.update(*place, l.excess, l.mcse, found.rises));
    let range = (search.candidates[0], search.candidates[last]);
    let mut window = search.replicates..search.replicates * 2;
    while found.replicates + search.replicates <= search.most {
        let place = next(search, &belief, &found);
        let Some(seen) = look(search.candidates[place], window.clone())? else { break };
        found.add(seen, search);
        belief.update(place, seen.excess, seen.mcse, found.rises);
        found.root = Curve::fit(&found.looks, search.candidates[belief.median()], range).and_then(|c| c.root());
        if found.root.is_some_and(|root| root.mcse <= search.precision) {
            found.precise = true;
            break;
        }
        window = window.end..window.end + search.replicates;
    }
    if found.root.is_none() {
        found.root = Curve::fit(&found.looks, search.candidates[belief.median()], range).and_then(|c| c.root());
    }
    Ok(found.sorted())
}

/// Where to look next: in turn at the median, and at the limits of the root, without which the curve would have no slope.
fn next(search: &Search, belief: &Belief, found: &Found) -> usize {
    let (Some(root), step) = (found.root, found.looks.len() % 3) else { return belief.median() };
    let (first, last) = (search.candidates[0], search.candidates[search.candidates.len() - 1]);
    // Not too near: the slope is learnt from afar.
    let aside = |sign: f64| match first > 0.0 {
        true => root.at * libm::pow(last / first, sign * ASIDE),
        false => root.at + sign * ASIDE * (last - first),
    };
    let at = match step {
        1 if root.interval.0.is_finite() => root.interval.0.min(aside(-1.0)),
        1 => aside(-1.0),
        2 if root.interval.1.is_finite() => root.interval.1.max(aside(1.0)),
        2 => aside(1.0),
        _ => return belief.median(),
    };
    search.candidates.partition_point(|c| *c < at).min(search.candidates.len() - 1)
}

/// Places of the first looks: the ends, and between them in equal steps, of the logarithm where all are positive.
fn scan_places(candidates: &[f64]) -> Vec<usize> {
    let (first, last) = (candidates[0], candidates[candidates.len() - 1]);
    let wanted = |share: f64| match first > 0.0 {
        true => first * libm::pow(last / first, share),
        false => first + share * (last - first),
    };
    let nearest = |at: f64| candidates.partition_point(|c| *c < at * (1.0 - 1e-12)).min(candidates.len() - 1);
    let mut places: Vec<usize> = (0..SCAN).map(|k| nearest(wanted(k as f64 / (SCAN - 1) as f64))).collect();
    places.dedup();
    places
}

impl Found {
    fn add(&mut self, seen: Look, search: &Search) {
        self.looks.push(seen);
        self.replicates += search.replicates;
    }

    fn sorted(mut self) -> Self {
        self.looks.sort_by(|a, b| a.at.total_cmp(&b.at));
        self
    }
}

/// Whether a look cannot tell on which side of the target it is.
fn is_near(look: &Look) -> bool {
    look.excess.abs() <= 2.0 * look.mcse
}

#[cfg(test)]
mod tests;

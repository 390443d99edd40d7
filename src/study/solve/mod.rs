//! Which value of a design makes a measure reach its target: the smallest group with enough power, the greatest loss that
//! leaves the coverage nominal.
//!
//! Where a measure is known only with Monte Carlo error, bisection by sign goes wrong sooner or later. Here the place of the
//! root has a distribution over the candidates: it starts flat, the next look is at its median, and what was seen there
//! moves weight to one side by as much as the error allows (probabilistic bisection: Waeber, Frazier and Henderson 2013,
//! doi:10.1137/120861898; for designs, Chalmers 2024, doi:10.3758/s13428-024-02436-9). The answer is read off a curve that
//! is fitted to all that was seen, weighted by precision, and its limits are where the curve's own limits meet the target
//! (Fieller 1954, doi:10.1111/j.2517-6161.1954.tb00159.x).
//!
//! Every candidate uses replicates 0, 1, 2, … of the same seed (common random numbers), so what differs between two
//! candidates is the design and not luck.

mod belief;
mod curve;

pub use curve::{Curve, Root};

use belief::Belief;

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
    /// Replicates of a look; a candidate that is looked at again gets as many more.
    pub replicates: u64,
    /// Monte Carlo standard error of the curve at the root at which the search ends.
    pub precision: f64,
    /// Most replicates in all.
    pub most: u64,
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Found {
    /// All candidates that were looked at, ascending.
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

/// Searches. `look` gives the measure at a candidate from this many replicates, the first ones; `None` ends the search.
///
/// # Errors
/// What `look` returns.
pub fn search<E>(search: &Search, look: &mut dyn FnMut(f64, u64) -> Result<Option<Look>, E>) -> Result<Found, E> {
    let mut looks: Vec<Look> = Vec::new();
    let mut spent = 0;
    let last = search.candidates.len().saturating_sub(1);
    let mut see = |place: usize, looks: &mut Vec<Look>, spent: &mut u64| -> Result<Option<Look>, E> {
        let Some(at) = search.candidates.get(place).copied() else { return Ok(None) };
        let before = looks.iter().position(|l| l.at == at);
        let replicates = before.map_or(0, |k| looks[k].replicates) + search.replicates;
        let Some(seen) = look(at, replicates)? else { return Ok(None) };
        *spent += search.replicates;
        match before {
            Some(k) => looks[k] = seen,
            None => looks.push(seen),
        }
        Ok(Some(seen))
    };
    let (low, high) = (see(0, &mut looks, &mut spent)?, see(last, &mut looks, &mut spent)?);
    let done = |looks: Vec<Look>, root, rises, precise, replicates| {
        let mut looks = looks;
        looks.sort_by(|a, b| a.at.total_cmp(&b.at));
        Ok(Found { looks, root, rises, precise, replicates })
    };
    let (Some(low), Some(high)) = (low, high) else { return done(looks, None, true, false, spent) };
    let rises = high.excess > low.excess;
    if low.excess.signum() == high.excess.signum() && !is_near(&low) && !is_near(&high) {
        return done(looks, None, rises, true, spent);
    }
    let mut belief = Belief::new(search.candidates.len());
    let mut curve = None;
    while spent + search.replicates <= search.most {
        let place = belief.median();
        let Some(seen) = see(place, &mut looks, &mut spent)? else { break };
        belief.update(place, seen.excess, seen.mcse, rises);
        curve = Curve::fit(&looks, &belief.likely(&search.candidates));
        if let Some(root) = curve.as_ref().and_then(Curve::root)
            && root.mcse <= search.precision
            && looks.len() > 3
        {
            return done(looks, Some(root), rises, true, spent);
        }
    }
    let root = curve.as_ref().and_then(Curve::root);
    done(looks, root, rises, false, spent)
}

/// Whether a look cannot tell on which side of the target it is.
fn is_near(look: &Look) -> bool {
    look.excess.abs() <= 2.0 * look.mcse
}

#[cfg(test)]
mod tests;

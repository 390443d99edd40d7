//! Counts from one uniform: the least count whose distribution function reaches it.

/// Rungs that are kept where the same ladder is climbed often.
const KEPT: usize = 64;

/// A distribution function count by count, from the probability of 0 and the ratio of each probability to the one
/// before it, given the count before. It ends where rounding lets it grow no further.
pub(super) fn rungs(first: f64, ratio: impl Fn(f64) -> f64) -> impl Iterator<Item = f64> {
    let start = (0.0, first, first);
    std::iter::successors(Some(start), move |(count, probability, reached)| {
        let next = probability * ratio(*count);
        (reached + next > *reached).then_some((count + 1.0, next, reached + next))
    })
    .map(|(_, _, reached)| reached)
}

/// The least count whose rung reaches `u`; the last one if none does.
pub(super) fn climb(rungs: impl Iterator<Item = f64>, u: f64) -> f64 {
    let mut count = 0.0;
    for (k, reached) in rungs.enumerate() {
        count = k as f64;
        if u <= reached {
            break;
        }
    }
    count
}

/// The lower rungs of a ladder.
pub(super) struct Ladder {
    rungs: [f64; KEPT],
    kept: usize,
    whole: bool,
}

impl Ladder {
    /// The first rungs of these.
    pub fn new(mut rungs: impl Iterator<Item = f64>) -> Self {
        let mut ladder = Self { rungs: [0.0; KEPT], kept: 0, whole: false };
        for (place, rung) in ladder.rungs.iter_mut().zip(&mut rungs) {
            *place = rung;
            ladder.kept += 1;
        }
        ladder.whole = rungs.next().is_none();
        ladder
    }

    /// What [`climb`] gives; nothing if the rung is not among those kept.
    pub fn count(&self, u: f64) -> Option<f64> {
        let rungs = &self.rungs[..self.kept];
        match rungs.iter().position(|rung| u <= *rung) {
            Some(count) => Some(count as f64),
            None => self.whole.then(|| self.kept.saturating_sub(1) as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ladder_is_climbed_like_its_rungs() {
        for mean in [0.0, 0.3, 4.0, 30.0] {
            let poisson = || rungs(libm::exp(-mean), move |k| mean / (k + 1.0));
            let ladder = Ladder::new(poisson());
            for i in 0..=5000 {
                let u = f64::from(i) / 5000.0;
                let count = climb(poisson(), u);
                assert!(ladder.count(u).is_none_or(|kept| kept == count), "{mean} {u}");
                assert!(count < 120.0, "{count}");
            }
        }
    }
}

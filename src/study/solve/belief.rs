//! Where the root may be: a weight for every gap between candidates.

use crate::numeric::normal_cdf;

/// How sure one look may make, so that a single unlucky one can be undone.
const SUREST: f64 = 0.99;

/// Weights of the candidates as the place where the target is met, with sum 1.
#[derive(Clone, Debug)]
pub(super) struct Belief {
    weights: Vec<f64>,
}

impl Belief {
    /// Knows nothing.
    pub(super) fn new(candidates: usize) -> Self {
        Self { weights: vec![1.0 / candidates.max(1) as f64; candidates.max(1)] }
    }

    /// The candidate at which half of the weight is reached.
    pub(super) fn median(&self) -> usize {
        let mut below = 0.0;
        let reached = self.weights.iter().position(|w| {
            below += w;
            below >= 0.5
        });
        reached.unwrap_or(self.weights.len() - 1)
    }

    /// Learns from a look at a candidate: how far the measure is above its target, and its error.
    pub(super) fn update(&mut self, place: usize, excess: f64, mcse: f64, rises: bool) {
        let z = if mcse > 0.0 { excess.abs() / mcse } else { f64::INFINITY };
        let sure = if z.is_finite() { normal_cdf(z) } else { 1.0 }.clamp(0.5, SUREST);
        // Above the target in a rising measure: the root lies before, or here.
        let before = (excess >= 0.0) == rises;
        for (k, weight) in self.weights.iter_mut().enumerate() {
            *weight *= if (k <= place) == before { sure } else { 1.0 - sure };
        }
        let all: f64 = self.weights.iter().sum();
        self.weights.iter_mut().for_each(|w| *w /= all);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_look_by_hand() {
        let mut belief = Belief::new(4);
        assert_eq!(belief.median(), 1);
        // One standard error below the target of a rising measure at the second of four: the root lies above with
        // probability 0.8413, so the weights are 0.0793, 0.0793, 0.4207, 0.4207.
        belief.update(1, -0.1, 0.1, true);
        let wanted = [0.158_655_253_9 / 2.0, 0.158_655_253_9 / 2.0, 0.841_344_746_1 / 2.0, 0.841_344_746_1 / 2.0];
        belief.weights.iter().zip(wanted).for_each(|(w, v)| assert!((w - v).abs() < 1e-9, "{:?}", belief.weights));
        assert_eq!(belief.median(), 2);
        // The opposite at the same place takes it back.
        belief.update(1, 0.1, 0.1, true);
        belief.weights.iter().for_each(|w| assert!((w - 0.25).abs() < 1e-9));
        // In a falling measure, above the target means that the root lies after.
        belief.update(1, 0.1, 0.1, false);
        assert_eq!(belief.median(), 2);
    }

    #[test]
    fn no_look_is_the_last_word() {
        let mut belief = Belief::new(10);
        belief.update(2, 5.0, 0.0, true);
        assert!(belief.weights.iter().all(|w| *w > 0.0));
        assert!(belief.median() <= 2);
    }
}

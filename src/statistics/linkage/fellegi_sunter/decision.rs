//! From parameters to weights, probabilities of a match and links.

use super::{MISSING, Parameters, Patterns};
use crate::statistics::linkage::quality::Quality;

/// Weights between which a pair is for review.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// At or below this weight a pair is no link.
    pub lower: f64,
    /// At or above this weight a pair is a link.
    pub upper: f64,
}

/// What is decided about a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A link.
    Link,
    /// Neither: somebody must look at it.
    Review,
    /// No link.
    Nonlink,
}

impl Class {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Review => "review",
            Self::Nonlink => "nonlink",
        }
    }
}

impl Thresholds {
    /// The class of a weight; a weight that is not defined is for review. A weight at both thresholds is a link.
    #[must_use]
    pub fn class(&self, weight: Option<f64>) -> Class {
        match weight {
            Some(weight) if weight >= self.upper => Class::Link,
            Some(weight) if weight <= self.lower => Class::Nonlink,
            _ => Class::Review,
        }
    }
}

/// Weight and probability of each pattern.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decisions {
    /// log2 of the probability among matches over that among non-matches, by pattern. Infinite where one of them is 0;
    /// `None` where both are.
    pub weights: Vec<Option<f64>>,
    /// Probability that a pair is a match, by pattern; `None` where it is not defined.
    pub posteriors: Vec<Option<f64>>,
}

impl Decisions {
    /// Weights and probabilities of patterns under parameters of their shape.
    #[must_use]
    pub fn new(patterns: &Patterns, parameters: &Parameters) -> Self {
        let weight = |k: usize| weight(patterns.compared(k).map(|(_, level)| level), parameters);
        let weights: Vec<Option<f64>> = (0..patterns.len()).map(weight).collect();
        let posteriors = weights.iter().map(|w| w.and_then(|w| posterior(w, parameters.p))).collect();
        Self { weights, posteriors }
    }

    /// Expected share of non-matches among the pairs at or above a weight; `None` where there are none of them or the
    /// probability of one is not defined.
    #[must_use]
    pub fn expected_false_link_rate(&self, patterns: &Patterns, upper: f64) -> Option<f64> {
        let (mut links, mut wrong) = (0.0, 0.0);
        for (k, count) in patterns.counts().iter().enumerate() {
            if *count > 0.0 && self.weights.get(k)?.is_some_and(|w| w >= upper) {
                links += count;
                wrong += count * (1.0 - self.posteriors.get(k).copied()??);
            }
        }
        (links > 0.0).then(|| wrong / links)
    }

    /// The lowest weight of a pattern at which the expected share of non-matches among the pairs at or above it is at most
    /// `rate`; `None` where there is no such weight.
    #[must_use]
    pub fn threshold_for(&self, patterns: &Patterns, rate: f64) -> Option<f64> {
        let mut weights: Vec<f64> = self.weights.iter().flatten().copied().collect();
        weights.sort_unstable_by(f64::total_cmp);
        weights.dedup();
        weights.into_iter().find(|w| self.expected_false_link_rate(patterns, *w).is_some_and(|r| r <= rate))
    }

    /// Right and wrong links, where it is known how many pairs of each pattern are matches (at most its number of pairs).
    #[must_use]
    pub fn quality(&self, patterns: &Patterns, true_matches: &[u64], upper: f64) -> Quality {
        let mut quality = Quality::default();
        for ((count, matches), weight) in patterns.counts().iter().zip(true_matches).zip(&self.weights) {
            if weight.is_some_and(|w| w >= upper) {
                quality.true_positive += matches;
                quality.false_positive += (*count as u64).saturating_sub(*matches);
            } else {
                quality.false_negative += matches;
            }
        }
        quality
    }
}

/// log2 of the probability of a pattern among matches over that among non-matches; infinite where one of them is 0, `None`
/// where both are. `levels`: level of each field, or [`MISSING`]; `fields`: patterns of these fields.
#[must_use]
pub fn weight_of(fields: &Patterns, levels: &[u8], parameters: &Parameters) -> Option<f64> {
    let compared = levels.iter().enumerate().filter(|(_, level)| **level != MISSING);
    weight(compared.map(|(field, level)| fields.field(field).start + usize::from(*level)), parameters)
}

/// log2 of the ratio of the probabilities of these levels.
fn weight(levels: impl Iterator<Item = usize>, parameters: &Parameters) -> Option<f64> {
    let (mut of_match, mut of_other) = (0.0, 0.0);
    for level in levels {
        of_match += libm::log2(*parameters.m.get(level)?);
        of_other += libm::log2(*parameters.u.get(level)?);
    }
    let weight: f64 = of_match - of_other;
    (!weight.is_nan()).then_some(weight)
}

/// p 2^w / (p 2^w + 1 - p).
fn posterior(weight: f64, p: f64) -> Option<f64> {
    let log_odds = libm::log(p) - libm::log1p(-p) + weight * std::f64::consts::LN_2;
    if log_odds.is_nan() {
        return None;
    }
    let small = libm::exp(-log_odds.abs());
    Some(if log_odds >= 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) })
}

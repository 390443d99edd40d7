//! How uneven weights are.

use crate::numeric::quantile::type_7;

/// A description of weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightSummary {
    /// How many there are.
    pub n: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation (divisor n - 1), if there are two.
    pub sd: Option<f64>,
    /// Least.
    pub min: f64,
    /// Greatest.
    pub max: f64,
    /// 99th percentile (type 7).
    pub p99: f64,
    /// Effective sample size, see [`effective_sample_size`].
    pub ess: f64,
}

impl WeightSummary {
    /// Describes the weights that are there (not NaN); nothing without any, or if one is infinite.
    #[must_use]
    pub fn of(weights: &[f64]) -> Option<Self> {
        let mut sorted: Vec<f64> = weights.iter().copied().filter(|w| !w.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let n = sorted.len() as f64;
        let mean = sorted.iter().sum::<f64>() / n;
        let squares: f64 = sorted.iter().map(|w| (w - mean) * (w - mean)).sum();
        let sd = (sorted.len() > 1).then(|| libm::sqrt(squares / (n - 1.0)));
        let ess = effective_sample_size(&sorted)?;
        Some(Self { n: sorted.len(), mean, sd, min, max, p99: type_7(&sorted, 0.99), ess })
    }
}

/// The effective sample size `(sum w)^2 / sum w^2` of the weights that are there (not NaN); nothing if they are all 0 or
/// not finite.
///
/// Source: Kish 1965, Survey Sampling, 11.7.
#[must_use]
pub fn effective_sample_size(weights: &[f64]) -> Option<f64> {
    let there = weights.iter().filter(|w| !w.is_nan());
    let (sum, squares) = there.fold((0.0, 0.0), |(s, q), w| (s + w, q + w * w));
    Some(sum * sum / squares).filter(|ess| ess.is_finite())
}

/// The mean weight at each wave of weights that stand wave after wave; nothing at a wave at which nobody has one.
#[must_use]
pub fn weights_by_wave(weights: &[f64], persons: usize) -> Vec<Option<f64>> {
    let mean = |wave: &[f64]| {
        let (mut sum, mut n) = (0.0, 0_u32);
        for w in wave.iter().filter(|w| !w.is_nan()) {
            sum += w;
            n += 1;
        }
        (n > 0).then(|| sum / f64::from(n))
    };
    weights.chunks(persons.max(1)).map(mean).collect()
}

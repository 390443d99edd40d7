//! What the data said of each parameter, against a prior whose standard deviation is 1.

use super::adjust::Posterior;
use super::weights::{covariance, means, weighted_quantile};
use crate::numeric::matrix::Symmetric;
use std::fmt;

/// In a word, how far the data narrowed the prior of a parameter. The limits are conventions of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Less than a quarter of the prior variance is gone: the posterior's standard deviation is above 0.87 of the prior's.
    /// What is printed for the parameter is what was put in.
    NotIdentified,
    /// At least a quarter, less than three quarters.
    WeaklyIdentified,
    /// At least three quarters: the posterior's standard deviation is at most half the prior's.
    Identified,
}

/// Share of the prior variance gone at which a parameter is weakly identified.
pub const WEAKLY: f64 = 0.25;
/// Share of the prior variance gone at which a parameter is identified.
pub const IDENTIFIED: f64 = 0.75;

impl Verdict {
    /// The word for a share of the prior variance that is gone. A share that is not a number is not identified.
    #[must_use]
    pub fn of(narrowed: f64) -> Self {
        match () {
            () if narrowed >= IDENTIFIED => Self::Identified,
            () if narrowed >= WEAKLY => Self::WeaklyIdentified,
            () => Self::NotIdentified,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Identified => "identified",
            Self::WeaklyIdentified => "weakly identified",
            Self::NotIdentified => "not identified",
        })
    }
}

/// The parameter with which another goes together most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Partner {
    /// Its position, from 0.
    pub parameter: usize,
    /// Their correlation in the posterior, between -1 and 1; in the prior it is 0.
    pub correlation: f64,
}

/// What the data said of a parameter, on the scale where its prior is standard normal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learned {
    /// Standard deviation of the prior: 1.
    pub prior_sd: f64,
    /// Mean of the posterior: how many standard deviations of the prior it moved.
    pub mean: f64,
    /// Standard deviation of the posterior.
    pub sd: f64,
    /// Share of the prior variance that is gone, `1 - sd^2` (posterior contraction): 1 when the parameter is known, 0 when
    /// nothing was learned, below 0 when the posterior is wider than the prior.
    pub narrowed: f64,
    /// Monte Carlo standard error of `narrowed` for about normal posteriors, `sd^2 sqrt(2 / n)` with the effective number
    /// `n` of draws.
    pub narrowed_mcse: f64,
    /// 2.5 % quantile of the posterior.
    pub low: f64,
    /// Median of the posterior.
    pub median: f64,
    /// 97.5 % quantile of the posterior.
    pub high: f64,
    /// In a word.
    pub verdict: Verdict,
    /// The parameter with which it goes together most; none when there is only one, or one of them does not vary.
    pub partner: Option<Partner>,
}

/// What the data said of each parameter.
#[must_use]
pub fn learned(posterior: &Posterior) -> Vec<Learned> {
    let p = posterior.parameters;
    let means = means(posterior.rows(), &posterior.weights, p);
    let spread = covariance(posterior.rows(), &posterior.weights, &means);
    let error = libm::sqrt(2.0 / posterior.effective());
    let describe = |j: usize| {
        let values: Vec<f64> = posterior.values(j).collect();
        let quantile = |share| weighted_quantile(&values, &posterior.weights, share);
        let variance = spread[j * p + j];
        Learned {
            prior_sd: 1.0,
            mean: means[j],
            sd: libm::sqrt(variance),
            narrowed: 1.0 - variance,
            narrowed_mcse: variance * error,
            low: quantile(0.025),
            median: quantile(0.5),
            high: quantile(0.975),
            verdict: Verdict::of(1.0 - variance),
            partner: partner(&spread, p, j),
        }
    };
    (0..p).map(describe).collect()
}

fn partner(spread: &[f64], p: usize, j: usize) -> Option<Partner> {
    let correlation = |k: usize| spread[j * p + k] / libm::sqrt(spread[j * p + j] * spread[k * p + k]);
    let others = (0..p).filter(|k| *k != j).map(|k| Partner { parameter: k, correlation: correlation(k) });
    others.filter(|o| o.correlation.is_finite()).fold(None, |best: Option<Partner>, other| match best {
        Some(b) if b.correlation.abs() >= other.correlation.abs() => Some(b),
        _ => Some(other),
    })
}

/// A combination of parameters, uncorrelated with the others in the posterior.
#[derive(Clone, Debug, PartialEq)]
pub struct Direction {
    /// Coefficients of the parameters; their squares sum to 1, and the largest is positive. The prior standard deviation of
    /// the combination is 1.
    pub loadings: Vec<f64>,
    /// Standard deviation of the combination in the posterior.
    pub sd: f64,
    /// Share of its prior variance that is gone.
    pub narrowed: f64,
    /// In a word.
    pub verdict: Verdict,
}

/// The combinations that the data determine, best first (principal axes of the posterior). Aggregates often determine a
/// sum or a difference of parameters and neither of them: how many of these are identified is how many things the data
/// said. Empty when the posterior's covariance is not finite.
#[must_use]
pub fn directions(posterior: &Posterior) -> Vec<Direction> {
    let p = posterior.parameters;
    let means = means(posterior.rows(), &posterior.weights, p);
    let spread = covariance(posterior.rows(), &posterior.weights, &means);
    let mut own = Symmetric::default();
    if own.decompose(&spread, p).is_err() {
        return Vec::new();
    }
    let mut order: Vec<usize> = (0..p).collect();
    order.sort_by(|a, b| own.values[*a].total_cmp(&own.values[*b]));
    let direction = |k: &usize| {
        let mut loadings: Vec<f64> = (0..p).map(|i| own.vectors[i * p + k]).collect();
        let largest = loadings.iter().fold(0.0_f64, |best, v| if v.abs() > best.abs() { *v } else { best });
        if largest < 0.0 {
            loadings.iter_mut().for_each(|v| *v = -*v);
        }
        // Rounding can leave a variance of 0 a little below it.
        let variance = own.values[*k].max(0.0);
        let (narrowed, verdict) = (1.0 - variance, Verdict::of(1.0 - variance));
        Direction { loadings, sd: libm::sqrt(variance), narrowed, verdict }
    };
    order.iter().map(direction).collect()
}

//! Exact tests of a 2x2 table with both margins fixed, and the conditional odds ratio.
//!
//! Sources: Fisher 1935 (doi:10.2307/2342435); Lancaster 1961 (doi:10.1080/01621459.1961.10482105) for the mid-P value;
//! Cornfield 1956 for the conditional odds ratio (Proceedings of the Third Berkeley Symposium 4:135).

use super::AS_PROBABLE;
use crate::numeric::root;
use crate::statistics::confidence::Confidence;

/// `x1` of `n1` against `x2` of `n2`, with the numbers that the margins allow for `x1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Exact2x2 {
    /// The smallest number that the margins allow.
    first: f64,
    /// Position of the observed number among those allowed.
    observed: usize,
    /// Logarithms of the probabilities of the numbers allowed when the odds ratio is 1, up to a constant.
    log_weights: Vec<f64>,
    /// These probabilities.
    probabilities: Vec<f64>,
}

/// p values of Fisher's exact test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fisher {
    /// Two-sided: all tables at most as probable as the observed one.
    pub two_sided: f64,
    /// Of the observed number or fewer.
    pub less: f64,
    /// Of the observed number or more.
    pub greater: f64,
    /// `less` with half the probability of the observed table.
    pub mid_less: f64,
    /// `greater` with half the probability of the observed table.
    pub mid_greater: f64,
    /// Twice the smaller of the two, at most 1.
    pub mid_two_sided: f64,
}

/// Tables with more numbers to go through than this are refused.
const MOST: f64 = 2e7;

impl Exact2x2 {
    /// `None` unless counts are whole, both groups have persons (at most 20 million in the smaller one) and neither
    /// has more events than persons.
    #[must_use]
    pub fn new(x1: f64, n1: f64, x2: f64, n2: f64) -> Option<Self> {
        let valid =
            |x: f64, n: f64| n > 0.0 && n < 9e15 && (0.0..=n).contains(&x) && x.fract() == 0.0 && n.fract() == 0.0;
        if !valid(x1, n1) || !valid(x2, n2) {
            return None;
        }
        let total = x1 + x2;
        let (first, last) = ((total - n2).max(0.0), n1.min(total));
        if last - first > MOST {
            return None;
        }
        let log_weights = log_weights(first, last, total, n1, n2);
        let mut probabilities = Vec::new();
        weigh(&log_weights, 0.0, &mut probabilities);
        Some(Self { first, observed: (x1 - first) as usize, log_weights, probabilities })
    }

    /// The p values of Fisher's exact test.
    #[must_use]
    pub fn fisher(&self) -> Fisher {
        let observed = self.probabilities.get(self.observed).copied().unwrap_or(f64::NAN);
        let sum = |keep: &dyn Fn(usize, f64) -> bool| {
            let kept = self.probabilities.iter().enumerate().filter(|(k, p)| keep(*k, **p));
            kept.map(|(_, p)| p).sum::<f64>().min(1.0)
        };
        let (less, greater) = (sum(&|k, _| k <= self.observed), sum(&|k, _| k >= self.observed));
        let (mid_less, mid_greater) = (less - 0.5 * observed, greater - 0.5 * observed);
        Fisher {
            two_sided: sum(&|_, p| p <= observed * AS_PROBABLE),
            less,
            greater,
            mid_less,
            mid_greater,
            mid_two_sided: (2.0 * mid_less.min(mid_greater)).min(1.0),
        }
    }

    /// The odds ratio that makes the observed number the expected one: 0 or infinite where it is the smallest or the
    /// largest that the margins allow, `None` where they allow one only.
    #[must_use]
    pub fn odds_ratio(&self) -> Option<f64> {
        let last = self.log_weights.len().saturating_sub(1);
        match self.observed {
            _ if last == 0 => None,
            0 => Some(0.0),
            k if k == last => Some(f64::INFINITY),
            k => {
                let mut weights = Vec::new();
                self.solve(|log_odds| {
                    weigh(&self.log_weights, log_odds, &mut weights);
                    weights.iter().enumerate().map(|(j, w)| (j as f64 - k as f64) * w).sum()
                })
            }
        }
    }

    /// Exact limits of the odds ratio with equal tails; 0 and infinite where the data set no bound.
    #[must_use]
    pub fn limits(&self, confidence: &Confidence) -> (f64, f64) {
        let last = self.log_weights.len().saturating_sub(1);
        let (k, tail) = (self.observed, confidence.tail);
        let mut weights = Vec::new();
        let mut tail_from = |log_odds: f64, range: std::ops::RangeInclusive<usize>| -> f64 {
            weigh(&self.log_weights, log_odds, &mut weights);
            weights.get(range).map_or(f64::NAN, |part| part.iter().sum())
        };
        let low = if k == 0 { Some(0.0) } else { self.solve(|odds| tail_from(odds, k..=last) - tail) };
        let high = if k == last { Some(f64::INFINITY) } else { self.solve(|odds| tail - tail_from(odds, 0..=k)) };
        (low.unwrap_or(f64::NAN), high.unwrap_or(f64::NAN))
    }

    /// The odds ratio at which a function that grows with its logarithm is 0.
    fn solve(&self, mut f: impl FnMut(f64) -> f64) -> Option<f64> {
        let mut reach = 2.0;
        while reach < 1e3 && !(f(-reach) < 0.0 && f(reach) > 0.0) {
            reach *= 2.0;
        }
        root::brent(f, -reach, reach).map(libm::exp)
    }

    /// The number of events in the first group that the margins allow at least.
    #[must_use]
    pub fn smallest(&self) -> f64 {
        self.first
    }
}

/// Logarithms of the probabilities of `first..=last` events in the first group, the first of them 0: each follows from
/// the one before by the ratio of the binomial coefficients.
fn log_weights(first: f64, last: f64, total: f64, n1: f64, n2: f64) -> Vec<f64> {
    let mut logs = Vec::with_capacity((last - first) as usize + 1);
    let (mut x, mut log) = (first, 0.0);
    logs.push(log);
    while x < last {
        log += libm::log((n1 - x) * (total - x) / ((x + 1.0) * (n2 - total + x + 1.0)));
        x += 1.0;
        logs.push(log);
    }
    logs
}

/// The probabilities of the numbers that the margins allow under an odds ratio, into `weights`.
fn weigh(log_weights: &[f64], log_odds: f64, weights: &mut Vec<f64>) {
    weights.clear();
    weights.extend(log_weights.iter().enumerate().map(|(k, log)| log + k as f64 * log_odds));
    let top = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    weights.iter_mut().for_each(|w| *w = libm::exp(*w - top));
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|w| *w /= sum);
}

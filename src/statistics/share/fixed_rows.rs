//! Exact tests of two shares with only the group sizes fixed: Barnard's and Boschloo's.
//!
//! The p value is the largest, over the common share, of the probability of all tables at least as far from equality as
//! the observed one. Tables with the same total have fixed conditional probabilities, so this probability is a mean of
//! binomial probabilities of the total: one pass over all tables, then a sum over totals for each share tried.
//!
//! Sources: Barnard 1947 (doi:10.1093/biomet/34.1-2.123); Boschloo 1970 (doi:10.1111/j.1467-9574.1970.tb00104.x), here
//! with the two-sided p value of Fisher's test; Suissa and Shuster 1985 (doi:10.2307/2981892) for the statistic.

use super::AS_PROBABLE;
use crate::numeric::discrete::{binomial, log_factorial};
use crate::numeric::root;

/// Statistics of Barnard's test this near to each other count as equal.
const SAME_STATISTIC: f64 = 1e-9;

/// More tables than this are not gone through.
const MOST_TABLES: f64 = 2.5e7;

/// Barnard's test: tables are ordered by the distance of the shares over its pooled standard error (0 where nobody or
/// everybody has the event). `None` unless counts are whole and possible, and `(n1 + 1) (n2 + 1)` is at most 25 million.
#[must_use]
pub fn barnard(x1: f64, n1: f64, x2: f64, n2: f64) -> Option<f64> {
    let statistic = |x1: f64, x2: f64| {
        let pooled = (x1 + x2) / (n1 + n2);
        let variance = pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2);
        if variance <= 0.0 { 0.0 } else { (x1 / n1 - x2 / n2).abs() / libm::sqrt(variance) }
    };
    let observed = statistic(x1, x2);
    let totals = Totals::new(x1, n1, x2, n2)?;
    Some(totals.largest(|total, first, _, extreme| {
        for (k, flag) in extreme.iter_mut().enumerate() {
            let x = first + k as f64;
            *flag = statistic(x, total - x) >= observed - SAME_STATISTIC;
        }
    }))
}

/// Boschloo's test: tables are ordered by the two-sided p value of Fisher's exact test. `None` as for [`barnard`].
#[must_use]
pub fn boschloo(x1: f64, n1: f64, x2: f64, n2: f64) -> Option<f64> {
    let observed = super::Exact2x2::new(x1, n1, x2, n2)?.fisher().two_sided;
    let totals = Totals::new(x1, n1, x2, n2)?;
    let mut order = Vec::new();
    Some(totals.largest(|_, _, probabilities, extreme| {
        order.clear();
        order.extend(0..probabilities.len());
        order.sort_unstable_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]));
        // From the least probable table on: the p value of one is the sum of all up to the last that is as probable.
        let (mut sum, mut end) = (0.0, 0);
        for k in 0..order.len() {
            let limit = probabilities[order[k]] * AS_PROBABLE;
            while end < order.len() && probabilities[order[end]] <= limit {
                sum += probabilities[order[end]];
                end += 1;
            }
            extreme[order[k]] = sum <= observed * AS_PROBABLE;
        }
    }))
}

/// The tables with fixed group sizes, by their number of events.
struct Totals {
    n1: f64,
    n2: f64,
}

impl Totals {
    fn new(x1: f64, n1: f64, x2: f64, n2: f64) -> Option<Self> {
        let valid = |x: f64, n: f64| n > 0.0 && (0.0..=n).contains(&x) && x.fract() == 0.0 && n.fract() == 0.0;
        let few = (n1 + 1.0) * (n2 + 1.0) <= MOST_TABLES;
        if valid(x1, n1) && valid(x2, n2) && few { Some(Self { n1, n2 }) } else { None }
    }

    /// The largest probability of the extreme tables over all common shares. `mark` is called for each number of
    /// events with that number, the smallest number possible in the first group, and the probabilities of this number
    /// and the following ones, and says which of these tables are extreme.
    fn largest(&self, mut mark: impl FnMut(f64, f64, &[f64], &mut [bool])) -> f64 {
        let (mut probabilities, mut extreme) = (Vec::new(), Vec::new());
        let all = self.n1 + self.n2;
        let mut shares = Vec::with_capacity(all as usize + 1);
        let mut total = 0.0;
        while total <= all {
            let first = self.conditional(total, &mut probabilities);
            extreme.clear();
            extreme.resize(probabilities.len(), false);
            mark(total, first, &probabilities, &mut extreme);
            let share: f64 = probabilities.iter().zip(&extreme).filter(|(_, e)| **e).map(|(p, _)| p).sum();
            shares.push(share.min(1.0));
            total += 1.0;
        }
        supremum(&shares)
    }

    /// The probabilities of the numbers of events in the first group given the total, into `probabilities`; returns the
    /// smallest of these numbers.
    fn conditional(&self, total: f64, probabilities: &mut Vec<f64>) -> f64 {
        let (n1, n2) = (self.n1, self.n2);
        let (first, last) = ((total - n2).max(0.0), n1.min(total));
        let length = (last - first) as usize + 1;
        // Outwards from the most probable number, so that nothing overflows.
        let mode = (((n1 + 1.0) * (total + 1.0) / (n1 + n2 + 2.0)).floor() - first).clamp(0.0, last - first) as usize;
        let up = |k: usize| {
            let x = first + k as f64;
            (n1 - x) * (total - x) / ((x + 1.0) * (n2 - total + x + 1.0))
        };
        probabilities.clear();
        probabilities.resize(length, 1.0);
        for k in mode..length - 1 {
            probabilities[k + 1] = probabilities[k] * up(k);
        }
        for k in (0..mode).rev() {
            probabilities[k] = probabilities[k + 1] / up(k);
        }
        let sum: f64 = probabilities.iter().sum();
        probabilities.iter_mut().for_each(|p| *p /= sum);
        first
    }
}

/// Steps of the grid of shares.
const STEPS: usize = 2000;

/// Best points of the grid whose neighbourhood is searched.
const BEST: usize = 12;

/// The largest mean of `values` under a binomial distribution of their positions: on a grid, then by golden section
/// around the best points.
fn supremum(values: &[f64]) -> f64 {
    let n = values.len().saturating_sub(1) as f64;
    let log_ways: Vec<f64> =
        (0..values.len()).map(|k| log_factorial(n) - log_factorial(k as f64) - log_factorial(n - k as f64)).collect();
    // Good to twelve digits or so, which is enough to find the best points; the value there is then worked out exactly.
    let quick = |share: f64| {
        let (yes, no) = (libm::log(share), libm::log1p(-share));
        let terms = values.iter().zip(&log_ways).enumerate().filter(|(_, (v, _))| **v > 0.0);
        terms.map(|(k, (v, w))| v * libm::exp(w + k as f64 * yes + (n - k as f64) * no)).sum::<f64>()
    };
    let exact = |share: f64| -> f64 {
        values.iter().enumerate().filter(|(_, v)| **v > 0.0).map(|(k, v)| v * binomial(k as f64, n, share)).sum()
    };
    let step = 1.0 / STEPS as f64;
    let mut grid: Vec<(f64, f64)> = (1..STEPS).map(|k| k as f64 * step).map(|share| (quick(share), share)).collect();
    grid.sort_by(|a, b| b.0.total_cmp(&a.0));
    // A share of 0 or 1 makes one table certain, which is extreme only where all are.
    let mut best = exact(0.0).max(exact(1.0));
    for (_, share) in grid.iter().take(BEST) {
        let top = root::golden_section(quick, share - step, share + step, 1e-9);
        best = best.max(exact(top)).max(exact(*share));
    }
    best.min(1.0)
}

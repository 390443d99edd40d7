//! Simulation-based calibration: does a fitter recover parameters that are known?
//!
//! A parameter is drawn from the prior, data are simulated with it, the fitter is run, and `L` draws are taken from its
//! posterior. If the fitter is right, the number of them below the true value is 0 to `L` with the same probability each.
//! Over many repetitions the ranks pile up at both ends where posteriors are too narrow, in the middle where they are too
//! wide, and at one end where they are shifted.
//!
//! The `L` draws should be nearly independent: take them by weight ([`systematic`](super::systematic)) with `L` well below
//! the effective number of draws.
//!
//! Source: Talts, Betancourt, Simpson, Vehtari and Gelman 2018 (arXiv:1804.06788). The band is the exact binomial one for
//! each bar, with Bonferroni's division of the level by the bars, so all bars together lie within it with at least the
//! level; the bands of Säilynoja, Bürkner and Vehtari 2022 (doi:10.1007/s11222-021-10090-6) for the distribution function
//! are a little narrower and need a search by simulation.

use super::failure::AbcFailure;
use crate::numeric::discrete::{binomial, binomial_upper};
use crate::numeric::{ChiSquare, normal_cdf};
use std::fmt;

/// The rank of a true value: how many draws of the posterior lie below it.
#[must_use]
pub fn rank(truth: f64, draws: &[f64]) -> usize {
    draws.iter().filter(|draw| **draw < truth).count()
}

/// In a word, how ranks depart from uniform ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Nothing speaks against uniform ranks.
    Uniform,
    /// Ranks pile up at both ends: posteriors are too narrow.
    TooNarrow,
    /// Ranks pile up in the middle: posteriors are too wide.
    TooWide,
    /// Ranks pile up at the low end: posteriors lie too high.
    TooHigh,
    /// Ranks pile up at the high end: posteriors lie too low.
    TooLow,
    /// Ranks are not uniform in another way.
    Other,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Uniform => "uniform",
            Self::TooNarrow => "posteriors too narrow",
            Self::TooWide => "posteriors too wide",
            Self::TooHigh => "posteriors too high",
            Self::TooLow => "posteriors too low",
            Self::Other => "not uniform",
        })
    }
}

/// Ranks against the uniform distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Uniformity {
    /// Ranks in each bar.
    pub histogram: Vec<u64>,
    /// Ranks that each bar should have on average.
    pub expected: f64,
    /// Pearson's statistic, the sum of `(count - expected)^2 / expected`.
    pub chi_square: f64,
    /// Its degrees of freedom: bars less 1.
    pub df: usize,
    /// Its p value; rough where `expected` is below 5.
    pub p: f64,
    /// The smallest and the largest count of a bar that the band allows.
    pub band: (u64, u64),
    /// Positions of the bars outside the band.
    pub outside: Vec<usize>,
    /// Mean rank less the expected one, in standard errors: below 0 where posteriors lie too high.
    pub shift_z: f64,
    /// Mean squared distance of ranks from their middle less the expected one, in standard errors: above 0 where
    /// posteriors are too narrow.
    pub spread_z: f64,
    /// In a word.
    pub shape: Shape,
}

impl Uniformity {
    /// Holds ranks, each from 0 to `draws`, against the uniform distribution, in a histogram of `bars` bars. `level` is the
    /// level of the band, and 1 less it that of the tests behind [`shape`](Self::shape): shift, spread, and the bars
    /// together, each at a third.
    ///
    /// # Errors
    /// No ranks; one above `draws`; fewer than 2 bars; a number of bars that does not divide `draws + 1`; a level that is
    /// not between 0 and 1.
    pub fn new(ranks: &[usize], draws: usize, bars: usize, level: f64) -> Result<Self, AbcFailure> {
        check(ranks, draws, bars, level)?;
        let n = ranks.len() as f64;
        let width = (draws + 1) / bars;
        let mut histogram = vec![0_u64; bars];
        ranks.iter().for_each(|rank| histogram[rank / width] += 1);
        let expected = n / bars as f64;
        let chi_square = histogram.iter().map(|c| (*c as f64 - expected) * (*c as f64 - expected) / expected).sum();
        let df = bars - 1;
        let p = ChiSquare { df: df as f64 }.upper_tail(chi_square);
        let band = band(ranks.len() as u64, 1.0 / bars as f64, (1.0 - level) / bars as f64);
        let outside = (0..bars).filter(|k| histogram[*k] < band.0 || histogram[*k] > band.1).collect();
        let (shift_z, spread_z) = moments(ranks, draws);
        let shape = shape(shift_z, spread_z, p, (1.0 - level) / 3.0);
        Ok(Self { histogram, expected, chi_square, df, p, band, outside, shift_z, spread_z, shape })
    }
}

fn check(ranks: &[usize], draws: usize, bars: usize, level: f64) -> Result<(), AbcFailure> {
    let few = |what, have, need| if have >= need { Ok(()) } else { Err(AbcFailure::TooFew { what, have, need }) };
    few("ranks", ranks.len(), 1)?;
    few("draws of a posterior", draws, 1)?;
    few("bars", bars, 2)?;
    if let Some(rank) = ranks.iter().find(|rank| **rank > draws) {
        return Err(AbcFailure::Setting { name: "rank", value: *rank as f64, range: "at most the number of draws" });
    }
    if !draws.saturating_add(1).is_multiple_of(bars) {
        return Err(AbcFailure::Setting { name: "bars", value: bars as f64, range: "a divisor of the draws and one" });
    }
    if !(level > 0.0 && level < 1.0) {
        return Err(AbcFailure::Setting { name: "level", value: level, range: "between 0 and 1" });
    }
    Ok(())
}

/// The counts of `n` trials with chance `p` between which all but `outside` of the probability lies, at most half of that
/// on each side.
fn band(n: u64, p: f64, outside: f64) -> (u64, u64) {
    let trials = n as f64;
    let (mut low, mut below) = (0, binomial(0.0, trials, p));
    while low < n && below <= 0.5 * outside {
        low += 1;
        below += binomial(low as f64, trials, p);
    }
    let mut high = low;
    while high < n && binomial_upper(high as f64 + 1.0, trials, p) > 0.5 * outside {
        high += 1;
    }
    (low, high)
}

/// Mean and spread of ranks in standard errors, from the exact moments of a uniform whole number.
fn moments(ranks: &[usize], draws: usize) -> (f64, f64) {
    let (middle, n) = (0.5 * draws as f64, ranks.len() as f64);
    let square = |rank: usize| (rank as f64 - middle) * (rank as f64 - middle);
    let count = draws as f64 + 1.0;
    let variance = (0..=draws).map(square).sum::<f64>() / count;
    let fourth = (0..=draws).map(|r| square(r) * square(r)).sum::<f64>() / count;
    let mean = ranks.iter().map(|r| *r as f64 - middle).sum::<f64>() / n;
    let spread = ranks.iter().map(|r| square(*r)).sum::<f64>() / n;
    let of_spread = fourth - variance * variance;
    // With one draw all ranks are equally far from the middle.
    let spread_z = if of_spread > 0.0 { (spread - variance) / libm::sqrt(of_spread / n) } else { 0.0 };
    (mean / libm::sqrt(variance / n), spread_z)
}

fn shape(shift_z: f64, spread_z: f64, p: f64, level: f64) -> Shape {
    let unlikely = |z: f64| 2.0 * normal_cdf(-z.abs()) < level;
    // The stronger of the two names the shape.
    match () {
        () if unlikely(spread_z) && spread_z.abs() >= shift_z.abs() => {
            if spread_z > 0.0 {
                Shape::TooNarrow
            } else {
                Shape::TooWide
            }
        }
        () if unlikely(shift_z) => {
            if shift_z < 0.0 {
                Shape::TooHigh
            } else {
                Shape::TooLow
            }
        }
        () if p < level => Shape::Other,
        () => Shape::Uniform,
    }
}

//! The posterior that the last generation stands for, corrected for the distance that is left.
//!
//! A particle's summaries are near the observed ones, not equal to them. A weighted regression of each parameter on the
//! projected summaries says by how much that moves it, and each particle is moved back by as much.
//!
//! Sources: Beaumont, Zhang and Balding 2002 (doi:10.1093/genetics/162.4.2025); Blum and François 2010
//! (doi:10.1007/s11222-009-9116-0) for the spread.

use super::failure::AbcFailure;
use super::population::{Generation, Particle};
use super::weights::{covariance, effective_size, means, systematic};
use crate::numeric::matrix::{Symmetric, multiply, quadratic};
use crate::statistics::draws::Draws;

/// How particles were moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjustment {
    /// Not at all.
    Unadjusted,
    /// To the mean at the observed summaries: `z - b'(t - t_observed)`.
    Linear,
    /// To the mean and the spread there: the residual is multiplied by the ratio of the spread at the observed summaries
    /// to that at the particle's own. The logarithm of the squared residual is linear in the projected summaries.
    Heteroscedastic,
}

/// Weighted draws of the posterior distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// Parameters on the scale where the prior is standard normal, draw after draw, `parameters` numbers each.
    pub z: Vec<f64>,
    /// A weight per draw; they sum to 1.
    pub weights: Vec<f64>,
    /// Number of parameters.
    pub parameters: usize,
    /// How the particles were moved.
    pub adjustment: Adjustment,
    /// Directions of the projected summaries that the regression used; 0 without adjustment.
    pub rank: usize,
    /// Share of the weight of particles whose projected summaries are at least as far from the middle of the particles as
    /// the observed ones are. Near 0 the observed figures lie beyond what the simulator gives near them, and an adjustment
    /// extrapolates. NaN without adjustment.
    pub farther: f64,
}

/// Eigenvalues of the correlations of the projected summaries below this share of the largest count as 0: a direction
/// in which the particles do not vary adjusts nothing.
const NO_SPREAD: f64 = 1e-8;

impl Posterior {
    /// The particles of a generation, none moved; copies are one with the weight of all.
    #[must_use]
    pub fn unadjusted(generation: &Generation) -> Self {
        let distinct = generation.distinct();
        Self {
            z: distinct.iter().flat_map(|(particle, _)| particle.z.iter().copied()).collect(),
            weights: distinct.iter().map(|(_, share)| *share).collect(),
            parameters: generation.parameters(),
            adjustment: Adjustment::Unadjusted,
            rank: 0,
            farther: f64::NAN,
        }
    }

    /// The particles moved to the observed projected summaries, weighted by `n (1 - (distance / tolerance)^2)` where `n`
    /// places have the same one (Epanechnikov's kernel; particles at the tolerance itself drop out).
    ///
    /// Residuals are multiplied by `sqrt(n / (n - rank - 1) (1 + h))` with the effective number `n` of weights and the leverage
    /// `h` of the observed summaries: a regression leaves too little by the first, and does not know by the second where the
    /// mean there lies. Both count when there are many parameters (the predictive distribution of a regression: Gelman and
    /// others 2013, Bayesian Data Analysis, 3rd ed., section 14.3).
    ///
    /// # Errors
    /// Another number of observed summaries, one that is not finite, an effective number of particles of no more than
    /// twice the parameters and one, numbers that overflow.
    pub fn adjusted(generation: &Generation, observed: &[f64], adjustment: Adjustment) -> Result<Self, AbcFailure> {
        if adjustment == Adjustment::Unadjusted {
            return Ok(Self::unadjusted(generation));
        }
        let p = generation.parameters();
        check(generation, observed)?;
        let near: Vec<(&Particle, f64)> = generation
            .distinct()
            .into_iter()
            .map(|(particle, share)| (particle, share * kernel(particle.distance, generation.tolerance)))
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        let mut own = Self::weighted(&near, p, adjustment);
        let offsets: Vec<f64> =
            near.iter().flat_map(|(particle, _)| particle.projected.iter().zip(observed).map(|(t, o)| t - o)).collect();
        let columns = observed.len();
        let (need, effective) = (2 * (columns + 1), effective_size(&own.weights));
        if effective <= need as f64 {
            return Err(AbcFailure::TooFew {
                what: "effective particles to adjust",
                have: effective as usize,
                need: need + 1,
            });
        }
        let design = Design::new(&offsets, columns, &own.weights)?;
        (own.rank, own.farther) = (design.rank, design.farther(&offsets, &own.weights));
        let inflation = effective / (effective - design.rank as f64 - 1.0) * (1.0 + design.leverage(effective));
        let inflation = libm::sqrt(inflation);
        for j in 0..p {
            own.move_parameter(j, &design, &offsets, inflation);
        }
        if own.z.iter().any(|v| !v.is_finite()) {
            return Err(AbcFailure::Numerical);
        }
        Ok(own)
    }

    fn weighted(particles: &[(&Particle, f64)], parameters: usize, adjustment: Adjustment) -> Self {
        let total: f64 = particles.iter().map(|(_, weight)| weight).sum();
        let weights = particles.iter().map(|(_, weight)| weight / total).collect();
        let z = particles.iter().flat_map(|(particle, _)| particle.z.iter().copied()).collect();
        Self { z, weights, parameters, adjustment, rank: 0, farther: f64::NAN }
    }

    fn move_parameter(&mut self, j: usize, design: &Design, offsets: &[f64], inflation: f64) {
        let p = self.parameters;
        let values: Vec<f64> = self.values(j).collect();
        let mean = design.fit(&values, offsets, &self.weights);
        let residuals: Vec<f64> = values.iter().zip(rows(offsets, design)).map(|(z, t)| z - mean.at(t)).collect();
        let spread = (self.adjustment == Adjustment::Heteroscedastic).then(|| {
            // A residual of 0 would have the logarithm minus infinity.
            let logs: Vec<f64> = residuals.iter().map(|e| libm::log(e * e + 1e-300)).collect();
            design.fit(&logs, offsets, &self.weights)
        });
        for (i, (residual, t)) in residuals.iter().zip(rows(offsets, design)).enumerate() {
            let ratio = spread.as_ref().map_or(1.0, |s| libm::exp(0.5 * (s.intercept - s.at(t))));
            self.z[i * p + j] = mean.intercept + residual * ratio * inflation;
        }
    }

    /// Number of draws.
    #[must_use]
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether there are no draws.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// Effective number of draws (see [`effective_size`]).
    #[must_use]
    pub fn effective(&self) -> f64 {
        effective_size(&self.weights)
    }

    /// The values of one parameter, draw after draw.
    pub fn values(&self, parameter: usize) -> impl Iterator<Item = f64> {
        self.rows().filter_map(move |row| row.get(parameter).copied())
    }

    /// The draws, `parameters` numbers each.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.z.chunks_exact(self.parameters.max(1))
    }

    /// Positions of `n` draws taken by weight (see [`systematic`]).
    pub fn resample(&self, n: usize, draws: &mut dyn Draws) -> Vec<usize> {
        systematic(&self.weights, n, draws)
    }
}

fn rows<'a>(offsets: &'a [f64], design: &Design) -> impl Iterator<Item = &'a [f64]> {
    offsets.chunks_exact(design.centre.len().max(1))
}

/// Epanechnikov's kernel, 1 in the middle.
fn kernel(distance: f64, tolerance: f64) -> f64 {
    if tolerance == 0.0 {
        return 1.0;
    }
    let u = distance / tolerance;
    (1.0 - u * u).max(0.0)
}

fn check(generation: &Generation, observed: &[f64]) -> Result<(), AbcFailure> {
    let want = generation.particles.first().map_or(0, |p| p.projected.len());
    if observed.len() != want || want == 0 {
        return Err(AbcFailure::Shape {
            what: "observed projected summaries",
            have: observed.len(),
            want: want.max(1),
        });
    }
    match observed.iter().position(|v| !v.is_finite()) {
        Some(column) => Err(AbcFailure::NotFinite { what: "observed projected summary", row: 0, column }),
        None => Ok(()),
    }
}

/// A weighted regression on the offsets from the observed summaries.
struct Design {
    /// Weighted means of the offsets.
    centre: Vec<f64>,
    /// Generalised inverse of their covariance, row after row.
    inverse: Vec<f64>,
    rank: usize,
}

struct Fitted {
    /// The value at the observed summaries.
    intercept: f64,
    slopes: Vec<f64>,
}

impl Fitted {
    fn at(&self, offset: &[f64]) -> f64 {
        self.intercept + self.slopes.iter().zip(offset).map(|(b, x)| b * x).sum::<f64>()
    }
}

impl Design {
    fn new(offsets: &[f64], columns: usize, weights: &[f64]) -> Result<Self, AbcFailure> {
        let rows = || offsets.chunks_exact(columns);
        let centre = means(rows(), weights, columns);
        let mut inverse = covariance(rows(), weights, &centre);
        // As correlations, so that "no spread" does not depend on units.
        let unit: Vec<f64> = (0..columns)
            .map(|k| inverse[k * columns + k])
            .map(|v| if v > 0.0 { 1.0 / libm::sqrt(v) } else { 0.0 })
            .collect();
        let scale = |m: &mut [f64]| {
            m.iter_mut().enumerate().for_each(|(at, v)| *v *= unit[at / columns] * unit[at % columns]);
        };
        scale(&mut inverse);
        let mut own = Symmetric::default();
        own.decompose(&inverse, columns).map_err(|_| AbcFailure::Numerical)?;
        own.power(-1.0, NO_SPREAD, &mut inverse);
        scale(&mut inverse);
        let largest = own.values.iter().copied().fold(0.0, f64::max);
        let rank = own.values.iter().filter(|v| **v > NO_SPREAD * largest).count();
        Ok(Self { centre, inverse, rank })
    }

    fn fit(&self, outcome: &[f64], offsets: &[f64], weights: &[f64]) -> Fitted {
        let columns = self.centre.len();
        let total: f64 = weights.iter().sum();
        let mean = outcome.iter().zip(weights).map(|(y, w)| w * y).sum::<f64>() / total;
        let mut products = vec![0.0; columns];
        for ((row, y), w) in offsets.chunks_exact(columns).zip(outcome).zip(weights) {
            products
                .iter_mut()
                .zip(row.iter().zip(&self.centre))
                .for_each(|(s, (x, m))| *s += w * (y - mean) * (x - m));
        }
        // The divisor that the covariance has.
        let divisor = total - total / effective_size(weights);
        products.iter_mut().for_each(|v| *v /= divisor);
        let mut slopes = Vec::new();
        multiply(&self.inverse, &products, columns, columns, 1, &mut slopes);
        let back: f64 = slopes.iter().zip(&self.centre).map(|(b, m)| b * m).sum();
        Fitted { intercept: mean - back, slopes }
    }

    /// Variance of the fitted mean at the observed summaries, whose offset is 0, over that of the residuals: `1 / n`, and
    /// their squared distance from the middle in units of the spread over `n - 1`.
    fn leverage(&self, effective: f64) -> f64 {
        1.0 / effective + quadratic(&self.inverse, &self.centre) / (effective - 1.0)
    }

    /// Share of the weight at least as far from the middle as the observed summaries, whose offset is 0.
    fn farther(&self, offsets: &[f64], weights: &[f64]) -> f64 {
        let observed = quadratic(&self.inverse, &self.centre);
        let beyond = |row: &[f64]| {
            let off: Vec<f64> = row.iter().zip(&self.centre).map(|(x, m)| x - m).collect();
            quadratic(&self.inverse, &off) >= observed
        };
        let pairs = offsets.chunks_exact(self.centre.len()).zip(weights);
        pairs.filter(|(row, _)| beyond(row)).map(|(_, w)| w).sum()
    }
}

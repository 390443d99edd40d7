//! Where the attempts of the next generation are made: particles by weight, moved by a normal kernel.

use super::failure::AbcFailure;
use super::population::Generation;
use super::weights::{covariance, log_sum_exp, means};
use crate::numeric::linear::cholesky;
use crate::statistics::draws::Draws;

/// A mixture of normal distributions around the particles of a generation, each with twice their weighted covariance:
/// of all such kernels the one that is nearest to the target for a normal posterior.
///
/// Sources: Beaumont, Cornuet, Marin and Robert 2009 (doi:10.1093/biomet/asp052) for the factor 2; Filippi, Barnes,
/// Cornebise and Stumpf 2013 (doi:10.1515/sagmb-2012-0069) for several parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposer {
    /// Particles, row after row.
    z: Vec<f64>,
    /// Particles in the units of the kernel: `L^-1 z`.
    whitened: Vec<f64>,
    log_weights: Vec<f64>,
    /// Weights summed up to and with each particle.
    summed: Vec<f64>,
    /// Lower Cholesky factor of the kernel's covariance.
    factor: Vec<f64>,
    log_determinant: f64,
    parameters: usize,
}

impl Proposer {
    /// The kernel of a generation.
    ///
    /// # Errors
    /// No more particles than parameters, or particles that do not spread in all directions.
    pub fn new(generation: &Generation) -> Result<Self, AbcFailure> {
        let (p, n) = (generation.parameters(), generation.particles.len());
        if n <= p || p == 0 {
            return Err(AbcFailure::TooFew { what: "particles", have: n, need: p + 1 });
        }
        let rows = || generation.particles.iter().map(|particle| particle.z.as_slice());
        let weights = generation.weights();
        let mut factor = covariance(rows(), &weights, &means(rows(), &weights, p));
        factor.iter_mut().for_each(|v| *v *= 2.0);
        let least = cholesky(&mut factor, p).map_err(|parameter| AbcFailure::NoSpread { parameter })?;
        // Below this rounding alone makes the spread.
        if least < 1e-13 {
            return Err(AbcFailure::NoSpread { parameter: p - 1 });
        }
        let mut whitened = Vec::with_capacity(n * p);
        rows().for_each(|z| whitened.extend(whiten(&factor, z)));
        let mut below = 0.0;
        let summed = weights.iter().map(|w| {
            below += w;
            below
        });
        Ok(Self {
            z: rows().flatten().copied().collect(),
            whitened,
            log_weights: generation.particles.iter().map(|particle| particle.log_weight).collect(),
            summed: summed.collect(),
            log_determinant: (0..p).map(|i| libm::log(factor[i * p + i])).sum(),
            factor,
            parameters: p,
        })
    }

    /// An attempt: a particle by weight, moved by the kernel. Asks for one uniform number and then for as many normal
    /// ones as there are parameters.
    pub fn propose(&self, draws: &mut dyn Draws) -> Vec<f64> {
        let p = self.parameters;
        let last = self.summed.len() - 1;
        let place = draws.uniform() * self.summed[last];
        let chosen = self.summed.partition_point(|below| *below <= place).min(last);
        let mut z = self.z[chosen * p..(chosen + 1) * p].to_vec();
        for k in 0..p {
            let e = draws.normal();
            (k..p).for_each(|i| z[i] += self.factor[i * p + k] * e);
        }
        z
    }

    /// Logarithm of the density of attempts at `z`, but for `-(p / 2) ln(2 pi)`. Minus infinity far out of reach.
    #[must_use]
    pub fn log_density(&self, z: &[f64]) -> f64 {
        let at = whiten(&self.factor, z);
        let terms: Vec<f64> = self
            .whitened
            .chunks_exact(self.parameters)
            .zip(&self.log_weights)
            .map(|(centre, log_weight)| {
                let square: f64 = centre.iter().zip(&at).map(|(c, a)| (a - c) * (a - c)).sum();
                log_weight - 0.5 * square
            })
            .collect();
        log_sum_exp(&terms) - self.log_determinant
    }

    /// Covariance of the kernel, row after row.
    #[must_use]
    pub fn kernel(&self) -> Vec<f64> {
        let (p, l) = (self.parameters, &self.factor);
        let entry = |i: usize, j: usize| (0..=i.min(j)).map(|k| l[i * p + k] * l[j * p + k]).sum();
        (0..p * p).map(|at| entry(at / p, at % p)).collect()
    }
}

/// `L^-1 z` for a lower triangle.
pub(super) fn whiten(factor: &[f64], z: &[f64]) -> Vec<f64> {
    let p = z.len();
    let mut out = z.to_vec();
    for i in 0..p {
        for k in 0..i {
            out[i] -= factor[i * p + k] * out[k];
        }
        out[i] /= factor[i * p + i];
    }
    out
}

//! Generations of weighted particles: population Monte Carlo.
//!
//! Sources: Beaumont, Cornuet, Marin and Robert 2009 (doi:10.1093/biomet/asp052); Toni, Welch, Strelkowa, Ipsen and
//! Stumpf 2009 (doi:10.1098/rsif.2008.0172); tolerances from the distances of the generation before: Drovandi and Pettitt
//! 2011 (doi:10.1111/j.1541-0420.2010.01410.x), Del Moral, Doucet and Jasra 2012 (doi:10.1007/s11222-011-9271-y).

use super::failure::AbcFailure;
use super::kernel::Proposer;
use super::stop::Progress;
use super::weights::{effective_size, normalise, weighted_quantile};
use crate::statistics::draws::Draws;

/// A draw of the prior: as many standard normal numbers as there are parameters.
#[must_use]
pub fn draw_prior(parameters: usize, draws: &mut dyn Draws) -> Vec<f64> {
    (0..parameters).map(|_| draws.normal()).collect()
}

/// A draw with what its simulation gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Parameters on the scale where the prior is standard normal.
    pub z: Vec<f64>,
    /// Projected summaries (see [`Projection::project`](super::Projection::project)), one per parameter.
    pub projected: Vec<f64>,
    /// Distance from the observed figures, at least 0; infinite for a simulation that failed.
    pub distance: f64,
}

/// A candidate that was kept, and its weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Particle {
    /// Parameters on the scale where the prior is standard normal.
    pub z: Vec<f64>,
    /// Projected summaries, one per parameter.
    pub projected: Vec<f64>,
    /// Distance from the observed figures, at most the generation's tolerance.
    pub distance: f64,
    /// Logarithm of the weight; the weights of a generation sum to 1.
    pub log_weight: f64,
}

/// Particles whose distance is at most a tolerance, in the order of their attempts.
#[derive(Clone, Debug, PartialEq)]
pub struct Generation {
    /// 1 for the nearest of the pilot.
    pub number: u32,
    /// Largest distance allowed.
    pub tolerance: f64,
    /// The particles, at least one.
    pub particles: Vec<Particle>,
    /// Simulations that were needed, failed ones and ones of no use among them; of the first generation: draws of the
    /// pilot.
    pub attempts: u64,
}

impl Generation {
    /// The `keep` nearest of the pilot, all with the same weight, in the order of the pilot. Of draws at the same
    /// distance the earlier goes first. The tolerance is the largest distance kept.
    ///
    /// # Errors
    /// No finite distance at all; fewer finite ones than `keep`; a `z` or projection that is not finite beside a finite
    /// distance; draws of different lengths; `keep` of 0.
    pub fn first(pilot: Vec<Candidate>, keep: usize) -> Result<Self, AbcFailure> {
        let attempts = pilot.len() as u64;
        if keep == 0 {
            return Err(AbcFailure::TooFew { what: "particles to keep", have: 0, need: 1 });
        }
        let mut order: Vec<usize> = (0..pilot.len()).filter(|i| pilot[*i].distance.is_finite()).collect();
        if order.is_empty() {
            return Err(AbcFailure::NoneFinite { draws: pilot.len() });
        }
        if order.len() < keep {
            return Err(AbcFailure::TooFew { what: "draws with a finite distance", have: order.len(), need: keep });
        }
        check(&pilot, f64::INFINITY)?;
        // Stable: ties stay in the order of the pilot.
        order.sort_by(|a, b| pilot[*a].distance.total_cmp(&pilot[*b].distance));
        order.truncate(keep);
        let tolerance = order.last().map_or(0.0, |i| pilot[*i].distance);
        let mut kept = vec![false; pilot.len()];
        order.iter().for_each(|i| kept[*i] = true);
        let nearest = pilot.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(candidate, _)| candidate);
        let log_weights = vec![-libm::log(keep as f64); keep];
        Ok(Self { number: 1, tolerance, particles: weigh(nearest, log_weights), attempts })
    }

    /// The generation after `previous`: accepted attempts of `proposer`, weighed by prior over proposal density,
    /// `w ~ phi(z) / sum_j w_j K(z - z_j)`.
    ///
    /// `accepted` holds the first attempts, in the order of their numbers, whose distance is at most `tolerance`, and
    /// `attempts` how many were made up to and with the last of them. Attempts made beyond it, in parallel, do not count:
    /// the same particles come out for any number of threads.
    ///
    /// # Errors
    /// No candidate; one beyond the tolerance, not finite or of another length; fewer attempts than candidates; weights
    /// too small to work with.
    pub fn next(
        previous: &Self,
        proposer: &Proposer,
        accepted: Vec<Candidate>,
        tolerance: f64,
        attempts: u64,
    ) -> Result<Self, AbcFailure> {
        if accepted.is_empty() {
            return Err(AbcFailure::TooFew { what: "accepted candidates", have: 0, need: 1 });
        }
        if !tolerance.is_finite() {
            return Err(AbcFailure::Setting { name: "tolerance", value: tolerance, range: "a finite number" });
        }
        if attempts < accepted.len() as u64 {
            return Err(AbcFailure::TooFew { what: "attempts", have: attempts as usize, need: accepted.len() });
        }
        if accepted[0].z.len() != previous.parameters() {
            return Err(AbcFailure::Shape {
                what: "parameters",
                have: accepted[0].z.len(),
                want: previous.parameters(),
            });
        }
        check(&accepted, tolerance)?;
        let mut log_weights: Vec<f64> = accepted.iter().map(|c| log_prior(&c.z) - proposer.log_density(&c.z)).collect();
        normalise(&mut log_weights).ok_or(AbcFailure::Numerical)?;
        let particles = weigh(accepted.into_iter(), log_weights);
        Ok(Self { number: previous.number.saturating_add(1), tolerance, particles, attempts })
    }

    /// Number of parameters.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.particles.first().map_or(0, |p| p.z.len())
    }

    /// The weights, which sum to 1.
    #[must_use]
    pub fn weights(&self) -> Vec<f64> {
        self.particles.iter().map(|p| libm::exp(p.log_weight)).collect()
    }

    /// Effective number of particles (see [`effective_size`]).
    #[must_use]
    pub fn effective(&self) -> f64 {
        effective_size(&self.weights())
    }

    /// The tolerance that follows: the smallest distance at or below which at least `quantile` of the weight lies. It is
    /// the distance of a particle, so at least one meets it.
    #[must_use]
    pub fn next_tolerance(&self, quantile: f64) -> f64 {
        let distances: Vec<f64> = self.particles.iter().map(|p| p.distance).collect();
        weighted_quantile(&distances, &self.weights(), quantile)
    }

    /// The line of this generation in the record of a fit.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            number: self.number,
            tolerance: self.tolerance,
            attempts: self.attempts,
            accepted: self.particles.len() as u64,
            effective: self.effective(),
        }
    }
}

/// Logarithm of the prior density, but for the constant that all densities here leave out, `-(p / 2) ln(2 pi)`.
fn log_prior(z: &[f64]) -> f64 {
    -0.5 * z.iter().map(|v| v * v).sum::<f64>()
}

fn weigh(candidates: impl Iterator<Item = Candidate>, log_weights: Vec<f64>) -> Vec<Particle> {
    let pairs = candidates.zip(log_weights);
    pairs.map(|(c, log_weight)| Particle { z: c.z, projected: c.projected, distance: c.distance, log_weight }).collect()
}

/// Holds distances to the tolerance, and candidates with a finite one to a length and to finite numbers.
fn check(candidates: &[Candidate], tolerance: f64) -> Result<(), AbcFailure> {
    for (row, candidate) in candidates.iter().enumerate() {
        let distance = candidate.distance;
        if distance.is_nan() || distance < 0.0 {
            return Err(AbcFailure::NotFinite { what: "distance", row, column: 0 });
        }
        if distance > tolerance || tolerance.is_nan() {
            return Err(AbcFailure::BeyondTolerance { row, distance, tolerance });
        }
    }
    let mut there = candidates.iter().enumerate().filter(|(_, candidate)| candidate.distance.is_finite());
    let Some((_, first)) = there.clone().next() else { return Ok(()) };
    there.try_for_each(|(row, candidate)| {
        same_length("parameters", candidate.z.len(), first.z.len())?;
        same_length("projected summaries", candidate.projected.len(), first.projected.len())?;
        finite("parameter", row, &candidate.z)?;
        finite("projected summary", row, &candidate.projected)
    })
}

fn same_length(what: &'static str, have: usize, want: usize) -> Result<(), AbcFailure> {
    if have == want && want > 0 { Ok(()) } else { Err(AbcFailure::Shape { what, have, want: want.max(1) }) }
}

fn finite(what: &'static str, row: usize, values: &[f64]) -> Result<(), AbcFailure> {
    match values.iter().position(|v| !v.is_finite()) {
        Some(column) => Err(AbcFailure::NotFinite { what, row, column }),
        None => Ok(()),
    }
}

//! Particles, and generations of them.

use super::failure::AbcFailure;
use super::moves::first_scale;
use super::stop::Progress;
use super::weights::{effective_size, weighted_quantile};
use crate::statistics::draws::Draws;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A draw of the prior: as many standard normal numbers as there are parameters.
#[must_use]
pub fn draw_prior(parameters: usize, draws: &mut dyn Draws) -> Vec<f64> {
    (0..parameters).map(|_| draws.normal()).collect()
}

/// Parameters with what their simulated study gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Particle {
    /// Parameters on the scale where the prior is standard normal.
    pub z: Vec<f64>,
    /// Projected summaries (see [`Projection::project`](super::Projection::project)), one per parameter.
    pub projected: Vec<f64>,
    /// Distance from the observed figures, at least 0; infinite for a simulation that failed.
    pub distance: f64,
}

/// Particles whose distance is at most a tolerance. All have the same weight; some may be copies of others.
#[derive(Clone, Debug, PartialEq)]
pub struct Generation {
    /// 1 for the nearest of the pilot.
    pub number: u32,
    /// Largest distance allowed.
    pub tolerance: f64,
    /// The particles, at least one, place after place.
    pub particles: Vec<Particle>,
    /// Studies that were simulated, failed ones among them; of the first generation: draws of the pilot.
    pub attempts: u64,
    /// Times that every particle was to move; 0 of the first generation.
    pub sweeps: u32,
    /// Moves that were accepted; 0 of the first generation.
    pub accepted: u64,
    /// Scale of the steps of the generation after it, in units of the particles' spread.
    pub scale: f64,
}

impl Generation {
    /// The `keep` nearest of the pilot in the order of the pilot. Of draws at the same distance the earlier goes first. The
    /// tolerance is the largest distance kept.
    ///
    /// # Errors
    /// No finite distance at all; fewer finite ones than `keep`; a `z` or projection that is not finite beside a finite
    /// distance; draws of different lengths; `keep` of 0.
    pub fn first(pilot: Vec<Particle>, keep: usize) -> Result<Self, AbcFailure> {
        let attempts = pilot.len() as u64;
        if keep == 0 {
            return Err(AbcFailure::TooFew { what: "particles to keep", have: 0, need: 1 });
        }
        let mut order: Vec<usize> = (0..pilot.len()).filter(|i| pilot[*i].distance.is_finite()).collect();
        let Some(example) = order.first().map(|i| &pilot[*i]) else {
            return Err(AbcFailure::NoneFinite { draws: pilot.len() });
        };
        if order.len() < keep {
            return Err(AbcFailure::TooFew { what: "draws with a finite distance", have: order.len(), need: keep });
        }
        pilot.iter().enumerate().try_for_each(|(row, draw)| check(row, draw, example))?;
        // Stable: ties stay in the order of the pilot.
        order.sort_by(|a, b| pilot[*a].distance.total_cmp(&pilot[*b].distance));
        order.truncate(keep);
        let tolerance = order.last().map_or(0.0, |i| pilot[*i].distance);
        let mut kept = vec![false; pilot.len()];
        order.iter().for_each(|i| kept[*i] = true);
        let particles: Vec<Particle> =
            pilot.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(draw, _)| draw).collect();
        let scale = first_scale(particles.first().map_or(0, |particle| particle.z.len()));
        Ok(Self { number: 1, tolerance, particles, attempts, sweeps: 0, accepted: 0, scale })
    }

    /// Number of parameters.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.particles.first().map_or(0, |p| p.z.len())
    }

    /// Each particle that is another one once, in the order of their first places, and its share of the places.
    #[must_use]
    pub fn distinct(&self) -> Vec<(&Particle, f64)> {
        let mut known: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let mut all: Vec<(&Particle, f64)> = Vec::new();
        for particle in &self.particles {
            match known.entry(particle.z.iter().map(|v| v.to_bits()).collect()) {
                Entry::Occupied(at) => all[*at.get()].1 += 1.0,
                Entry::Vacant(free) => {
                    free.insert(all.len());
                    all.push((particle, 1.0));
                }
            }
        }
        let places = self.particles.len() as f64;
        all.iter_mut().for_each(|(_, share)| *share /= places);
        all
    }

    /// Effective number of particles (see [`effective_size`]): copies do not count as new ones.
    #[must_use]
    pub fn effective(&self) -> f64 {
        let shares: Vec<f64> = self.distinct().into_iter().map(|(_, share)| share).collect();
        effective_size(&shares)
    }

    /// The tolerance that follows: the smallest distance within which at least the share `quantile` of the particles is. It
    /// is the distance of a particle, so at least one meets it.
    #[must_use]
    pub fn next_tolerance(&self, quantile: f64) -> f64 {
        let distances: Vec<f64> = self.particles.iter().map(|p| p.distance).collect();
        weighted_quantile(&distances, &vec![1.0; distances.len()], quantile)
    }

    /// The line of this generation in the record of a fit.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let particles = self.particles.len() as u64;
        Progress {
            number: self.number,
            tolerance: self.tolerance,
            attempts: self.attempts,
            sweeps: self.sweeps,
            particles,
            acceptance: match self.sweeps {
                0 => particles as f64 / self.attempts as f64,
                sweeps => self.accepted as f64 / (u64::from(sweeps) * particles) as f64,
            },
            effective: self.effective(),
        }
    }
}

/// Holds a particle to a distance that can be one and, where it is finite, to the lengths of another and to finite numbers.
pub(super) fn check(row: usize, particle: &Particle, like: &Particle) -> Result<(), AbcFailure> {
    if particle.distance.is_nan() || particle.distance < 0.0 {
        return Err(AbcFailure::NotFinite { what: "distance", row, column: 0 });
    }
    if particle.distance.is_infinite() {
        return Ok(());
    }
    same_length("parameters", particle.z.len(), like.z.len())?;
    same_length("projected summaries", particle.projected.len(), like.projected.len())?;
    finite("parameter", row, &particle.z)?;
    finite("projected summary", row, &particle.projected)
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

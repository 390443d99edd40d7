//! What a fit found, as it is told.

use super::Prior;
use crate::statistics::abc::{Adjustment, Generation, Learned, Posterior, Projection, effective_size, learned};
use crate::tables::calibration::{Calibration, FittedGeneration, FittedParameter};

/// What is told beside the draws.
pub(super) struct Told {
    /// Published cells beyond all that the prior gave.
    pub beyond: Vec<String>,
    /// Draws of the pilot that gave no study.
    pub failed: u64,
    /// Why the first of them failed.
    pub failed_because: String,
    /// Why it ended.
    pub end: String,
    /// Simulated studies in all.
    pub studies: u64,
    /// Number of the generation that the draws are of.
    pub generation: u32,
}

pub(super) fn outcome(
    priors: &[Prior],
    posterior: Posterior,
    generations: &[Generation],
    projection: &Projection,
    told: Told,
) -> Calibration {
    let parameters = priors.iter().zip(learned(&posterior)).zip(projection.r_squared());
    let draw = |row: &[f64]| row.iter().zip(priors).map(|(z, prior)| prior.law.value(*z)).collect();
    Calibration {
        parameters: parameters.map(|((prior, learned), r_squared)| parameter(prior, &learned, *r_squared)).collect(),
        draws: posterior.rows().map(draw).collect(),
        effective: effective_size(&posterior.weights),
        adjusted: posterior.adjustment != Adjustment::Unadjusted,
        farther: posterior.farther,
        weights: posterior.weights,
        generations: generations.iter().map(generation).collect(),
        beyond: told.beyond,
        failed: told.failed,
        failed_because: told.failed_because,
        end: told.end,
        studies: told.studies,
        generation: told.generation,
    }
}

fn generation(generation: &Generation) -> FittedGeneration {
    let progress = generation.progress();
    FittedGeneration {
        number: progress.number,
        tolerance: progress.tolerance,
        attempts: progress.attempts,
        sweeps: progress.sweeps,
        acceptance: progress.acceptance,
        particles: progress.particles,
        effective: progress.effective,
    }
}

fn parameter(prior: &Prior, learned: &Learned, r_squared: f64) -> FittedParameter {
    FittedParameter {
        name: prior.name.clone(),
        prior: prior.written.clone(),
        value: prior.value,
        fitted: prior.law.value(learned.mean),
        quantiles: [learned.low, learned.median, learned.high].map(|z| prior.law.value(z)),
        prior_quantiles: [0.025, 0.5, 0.975].map(|p| prior.law.quantile(p)),
        r_squared,
        narrowed: learned.narrowed,
        narrowed_mcse: learned.narrowed_mcse,
        verdict: learned.verdict.to_string(),
        partner: learned.partner.map(|partner| (partner.parameter, partner.correlation)),
    }
}

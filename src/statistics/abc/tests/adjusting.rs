//! The regression adjustment, on particles whose summaries determine it.

use super::draws::Addressed;
use crate::statistics::abc::*;
use crate::statistics::draws::Draws;

/// Particles spread evenly around the observed summaries 0.5 and -1, with parameters made from their summaries.
fn particles(n: u64, z: impl Fn(f64, f64, f64) -> f64) -> Generation {
    let one = |k: u64| {
        let mut draws = Addressed::new(60, k);
        let (a, b) = (2.0 * draws.uniform() - 1.0, 2.0 * draws.uniform() - 1.0);
        let distance = libm::sqrt(a * a + b * b);
        Particle { z: vec![z(a, b, draws.normal())], projected: vec![0.5 + a, -1.0 + b], distance }
    };
    Generation {
        number: 3,
        tolerance: 1.5,
        particles: (0..n).map(one).collect(),
        attempts: n,
        sweeps: 1,
        accepted: n,
        scale: 1.0,
    }
}

const OBSERVED: [f64; 2] = [0.5, -1.0];

fn moments(posterior: &Posterior) -> (f64, f64) {
    let mean: f64 = posterior.values(0).zip(&posterior.weights).map(|(z, w)| z * w).sum();
    let variance: f64 = posterior.values(0).zip(&posterior.weights).map(|(z, w)| w * (z - mean) * (z - mean)).sum();
    (mean, libm::sqrt(variance))
}

#[test]
fn a_line_is_taken_out_whole() {
    let generation = particles(100, |a, b, _| 0.25 + 2.0 * a - 3.0 * b);
    let posterior = Posterior::adjusted(&generation, &OBSERVED, Adjustment::Linear).unwrap();
    assert!(posterior.values(0).all(|z| (z - 0.25).abs() < 1e-12), "{:?}", posterior.z);
    assert_eq!((posterior.rank, posterior.len()), (2, 100));
    assert!((posterior.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn weights_are_epanechnikovs() {
    let mut generation = particles(100, |_, _, e| e);
    generation.particles[7].distance = 1.5;
    generation.particles[8].distance = 0.75;
    generation.particles[9].distance = 0.0;
    let posterior = Posterior::adjusted(&generation, &OBSERVED, Adjustment::Linear).unwrap();
    // The one at the tolerance is gone; 1 - 1/4 against 1.
    assert_eq!(posterior.len(), 99);
    assert!((posterior.weights[7] / posterior.weights[8] - 0.75).abs() < 1e-12);
}

#[test]
fn the_spread_is_that_of_a_new_value_at_the_observed_summaries() {
    // Over many sets of particles without any relation: the mean square about the posterior's own mean is the variance, 1,
    // and the mean square of that mean about the true one, 0.
    let (mut spread, mut off) = (0.0, 0.0);
    let sets = 300;
    let observed = [OBSERVED[0] + 1.5, OBSERVED[1]];
    for set in 0..sets {
        let generation = {
            let mut own = particles(40, |_, _, e| e);
            for (k, particle) in own.particles.iter_mut().enumerate() {
                let mut draws = Addressed::new(61 + set, k as u64);
                particle.z[0] = draws.normal();
                particle.distance = 0.0;
            }
            own
        };
        let posterior = Posterior::adjusted(&generation, &observed, Adjustment::Linear).unwrap();
        let (mean, sd) = moments(&posterior);
        spread += sd * sd / sets as f64;
        off += mean * mean / sets as f64;
    }
    // Standard errors: sqrt(2 / (37 * 300)) = 0.013 of the first, about 0.1 / sqrt(150) = 0.008 of the second, which is the
    // leverage. Without the factors the first would be 37/40 = 0.925, and 1 without the leverage.
    assert!(off > 0.06, "{off}");
    assert!((spread - 1.0 - off).abs() < 0.05, "{spread} and {off}");
}

#[test]
fn a_spread_that_changes_with_the_summaries() {
    // At the observed summaries the standard deviation is 0.5.
    let generation = particles(6_000, |a, _, e| 1.0 + a + 0.5 * libm::exp(1.2 * a) * e);
    let spread = |adjustment| moments(&Posterior::adjusted(&generation, &OBSERVED, adjustment).unwrap());
    let (mean, sd) = spread(Adjustment::Heteroscedastic);
    assert!((mean - 1.0).abs() < 0.05 && (sd - 0.5).abs() < 0.03, "{mean} {sd}");
    // The linear adjustment averages it over the particles.
    assert!(spread(Adjustment::Linear).1 > 0.58);
}

#[test]
fn a_direction_without_spread_adjusts_nothing() {
    let mut generation = particles(100, |a, _, _| 0.25 + 2.0 * a);
    generation.particles.iter_mut().for_each(|p| p.projected[1] = 2.0 * p.projected[0]);
    let posterior = Posterior::adjusted(&generation, &[0.5, 1.0], Adjustment::Linear).unwrap();
    assert_eq!(posterior.rank, 1);
    assert!(posterior.values(0).all(|z| (z - 0.25).abs() < 1e-12));
}

#[test]
fn an_extrapolation_is_told() {
    let generation = particles(200, |a, _, _| a);
    let farther = |observed| Posterior::adjusted(&generation, observed, Adjustment::Linear).unwrap().farther;
    assert!(farther(&OBSERVED) > 0.9);
    assert_eq!(farther(&[3.0, -1.0]), 0.0);
}

#[test]
fn too_few_to_adjust() {
    let generation = particles(6, |a, _, _| a);
    let failed = Posterior::adjusted(&generation, &OBSERVED, Adjustment::Linear);
    assert!(matches!(failed, Err(AbcFailure::TooFew { need: 7, .. })), "{failed:?}");
    assert_eq!(Posterior::adjusted(&generation, &OBSERVED, Adjustment::Unadjusted).unwrap().len(), 6);
    let mut same = particles(50, |a, _, _| a);
    same.particles.iter_mut().for_each(|p| p.distance = 1.5);
    let failed = Posterior::adjusted(&same, &OBSERVED, Adjustment::Linear);
    assert!(matches!(failed, Err(AbcFailure::TooFew { have: 0, .. })), "{failed:?}");
}

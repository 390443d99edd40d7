//! Moves leave alone the distribution that they should.

use super::draws::Addressed;
use crate::statistics::abc::*;
use crate::statistics::draws::Draws;

/// Particles of the prior, every one at distance 0, after so many sweeps with this scale.
fn moved(parameters: usize, places: u64, sweeps: u64, near: impl Fn(&[f64], &mut Addressed) -> f64) -> Generation {
    let particle = |z: Vec<f64>, distance| Particle { projected: z.clone(), z, distance };
    let mut begin = Vec::new();
    for place in 0.. {
        let mut draws = Addressed::new(300, place);
        let z = draw_prior(parameters, &mut draws);
        let distance = near(&z, &mut draws);
        if distance <= 1.0 {
            begin.push(particle(z, distance));
        }
        if begin.len() as u64 == places {
            break;
        }
    }
    let first = Generation::first(begin, places as usize).unwrap();
    let mut moves = Moves::begin(&first, 1.0, &mut Addressed::new(1, 1)).unwrap();
    for sweep in 0..sweeps {
        let attempt = |place: u64| {
            let mut draws = Addressed::new(301 + sweep, place);
            let z = moves.propose(place as usize, &mut draws)?;
            let distance = near(&z, &mut draws);
            Some(particle(z, distance))
        };
        let tried = (0..places).map(attempt).collect();
        moves.sweep(tried).unwrap();
    }
    assert!(moves.accepted() > 3 * places, "{}", moves.accepted());
    moves.generation()
}

fn values(generation: &Generation, parameter: usize) -> Vec<f64> {
    generation.particles.iter().map(|p| p.z[parameter]).collect()
}

/// Holds independent values to a mean, a variance and the fourth central moment of a law, within four errors.
fn held(values: &[f64], mean: f64, variance: f64, fourth: f64) {
    let n = values.len() as f64;
    let found = values.iter().sum::<f64>() / n;
    assert!((found - mean).abs() < 4.0 * libm::sqrt(variance / n), "mean {found}, not {mean}");
    let spread = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
    let error = libm::sqrt((fourth - variance * variance) / n);
    assert!((spread - variance).abs() < 4.0 * error, "variance {spread}, not {variance}");
}

#[test]
fn draws_of_the_prior_stay_draws_of_the_prior() {
    let generation = moved(3, 6_000, 25, |_, _| 0.0);
    for parameter in 0..3 {
        held(&values(&generation, parameter), 0.0, 1.0, 3.0);
    }
    let product = |i: usize, j: usize| generation.particles.iter().map(|p| p.z[i] * p.z[j]).sum::<f64>() / 6_000.0;
    assert!(product(0, 1).abs() < 0.052 && product(1, 2).abs() < 0.052, "{} {}", product(0, 1), product(1, 2));
}

/// A study that shows the parameter, to be accepted between 0.2 and 1.4: the prior cut off.
#[test]
fn a_prior_cut_off_stays_as_it_is() {
    let inside = |z: &[f64], _: &mut Addressed| if (0.2..=1.4).contains(&z[0]) { 0.5 } else { 2.0 };
    let generation = moved(1, 6_000, 25, inside);
    // Moments by Simpson's rule.
    let moment = |power: i32, about: f64| {
        let (steps, width) = (2_000, 1.2);
        let at = |k: i32| 0.2 + width * f64::from(k) / f64::from(steps);
        let weight = |k: i32| if k == 0 || k == steps { 1.0 } else { f64::from(2 + 2 * (k % 2)) };
        let sum = |f: &dyn Fn(f64) -> f64| {
            (0..=steps).map(|k| weight(k) * libm::exp(-0.5 * at(k) * at(k)) * f(at(k))).sum::<f64>()
        };
        sum(&|z| libm::pow(z - about, f64::from(power))) / sum(&|_| 1.0)
    };
    let mean = moment(1, 0.0);
    held(&values(&generation, 0), mean, moment(2, mean), moment(4, mean));
}

/// A study is the parameter and noise of standard deviation 0.5, to be accepted within 1 of 2 either way from 0: two hills, as
/// high as each other, on which the middle of the prior is a valley. Their law is that of the prior times the
/// probability of an acceptable study.
#[test]
fn two_hills_keep_their_share() {
    let two = |z: &[f64], draws: &mut Addressed| ((z[0] + 0.5 * draws.normal()).abs() - 2.0).abs();
    let generation = moved(1, 6_000, 60, two);
    let cdf = crate::numeric::normal_cdf;
    let chance = |z: f64| {
        let between = |a: f64, b: f64| cdf((b - z) / 0.5) - cdf((a - z) / 0.5);
        between(1.0, 3.0) + between(-3.0, -1.0)
    };
    let (mut all, mut square, mut fourth) = (0.0, 0.0, 0.0);
    for k in 0..=4_000 {
        let z = -6.0 + 0.003 * f64::from(k);
        let density = libm::exp(-0.5 * z * z) * chance(z);
        (all, square, fourth) = (all + density, square + density * z * z, fourth + density * z * z * z * z);
    }
    held(&values(&generation, 0), 0.0, square / all, fourth / all);
}

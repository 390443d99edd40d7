//! Weights, tolerances, proposals and resampling worked by hand.

use super::draws::Listed;
use crate::statistics::abc::*;

fn close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} is not {b}");
}

fn candidate(z: &[f64], distance: f64) -> Candidate {
    Candidate { z: z.to_vec(), projected: z.to_vec(), distance }
}

/// Three particles at -1, 0 and 1 with the same weight.
fn three() -> Generation {
    Generation::first(vec![candidate(&[-1.0], 3.0), candidate(&[0.0], 1.0), candidate(&[1.0], 2.0)], 3).unwrap()
}

fn weighted(distances: &[f64], weights: &[f64]) -> Generation {
    let particle =
        |(d, w): (&f64, &f64)| Particle { z: vec![*d], projected: vec![*d], distance: *d, log_weight: libm::log(*w) };
    let particles = distances.iter().zip(weights).map(particle).collect();
    Generation { number: 2, tolerance: 4.0, particles, attempts: 40 }
}

#[test]
fn sums_of_logarithms() {
    // e^0 + e^ln 3 = 4, however far both are shifted.
    close(log_sum_exp(&[0.0, libm::log(3.0)]), libm::log(4.0));
    close(log_sum_exp(&[-1000.0, -1000.0 + libm::log(3.0)]), -1000.0 + libm::log(4.0));
    close(log_sum_exp(&[1000.0, f64::NEG_INFINITY]), 1000.0);
    assert_eq!(log_sum_exp(&[]), f64::NEG_INFINITY);
    assert!(log_sum_exp(&[0.0, f64::NAN]).is_nan());
}

#[test]
fn effective_numbers() {
    close(effective_size(&[0.25; 4]), 4.0);
    close(effective_size(&[1.0, 0.0, 0.0]), 1.0);
    // (1/2 + 1/4 + 1/4)^2 / (1/4 + 1/16 + 1/16) = 8/3.
    close(effective_size(&[0.5, 0.25, 0.25]), 8.0 / 3.0);
    assert_eq!(effective_size(&[]), 0.0);
}

#[test]
fn the_nearest_of_the_pilot_in_its_order() {
    let pilot = [5.0, 1.0, f64::INFINITY, 3.0, 1.0, 3.0].map(|d| candidate(&[d.min(9.0)], d));
    let first = Generation::first(pilot.to_vec(), 3).unwrap();
    // Of the two at distance 3 the earlier.
    let distances: Vec<f64> = first.particles.iter().map(|p| p.distance).collect();
    assert_eq!(distances, [1.0, 3.0, 1.0]);
    assert_eq!((first.number, first.tolerance, first.attempts), (1, 3.0, 6));
    first.weights().iter().for_each(|w| close(*w, 1.0 / 3.0));
}

#[test]
fn tolerances() {
    let generation = weighted(&[4.0, 1.0, 3.0, 2.0], &[0.1, 0.2, 0.3, 0.4]);
    // Summed by distance: 0.2, 0.6, 0.9, 1.
    for (quantile, want) in [(0.1, 1.0), (0.2, 1.0), (0.21, 2.0), (0.6, 2.0), (0.61, 3.0), (0.95, 4.0)] {
        assert_eq!(generation.next_tolerance(quantile), want, "{quantile}");
    }
    // Three of ten equal weights are a share of 0.3, whatever the last bit of 0.1 + 0.1 + 0.1.
    let ten: Vec<f64> = (1..=10).map(f64::from).collect();
    assert_eq!(weighted_quantile(&ten, &[0.1; 10], 0.3), 3.0);
    assert!(weighted_quantile(&[1.0], &[0.0], 0.5).is_nan());
}

#[test]
fn weights_of_three_particles() {
    let first = three();
    let proposer = Proposer::new(&first).unwrap();
    // Covariance (1/3 + 1/3) / (1 - 1/3) = 1, twice.
    close(proposer.kernel()[0], 2.0);
    let e = libm::exp;
    let third = |sum: f64| sum / 3.0 / libm::sqrt(2.0);
    let at_0 = third(1.0 + 2.0 * e(-0.25));
    let at_1 = third(1.0 + e(-0.25) + e(-1.0));
    let at_2 = third(e(-0.25) + e(-1.0) + e(-2.25));
    close(proposer.log_density(&[0.0]), libm::log(at_0));
    let accepted = vec![candidate(&[1.0], 0.5), candidate(&[0.0], 1.5), candidate(&[2.0], 1.0)];
    let second = Generation::next(&first, &proposer, accepted, 1.5, 7).unwrap();
    let raw = [e(-0.5) / at_1, 1.0 / at_0, e(-2.0) / at_2];
    let total: f64 = raw.iter().sum();
    second.weights().iter().zip(raw).for_each(|(w, r)| close(*w, r / total));
    close(second.weights().iter().sum(), 1.0);
    assert_eq!((second.number, second.tolerance, second.attempts), (2, 1.5, 7));
    close(second.progress().acceptance(), 3.0 / 7.0);
}

#[test]
fn a_proposal_is_a_particle_and_a_step() {
    let proposer = Proposer::new(&three()).unwrap();
    // 0.5 lies in the middle third, 0.9 in the last.
    let mut draws = Listed { uniform: vec![0.5, 0.9], normal: vec![1.0, -2.0] };
    close(proposer.propose(&mut draws)[0], libm::sqrt(2.0));
    close(proposer.propose(&mut draws)[0], 1.0 - 2.0 * libm::sqrt(2.0));
}

#[test]
fn the_kernel_of_two_parameters() {
    // Corners of a parallelogram: variances 4/3 (1 and 1, doubled back), covariance 2/3.
    let corners = [[1.0, 1.0], [1.0, 0.0], [-1.0, 0.0], [-1.0, -1.0]];
    let pilot = corners.iter().map(|z| candidate(z, 1.0)).collect();
    let proposer = Proposer::new(&Generation::first(pilot, 4).unwrap()).unwrap();
    let kernel = proposer.kernel();
    // Sums of products 4, 2, 2 over 3, twice.
    [8.0 / 3.0, 4.0 / 3.0, 4.0 / 3.0, 4.0 / 3.0].iter().zip(&kernel).for_each(|(want, got)| close(*got, *want));
    // L = [[a, 0], [k / a, c]], with c^2 = 4/3 - (4/3)^2 / (8/3) = 2/3.
    let mut draws = Listed { uniform: vec![0.01], normal: vec![1.0, 3.0] };
    let z = proposer.propose(&mut draws);
    close(z[0], 1.0 + libm::sqrt(8.0 / 3.0));
    close(z[1], 1.0 + 4.0 / 3.0 / libm::sqrt(8.0 / 3.0) + 3.0 * libm::sqrt(2.0 / 3.0));
    // The density of a sum of four normals, from the inverse [[3/4, -3/4], [-3/4, 3/2]] and the determinant 16/9.
    let at = [0.5, -0.5];
    let terms = corners.map(|c| {
        let (x, y) = (at[0] - c[0], at[1] - c[1]);
        libm::exp(-0.5 * (0.75 * x * x - 1.5 * x * y + 1.5 * y * y)) / 4.0
    });
    close(proposer.log_density(&at), libm::log(terms.iter().sum::<f64>() / (4.0 / 3.0)));
}

#[test]
fn resampling_by_a_comb() {
    let mut draws = Listed { uniform: vec![0.25], normal: Vec::new() };
    // Teeth at 0.05, 0.25, 0.45, 0.65, 0.85 over 0.1, 0.7, 1.
    assert_eq!(systematic(&[0.1, 0.6, 0.3], 5, &mut draws), [0, 1, 1, 1, 2]);
    let mut draws = Listed { uniform: vec![0.999_999_999_999, 0.5], normal: Vec::new() };
    assert_eq!(systematic(&[1.0, 1.0, 0.0], 2, &mut draws), [0, 1]);
    assert!(systematic(&[0.0], 2, &mut draws).is_empty());
    assert!(systematic(&[], 2, &mut draws).is_empty());
}

#[test]
fn what_was_learned_of_four_draws() {
    // Deviations (3, 1), (1, 1), (-1, -1), (-3, -1) halves: variance (2.25 + 0.25) 2 / 3 = 5/3 and 1/3, covariance 2/3.
    let z = vec![1.5, 0.5, 0.5, 0.5, -0.5, -0.5, -1.5, -0.5];
    let posterior = Posterior {
        z,
        weights: vec![0.25; 4],
        parameters: 2,
        adjustment: Adjustment::Unadjusted,
        rank: 0,
        farther: f64::NAN,
    };
    let said = learned(&posterior);
    close(said[0].narrowed, -2.0 / 3.0);
    close(said[1].narrowed, 2.0 / 3.0);
    close(said[1].narrowed_mcse, libm::sqrt(0.5) / 3.0);
    close(said[1].sd, libm::sqrt(1.0 / 3.0));
    assert_eq!((said[0].low, said[0].median, said[0].high), (-1.5, -0.5, 1.5));
    assert_eq!((said[0].verdict, said[1].verdict), (Verdict::NotIdentified, Verdict::WeaklyIdentified));
    let partner = said[0].partner.unwrap();
    assert_eq!(partner.parameter, 1);
    close(partner.correlation, 2.0 / libm::sqrt(5.0));
    // [[5, 2], [2, 1]] / 3 has eigenvalues (3 +- sqrt(8)) / 3; the small one's vector is (1, -1 - sqrt(2)).
    let found = directions(&posterior);
    close(found[0].sd * found[0].sd, (3.0 - libm::sqrt(8.0)) / 3.0);
    close(found[0].loadings[0] / found[0].loadings[1], -1.0 / (1.0 + libm::sqrt(2.0)));
    assert!(found[0].loadings[1] > 0.0 && found[1].sd > found[0].sd);
}

#[test]
fn the_partner_is_the_strongest_of_several() {
    // The first goes with the second at -1 and with the third at 0; the third with the second at 0 too.
    let z = vec![1.0, -2.0, 1.0, 1.0, -2.0, -1.0, -1.0, 2.0, 1.1, -1.0, 2.0, -1.1];
    let weights = vec![0.25; 4];
    let posterior =
        Posterior { z, weights, parameters: 3, adjustment: Adjustment::Unadjusted, rank: 0, farther: f64::NAN };
    let said = learned(&posterior);
    let partners: Vec<usize> = said.iter().map(|l| l.partner.unwrap().parameter).collect();
    assert_eq!(&partners[..2], [1, 0]);
    close(said[0].partner.unwrap().correlation, -1.0);
    close(said[1].partner.unwrap().correlation, -1.0);
}

#[test]
fn verdicts_at_their_limits() {
    let words = [0.249, 0.25, 0.749, 0.75, f64::NAN].map(|n| Verdict::of(n).to_string());
    assert_eq!(words, ["not identified", "weakly identified", "weakly identified", "identified", "not identified"]);
}

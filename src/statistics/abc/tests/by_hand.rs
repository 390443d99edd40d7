//! Weights, tolerances, copies, moves and resampling worked by hand.

use super::draws::Listed;
use crate::statistics::abc::*;

fn close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} is not {b}");
}

fn particle(z: &[f64], distance: f64) -> Particle {
    Particle { z: z.to_vec(), projected: z.to_vec(), distance }
}

fn generation(particles: Vec<Particle>) -> Generation {
    Generation { number: 2, tolerance: 4.0, particles, attempts: 40, sweeps: 1, accepted: 3, scale: 1.25 }
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
    let pilot = [5.0, 1.0, f64::INFINITY, 3.0, 1.0, 3.0].map(|d| particle(&[d.min(9.0)], d));
    let first = Generation::first(pilot.to_vec(), 3).unwrap();
    // Of the two at distance 3 the earlier.
    let distances: Vec<f64> = first.particles.iter().map(|p| p.distance).collect();
    assert_eq!(distances, [1.0, 3.0, 1.0]);
    assert_eq!((first.number, first.tolerance, first.attempts), (1, 3.0, 6));
    close(first.scale, 2.38);
    // Those at distance 1 are copies of each other: 1 / (4/9 + 1/9).
    assert_eq!(first.progress().acceptance, 0.5);
    close(first.effective(), 1.8);
}

#[test]
fn tolerances() {
    let four = generation([4.0, 1.0, 3.0, 2.0].map(|d| particle(&[d], d)).to_vec());
    for (quantile, want) in [(0.1, 1.0), (0.25, 1.0), (0.26, 2.0), (0.5, 2.0), (0.51, 3.0), (0.95, 4.0)] {
        assert_eq!(four.next_tolerance(quantile), want, "{quantile}");
    }
    // The distance of a particle where several have it.
    let tied = generation([2.0, 1.0, 2.0, 2.0].map(|d| particle(&[d], d)).to_vec());
    assert_eq!(tied.next_tolerance(0.5), 2.0);
    // Three of ten equal weights are a share of 0.3, whatever the last bit of 0.1 + 0.1 + 0.1.
    let ten: Vec<f64> = (1..=10).map(f64::from).collect();
    assert_eq!(weighted_quantile(&ten, &[0.1; 10], 0.3), 3.0);
    assert!(weighted_quantile(&[1.0], &[0.0], 0.5).is_nan());
}

#[test]
fn copies_take_the_places_of_those_too_far_away() {
    let last = generation(vec![
        particle(&[0.0], 3.0),
        particle(&[1.0], 1.0),
        particle(&[2.0], 2.5),
        particle(&[3.0], 2.0),
        particle(&[4.0], 2.1),
        particle(&[5.0], 1.5),
    ]);
    // Three stay, 1, 3 and 5; three teeth at 0.5, 1.5 and 2.5 copy each of them once.
    let whole = |tolerance, start| {
        let mut draws = Listed { uniform: vec![start], normal: Vec::new() };
        Moves::begin(&last, tolerance, &mut draws).unwrap().generation()
    };
    let z = |generation: &Generation| generation.particles.iter().map(|p| p.z[0]).collect::<Vec<f64>>();
    let next = whole(2.0, 0.5);
    assert_eq!(z(&next), [1.0, 1.0, 3.0, 3.0, 5.0, 5.0]);
    assert_eq!((next.number, next.tolerance, next.attempts, next.sweeps), (3, 2.0, 0, 0));
    // Three thirds twice: 1 / (3 / 9).
    close(next.effective(), 3.0);
    // Four stay: two teeth at 1.5 and 3.5 copy the second and the last.
    assert_eq!(z(&whole(2.1, 0.75)), [3.0, 1.0, 5.0, 3.0, 4.0, 5.0]);
    assert_eq!(z(&whole(2.5, 0.0)), [1.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
}

#[test]
fn a_move_by_hand() {
    // Of the particles that stay, 1, 3 and 5, the standard deviation is 2. Even places take steps of 1.25 / 1.25 of it.
    let last = generation([1.0, 3.0, 5.0].map(|z| particle(&[z], 1.0)).to_vec());
    let mut draws = Listed { uniform: vec![0.5], normal: Vec::new() };
    let mut moves = Moves::begin(&last, 1.0, &mut draws).unwrap();
    // From 1 to 2: exp((1 - 4) / 2) = 0.2231.
    let step = |place, normal: f64, uniform| {
        let mut draws = Listed { uniform: vec![uniform], normal: vec![normal] };
        moves.propose(place, &mut draws)
    };
    assert_eq!(step(0, 0.5, 0.2232), None);
    let up = step(0, 0.5, 0.2231).unwrap();
    close(up[0], 2.0);
    // Odd places take steps of 1.25 * 1.25 times 2; towards 0 the prior never refuses.
    let down = step(1, -0.8, 1.0 - 1e-16).unwrap();
    close(down[0], 3.0 - 0.8 * 3.125);
    assert_eq!(step(7, 0.0, 0.5), None);
    // The first goes, the second is too far away, of the third the prior refused.
    moves.sweep(vec![Some(particle(&up, 1.0)), Some(particle(&down, 1.001)), None]).unwrap();
    assert_eq!((moves.sweeps(), moves.attempts(), moves.accepted(), moves.proposed()), (1, 2, 1, 3));
    let next = moves.clone().generation();
    assert_eq!(next.particles.iter().map(|p| p.z[0]).collect::<Vec<f64>>(), [2.0, 3.0, 5.0]);
    // The short steps came 1/4 of a squared unit in two places, the long ones nowhere.
    close(next.scale, 1.0);
    close(next.progress().acceptance, 1.0 / 3.0);
    // Now the long ones come 0.64 * 1.5625^2 = 1.5625 in one place.
    moves.sweep(vec![None, Some(particle(&down, 1.0)), None]).unwrap();
    close(moves.generation().scale, 1.25 * 1.25);
}

#[test]
fn steps_of_two_parameters() {
    // Corners of a parallelogram: variances 4/3 and 2/3, covariance 2/3, so L = [[a, 0], [1 / sqrt(3), 1 / sqrt(3)]] with
    // a^2 = 4/3.
    let corners = [[1.0, 1.0], [1.0, 0.0], [-1.0, 0.0], [-1.0, -1.0]];
    let last = generation(corners.map(|z| particle(&z, 1.0)).to_vec());
    let moves = Moves::begin(&last, 1.0, &mut Listed { uniform: vec![0.5], normal: Vec::new() }).unwrap();
    let mut draws = Listed { uniform: vec![0.0], normal: vec![-1.0, 3.0] };
    let z = moves.propose(2, &mut draws).unwrap();
    close(z[0], -1.0 - libm::sqrt(4.0 / 3.0));
    close(z[1], -1.0 / libm::sqrt(3.0) + 3.0 / libm::sqrt(3.0));
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

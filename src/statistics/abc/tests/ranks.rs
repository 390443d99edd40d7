//! Simulation-based calibration: of ranks that are known, and of the fitter.

use super::draws::Addressed;
use super::toys::{Toy, limits, normal_mean};
use crate::statistics::abc::*;
use crate::statistics::draws::Draws;

/// Ranks of true values among 19 draws of a posterior N(y / 2 + shift, factor^2 / 2), where N(y / 2, 1 / 2) is right.
fn ranks(shift: f64, factor: f64) -> Vec<usize> {
    let one = |repetition: u64| {
        let mut draws = Addressed::new(77, repetition);
        let truth = draws.normal();
        let y = truth + draws.normal();
        let sd = factor * libm::sqrt(0.5);
        let posterior: Vec<f64> = (0..19).map(|_| 0.5 * y + shift + sd * draws.normal()).collect();
        rank(truth, &posterior)
    };
    (0..400).map(one).collect()
}

#[test]
fn a_right_posterior_has_uniform_ranks() {
    let found = Uniformity::new(&ranks(0.0, 1.0), 19, 10, 0.95).unwrap();
    assert_eq!(found.shape, Shape::Uniform, "{found:?}");
    assert!(found.outside.is_empty() && found.p > 0.05, "{found:?}");
    assert_eq!((found.expected, found.histogram.iter().sum::<u64>()), (40.0, 400));
}

#[test]
fn wrong_posteriors_are_told_apart() {
    let shape = |shift, factor| Uniformity::new(&ranks(shift, factor), 19, 10, 0.95).unwrap();
    let narrow = shape(0.0, 0.6);
    assert_eq!(narrow.shape, Shape::TooNarrow);
    assert!(narrow.p < 1e-4 && narrow.outside.contains(&0) && narrow.outside.contains(&9), "{narrow:?}");
    assert_eq!(shape(0.0, 1.7).shape, Shape::TooWide);
    assert_eq!(shape(0.4, 1.0).shape, Shape::TooHigh);
    assert_eq!(shape(-0.4, 1.0).shape, Shape::TooLow);
}

#[test]
fn a_histogram_by_hand() {
    // Ranks 0 to 3 in two bars: 3 and 1 where 2 and 2 belong, chi-square 1/2 + 1/2.
    let found = Uniformity::new(&[0, 1, 1, 3], 3, 2, 0.5).unwrap();
    assert_eq!(found.histogram, [3, 1]);
    assert_eq!((found.expected, found.chi_square, found.df), (2.0, 1.0, 1));
    // The normal variable beyond 1 either way.
    assert!((found.p - 0.317_310_507_862_914).abs() < 1e-12);
    // Mean -0.25 of variance 1.25 / 4; squares 2.25, 0.25, 0.25, 2.25 are 1.25 on average, as they should.
    assert!((found.shift_z + 0.25 / libm::sqrt(1.25 / 4.0)).abs() < 1e-12);
    assert!(found.spread_z.abs() < 1e-12);
    // Of 4 fair coins 0 or 1 come out with 5/16, above 1/8; 0 alone with 1/16, not above it.
    assert_eq!(found.band, (1, 3));
}

#[test]
fn the_rank_is_the_number_below() {
    assert_eq!(rank(0.5, &[0.1, 0.4, 0.6]), 2);
    assert_eq!(rank(-1.0, &[0.1, 0.4, 0.6]), 0);
}

/// The fitter itself, once over: many true values, one pilot.
fn fitted_ranks(adjust: impl Fn(&Generation, &[f64]) -> Posterior) -> Vec<usize> {
    let toy = Toy { parameters: 1, simulate: normal_mean, transforms: vec![Transform::Identity; 3] };
    let pilot = toy.pilot(500, 5);
    let one = |repetition: u64| {
        let mut draws = Addressed::new(901, repetition);
        let truth = draw_prior(1, &mut draws);
        let observed = normal_mean(&truth, &mut draws);
        let fit = toy.fit(&pilot, &observed, &Limits { generations: 3, ..limits(120) }, 1_000 + repetition);
        let posterior = adjust(&fit.last, &fit.observed);
        let taken = posterior.resample(19, &mut draws);
        let values: Vec<f64> = posterior.values(0).collect();
        rank(truth[0], &taken.iter().map(|i| values[*i]).collect::<Vec<_>>())
    };
    (0..200).map(one).collect()
}

#[test]
fn the_fitter_is_calibrated_on_a_toy() {
    let adjusted =
        |last: &Generation, observed: &[f64]| Posterior::adjusted(last, observed, Adjustment::Linear).unwrap();
    let found = Uniformity::new(&fitted_ranks(adjusted), 19, 5, 0.99).unwrap();
    assert_eq!(found.shape, Shape::Uniform, "{found:?}");
    // The same with half the spread.
    let narrow = |last: &Generation, observed: &[f64]| {
        let mut posterior = adjusted(last, observed);
        let mean = posterior.z.iter().sum::<f64>() / posterior.z.len() as f64;
        posterior.z.iter_mut().for_each(|z| *z = mean + 0.5 * (*z - mean));
        posterior
    };
    let found = Uniformity::new(&fitted_ranks(narrow), 19, 5, 0.99).unwrap();
    assert_eq!(found.shape, Shape::TooNarrow, "{found:?}");
}

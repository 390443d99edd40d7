//! What is refused, and in which words.

use super::draws::Addressed;
use crate::statistics::abc::*;

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;

fn particle(z: &[f64], distance: f64) -> Particle {
    Particle { z: z.to_vec(), projected: z.to_vec(), distance }
}

fn fit(z: &[f64], values: &[f64], columns: usize, transform: Transform) -> Result<Projection, AbcFailure> {
    Projection::fit(z, 1, Summaries { values, columns }, &vec![transform; columns], 2)
}

/// Twenty parameters.
fn twenty() -> Vec<f64> {
    (0..20).map(f64::from).collect()
}

#[test]
fn pilots() {
    let z = twenty();
    let with = |at: usize, value: f64| {
        let mut values = z.clone();
        values[at] = value;
        values
    };
    use Transform::{Identity, Root};
    assert!(fit(&z, &z, 1, Identity).is_ok());
    let infinite = AbcFailure::NotFinite { what: "summary", row: 3, column: 0 };
    assert_eq!(fit(&z, &with(3, INF), 1, Identity), Err(infinite));
    assert_eq!(fit(&z, &with(5, -1.0), 1, Root), Err(AbcFailure::Negative { row: 5, column: 0, value: -1.0 }));
    let not = AbcFailure::NotFinite { what: "parameter", row: 2, column: 0 };
    assert_eq!(fit(&with(2, NAN), &z, 1, Identity), Err(not));
    assert_eq!(fit(&z, &[4.0; 20], 1, Identity), Err(AbcFailure::NothingVaries));
    assert_eq!(fit(&z, &[NAN; 20], 1, Identity), Err(AbcFailure::NothingVaries));
    assert_eq!(fit(&z, &with(0, 1e300), 1, Identity), Err(AbcFailure::Numerical));
    assert!(matches!(fit(&z, &z[1..], 1, Identity), Err(AbcFailure::Shape { have: 19, want: 20, .. })));
    assert!(matches!(fit(&z[1..], &z[1..], 1, Identity), Err(AbcFailure::TooFew { have: 19, need: 20, .. })));
    assert!(matches!(fit(&[], &[], 0, Identity), Err(AbcFailure::TooFew { .. })));
}

#[test]
fn projections() {
    let z = twenty();
    let projection = fit(&z, &z, 1, Transform::Root).unwrap();
    assert_eq!(projection.project(&[NAN]), Err(AbcFailure::NothingThere));
    assert_eq!(projection.project(&[-1.0]), Err(AbcFailure::Negative { row: 0, column: 0, value: -1.0 }));
    assert!(matches!(projection.project(&[INF]), Err(AbcFailure::NotFinite { .. })));
    assert!(matches!(projection.project(&[1.0, 2.0]), Err(AbcFailure::Shape { have: 2, want: 1, .. })));
    assert!(projection.outside_pilot(&[]).is_err());
    assert!(projection.slopes(1).is_empty());
}

#[test]
fn an_infeasible_prior() {
    let failed = Generation::first(vec![particle(&[0.0], INF); 30], 5).unwrap_err();
    assert_eq!(failed, AbcFailure::NoneFinite { draws: 30 });
    let text = failed.to_string();
    assert!(text.starts_with("none of 30 draws of the prior") && text.contains("widen the prior"), "{text}");
}

#[test]
fn first_generations() {
    let some = vec![particle(&[0.0], 1.0), particle(&[1.0], INF)];
    assert!(matches!(Generation::first(some.clone(), 2), Err(AbcFailure::TooFew { have: 1, need: 2, .. })));
    assert!(matches!(Generation::first(some, 0), Err(AbcFailure::TooFew { .. })));
    let uneven = vec![particle(&[0.0], 1.0), particle(&[1.0, 2.0], 1.0)];
    assert!(matches!(Generation::first(uneven, 2), Err(AbcFailure::Shape { have: 2, want: 1, .. })));
    let empty = vec![particle(&[], 1.0)];
    assert!(matches!(Generation::first(empty, 1), Err(AbcFailure::Shape { .. })));
    let nan = vec![particle(&[0.0], 1.0), particle(&[NAN], 1.0)];
    let at = AbcFailure::NotFinite { what: "parameter", row: 1, column: 0 };
    assert_eq!(Generation::first(nan, 1), Err(at));
}

#[test]
fn steps() {
    let generation = |z: &[[f64; 2]]| Generation::first(z.iter().map(|z| particle(z, 1.0)).collect(), z.len()).unwrap();
    let begin = |z: &[[f64; 2]]| Moves::begin(&generation(z), 1.0, &mut Addressed::new(1, 1)).unwrap_err();
    assert!(matches!(begin(&[[0.0, 1.0], [1.0, 0.0]]), AbcFailure::TooFew { have: 2, need: 3, .. }));
    let line = [[0.0, 0.0], [1.0, 2.0], [2.0, 4.0], [4.0, 8.0]];
    assert_eq!(begin(&line), AbcFailure::NoSpread { parameter: 1 });
    assert_eq!(begin(&[[1.0, 1.0]; 5]), AbcFailure::NoSpread { parameter: 0 });
}

#[test]
fn sweeps() {
    let first = Generation::first([-1.0, 0.0, 1.0].map(|z| particle(&[z], 2.0)).to_vec(), 3).unwrap();
    let begin = |tolerance| Moves::begin(&first, tolerance, &mut Addressed::new(1, 1));
    assert!(matches!(begin(1.0), Err(AbcFailure::TooFew { have: 0, need: 2, .. })));
    assert!(matches!(begin(NAN), Err(AbcFailure::TooFew { have: 0, .. })));
    let sweep = |tried: Particle| begin(2.0).unwrap().sweep(vec![None, Some(tried), None]);
    assert_eq!(sweep(particle(&[0.5], 1.0)), Ok(()));
    assert_eq!(sweep(particle(&[0.5], 3.0)), Ok(()));
    // A study that failed is one that stays away.
    assert_eq!(sweep(particle(&[NAN], INF)), Ok(()));
    let not = |what| Err(AbcFailure::NotFinite { what, row: 1, column: 0 });
    assert_eq!(sweep(particle(&[0.5], NAN)), not("distance"));
    assert_eq!(sweep(particle(&[0.5], -1.0)), not("distance"));
    assert_eq!(sweep(particle(&[NAN], 1.0)), not("parameter"));
    assert!(matches!(sweep(particle(&[0.0, 1.0], 1.0)), Err(AbcFailure::Shape { have: 2, want: 1, .. })));
    let failed = begin(2.0).unwrap().sweep(vec![None; 2]);
    assert_eq!(failed, Err(AbcFailure::Shape { what: "moves", have: 2, want: 3 }));
}

#[test]
fn ranks() {
    let bad = |ranks: &[usize], draws, bars, level| Uniformity::new(ranks, draws, bars, level).unwrap_err().to_string();
    assert_eq!(bad(&[20], 19, 10, 0.95), "`rank` is 20, and must be at most the number of draws");
    assert_eq!(bad(&[1], 19, 7, 0.95), "`bars` is 7, and must be a divisor of the draws and one");
    assert_eq!(bad(&[1], 19, 10, 1.0), "`level` is 1, and must be between 0 and 1");
    assert_eq!(bad(&[], 19, 10, 0.95), "there are 0 ranks, and at least 1 are needed");
    assert_eq!(bad(&[1], 19, 1, 0.95), "there are 1 bars, and at least 2 are needed");
}

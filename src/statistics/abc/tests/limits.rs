//! Each reason to stop, and what it says.

use crate::statistics::abc::*;

fn limits() -> Limits {
    Limits { particles: 4, quantile: 0.5, tolerance: 0.5, acceptance: 0.01, fall: 0.1, generations: 5, attempts: 1_000 }
}

fn generation(number: u32, distances: [f64; 4]) -> Generation {
    let particles = distances
        .map(|d| Particle { z: vec![d], projected: vec![d], distance: d, log_weight: libm::log(0.25) })
        .to_vec();
    let tolerance = distances.iter().copied().fold(0.0, f64::max);
    Generation { number, tolerance, particles, attempts: 50 }
}

fn stop(next: Next) -> Stop {
    match next {
        Next::Stop(stop) => stop,
        Next::Generation { .. } => panic!("it goes on: {next:?}"),
    }
}

#[test]
fn it_goes_on() {
    let last = generation(2, [1.0, 2.0, 3.0, 4.0]);
    // Half of the weight is within 2; 4 particles of 1 in 100 are 400 attempts.
    assert_eq!(limits().next(&last, 100), Next::Generation { number: 3, tolerance: 2.0, attempts: 400 });
    // Fewer are left.
    assert_eq!(limits().next(&last, 900), Next::Generation { number: 3, tolerance: 2.0, attempts: 100 });
}

#[test]
fn the_next_tolerance_is_not_below_the_one_asked_for() {
    let last = generation(2, [0.1, 0.2, 0.3, 4.0]);
    assert_eq!(limits().next(&last, 100), Next::Generation { number: 3, tolerance: 0.5, attempts: 400 });
}

#[test]
fn the_tolerance_is_reached() {
    let last = generation(2, [0.1, 0.2, 0.3, 0.5]);
    let stop = stop(limits().next(&last, 100));
    assert_eq!(stop, Stop::ToleranceReached { last: last.progress() });
    let text =
        "the tolerance asked for is reached; reached: generation 2 at tolerance 0.5000 with 4 effective of 4 particles";
    assert_eq!(stop.to_string(), text);
}

#[test]
fn generations_are_used_up() {
    let last = generation(5, [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(stop(limits().next(&last, 100)), Stop::GenerationsUsedUp { last: last.progress() });
}

#[test]
fn attempts_are_used_up() {
    let last = generation(2, [1.0, 2.0, 3.0, 4.0]);
    // Three simulations cannot make four particles.
    let stop = stop(limits().next(&last, 997));
    assert_eq!(stop, Stop::AttemptsUsedUp { last: last.progress(), attempts: 997 });
    let stop = limits().unfinished(last.progress(), 2.0, 3, 100, 1_000);
    assert_eq!(stop, Stop::AttemptsUsedUp { last: last.progress(), attempts: 1_000 });
    assert!(stop.to_string().contains("1000 made"), "{stop}");
}

#[test]
fn too_few_are_accepted() {
    let last = generation(2, [1.0, 2.0, 3.0, 4.0]).progress();
    let stop = limits().unfinished(last, 2.0, 3, 400, 500);
    assert_eq!(stop, Stop::AcceptanceTooLow { last, tolerance: 2.0, accepted: 3, attempts: 400 });
    assert!(stop.to_string().starts_with("only 3 of 400 attempts"), "{stop}");
    assert_eq!(stop.last(), last);
}

#[test]
fn the_tolerance_does_not_fall() {
    // 3.7 is less than a tenth below 4.
    let last = generation(2, [3.7, 3.7, 4.0, 4.0]);
    assert_eq!(stop(limits().next(&last, 100)), Stop::ToleranceStuck { last: last.progress(), next: 3.7 });
    // All at one distance, and any fall would do.
    let last = generation(2, [4.0; 4]);
    let any = Limits { fall: 0.0, ..limits() };
    assert_eq!(stop(any.next(&last, 100)), Stop::ToleranceStuck { last: last.progress(), next: 4.0 });
}

#[test]
fn limits_out_of_range() {
    let name = |limits: Limits| match limits.check() {
        Err(AbcFailure::Setting { name, .. }) => name,
        other => panic!("{other:?}"),
    };
    assert_eq!(limits().check(), Ok(()));
    assert_eq!(name(Limits { particles: 1, ..limits() }), "particles");
    assert_eq!(name(Limits { quantile: 1.0, ..limits() }), "quantile");
    assert_eq!(name(Limits { tolerance: f64::NAN, ..limits() }), "tolerance");
    assert_eq!(name(Limits { acceptance: 0.0, ..limits() }), "acceptance");
    assert_eq!(name(Limits { fall: 1.0, ..limits() }), "fall");
    assert_eq!(name(Limits { generations: 0, ..limits() }), "generations");
}

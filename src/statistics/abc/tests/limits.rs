//! Each reason to stop, and what it says.

use crate::statistics::abc::*;

fn limits() -> Limits {
    Limits { particles: 4, quantile: 0.5, tolerance: 0.5, acceptance: 0.01, fall: 0.1, generations: 5, attempts: 1_000 }
}

fn generation(number: u32, distances: [f64; 4]) -> Generation {
    let particles = distances.map(|d| Particle { z: vec![d], projected: vec![d], distance: d }).to_vec();
    let tolerance = distances.iter().copied().fold(0.0, f64::max);
    Generation { number, tolerance, particles, attempts: 50, sweeps: 5, accepted: 8, scale: 1.0 }
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
    // Half of the particles are within 2.
    assert_eq!(limits().next(&last, 100), Next::Generation { number: 3, tolerance: 2.0 });
    assert_eq!(limits().next(&last, 996), Next::Generation { number: 3, tolerance: 2.0 });
    // Of five sweeps of four particles eight moves are accepted.
    assert_eq!(last.progress().acceptance, 0.4);
}

#[test]
fn the_next_tolerance_is_not_below_the_one_asked_for() {
    let last = generation(2, [0.1, 0.2, 0.3, 4.0]);
    assert_eq!(limits().next(&last, 100), Next::Generation { number: 3, tolerance: 0.5 });
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
    // Three simulations cannot move four particles.
    let stop = stop(limits().next(&last, 997));
    assert_eq!(stop, Stop::AttemptsUsedUp { last: last.progress(), attempts: 997 });
    assert!(stop.to_string().contains("997 made"), "{stop}");
    let moves = swept(&last, 1, &[true, false, true, true]);
    assert_eq!(limits().then(last.progress(), &moves, 996), Then::Sweep);
    let end = Stop::AttemptsUsedUp { last: last.progress(), attempts: 997 };
    assert_eq!(limits().then(last.progress(), &moves, 997), Then::Stop(end));
}

/// After so many sweeps in each of which the places that are true move.
fn swept(last: &Generation, sweeps: u32, move_on: &[bool]) -> Moves {
    let mut moves = Moves::begin(last, 4.0, &mut super::draws::Addressed::new(1, 1)).unwrap();
    for sweep in 0..sweeps {
        let to = |moves: &bool| {
            let (z, distance) = (vec![f64::from(sweep)], if *moves { 1.0 } else { 9.0 });
            Some(Particle { projected: z.clone(), z, distance })
        };
        moves.sweep(move_on.iter().map(to).collect()).unwrap();
    }
    moves
}

#[test]
fn a_generation_is_whole() {
    let last = generation(2, [1.0, 2.0, 3.0, 4.0]);
    let then = |sweeps, move_on: &[bool]| limits().then(last.progress(), &swept(&last, sweeps, move_on), 100);
    // Three moves of four particles are twelve.
    assert_eq!([then(2, &[true; 4]), then(3, &[true; 4])], [Then::Sweep, Then::Whole]);
    let three = [true, true, true, false];
    assert_eq!([then(3, &three), then(4, &three)], [Then::Sweep, Then::Whole]);
    // Three new ones at the same place and one that stayed: (3/4)^2 + (1/4)^2 = 5/8.
    assert_eq!(swept(&last, 4, &three).generation().effective(), 1.6);
}

#[test]
fn too_few_are_accepted() {
    let last = generation(2, [1.0, 2.0, 3.0, 4.0]);
    let limits = Limits { acceptance: 0.3, ..limits() };
    let one = [true, false, false, false];
    assert_eq!(limits.then(last.progress(), &swept(&last, 9, &one), 100), Then::Sweep);
    let Then::Stop(stop) = limits.then(last.progress(), &swept(&last, 10, &one), 100) else { panic!("it goes on") };
    let want = Stop::AcceptanceTooLow { last: last.progress(), tolerance: 4.0, accepted: 10, moves: 40 };
    assert_eq!(stop, want);
    assert!(stop.to_string().starts_with("only 10 of 40 moves within the next tolerance, 4.0000"), "{stop}");
    assert_eq!(stop.last(), last.progress());
    // Told as soon as enough have moved.
    let all = Limits { acceptance: 0.8, ..limits };
    let stop = all.then(last.progress(), &swept(&last, 4, &[true, true, true, false]), 100);
    assert!(matches!(stop, Then::Stop(Stop::AcceptanceTooLow { accepted: 12, moves: 16, .. })), "{stop:?}");
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

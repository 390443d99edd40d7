//! Person-steps per second of the truth of `scenarios/cohort_transitions.toml`, beside two plain hand-written programs:
//! the floor with tables of thresholds, and a naive one that calls `exp` for each draw.
//! `cargo bench --bench cohort_transitions` prints the ratios first, then criterion's own figures.

use criterion::Criterion;
use eclosion::diagnostic::Diagnostics;
use eclosion::scenario::{self, Prepared};
use eclosion::simulate::Scratch;
use eclosion::streams::{Space, Streams};
use std::hint::black_box;
use std::path::Path;

#[path = "floor/alternate.rs"]
mod alternate;
#[path = "floor/cohort_transitions.rs"]
mod floor;

/// Persons of the cohort.
const PERSONS: usize = 1_000_000;

/// The engine's side: the true histories of one replicate, prepared as `study` prepares a condition.
struct Engine {
    prepared: Prepared,
    streams: Streams,
    scratch: Scratch,
}

impl Engine {
    fn new() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/cohort_transitions.toml");
        let settings = [("persons".to_owned(), PERSONS.to_string())];
        let scenario = scenario::load(&path, &settings).scenario.expect("the scenario is sound");
        let mut problems = Diagnostics::default();
        let conditions = scenario.conditions(&mut problems);
        let prepared = scenario.prepare(&conditions[0], &mut problems).expect("the condition is sound");
        Self { prepared, streams: Streams::new(scenario.study.seed, Space::Study), scratch: Scratch::default() }
    }

    fn run(&mut self) {
        black_box(self.prepared.truth.simulate(&self.streams, 0..1, &mut self.scratch)).expect("it simulates");
    }
}

fn main() {
    let mut engine = Engine::new();
    if alternate::wanted() {
        let mut with_tables = || {
            black_box(floor::tables(PERSONS, 7));
        };
        let mut naive = || {
            black_box(floor::naive(PERSONS, 7));
        };
        alternate::print_ratios(
            "cohort_transitions, a million persons",
            PERSONS as f64 * floor::STEPS as f64,
            "person-steps",
            &mut [
                ("hand-written, tables of thresholds", &mut with_tables),
                ("hand-written, an exp per draw", &mut naive),
                ("engine", &mut || engine.run()),
            ],
        );
    }
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    criterion.bench_function("cohort_transitions/floor", |b| b.iter(|| floor::tables(PERSONS, 7)));
    criterion.bench_function("cohort_transitions/naive", |b| b.iter(|| floor::naive(PERSONS, 7)));
    criterion.bench_function("cohort_transitions/engine", |b| b.iter(|| engine.run()));
    criterion.final_summary();
}

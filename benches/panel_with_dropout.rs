//! Replicates per second of `scenarios/panel_with_dropout.toml`, beside a plain hand-written program (the floor).
//! `cargo bench --bench panel_with_dropout` prints the ratio first, then criterion's own figures.

use criterion::Criterion;
use eclosion::diagnostic::Diagnostics;
use eclosion::observe;
use eclosion::scenario::{self, Prepared, Scenario};
use eclosion::simulate::Scratch;
use eclosion::streams::{Lane, Purpose, Space, Streams};
use eclosion::study::{self, Cell, Progress, RunOptions, Watch};
use std::hint::black_box;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

#[path = "floor/alternate.rs"]
mod alternate;
#[path = "floor/panel_with_dropout.rs"]
#[expect(dead_code, reason = "the known answers of the floor are read by its test")]
mod floor;

/// Replicates in a turn.
const REPLICATES: u64 = 4096;
/// Replicates in one of criterion's turns: a batch of the engine.
const BATCH: u64 = 64;

fn floor_side(replicates: u64) {
    let mut persons = Vec::new();
    let mut random = floor::Random::new(20_101);
    for _ in 0..replicates {
        black_box(floor::replicate(&mut random, floor::Layer::True, &mut persons));
    }
}

/// The engine's side: the same three answers and the cohort's truth, with everything prepared beforehand that `study`
/// prepares once per condition.
struct Engine {
    scenario: Scenario,
    prepared: Prepared,
    /// Which estimand each method answers here, as in the floor: positions (estimand, method).
    pairs: Vec<(usize, usize)>,
    /// Position of the estimand whose truth is the cohort's.
    cohort: usize,
}

impl Engine {
    fn new() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/panel_with_dropout.toml");
        let scenario = scenario::load(&path, &[]).scenario.expect("the scenario is sound");
        let mut problems = Diagnostics::default();
        let conditions = scenario.conditions(&mut problems);
        let prepared = scenario.prepare(&conditions[0], &mut problems).expect("the condition is sound");
        let estimand = |name: &str| prepared.targets.iter().position(|t| t.name == name).expect("it is declared");
        let method = |kind: &str| scenario.methods.iter().position(|m| m.kind == kind).expect("it is declared");
        let share = estimand("y at wave 5");
        let pairs = vec![
            (share, method("complete_case")),
            (share, method("ipw")),
            (estimand("slope over groups at wave 5"), method("logistic")),
        ];
        let cohort = estimand("y at wave 5, these persons");
        Self { scenario, prepared, pairs, cohort }
    }

    fn run(&self, replicates: Range<u64>) {
        let seed = self.scenario.study.seed;
        let streams = Streams::new(seed, Space::Study);
        let own = Streams::new(seed, Space::Method);
        let schema = self.prepared.survey.schema();
        let bound = self.pairs.iter().map(|(estimand, method)| {
            self.scenario.methods[*method].method.bind(&self.prepared.targets[*estimand], schema)
        });
        let mut fits: Vec<_> = bound.map(|f| f.expect("the method answers it")).collect();
        let mut scratch = Scratch::default();
        let truth = self.prepared.truth.simulate(&streams, replicates.clone(), &mut scratch).expect("it simulates");
        let mut survey_scratch = observe::Scratch::default();
        let survey = &self.prepared.survey;
        let (observed, _) =
            survey.observe(&truth, &streams, observe::Keep::Answers, &mut survey_scratch).expect("it observes");
        for (r, replicate) in replicates.enumerate() {
            black_box(self.prepared.estimands[self.cohort].value(&truth, truth.rows(r))).expect("it has a value");
            let data = observed.replicate(r);
            for (k, fit) in (0..).zip(&mut fits) {
                let lane = Lane { purpose: Purpose::named("bench"), occasion: k, replicate, stratum: 0 };
                let _ = black_box(fit.fit(&data, &mut own.own(&lane, 0)));
            }
        }
    }
}

/// Wall time of a whole `evaluate`, with one thread and with two.
fn print_threads() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/panel_with_dropout.toml");
    let mut seconds = [f64::INFINITY; 2];
    for _ in 0..5 {
        for (threads, least) in (1..).zip(&mut seconds) {
            let scenario = scenario::load(&path, &[]).scenario.expect("the scenario is sound");
            let checked = scenario.check_all(&mut Diagnostics::default()).expect("the conditions are sound");
            let cell = |(condition, prepared): (scenario::Condition, Prepared)| Cell {
                number: condition.number,
                factors: condition.factors,
                prepared,
                independent: false,
            };
            let cells: Arc<[Cell]> = checked.into_iter().map(cell).collect();
            let options = RunOptions { seed: scenario.study.seed, replicates: 20_000, threads };
            let (stop, quiet) = (AtomicBool::new(false), |_: Progress| {});
            let start = Instant::now();
            let watch = Watch { stop: &stop, progress: &quiet };
            black_box(study::run(&scenario, &cells, &options, &watch)).expect("it runs");
            *least = least.min(start.elapsed().as_secs_f64());
        }
    }
    println!("evaluate, 40,000 data sets: {:.3} s on one thread, {:.3} s on two", seconds[0], seconds[1]);
    println!("  two threads are {:.2} times as fast as one", seconds[0] / seconds[1]);
}

fn main() {
    let engine = Engine::new();
    if alternate::wanted() {
        let mut by_batch = || {
            (0..REPLICATES / BATCH).for_each(|b| engine.run(b * BATCH..(b + 1) * BATCH));
        };
        alternate::print_ratios(
            "panel_with_dropout",
            REPLICATES as f64,
            "replicates",
            &mut [("hand-written", &mut || floor_side(REPLICATES)), ("engine", &mut by_batch)],
        );
        print_threads();
    }
    let mut criterion = Criterion::default().configure_from_args();
    criterion.bench_function("panel_with_dropout/floor", |b| b.iter(|| floor_side(BATCH)));
    criterion.bench_function("panel_with_dropout/engine", |b| b.iter(|| engine.run(0..BATCH)));
    criterion.final_summary();
}

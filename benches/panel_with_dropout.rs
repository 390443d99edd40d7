//! Replicates per second of `scenarios/panel_with_dropout.toml`, beside a plain hand-written program (the floor).
//! `cargo bench --bench panel_with_dropout` prints the ratio first, then criterion's own figures.

use criterion::Criterion;
use eclosion::diagnostic::Diagnostics;
use eclosion::observe;
use eclosion::scenario::{self, Prepared, Scenario};
use eclosion::simulate::Scratch;
use eclosion::streams::{Lane, Purpose, Space, Streams};
use std::hint::black_box;
use std::ops::Range;
use std::path::Path;

#[path = "floor/alternate.rs"]
mod alternate;
#[path = "floor/panel_with_dropout.rs"]
#[expect(dead_code, reason = "the known answers of the floor are read by its test")]
mod floor;

/// Whether the engine's side can be timed.
const ENGINE_IS_THERE: bool = true;
const REPLICATES: u64 = 256;

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
        let (observed, _) = survey.observe(&truth, &streams, false, &mut survey_scratch).expect("it observes");
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

fn main() {
    let engine = ENGINE_IS_THERE.then(Engine::new);
    let mut turn = engine.as_ref().map(|e| || e.run(0..REPLICATES));
    if alternate::wanted() {
        let engine_side = turn.as_mut().map(|t| t as &mut dyn FnMut());
        alternate::print_ratio(REPLICATES as f64, "replicates", || floor_side(REPLICATES), engine_side);
    }
    let mut criterion = Criterion::default().configure_from_args();
    criterion.bench_function("panel_with_dropout/floor", |b| b.iter(|| floor_side(REPLICATES)));
    if let Some(engine) = &engine {
        criterion.bench_function("panel_with_dropout/engine", |b| b.iter(|| engine.run(0..REPLICATES)));
    }
    criterion.final_summary();
}

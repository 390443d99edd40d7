//! Whole Butterfly studies in a second on one thread: 128 persons, ten years by month, survey, comments, all tables.
//! `cargo bench --bench butterfly` prints how many of which all is made, every interview of ten years; how many of which only
//! that is made which tables read, as `compare` does; where the time goes; and how many with a plan made anew for each study,
//! as a fit does.

use eclosion::diagnostic::Diagnostics;
use eclosion::observe::{self, Keep};
use eclosion::scenario::{self, Condition, Scenario};
use eclosion::simulate;
use eclosion::streams::{Space, Streams};
use eclosion::study::{PrintScratch, print};
use eclosion::tabulate;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

/// Studies of a turn, and in a batch.
const STUDIES: u64 = 512;
const BATCH: u64 = 16;
/// Turns, of which the fastest counts.
const TURNS: usize = 5;

fn load() -> (Scenario, Condition) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/butterfly.toml");
    let scenario = scenario::load(&path, &[]).scenario.expect("the scenario is sound");
    let condition = scenario.conditions(&mut Diagnostics::new()).swap_remove(0);
    (scenario, condition)
}

/// Studies with a shared plan: the time of simulating, the survey, the tables.
fn shared(scenario: &Scenario, condition: &Condition, streams: &Streams, keep: Keep) -> [Duration; 3] {
    let prepared = scenario.prepare_tables(condition, None, &mut Diagnostics::new()).expect("it is sound");
    let tables = prepared.tables.as_ref().expect("there are tables");
    let mut scratch = (simulate::Scratch::default(), observe::Scratch::default(), tabulate::Scratch::default());
    let mut spent = [Duration::ZERO; 3];
    for first in (0..STUDIES).step_by(BATCH as usize) {
        let mut clock = Instant::now();
        let mut lap = |k: usize| {
            spent[k] += clock.elapsed();
            clock = Instant::now();
        };
        let truth = prepared.truth.simulate(streams, first..first + BATCH, &mut scratch.0).expect("it runs");
        lap(0);
        let (observed, _) = prepared.survey.observe(&truth, streams, keep, &mut scratch.1).expect("it runs");
        lap(1);
        black_box(tables.cells_of(&observed, &mut scratch.2));
        lap(2);
    }
    spent
}

/// Studies each with a plan of its own.
fn anew(scenario: &Scenario, condition: &Condition, streams: &Streams, studies: u64) -> Duration {
    let leave = condition.parameters.list().iter().position(|p| p.name.text == "leave").expect("it is declared");
    let clock = Instant::now();
    for study in 0..studies {
        let value = 0.3 + 0.001 * study as f64;
        let condition = condition.with(&[(leave, value)]);
        let prepared = scenario.prepare_tables(&condition, None, &mut Diagnostics::new()).expect("it is sound");
        let cells = print(prepared.press(), streams, study..study + 1, &mut PrintScratch::default());
        black_box(cells.expect("it runs"));
    }
    clock.elapsed()
}

fn main() {
    let (scenario, condition) = load();
    let streams = Streams::new(1, Space::Study);
    for (what, keep) in [("every interview", Keep::Interviews), ("what tables read", Keep::Tables)] {
        let turns = (0..TURNS).map(|_| shared(&scenario, &condition, &streams, keep));
        let best = turns.min_by_key(|spent| spent.iter().sum::<Duration>()).expect("there are turns");
        let all: Duration = best.iter().sum();
        let share = |k: usize| 100.0 * best[k].as_secs_f64() / all.as_secs_f64();
        println!(
            "studies a second, one thread, {what}: {:.0} (simulating {:.0} %, survey {:.0} %, tables {:.0} %); wanted: 500",
            STUDIES as f64 / all.as_secs_f64(),
            share(0),
            share(1),
            share(2)
        );
    }
    let fresh = (0..TURNS).map(|_| anew(&scenario, &condition, &streams, 32)).min().expect("there are turns");
    println!("each with a plan of its own: {:.0} a second", 32.0 / fresh.as_secs_f64());
}

//! The truth as a scenario declares it: its problems, its laws, its addresses.

#[path = "truth/addresses.rs"]
mod addresses;
#[path = "truth/closed_forms.rs"]
mod closed_forms;
#[path = "truth/obvious.rs"]
mod obvious;
#[path = "truth/problems.rs"]
mod problems;
#[path = "truth/starts.rs"]
mod starts;

use eclosion::scenario::{Prepared, load_text};
use eclosion::simulate::Scratch;
use eclosion::streams::{Space, Streams};
use eclosion::tables::Truth;
use std::ops::Range;

/// The least that a scenario needs but groups; the seed is 20101.
const HEAD: &str = "scenario = 1\n[study]\ntitle = 't'\naims = 'a'\nseed = 20101\nreplicates = 10\n";

/// Every problem of a scenario as `code line:column message [help]`, in the order of the file.
fn listed(text: &str) -> Vec<String> {
    let loaded = load_text("study.toml", text, &[]);
    let mut problems = loaded.problems;
    if let Some(scenario) = &loaded.scenario {
        scenario.check_all(&mut problems);
    }
    let mut list: Vec<_> = problems.list().iter().collect();
    list.sort_by_key(|d| d.span.as_ref().map(|s| s.bytes.start));
    list.into_iter()
        .map(|d| {
            let (line, column) =
                d.span.as_ref().map_or((0, 0), |s| eclosion::diagnostic::position(text, s.bytes.start));
            format!("{} {line}:{column} {} [{}]", d.code, d.message, d.help.as_deref().unwrap_or(""))
        })
        .collect()
}

/// What runs under the only condition of a scenario, given all but its head.
#[track_caller]
fn prepared(more: &str) -> Prepared {
    let text = format!("{HEAD}{more}");
    let loaded = load_text("study.toml", &text, &[]);
    let mut problems = loaded.problems;
    let all = loaded.scenario.and_then(|scenario| scenario.check_all(&mut problems));
    match all {
        Some(mut all) => all.remove(0).1,
        None => panic!("{:?}\n{text}", listed(&text)),
    }
}

fn streams() -> Streams {
    Streams::new(20101, Space::Study)
}

/// The truth of some replicates of a scenario without its head.
#[track_caller]
fn simulated(more: &str, replicates: Range<u64>) -> Truth {
    prepared(more).truth.simulate(&streams(), replicates, &mut Scratch::default()).unwrap()
}

/// The values of a variable at a recorded moment.
#[track_caller]
fn values(truth: &Truth, name: &str, moment: usize) -> Vec<f64> {
    let column = truth.at(truth.schema.variable(name).unwrap(), moment);
    (0..column.len()).map(|row| column.value(row)).collect()
}

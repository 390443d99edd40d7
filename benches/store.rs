//! What keeping results costs, and what a grid costs, as ratios of whole runs of `eclosion evaluate`.
//! `cargo bench --bench store` prints them. Nothing is timed by criterion: a run is a process that takes seconds.
//!
//! - with a store over without one, `scenarios/panel_with_dropout.toml`;
//! - 200 conditions of few replicates over one condition of as many data sets;
//! - the greatest memory of runs of more and more replicates, where the system tells it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[path = "floor/alternate.rs"]
#[expect(dead_code, reason = "the ratios here are of processes")]
mod alternate;

const SCENARIO: &str = "scenarios/panel_with_dropout.toml";
/// Turns of each side.
const TURNS: usize = 3;

fn evaluate(scenario: &Path, replicates: u64) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eclosion"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("evaluate").arg(scenario);
    command.args(["--json", "--replicates", &replicates.to_string()]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Seconds until it has ended.
fn seconds(mut command: Command) -> f64 {
    let start = Instant::now();
    assert!(command.status().expect("it starts").success());
    start.elapsed().as_secs_f64()
}

/// Seconds of both sides, in turns, the least of each; the least is what the machine's other work disturbs least.
fn in_turns(mut one: impl FnMut() -> Command, mut other: impl FnMut() -> Command) -> (f64, f64) {
    let mut least = (f64::INFINITY, f64::INFINITY);
    for _ in 0..TURNS {
        least = (least.0.min(seconds(one())), least.1.min(seconds(other())));
    }
    least
}

fn store() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut number = 0;
    let with = || {
        number += 1;
        let mut command = evaluate(Path::new(SCENARIO), 30_000);
        command.arg("--store").arg(folder.path().join(number.to_string()));
        command
    };
    let (without, with) = in_turns(|| evaluate(Path::new(SCENARIO), 30_000), with);
    println!("60,000 data sets: {without:.2} s without a store, {with:.2} s with one: {:.3} times", with / without);
}

/// The scenario without its own varied parameter, with another one whose many values are so near to each other that the work is the same.
fn of_conditions(folder: &Path, conditions: u32) -> std::path::PathBuf {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(SCENARIO)).expect("a scenario");
    let text = &text[..text.find("[[expect]]").expect("it has demands")];
    let values: Vec<String> = (0..conditions).map(|i| format!("0.1{i:05}")).collect();
    let vary = format!("[[vary]]\nparameter = \"wrong\"\nvalues = [{}]\n", values.join(", "));
    let start = text.find("[[vary]]").expect("it varies something");
    let path = folder.join(format!("{conditions}.toml"));
    std::fs::write(&path, format!("{}{vary}", &text[..start])).expect("it can be written");
    path
}

fn grid() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, many) = (of_conditions(folder.path(), 1), of_conditions(folder.path(), 200));
    let (one, many) = in_turns(|| evaluate(&one, 200_000), || evaluate(&many, 1_000));
    println!("200,000 data sets: {one:.2} s in 1 condition, {many:.2} s in 200: {:.3} times", many / one);
}

/// The greatest memory of a process, in MiB, looked at until it ends.
fn peak(mut command: Command) -> Option<u64> {
    let mut child = command.spawn().expect("it starts");
    let status = format!("/proc/{}/status", child.id());
    let mut most = None;
    while child.try_wait().expect("it can be asked").is_none() {
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let size = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        most = most.max(size.map(|kilobytes| kilobytes / 1024));
        std::thread::sleep(Duration::from_millis(20));
    }
    most
}

fn memory() {
    for replicates in [20_000, 100_000, 500_000] {
        let most = peak(evaluate(Path::new(SCENARIO), replicates));
        let most = most.map_or_else(|| "not told by this system".to_owned(), |most| format!("{most} MiB"));
        println!("greatest memory of {} data sets: {most}", 2 * replicates);
    }
}

fn main() {
    if alternate::wanted() {
        store();
        grid();
        memory();
    }
}

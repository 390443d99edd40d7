//! `eclosion compare`: published numbers beside those of many simulated studies.

use super::load::ScenarioArguments;
use super::progress::Bar;
use super::published::{Beside, beside};
use super::{Exit, interrupt, output};
use crate::compare::compare;
use crate::release::{Folder, Format, Stamp};
use crate::report::{comparison, comparison_csv, comparison_json, comparison_svg};
use crate::study::{Watch, printed};
use crate::tables::RunProblem;
use crate::tables::comparison::Comparison;
use clap::Args;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// Arguments of `eclosion compare`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// Published numbers, in place of those that the scenario names
    #[arg(long, value_name = "FILE")]
    published: Option<PathBuf>,
    /// Simulated studies
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(40..=1_000_000))]
    replicates: u64,
    /// Folder for all cells (comparison.csv), a plot (comparison.svg) and both as data (comparison.json)
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Replace files of an earlier run in the folder
    #[arg(long, requires = "out")]
    force: bool,
    /// Print every cell, not only those outside
    #[arg(long, conflicts_with = "json")]
    all: bool,
    /// Print all as JSON
    #[arg(long)]
    json: bool,
    /// Seed of all draws, in place of the scenario's
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Threads; no result depends on it [default: as many as cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// Simulates studies, makes their tables and sets the published numbers beside them.
pub fn run(arguments: &Arguments) -> Exit {
    let beside = match beside(&arguments.scenario, arguments.published.as_deref(), "compared") {
        Ok(beside) => beside,
        Err(exit) => return exit,
    };
    let Beside { scenario, published, prepared } = &beside;
    let Some(plan) = &prepared.tables else { return Exit::Failed };
    let bar = Bar::new(arguments.replicates);
    let stop = interrupt::stop_flag();
    let watch = Watch { stop, progress: &|progress| bar.step(progress) };
    let threads = arguments.threads.map_or(0, usize::from);
    let seed = arguments.seed.unwrap_or(scenario.study.seed);
    let done = printed(prepared, seed, arguments.replicates, threads, &watch);
    bar.end();
    let studies = match done {
        Ok(studies) => studies,
        Err(problem) => {
            output::run_problem(&problem, &scenario.sources);
            return Exit::Failed;
        }
    };
    let found = compare(published, plan, &studies.cells);
    let stamp = Stamp { scenario_hash: scenario.hash.clone(), seed, version: env!("CARGO_PKG_VERSION").to_owned() };
    if let Err(problem) = write(arguments, stamp, &found) {
        output::run_problem(&problem, &scenario.sources);
        return Exit::Failed;
    }
    let exit = output::result(&match arguments.json {
        true => comparison_json(&found),
        false => comparison(&found, arguments.all, &output::style()),
    });
    if stop.load(Ordering::Relaxed) { Exit::Interrupted } else { exit }
}

fn write(arguments: &Arguments, stamp: Stamp, found: &Comparison) -> Result<(), RunProblem> {
    let Some(path) = &arguments.out else { return Ok(()) };
    let mut folder = Folder::open(path, Format::Csv, arguments.force, stamp)?;
    folder.text("comparison.csv", &comparison_csv(found))?;
    folder.text("comparison.json", &comparison_json(found))?;
    folder.text("comparison.svg", &comparison_svg(found))?;
    folder.commit_without_codebook()
}

//! `eclosion evaluate`: the whole study.

use super::enough::Enough;
use super::load::{Ready, ScenarioArguments, ready};
use super::progress::Bar;
use super::simulate::formats;
use super::{Exit, interrupt, output};
use crate::diagnostic::{Diagnostics, Sources};
use crate::release::{self, Folder, Format, Stamp};
use crate::scenario::Scenario;
use crate::store::{Opening, Store};
use crate::study::{
    Cell, Memory, Results, RunOptions, Study, Verdict, Watch, block_size, expectations, identity, verdicts,
};
use crate::tables::{RunProblem, Spent, StudyResult, Target};
use crate::{evaluate, report};
use clap::Args;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Arguments of `eclosion evaluate`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    enough: Enough,
    /// Seed of all draws, in place of the scenario's
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Threads; no result depends on it [default: as many as cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    store: StoreArguments,
    /// Give each condition draws of its own; otherwise all share theirs, which makes differences between them precise
    #[arg(long)]
    independent: bool,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
    /// Exit with 1 if a demand of [[expect]] does not hold
    #[arg(long)]
    check: bool,
}

/// Where tables go.
#[derive(Args, Debug)]
struct OutputArguments {
    /// Folder for the tables; without it nothing is written
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Form of the tables, which may be given several times; without it Parquet and CSV are written
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    format: Vec<Format>,
    /// Replace files of an earlier run in the folder
    #[arg(long)]
    force: bool,
}

/// Where single results are kept while the study runs.
#[derive(Args, Debug)]
struct StoreArguments {
    /// Folder in which results are kept, block by block, so that nothing that is done gets lost
    #[arg(long, value_name = "FOLDER")]
    store: Option<PathBuf>,
    /// Go on with a store: only what is missing is done
    #[arg(long, requires = "store")]
    resume: bool,
    /// Replicates in a block of a new store; no result depends on it
    #[arg(long, value_name = "N", requires = "store", value_parser = clap::value_parser!(u64).range(1..))]
    block: Option<u64>,
}

impl StoreArguments {
    fn open(&self, scenario: &Scenario, cells: &[Cell], seed: u64) -> Result<Option<Store>, RunProblem> {
        let Some(path) = &self.store else { return Ok(None) };
        let opening = Opening { resume: self.resume, block: self.block.unwrap_or_else(|| block_size(cells)) };
        Store::open(path, identity(scenario, cells, seed), opening).map(Some)
    }
}

impl OutputArguments {
    /// The asked forms, each once, or the usual one and CSV.
    fn formats(&self) -> Vec<Format> {
        let usual = [Format::all().first().copied().unwrap_or(Format::Csv), Format::Csv];
        let asked = if self.format.is_empty() { &usual[..] } else { &self.format };
        let mut formats = Vec::new();
        for format in asked {
            if !formats.contains(format) {
                formats.push(*format);
            }
        }
        formats
    }
}

/// Runs the study and reports it.
pub fn run(arguments: &Arguments) -> Exit {
    let ready = match ready(&arguments.scenario) {
        Ok(ready) => ready,
        Err(exit) => return exit,
    };
    match attempt(arguments, ready) {
        Ok(exit) => exit,
        Err((problem, sources)) => {
            output::run_problem(&problem, &sources);
            Exit::Failed
        }
    }
}

fn attempt(arguments: &Arguments, ready: Ready) -> Result<Exit, (RunProblem, Sources)> {
    let start = Instant::now();
    let Ok(until) = arguments.enough.until() else { return Ok(Exit::Usage) };
    let Ready { scenario, conditions } = ready;
    let blame = |problem| (problem, scenario.sources.clone());
    let options = RunOptions {
        seed: arguments.seed.unwrap_or(scenario.study.seed),
        replicates: arguments.enough.first(scenario.study.replicates),
        threads: arguments.threads.map_or(0, usize::from),
    };
    let stamp = Stamp {
        scenario_hash: scenario.hash.clone(),
        seed: options.seed,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    // Before the run: nobody wants to hear after an hour that the folder cannot be written.
    let formats = arguments.output.formats();
    let open = |path| Folder::open(path, formats[0], arguments.output.force, stamp.clone());
    let folder = arguments.output.out.as_deref().map(open).transpose().map_err(blame)?;

    let cells: Vec<Cell> = conditions
        .into_iter()
        .map(|(condition, prepared)| Cell {
            number: condition.number,
            factors: condition.factors,
            prepared,
            independent: arguments.independent || scenario.grid.independent,
        })
        .collect();
    let bar = Bar::new(options.replicates.saturating_mul(cells.len() as u64));
    let step = |progress| bar.step(progress);
    let watch = Watch { stop: interrupt::stop_flag(), progress: &step };
    let store = arguments.store.open(&scenario, &cells, options.seed).map_err(blame)?;
    let memory = Memory::default();
    let kept: &dyn Results = store.as_ref().map_or(&memory, |store| store);
    let work = || -> Result<(StudyResult, Spent), RunProblem> {
        let mut study = Study::begin(&scenario, &cells, &options, &watch)?;
        let ended = arguments.enough.extend(&mut study, until.as_ref(), options.replicates, kept, &bar, start)?;
        let mut result = study.result(ended.asked, kept)?;
        result.interrupted = watch.stop.load(Ordering::Relaxed);
        (result.precision, result.by_budget) = (ended.precision, ended.by_budget);
        Ok((result, study.spent()))
    };
    let outcome = work();
    bar.end();
    let (mut result, mut spent) = outcome.map_err(blame)?;
    drop(memory);
    store.map_or(Ok(()), Store::finish).map_err(blame)?;
    let clock = Instant::now();
    result.performance = evaluate::performance(&result.estimates, |condition| targets(&cells, condition));
    let paired = !cells.iter().any(|cell| cell.independent);
    result.contrasts = evaluate::contrasts(&result.estimates, |condition| targets(&cells, condition), paired);
    spent.evaluate = clock.elapsed().as_secs_f64();

    if let Some(folder) = folder {
        let clock = Instant::now();
        write(folder, &formats, &scenario, &result, &stamp, &spent).map_err(blame)?;
        spent.write = clock.elapsed().as_secs_f64();
    }
    spent.wall += spent.evaluate + spent.write;
    Ok(show(arguments, &scenario, &result, &spent))
}

fn targets(cells: &[Cell], condition: u32) -> &[Target] {
    cells.iter().find(|cell| cell.number == condition).map_or(&[], |cell| &cell.prepared.targets)
}

fn write(
    mut folder: Folder,
    formats: &[Format],
    scenario: &Scenario,
    result: &StudyResult,
    stamp: &Stamp,
    spent: &Spent,
) -> Result<(), RunProblem> {
    for format in formats {
        folder.change_format(*format);
        release::write_study(&mut folder, result)?;
    }
    let done = result.conditions.iter().map(|c| c.replicates).min().unwrap_or(0);
    let texts = scenario.sources.files.iter().map(|(name, text)| (name.as_str(), text.as_ref()));
    release::write_provenance(&mut folder, stamp, (done, result.replicates_asked), spent, texts)?;
    folder.commit()
}

/// Prints the result and what became of the demands.
fn show(arguments: &Arguments, scenario: &Scenario, result: &StudyResult, spent: &Spent) -> Exit {
    let printed = if arguments.json {
        output::result(&report::json(result))
    } else {
        output::result(&report::terminal(result, Some(spent), &output::style()))
    };
    if result.interrupted {
        return Exit::Interrupted;
    }
    if !arguments.check {
        return printed;
    }
    let compiled = expectations(&scenario.expect, &mut Diagnostics::new());
    let verdicts = verdicts(&compiled, result);
    let text = judgement(&verdicts);
    // With --json stdout is for the JSON alone.
    if arguments.json {
        output::complain(&text);
    } else {
        output::result(&text);
    }
    if verdicts.iter().all(|v| v.holds) { printed } else { Exit::Failed }
}

fn judgement(verdicts: &[Verdict]) -> String {
    let mut text = String::from("\n");
    let failed: Vec<&Verdict> = verdicts.iter().filter(|v| !v.holds).collect();
    for verdict in &failed {
        let _ = writeln!(text, "does not hold: {}\n  {}: {}", verdict.that, verdict.place, verdict.found);
    }
    let _ = match (verdicts.len(), failed.len()) {
        (0, _) => writeln!(text, "the scenario demands nothing: it has no [[expect]]"),
        (n, 0) => writeln!(text, "all {n} demands hold"),
        (n, failed) => writeln!(text, "{failed} of {n} demands do not hold (`eclosion explain R0040`)"),
    };
    text
}

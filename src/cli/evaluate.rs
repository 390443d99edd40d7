//! `eclosion evaluate`: the whole study.

use super::enough::Enough;
use super::forms::{Form, Printed, TableArguments, aside, chosen, forms, table_as};
use super::load::{Ready, ScenarioArguments, ready};
use super::progress::Bar;
use super::{Exit, interrupt, output};
use crate::diagnostic::{Diagnostics, Sources};
use crate::release::{self, EachRow, Folder, Format, Stamp};
use crate::report;
use crate::report::Demand;
use crate::report::table::{Names, View};
use crate::scenario::{Condition, Prepared, Scenario};
use crate::store::{Opening, Store};
use crate::study::{Cell, Results, RunOptions, Study, Temporary, Watch, block_size, expectations, identity, verdicts};
use crate::tables::{RunProblem, Spent, StudyResult};
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
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
    /// Print the result as JSON: `--format json`
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    table: TableArguments,
    /// Exit with 1 if a demand of [[expect]] does not hold
    #[arg(long)]
    check: bool,
    /// Write what became of the demands as JUnit XML
    #[arg(long, value_name = "FILE", requires = "check")]
    junit: Option<PathBuf>,
}

/// Where tables go.
#[derive(Args, Debug)]
struct OutputArguments {
    /// Folder for the tables; without it nothing is written
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Form in which the result is printed, or with a folder that of the tables in it, which may be given several times;
    /// without it Parquet and CSV are written
    #[arg(long, value_name = "FORMAT", value_parser = forms())]
    format: Vec<Form>,
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
    let asked = chosen(&arguments.output.format, arguments.output.out.is_some(), arguments.json);
    let (printed, formats) = match asked {
        Ok(asked) => asked,
        Err(why) => {
            output::error(&why);
            return Ok(Exit::Usage);
        }
    };
    let Ready { scenario, conditions } = ready;
    let Ok(goal) = arguments.enough.goal(&scenario) else { return Ok(Exit::Usage) };
    let Ok(view) = arguments.table.view(names(&scenario, &conditions), printed) else { return Ok(Exit::Usage) };
    let blame = |problem| (problem, scenario.sources.clone());
    let options = RunOptions {
        seed: arguments.seed.unwrap_or(scenario.study.seed),
        replicates: goal.first,
        threads: arguments.threads.map_or(0, usize::from),
    };
    let stamp = Stamp {
        scenario_hash: scenario.hash.clone(),
        seed: options.seed,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    // Before the run: nobody wants to hear after an hour that the folder cannot be written.
    let open = |path| Folder::open(path, formats[0], arguments.output.force, stamp.clone());
    let folder = arguments.output.out.as_deref().map(open).transpose().map_err(blame)?;

    let cells: Arc<[Cell]> = conditions
        .into_iter()
        .map(|(condition, prepared)| Cell::new(condition, prepared, arguments.independent || scenario.grid.independent))
        .collect();
    let bar = Bar::new(options.replicates.saturating_mul(cells.len() as u64));
    let step = |progress| bar.step(progress);
    let watch = Watch { stop: interrupt::stop_flag(), progress: &step };
    let store = arguments.store.open(&scenario, &cells, options.seed).map_err(blame)?;
    let temporary = Temporary::new(identity(&scenario, &cells, options.seed));
    if store.is_none() {
        let pairs: u64 = cells.iter().map(|cell| cell.prepared.pairs.len() as u64).sum();
        temporary.expect(options.replicates.saturating_mul(pairs)).map_err(blame)?;
    }
    let kept: &dyn Results = store.as_ref().map_or(&temporary, |store| store);
    let work = || {
        let mut study = Study::begin(&scenario, &cells, &options, &watch)?;
        let ended = goal.extend(&mut study, kept, &bar, start)?;
        Ok((study, ended))
    };
    let outcome = work();
    bar.end();
    let (study, ended) = outcome.map_err(blame)?;
    store.as_ref().map_or(Ok(()), Store::finish).map_err(blame)?;
    let clock = Instant::now();
    let mut result = study.result(ended.asked, kept).map_err(blame)?;
    result.interrupted = watch.stop.load(Ordering::Relaxed);
    (result.precision, result.by_budget) = (ended.precision, ended.by_budget);
    let mut spent = Spent { evaluate: clock.elapsed().as_secs_f64(), ..study.spent() };

    if let Some(folder) = folder {
        let clock = Instant::now();
        let rows: &EachRow<'_> = &|sink| study.each_estimate(kept, sink);
        write(folder, &formats, &scenario, (&result, rows), &stamp, &spent).map_err(blame)?;
        spent.write += clock.elapsed().as_secs_f64();
    }
    spent.wall = start.elapsed().as_secs_f64();
    Ok(show(arguments, &scenario, &result, &spent, (printed, &view)))
}

/// The names that the table of performance will have.
fn names(scenario: &Scenario, conditions: &[(Condition, Prepared)]) -> Names {
    let targets = conditions.first().map_or(&[][..], |(_, prepared)| &prepared.targets);
    let mut names = Names {
        estimands: targets.iter().map(|target| target.name.clone()).collect(),
        methods: scenario.methods.iter().map(|method| method.name.text.clone()).collect(),
        ..Names::default()
    };
    for (condition, _) in conditions {
        names.add_factors(&condition.factors);
    }
    names
}

fn write(
    mut folder: Folder,
    formats: &[Format],
    scenario: &Scenario,
    (result, rows): (&StudyResult, &EachRow<'_>),
    stamp: &Stamp,
    spent: &Spent,
) -> Result<(), RunProblem> {
    for format in formats {
        folder.change_format(*format);
        release::write_study(&mut folder, result, rows)?;
    }
    let done = result.conditions.iter().map(|c| c.replicates).min().unwrap_or(0);
    let texts = scenario.sources.files.iter().map(|(name, text)| (name.as_str(), text.as_ref()));
    release::write_provenance(&mut folder, stamp, (done, result.replicates_asked), spent, texts)?;
    folder.commit()
}

/// Prints the result and what became of the demands.
fn show(
    arguments: &Arguments,
    scenario: &Scenario,
    result: &StudyResult,
    spent: &Spent,
    (form, view): (Printed, &View),
) -> Exit {
    let demands = arguments.check.then(|| demands(scenario, result));
    let style = output::style();
    let text = table_as(form, result, view, Some(spent), None, &style).unwrap_or_else(|| match (&demands, form) {
        (Some(demands), Printed::Json) => report::json_with_demands(result, demands),
        (None, Printed::Json) => report::json(result),
        _ => report::terminal(result, Some(spent), &style),
    });
    let printed = output::result(&text);
    aside(form, result);
    let Some(demands) = demands else {
        return if result.interrupted { Exit::Interrupted } else { printed };
    };
    if let Some(path) = &arguments.junit
        && let Err(e) = write_whole(path, &report::junit(&result.title, &demands))
    {
        output::error(&format!("cannot write `{}`: {e} (R0021)", path.display()));
        return Exit::Failed;
    }
    if result.interrupted {
        return Exit::Interrupted;
    }
    let text = report::demands(&demands);
    // What a program or a paper reads stands alone on stdout.
    if form == Printed::Text {
        output::result(&text);
    } else {
        output::complain(&text);
    }
    if demands.iter().all(|v| v.holds) { printed } else { Exit::Failed }
}

fn demands(scenario: &Scenario, result: &StudyResult) -> Vec<Demand> {
    let compiled = expectations(&scenario.expect, &mut Diagnostics::new());
    let judged = verdicts(&compiled, result).into_iter();
    judged.map(|v| Demand { place: v.place, that: v.that, holds: v.holds, found: v.found }).collect()
}

/// Writes a file that has its name once it is whole.
fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // A temporary file is the owner's alone by default, and would keep that when it is renamed.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map(|_| ()).map_err(|e| e.error)
}

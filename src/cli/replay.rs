//! `eclosion replay`: one replicate of a stored study made again.

use super::simulate::write_all;
use super::{Exit, interrupt, output};
use crate::diagnostic::{Diagnostics, Sources};
use crate::release::{Folder, Format, Stamp};
use crate::report;
use crate::scenario::load_recorded;
use crate::store::{self, Manifest, Store};
use crate::streams::{Space, Streams};
use crate::study::{Cell, RunOptions, Study, Watch, identity};
use crate::tables::{EstimateRow, RunProblem};
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Arguments of `eclosion replay`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder that `evaluate --store` made
    #[arg(value_name = "STORE")]
    store: PathBuf,
    /// Number of the replicate, from 0
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..u64::MAX))]
    replicate: u64,
    /// Number of the condition, from 1
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    condition: u32,
    /// Folder for the truth, what the survey held of it, the key between the two and the audit
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Form of these tables [default: the first that this build has]
    #[arg(long, value_name = "FORMAT", value_parser = super::simulate::formats(), requires = "out")]
    format: Option<Format>,
    /// Replace files in the folder
    #[arg(long, requires = "out")]
    force: bool,
    /// Print the fits as JSON
    #[arg(long)]
    json: bool,
}

/// Makes a replicate of a stored study again, and compares its fits with those in the store.
pub fn run(arguments: &Arguments) -> Exit {
    match attempt(arguments) {
        Ok(exit) => exit,
        Err((problem, sources)) => {
            output::run_problem(&problem, &sources);
            Exit::Failed
        }
    }
}

fn attempt(arguments: &Arguments) -> Result<Exit, (RunProblem, Sources)> {
    let manifest = store::manifest(&arguments.store).map_err(|problem| (problem, Sources::default()))?;
    let loaded = load_recorded(&manifest.files);
    let mut problems = Diagnostics::new();
    let conditions = loaded.scenario.as_ref().and_then(|scenario| scenario.check_all(&mut problems));
    let (Some(scenario), Some(conditions)) = (&loaded.scenario, conditions) else {
        // It was sound when the store was written: this program reads it otherwise.
        output::problems(&loaded.problems, &loaded.sources);
        output::problems(&problems, &loaded.sources);
        return Ok(Exit::Failed);
    };
    let blame = |problem| (problem, loaded.sources.clone());
    let cell = |(condition, prepared)| Cell::new(condition, prepared, manifest.independent);
    let cells: Arc<[Cell]> = conditions.into_iter().map(cell).collect();
    let position = arguments.condition as usize - 1;
    let Some(chosen) = cells.get(position) else {
        let message = format!("the study has {} conditions, and no {}", cells.len(), arguments.condition);
        return Err(blame(RunProblem { code: "R0075", message, span: None }));
    };
    let store = Store::look(&arguments.store, identity(scenario, &cells, manifest.seed)).map_err(blame)?;
    let stored = stored(&store, position, arguments.replicate).map_err(blame)?;

    let watch = Watch { stop: &AtomicBool::new(false), progress: &|_| {} };
    let options = RunOptions { seed: manifest.seed, replicates: 1, threads: 1 };
    let mut study = Study::begin(scenario, &cells, &options, &watch).map_err(blame)?;
    let rows = study.replay(position, arguments.replicate).map_err(blame)?;
    if let Some(path) = &arguments.out
        && !write(arguments, path, &manifest, chosen).map_err(blame)?
    {
        return Ok(Exit::Interrupted);
    }
    let methods: Vec<String> = scenario.methods.iter().map(|m| m.name.text.clone()).collect();
    let estimands: Vec<String> = chosen.prepared.targets.iter().map(|t| t.name.clone()).collect();
    let names = report::Names { estimands: &estimands, methods: &methods };
    let printed = match arguments.json {
        true => output::result(&report::replay_json(&rows, &stored, &names)),
        false => output::result(&report::replay(&rows, &stored, &names, &chosen.factors, &output::style())),
    };
    // A replicate that is not what it was is a defect, of the program or of the store.
    Ok(if report::differs(&rows, &stored) { Exit::Failed } else { printed })
}

/// The rows of a replicate in the store; none where it has not got so far.
fn stored(store: &Store, condition: usize, replicate: u64) -> Result<Vec<EstimateRow>, RunProblem> {
    let mut rows = Vec::new();
    store.each(condition, &mut |block| {
        rows.extend(block.rows.iter().filter(|r| r.replicate == replicate).cloned());
        Ok(())
    })?;
    rows.sort_by_key(|row| (row.estimand, row.method));
    Ok(rows)
}

/// Writes truth, survey, key and audit; says whether it was done.
fn write(arguments: &Arguments, path: &Path, manifest: &Manifest, cell: &Cell) -> Result<bool, RunProblem> {
    let stamp =
        Stamp { scenario_hash: manifest.scenario_hash.clone(), seed: manifest.seed, version: manifest.version.clone() };
    let format = arguments.format.or_else(|| Format::all().first().copied()).unwrap_or(Format::Csv);
    let mut folder = Folder::open(path, format, arguments.force, stamp)?;
    let streams = Streams::new(cell.seed(manifest.seed), Space::Study);
    let replicates = arguments.replicate..arguments.replicate + 1;
    let done = write_all(&mut folder, &cell.prepared, &streams, replicates.clone(), interrupt::stop_flag())?;
    if done < replicates.end {
        return Ok(false);
    }
    folder.commit()?;
    Ok(true)
}

//! `eclosion tables`: the tables that a study prints, for one simulated study.

use super::load::{Ready, ScenarioArguments, ready};
use super::published::published;
use super::{Exit, output};
use crate::compare::laid_out;
use crate::intake::{Wanted, fieldwork};
use crate::report::{SIMULATED, count, printed, printed_csv, printed_json};
use crate::scenario::Prepared;
use crate::streams::{Space, Streams};
use crate::study::{PrintScratch, print};
use crate::tables::RunProblem;
use crate::tabulate;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Arguments of `eclosion tables`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// Number of the simulated study, from 0: the same as a replicate of `evaluate` and `simulate`
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..u64::MAX))]
    replicate: u64,
    /// A release, or your own tables of that form (persons, visits, comments): their tables are printed, not those of a
    /// simulated study; the scenario says what columns and tables mean
    #[arg(long, value_name = "FOLDER", conflicts_with = "seed")]
    data: Option<PathBuf>,
    /// Published numbers whose titles and rounding are used, in place of those that the scenario names
    #[arg(long, value_name = "FILE")]
    published: Option<PathBuf>,
    /// Seed of all draws, in place of the scenario's
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Form of the tables
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

/// Forms of printed tables.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Form {
    /// For reading
    Text,
    /// A line for each cell
    Csv,
    /// All of it for programs
    Json,
}

/// Prints the tables of one simulated study.
pub fn run(arguments: &Arguments) -> Exit {
    let Ready { scenario, mut conditions } = match ready(&arguments.scenario) {
        Ok(ready) => ready,
        Err(exit) => return exit,
    };
    if scenario.tables.is_empty() {
        output::error("the scenario declares no tables (R0080)");
        return Exit::Failed;
    }
    let published = match published(arguments.published.as_deref(), &scenario) {
        Ok(published) => published,
        Err(exit) => return exit,
    };
    if conditions.is_empty() {
        output::error("the scenario has no condition");
        return Exit::Failed;
    }
    let (_, prepared) = conditions.swap_remove(0);
    let Some(plan) = &prepared.tables else { return Exit::Failed };
    let values = match cells(arguments, &prepared, plan, arguments.seed.unwrap_or(scenario.study.seed)) {
        Ok(values) => values,
        Err(problem) => {
            output::run_problem(&problem, &scenario.sources);
            return Exit::Failed;
        }
    };
    let tables = laid_out(plan, &values, published.as_ref());
    let head = match &arguments.data {
        Some(folder) => format!("Tables of {}", folder.display()),
        None => format!("{}\nSimulated study {}. {SIMULATED}", scenario.study.title, count(arguments.replicate)),
    };
    output::result(&match arguments.format {
        Form::Text => printed(&head, &tables, &output::style()),
        Form::Csv => printed_csv(&tables),
        Form::Json => printed_json(&head, &tables),
    })
}

/// The cells of a simulated study, or of the tables in a folder.
fn cells(arguments: &Arguments, prepared: &Prepared, plan: &tabulate::Plan, seed: u64) -> Result<Vec<f64>, RunProblem> {
    let Some(folder) = &arguments.data else {
        let streams = Streams::new(seed, Space::Study);
        let studies = arguments.replicate..arguments.replicate + 1;
        return print(prepared.press(), &streams, studies, &mut PrintScratch::default());
    };
    let (items, baseline, comments) = plan.reads();
    let wanted = Wanted { items, baseline, comments };
    let batch = fieldwork(folder, prepared.survey.schema(), &wanted, arguments.replicate)?;
    Ok(plan.cells_of(&batch, &mut tabulate::Scratch::default()))
}

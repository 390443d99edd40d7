//! `eclosion tables`: the tables that a study prints, for one simulated study.

use super::load::{Ready, ScenarioArguments, first_of, ready};
use super::published::published;
use super::{Exit, output};
use crate::compare::laid_out;
use crate::diagnostic::near_miss;
use crate::intake::{Wanted, fieldwork};
use crate::report::{SIMULATED, count, printed, printed_csv, printed_json};
use crate::scenario::Prepared;
use crate::streams::{Space, Streams};
use crate::study::observe_interviews;
use crate::tables::printed::{Head, PrintedCell, PrintedTable};
use crate::tables::{ObservedBatch, RunProblem};
use crate::tabulate::{self, Sequence};
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
    /// Print, in place of the tables, what each person said year after year: a question, or a definition of years
    #[arg(long, value_name = "NAME", conflicts_with = "published")]
    sequence: Vec<String>,
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
    let Ready { scenario, conditions } = match ready(&arguments.scenario) {
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
    let (_, prepared) = match first_of(conditions, "used") {
        Ok(first) => first,
        Err(exit) => return exit,
    };
    let Some(plan) = &prepared.tables else { return Exit::Failed };
    let batch = match observed(arguments, &prepared, plan, arguments.seed.unwrap_or(scenario.study.seed)) {
        Ok(batch) => batch,
        Err(problem) => {
            output::run_problem(&problem, &scenario.sources);
            return Exit::Failed;
        }
    };
    let tables = if arguments.sequence.is_empty() {
        let values = plan.cells_of(&batch, &mut tabulate::Scratch::default());
        laid_out(plan, &values, published.as_ref())
    } else {
        match sequences(arguments, plan, &batch) {
            Ok(tables) => tables,
            Err(message) => {
                output::error(&message);
                return Exit::Usage;
            }
        }
    };
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

/// What the survey holds of a simulated study, or of the tables in a folder.
fn observed(
    arguments: &Arguments,
    prepared: &Prepared,
    plan: &tabulate::Plan,
    seed: u64,
) -> Result<ObservedBatch, RunProblem> {
    match &arguments.data {
        None => {
            let streams = Streams::new(seed, Space::Study);
            let studies = arguments.replicate..arguments.replicate + 1;
            observe_interviews(prepared, &streams, studies)
        }
        Some(folder) => {
            let (items, baseline, comments) = plan.reads();
            let schema = prepared.survey.schema();
            let asked = arguments.sequence.iter().filter_map(|name| schema.item(name));
            let wanted = Wanted { items: items.into_iter().chain(asked).collect(), baseline, comments };
            fieldwork(folder, schema, &wanted, arguments.replicate)
        }
    }
}

/// Sequences of all that was asked for, as tables with a row for each person.
fn sequences(arguments: &Arguments, plan: &tabulate::Plan, batch: &ObservedBatch) -> Result<Vec<PrintedTable>, String> {
    let mut tables = Vec::new();
    for name in &arguments.sequence {
        let Some(sequence) = plan.sequence(batch, name, &mut tabulate::Scratch::default()) else {
            let known = plan.sequences(batch);
            let near =
                near_miss(name, known.iter().map(String::as_str)).map(|near| format!("; did you mean `{near}`?"));
            return Err(format!(
                "no question and no definition of years is called `{name}`{}",
                near.unwrap_or_else(|| format!("; known: {}", known.join(", ")))
            ));
        };
        tables.push(sequence_table(name, &sequence));
    }
    Ok(tables)
}

fn sequence_table(name: &str, sequence: &Sequence) -> PrintedTable {
    let head = |title: String, id: String| Head { id, title, heading: String::new() };
    let cell = |person: usize, year: usize| {
        let text = &sequence.persons[person][year];
        let id = format!("{name}.{}.{}", person + 1, sequence.waves[year]);
        let value = text.as_ref().and_then(|text| text.parse().ok());
        PrintedCell { id, text: text.clone().unwrap_or_else(|| "-".to_owned()), value }
    };
    let years = sequence.waves.len();
    PrintedTable {
        id: name.to_owned(),
        title: format!("{name}, wave by wave; - is no answer"),
        columns: sequence.waves.iter().map(|wave| head(format!("wave {wave}"), wave.to_string())).collect(),
        rows: (1..=sequence.persons.len()).map(|n| head(format!("person {n}"), n.to_string())).collect(),
        cells: (0..sequence.persons.len())
            .flat_map(|person| (0..years).map(move |year| (person, year)))
            .map(|(p, y)| cell(p, y))
            .collect(),
        ..PrintedTable::default()
    }
}

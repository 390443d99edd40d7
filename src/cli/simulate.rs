//! `eclosion simulate`: cohorts as data sets.

use super::evaluate::FormatArgument;
use super::load::{Ready, ScenarioArguments, ready};
use super::{Exit, interrupt, output};
use crate::release::{
    self, Folder, Growing, Stamp, Survey, TruthTable, record_codes, write_audit, write_key, write_observed,
    write_visits,
};
use crate::report::count;
use crate::scenario::{Prepared, Scenario};
use crate::streams::{Space, Streams};
use crate::tables::{RunProblem, Spent};
use crate::{observe, simulate};
use clap::Args;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// Arguments of `eclosion simulate`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// Folder for the tables
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Simulated data sets
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    replicates: u64,
    /// Seed of all draws, in place of the scenario's
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Form of the tables
    #[arg(long, value_enum, default_value_t)]
    format: FormatArgument,
    /// Replace files of an earlier run in the folder
    #[arg(long)]
    force: bool,
}

/// Writes simulated cohorts under the first condition of a scenario.
pub fn run(arguments: &Arguments) -> Exit {
    let ready = match ready(&arguments.scenario) {
        Ok(ready) => ready,
        Err(exit) => return exit,
    };
    let Ready { scenario, conditions } = ready;
    let Some((condition, prepared)) = conditions.first() else {
        output::error("the scenario has no condition");
        return Exit::Failed;
    };
    if conditions.len() > 1 {
        let factors: Vec<String> = condition.factors.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        output::complain(&format!(
            "note: only the first condition is simulated, {}; --set NAME=VALUE chooses another\n",
            factors.join(", ")
        ));
    }
    match write(arguments, &scenario, prepared) {
        Ok(done) => report(arguments, prepared, done),
        Err(problem) => {
            output::run_problem(&problem, &scenario.sources);
            Exit::Failed
        }
    }
}

fn report(arguments: &Arguments, prepared: &Prepared, done: u64) -> Exit {
    if done < arguments.replicates {
        output::error(&format!("interrupted after {done} of {} replicates; nothing was written", arguments.replicates));
        return Exit::Interrupted;
    }
    output::result(&format!(
        "{} data sets of {} persons in {}\n",
        count(done),
        count(prepared.truth.schema().persons as u64),
        arguments.out.display()
    ))
}

/// The tables that the survey fills.
struct Tables {
    observed: Growing,
    visits: Growing,
    key: Growing,
    audit: Growing,
}

fn write(arguments: &Arguments, scenario: &Scenario, prepared: &Prepared) -> Result<u64, RunProblem> {
    let seed = arguments.seed.unwrap_or(scenario.study.seed);
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let stamp = Stamp { scenario_hash: scenario.hash.clone(), seed, version };
    let mut folder = Folder::open(&arguments.out, arguments.format.into(), arguments.force, stamp.clone())?;
    let stop = interrupt::stop_flag();
    let streams = Streams::new(seed, Space::Study);
    let (mut scratch, mut survey_scratch) = (simulate::Scratch::default(), observe::Scratch::default());
    let mut truth_table = TruthTable::create(&mut folder, prepared.truth.schema())?;
    let mut tables = Tables {
        observed: Growing::new("observed"),
        visits: Growing::new("visits"),
        key: Growing::new("key"),
        audit: Growing::new("audit"),
    };
    for replicate in 0..arguments.replicates {
        if stop.load(Ordering::Relaxed) {
            return Ok(replicate);
        }
        let truth = prepared.truth.simulate(&streams, replicate..replicate + 1, &mut scratch)?;
        truth_table.write_batch(&folder, &truth)?;
        let (batch, audit) = prepared.survey.observe(&truth, &streams, true, &mut survey_scratch)?;
        let codes = match batch.code.len() {
            0 => record_codes(&streams, replicate, batch.schema.records),
            _ => batch.code.clone(),
        };
        let survey = Survey { batch: &batch, codes: &codes };
        write_observed(&mut folder, &mut tables.observed, &survey)?;
        if !batch.visits.is_empty() {
            write_visits(&mut folder, &mut tables.visits, &survey)?;
        }
        write_key(&mut folder, &mut tables.key, &survey)?;
        write_audit(&mut folder, &mut tables.audit, &survey, &truth, &audit.cells)?;
    }
    truth_table.close(&mut folder)?;
    for table in [tables.observed, tables.visits, tables.key, tables.audit] {
        table.close(&mut folder)?;
    }
    let spent = Spent { threads: 1, ..Spent::default() };
    let texts = scenario.sources.files.iter().map(|(name, text)| (name.as_str(), text.as_ref()));
    release::write_provenance(&mut folder, &stamp, (arguments.replicates, arguments.replicates), &spent, texts)?;
    folder.commit()?;
    Ok(arguments.replicates)
}

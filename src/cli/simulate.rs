//! `eclosion simulate`: cohorts as data sets.

use super::evaluate::FormatArgument;
use super::load::{Ready, ScenarioArguments, ready};
use super::{Exit, interrupt, output};
use crate::release::{
    self, Folder, Growing, Stamp, Survey, TrueMoment, TruthTable, record_codes, write_audit, write_key, write_observed,
    write_visits,
};
use crate::report::count;
use crate::scenario::{Prepared, Scenario};
use crate::simulate;
use crate::streams::{Space, Streams};
use crate::study::{Part, PartScratch, each_part};
use crate::tables::{RunProblem, Spent};
use clap::Args;
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// Arguments of `eclosion simulate`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// Folder for the tables
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Write the truth alone, without a survey; needs memory for one moment of a data set only
    #[arg(long)]
    truth_only: bool,
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
        "{} {} of {} persons in {}\n",
        count(done),
        if done == 1 { "data set" } else { "data sets" },
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

/// Adds what the survey holds of some persons; `codes` are those of the records of the whole replicate, where every record
/// is one person.
fn write_part(
    folder: &mut Folder,
    tables: &mut Tables,
    part: &Part,
    codes: &[u64],
    streams: &Streams,
) -> Result<(), RunProblem> {
    let Part { persons, truth, observed, audit } = part;
    let codes = match audit.links.is_empty() {
        true => Cow::Borrowed(&codes[persons.clone()]),
        false => Cow::Owned(record_codes(streams, observed.replicates.start, observed.group.len())),
    };
    let survey = Survey { batch: observed, codes: &codes, first_person: persons.start, links: &audit.links };
    write_observed(folder, &mut tables.observed, &survey)?;
    if !observed.visits.is_empty() {
        write_visits(folder, &mut tables.visits, &survey)?;
    }
    write_key(folder, &mut tables.key, &survey)?;
    write_audit(folder, &mut tables.audit, &survey, truth, &audit.cells)
}

fn write(arguments: &Arguments, scenario: &Scenario, prepared: &Prepared) -> Result<u64, RunProblem> {
    let seed = arguments.seed.unwrap_or(scenario.study.seed);
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let stamp = Stamp { scenario_hash: scenario.hash.clone(), seed, version };
    let mut folder = Folder::open(&arguments.out, arguments.format.into(), arguments.force, stamp.clone())?;
    let streams = Streams::new(seed, Space::Study);
    let stop = interrupt::stop_flag();
    let done = if arguments.truth_only {
        write_truth(&mut folder, prepared, &streams, arguments.replicates, stop)?
    } else {
        write_all(&mut folder, prepared, &streams, arguments.replicates, stop)?
    };
    if done < arguments.replicates {
        return Ok(done);
    }
    let spent = Spent { threads: 1, ..Spent::default() };
    let texts = scenario.sources.files.iter().map(|(name, text)| (name.as_str(), text.as_ref()));
    release::write_provenance(&mut folder, &stamp, (arguments.replicates, arguments.replicates), &spent, texts)?;
    folder.commit()?;
    Ok(arguments.replicates)
}

/// The truth, the survey, the key between the two and the audit; returns the number of replicates that were done.
fn write_all(
    folder: &mut Folder,
    prepared: &Prepared,
    streams: &Streams,
    replicates: u64,
    stop: &AtomicBool,
) -> Result<u64, RunProblem> {
    let mut scratch = PartScratch::default();
    let mut truth_table = TruthTable::create(folder, prepared.truth.schema())?;
    let mut tables = Tables {
        observed: Growing::new("observed"),
        visits: Growing::new("visits"),
        key: Growing::new("key"),
        audit: Growing::new("audit"),
    };
    for replicate in 0..replicates {
        if stop.load(Ordering::Relaxed) {
            return Ok(replicate);
        }
        let codes = record_codes(streams, replicate, prepared.truth.schema().persons);
        each_part(prepared, streams, replicate, &mut scratch, &mut |part| {
            truth_table.write_part(folder, &part.truth, part.persons.start)?;
            write_part(folder, &mut tables, &part, &codes, streams)
        })?;
    }
    truth_table.close(folder)?;
    for table in [tables.observed, tables.visits, tables.key, tables.audit] {
        table.close(folder)?;
    }
    Ok(replicates)
}

/// The truth, handed over moment by moment; returns the number of replicates that were done.
fn write_truth(
    folder: &mut Folder,
    prepared: &Prepared,
    streams: &Streams,
    replicates: u64,
    stop: &AtomicBool,
) -> Result<u64, RunProblem> {
    let mut scratch = simulate::Scratch::default();
    let mut table = TruthTable::create(folder, prepared.truth.schema())?;
    for replicate in 0..replicates {
        if stop.load(Ordering::Relaxed) {
            return Ok(replicate);
        }
        let replicates = replicate..replicate + 1;
        prepared.truth.simulate_moments(streams, replicates, &mut scratch, &mut |view| -> Result<(), RunProblem> {
            let rows = 0..view.group.len();
            let site = (!view.schema.sites.is_empty()).then(|| view.site(rows.clone()));
            for (wave, _) in view.schema.waves.iter().enumerate().filter(|(_, moment)| **moment == view.moment) {
                let moment = TrueMoment {
                    replicate,
                    wave,
                    years: view.schema.years(view.moment),
                    rows: rows.clone(),
                    first_person: 0,
                    group: view.group,
                    site: site.as_deref(),
                    columns: view.columns.iter().collect(),
                };
                table.write(folder, &moment)?;
            }
            Ok(())
        })?;
    }
    table.close(folder)?;
    Ok(replicates)
}

//! `eclosion simulate`: cohorts as data sets.

mod product;

use super::load::{Ready, ScenarioArguments, first_of, ready};
use super::{Exit, interrupt, output};
use crate::diagnostic::Diagnostics;
use crate::release::dirty::PRESETS;
use crate::release::{
    self, Folder, Format, Growing, Stamp, Survey, TrueMoment, TruthTable, record_codes, write_audit, write_key,
    write_observed, write_visits,
};
use crate::report::count;
use crate::scenario::{Condition, Prepared, Scenario};
use crate::simulate;
use crate::streams::{Space, Streams};
use crate::study::{Part, PartScratch, each_part};
use crate::tables::{RunProblem, Spent};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::borrow::Cow;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Arguments of `eclosion simulate`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    #[command(flatten)]
    destination: Destination,
    /// Write the truth alone, without a survey; needs memory for one moment of a data set only
    #[arg(long, conflicts_with = "release")]
    truth_only: bool,
    /// Add the truth and the audit to a release, in a folder of their own
    #[arg(long, conflicts_with = "out")]
    with_truth: bool,
    /// Put errors of data entry into a release, in place of the scenario's
    #[arg(long, value_name = "PRESET", conflicts_with = "out", value_parser = presets())]
    dirty: Option<String>,
    /// Persons in a data set: the groups keep their proportions
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    persons: Option<u64>,
    /// Simulated data sets
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    replicates: u64,
    /// Seed of all draws, in place of the scenario's
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Form of the tables; for a release it may be given several times
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    format: Vec<Format>,
    /// Replace files of an earlier run in the folder
    #[arg(long)]
    force: bool,
}

/// Where the data goes.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct Destination {
    /// Folder for the tables: truth, survey, key and audit side by side
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Folder for a data set to hand on: tables, codebook, provenance; without the truth
    #[arg(long, value_name = "FOLDER")]
    release: Option<PathBuf>,
}

impl Destination {
    fn folder(&self) -> &Path {
        self.out.as_deref().or(self.release.as_deref()).unwrap_or(Path::new("."))
    }
}

/// All formats of this build by name, for `--format`.
pub(super) fn formats() -> impl TypedValueParser<Value = Format> {
    let values = Format::all().into_iter().map(|format| PossibleValue::new(format.name()).help(format.summary()));
    PossibleValuesParser::new(values).map(|name| Format::named(&name).unwrap_or(Format::Csv))
}

fn presets() -> PossibleValuesParser {
    PossibleValuesParser::new(PRESETS.map(|preset| PossibleValue::new(preset.name).help(preset.summary)))
}

/// Writes simulated cohorts under the first condition of a scenario.
pub fn run(arguments: &Arguments) -> Exit {
    let ready = match ready(&arguments.scenario) {
        Ok(ready) => ready,
        Err(exit) => return exit,
    };
    if arguments.destination.release.is_none() && arguments.format.len() > 1 {
        output::error("--out takes one --format");
        return Exit::Usage;
    }
    let Ready { mut scenario, conditions } = ready;
    let (condition, mut prepared) = match first_of(conditions, "simulated") {
        Ok(first) => first,
        Err(exit) => return exit,
    };
    if let Some(persons) = arguments.persons {
        match scaled(&mut scenario, &condition, persons) {
            Some(other) => prepared = other,
            None => return Exit::Failed,
        }
    }
    let done = match arguments.destination.release {
        Some(_) => product::write(arguments, &scenario, &condition, &prepared),
        None => write(arguments, &scenario, &prepared),
    };
    match done {
        Ok(done) => report(arguments, &prepared, done),
        Err(problem) => {
            output::run_problem(&problem, &scenario.sources);
            Exit::Failed
        }
    }
}

/// The first condition with so many persons; problems are printed.
fn scaled(scenario: &mut Scenario, condition: &Condition, persons: u64) -> Option<Prepared> {
    if let Err(why) = scenario.scale(condition, persons) {
        output::error(&why);
        return None;
    }
    let mut problems = Diagnostics::new();
    let prepared = scenario.prepare(condition, &mut problems);
    output::problems(&problems, &scenario.sources);
    prepared
}

fn stamp(arguments: &Arguments, scenario: &Scenario) -> Stamp {
    let seed = arguments.seed.unwrap_or(scenario.study.seed);
    Stamp { scenario_hash: scenario.hash.clone(), seed, version: env!("CARGO_PKG_VERSION").to_owned() }
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
        arguments.destination.folder().display()
    ))
}

/// The tables that the survey fills.
struct Tables {
    observed: Growing,
    visits: Growing,
    key: Growing,
    audit: Growing,
}

/// Codes of the records of a part; `codes` are those of the whole replicate, where every record is one person.
fn codes_of<'a>(part: &Part, codes: &'a [u64], streams: &Streams) -> Cow<'a, [u64]> {
    match part.audit.links.is_empty() {
        true => Cow::Borrowed(&codes[part.persons.clone()]),
        false => Cow::Owned(record_codes(streams, part.observed.replicates.start, part.observed.group.len())),
    }
}

/// Adds what the survey holds of some persons.
fn write_part(folder: &mut Folder, tables: &mut Tables, part: &Part, codes: &[u64]) -> Result<(), RunProblem> {
    let Part { persons, truth, observed, audit } = part;
    let survey = Survey { batch: observed, codes, first_person: persons.start, links: &audit.links };
    write_observed(folder, &mut tables.observed, &survey)?;
    if !observed.visits.is_empty() {
        write_visits(folder, &mut tables.visits, &survey)?;
    }
    write_key(folder, &mut tables.key, &survey)?;
    write_audit(folder, &mut tables.audit, &survey, truth, &audit.cells)
}

fn write(arguments: &Arguments, scenario: &Scenario, prepared: &Prepared) -> Result<u64, RunProblem> {
    let stamp = stamp(arguments, scenario);
    let format = arguments.format.first().copied().or_else(|| Format::all().first().copied()).unwrap_or(Format::Csv);
    let mut folder = Folder::open(arguments.destination.folder(), format, arguments.force, stamp.clone())?;
    let streams = Streams::new(stamp.seed, Space::Study);
    let stop = interrupt::stop_flag();
    let done = if arguments.truth_only {
        write_truth(&mut folder, prepared, &streams, arguments.replicates, stop)?
    } else {
        write_all(&mut folder, prepared, &streams, 0..arguments.replicates, stop)?
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

/// The truth, the survey, the key between the two and the audit; returns the first replicate that was not done.
pub(super) fn write_all(
    folder: &mut Folder,
    prepared: &Prepared,
    streams: &Streams,
    replicates: Range<u64>,
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
    for replicate in replicates.clone() {
        if stop.load(Ordering::Relaxed) {
            return Ok(replicate);
        }
        let codes = record_codes(streams, replicate, prepared.truth.schema().persons);
        each_part(prepared, streams, replicate, &mut scratch, &mut |part| {
            truth_table.write_part(folder, &part.truth, part.persons.start)?;
            write_part(folder, &mut tables, &part, &codes_of(&part, &codes, streams))?;
            Ok(ControlFlow::Continue(()))
        })?;
    }
    truth_table.close(folder)?;
    for table in [tables.observed, tables.visits, tables.key, tables.audit] {
        table.close(folder)?;
    }
    Ok(replicates.end)
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

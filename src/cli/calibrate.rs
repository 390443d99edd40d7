//! `eclosion calibrate`: parameters of a scenario fitted to published numbers.

use super::load::ScenarioArguments;
use super::progress::Bar;
use super::published::{Beside, beside};
use super::{Exit, interrupt, output};
use crate::calibrate::{CalibrationProblem, Fit, Kept, Prior, Settings, Step, calibrate, check, priors};
use crate::diagnostic::Diagnostics;
use crate::release::{Folder, Format, Stamp, write_draws};
use crate::report::{
    self, calibrated_scenario, calibration, calibration_json, check_csv, check_json, check_svg, draws_scenario, number,
};
use crate::scenario::Scenario;
use crate::statistics::abc::Limits;
use crate::study::Progress;
use crate::tables::RunProblem;
use crate::tables::calibration::Calibration;
use clap::Args;
use sha2::{Digest, Sha256};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::Ordering;

/// Studies that a particle takes to move in a generation, about: for the bar only.
const STUDIES: u64 = 15;

/// Arguments of `eclosion calibrate`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// Published numbers, in place of those that the scenario names
    #[arg(long, value_name = "FILE")]
    published: Option<PathBuf>,
    /// Folder for what is found and, while it runs, for what is done
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Go on with a fit that was interrupted, or further with one that ended
    #[arg(long, conflicts_with = "force")]
    resume: bool,
    /// Begin anew in a folder that has something in it
    #[arg(long)]
    force: bool,
    /// Fit, in place of the published numbers, so many simulated studies whose parameters are draws of the prior, and tell
    /// how well they are found: the ranks of the true values, and what intervals hold of them
    #[arg(long, value_name = "FITS", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    check: Option<u64>,
    #[command(flatten)]
    fit: FitArguments,
    /// Draws of the result that `draws.toml` has as conditions
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    draws: u32,
    /// Print what is found as JSON
    #[arg(long)]
    json: bool,
    /// Seed of all draws, in place of the scenario's
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Threads; no result depends on it [default: as many as cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// How the fit is run.
#[derive(Args, Debug)]
struct FitArguments {
    /// Simulated studies from the prior, from which is learned what the cells tell of the parameters
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(100..=1_000_000))]
    pilot: u64,
    /// Particles of a generation
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    particles: u32,
    /// Share of a generation that is within the next tolerance; copies of it take the places of the others, and all move
    #[arg(long, value_name = "SHARE", default_value_t = 0.5, value_parser = share)]
    quantile: f64,
    /// Most generations
    #[arg(long, value_name = "N", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=1000))]
    generations: u32,
    /// Ends when a smaller share of moves than this is accepted; at least 0.0001
    #[arg(long, value_name = "SHARE", default_value_t = 0.02, value_parser = acceptance)]
    acceptance: f64,
    /// Ends when all particles are as near as this; 0: never
    #[arg(long, value_name = "DISTANCE", default_value_t = 0.0, value_parser = not_negative)]
    tolerance: f64,
    /// Most simulated studies in all, of one fit
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(100..))]
    max_studies: u64,
}

fn share(text: &str) -> Result<f64, String> {
    text.parse::<f64>().ok().filter(|x| *x > 0.0 && *x < 1.0).ok_or_else(|| "a number between 0 and 1".to_owned())
}

/// Below this a generation would have more sweeps than an attempt's address has room for.
fn acceptance(text: &str) -> Result<f64, String> {
    share(text).ok().filter(|x| *x >= 0.0001).ok_or_else(|| "a number from 0.0001 to below 1".to_owned())
}

fn not_negative(text: &str) -> Result<f64, String> {
    text.parse::<f64>().ok().filter(|x| *x >= 0.0 && x.is_finite()).ok_or_else(|| "0 or a number above it".to_owned())
}

/// Fits, and writes what was found.
pub fn run(arguments: &Arguments) -> Exit {
    let used = if arguments.check.is_some() { "checked" } else { "fitted" };
    let beside = match beside(&arguments.scenario, arguments.published.as_deref(), used) {
        Ok(beside) => beside,
        Err(exit) => return exit,
    };
    let Beside { scenario, published, prepared } = &beside;
    let Some(plan) = &prepared.tables else { return Exit::Failed };
    // They were checked when the scenario was read.
    let priors = priors(scenario, &mut Diagnostics::new()).unwrap_or_default();
    if priors.is_empty() {
        output::error("the scenario has no [prior]: name the parameters to be fitted, and their laws (R0086)");
        return Exit::Failed;
    }
    let files: Vec<(String, String)> =
        scenario.sources.files.iter().map(|(name, text)| (name.clone(), text.to_string())).collect();
    let settings = arguments.settings(scenario);
    let fit = Fit { files: &files, priors: &priors, plan, published, settings };
    let done = match arguments.check {
        Some(fits) => checked(arguments, scenario, &fit, fits),
        None => fitted(arguments, scenario, &fit),
    };
    match done {
        Ok(text) => match output::result(&text) {
            Exit::Fine if interrupt::stop_flag().load(Ordering::Relaxed) => Exit::Interrupted,
            exit => exit,
        },
        Err(problem) => {
            output::run_problem(&problem, &scenario.sources);
            if interrupt::stop_flag().load(Ordering::Relaxed) { Exit::Interrupted } else { Exit::Failed }
        }
    }
}

impl Arguments {
    fn settings(&self, scenario: &Scenario) -> Settings {
        let fit = &self.fit;
        Settings {
            seed: self.seed.unwrap_or(scenario.study.seed),
            pilot: fit.pilot,
            limits: Limits {
                particles: fit.particles as usize,
                quantile: fit.quantile,
                tolerance: fit.tolerance,
                acceptance: fit.acceptance,
                fall: 0.01,
                generations: fit.generations,
                attempts: fit.max_studies,
            },
            threads: self.threads.map_or(0, usize::from),
        }
    }
}

/// Fits, writes what was found, and tells it.
fn fitted(arguments: &Arguments, scenario: &Scenario, fit: &Fit<'_>) -> Result<String, RunProblem> {
    let mut kept = Kept::open(&arguments.out, &key(scenario, fit, false), arguments.resume, arguments.force)?;
    let bar = Bar::new(fit.settings.pilot);
    let outcome = calibrate(fit, &mut kept, interrupt::stop_flag(), &|step| tell(&bar, fit, step));
    bar.end();
    let outcome = outcome.map_err(CalibrationProblem::problem)?;
    write(arguments, scenario, fit.priors, fit.settings.seed, &outcome)?;
    Ok(match arguments.json {
        true => calibration_json(&outcome),
        false => calibration(&scenario.study.title, &fit.published.title, &outcome, &output::style()),
    })
}

/// Fits studies whose parameters are known, writes how well they were found, and tells it.
fn checked(arguments: &Arguments, scenario: &Scenario, fit: &Fit<'_>, fits: u64) -> Result<String, RunProblem> {
    let mut kept = Kept::open(&arguments.out, &key(scenario, fit, true), arguments.resume, arguments.force)?;
    let bar = Bar::new(fit.settings.pilot);
    let found = check(fit, fits, &mut kept, interrupt::stop_flag(), &|step| tell(&bar, fit, step));
    bar.end();
    let found = found.map_err(CalibrationProblem::problem)?;
    let title = &scenario.study.title;
    let mut folder = Folder::open(&arguments.out, Format::Csv, true, stamp(scenario, fit.settings.seed))?;
    folder.text("check.csv", &check_csv(&found))?;
    folder.text("check.svg", &check_svg(title, &found))?;
    folder.text("check.json", &check_json(&found))?;
    folder.commit_without_codebook()?;
    Ok(if arguments.json { check_json(&found) } else { report::check(title, &found, &output::style()) })
}

fn tell(bar: &Bar, fit: &Fit<'_>, step: Step) {
    match step {
        Step::Pilot(studies) => bar.tell(&format!("pilot: {studies} studies from the prior\n")),
        Step::Check(number, fits) => bar.tell(&format!("known parameters {number} of {fits}\n")),
        Step::Generation(number_, tolerance) => {
            bar.expect(bar.done() + STUDIES * fit.settings.limits.particles as u64);
            bar.tell(&format!("generation {number_}: within {}\n", number(tolerance)));
        }
        Step::Studies(n) => bar.step(Progress::DataSets(n)),
    }
}

fn stamp(scenario: &Scenario, seed: u64) -> Stamp {
    Stamp { scenario_hash: scenario.hash.clone(), seed, version: env!("CARGO_PKG_VERSION").to_owned() }
}

/// What must be the same where a fit goes on. Limits may differ: a fit may go further than it was to. Fits to known
/// parameters (`checks`) must all be fits of one kind, so there the limits are part of it.
fn key(scenario: &Scenario, fit: &Fit<'_>, checks: bool) -> Vec<(String, String)> {
    let hash =
        |text: &str| Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let numbers: String = fit.published.cells.iter().map(|cell| format!("{} {:?}\n", cell.id, cell.value)).collect();
    let pairs = [
        ("scenario", scenario.hash.clone()),
        ("published numbers", hash(&numbers)),
        ("seed", fit.settings.seed.to_string()),
        ("pilot", fit.settings.pilot.to_string()),
        ("particles", fit.settings.limits.particles.to_string()),
        ("quantile", fit.settings.limits.quantile.to_string()),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("fitted to", if checks { "known parameters" } else { "published numbers" }.to_owned()),
    ];
    let Limits { tolerance, acceptance, generations, attempts, .. } = fit.settings.limits;
    let limits = [
        ("tolerance", tolerance.to_string()),
        ("acceptance", acceptance.to_string()),
        ("generations", generations.to_string()),
        ("most studies", attempts.to_string()),
    ];
    let limits = limits.into_iter().filter(|_| checks);
    pairs.into_iter().chain(limits).map(|(name, text)| (name.to_owned(), text)).collect()
}

fn write(
    arguments: &Arguments,
    scenario: &Scenario,
    priors: &[Prior],
    seed: u64,
    outcome: &Calibration,
) -> Result<(), RunProblem> {
    let stamp = stamp(scenario, seed);
    let format = Format::all().into_iter().next().unwrap_or(Format::Csv);
    // The files of the fit itself lie in the same folder.
    let mut folder = Folder::open(&arguments.out, format, true, stamp)?;
    let names: Vec<&str> = priors.iter().map(|prior| prior.name.as_str()).collect();
    write_draws(&mut folder, &names, &outcome.draws, &outcome.weights)?;
    let base = relative(&arguments.out, &arguments.scenario.file);
    folder.text("calibrated.toml", &calibrated_scenario(&base, outcome))?;
    folder.text("draws.toml", &draws_scenario(&base, outcome, arguments.draws as usize))?;
    folder.text("calibration_found.json", &calibration_json(outcome))?;
    folder.commit_without_codebook()
}

/// The way from a folder to a file, with `/` between its parts.
fn relative(folder: &Path, file: &Path) -> String {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let (folder, file) = (absolute(folder), absolute(file));
    let from: Vec<Component<'_>> = folder.components().collect();
    let to: Vec<Component<'_>> = file.components().collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    let down = to[shared..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

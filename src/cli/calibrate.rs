//! `eclosion calibrate`: parameters of a scenario fitted to published numbers.

use super::load::{Ready, ScenarioArguments, ready};
use super::progress::Bar;
use super::published::published;
use super::{Exit, interrupt, output};
use crate::calibrate::{CalibrationProblem, Fit, Kept, Prior, Settings, Step, calibrate, priors};
use crate::diagnostic::Diagnostics;
use crate::published::Published;
use crate::release::{Folder, Format, Stamp, write_draws};
use crate::report::{calibrated_scenario, calibration, calibration_json, draws_scenario, number};
use crate::scenario::Scenario;
use crate::statistics::abc::Limits;
use crate::study::Progress;
use crate::tables::RunProblem;
use crate::tables::calibration::Calibration;
use clap::Args;
use sha2::{Digest, Sha256};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::Ordering;

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
    /// Share of a generation that is within the next tolerance
    #[arg(long, value_name = "SHARE", default_value_t = 0.5, value_parser = share)]
    quantile: f64,
    /// Most generations
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=1000))]
    generations: u32,
    /// Ends when a smaller share of attempts than this is accepted
    #[arg(long, value_name = "SHARE", default_value_t = 0.02, value_parser = share)]
    acceptance: f64,
    /// Ends when all particles are as near as this; 0: never
    #[arg(long, value_name = "DISTANCE", default_value_t = 0.0, value_parser = not_negative)]
    tolerance: f64,
    /// Most simulated studies in all
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(100..))]
    max_studies: u64,
}

fn share(text: &str) -> Result<f64, String> {
    text.parse::<f64>().ok().filter(|x| *x > 0.0 && *x < 1.0).ok_or_else(|| "a number between 0 and 1".to_owned())
}

fn not_negative(text: &str) -> Result<f64, String> {
    text.parse::<f64>().ok().filter(|x| *x >= 0.0 && x.is_finite()).ok_or_else(|| "0 or a number above it".to_owned())
}

/// Fits, and writes what was found.
pub fn run(arguments: &Arguments) -> Exit {
    let Ready { scenario, mut conditions } = match ready(&arguments.scenario) {
        Ok(ready) => ready,
        Err(exit) => return exit,
    };
    let published = match published(arguments.published.as_deref(), &scenario) {
        Ok(Some(published)) => published,
        Ok(None) => {
            output::error("there are no published numbers: name a file with --published, or in [tables] (R0081)");
            return Exit::Failed;
        }
        Err(exit) => return exit,
    };
    let mut problems = Diagnostics::new();
    let priors = priors(&scenario, &mut problems);
    output::problems(&problems, &scenario.sources);
    let Some(priors) = priors else { return Exit::Failed };
    if priors.is_empty() {
        output::error("the scenario has no [prior]: name the parameters to be fitted, and their laws (R0086)");
        return Exit::Failed;
    }
    let first = if conditions.is_empty() { None } else { Some(conditions.swap_remove(0).1) };
    let Some(plan) = first.as_ref().and_then(|prepared| prepared.tables.as_ref()) else {
        output::error("the scenario declares no tables (R0080)");
        return Exit::Failed;
    };
    let files: Vec<(String, String)> =
        scenario.sources.files.iter().map(|(name, text)| (name.clone(), text.to_string())).collect();
    let settings = arguments.settings(&scenario);
    let fit = Fit { files: &files, priors: &priors, plan, published: &published, settings };
    match attempt(arguments, &scenario, &fit, &published) {
        Ok((outcome, exit)) => {
            let text = match arguments.json {
                true => calibration_json(&outcome),
                false => calibration(&scenario.study.title, &published.title, &outcome, &output::style()),
            };
            match output::result(&text) {
                Exit::Fine => exit,
                other => other,
            }
        }
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

fn attempt(
    arguments: &Arguments,
    scenario: &Scenario,
    fit: &Fit<'_>,
    published: &Published,
) -> Result<(Calibration, Exit), RunProblem> {
    let key = key(scenario, fit, published);
    let mut kept = Kept::open(&arguments.out, &key, arguments.resume, arguments.force)?;
    let stop = interrupt::stop_flag();
    let bar = Bar::new(fit.settings.pilot);
    let told = |step: Step| match step {
        Step::Pilot(studies) => bar.tell(&format!("pilot: {studies} studies from the prior\n")),
        Step::Generation(number_, tolerance) => {
            bar.expect(bar.done() + fit.settings.limits.particles as u64);
            bar.tell(&format!("generation {number_}: within {}\n", number(tolerance)));
        }
        Step::Studies(n) => bar.step(Progress::DataSets(n)),
    };
    let outcome = calibrate(fit, &mut kept, stop, &told).map_err(CalibrationProblem::problem);
    bar.end();
    let outcome = outcome?;
    write(arguments, scenario, fit.priors, fit.settings.seed, &outcome)?;
    Ok((outcome, if stop.load(Ordering::Relaxed) { Exit::Interrupted } else { Exit::Fine }))
}

/// What must be the same where a fit goes on. Limits may differ: a fit may go further than it was to.
fn key(scenario: &Scenario, fit: &Fit<'_>, published: &Published) -> Vec<(String, String)> {
    let hash =
        |text: &str| Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let numbers: String = published.cells.iter().map(|cell| format!("{} {:?}\n", cell.id, cell.value)).collect();
    let pairs = [
        ("scenario", scenario.hash.clone()),
        ("published numbers", hash(&numbers)),
        ("seed", fit.settings.seed.to_string()),
        ("pilot", fit.settings.pilot.to_string()),
        ("particles", fit.settings.limits.particles.to_string()),
        ("quantile", fit.settings.limits.quantile.to_string()),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    pairs.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

fn write(
    arguments: &Arguments,
    scenario: &Scenario,
    priors: &[Prior],
    seed: u64,
    outcome: &Calibration,
) -> Result<(), RunProblem> {
    let stamp = Stamp { scenario_hash: scenario.hash.clone(), seed, version: env!("CARGO_PKG_VERSION").to_owned() };
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

//! The fit itself: pilot, generations, adjustment.

use super::attempt::{Attempt, Workshop};
use super::kept::Kept;
use super::outcome::{Told, outcome};
use super::{CalibrationProblem, Prior, Settings};
use crate::published::Published;
use crate::statistics::abc::{
    Adjustment, Candidate, Generation, Next, Posterior, Progress, Projection, Proposer, Stop, Summaries, Transform,
};
use crate::tables::RunProblem;
use crate::tables::calibration::Calibration;
use crate::tabulate::{Fill, Plan};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

/// Attempts that are made before it is looked whether a generation is full.
const BLOCK: u64 = 256;
/// Folds of the cross-validation of the projection.
const FOLDS: usize = 10;
/// Share of the draws of the pilot that may fail.
const FEW: f64 = 0.5;

/// What is fitted to what.
#[derive(Clone, Copy)]
pub struct Fit<'a> {
    /// The files of the scenario, settings included.
    pub files: &'a [(String, String)],
    /// The fitted parameters.
    pub priors: &'a [Prior],
    /// The tables of the scenario.
    pub plan: &'a Plan,
    /// The published numbers.
    pub published: &'a Published,
    /// How.
    pub settings: Settings,
}

/// How far a fit is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// The pilot begins: so many studies.
    Pilot(u64),
    /// A generation begins: its number and its tolerance.
    Generation(u32, f64),
    /// So many studies more are done.
    Studies(u64),
}

/// The cells that are compared: positions in the plan, how each is transformed, and the published numbers.
struct Figures {
    cells: Vec<usize>,
    transforms: Vec<Transform>,
    observed: Vec<f64>,
}

impl Figures {
    fn new(fit: &Fit<'_>) -> Self {
        let mut figures = Self { cells: Vec::new(), transforms: Vec::new(), observed: Vec::new() };
        for printed in &fit.published.cells {
            let Some((value, cell)) = printed.value.zip(fit.plan.cell(&printed.id)) else { continue };
            let transform = match fit.plan.cells[cell].fill {
                Fill::Fixed | Fill::NotApplicable => continue,
                Fill::Count(_) | Fill::PersonsWithComment => Transform::Root,
                _ => Transform::Identity,
            };
            figures.cells.push(cell);
            figures.transforms.push(transform);
            figures.observed.push(value);
        }
        figures
    }

    fn of(&self, cells: &[f64]) -> Vec<f64> {
        self.cells.iter().map(|cell| cells.get(*cell).copied().unwrap_or(f64::NAN)).collect()
    }
}

/// Fits the parameters, or goes on where `kept` ends.
///
/// # Errors
/// The fitter refuses (no draw of the prior gives studies, nothing varies), a file cannot be written, no thread can be
/// started.
pub fn calibrate(
    fit: &Fit<'_>,
    kept: &mut Kept,
    stop: &AtomicBool,
    told: &(dyn Fn(Step) + Sync),
) -> Result<Calibration, CalibrationProblem> {
    let figures = Figures::new(fit);
    if figures.cells.is_empty() {
        let message = "no published number has a cell in the tables of the scenario".to_owned();
        return Err(RunProblem { code: "R0081", message, span: None }.into());
    }
    let tell_studies = |n: u64| told(Step::Studies(n));
    let workshop = Workshop {
        files: fit.files,
        priors: fit.priors,
        seed: fit.settings.seed,
        threads: fit.settings.threads,
        stop,
        told: &tell_studies,
    };
    let pilot = match kept.pilot()? {
        Some(pilot) => pilot,
        None => {
            told(Step::Pilot(fit.settings.pilot));
            let pilot = workshop.attempts(0, None, 0, fit.settings.pilot)?;
            if (pilot.len() as u64) < fit.settings.pilot {
                return Err(interrupted("the pilot"));
            }
            let pilot: Vec<Attempt> = pilot.into_iter().map(|attempt| shortened(attempt, &figures)).collect();
            kept.keep_pilot(&pilot)?;
            pilot
        }
    };
    let (projection, observed) = projected(fit, &figures, &pilot)?;
    let mut spent = pilot.len() as u64;
    let mut generations: Vec<Generation> = Vec::new();
    for generation in kept.generations(fit.priors.len())? {
        spent += if generation.number > 1 { generation.attempts } else { 0 };
        generations.push(generation);
    }
    if generations.is_empty() {
        let candidates = pilot.iter().map(|attempt| candidate(attempt, &projection, &observed)).collect();
        let first = Generation::first(candidates, fit.settings.limits.particles)?;
        kept.keep_generation(&first)?;
        generations.push(first);
    }
    let end = loop {
        let Some(last) = generations.last() else { return Err(interrupted("the first generation")) };
        if last.effective() < enough(fit.priors.len()) {
            break End::Thin(last.progress());
        }
        let (number, tolerance, most) = match fit.settings.limits.next(last, spent) {
            Next::Stop(end) => break End::Stop(end),
            Next::Generation { number, tolerance, attempts } => (number, tolerance, attempts),
        };
        told(Step::Generation(number, tolerance));
        let proposer = Proposer::new(last)?;
        let want = fit.settings.limits.particles;
        let mut accepted: Vec<Candidate> = Vec::with_capacity(want);
        let mut made = 0;
        while accepted.len() < want && made < most && !stop.load(Ordering::Relaxed) {
            let block = BLOCK.min(most - made);
            for attempt in workshop.attempts(number, Some(&proposer), made, block)? {
                if accepted.len() == want {
                    break;
                }
                made += 1;
                let near = candidate(&shortened(attempt, &figures), &projection, &observed);
                if near.distance <= tolerance {
                    accepted.push(near);
                }
            }
        }
        spent += made;
        if accepted.len() < want {
            if stop.load(Ordering::Relaxed) {
                break End::Interrupted;
            }
            let progress = last.progress();
            break End::Stop(fit.settings.limits.unfinished(progress, tolerance, accepted.len() as u64, made, spent));
        }
        let next = Generation::next(last, &proposer, accepted, tolerance, made)?;
        kept.keep_generation(&next)?;
        generations.push(next);
    };
    finished(fit, &figures, (&projection, &observed), &pilot, &generations, end, spent)
}

fn finished(
    fit: &Fit<'_>,
    figures: &Figures,
    (projection, observed): (&Projection, &[f64]),
    pilot: &[Attempt],
    generations: &[Generation],
    end: End,
    spent: u64,
) -> Result<Calibration, CalibrationProblem> {
    // The last generation that has enough particles for a regression. Where none has, the last one stands as it is, and the
    // outcome says so.
    let adjusted = |generation| Some((generation, Posterior::adjusted(generation, observed, Adjustment::Linear).ok()?));
    let used = generations.iter().rev().find_map(adjusted);
    let last = generations.last().map(|last| (last, Posterior::unadjusted(last)));
    let Some((used, posterior)) = used.or(last) else { return Err(interrupted("the first generation")) };
    let beyond = projection.outside_pilot(&figures.observed)?;
    let beyond = beyond.into_iter().map(|at| fit.plan.cells[figures.cells[at]].id.clone()).collect();
    let failed: Vec<&String> = pilot.iter().filter_map(|attempt| attempt.cells.as_ref().err()).collect();
    let told = Told {
        beyond,
        failed: failed.len() as u64,
        failed_because: failed.first().map(|why| (*why).clone()).unwrap_or_default(),
        end: end.to_string(),
        studies: spent,
        generation: used.number,
    };
    Ok(outcome(fit.priors, posterior, generations, projection, told))
}

/// Effective particles without which a generation says too little of so many parameters to go on from.
fn enough(parameters: usize) -> f64 {
    (2 * (parameters + 2)) as f64
}

/// Why a fit ended.
enum End {
    Stop(Stop),
    /// Few particles have nearly all the weight.
    Thin(Progress),
    Interrupted,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stop(stop) => stop.fmt(f),
            Self::Thin(last) => write!(
                f,
                "in generation {} few particles have nearly all the weight ({:.0} effective of {}), as happens with many \
                 parameters: what is found rests on the generation before; a larger --pilot brings that nearer",
                last.number, last.effective, last.accepted
            ),
            Self::Interrupted => f.write_str("interrupted: run it again with --resume to go on"),
        }
    }
}

fn interrupted(what: &str) -> CalibrationProblem {
    let message = format!("interrupted in {what}: run it again with --resume");
    RunProblem { code: "R0084", message, span: None }.into()
}

/// Only the cells that are compared.
fn shortened(attempt: Attempt, figures: &Figures) -> Attempt {
    Attempt { cells: attempt.cells.map(|cells| figures.of(&cells)), ..attempt }
}

/// Learns from the pilot what the cells say of each parameter; the published numbers projected.
fn projected(
    fit: &Fit<'_>,
    figures: &Figures,
    pilot: &[Attempt],
) -> Result<(Projection, Vec<f64>), CalibrationProblem> {
    let good: Vec<(&[f64], &[f64])> = pilot
        .iter()
        .filter_map(|attempt| Some((attempt.z.as_slice(), attempt.cells.as_ref().ok()?.as_slice())))
        .collect();
    if (good.len() as f64) < FEW * pilot.len() as f64 {
        let why = pilot.iter().find_map(|attempt| attempt.cells.as_ref().err()).cloned().unwrap_or_default();
        let message = format!(
            "{} of {} draws of the prior give no study; the first says: {why}",
            pilot.len() - good.len(),
            pilot.len()
        );
        return Err(RunProblem { code: "R0082", message, span: None }.into());
    }
    let z: Vec<f64> = good.iter().flat_map(|(z, _)| z.iter().copied()).collect();
    let values: Vec<f64> = good.iter().flat_map(|(_, cells)| cells.iter().copied()).collect();
    let summaries = Summaries { values: &values, columns: figures.cells.len() };
    let projection = Projection::fit(&z, fit.priors.len(), summaries, &figures.transforms, FOLDS)?;
    let observed = projection.project(&figures.observed)?.at;
    Ok((projection, observed))
}

/// A failed study is infinitely far.
fn candidate(attempt: &Attempt, projection: &Projection, observed: &[f64]) -> Candidate {
    let at = attempt.cells.as_ref().ok().and_then(|cells| projection.project(cells).ok()).map(|projected| projected.at);
    match at {
        Some(projected) => {
            let distance = projection.distance(&projected, observed);
            Candidate { z: attempt.z.clone(), projected, distance }
        }
        None => Candidate { z: attempt.z.clone(), projected: vec![0.0; observed.len()], distance: f64::INFINITY },
    }
}

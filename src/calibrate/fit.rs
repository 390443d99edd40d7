//! The fit itself: pilot, generations, adjustment.

use super::attempt::{Attempt, Workshop};
use super::failure::interrupted;
use super::figures::Figures;
use super::kept::Kept;
use super::nearer::{Approach, Nearer};
use super::outcome::{Told, outcome};
use super::pilot::Pilot;
use super::{CalibrationProblem, Prior, Settings};
use crate::published::Published;
use crate::tables::RunProblem;
use crate::tables::calibration::Calibration;
use crate::tabulate::Plan;
use std::sync::atomic::AtomicBool;

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
    /// A fit to known parameters begins: its number, and how many there are.
    Check(u64, u64),
    /// A generation begins: its number and its tolerance.
    Generation(u32, f64),
    /// So many studies more are done.
    Studies(u64),
}

impl<'a> Fit<'a> {
    /// The cells that are compared.
    pub(super) fn figures(&self) -> Result<Figures, CalibrationProblem> {
        let figures = Figures::new(self);
        if figures.cells.is_empty() {
            let message = "no published number has a cell in the tables of the scenario".to_owned();
            return Err(RunProblem { code: "R0081", message, span: None }.into());
        }
        Ok(figures)
    }

    pub(super) fn workshop(&self, stop: &'a AtomicBool, told: &'a (dyn Fn(u64) + Sync)) -> Workshop<'a> {
        Workshop::new(self.files, self.priors, (self.settings.seed, self.settings.threads), stop, told)
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
    let figures = fit.figures()?;
    let tell_studies = |n: u64| told(Step::Studies(n));
    let workshop = fit.workshop(stop, &tell_studies);
    let pilot = Pilot::new(fit, &workshop, &figures, kept, told)?;
    let observed = pilot.project(&figures.observed)?;
    let approach = Approach {
        workshop: &workshop,
        figures: &figures,
        pilot: &pilot,
        limits: &fit.settings.limits,
        observed: &observed,
        check: 0,
        told,
    };
    let nearer = approach.run(fit.priors.len(), kept)?;
    finished(fit, &figures, &pilot, &nearer, &observed)
}

fn finished(
    fit: &Fit<'_>,
    figures: &Figures,
    pilot: &Pilot,
    nearer: &Nearer,
    observed: &[f64],
) -> Result<Calibration, CalibrationProblem> {
    let Some((generation, posterior)) = nearer.posterior(observed) else {
        return Err(interrupted("the first generation"));
    };
    let beyond = pilot.projection.outside_pilot(&figures.observed)?;
    let why = |attempt: &Attempt| attempt.cells.as_ref().err().cloned();
    let failed: Vec<String> = pilot.attempts.iter().filter_map(why).collect();
    let told = Told {
        beyond: beyond.into_iter().map(|at| fit.plan.cells[figures.cells[at]].id.clone()).collect(),
        failed: failed.len() as u64,
        failed_because: failed.first().cloned().unwrap_or_default(),
        end: nearer.end.to_string(),
        studies: nearer.studies,
        generation,
    };
    Ok(outcome(fit.priors, posterior, &nearer.generations, &pilot.projection, told))
}

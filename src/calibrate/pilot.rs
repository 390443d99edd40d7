//! The pilot: studies from the prior, and what they say of each parameter.

use super::attempt::{Address, Attempt, Workshop};
use super::failure::interrupted;
use super::figures::Figures;
use super::kept::Kept;
use super::{CalibrationProblem, Fit, Step};
use crate::statistics::abc::{AbcFailure, Particle, Projection, Summaries, draw_prior};
use crate::tables::RunProblem;

/// Folds of the cross-validation of the projection.
const FOLDS: usize = 10;
/// Share of the draws of the pilot that may fail.
const FEW: f64 = 0.5;

/// Studies from the prior with the cells that are compared, and what the cells say of each parameter.
pub(super) struct Pilot {
    pub attempts: Vec<Attempt>,
    pub projection: Projection,
}

impl Pilot {
    /// The pilot that is kept, or a new one, which then is kept.
    pub fn new(
        fit: &Fit<'_>,
        workshop: &Workshop<'_>,
        figures: &Figures,
        kept: &mut Kept,
        told: &(dyn Fn(Step) + Sync),
    ) -> Result<Self, CalibrationProblem> {
        let attempts = match kept.pilot()? {
            Some(attempts) => attempts,
            None => {
                told(Step::Pilot(fit.settings.pilot));
                let parameters = fit.priors.len();
                let made = workshop.attempts(Address::default(), fit.settings.pilot as usize, &|_, draws| {
                    Some(draw_prior(parameters, draws))
                })?;
                let Some(made) = made else { return Err(interrupted("the pilot")) };
                let attempts: Vec<Attempt> = made.into_iter().flatten().map(|attempt| figures.of(attempt)).collect();
                kept.keep_pilot(&attempts)?;
                attempts
            }
        };
        let projection = projection(fit, figures, &attempts)?;
        Ok(Self { attempts, projection })
    }

    /// The pilot as particles.
    pub fn particles(&self, observed: &[f64]) -> Vec<Particle> {
        self.attempts.iter().map(|attempt| self.particle(attempt, observed)).collect()
    }

    /// An attempt with its distance from projected figures. A failed study is infinitely far.
    pub fn particle(&self, attempt: &Attempt, observed: &[f64]) -> Particle {
        let z = attempt.z.clone();
        match attempt.cells.as_ref().ok().and_then(|cells| self.projection.project(cells).ok()) {
            Some(projected) => {
                let distance = self.projection.distance(&projected.at, observed);
                Particle { z, projected: projected.at, distance }
            }
            None => Particle { z, projected: vec![0.0; observed.len()], distance: f64::INFINITY },
        }
    }

    /// Figures projected.
    pub fn project(&self, figures: &[f64]) -> Result<Vec<f64>, AbcFailure> {
        Ok(self.projection.project(figures)?.at)
    }
}

/// Learns from the pilot what the cells say of each parameter.
fn projection(fit: &Fit<'_>, figures: &Figures, pilot: &[Attempt]) -> Result<Projection, CalibrationProblem> {
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
    Ok(Projection::fit(&z, fit.priors.len(), summaries, &figures.transforms, FOLDS)?)
}

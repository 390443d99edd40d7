//! Does a fit find parameters that are known? Simulation-based calibration, with the fit as it is run on published numbers.

use super::attempt::{Address, Workshop};
use super::failure::interrupted;
use super::figures::Figures;
use super::kept::Kept;
use super::nearer::{Approach, End};
use super::pilot::Pilot;
use super::{CalibrationProblem, Fit, Prior, Step};
use crate::statistics::abc::{Learned, Posterior, Shape, Uniformity, draw_prior, learned, rank, weighted_quantile};
use crate::streams::Purpose;
use crate::tables::RunProblem;
use crate::tables::check::{Check, CheckedFit, CheckedParameter, CheckedValue};
use std::sync::atomic::AtomicBool;

const TRUTH: Purpose = Purpose::named("calibrate.truth");
const RANK: Purpose = Purpose::named("calibrate.rank");
/// Draws of each posterior among which the true value has its rank.
const DRAWS: usize = 19;
/// Bars that a histogram of ranks may have, and the ranks in a bar, on average, that it needs for so many.
const BARS: [usize; 4] = [10, 5, 4, 2];
const IN_A_BAR: usize = 5;
/// Chance that ranks which are even are told otherwise of any parameter.
const FALSE_ALARM: f64 = 0.05;

/// Draws true parameters from the prior `n` times, simulates a study with each, fits it as if its cells were the published
/// ones, and ranks the true values among draws of the posterior (Talts and others 2018, arXiv:1804.06788). The pilot, which
/// knows no data, is the same for all.
///
/// Each whole fit is kept; `kept` may hold some already.
///
/// # Errors
/// As [`calibrate`](super::calibrate); no fit of all has a result.
pub fn check(
    fit: &Fit<'_>,
    n: u64,
    kept: &mut Kept,
    stop: &AtomicBool,
    told: &(dyn Fn(Step) + Sync),
) -> Result<Check, CalibrationProblem> {
    let figures = fit.figures()?;
    let tell_studies = |n: u64| told(Step::Studies(n));
    let workshop = fit.workshop(stop, &tell_studies);
    let pilot = Pilot::new(fit, &workshop, &figures, kept, told)?;
    let mut fits = Vec::new();
    for number in 1..=n {
        let done = match kept.check(number, fit.priors.len())? {
            Some(done) => done,
            None => {
                told(Step::Check(number, n));
                let Some(done) = one(fit, &workshop, &figures, &pilot, (number, told))? else { break };
                kept.keep_check(&done)?;
                done
            }
        };
        fits.push(done);
    }
    checked(fit.priors, n, fits, pilot.attempts.len() as u64)
}

/// One fit to a study whose parameters are known; nothing where a stop was asked for.
fn one(
    fit: &Fit<'_>,
    workshop: &Workshop<'_>,
    figures: &Figures,
    pilot: &Pilot,
    (number, told): (u64, &(dyn Fn(Step) + Sync)),
) -> Result<Option<CheckedFit>, CalibrationProblem> {
    let at = Address { check: number, ..Address::default() };
    let truth = workshop.drawn(TRUTH, at, 0, |draws| draw_prior(fit.priors.len(), draws));
    let mut fitted = CheckedFit { number, truth: truth.clone(), ..CheckedFit::default() };
    let Some(study) = workshop.attempts(at, 1, &|_, _| Some(truth.clone()))? else { return Ok(None) };
    let study = study.into_iter().flatten().next().map(|attempt| figures.of(attempt).cells);
    let observed = match study.unwrap_or_else(|| Err("no study was made".to_owned())) {
        Ok(cells) => pilot.project(&cells).map_err(|failure| failure.to_string()),
        Err(why) => Err(why),
    };
    let observed = match observed {
        Ok(observed) => observed,
        Err(why) => return Ok(Some(CheckedFit { failed: why, ..fitted })),
    };
    let limits = &fit.settings.limits;
    let approach = Approach { workshop, figures, pilot, limits, observed: &observed, check: number, told };
    let nearer = match approach.run(fit.priors.len(), &mut Kept::nowhere()) {
        Ok(nearer) => nearer,
        Err(CalibrationProblem::Fit(failure)) => {
            return Ok(Some(CheckedFit { failed: failure.to_string(), ..fitted }));
        }
        Err(problem) => return Err(problem),
    };
    if nearer.end == End::Interrupted {
        return Ok(None);
    }
    let Some((generation, posterior)) = nearer.posterior(&observed) else { return Ok(None) };
    let used = nearer.generations.iter().find(|own| own.number == generation);
    fitted.generation = generation;
    fitted.tolerance = used.map_or(f64::NAN, |own| own.tolerance);
    fitted.effective = posterior.effective();
    fitted.studies = nearer.studies - pilot.attempts.len() as u64;
    let chosen = workshop.drawn(RANK, at, 0, |draws| posterior.resample(DRAWS, draws));
    fitted.values = values(&truth, &posterior, &chosen);
    Ok(Some(fitted))
}

/// What a posterior says of each true value; `chosen` are positions of draws.
fn values(truth: &[f64], posterior: &Posterior, chosen: &[usize]) -> Vec<CheckedValue> {
    let value = |(j, (truth, learned)): (usize, (&f64, Learned))| {
        let all: Vec<f64> = posterior.values(j).collect();
        let quantile = |share| weighted_quantile(&all, &posterior.weights, share);
        let draws: Vec<f64> = chosen.iter().filter_map(|at| all.get(*at).copied()).collect();
        CheckedValue {
            rank: rank(*truth, &draws),
            mean: learned.mean,
            sd: learned.sd,
            half: [quantile(0.25), quantile(0.75)],
            most: [learned.low, learned.high],
        }
    };
    truth.iter().zip(learned(posterior)).enumerate().map(value).collect()
}

fn checked(priors: &[Prior], asked: u64, fits: Vec<CheckedFit>, pilot: u64) -> Result<Check, CalibrationProblem> {
    let good: Vec<&CheckedFit> = fits.iter().filter(|fit| fit.failed.is_empty()).collect();
    if good.is_empty() {
        let Some(first) = fits.first() else { return Err(interrupted("the first check")) };
        let message =
            format!("none of {} fits to known parameters has a result; the first says: {}", fits.len(), first.failed);
        return Err(RunProblem { code: "R0083", message, span: None }.into());
    }
    let bars = BARS.into_iter().find(|bars| good.len() >= IN_A_BAR * bars).unwrap_or(2);
    let level = 1.0 - FALSE_ALARM / priors.len().max(1) as f64;
    let parameter = |(j, prior): (usize, &Prior)| parameter(prior, j, &good, (bars, level));
    let parameters = priors.iter().enumerate().map(parameter).collect::<Result<Vec<_>, _>>()?;
    let studies = pilot + fits.iter().map(|fit| fit.studies).sum::<u64>();
    Ok(Check { asked, draws: DRAWS, studies, parameters, fits })
}

fn parameter(
    prior: &Prior,
    j: usize,
    fits: &[&CheckedFit],
    (bars, level): (usize, f64),
) -> Result<CheckedParameter, CalibrationProblem> {
    let pairs: Vec<(f64, &CheckedValue)> =
        fits.iter().filter_map(|fit| Some((*fit.truth.get(j)?, fit.values.get(j)?))).collect();
    let ranks: Vec<usize> = pairs.iter().map(|(_, value)| value.rank).collect();
    let even = Uniformity::new(&ranks, DRAWS, bars, level)?;
    let share = |inside: &dyn Fn(&(f64, &CheckedValue)) -> bool| {
        pairs.iter().filter(|pair| inside(pair)).count() as f64 / pairs.len() as f64
    };
    let between = |truth: f64, [low, high]: [f64; 2]| (low..=high).contains(&truth);
    let narrowed = pairs.iter().map(|(_, value)| 1.0 - value.sd * value.sd).sum::<f64>() / pairs.len() as f64;
    Ok(CheckedParameter {
        name: prior.name.clone(),
        expected: even.expected,
        band: [even.band.0, even.band.1],
        p: even.p,
        shift_z: even.shift_z,
        spread_z: even.spread_z,
        even: even.shape == Shape::Uniform,
        verdict: even.shape.to_string(),
        histogram: even.histogram,
        half: share(&|(truth, value)| between(*truth, value.half)),
        most: share(&|(truth, value)| between(*truth, value.most)),
        correlation: correlation(&pairs.iter().map(|(truth, value)| (*truth, value.mean)).collect::<Vec<_>>()),
        narrowed,
    })
}

/// Pearson's correlation; NaN where one of the two does not vary.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let (a, b) = pairs.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / n, b + y / n));
    let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|(x, y)| f(x - a, y - b)).sum::<f64>();
    sum(&|x, y| x * y) / libm::sqrt(sum(&|x, _| x * x) * sum(&|_, y| y * y))
}

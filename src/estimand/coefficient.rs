//! The coefficient of a regression among true values: the best linear (or logistic) description of the truth.

use super::regression::Equations;
use crate::tables::RunProblem;

/// Newton steps at most. Where a finite solution exists, fewer than ten are needed; towards an infinite one (separation)
/// each step gains only a factor of e.
const MOST_STEPS: usize = 25;

/// Squared length of a last step, in units of the information per unit of weight, after which nothing changes.
const SMALL_STEP: f64 = 1e-16;

/// A fitted regression.
pub(super) struct Fitted {
    /// Coefficients; 0 for columns that are nothing but 0.
    pub beta: Vec<f64>,
    /// The equations at `beta`.
    pub equations: Equations,
}

/// Fits by Newton's method with halved steps. `equations` adds up the equations at given coefficients. None where no
/// finite unique solution exists.
///
/// # Errors
/// Those of `equations`.
pub(super) fn fit(
    columns: usize,
    logistic: bool,
    mut equations: impl FnMut(&[f64]) -> Result<Equations, RunProblem>,
) -> Result<Option<Fitted>, RunProblem> {
    let mut beta = vec![0.0; columns];
    let mut now = equations(&beta)?;
    for round in 0..MOST_STEPS {
        let score = now.score();
        let Some(step) = now.step(&score, None) else {
            return Ok(None);
        };
        let gain: f64 = score.iter().zip(&step).map(|(g, s)| g * s).sum();
        let mut fraction = 1.0;
        let next = loop {
            let trial: Vec<f64> = beta.iter().zip(&step).map(|(b, s)| b + fraction * s).collect();
            let at_trial = equations(&trial)?;
            // A linear regression needs no shorter steps, and its likelihood may be nothing but rounding.
            if !logistic
                || at_trial.likelihood() >= now.likelihood() - 1e-12 * now.likelihood().abs()
                || fraction < 1e-3
            {
                break (trial, at_trial);
            }
            fraction *= 0.5;
        };
        (beta, now) = next;
        // A linear regression is solved by its first step; the second takes away the rounding of the first.
        let settled = if logistic { gain <= SMALL_STEP * now.weight() } else { round == 1 };
        if settled {
            return Ok(beta.iter().all(|b| b.is_finite()).then_some(Fitted { beta, equations: now }));
        }
    }
    Ok(None)
}

/// The coefficient at `wanted` with the equations `part` left out, by one Newton step from the full fit; exact for a
/// linear regression. NaN where it is not defined.
pub(super) fn without(fitted: &Fitted, part: &Equations, wanted: usize) -> f64 {
    let score: Vec<f64> = part.score().iter().map(|s| -s).collect();
    match fitted.equations.step(&score, Some(part)) {
        Some(step) => fitted.beta[wanted] + step[wanted],
        None => f64::NAN,
    }
}

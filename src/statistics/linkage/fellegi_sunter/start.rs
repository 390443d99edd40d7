//! Where EM starts from, and which of its ends is taken.

use super::{Em, Failure, Fit, Limits, Parameters, Patterns};

/// Shares of matches to start from.
const SHARES: [f64; 4] = [0.2, 0.05, 0.01, 0.001];
/// Probabilities of the highest level among matches to start from.
const AGREEMENT: [f64; 2] = [0.95, 0.8];
/// Likelihoods that differ relatively by less than this belong to the same maximum.
const SAME: f64 = 1e-8;

/// The best of several fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// The fit with the greatest likelihood, its classes named so that matches agree more.
    pub fit: Fit,
    /// Number of different maxima that were found.
    pub maxima: usize,
}

/// Parameters to start from. The likelihood has local maxima and, where few pairs are matches, one at which the classes
/// have changed places; so m starts high at the highest level and u at the shares of all pairs, most of which are no
/// matches, for several shares of matches.
#[must_use]
pub fn starts(patterns: &Patterns) -> Vec<Parameters> {
    let u = shares_of_all(patterns);
    let start = |agreement: f64, p: f64| {
        let m = (0..patterns.fields()).flat_map(|field| falling(patterns.field(field).len(), agreement)).collect();
        Parameters { m, u: u.clone(), p }
    };
    AGREEMENT.iter().flat_map(|agreement| SHARES.iter().map(|p| start(*agreement, *p))).collect()
}

/// Fits from all of [`starts`] and takes the greatest likelihood; of equal ones the first.
///
/// # Errors
/// The reason of the first start, where no start leads to a fit.
pub fn best_fit(em: &mut Em, patterns: &Patterns, limits: &Limits) -> Result<Best, Failure> {
    let mut best: Option<Best> = None;
    let mut found: Vec<f64> = Vec::new();
    let mut failure = Failure::NoPairs;
    for (k, start) in starts(patterns).iter().enumerate() {
        let fit = match em.fit(patterns, start, limits) {
            Ok(fit) => fit,
            Err(reason) => {
                failure = if k == 0 { reason } else { failure };
                continue;
            }
        };
        let same = |loglik: &f64| (loglik - fit.loglik).abs() <= SAME * fit.loglik.abs().max(1.0);
        if !found.iter().any(same) {
            found.push(fit.loglik);
        }
        // A later fit must be clearly better, so that rounding does not choose between the same maximum twice.
        if best.as_ref().is_none_or(|b| fit.loglik > b.fit.loglik && !same(&b.fit.loglik)) {
            best = Some(Best { fit, maxima: 0 });
        }
    }
    let best = best.ok_or(failure)?;
    Ok(Best { fit: named(best.fit, patterns), maxima: found.len() })
}

/// The fit with its classes named so that matches agree at higher levels.
fn named(fit: Fit, patterns: &Patterns) -> Fit {
    let mean_level = |list: &[f64]| -> f64 {
        let of_field = |field: usize| {
            let levels = list.get(patterns.field(field)).unwrap_or(&[]);
            let top = levels.len().saturating_sub(1).max(1) as f64;
            levels.iter().enumerate().map(|(level, share)| level as f64 / top * share).sum::<f64>()
        };
        (0..patterns.fields()).map(of_field).filter(|mean| !mean.is_nan()).sum()
    };
    if mean_level(&fit.parameters.m) >= mean_level(&fit.parameters.u) {
        return fit;
    }
    Fit { parameters: fit.parameters.turned(), ..fit }
}

/// Probabilities that fall by halves from the highest level downwards.
fn falling(levels: usize, top: f64) -> Vec<f64> {
    let Some(others) = levels.checked_sub(1).filter(|others| *others > 0) else { return vec![1.0; levels] };
    let mut weights: Vec<f64> = Vec::with_capacity(levels);
    let mut weight = 1.0;
    for _ in 0..others {
        weights.push(weight);
        weight *= 2.0;
    }
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| (1.0 - top) * w / total).chain([top]).collect()
}

/// Shares of each field's levels among all pairs, with half a pair more at every level so that none is 0.
fn shares_of_all(patterns: &Patterns) -> Vec<f64> {
    let mut pairs = vec![0.5; patterns.all_levels()];
    for (k, count) in patterns.counts().iter().enumerate() {
        for (_, level) in patterns.compared(k) {
            pairs[level] += count;
        }
    }
    for field in 0..patterns.fields() {
        let levels = &mut pairs[patterns.field(field)];
        let total: f64 = levels.iter().sum();
        levels.iter_mut().for_each(|n| *n /= total);
    }
    pairs
}

//! The augmented inverse probability weighted mean: doubly robust.
//!
//! With monotone dropout and the waves counted 1..T, w_t the unstabilised weight at wave t, e_t the expectation of the
//! outcome at T given what is known by wave t (e_T is the outcome) and R_t whether the person still answers,
//!
//! `phi = e_1 + sum over t = 2..T of R_t w_t (e_t - e_{t-1})`
//!
//! has the mean sought if the models of still answering or those of the outcome are right: if those of the outcome are,
//! e_t - e_{t-1} has mean 0 given the past of t; if those of still answering are, R_t w_t has mean R_{t-1} w_{t-1} given
//! it and the sum telescopes to R_T w_T y in the mean. With two waves this is
//! `m + R (y - m) / p`.
//!
//! Sources: Robins, Rotnitzky and Zhao 1994 (doi:10.1080/01621459.1994.10476818); Bang and Robins 2005
//! (doi:10.1111/j.1541-0420.2005.00377.x); Tsiatis 2006, Semiparametric Theory and Missing Data, 10.3
//! (doi:10.1007/0-387-37345-4).

use super::{Histories, IteratedExpectation};

/// A doubly robust mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AugmentedMean {
    /// The mean.
    pub mean: f64,
    /// Its standard error `sqrt(sum (phi - mean)^2) / n`, right if both sets of models are.
    pub se: f64,
    /// The mean of the expectations alone, without the weights.
    pub outcome_regression: f64,
    /// Persons it rests on.
    pub persons: usize,
}

/// The mean of phi over those who answered at the first wave and have `counts` 1. `weights` are those of all waves up to
/// that of the outcome (`waves` x `persons`); `expectations` come from the same histories.
///
/// `scale (phi - mean) / n` is added to the `influence` of each person; the standard error is the root of the sum of
/// squares, which also serves differences of groups. Somebody without an expectation at the first wave does not count.
/// Nothing if nobody counts, or a later weight or expectation of somebody who answers is not finite.
pub fn augmented_mean(
    expectations: &IteratedExpectation,
    histories: &Histories,
    weights: &[f64],
    counts: &[u8],
    scale: f64,
    influence: &mut [f64],
) -> Option<AugmentedMean> {
    let first = expectations.expected(0);
    let persons = first.len();
    let at = |values: &[f64], person: usize| values.get(person).copied().unwrap_or(f64::NAN);
    let phi = |person: usize| -> f64 {
        let mut sum = first[person];
        for wave in 1..=expectations.last() {
            if histories.at(wave).get(person) != Some(&1) {
                break;
            }
            let change = at(expectations.expected(wave), person) - at(expectations.expected(wave - 1), person);
            sum += at(weights, wave * persons + person) * change;
        }
        sum
    };
    let counted = |person: &usize| counts.get(*person) == Some(&1) && !first[*person].is_nan();
    let (mut sum, mut plain, mut n) = (0.0, 0.0, 0_usize);
    for person in (0..persons).filter(counted) {
        sum += phi(person);
        plain += first[person];
        n += 1;
    }
    let size = n as f64;
    let mean = sum / size;
    if n == 0 || !mean.is_finite() {
        return None;
    }
    let mut squares = 0.0;
    for person in (0..persons).filter(counted) {
        let own = (phi(person) - mean) / size;
        squares += own * own;
        if let Some(amount) = influence.get_mut(person) {
            *amount += scale * own;
        }
    }
    Some(AugmentedMean { mean, se: libm::sqrt(squares), outcome_regression: plain / size, persons: n })
}

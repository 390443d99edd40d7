//! The difference of two measures from what each replicate contributes to them.

use super::super::Reckoned;
use super::super::jackknife::{spread, variance_without};
use super::super::moments::Moments;

/// How the numbers of replicates become a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Their mean.
    Mean,
    /// Their standard deviation, divisor n - 1.
    Spread,
    /// The root of their mean.
    Root,
}

/// The measure of `own` less that of `other`, which hold the same replicates in the same order. A spread of no more than
/// the rounding of numbers of this `size` is none.
pub(super) fn paired(way: Way, own: &[f64], other: &[f64], size: f64) -> Reckoned {
    let n = own.len().min(other.len());
    let pairs = || own.iter().zip(other).map(|(a, b)| (*a, *b));
    if way == Way::Mean {
        let d = Moments::of(pairs().map(|(a, b)| a - b)).without_rounding(size);
        return Reckoned::new(n, d.mean, d.se_of_mean());
    }
    let (one, two) = (whole(own, size), whole(other, size));
    let without = pairs().map(|(a, b)| left_out(way, &one, a) - left_out(way, &two, b));
    Reckoned::new(n, measure(way, &one) - measure(way, &two), spread(n, without).unwrap_or(f64::NAN))
}

/// The same of two samples that have nothing to do with each other: no pairs, and the Monte Carlo standard error is the
/// root of the sum of both squares.
pub(super) fn unpaired(way: Way, own: &[f64], other: &[f64], size: f64) -> Reckoned {
    let alone = |values: &[f64]| {
        let all = whole(values, size);
        let mcse = match way {
            Way::Mean => all.se_of_mean(),
            _ => spread(all.n, values.iter().map(|x| left_out(way, &all, *x))).unwrap_or(f64::NAN),
        };
        (measure(way, &all), mcse)
    };
    let ((a, a_mcse), (b, b_mcse)) = (alone(own), alone(other));
    Reckoned::new(0, a - b, (a_mcse * a_mcse + b_mcse * b_mcse).sqrt())
}

fn whole(values: &[f64], size: f64) -> Moments {
    Moments::of(values.iter().copied()).without_rounding(size)
}

fn measure(way: Way, all: &Moments) -> f64 {
    match way {
        Way::Mean => all.mean,
        Way::Spread => all.sd(),
        Way::Root => root(all.mean),
    }
}

/// The measure without the replicate that contributes `x`.
fn left_out(way: Way, all: &Moments, x: f64) -> f64 {
    let mean = || all.mean - (x - all.mean) / (all.n as f64 - 1.0);
    match way {
        Way::Mean => mean(),
        Way::Spread => variance_without(all, x).sqrt(),
        Way::Root => root(mean()),
    }
}

/// The root of a mean of squares, which rounding may have taken below 0; NaN of none.
fn root(mean: f64) -> f64 {
    if mean < 0.0 { 0.0 } else { mean.sqrt() }
}

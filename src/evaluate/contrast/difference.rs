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

/// The measure of the first numbers of pairs less that of the second ones; a pair is a replicate. A spread of no more than
/// the rounding of numbers of this `size` is none.
pub(super) fn paired(way: Way, pairs: impl Iterator<Item = (f64, f64)> + Clone, size: f64) -> Reckoned {
    let pairs = || pairs.clone();
    if way == Way::Mean {
        let d = Moments::of(pairs().map(|(a, b)| a - b)).without_rounding(size);
        return Reckoned::new(d.n, d.mean, d.se_of_mean());
    }
    let one = Moments::of(pairs().map(|(a, _)| a)).without_rounding(size);
    let two = Moments::of(pairs().map(|(_, b)| b)).without_rounding(size);
    let without = pairs().map(|(a, b)| left_out(way, &one, a) - left_out(way, &two, b));
    Reckoned::new(one.n, measure(way, &one) - measure(way, &two), spread(one.n, without).unwrap_or(f64::NAN))
}

/// The measure of numbers, and its Monte Carlo standard error.
fn alone(way: Way, values: impl Iterator<Item = f64> + Clone, size: f64) -> (f64, f64) {
    let all = Moments::of(values.clone()).without_rounding(size);
    let mcse = match way {
        Way::Mean => all.se_of_mean(),
        _ => spread(all.n, values.map(|x| left_out(way, &all, x))).unwrap_or(f64::NAN),
    };
    (measure(way, &all), mcse)
}

/// The same of two samples that have nothing to do with each other: no pairs, and the Monte Carlo standard error is the
/// root of the sum of both squares.
pub(super) fn unpaired<A, B>(way: Way, own: A, other: B, size: f64) -> Reckoned
where
    A: Iterator<Item = f64> + Clone,
    B: Iterator<Item = f64> + Clone,
{
    let ((a, a_mcse), (b, b_mcse)) = (alone(way, own, size), alone(way, other, size));
    Reckoned::new(0, a - b, (a_mcse * a_mcse + b_mcse * b_mcse).sqrt())
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

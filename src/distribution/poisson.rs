//! Counts without an upper end: Poisson and negative binomial.

use super::arguments::{Argument, Column, Need, each};
use super::gamma::log_gamma_draw;
use super::ladder::{Ladder, climb, rungs};
use super::{Entry, Family, Place};
use crate::formula::Bounds;
use crate::streams::{Own, open_unit};
use rand::Rng;
use std::sync::Arc;

/// `poisson`.
pub(super) const POISSON: Entry = Entry {
    name: "poisson",
    arguments: &[Argument::new("mean", Need::NotNegative)],
    pattern: "",
    summary: "number of events where `mean` are expected",
    reference: "up to a mean of 30 inversion of one uniform, above PTRS: Hormann 1993, \
                doi:10.1016/0167-6687(93)90997-4",
    read: |reader| reader.listed().map(|()| Arc::new(Poisson) as Arc<dyn Family>),
};

/// `negative_binomial`.
pub(super) const NEGATIVE_BINOMIAL: Entry = Entry {
    name: "negative_binomial",
    arguments: &[Argument::new("mean", Need::NotNegative), Argument::new("size", Need::Positive)],
    pattern: "",
    summary: "number of events with variance mean + mean^2 / size",
    reference: "a Poisson draw whose mean is a gamma draw: Greenwood and Yule 1920, doi:10.2307/2341080",
    read: |reader| reader.listed().map(|()| Arc::new(NegativeBinomial) as Arc<dyn Family>),
};

/// Greatest mean: counts stay whole numbers with digits to spare.
const LARGEST: f64 = 1e9;
/// Up to this mean the count is found by adding up probabilities.
const INVERTED: f64 = 30.0;

const COUNTS: Bounds = Bounds { low: 0.0, high: f64::INFINITY };

#[derive(Debug)]
struct Poisson;

impl Family for Poisson {
    fn support(&self, _: &[Bounds]) -> Bounds {
        COUNTS
    }

    fn few_values(&self, arguments: &[f64]) -> Option<Vec<f64>> {
        (arguments[0] == 0.0).then(|| vec![0.0])
    }

    fn refuses(&self, arguments: &[f64]) -> Option<(usize, &'static str)> {
        (arguments[0] > LARGEST).then_some((0, "a mean of at most 1e9 is wanted here"))
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        place.units(out);
        let ladder = match arguments[0] {
            Column::Constant(mean) if mean <= INVERTED => Some(Ladder::new(cumulative(mean))),
            _ => None,
        };
        each(arguments, out, |row, u, [mean]| match ladder.as_ref().and_then(|ladder| ladder.count(u)) {
            Some(count) => count,
            None if u < surely_none(mean) => 0.0,
            None if mean <= INVERTED => climb(cumulative(mean), u),
            None => rejected(mean, &mut place.own(row)),
        });
    }
}

#[derive(Debug)]
struct NegativeBinomial;

impl Family for NegativeBinomial {
    fn support(&self, _: &[Bounds]) -> Bounds {
        COUNTS
    }

    fn refuses(&self, arguments: &[f64]) -> Option<(usize, &'static str)> {
        (arguments[0] > LARGEST).then_some((0, "a mean of at most 1e9 is wanted here"))
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        each(arguments, out, |row, _, [mean, size]| {
            let mut own = place.own(row);
            // In logarithms, since the gamma draw of a small size may be too small for a number.
            let log_lambda = libm::log(mean) - libm::log(size) + log_gamma_draw(size, &mut own);
            let lambda = libm::exp(log_lambda).min(LARGEST * LARGEST.sqrt());
            match lambda <= INVERTED {
                true => climb(cumulative(lambda), open_unit(own.next_u64())),
                false => rejected(lambda, &mut own),
            }
        });
    }
}

/// A uniform below this is below exp(-mean), however that is rounded: the exponential series up to a negative term is
/// less than its sum, and rounding errors are far less than what is taken off. It spares nearly all exponentials where
/// nearly all counts are 0.
fn surely_none(mean: f64) -> f64 {
    if mean > 1.0 { 0.0 } else { 1.0 - mean * (1.0 - mean * (0.5 - mean / 6.0)) - 1e-14 }
}

/// The distribution function, count by count.
fn cumulative(mean: f64) -> impl Iterator<Item = f64> {
    rungs(libm::exp(-mean), move |count| mean / (count + 1.0))
}

/// Transformed rejection with squeeze, for means of at least 10. Names follow Hormann 1993, algorithm PTRS.
fn rejected(mean: f64, own: &mut Own) -> f64 {
    let b = 0.931 + 2.53 * libm::sqrt(mean);
    let a = -0.059 + 0.02483 * b;
    let v_r = 0.9277 - 3.6224 / (b - 2.0);
    let log_inverse_alpha = libm::log(1.1239 + 1.1328 / (b - 3.4));
    let log_mean = libm::log(mean);
    loop {
        let u = open_unit(own.next_u64()) - 0.5;
        let v = open_unit(own.next_u64());
        let u_s = 0.5 - u.abs();
        let k = ((2.0 * a / u_s + b) * u + mean + 0.43).floor();
        if u_s >= 0.07 && v <= v_r {
            return k;
        }
        if k < 0.0 || (u_s < 0.013 && v > u_s) {
            continue;
        }
        let log_ratio = k * log_mean - mean - libm::lgamma(k + 1.0);
        if libm::log(v) + log_inverse_alpha - libm::log(a / (u_s * u_s) + b) <= log_ratio {
            return k;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_surely_none_is_below_the_first_rung() {
        for k in 0..=100_000 {
            let mean = f64::from(k) / 90_000.0;
            let (low, first) = (surely_none(mean), libm::exp(-mean));
            assert!(low < first, "{mean}");
            // It is worth having: little is left between the two where means are small.
            assert!(mean > 0.3 || first - low < 1e-3, "{mean}");
        }
        for mean in [1e-300, 1e-16, 1e-12, 1e-9, 1e-6] {
            assert!(surely_none(mean) < libm::exp(-mean), "{mean}");
        }
    }
}

//! Counts out of a number of trials: binomial and Bernoulli.

use super::arguments::{Argument, Column, Need, each};
use super::ladder::{Ladder, climb, rungs};
use super::{Entry, Family, Place, below, threshold};
use crate::formula::{Bounds, Kind};
use crate::streams::{Own, open_unit};
use rand::Rng;
use std::sync::Arc;

/// `binomial`.
pub(super) const BINOMIAL: Entry = Entry {
    name: "binomial",
    arguments: &[Argument::new("n", Need::NotNegative), Argument::new("p", Need::Probability)],
    pattern: "",
    summary: "number of successes in `n` trials of probability `p`",
    reference: "inversion of one uniform; where both outcomes are expected more than 30 times BTRS: Hormann 1993, \
                doi:10.1080/00949659308811496",
    read: |reader| reader.listed().map(|()| Arc::new(Binomial) as Arc<dyn Family>),
};

/// `bernoulli`.
pub(super) const BERNOULLI: Entry = Entry {
    name: "bernoulli",
    arguments: &[Argument::new("p", Need::Probability)],
    pattern: "",
    summary: "true with probability `p`",
    reference: "one comparison of 64 random bits",
    read: |reader| reader.listed().map(|()| Arc::new(Bernoulli) as Arc<dyn Family>),
};

/// Greatest number of trials.
const LARGEST: f64 = 1e9;
/// Up to this expected count of the rarer outcome it is found by adding up probabilities.
const INVERTED: f64 = 30.0;
/// Most trials whose counts are listed one by one.
const FEW: f64 = 30.0;

#[derive(Debug)]
struct Bernoulli;

impl Family for Bernoulli {
    fn kind(&self) -> Kind {
        Kind::Boolean
    }

    fn support(&self, _: &[Bounds]) -> Bounds {
        Bounds { low: 0.0, high: 1.0 }
    }

    fn few_values(&self, _: &[f64]) -> Option<Vec<f64>> {
        Some(vec![0.0, 1.0])
    }

    fn few_probabilities(&self, arguments: &[f64]) -> Option<Vec<f64>> {
        Some(vec![1.0 - arguments[0], arguments[0]])
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        let p = arguments[0];
        place.words(out, |row, word| f64::from(u8::from(below(word, threshold(p.at(row))))));
    }
}

#[derive(Debug)]
struct Binomial;

impl Family for Binomial {
    fn support(&self, arguments: &[Bounds]) -> Bounds {
        Bounds { low: 0.0, high: arguments[0].high }
    }

    fn few_values(&self, arguments: &[f64]) -> Option<Vec<f64>> {
        let n = arguments[0];
        (n <= FEW).then(|| (0..=n as u32).map(f64::from).collect())
    }

    fn few_probabilities(&self, arguments: &[f64]) -> Option<Vec<f64>> {
        let (n, p) = (arguments[0] as u32, arguments[1]);
        let mut choices = 1.0;
        let mut all = Vec::with_capacity(n as usize + 1);
        for k in 0..=n {
            all.push(choices * libm::pow(p, f64::from(k)) * libm::pow(1.0 - p, f64::from(n - k)));
            choices *= f64::from(n - k) / f64::from(k + 1);
        }
        Some(all)
    }

    fn refuses(&self, arguments: &[f64]) -> Option<(usize, &'static str)> {
        let n = arguments[0];
        let broken = !n.is_nan() && (n != n.floor() || n > LARGEST);
        broken.then_some((0, "a whole number from 0 to 1e9 is wanted here"))
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        place.units(out);
        let ladder = match *arguments {
            [Column::Constant(n), Column::Constant(p)] if n * rarer(p) <= INVERTED => {
                Some(Ladder::new(cumulative(n, rarer(p))))
            }
            _ => None,
        };
        each(arguments, out, |row, u, [n, p]| {
            let rare = rarer(p);
            // The rarer outcome is counted from the other end if it is failure, so that more `u` is more successes.
            let u = if p <= 0.5 { u } else { 1.0 - u };
            let count = match ladder.as_ref().and_then(|ladder| ladder.count(u)) {
                Some(count) => count,
                None if n * rare <= INVERTED => climb(cumulative(n, rare), u),
                None => rejected(n, rare, &mut place.own(row)),
            };
            if p <= 0.5 { count } else { n - count }
        });
    }
}

/// The distribution function of the rarer outcome, of probability `p` up to 1/2, count by count.
fn cumulative(n: f64, p: f64) -> impl Iterator<Item = f64> {
    let odds = p / (1.0 - p);
    rungs(libm::exp(n * libm::log1p(-p)), move |count| odds * (n - count) / (count + 1.0))
}

/// The rarer outcome's probability.
fn rarer(p: f64) -> f64 {
    if p <= 0.5 { p } else { 1.0 - p }
}

/// Transformed rejection with squeeze, for `n p` of at least 10 and `p` of at most 1/2. Names follow Hormann 1993,
/// algorithm BTRS; the ratio of probabilities is taken from the logarithm of the gamma function.
fn rejected(n: f64, p: f64, own: &mut Own) -> f64 {
    let spread = libm::sqrt(n * p * (1.0 - p));
    let b = 1.15 + 2.53 * spread;
    let a = -0.0873 + 0.0248 * b + 0.01 * p;
    let c = n * p + 0.5;
    let v_r = 0.92 - 4.2 / b;
    let alpha = (2.83 + 5.1 / b) * spread;
    let m = ((n + 1.0) * p).floor();
    let log_odds = libm::log(p / (1.0 - p));
    let at_mode = libm::lgamma(m + 1.0) + libm::lgamma(n - m + 1.0);
    loop {
        let u = open_unit(own.next_u64()) - 0.5;
        let v = open_unit(own.next_u64());
        let u_s = 0.5 - u.abs();
        let k = ((2.0 * a / u_s + b) * u + c).floor();
        if u_s >= 0.07 && v <= v_r {
            return k;
        }
        if k < 0.0 || k > n {
            continue;
        }
        let log_ratio = at_mode - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0) + (k - m) * log_odds;
        if libm::log(v * alpha / (a / (u_s * u_s) + b)) <= log_ratio {
            return k;
        }
    }
}

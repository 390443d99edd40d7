//! Gamma and beta laws.

use super::arguments::{Argument, Column, Need, each};
use super::{Entry, Family, Place};
use crate::formula::Bounds;
use crate::streams::{Own, normal_quantile, open_unit};
use rand::Rng;
use std::sync::Arc;

/// `gamma`.
pub(super) const GAMMA: Entry = Entry {
    name: "gamma",
    arguments: &[Argument::new("shape", Need::Positive), Argument::new("scale", Need::Positive)],
    pattern: "",
    summary: "gamma law; mean shape * scale, variance shape * scale^2",
    reference: "Marsaglia and Tsang 2000, doi:10.1145/358407.358414",
    read: |reader| reader.listed().map(|()| Arc::new(Gamma) as Arc<dyn Family>),
};

/// `beta`.
pub(super) const BETA: Entry = Entry {
    name: "beta",
    arguments: &[Argument::new("a", Need::Positive), Argument::new("b", Need::Positive)],
    pattern: "",
    summary: "beta law on 0 to 1; mean a / (a + b)",
    reference: "two gammas: Marsaglia and Tsang 2000, doi:10.1145/358407.358414",
    read: |reader| reader.listed().map(|()| Arc::new(Beta) as Arc<dyn Family>),
};

#[derive(Debug)]
struct Gamma;

impl Family for Gamma {
    fn support(&self, _: &[Bounds]) -> Bounds {
        Bounds { low: 0.0, high: f64::INFINITY }
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        each(arguments, out, |row, _, [shape, scale]| scale * libm::exp(log_gamma_draw(shape, &mut place.own(row))));
    }
}

#[derive(Debug)]
struct Beta;

impl Family for Beta {
    fn support(&self, _: &[Bounds]) -> Bounds {
        Bounds { low: 0.0, high: 1.0 }
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        each(arguments, out, |row, _, [a, b]| {
            let mut own = place.own(row);
            let (x, y) = (log_gamma_draw(a, &mut own), log_gamma_draw(b, &mut own));
            // x / (x + y), in logarithms, since both may be too small for a number.
            if x == y { 0.5 } else { 1.0 / (1.0 + libm::exp(y - x)) }
        });
    }
}

/// Logarithm of a gamma draw of scale 1. Names follow Marsaglia and Tsang 2000; a shape below 1 is raised by 1 and
/// the draw multiplied by U^(1 / shape), as in their section 6.
pub(super) fn log_gamma_draw(shape: f64, own: &mut Own) -> f64 {
    let raise = if shape < 1.0 { libm::log(open_unit(own.next_u64())) / shape } else { 0.0 };
    let d = if shape < 1.0 { shape + 1.0 } else { shape } - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let x = normal_quantile(open_unit(own.next_u64()));
        let u = open_unit(own.next_u64());
        let root = 1.0 + c * x;
        if root <= 0.0 {
            continue;
        }
        let v = root * root * root;
        let log_v = 3.0 * libm::log(root);
        if libm::log(u) < 0.5 * x * x + d * (1.0 - v + log_v) {
            return libm::log(d) + log_v + raise;
        }
    }
}

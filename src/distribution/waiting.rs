//! Waiting times: exponential and Weibull.

use super::arguments::{Argument, Column, Need, each};
use super::{Entry, Family, Place};
use crate::formula::Bounds;
use std::sync::Arc;

/// `exponential`.
pub(super) const EXPONENTIAL: Entry = Entry {
    name: "exponential",
    arguments: &[Argument::new("rate", Need::Positive)],
    pattern: "",
    summary: "years until an event of constant `rate` per year; mean 1 / rate",
    reference: "inversion of one uniform",
    read: |reader| reader.listed().map(|()| Arc::new(Exponential) as Arc<dyn Family>),
};

/// `weibull`.
pub(super) const WEIBULL: Entry = Entry {
    name: "weibull",
    arguments: &[Argument::new("shape", Need::Positive), Argument::new("scale", Need::Positive)],
    pattern: "",
    summary: "waiting time that exceeds t with probability exp(-(t / scale)^shape)",
    reference: "inversion of one uniform",
    read: |reader| reader.listed().map(|()| Arc::new(Weibull) as Arc<dyn Family>),
};

const FROM_ZERO: Bounds = Bounds { low: 0.0, high: f64::INFINITY };

#[derive(Debug)]
struct Exponential;

impl Family for Exponential {
    fn support(&self, _: &[Bounds]) -> Bounds {
        FROM_ZERO
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        place.units(out);
        each(arguments, out, |_, u, [rate]| -libm::log1p(-u) / rate);
    }
}

#[derive(Debug)]
struct Weibull;

impl Family for Weibull {
    fn support(&self, _: &[Bounds]) -> Bounds {
        FROM_ZERO
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        place.units(out);
        each(arguments, out, |_, u, [shape, scale]| scale * libm::pow(-libm::log1p(-u), 1.0 / shape));
    }
}

//! Even spread over a range.

use super::arguments::{Argument, Column, Need, each};
use super::{Entry, Family, Place};
use crate::formula::Bounds;
use std::sync::Arc;

/// `uniform`.
pub(super) const UNIFORM: Entry = Entry {
    name: "uniform",
    arguments: &[Argument::new("low", Need::Number), Argument::new("high", Need::Number)],
    pattern: "",
    summary: "any number between `low` and `high`, all alike",
    reference: "inversion of one uniform",
    read: |reader| reader.listed().map(|()| Arc::new(Uniform) as Arc<dyn Family>),
};

#[derive(Debug)]
struct Uniform;

impl Family for Uniform {
    fn support(&self, arguments: &[Bounds]) -> Bounds {
        Bounds { low: arguments[0].low, high: arguments[1].high }
    }

    fn refuses(&self, arguments: &[f64]) -> Option<(usize, &'static str)> {
        (arguments[0] > arguments[1]).then_some((1, "`high` must not be below `low`"))
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        place.units(out);
        each(arguments, out, |_, u, [low, high]| (low * (1.0 - u) + high * u).clamp(low, high));
    }
}

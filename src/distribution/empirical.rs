//! Given numbers with given weights.

use super::arguments::{Column, Reader};
use super::{Entry, Family, Place};
use crate::formula::{Bounds, Wanted};
use std::sync::Arc;

/// `empirical`.
pub(super) const EMPIRICAL: Entry = Entry {
    name: "empirical",
    arguments: &[],
    pattern: "empirical(value = weight, ...)",
    summary: "one of several numbers, each with its weight; weights need not sum to 1",
    reference: "inversion of one uniform, in the order of the numbers",
    read,
};

const NO_WEIGHT: &str = "the weights must sum to more than 0";

/// The numbers in ascending order, each with the argument that is its weight.
#[derive(Debug)]
struct Empirical {
    values: Vec<(f64, usize)>,
}

fn read(reader: &mut Reader<'_>) -> Option<Arc<dyn Family>> {
    let call = reader.call;
    if call.arguments.is_empty() {
        reader.problems.error("S0216", &call.name.span, "`empirical` needs at least one number with its weight");
        return None;
    }
    let mut values: Vec<(f64, usize)> = Vec::with_capacity(call.arguments.len());
    for (name, text) in &call.arguments {
        let Some(value) = name.text.replace([' ', '_'], "").parse::<f64>().ok().filter(|v| v.is_finite()) else {
            let message = format!("`{}` is not a number", name.text);
            reader.problems.error("S0216", &name.span, message).help("write `empirical(1 = 0.2, 2 = 0.8)`");
            continue;
        };
        if values.iter().any(|(before, _)| *before == value) {
            reader.twice(&name.span, &name.text);
        } else if reader.push(text, Wanted::Rate).is_some() {
            values.push((value, reader.given.len() - 1));
        }
    }
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    Some(Arc::new(Empirical { values }))
}

impl Empirical {
    fn value(&self, u: f64, weight: impl Fn(usize) -> f64) -> f64 {
        let total: f64 = self.values.iter().map(|(_, argument)| weight(*argument)).sum();
        let mut sum = 0.0;
        let mut last = f64::NAN;
        for (value, argument) in &self.values {
            let weight = weight(*argument);
            if weight > 0.0 {
                sum += weight;
                last = *value;
                if u * total < sum {
                    break;
                }
            }
        }
        last
    }
}

impl Family for Empirical {
    fn support(&self, _: &[Bounds]) -> Bounds {
        let end = |value: Option<&(f64, usize)>| value.map_or(f64::NAN, |(value, _)| *value);
        Bounds { low: end(self.values.first()), high: end(self.values.last()) }
    }

    fn few_values(&self, _: &[f64]) -> Option<Vec<f64>> {
        Some(self.values.iter().map(|(value, _)| *value).collect())
    }

    fn few_probabilities(&self, arguments: &[f64]) -> Option<Vec<f64>> {
        let total: f64 = self.values.iter().map(|(_, argument)| arguments[*argument]).sum();
        Some(self.values.iter().map(|(_, argument)| arguments[*argument] / total).collect())
    }

    fn refuses(&self, arguments: &[f64]) -> Option<(usize, &'static str)> {
        let sum: f64 = arguments.iter().sum();
        (sum <= 0.0 || sum == f64::INFINITY).then_some((0, NO_WEIGHT))
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        place.units(out);
        for (row, out) in out.iter_mut().enumerate() {
            *out = self.value(*out, |argument| arguments[argument].at(row));
        }
    }
}

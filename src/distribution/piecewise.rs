//! Time until an event whose rate changes at given times.

use super::arguments::{Column, Reader};
use super::{Entry, Family, Place};
use crate::formula::{Bounds, Wanted};
use std::sync::Arc;

/// `piecewise_exponential`.
pub(super) const PIECEWISE_EXPONENTIAL: Entry = Entry {
    name: "piecewise_exponential",
    arguments: &[],
    pattern: "piecewise_exponential(rate1 = ..., until1 = ..., rate2 = ...)",
    summary: "years until an event of rate `rate1` up to `until1`, then `rate2` and so on; infinite if it never comes",
    reference: "inversion of the cumulative hazard: Bender, Augustin and Blettner 2005, doi:10.1002/sim.2059",
    read,
};

/// Most pieces.
const MOST: usize = 100;

/// Ends of the pieces in years, ascending; the last may be infinite. The rates are the arguments, in order.
#[derive(Debug)]
struct Piecewise {
    until: Vec<f64>,
}

fn read(reader: &mut Reader<'_>) -> Option<Arc<dyn Family>> {
    let call = reader.call;
    let find = |name: &str| call.arguments.iter().find(|(key, _)| key.text == name).map(|(_, text)| text);
    let count = (1..=MOST).take_while(|k| find(&format!("rate{k}")).is_some()).count();
    let known: Vec<String> = (1..=count.max(1)).flat_map(|k| [format!("rate{k}"), format!("until{k}")]).collect();
    reader.only(known.iter().map(String::as_str));
    let mut until = Vec::with_capacity(count);
    for k in 1..=count {
        reader.push(find(&format!("rate{k}"))?, Wanted::Rate);
        match find(&format!("until{k}")) {
            Some(text) => until.push(end(reader, text, until.last().copied().unwrap_or(0.0))?),
            None if k == count => until.push(f64::INFINITY),
            None => {
                let message = format!("`until{k}` is missing: when does `rate{}` begin?", k + 1);
                reader.problems.error("S0216", &call.name.span, message);
            }
        }
    }
    if count == 0 {
        if !reader.problems.has_errors() {
            reader.problems.error("S0216", &call.name.span, "`piecewise_exponential` needs the argument `rate1`");
        }
        return None;
    }
    Some(Arc::new(Piecewise { until }))
}

/// The end of a piece, which must be constant and after the one before.
fn end(reader: &mut Reader<'_>, text: &crate::diagnostic::Text, before: f64) -> Option<f64> {
    let program = crate::formula::compile(text, &Wanted::Number, reader.scope, reader.problems)?;
    match program.constant() {
        Some(end) if end > before => Some(end),
        Some(_) => {
            reader.problems.error("S0218", &text.span, format!("this piece must end after {before} years"));
            None
        }
        None => {
            let message = "the end of a piece must be the same for everybody: a number or a formula of parameters";
            reader.problems.error("S0218", &text.span, message);
            None
        }
    }
}

impl Family for Piecewise {
    fn support(&self, _: &[Bounds]) -> Bounds {
        Bounds { low: 0.0, high: f64::INFINITY }
    }

    fn draw(&self, place: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        place.units(out);
        for (row, out) in out.iter_mut().enumerate() {
            // The cumulative hazard at the event is an exponential variable.
            let mut left = -libm::log1p(-*out);
            let mut start = 0.0;
            *out = f64::INFINITY;
            for (until, rate) in self.until.iter().zip(arguments) {
                let rate = rate.at(row);
                let piece = if rate > 0.0 { rate * (until - start) } else { 0.0 };
                if left < piece {
                    *out = start + left / rate;
                    break;
                }
                left -= piece;
                start = *until;
            }
        }
    }
}

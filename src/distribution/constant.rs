//! No spread at all.

use super::arguments::{Argument, Column, Need, each};
use super::{Entry, Family, Place};
use crate::formula::{Bounds, Kind, Wanted};
use std::sync::Arc;

/// `constant`.
pub(super) const CONSTANT: Entry = Entry {
    name: "constant",
    arguments: &[Argument::new("value", Need::Number)],
    pattern: "",
    summary: "always `value`, which may be a formula or, where levels are drawn, the name of one",
    reference: "nothing is drawn",
    read: |reader| {
        let Some(levels) = reader.levels.cloned() else {
            reader.listed()?;
            return Some(Arc::new(Constant { kind: Kind::Number }));
        };
        reader.only(["value"].into_iter());
        let call = reader.call;
        let Some((_, text)) = call.arguments.iter().find(|(name, _)| name.text == "value") else {
            reader.listed()?;
            return None;
        };
        reader.push(text, Wanted::Level(levels.clone()))?;
        Some(Arc::new(Constant { kind: Kind::Level(levels) }))
    },
};

#[derive(Debug)]
struct Constant {
    kind: Kind,
}

impl Family for Constant {
    fn kind(&self) -> Kind {
        self.kind.clone()
    }

    fn support(&self, arguments: &[Bounds]) -> Bounds {
        arguments[0]
    }

    fn few_values(&self, arguments: &[f64]) -> Option<Vec<f64>> {
        (!arguments[0].is_nan()).then(|| vec![arguments[0]])
    }

    fn few_probabilities(&self, _: &[f64]) -> Option<Vec<f64>> {
        Some(vec![1.0])
    }

    fn draw(&self, _: &Place<'_>, arguments: &[Column<'_>], out: &mut [f64]) {
        each(arguments, out, |_, _, [value]| value);
    }
}

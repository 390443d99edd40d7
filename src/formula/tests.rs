//! Tests of the room, with a scope of their own.

mod again;
mod blocks;
mod calls;
mod grammar;
mod ranges;
mod types;

use super::*;
use crate::diagnostic::{Diagnostic, Span};

/// Slots 0 to 6, parameters `lost = 0.05`, `zero = 0`, `one = 1`, `layer = 'recorded'`, and the accessors `lag` (of
/// `well`) and `recorded` (of `well`, with a wave).
pub(super) struct Toy {
    setting: Arc<[String]>,
    layer: Arc<[String]>,
}

pub(super) fn names(list: &[&str]) -> Arc<[String]> {
    list.iter().map(|s| (*s).to_owned()).collect()
}

impl Toy {
    pub fn new() -> Self {
        Self { setting: names(&["shelter", "community"]), layer: names(&["true", "recorded"]) }
    }
}

impl Scope for Toy {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        let slot = |slot, kind, low, high| Resolved::Slot { slot, kind, bounds: Bounds { low, high } };
        let number = |value| Resolved::Constant { value, kind: Kind::Number };
        Ok(match (reference.accessor, reference.name, reference.arguments) {
            (None, "age", _) => slot(0, Kind::Number, 13.0, 21.0),
            (None, "well", _) => slot(1, Kind::Boolean, 0.0, 1.0),
            (Some("lag"), "well", []) => slot(2, Kind::Boolean, 0.0, 1.0),
            (None, "setting", _) => slot(3, Kind::Level(self.setting.clone()), 0.0, 1.0),
            (None, "frailty", _) => slot(4, Kind::Number, f64::NEG_INFINITY, f64::INFINITY),
            (None, "x", _) => slot(5, Kind::Number, -2.0, 2.0),
            (Some("recorded"), "well", [(key, _)]) if key == "wave" => slot(6, Kind::Boolean, 0.0, 1.0),
            (None, "lost", _) => number(0.05),
            (None, "zero", _) => number(0.0),
            (None, "one", _) => number(1.0),
            (None, "layer", _) => Resolved::Constant { value: 1.0, kind: Kind::Level(self.layer.clone()) },
            _ => {
                let message = format!("`{}` is not known", reference.name);
                return Err(Unresolved { code: "S0202", message, help: None });
            }
        })
    }

    fn accessors(&self) -> &'static [&'static str] {
        &["lag", "recorded"]
    }
}

/// A text that starts at byte 100 of file 0.
pub(super) fn text(formula: &str) -> Text {
    Text { text: formula.to_owned(), span: Span { file: 0, bytes: 100..100 + formula.len() } }
}

pub(super) fn compiled(formula: &str, wanted: &Wanted) -> (Option<Program>, Vec<Diagnostic>) {
    let mut problems = Diagnostics::new();
    let program = compile(&text(formula), wanted, &Toy::new(), &mut problems);
    assert_eq!(program.is_none(), problems.has_errors(), "{formula}: {problems:?}");
    (program, problems.list().to_vec())
}

pub(super) fn good(formula: &str, wanted: &Wanted) -> Program {
    let (program, problems) = compiled(formula, wanted);
    assert!(problems.is_empty(), "{formula}: {problems:?}");
    program.expect("no problems")
}

/// The problems of a formula as (code, what is blamed).
pub(super) fn blamed(formula: &str, wanted: &Wanted) -> Vec<(&'static str, String)> {
    let place = |d: &Diagnostic| {
        let bytes = d.span.clone().expect("a place").bytes;
        formula[bytes.start - 100..bytes.end - 100].to_owned()
    };
    compiled(formula, wanted).1.iter().map(|d| (d.code, place(d))).collect()
}

pub(super) fn value(formula: &str) -> f64 {
    good(formula, &Wanted::Number).constant().expect("a constant")
}

//! Any text as a formula: problems are reported, never a panic; and a program's value lies in the range that it promises.
#![no_main]

use eclosion::diagnostic::{Diagnostics, Span, Text};
use eclosion::formula::{Bounds, Kind, Reference, Resolved, Scope, Unresolved, Wanted, compile};
use libfuzzer_sys::fuzz_target;

/// Knows `well` (yes/no), `x` (0 to 10), `setting` (two levels), a parameter, and these also behind `lag`.
struct Known;

impl Scope for Known {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        let levels = || Kind::Level(["shelter".to_owned(), "community".to_owned()].into());
        let slot = |slot, kind, high| Ok(Resolved::Slot { slot, kind, bounds: Bounds { low: 0.0, high } });
        match reference.name {
            "well" => slot(0, Kind::Boolean, 1.0),
            "x" => slot(1, Kind::Number, 10.0),
            "setting" => slot(2, levels(), 1.0),
            "lost" => Ok(Resolved::Constant { value: 0.05, kind: Kind::Number }),
            _ => Err(Unresolved { code: "S0201", message: "unknown name".to_owned(), help: None }),
        }
    }

    fn accessors(&self) -> &[&'static str] {
        &["lag", "since", "reported"]
    }
}

fuzz_target!(|text: &str| {
    let text = Text { text: text.to_owned(), span: Span { file: 0, bytes: 0..text.len() } };
    for wanted in [Wanted::Number, Wanted::Boolean, Wanted::Probability, Wanted::Rate, Wanted::Positive] {
        let mut problems = Diagnostics::default();
        let Some(program) = compile(&text, &wanted, &Known, &mut problems) else {
            assert!(problems.has_errors(), "refused without a reason");
            continue;
        };
        let bounds = program.bounds();
        for values in [[0.0, 0.0, 0.0], [1.0, 10.0, 1.0], [1.0, 3.7, 0.0]] {
            let inputs: Vec<f64> = program.slots().iter().map(|s| values[*s as usize]).collect();
            let value = program.evaluate_one(&inputs);
            // Ranges are worked out with roundings of their own: the last few bits are not held against them.
            let slack = 1e-12 * value.abs();
            let inside = value.is_nan() || (bounds.low - slack <= value && value <= bounds.high + slack);
            assert!(inside, "{value} outside {bounds:?}");
        }
    }
});

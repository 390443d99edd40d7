//! `skip`: a formula over the factors that says which cells are left out.

use super::path::is_same;
use super::{Varied, Vary};
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{Bounds, Kind, Parameters, Program, Reference, Resolved, Scope, Unresolved, Wanted, compile};
use crate::options::OptionValue;
use std::sync::Arc;

/// The formula, and what each factor is to it.
pub(super) struct Skip {
    /// Values of the factors that `--set` fixes, which come after the others.
    fixed: Vec<String>,
    kinds: Vec<Kind>,
    program: Program,
}

struct Factors<'a> {
    names: Vec<String>,
    shown: Vec<&'a str>,
    kinds: &'a [Kind],
}

impl Scope for Factors<'_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        match self.names.iter().position(|name| name == reference.name) {
            Some(slot) => {
                let kind = self.kinds[slot].clone();
                Ok(Resolved::Slot { slot: slot as u32, kind, bounds: Bounds::ANY })
            }
            None => Err(Unresolved {
                message: format!("no factor is called `{}`", reference.name),
                ..Unresolved::unknown(reference.name, self.shown.iter().copied())
            }),
        }
    }

    fn accessors(&self) -> &'static [&'static str] {
        &[]
    }
}

impl Skip {
    /// Checks the formula; a name that is no factor's is an error (S0202).
    pub(super) fn new(
        text: &Text,
        (vary, fixed): (&[Vary], &[Vary]),
        parameters: &Parameters,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let factors: Vec<&Vary> = vary.iter().chain(fixed).collect();
        let kinds: Vec<Kind> = factors.iter().map(|factor| kind(factor, parameters)).collect();
        let mut readable = text.clone();
        let mut names: Vec<String> = factors.iter().map(|factor| factor.name.text.clone()).collect();
        // Longer paths first: one may begin with another.
        let mut order: Vec<usize> = (0..factors.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(names[*i].len()));
        for i in order {
            if let Some(stand_in) = stand_in(&names, i) {
                readable.text = replaced(&readable.text, &factors[i].name.text, &stand_in);
                names[i] = stand_in;
            }
        }
        let shown = factors.iter().map(|factor| factor.name.text.as_str()).collect();
        let scope = Factors { names, shown, kinds: &kinds };
        let program = compile(&readable, &Wanted::Boolean, &scope, problems)?;
        let fixed = fixed.iter().map(|factor| factor.base.clone()).collect();
        Some(Self { fixed, kinds, program })
    }

    /// Whether a cell is left out: `values` are those of the factors as text.
    pub(super) fn holds(&self, values: &[String]) -> bool {
        let number = |slot: &u32| {
            let slot = *slot as usize;
            let fixed = || self.fixed.get(slot.saturating_sub(values.len()));
            let text = values.get(slot).or_else(fixed).map_or("", |text| text.trim());
            match &self.kinds[slot] {
                Kind::Number => text.parse().unwrap_or(f64::NAN),
                Kind::Boolean => f64::from(text == "true"),
                Kind::Level(levels) => levels.iter().position(|l| is_same(l, text)).map_or(f64::NAN, |p| p as f64),
            }
        };
        let values: Vec<f64> = self.program.slots().iter().map(number).collect();
        self.program.evaluate_one(&values) == 1.0
    }
}

/// What a factor's values are in a formula: numbers if all are, else yes or no, else names.
fn kind(factor: &Vary, parameters: &Parameters) -> Kind {
    match &factor.of {
        Varied::Parameter(name) => {
            let levels = parameters.list().iter().find(|p| p.name.text == *name).and_then(|p| p.levels.clone());
            levels.map_or(Kind::Number, Kind::Level)
        }
        Varied::Persons => Kind::Number,
        Varied::Key(_) if factor.given.iter().all(|value| matches!(value, OptionValue::Switch(..))) => Kind::Boolean,
        Varied::Key(_) => {
            let all = || factor.values.iter().map(|value| &value.text).chain([&factor.base]);
            if all().all(|value| value.trim().parse::<f64>().is_ok()) {
                return Kind::Number;
            }
            let mut levels: Vec<String> = Vec::new();
            for value in all() {
                if !levels.iter().any(|known| is_same(known, value)) {
                    levels.push(value.clone());
                }
            }
            Kind::Level(Arc::from(levels))
        }
    }
}

/// A name of the same length that formulas can read and nothing else has, for one that they cannot read: so places in the
/// formula stay true.
fn stand_in(names: &[String], position: usize) -> Option<String> {
    let name = &names[position];
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let readable = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(word);
    let free = |candidate: &String| !names.contains(candidate);
    let mut candidates = (0..).map(|k| format!("{:_<width$}", format!("v{}", position + k), width = name.len()));
    if readable { None } else { candidates.find(free) }
}

/// The text with a path replaced where it stands by itself, outside of quotation marks.
fn replaced(text: &str, path: &str, stand_in: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let inner = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let after = rest.strip_prefix(path).map(|after| after.chars().next().unwrap_or(' '));
        if quote.is_none() && !inner(before) && after.is_some_and(|c| !inner(c)) {
            out.push_str(stand_in);
            rest = &rest[path.len()..];
            before = '_';
            continue;
        }
        match quote {
            Some(mark) if mark == c => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            _ => {}
        }
        out.push(c);
        before = c;
        rest = &rest[c.len_utf8()..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_replaced_where_they_stand_by_themselves() {
        let names = ["a.b", "v0_", "lost"].map(str::to_owned);
        assert_eq!(super::stand_in(&names, 2), None);
        let stand_in = super::stand_in(&names, 0).unwrap();
        assert_eq!(stand_in, "v1_");
        assert_eq!(replaced("a.b == 1 and a.bc > 2 or 'a.b' == x.a.b", "a.b", &stand_in).matches("v1_").count(), 1);
        assert_eq!(replaced("(a.b)", "a.b", "v0_"), "(v0_)");
    }
}

//! Formulas as text, their types, and programs that evaluate them over columns. Knows nothing of studies: what a
//! name means is the business of the [`Scope`] that the caller brings.
//!
//! A text goes through `lexer` and `parser` to a tree, which `lower` turns into typed terms: names resolved, constants
//! folded, every part with the range of its value. `range` proves or refutes that the value is what is wanted, and
//! `program` makes code that works on blocks of rows. A missing value is NaN; see [`Program::evaluate`].
//! Apart from that, `model` reads models in R's notation.

mod bounds;
mod call;
mod compiled;
mod lexer;
mod lower;
mod model;
mod operations;
mod parser;
mod program;
mod range;
mod slots;
mod term;
mod tree;

#[cfg(test)]
mod tests;

pub use call::{Call, looks_like_call, parse_call};
pub(crate) use call::{call_head, parse_call_as};
pub use compiled::{Compiled, once};
pub use model::{
    BasisKind, Contrast, Expression, Form, Model, ModelBasis, ModelColumn, ModelColumns, ModelFactor, ModelLookup,
    ModelPart, ModelProblem, ModelTerm, ModelValues, ModelVariable, RandomTerm, parse_model,
};
pub use program::Scratch;
pub use slots::Slots;
pub use tree::FUNCTION_NAMES;

use crate::diagnostic::{Diagnostics, Text, near_miss};
use lexer::Fault;
use lower::Lowering;
use program::Code;
use range::Axis;
use std::collections::BTreeMap;
use std::sync::Arc;
use term::{Operation, Term};

/// The type of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A real number.
    Number,
    /// True (1) or false (0); a number wherever a number is wanted.
    Boolean,
    /// One of these names, held by position; can only be compared with `==` and `!=`.
    Level(Arc<[String]>),
}

/// A closed range of numbers that a value is known to lie in; infinite where nothing is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A name in a formula as a scope is asked for it: `age`, `lag(well)`, `recorded(well, wave = 1)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference<'a> {
    /// The accessor around the name, if any: `lag`, `since`, `site_mean`, `reported`, `recorded`.
    pub accessor: Option<&'a str>,
    /// The name.
    pub name: &'a str,
    /// Named arguments of the accessor, each a constant.
    pub arguments: &'a [(String, f64)],
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    /// A value that is fixed before anything is simulated: a parameter.
    Constant {
        /// The value (position for a level).
        value: f64,
        /// Its type.
        kind: Kind,
    },
    /// A column, named by a number that the caller chose.
    Slot {
        /// The caller's number.
        slot: u32,
        /// Its type.
        kind: Kind,
        /// The range of its values.
        bounds: Bounds,
    },
}

/// Why a name stands for nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Unresolved {
    /// Number of the broken rule.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Unresolved {
    /// Nothing has this name (S0202); the nearest of the `known` names is suggested.
    #[must_use]
    pub fn unknown<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let help = near_miss(name, known).map(|near| format!("did you mean `{near}`?"));
        Self { code: "S0202", message: format!("nothing is called `{name}`"), help }
    }
}

/// What the names of a formula mean to its caller.
pub trait Scope {
    /// The meaning of a reference.
    ///
    /// # Errors
    /// An [`Unresolved`] that is reported at the name's place.
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved>;

    /// Names of accessors that this scope knows, such as `lag`.
    fn accessors(&self) -> &'static [&'static str];

    /// What has been compiled before, where the caller keeps it.
    fn compiled(&self) -> Option<&Compiled> {
        None
    }
}

/// The values of one slot over the rows of a block.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// The same value for every row.
    Constant(f64),
    /// A number per row.
    Number(&'a [f64]),
    /// A code per row and the number that each code stands for.
    Coded(&'a [u8], &'a [f64]),
    /// A position per row into a short list of numbers (a value per site).
    Indexed(&'a [u32], &'a [f64]),
}

impl Input<'_> {
    /// The same column from a row on.
    #[must_use]
    pub fn from_row(self, start: usize) -> Self {
        match self {
            Self::Constant(value) => Self::Constant(value),
            Self::Number(values) => Self::Number(&values[start..]),
            Self::Coded(codes, values) => Self::Coded(&codes[start..], values),
            Self::Indexed(positions, values) => Self::Indexed(&positions[start..], values),
        }
    }
}

mod parameters;
pub use parameters::{OnlyParameters, Parameter, Parameters};

/// What a formula is wanted for; decides which types and ranges are errors.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// Any number.
    Number,
    /// True or false.
    Boolean,
    /// A number in [0, 1].
    Probability,
    /// A number of at least 0, events per person-year.
    Rate,
    /// A number above 0.
    Positive,
    /// One of these levels.
    Level(Arc<[String]>),
}

/// A formula, checked, with the names resolved, ready to be evaluated over columns.
#[derive(Clone, Debug)]
pub struct Program(Arc<Parts>);

/// What a program is made of; shared, since a program may be kept for the next time that its text is compiled.
#[derive(Debug)]
struct Parts {
    text: Text,
    slots: Vec<u32>,
    written: Vec<String>,
    kind: Kind,
    bounds: Bounds,
    constant: Option<f64>,
    code: Code,
}

/// Checks a formula and makes a program of it. All its problems are reported, each at its place (S02xx).
///
/// A value outside of what is wanted is an error if the formula can be shown to take it within the ranges of its
/// slots, and a warning if a slot without finite range takes part. What can neither be shown nor ruled out passes:
/// check what [`Program::evaluate`] gives with [`Wanted::usable`].
pub fn compile(text: &Text, wanted: &Wanted, scope: &dyn Scope, problems: &mut Diagnostics) -> Option<Program> {
    if let Wanted::Level(levels) = wanted
        && let Some(position) = levels.iter().position(|level| level == text.text.trim())
    {
        // A level that stands alone needs no quotation marks.
        let term = Term::constant(position as f64, Kind::Level(levels.clone()), 0..text.text.len());
        return Some(program(text, wanted, &term, &BTreeMap::new(), Vec::new()));
    }
    once(text, wanted, scope, problems, |scope, problems| compile_anew(text, wanted, scope, problems))
}

fn compile_anew(text: &Text, wanted: &Wanted, scope: &dyn Scope, problems: &mut Diagnostics) -> Option<Program> {
    let mut lowering =
        Lowering { text: &text.text, scope, faults: Vec::new(), written: BTreeMap::new(), fixed: BTreeMap::new() };
    let parse = || parser::parse(&text.text);
    let tree = match scope.compiled() {
        Some(compiled) => compiled.tree(&text.text, parse),
        None => parse().map(Arc::new),
    };
    let term = match tree {
        Ok(node) => lowering.top(&node, wanted),
        Err(fault) => {
            lowering.faults.push(fault);
            None
        }
    };
    let Lowering { faults, written, fixed, .. } = lowering;
    let sound = faults.is_empty();
    report(faults, text, problems);
    let term = term.filter(|_| sound)?;
    let axes = axes(&term, &written);
    let slots: Vec<u32> = axes.keys().copied().collect();
    let list: Vec<Axis> = axes.values().cloned().collect();
    if let Some(witness) = range::refute(&term, wanted, &slots, &list, &fixed) {
        let Fault { code, range, message, help } = witness.fault;
        let span = text.span.within(&range);
        let problem = match witness.remote {
            true => problems.warn(code, &span, message),
            false => problems.error(code, &span, message),
        };
        if let Some(help) = help {
            problem.help(help);
        }
        if !witness.remote {
            return None;
        }
    }
    Some(program(text, wanted, &term, &axes, slots))
}

fn program(text: &Text, wanted: &Wanted, term: &Term, axes: &BTreeMap<u32, Axis>, slots: Vec<u32>) -> Program {
    let constant = term.value().map(|value| wanted.usable(value).unwrap_or(value));
    Program(Arc::new(Parts {
        text: text.clone(),
        code: Code::new(term, &slots),
        slots,
        written: axes.values().map(|axis| axis.written.clone()).collect(),
        kind: term.kind.clone(),
        bounds: constant.map_or_else(|| wanted.clip(term.bounds), Bounds::point),
        constant,
    }))
}

/// The slots that a term still reads after folding, with what is known of them.
fn axes(term: &Term, written: &BTreeMap<u32, String>) -> BTreeMap<u32, Axis> {
    let mut axes = BTreeMap::new();
    term.walk(&mut |part| {
        if let Operation::Slot(slot) = part.operation {
            let written = written.get(&slot).cloned().unwrap_or_default();
            axes.entry(slot).or_insert(Axis { written, kind: part.kind.clone(), bounds: part.bounds });
        }
    });
    axes
}

fn report(faults: Vec<Fault>, text: &Text, problems: &mut Diagnostics) {
    for Fault { code, range, message, help } in faults {
        let problem = problems.error(code, &text.span.within(&range), message);
        if let Some(help) = help {
            problem.help(help);
        }
    }
}

impl Program {
    /// The formula as written.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.0.text
    }

    /// The slots that it reads, each once, in ascending order. A slot that only a dead branch reads (`if` with a
    /// constant condition) is not among them.
    #[must_use]
    pub fn slots(&self) -> &[u32] {
        &self.0.slots
    }

    /// The references as written in the formula, such as `lag(well)`, parallel to [`slots`](Self::slots).
    #[must_use]
    pub fn describe_inputs(&self) -> &[String] {
        &self.0.written
    }

    /// The type of its value.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// The names of its levels, if its value is a level.
    #[must_use]
    pub fn levels(&self) -> Option<&Arc<[String]>> {
        match &self.0.kind {
            Kind::Level(levels) => Some(levels),
            Kind::Number | Kind::Boolean => None,
        }
    }

    /// A range that its value surely lies in, missing values aside.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.0.bounds
    }

    /// Its value, if it reads no slot.
    #[must_use]
    pub fn constant(&self) -> Option<f64> {
        self.0.constant
    }

    /// Its value for each row of `out`. `inputs[k]` is the column of `slots()[k]` and has at least as many rows.
    /// A missing input (NaN) makes the value NaN, comparisons and `if` included, except that `missing(x)` tells it,
    /// `false and x` is false and `true or x` is true. After the first call nothing is allocated.
    ///
    /// # Panics
    /// If an input is missing or shorter than `out`, or a code has no value.
    pub fn evaluate(&self, inputs: &[Input<'_>], out: &mut [f64], scratch: &mut Scratch) {
        match self.0.constant {
            Some(value) => out.fill(value),
            None => self.0.code.run(inputs, out, scratch),
        }
    }

    /// Its value for one row: `values[k]` belongs to `slots()[k]`. The same bits as [`evaluate`](Self::evaluate).
    ///
    /// # Panics
    /// If a value is missing.
    #[must_use]
    pub fn evaluate_one(&self, values: &[f64]) -> f64 {
        self.0.constant.unwrap_or_else(|| self.0.code.run_one(values))
    }
}

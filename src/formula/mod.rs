//! Formulas as text, their types, and programs that evaluate them over columns. Knows nothing of studies: what a
//! name means is the business of the [`Scope`] that the caller brings.

use crate::diagnostic::{Diagnostics, Text};
use std::sync::Arc;

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

/// What the names of a formula mean to its caller.
pub trait Scope {
    /// The meaning of a reference.
    ///
    /// # Errors
    /// An [`Unresolved`] that is reported at the name's place.
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved>;

    /// Names of accessors that this scope knows, such as `lag`.
    fn accessors(&self) -> &[&'static str];
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
pub struct Program {
    text: Text,
    slots: Vec<u32>,
    kind: Kind,
    bounds: Bounds,
}

/// Buffers of an evaluation, reused between calls.
#[derive(Clone, Debug, Default)]
pub struct Scratch {}

/// Checks a formula and makes a program of it. All its problems are reported, each at its place (S02xx).
pub fn compile(text: &Text, wanted: &Wanted, scope: &dyn Scope, problems: &mut Diagnostics) -> Option<Program> {
    let _ = (text, wanted, scope, problems);
    todo!()
}

impl Program {
    /// The formula as written.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The slots that it reads, each once, in ascending order.
    #[must_use]
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// The type of its value.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// A range that its value surely lies in.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Its value, if it reads no slot.
    #[must_use]
    pub fn constant(&self) -> Option<f64> {
        todo!()
    }

    /// Its value for each row of `out`. `inputs[k]` is the column of `slots()[k]` and has at least as many rows.
    pub fn evaluate(&self, inputs: &[Input<'_>], out: &mut [f64], scratch: &mut Scratch) {
        let _ = (inputs, out, scratch);
        todo!()
    }

    /// Its value for one row: `values[k]` belongs to `slots()[k]`.
    #[must_use]
    pub fn evaluate_one(&self, values: &[f64]) -> f64 {
        let _ = values;
        todo!()
    }
}

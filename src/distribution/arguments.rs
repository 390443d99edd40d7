//! Arguments of laws: read by name, checked, evaluated over blocks of rows.

use super::{BLOCK, Entry, LawProblem, LawScratch};
use crate::diagnostic::{Diagnostics, Span, Text, near_miss};
use crate::formula::{Bounds, Call, Input, Program, Scope, Wanted, compile};
use std::sync::Arc;

/// An argument of a law, as the catalogue describes it.
#[derive(Clone, Copy, Debug)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// Its range.
    pub need: Need,
    /// Its value where it is not given; absent: it must be given.
    pub default: Option<f64>,
}

/// The range of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Any number.
    Number,
    /// At least 0.
    NotNegative,
    /// Above 0.
    Positive,
    /// In [0, 1].
    Probability,
}

impl Argument {
    /// An argument that must be given.
    pub(super) const fn new(name: &'static str, need: Need) -> Self {
        Self { name, need, default: None }
    }

    /// An argument that may be left out.
    pub(super) const fn or(name: &'static str, need: Need, default: f64) -> Self {
        Self { name, need, default: Some(default) }
    }
}

impl Need {
    /// The range in words.
    #[must_use]
    pub fn range(self) -> &'static str {
        match self {
            Self::Number => "any number",
            Self::NotNegative => "0 or above",
            Self::Positive => "above 0",
            Self::Probability => "from 0 to 1",
        }
    }

    fn wanted(self) -> Wanted {
        match self {
            Self::Number => Wanted::Number,
            Self::NotNegative => Wanted::Rate,
            Self::Positive => Wanted::Positive,
            Self::Probability => Wanted::Probability,
        }
    }
}

/// An argument as a scenario gives it.
#[derive(Clone, Debug)]
pub(super) struct Given {
    value: Value,
    wanted: Wanted,
    /// For each slot of the program, its position among the slots of the law.
    positions: Vec<usize>,
}

#[derive(Clone, Debug)]
enum Value {
    Program(Box<Program>),
    Default(f64, Text),
}

impl Given {
    pub fn program(program: Program, wanted: Wanted) -> Self {
        Self { value: Value::Program(Box::new(program)), wanted, positions: Vec::new() }
    }

    pub fn fixed(value: f64, text: Text) -> Self {
        Self { value: Value::Default(value, text), wanted: Wanted::Number, positions: Vec::new() }
    }

    /// The formula as written.
    pub fn text(&self) -> &Text {
        match &self.value {
            Value::Program(program) => program.text(),
            Value::Default(_, text) => text,
        }
    }

    /// Its value; NaN if it differs between persons.
    pub fn constant(&self) -> f64 {
        match &self.value {
            Value::Program(program) => program.constant().unwrap_or(f64::NAN),
            Value::Default(value, _) => *value,
        }
    }

    /// Its value where the law's slots have these values; absent if it cannot be used.
    pub fn one(&self, row: &[f64]) -> Option<f64> {
        match &self.value {
            Value::Program(program) => {
                let own: Vec<f64> = self.positions.iter().map(|k| row[*k]).collect();
                self.wanted.usable(program.evaluate_one(&own))
            }
            Value::Default(value, _) => Some(*value),
        }
    }

    pub fn bounds(&self) -> Bounds {
        match &self.value {
            Value::Program(program) => program.bounds(),
            Value::Default(value, _) => Bounds::point(*value),
        }
    }

    fn slots(&self) -> &[u32] {
        match &self.value {
            Value::Program(program) => program.slots(),
            Value::Default(..) => &[],
        }
    }

    /// Notes where its slots are among those of the law.
    pub fn bind(&mut self, slots: &[u32]) {
        self.positions = self.slots().iter().filter_map(|slot| slots.binary_search(slot).ok()).collect();
    }
}

/// All slots of some arguments, ascending, each once.
pub(super) fn all_slots(given: &[Given]) -> Vec<u32> {
    let mut slots: Vec<u32> = given.iter().flat_map(|g| g.slots().iter().copied()).collect();
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// A slot as one of the arguments writes it.
pub(super) fn written(given: &[Given], slot: u32) -> String {
    let mut names = given.iter().filter_map(|g| match &g.value {
        Value::Program(program) => {
            program.slots().binary_search(&slot).ok().map(|k| program.describe_inputs()[k].clone())
        }
        Value::Default(..) => None,
    });
    names.next().unwrap_or_default()
}

/// The values of an argument over the rows of a block.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column<'a> {
    Constant(f64),
    Rows(&'a [f64]),
}

impl Column<'_> {
    #[inline]
    pub fn at(&self, row: usize) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Rows(values) => values[row],
        }
    }
}

/// Puts `f` of row, value and arguments in place of each value of `out`.
pub(super) fn each<const N: usize>(columns: &[Column<'_>], out: &mut [f64], f: impl Fn(usize, f64, [f64; N]) -> f64) {
    let fixed = |row: usize| std::array::from_fn(|k| columns[k].at(row));
    if columns.iter().all(|column| matches!(column, Column::Constant(_))) {
        let values = fixed(0);
        for (row, out) in out.iter_mut().enumerate() {
            *out = f(row, *out, values);
        }
    } else {
        for (row, out) in out.iter_mut().enumerate() {
            *out = f(row, *out, fixed(row));
        }
    }
}

/// Evaluates the arguments for rows `start .. start + rows` into the columns of the scratch.
pub(super) fn evaluate(
    given: &[Given],
    inputs: &[Input<'_>],
    start: usize,
    rows: usize,
    scratch: &mut LawScratch,
) -> Result<(), LawProblem> {
    if scratch.columns.len() < given.len() {
        scratch.columns.resize_with(given.len(), || vec![0.0; BLOCK]);
    }
    for (given, column) in given.iter().zip(&mut scratch.columns) {
        let Value::Program(program) = &given.value else { continue };
        if program.constant().is_some() {
            continue;
        }
        let column = &mut column[..rows];
        let at = |k: usize| given.positions.get(k).map(|p| inputs[*p].from_row(start));
        let mut few = [Input::Constant(f64::NAN); 16];
        if given.positions.len() <= few.len() {
            for (k, few) in few.iter_mut().enumerate() {
                *few = at(k).unwrap_or(*few);
            }
            program.evaluate(&few[..given.positions.len()], column, &mut scratch.formula);
        } else {
            let many: Vec<Input<'_>> = (0..given.positions.len()).filter_map(at).collect();
            program.evaluate(&many, column, &mut scratch.formula);
        }
        usable(program, &given.wanted, start, column)?;
    }
    Ok(())
}

/// Puts values that rounding moved out of range back, and refuses others.
fn usable(program: &Program, wanted: &Wanted, start: usize, column: &mut [f64]) -> Result<(), LawProblem> {
    for (row, value) in column.iter_mut().enumerate() {
        match wanted.usable(*value) {
            Some(usable) => *value = usable,
            None => {
                let why = if value.is_nan() { "the value is missing" } else { wanted.requirement() };
                let argument = program.text().clone();
                return Err(LawProblem { row: start + row, argument, value: *value, why });
            }
        }
    }
    Ok(())
}

/// Calls `f` with the columns that [`evaluate`] has filled.
pub(super) fn with_columns<T>(
    given: &[Given],
    scratch: &LawScratch,
    rows: usize,
    f: impl FnOnce(&[Column<'_>]) -> T,
) -> T {
    let column = |k: usize| match given[k].constant() {
        value if value.is_nan() => Column::Rows(&scratch.columns[k][..rows]),
        value => Column::Constant(value),
    };
    let mut few = [Column::Constant(f64::NAN); 16];
    if given.len() <= few.len() {
        for (k, few) in few.iter_mut().enumerate().take(given.len()) {
            *few = column(k);
        }
        f(&few[..given.len()])
    } else {
        f(&(0..given.len()).map(column).collect::<Vec<_>>())
    }
}

/// Reads the arguments of one call.
pub(super) struct Reader<'a> {
    pub entry: &'static Entry,
    pub call: &'a Call,
    pub levels: Option<&'a Arc<[String]>>,
    pub scope: &'a dyn Scope,
    pub problems: &'a mut Diagnostics,
    /// What was read, in the order of reading.
    pub given: Vec<Given>,
}

impl<'a> Reader<'a> {
    pub fn new(
        entry: &'static Entry,
        call: &'a Call,
        levels: Option<&'a Arc<[String]>>,
        scope: &'a dyn Scope,
        problems: &'a mut Diagnostics,
    ) -> Self {
        Self { entry, call, levels, scope, problems, given: Vec::new() }
    }

    /// Reads the arguments that the catalogue lists, and refuses others.
    pub fn listed(&mut self) -> Option<()> {
        let entry = self.entry;
        self.only(entry.arguments.iter().map(|a| a.name));
        entry.arguments.iter().map(|argument| self.one(argument)).collect::<Vec<_>>().into_iter().collect()
    }

    fn one(&mut self, argument: &Argument) -> Option<()> {
        let call = self.call;
        let Some((_, text)) = call.arguments.iter().find(|(name, _)| name.text == argument.name) else {
            let Some(value) = argument.default else {
                let message = format!("`{}` needs the argument `{}`", call.name.text, argument.name);
                self.problems.error("S0216", &call.name.span, message).help(usage(self.entry));
                return None;
            };
            self.given.push(Given::fixed(value, call.name.clone()));
            return Some(());
        };
        self.push(text, argument.need.wanted())
    }

    /// Compiles a formula as the next argument.
    pub fn push(&mut self, text: &Text, wanted: Wanted) -> Option<()> {
        let program = compile(text, &wanted, self.scope, self.problems)?;
        self.given.push(Given::program(program, wanted));
        Some(())
    }

    /// Refuses arguments that are not known or given twice.
    pub fn only<'n>(&mut self, known: impl Iterator<Item = &'n str> + Clone) {
        let law = &self.call.name.text;
        for (k, (name, _)) in self.call.arguments.iter().enumerate() {
            if !known.clone().any(|known| known == name.text) {
                let help = match near_miss(&name.text, known.clone()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => usage(self.entry),
                };
                self.problems.error("S0216", &name.span, format!("`{law}` has no argument `{}`", name.text)).help(help);
            } else if self.call.arguments[..k].iter().any(|(before, _)| before.text == name.text) {
                self.twice(&name.span, &name.text);
            }
        }
    }

    /// Reports an argument that is given twice.
    pub fn twice(&mut self, span: &Span, name: &str) {
        self.problems.error("S0216", span, format!("`{name}` is given twice"));
    }
}

/// How a law is written.
fn usage(entry: &Entry) -> String {
    format!("write `{}`", entry.usage())
}

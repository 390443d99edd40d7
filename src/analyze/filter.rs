//! Conditions on records (`where`, `compare`), read from what the survey holds at the wave asked for.

use super::CannotAnswer;
use super::design::{changes, require};
use super::variable::{Cells, Source, Variable, unknown};
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{Bounds, Input, Kind, Program, Reference, Resolved, Scope, Scratch, Unresolved, Wanted, compile};
use crate::tables::{Constant, Observed, ObservedSchema, Target};
use std::cell::RefCell;

/// Most variables that one condition may read.
const MOST: usize = 16;

/// A condition, compiled.
#[derive(Debug)]
pub(super) struct Filter {
    program: Program,
    variables: Vec<Variable>,
    values: Vec<f64>,
    grown: Vec<f64>,
    scratch: Scratch,
}

impl Filter {
    /// The condition at a wave (counted from 0), at which `age` is the age then.
    pub(super) fn new(
        text: &Text,
        target: &Target,
        schema: &ObservedSchema,
        wave: usize,
    ) -> Result<Self, CannotAnswer> {
        let years = schema.wave_years.get(wave).copied().unwrap_or(0.0);
        let scope = Names { schema, constants: &target.constants, years, found: RefCell::default() };
        let mut problems = Diagnostics::new();
        let Some(program) = compile(text, &Wanted::Boolean, &scope, &mut problems) else {
            let why = problems.list().first().map_or_else(|| "it cannot be read".to_owned(), |p| p.message.clone());
            return Err(CannotAnswer { why: format!("condition `{}`: {why}", text.text) });
        };
        let found = scope.found.into_inner();
        let variables: Vec<Variable> =
            program.slots().iter().filter_map(|slot| found.get(*slot as usize).cloned()).collect();
        if variables.len() != program.slots().len() || variables.len() > MOST {
            return Err(CannotAnswer { why: format!("condition `{}` reads more than {MOST} variables", text.text) });
        }
        Ok(Self { program, variables, values: Vec::new(), grown: Vec::new(), scratch: Scratch::default() })
    }

    /// Whether it reads answers of the wave, which those who are lost do not have.
    pub(super) fn reads_answers(&self) -> bool {
        self.variables.iter().any(changes)
    }

    /// Sets `mask` to 1 for the records that fulfil the condition at a wave; 0 where one of its variables is missing.
    pub(super) fn apply(&mut self, observed: &Observed<'_>, wave: usize, mask: &mut Vec<u8>) {
        let records = observed.records();
        mask.clear();
        mask.resize(records, 0);
        self.grow(observed, wave);
        let mut inputs = [Input::Constant(f64::NAN); MOST];
        for (input, variable) in inputs.iter_mut().zip(&self.variables) {
            match variable.source.cells(observed, wave) {
                Cells::Codes(codes) if codes.len() == records => *input = Input::Coded(codes, variable.lookup()),
                Cells::Numbers(_) if variable.growth != 0.0 => *input = Input::Number(&self.grown),
                Cells::Numbers(values) if values.len() == records => *input = Input::Number(values),
                Cells::Positions(codes) if in_range(codes, variable, records) => {
                    *input = Input::Indexed(codes, variable.lookup());
                }
                _ => return,
            }
        }
        self.values.clear();
        self.values.resize(records, 0.0);
        self.program.evaluate(&inputs[..self.variables.len()], &mut self.values, &mut self.scratch);
        for (m, v) in mask.iter_mut().zip(&self.values) {
            *m = u8::from(*v != 0.0 && !v.is_nan());
        }
        self.variables.iter().for_each(|variable| require(variable, observed, wave, mask));
    }

    /// `age` as a number at the wave.
    fn grow(&mut self, observed: &Observed<'_>, wave: usize) {
        self.grown.clear();
        if let Some(age) = self.variables.iter().find(|v| v.growth != 0.0)
            && let Cells::Numbers(values) = age.source.cells(observed, wave)
        {
            self.grown.extend(values.iter().map(|v| v + age.growth));
        }
        self.grown.resize(observed.records(), f64::NAN);
    }
}

/// Whether there is a position for each record and each has a value.
fn in_range(codes: &[u32], variable: &Variable, records: usize) -> bool {
    codes.len() == records && codes.iter().all(|c| (*c as usize) < variable.lookup().len())
}

/// The names of a condition: what the survey sees. Slots are numbered in the order in which they are first read.
struct Names<'a> {
    schema: &'a ObservedSchema,
    constants: &'a [Constant],
    years: f64,
    found: RefCell<Vec<Variable>>,
}

impl Scope for Names<'_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        let refuse = |message: String| Unresolved { code: "S0602", message, help: None };
        if let Some(accessor) = reference.accessor {
            return Err(refuse(format!("a method cannot read `{accessor}({})`", reference.name)));
        }
        if let Some(constant) = self.constants.iter().find(|c| c.name == reference.name) {
            let kind = constant.levels.clone().map_or(Kind::Number, Kind::Level);
            return Ok(Resolved::Constant { value: constant.value, kind });
        }
        let variable = Variable::find(reference.name, self.schema)
            .ok_or_else(|| refuse(unknown(reference.name, self.schema).why))?;
        let variable = variable.after(self.years);
        let mut found = self.found.borrow_mut();
        let slot = found.iter().position(|v| v.name == variable.name).unwrap_or_else(|| {
            found.push(variable.clone());
            found.len() - 1
        });
        let kind = match variable.is_named() {
            true => Kind::Level(variable.levels.clone().into()),
            false if variable.is_yes_no() => Kind::Boolean,
            false => Kind::Number,
        };
        let least = variable.values.iter().copied().fold(f64::INFINITY, f64::min) + variable.growth;
        let most = variable.values.iter().copied().fold(f64::NEG_INFINITY, f64::max) + variable.growth;
        let bounds = match variable.source {
            Source::Wave => Bounds { low: 1.0, high: f64::INFINITY },
            _ if variable.is_coded() => Bounds { low: least, high: most },
            _ => Bounds::ANY,
        };
        Ok(Resolved::Slot { slot: slot as u32, kind, bounds })
    }

    fn accessors(&self) -> &'static [&'static str] {
        &[]
    }
}

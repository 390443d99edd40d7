//! Working definitions and cells over a batch.

use super::aggregate::gather;
use super::level::Level;
use super::scope::Meaning;
use super::units::Units;
use super::{Plan, cell};
use crate::formula::{self, Input, Program};
use crate::tables::observed::ObservedBatch;
use std::collections::BTreeMap;

/// Buffers, reused between batches.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    formula: formula::Scratch,
}

/// A batch at work: its units, the values of definitions, columns that formulas have asked for.
pub(super) struct Work<'a> {
    pub plan: &'a Plan,
    pub batch: &'a ObservedBatch,
    pub units: Units,
    /// By definition.
    values: Vec<Vec<f64>>,
    columns: BTreeMap<(Level, u32), Vec<f64>>,
}

impl Plan {
    /// The numbers of all cells, replicate after replicate; NaN where there is none: nobody is counted of whom there could
    /// be a share, mean, least or greatest value, or there can be no number at all.
    #[must_use]
    pub fn cells_of(&self, batch: &ObservedBatch, scratch: &mut Scratch) -> Vec<f64> {
        let mut work = Work::new(self, batch, scratch);
        cell::fill(&mut work, scratch)
    }
}

impl<'a> Work<'a> {
    /// A batch with all definitions worked.
    pub fn new(plan: &'a Plan, batch: &'a ObservedBatch, scratch: &mut Scratch) -> Self {
        let values = vec![Vec::new(); plan.definitions.len()];
        let mut work = Self { plan, batch, units: Units::new(plan, batch), values, columns: BTreeMap::new() };
        for position in &plan.order {
            let definition = &plan.definitions[*position];
            work.values[*position] = work.evaluate(&definition.program, definition.level, scratch);
        }
        work
    }

    /// The values of a definition.
    pub fn definition(&self, position: usize) -> Vec<f64> {
        self.values[position].clone()
    }

    /// A formula's value for each unit of a level.
    pub fn evaluate(&mut self, program: &Program, level: Level, scratch: &mut Scratch) -> Vec<f64> {
        let mut out = vec![0.0; self.units.len(level)];
        if let Some(value) = program.constant() {
            out.fill(value);
            return out;
        }
        for slot in program.slots() {
            self.provide(level, *slot);
        }
        let inputs: Vec<Input<'_>> =
            program.slots().iter().map(|slot| Input::Number(self.column(level, *slot))).collect();
        program.evaluate(&inputs, &mut out, &mut scratch.formula);
        out
    }

    /// Whether a condition holds, for each unit of a level; a missing condition does not hold.
    pub fn holds(&mut self, program: &Program, level: Level, scratch: &mut Scratch) -> Vec<bool> {
        self.evaluate(program, level, scratch).into_iter().map(|value| value == 1.0).collect()
    }

    fn column(&self, level: Level, slot: u32) -> &[f64] {
        match self.plan.meanings[slot as usize] {
            Meaning::Definition(definition) if self.plan.definitions[definition].level == level => {
                &self.values[definition]
            }
            _ => self.columns.get(&(level, slot)).map_or(&[], Vec::as_slice),
        }
    }

    /// Makes a column, unless it is there.
    fn provide(&mut self, level: Level, slot: u32) {
        if self.columns.contains_key(&(level, slot)) {
            return;
        }
        let column = match self.plan.meanings[slot as usize] {
            Meaning::Definition(definition) => {
                let of = self.plan.definitions[definition].level;
                if of == level {
                    return;
                }
                let values = &self.values[definition];
                self.units.above(level, of).iter().map(|unit| values[*unit as usize]).collect()
            }
            Meaning::Aggregate(how, definition) => {
                let of = self.plan.definitions[definition].level;
                gather(how, &self.values[definition], self.units.above(of, level), self.units.len(level))
            }
            meaning => self.units.column(self.plan, self.batch, level, meaning),
        };
        self.columns.insert((level, slot), column);
    }
}

//! `where` and `compare`: which rows of a truth count.

use super::scope::{AtWave, Name, fill};
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{Input, Parameters, Program, Scratch, Wanted, compile};
use crate::tables::{RunProblem, Truth, TruthSchema};
use std::ops::Range;

/// A condition on persons at one wave.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    program: Program,
    moment: usize,
    /// What the program reads, with the years that age has grown by.
    reads: Vec<(Name, f64)>,
}

/// Buffers of the evaluation of conditions, reused between blocks of rows.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    scratch: Scratch,
    columns: Vec<Vec<f64>>,
    holds: Vec<f64>,
}

impl Condition {
    /// Compiles a condition on the truth at a moment.
    pub fn compile(
        text: &Text,
        moment: usize,
        truth: &TruthSchema,
        parameters: &Parameters,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let program = compile(text, &Wanted::Boolean, &AtWave { truth, parameters }, problems)?;
        let reads = program.slots().iter().map(|slot| Name::of_slot(truth, *slot));
        let reads = reads.map(|name| (name, name.growth(truth, moment))).collect();
        Some(Self { program, moment, reads })
    }

    /// The same condition at another moment.
    pub fn at(&self, moment: usize, truth: &TruthSchema) -> Self {
        let reads = self.reads.iter().map(|(name, _)| (*name, name.growth(truth, moment))).collect();
        Self { program: self.program.clone(), moment, reads }
    }

    /// What it reads.
    pub fn names(&self) -> impl Iterator<Item = Name> + '_ {
        self.reads.iter().map(|(name, _)| *name)
    }

    /// Multiplies `weights` by 1 where the condition holds and by 0 where it does not.
    ///
    /// # Errors
    /// R0030: the condition has no value for a person.
    pub fn apply(
        &self,
        truth: &Truth,
        rows: Range<usize>,
        weights: &mut [f64],
        buffers: &mut Buffers,
    ) -> Result<(), RunProblem> {
        let Buffers { scratch, columns, holds } = buffers;
        columns.resize_with(columns.len().max(self.reads.len()), Vec::new);
        for ((name, growth), column) in self.reads.iter().zip(columns.iter_mut()) {
            column.resize(rows.len(), 0.0);
            fill(*name, *growth, truth, self.moment, rows.clone(), column);
        }
        let inputs: Vec<Input<'_>> = columns.iter().take(self.reads.len()).map(|c| Input::Number(c)).collect();
        holds.resize(rows.len(), 0.0);
        self.program.evaluate(&inputs, holds, scratch);
        for (i, (weight, holds)) in weights.iter_mut().zip(holds.iter()).enumerate() {
            if holds.is_nan() {
                return Err(self.no_value(truth, rows.start + i));
            }
            *weight *= f64::from(u8::from(*holds != 0.0));
        }
        Ok(())
    }

    fn no_value(&self, truth: &Truth, row: usize) -> RunProblem {
        let text = self.program.text();
        let message = match (&truth.weights, truth.schema.persons) {
            (None, persons) if persons > 0 => format!(
                "`{}` is neither true nor false (replicate {}, person {})",
                text.text,
                truth.replicates.start + (row / persons) as u64,
                row % persons + 1
            ),
            _ => format!("`{}` is neither true nor false", text.text),
        };
        RunProblem { code: "R0030", message, span: Some(text.span.clone()) }
    }
}

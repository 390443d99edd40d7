//! Thresholds for every combination of the values that a rule reads.

use super::shape::Shape;
use crate::formula::{Input, Program, Scratch};
use crate::streams::Chance;

/// One dimension of a table: an input with few values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    /// Number of values.
    pub len: usize,
    /// Entries between two neighbouring values.
    pub stride: usize,
}

/// Thresholds for every combination of the values that a rule reads.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// `levels - 1` cumulative thresholds for each entry.
    pub chances: Vec<Chance>,
    /// Their upper 16 bits, padded to a power of two.
    pub high: Vec<u16>,
    /// Entries whose probabilities cannot be used, with the formula and value; nearly always empty.
    pub bad: Vec<(usize, usize, f64)>,
}

/// Buffers for making tables and for evaluating blocks.
#[derive(Clone, Debug, Default)]
pub(super) struct Buffers {
    pub formula: Scratch,
    /// One column per formula.
    pub values: Vec<Vec<f64>>,
    /// One column per slot, where entries of a table are listed.
    columns: Vec<Vec<f64>>,
}

/// What a table is made from.
pub(super) struct Recipe<'a> {
    pub shape: &'a Shape,
    pub programs: &'a [Program],
    /// For each program, positions of its slots among the rule's.
    pub positions: &'a [Vec<usize>],
    /// Position of the selector among the rule's slots.
    pub selector: Option<usize>,
}

impl Table {
    /// Makes the table of `entries` combinations; `axes[k]` belongs to the rule's slot `k`, absent for constants.
    pub fn fill(
        &mut self,
        recipe: &Recipe<'_>,
        inputs: &[Input<'_>],
        axes: &[Option<Axis>],
        entries: usize,
        buffers: &mut Buffers,
    ) {
        list_combinations(inputs, axes, entries, &mut buffers.columns);
        let columns: Vec<Input<'_>> = buffers.columns.iter().map(|c| Input::Number(&c[..entries])).collect();
        evaluate_all(recipe, &columns, entries, &mut buffers.formula, &mut buffers.values);
        let levels = recipe.shape.levels();
        self.bad.clear();
        self.chances.clear();
        let mut values = vec![0.0; recipe.programs.len()];
        let mut probabilities = vec![0.0; levels];
        for entry in 0..entries {
            for (v, column) in values.iter_mut().zip(&buffers.values) {
                *v = column[entry];
            }
            let selector = recipe.selector.map_or(0, |k| buffers.columns[k][entry] as usize);
            match recipe.shape.probabilities(selector, &values, &mut probabilities) {
                Ok(()) => push_thresholds(&probabilities, &mut self.chances),
                Err(formula) => {
                    self.bad.push((entry, formula, values[formula]));
                    self.chances.extend(std::iter::repeat_n(Chance::default(), levels - 1));
                }
            }
        }
        self.high.clear();
        self.high.extend(self.chances.iter().map(|c| c.high()));
        self.high.resize(self.high.len().next_power_of_two(), 0);
    }
}

/// Evaluates all formulas of a rule over `rows` rows.
pub(super) fn evaluate_all(
    recipe: &Recipe<'_>,
    inputs: &[Input<'_>],
    rows: usize,
    scratch: &mut Scratch,
    values: &mut Vec<Vec<f64>>,
) {
    values.resize_with(recipe.programs.len().max(values.len()), Vec::new);
    let mut own = Vec::with_capacity(inputs.len());
    for ((program, positions), out) in recipe.programs.iter().zip(recipe.positions).zip(values) {
        own.clear();
        own.extend(positions.iter().map(|k| inputs[*k]));
        if out.len() < rows {
            out.resize(rows, 0.0);
        }
        program.evaluate(&own, &mut out[..rows], scratch);
    }
}

/// Thresholds for `levels` outcomes: for yes/no one, for the probability of yes; otherwise cumulative ones.
pub(super) fn push_thresholds(probabilities: &[f64], chances: &mut Vec<Chance>) {
    if let [_, yes] = probabilities {
        chances.push(Chance::new(*yes));
        return;
    }
    // From the last level that can happen on the threshold is certainty, so that rounding never lets an impossible one.
    let last = probabilities.iter().rposition(|p| *p > 0.0).unwrap_or(0);
    let mut sum = 0.0;
    for (level, p) in probabilities[..probabilities.len() - 1].iter().enumerate() {
        sum += p;
        chances.push(Chance::new(if level >= last { 1.0 } else { sum.min(1.0) }));
    }
}

fn list_combinations(inputs: &[Input<'_>], axes: &[Option<Axis>], entries: usize, columns: &mut Vec<Vec<f64>>) {
    columns.resize_with(inputs.len().max(columns.len()), Vec::new);
    for ((input, axis), column) in inputs.iter().zip(axes).zip(columns) {
        column.clear();
        match (input, axis) {
            (Input::Coded(_, values) | Input::Indexed(_, values), Some(axis)) => {
                column.extend((0..entries).map(|e| values[e / axis.stride % axis.len]));
            }
            (Input::Constant(value), _) => column.resize(entries, *value),
            _ => column.resize(entries, f64::NAN),
        }
    }
}

//! Thresholds for every combination of the values that a rule reads.

use super::rule::value_at;
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
    /// Entries whose probabilities cannot be used, in ascending order, with the formula and value.
    pub bad: Vec<(usize, usize, f64)>,
    /// Whether each entry is one of them, as far as the last one.
    pub is_bad: Vec<bool>,
    /// Whether every outcome is certain, so that no draw is looked at.
    pub certain: bool,
    /// Where entries are worked out as rows ask for them, which of them are; empty where all are.
    pub done: Vec<bool>,
}

/// Buffers for making tables and for evaluating blocks.
#[derive(Clone, Debug, Default)]
pub(super) struct Buffers {
    pub formula: Scratch,
    /// One column per formula.
    pub values: Vec<Vec<f64>>,
    /// One column per slot, where entries of a table are listed.
    columns: Vec<Vec<f64>>,
    /// Rows whose entries are not worked out yet.
    wanting: Vec<usize>,
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
        self.bad.clear();
        self.is_bad.clear();
        self.certain = true;
        self.done.clear();
        self.chances.clear();
        self.chances.resize(entries * (recipe.shape.levels() - 1), Chance::default());
        self.high.clear();
        self.high.resize(self.chances.len().next_power_of_two(), 0);
        self.work(recipe, entries, |entry| entry, buffers);
    }

    /// A table of `entries` combinations, none of which is worked out.
    pub fn open(shape: &Shape, entries: usize) -> Self {
        let chances = vec![Chance::default(); entries * (shape.levels() - 1)];
        let high = vec![0; chances.len().next_power_of_two()];
        Self { chances, high, certain: true, done: vec![false; entries], ..Self::default() }
    }

    /// Whether its entries are worked out as rows ask for them.
    pub fn is_open(&self) -> bool {
        !self.done.is_empty()
    }

    /// Works out the entries of these rows that are not worked out yet: few persons have few of many combinations.
    pub fn complete(&mut self, recipe: &Recipe<'_>, inputs: &[Input<'_>], index: &[u16], buffers: &mut Buffers) {
        buffers.wanting.clear();
        for (row, entry) in index.iter().enumerate() {
            if !std::mem::replace(&mut self.done[usize::from(*entry)], true) {
                buffers.wanting.push(row);
            }
        }
        if buffers.wanting.is_empty() {
            return;
        }
        let Buffers { columns, wanting, .. } = buffers;
        columns.resize_with(inputs.len().max(columns.len()), Vec::new);
        for (input, column) in inputs.iter().zip(columns) {
            column.clear();
            column.extend(wanting.iter().map(|row| value_at(input, *row)));
        }
        let wanting = std::mem::take(&mut buffers.wanting);
        self.work(recipe, wanting.len(), |k| usize::from(index[wanting[k]]), buffers);
        self.bad.sort_unstable_by_key(|(entry, _, _)| *entry);
        buffers.wanting = wanting;
    }

    /// Works out entries: `entry(k)` has the values of row `k` of the buffers' columns.
    fn work(&mut self, recipe: &Recipe<'_>, rows: usize, entry: impl Fn(usize) -> usize, buffers: &mut Buffers) {
        let columns: Vec<Input<'_>> = buffers.columns.iter().map(|c| Input::Number(&c[..rows.min(c.len())])).collect();
        evaluate_all(recipe, &columns, rows, &mut buffers.formula, &mut buffers.values);
        let levels = recipe.shape.levels();
        let mut thresholds = Vec::with_capacity(levels);
        let mut values = vec![0.0; recipe.programs.len()];
        let mut probabilities = vec![0.0; levels];
        for row in 0..rows {
            for (v, column) in values.iter_mut().zip(&buffers.values) {
                *v = column[row];
            }
            let entry = entry(row);
            let selector = recipe.selector.map_or(0, |k| buffers.columns[k][row] as usize);
            if let Err(formula) = recipe.shape.probabilities(selector, &values, &mut probabilities) {
                self.bad.push((entry, formula, values[formula]));
                self.is_bad.resize(self.is_bad.len().max(entry + 1), false);
                self.is_bad[entry] = true;
                continue;
            }
            thresholds.clear();
            push_thresholds(&probabilities, &mut thresholds);
            let first = entry * (levels - 1);
            for (k, chance) in thresholds.iter().enumerate() {
                self.certain &= chance.is_certain();
                self.chances[first + k] = *chance;
                self.high[first + k] = chance.high();
            }
        }
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

//! The variable an estimand is about, as the number that each row contributes.

use super::scope::Name;
use crate::tables::{Column, Truth, TruthSchema};
use std::ops::Range;

/// The variable an estimand is about.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    variable: usize,
    /// What each code counts for.
    table: Vec<f64>,
    /// The value that counts as yes, where a share is asked for and not a mean.
    yes: Option<f64>,
}

impl Outcome {
    /// The variable at this position; a row counts 1 at `level` (yes for a yes/no variable) and 0 otherwise. Without
    /// a level and for other than yes/no variables, a row counts its value.
    pub fn new(truth: &TruthSchema, variable: usize, level: Option<&str>) -> Self {
        let coding = truth.variables[variable].coding.as_deref();
        let position = level.and_then(|level| coding.and_then(|c| c.levels.iter().position(|l| l == level)));
        let yes = match position {
            Some(position) => coding.and_then(|c| c.values.get(position)).copied(),
            None => coding.is_some_and(|c| c.is_yes_no()).then_some(1.0),
        };
        let mut table = vec![f64::NAN; 256];
        for (entry, value) in table.iter_mut().zip(coding.map_or(&[][..], |c| &c.values)) {
            *entry = yes.map_or(*value, |yes| f64::from(u8::from(*value == yes)));
        }
        Self { variable, table, yes }
    }

    /// The variable's position.
    pub fn variable(&self) -> usize {
        self.variable
    }

    /// Writes what the rows count for at a moment into `out`.
    pub fn fill(&self, truth: &Truth, moment: usize, rows: Range<usize>, out: &mut [f64]) {
        let growth = match self.yes {
            Some(_) => 0.0,
            None => Name::Variable(self.variable).growth(&truth.schema, moment),
        };
        match truth.at(self.variable, moment) {
            Column::Coded { codes, .. } => {
                for (out, code) in out.iter_mut().zip(&codes[rows]) {
                    *out = self.table[usize::from(*code)] + growth;
                }
            }
            Column::Number(values) => {
                for (out, value) in out.iter_mut().zip(&values[rows]) {
                    *out = self.yes.map_or(*value + growth, |yes| f64::from(u8::from(*value == yes)));
                }
            }
        }
    }
}

//! Columns that a report reads by name.

use super::CannotAnswer;
use super::variable::{Cells, Table, Variable};
use crate::tables::{Observed, ObservedSchema};

/// A column by name, as numbers.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) variable: Variable,
    table: Option<Table>,
}

impl Column {
    /// The column of a name: an item, something known from the start, `group` or `site`.
    pub(super) fn need(name: &str, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        let variable = Variable::need(name, schema)?;
        let value = |code: usize| if variable.is_named() { code as f64 } else { variable.values[code] };
        let table = variable.is_coded().then(|| variable.table(value));
        Ok(Self { variable, table })
    }

    /// The value of each record at a wave (counted from 0): a number, or the position of the level. NaN where there is
    /// none.
    pub(super) fn read(&self, observed: &Observed<'_>, wave: usize) -> Vec<f64> {
        let mut values: Vec<f64> = match (self.variable.source.cells(observed, wave), &self.table) {
            (Cells::Codes(codes), Some(table)) => codes.iter().map(|code| table[usize::from(*code)]).collect(),
            (Cells::Numbers(values), _) => values.to_vec(),
            (Cells::Positions(positions), _) => positions.iter().map(|p| f64::from(*p)).collect(),
            _ => Vec::new(),
        };
        values.resize(observed.records(), f64::NAN);
        values
    }

    /// The values of all waves, a record's waves side by side.
    pub(super) fn panel(&self, observed: &Observed<'_>) -> Vec<f64> {
        let waves: Vec<Vec<f64>> = (0..observed.schema().waves()).map(|wave| self.read(observed, wave)).collect();
        (0..observed.records()).flat_map(|record| waves.iter().map(move |wave| wave[record])).collect()
    }

    /// The answers of all waves to an item that is yes or no (1 or 0), a record's waves side by side.
    pub(super) fn yes_no_panel(&self, observed: &Observed<'_>) -> Result<Vec<Option<bool>>, CannotAnswer> {
        self.answers(self.panel(observed))
    }

    /// The answers at one wave (counted from 0).
    pub(super) fn yes_no(&self, observed: &Observed<'_>, wave: usize) -> Result<Vec<Option<bool>>, CannotAnswer> {
        self.answers(self.read(observed, wave))
    }

    fn answers(&self, values: Vec<f64>) -> Result<Vec<Option<bool>>, CannotAnswer> {
        let name = &self.variable.name;
        if self.variable.is_named() {
            return Err(CannotAnswer { why: format!("`{name}` has named levels, and yes or no is needed") });
        }
        let answer = |value: f64| match value {
            v if v.is_nan() => Ok(None),
            1.0 => Ok(Some(true)),
            0.0 => Ok(Some(false)),
            other => Err(CannotAnswer { why: format!("`{name}` is yes or no (1 or 0), and has the value {other}") }),
        };
        values.into_iter().map(answer).collect()
    }
}

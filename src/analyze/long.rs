//! Rows of persons and waves (the long form) for methods that fit several waves at once.

use super::CannotAnswer;
use super::design::{Design, require};
use super::filter::Filter;
use super::outcome::Number;
use super::variable::{Cells, Variable};
use crate::tables::{FitFailure, Observed, ObservedSchema};

/// The rows of the records and waves that count: those with an outcome, a value in every column, and a finite weight
/// above 0. They are in the order of the records, and for each record in the order of the waves, so that the rows of a
/// record follow one another.
///
/// A struct is made once per method and filled for each data set by [`collect`](Self::collect), without allocation
/// after the first data set of a size.
pub(super) struct LongRows {
    /// What makes the columns.
    pub(super) design: Design,
    outcome_of: Number,
    waves: Vec<usize>,
    restrict: Vec<Filter>,
    weighted_by: Option<Variable>,
    clustered_by: Option<Variable>,
    /// The columns, row after row: as many as `design.width()` for each.
    pub(super) rows: Vec<f64>,
    /// The outcome of each row; 0 and 1 for yes/no.
    pub(super) outcome: Vec<f64>,
    /// The record of each row, by position in the data set.
    pub(super) record: Vec<usize>,
    /// The wave of each row, counted from 0.
    pub(super) wave: Vec<usize>,
    /// What is added to the linear predictor of each row; 0 without an offset.
    pub(super) offset: Vec<f64>,
    /// The weight of each row; 1 without weights.
    pub(super) weight: Vec<f64>,
    /// The site, or the value of another variable with few values, of each row, as a code; 0 where none was asked for.
    pub(super) cluster: Vec<u32>,
    /// Which records count, wave after wave.
    present: Vec<u8>,
    filtered: Vec<u8>,
    /// Columns, outcomes and offsets of all records, a vector for each wave.
    columns: Vec<Vec<f64>>,
    outcomes: Vec<Vec<f64>>,
    offsets: Vec<Vec<f64>>,
}

impl LongRows {
    /// The rows of an outcome over some waves (counted from 0, in the order in which the design has them).
    pub(super) fn new(design: Design, outcome: Number, waves: &[usize]) -> Self {
        Self {
            design,
            outcome_of: outcome,
            waves: waves.to_vec(),
            restrict: Vec::new(),
            weighted_by: None,
            clustered_by: None,
            rows: Vec::new(),
            outcome: Vec::new(),
            record: Vec::new(),
            wave: Vec::new(),
            offset: Vec::new(),
            weight: Vec::new(),
            cluster: Vec::new(),
            present: Vec::new(),
            filtered: Vec::new(),
            columns: vec![Vec::new(); waves.len()],
            outcomes: vec![Vec::new(); waves.len()],
            offsets: vec![Vec::new(); waves.len()],
        }
    }

    /// Only rows that fulfil a condition: a filter for each wave, as made for that wave.
    pub(super) fn restricted(mut self, filters: Vec<Filter>) -> Self {
        self.restrict = filters;
        self
    }

    /// Rows weighted by a variable that is a number. Rows whose weight is missing, 0 or less do not count.
    ///
    /// # Errors
    /// There is no such variable, or it has named levels.
    pub(super) fn weighted_by(mut self, name: &str, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        let variable = Variable::need(name, schema)?;
        if variable.is_named() {
            return Err(CannotAnswer { why: format!("`{name}` has named levels, which are no weights") });
        }
        self.weighted_by = Some(variable);
        Ok(self)
    }

    /// Rows with the code of a variable, such as `site`, in `cluster`. Rows without a value do not count.
    ///
    /// # Errors
    /// There is no such variable, or it is a number with many values.
    pub(super) fn clustered_by(mut self, name: &str, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        let variable = Variable::need(name, schema)?;
        if !variable.is_coded() {
            return Err(CannotAnswer { why: format!("`{name}` is a number and makes no clusters") });
        }
        self.clustered_by = Some(variable);
        Ok(self)
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.outcome.len()
    }

    /// Fills the rows from a data set.
    ///
    /// # Errors
    /// A spline or polynomial of the model cannot be made from the values that count.
    pub(super) fn collect(&mut self, observed: &Observed<'_>) -> Result<(), FitFailure> {
        self.find_present(observed);
        self.design.prepare(observed, &self.waves, &self.present)?;
        for (k, wave) in self.waves.iter().enumerate() {
            self.design.rows(observed, *wave, k, &mut self.columns[k]);
            self.design.offset(observed, *wave, k, &mut self.offsets[k]);
        }
        self.gather(observed);
        Ok(())
    }

    /// Says which records count at which waves.
    fn find_present(&mut self, observed: &Observed<'_>) {
        let records = observed.records();
        self.present.clear();
        self.present.resize(records * self.waves.len(), 1);
        for (k, wave) in self.waves.iter().enumerate() {
            let Some(present) = self.present.get_mut(k * records..(k + 1) * records) else { continue };
            let outcomes = &mut self.outcomes[k];
            self.outcome_of.read(observed, *wave, outcomes);
            present.iter_mut().zip(outcomes.iter()).for_each(|(p, y)| *p = u8::from(!y.is_nan()));
            if let Some(filter) = self.restrict.get_mut(k) {
                filter.apply(observed, *wave, &mut self.filtered);
                present.iter_mut().zip(&self.filtered).for_each(|(p, f)| *p &= f);
            }
            if let Some(variable) = &self.clustered_by {
                require(variable, observed, *wave, present);
            }
            if let Some(variable) = &self.weighted_by {
                for (record, counts) in present.iter_mut().enumerate().filter(|(_, p)| **p == 1) {
                    let weight = variable.number(observed, *wave, k, record);
                    *counts = u8::from(weight.is_finite() && weight > 0.0);
                }
            }
            self.design.require(observed, *wave, k, present);
        }
    }

    /// Puts the rows that count one after the other.
    fn gather(&mut self, observed: &Observed<'_>) {
        let (records, width) = (observed.records(), self.design.width());
        let Self { rows, outcome, record, wave, offset, weight, cluster, .. } = self;
        for buffer in [&mut *rows, outcome, offset, weight] {
            buffer.clear();
        }
        record.clear();
        wave.clear();
        cluster.clear();
        for i in 0..records {
            for (k, at) in self.waves.iter().enumerate() {
                if self.present.get(k * records + i) != Some(&1) {
                    continue;
                }
                rows.extend_from_slice(self.columns[k].get(i * width..(i + 1) * width).unwrap_or(&[]));
                outcome.push(self.outcomes[k].get(i).copied().unwrap_or(f64::NAN));
                offset.push(self.offsets[k].get(i).copied().unwrap_or(f64::NAN));
                record.push(i);
                wave.push(*at);
                weight.push(self.weighted_by.as_ref().map_or(1.0, |v| v.number(observed, *at, k, i)));
                cluster.push(self.clustered_by.as_ref().map_or(0, |v| code(v, observed, *at, i)));
            }
        }
    }
}

/// The code of a record in a variable with few values.
fn code(variable: &Variable, observed: &Observed<'_>, wave: usize, record: usize) -> u32 {
    match variable.source.cells(observed, wave) {
        Cells::Codes(codes) => codes.get(record).map_or(0, |c| u32::from(*c)),
        Cells::Positions(codes) => codes.get(record).copied().unwrap_or(0),
        Cells::Numbers(_) | Cells::Same | Cells::Absent => 0,
    }
}

#[cfg(test)]
mod tests;

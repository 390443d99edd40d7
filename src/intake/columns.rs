//! What kind of values a column has: yes and no, few whole numbers, named levels, or numbers.

use super::rows::{Cell, Raw};
use crate::tables::Coding;
use crate::tables::observed::AnswerColumn;
use std::sync::Arc;

/// Most values of a column that is coded: a byte, less one code for "no answer".
const MOST_VALUES: usize = 254;

/// A column whose kind is known.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) coding: Option<Arc<Coding>>,
    /// Values as the coding has them: positions for named levels; NaN for no answer.
    pub(super) values: Vec<f64>,
}

impl Typed {
    /// `None` where the column has too many different texts to be levels.
    pub(super) fn of(raw: &Raw) -> Option<Self> {
        match raw.cells.iter().any(|cell| matches!(cell, Cell::Text(_))) {
            true => Self::levels(raw),
            false => Some(Self::numbers(raw)),
        }
    }

    /// Named levels in the order of their texts.
    fn levels(raw: &Raw) -> Option<Self> {
        let mut levels: Vec<String> = raw.cells.iter().filter_map(Cell::text).collect();
        levels.sort_unstable();
        levels.dedup();
        if levels.len() > MOST_VALUES {
            return None;
        }
        let position = |cell: &Cell| {
            let text = cell.text()?;
            levels.binary_search(&text).ok().map(|k| k as f64)
        };
        let values = raw.cells.iter().map(|cell| position(cell).unwrap_or(f64::NAN)).collect();
        let coding = Some(Arc::new(Coding::named(&levels).with_missing()));
        Some(Self { coding, values })
    }

    fn numbers(raw: &Raw) -> Self {
        let number = |cell: &Cell| if let Cell::Number(value) = cell { *value } else { f64::NAN };
        let values: Vec<f64> = raw.cells.iter().map(number).collect();
        let mut seen: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
        seen.sort_unstable_by(f64::total_cmp);
        seen.dedup();
        let coding = if seen.iter().all(|v| *v == 0.0 || *v == 1.0) {
            Some(Coding::yes_no())
        } else if seen.len() <= MOST_VALUES && seen.iter().all(|v| v.fract() == 0.0) {
            Some(Coding { values: seen, levels: Vec::new() })
        } else {
            None
        };
        Self { coding: coding.map(|coding| Arc::new(coding.with_missing())), values }
    }

    /// A column of an observed table, in which a record takes the value of a row, or none.
    pub(super) fn pick(&self, rows: impl Iterator<Item = Option<usize>>) -> AnswerColumn {
        let value = |row: Option<usize>| row.and_then(|r| self.values.get(r)).copied().unwrap_or(f64::NAN);
        let Some(coding) = &self.coding else { return AnswerColumn::Number(rows.map(value).collect()) };
        let missing = coding.values.len().saturating_sub(1);
        let code = |value: f64| {
            if value.is_nan() {
                return missing as u8;
            }
            let found = coding.values[..missing].binary_search_by(|v| v.total_cmp(&(value + 0.0)));
            found.unwrap_or(missing) as u8
        };
        AnswerColumn::Coded(rows.map(|row| code(value(row))).collect())
    }
}

//! Designs whose variables all have few values: one row for each combination of values.

use super::Design;
use super::components::Component;
use crate::analyze::variable::Cells;
use crate::tables::Observed;

/// Most cells for which counting by cell is worth it.
const MOST_CELLS: usize = 1024;

/// The design row of every cell.
#[derive(Clone, Debug)]
pub(in crate::analyze) struct CellRows {
    /// Number of cells.
    pub(in crate::analyze) count: usize,
    /// What one step in a variable's code adds to the number of the cell.
    pub(in crate::analyze) strides: Vec<u16>,
    /// The rows, cell after cell.
    pub(in crate::analyze) rows: Vec<f64>,
}

impl Design {
    pub(super) fn cell_rows(&self) -> Option<CellRows> {
        let is_table = |c: &Component| matches!(c, Component::Table { .. });
        if self.has_offset() || !self.columns.iter().flatten().all(is_table) {
            return None;
        }
        let mut count = 1_usize;
        let mut strides = Vec::new();
        for variable in &self.variables {
            strides.push(u16::try_from(count).ok()?);
            count = count.checked_mul(variable.values.len())?;
            if count == 0 || count > MOST_CELLS {
                return None;
            }
        }
        let mut rows = Vec::with_capacity(count * self.width());
        for cell in 0..count {
            for column in &self.columns {
                let value = column.iter().map(|part| match part {
                    Component::Table { variable, table } => {
                        table[cell / usize::from(strides[*variable]) % self.variables[*variable].values.len()]
                    }
                    _ => f64::NAN,
                });
                rows.push(value.product());
            }
        }
        Some(CellRows { count, strides, rows })
    }

    /// The number of each record's cell at a wave. Records with a missing value get some cell in range; they must be
    /// left out by [`require`](Self::require).
    pub(in crate::analyze) fn cell_numbers(
        &self,
        cells: &CellRows,
        observed: &Observed<'_>,
        wave: usize,
        after_first: usize,
        out: &mut [u16],
    ) {
        out.fill(0);
        for (variable, stride) in self.variables.iter().zip(&cells.strides) {
            let last = (variable.values.len() - 1).min(255) as u8;
            match variable.cells(observed, wave) {
                Cells::Codes(codes) => {
                    out.iter_mut().zip(codes).for_each(|(o, c)| *o += u16::from((*c).min(last)) * stride);
                }
                Cells::Positions(codes) => {
                    let code = |c: u32| u16::try_from(c).unwrap_or(u16::MAX).min(u16::from(last));
                    out.iter_mut().zip(codes).for_each(|(o, c)| *o += code(*c) * stride);
                }
                Cells::Same => {
                    let step = u16::try_from(after_first.min(usize::from(last))).unwrap_or(0) * stride;
                    out.iter_mut().for_each(|o| *o += step);
                }
                Cells::Numbers(_) | Cells::Absent => {}
            }
        }
    }
}

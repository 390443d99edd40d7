//! One cell at a time.

use super::LEVEL;
use crate::published::Published;
use crate::tables::comparison::{ComparedCell, Standing};
use crate::tabulate::{Fill, Plan};

/// Simulated studies as they would have been printed.
pub(super) struct Studies<'a> {
    pub published: &'a Published,
    pub plan: &'a Plan,
    /// For each published cell its position in the plan.
    of: Vec<Option<usize>>,
    /// By published cell, study after study; NaN where there is no number. Empty where it is not simulated.
    pub columns: Vec<Vec<f64>>,
    /// Likewise, ascending, without NaN.
    pub sorted: Vec<Vec<f64>>,
    number: usize,
}

impl<'a> Studies<'a> {
    pub fn new(published: &'a Published, plan: &'a Plan, values: &[f64]) -> Self {
        let width = plan.cells.len().max(1);
        let of: Vec<Option<usize>> = published.cells.iter().map(|cell| plan.cell(&cell.id)).collect();
        let rounded = |cell: usize, at: usize| -> Vec<f64> {
            let rounding = published.cells[cell].rounding;
            values.chunks_exact(width).map(|study| rounding.rounded(study[at])).collect()
        };
        let columns: Vec<Vec<f64>> =
            of.iter().enumerate().map(|(cell, at)| at.map_or_else(Vec::new, |at| rounded(cell, at))).collect();
        let sort = |column: &Vec<f64>| {
            let mut sorted: Vec<f64> = column.iter().copied().filter(|value| !value.is_nan()).collect();
            sorted.sort_by(f64::total_cmp);
            sorted
        };
        let sorted = columns.iter().map(sort).collect();
        Self { published, plan, of, columns, sorted, number: values.len() / width }
    }

    pub fn number(&self) -> usize {
        self.number
    }

    /// A published cell beside the simulated ones.
    pub fn compared(&self, cell: usize) -> ComparedCell {
        let printed = &self.published.cells[cell];
        let sorted = &self.sorted[cell];
        let (below, equal) = printed.value.map_or((f64::NAN, f64::NAN), |value| place(sorted, value));
        let n = sorted.len().max(1) as f64;
        ComparedCell {
            id: printed.id.clone(),
            table: printed.table,
            unit: printed.unit.name.to_owned(),
            published: printed.value,
            standing: self.standing(cell),
            median: quantile(sorted, 0.5),
            low: quantile(sorted, (1.0 - LEVEL) / 2.0),
            high: quantile(sorted, (1.0 + LEVEL) / 2.0),
            below: below / n,
            equal: equal / n,
            without: (self.columns[cell].len() - sorted.len()) as u64,
        }
    }

    fn standing(&self, cell: usize) -> Standing {
        let Some(at) = self.of[cell] else { return Standing::NotSimulated };
        let has_number = self.published.cells[cell].value.is_some();
        let sorted = &self.sorted[cell];
        match (self.plan.cells[at].fill, has_number) {
            (Fill::NotApplicable, false) => Standing::NotApplicable,
            (Fill::NotApplicable, true) | (_, false) => Standing::Mismatch,
            (Fill::Fixed, true) => Standing::Fixed,
            (_, true) if sorted.is_empty() => Standing::Mismatch,
            (_, true) if sorted.first() == sorted.last() => Standing::Fixed,
            _ => Standing::Compared,
        }
    }
}

/// How many of sorted values are less than a value, and how many equal it.
pub(super) fn place(sorted: &[f64], value: f64) -> (f64, f64) {
    let below = sorted.partition_point(|other| *other < value);
    let up_to = sorted.partition_point(|other| *other <= value);
    (below as f64, (up_to - below) as f64)
}

/// The least value that is not exceeded with a share of at least `p`; NaN where there is none.
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let rank = (p * sorted.len() as f64 - 1e-9).ceil().max(1.0) as usize;
    sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
}

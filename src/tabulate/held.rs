//! What each cell holds, in the terms of those who read filled tables and know nothing of how they are filled.

use super::{Fill, Level, Plan};
use crate::tables::{CellHolds, CellUnit, TableCell};

impl Plan {
    /// Id and content of every cell, in the order of [`cells_of`](Self::cells_of).
    #[must_use]
    pub fn held(&self) -> Vec<TableCell> {
        self.cells.iter().map(|cell| TableCell { id: cell.id.clone(), holds: holds(cell.fill) }).collect()
    }
}

fn holds(fill: Fill) -> CellHolds {
    match fill {
        Fill::Count(level) => CellHolds::Count(unit(level)),
        Fill::PersonsWithComment => CellHolds::Count(CellUnit::Persons),
        Fill::Percent(level) => CellHolds::Percent(unit(level)),
        Fill::Mean(_) | Fill::Min(_) | Fill::Max(_) | Fill::Total(_) | Fill::Fixed | Fill::NotApplicable => {
            CellHolds::Other
        }
    }
}

fn unit(level: Level) -> CellUnit {
    match level {
        Level::Person => CellUnit::Persons,
        Level::Year => CellUnit::Years,
        Level::Interview => CellUnit::Interviews,
        Level::Comment => CellUnit::Comments,
    }
}

//! Published numbers against simulated studies: could such a study have printed them?
//!
//! Every simulated study is rounded as the publication rounds, so that like is set beside like. A published number is
//! compared with the simulated ones cell by cell: median, envelope, percentile. All cells together say whether the simulator
//! is right about its own uncertainty: percentiles that pile up in the middle are a failure as much as numbers outside, and
//! what is to be expected is reckoned by putting simulated studies in the place of the published one, since cells of one
//! study depend on one another.

mod calibration;
mod cells;
mod identities;
mod layout;

#[cfg(test)]
mod tests;

pub use layout::laid_out;

use crate::published::Published;
use crate::tables::comparison::Comparison;
use crate::tabulate::Plan;

/// Level of the envelopes.
const LEVEL: f64 = 0.95;

/// Compares published numbers with the cells of simulated studies. `values` has the cells of `plan`, study after study; NaN
/// where there is no number.
#[must_use]
pub fn compare(published: &Published, plan: &Plan, values: &[f64]) -> Comparison {
    let studies = cells::Studies::new(published, plan, values);
    let cells: Vec<_> = (0..published.cells.len()).map(|cell| studies.compared(cell)).collect();
    let is_published = |id: &str| published.cell(id).is_some();
    Comparison {
        title: published.title.clone(),
        replicates: studies.number() as u64,
        level: LEVEL,
        tables: published.tables.iter().map(|table| (table.id.clone(), table.title.clone())).collect(),
        calibration: calibration::calibration(&studies, &cells),
        cells,
        identities: identities::checked(&studies),
        unpublished: plan.cells.iter().map(|cell| cell.id.clone()).filter(|id| !is_published(id)).collect(),
    }
}

//! The cells that are compared.

use super::Fit;
use super::attempt::Attempt;
use crate::statistics::abc::Transform;
use crate::tabulate::Fill;

/// Positions in the plan, how each cell is transformed, and the published numbers.
pub(super) struct Figures {
    pub cells: Vec<usize>,
    pub transforms: Vec<Transform>,
    pub observed: Vec<f64>,
}

impl Figures {
    /// The cells of the scenario's tables that have a published number, and can have another one in another study.
    pub fn new(fit: &Fit<'_>) -> Self {
        let mut figures = Self { cells: Vec::new(), transforms: Vec::new(), observed: Vec::new() };
        for printed in &fit.published.cells {
            let Some((value, cell)) = printed.value.zip(fit.plan.cell(&printed.id)) else { continue };
            let transform = match fit.plan.cells[cell].fill {
                Fill::Fixed | Fill::NotApplicable => continue,
                Fill::Count(_) | Fill::PersonsWithComment => Transform::Root,
                _ => Transform::Identity,
            };
            figures.cells.push(cell);
            figures.transforms.push(transform);
            figures.observed.push(value);
        }
        figures
    }

    /// An attempt with these cells only.
    pub fn of(&self, attempt: Attempt) -> Attempt {
        let shorter =
            |cells: Vec<f64>| self.cells.iter().map(|cell| cells.get(*cell).copied().unwrap_or(f64::NAN)).collect();
        Attempt { cells: attempt.cells.map(shorter), ..attempt }
    }
}

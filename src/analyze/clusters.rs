//! Sums over clusters of records.

use super::CannotAnswer;
use super::design::changes;
use super::variable::{Cells, Variable};
use crate::tables::{Observed, ObservedSchema};

/// A variable whose values are clusters of records.
#[derive(Debug)]
pub(super) struct Clusters {
    variable: Variable,
    codes: Vec<u32>,
    sums: Vec<f64>,
}

impl Clusters {
    /// The clusters of a variable known from the start, with few values.
    pub(super) fn new(name: &str, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        let variable = Variable::need(name, schema)?;
        if changes(&variable) || !variable.is_coded() {
            let why = format!("clusters need a variable known from the start with few values, and `{name}` is none");
            return Err(CannotAnswer { why });
        }
        Ok(Self { variable, codes: Vec::new(), sums: Vec::new() })
    }

    /// The cluster of each record. Those whose value is missing are one cluster.
    pub(super) fn read(&mut self, observed: &Observed<'_>) -> &[u32] {
        self.codes.clear();
        match self.variable.source.cells(observed, 0) {
            Cells::Codes(codes) => self.codes.extend(codes.iter().map(|c| u32::from(*c))),
            Cells::Positions(codes) => self.codes.extend_from_slice(codes),
            _ => {}
        }
        let values = u32::try_from(self.variable.values.len()).unwrap_or(u32::MAX);
        self.codes.iter_mut().for_each(|c| *c = (*c).min(values));
        self.codes.resize(observed.records(), values);
        &self.codes
    }

    /// The sum of squares of the clusters' sums of what each record adds; call after [`read`](Self::read).
    pub(super) fn sum_of_squares(&mut self, influence: &[f64]) -> f64 {
        self.sums.clear();
        self.sums.resize(self.variable.values.len() + 1, 0.0);
        for (amount, code) in influence.iter().zip(&self.codes) {
            if let Some(sum) = self.sums.get_mut(*code as usize) {
                *sum += amount;
            }
        }
        self.sums.iter().map(|s| s * s).sum()
    }
}

/// The standard error of an estimate from what each record adds, by record or by cluster.
pub(super) fn standard_error(clusters: Option<&mut Clusters>, observed: &Observed<'_>, influence: &[f64]) -> f64 {
    libm::sqrt(match clusters {
        None => influence.iter().map(|v| v * v).sum(),
        Some(clusters) => {
            clusters.read(observed);
            clusters.sum_of_squares(influence)
        }
    })
}

//! How well a method recovers the truth.

use serde::Serialize;

/// A performance measure with its Monte Carlo standard error. Undefined stays undefined.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize)]
pub struct Measured {
    /// The measure.
    pub value: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: Option<f64>,
}

/// One row of the table of performance: one measure of one method for one estimand under one condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PerformanceRow {
    /// Number of the condition, from 0.
    pub condition: u32,
    /// Position of the estimand in the scenario.
    pub estimand: u32,
    /// Position of the method in the scenario.
    pub method: u32,
    /// Name of the measure, as in the catalogue of `evaluate`.
    pub measure: &'static str,
    /// Replicates that entered the measure.
    pub replicates: u64,
    /// Value and Monte Carlo standard error.
    #[serde(flatten)]
    pub measured: Measured,
}

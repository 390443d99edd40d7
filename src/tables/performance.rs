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

/// Which fits a measure is of. Where every fit gave what it should, the three are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Among {
    /// Those of the method's fits that succeeded.
    #[default]
    Own,
    /// The fits in replicates in which all methods of the estimand succeeded.
    Common,
    /// All fits, a failed one counted as the worst that it could have been.
    Worst,
}

impl Among {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 3] = [Self::Own, Self::Common, Self::Worst];
    /// Their names, in the same order.
    pub const NAMES: [&'static str; 3] = ["own", "common", "worst"];

    /// The name that is written into tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
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
    /// Which fits it is of.
    pub among: Among,
    /// Replicates that entered the measure.
    pub replicates: u64,
    /// Value and Monte Carlo standard error.
    #[serde(flatten)]
    pub measured: Measured,
}

/// One row of the table of contrasts: how far a measure of one method under one condition is from that of another method
/// under the same condition, or of the same method under another condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContrastRow {
    /// Number of the condition, from 0.
    pub condition: u32,
    /// Position of the estimand in the scenario.
    pub estimand: u32,
    /// Position of the method in the scenario.
    pub method: u32,
    /// Number of the condition to compare with.
    pub against_condition: u32,
    /// Position of the method to compare with.
    pub against_method: u32,
    /// Name of the measure, as in the catalogue of contrasts.
    pub measure: &'static str,
    /// Pairs of fits of one replicate that entered; 0 where the conditions are independent and nothing is paired.
    pub pairs: u64,
    /// The measure less that which it is compared with, and the Monte Carlo standard error of the difference.
    #[serde(flatten)]
    pub measured: Measured,
}

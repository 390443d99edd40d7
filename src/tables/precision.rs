//! How precise a study was asked to be, and how precise it became.

/// What became of a demand on Monte Carlo errors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Precision {
    /// The demand as written.
    pub until: String,
    /// Most replicates of a condition.
    pub most: u64,
    /// One for each condition.
    pub conditions: Vec<ConditionPrecision>,
}

/// How far one condition has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConditionPrecision {
    /// Number of the condition, from 0.
    pub condition: u32,
    /// Replicates that were looked at last.
    pub replicates: u64,
    /// Whether the demand holds for every estimand and method whose measures are defined.
    pub precise: bool,
    /// Replicates that it needs, reckoned from those that were looked at; absent where more than `most` would be needed.
    pub needed: Option<u64>,
    /// Estimand and method that need the most.
    pub slowest: Option<(String, String)>,
    /// Estimands and methods left out, since a measure of the demand is undefined for them.
    pub left_out: Vec<(String, String)>,
}

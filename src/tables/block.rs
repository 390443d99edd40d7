//! A piece of a study's results: what goes from the threads to memory or to a store on disk.

use super::audit::{AuditCount, MechanismCount};
use super::estimate::EstimateRow;
use std::ops::Range;
use std::sync::Arc;

/// Pairs of estimand and method, each by position in the scenario, in ascending order.
pub type Pairs = Arc<[(u32, u32)]>;

/// The results of some replicates of one condition, for some or all of its pairs of estimand and method.
#[derive(Clone, Debug)]
pub struct Block {
    /// Position of the condition in the study.
    pub condition: usize,
    /// The replicates.
    pub replicates: Range<u64>,
    /// The pairs that were asked.
    pub pairs: Pairs,
    /// Replicate after replicate, in each pair after pair.
    pub rows: Vec<EstimateRow>,
    /// What is known of the replicates themselves; absent where another block has counted them.
    pub of_replicates: Option<OfReplicates>,
}

/// What holds for replicates whatever method is asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfReplicates {
    /// Cells per item, wave and reason.
    pub audit: Vec<AuditCount>,
    /// What each mechanism did.
    pub mechanisms: Vec<MechanismCount>,
    /// Per estimand the true value of each replicate; empty where all replicates have the same.
    pub cohort: Vec<Vec<f64>>,
}

//! What passes between rooms: columns, truth, observed, audit, targets, estimates, performance.

pub mod analysis;
pub mod audit;
pub mod block;
pub mod calibration;
pub mod cells;
pub mod check;
pub mod column;
pub mod comparison;
pub mod description;
pub mod estimate;
pub mod findings;
pub mod observed;
pub mod performance;
pub mod precision;
pub mod printed;
pub mod result;
pub mod run_problem;
pub mod target;
pub mod truth;
pub mod warning;

pub use analysis::{AnalysedMethod, Analysis, Outcome};
pub use audit::{Audit, Reason};
pub use block::{Block, OfReplicates, Pairs};
pub use cells::{CellHolds, CellUnit, Reading, TableCell};
pub use column::{Coding, Column};
pub use description::Description;
pub use estimate::{Estimate, EstimateRow, FailureKind, FitFailure};
pub use findings::{Finding, Findings, NamedEstimate, Record};
pub use observed::{Answers, Observed, ObservedBatch, ObservedSchema};
pub use performance::{Among, ContrastRow, Measured, PerformanceRow};
pub use result::{ConditionResult, MechanismRow, Spent, StatusCount, StudyResult, TrueValueRow, TruthSource};
pub use run_problem::RunProblem;
pub use target::{Constant, Quantity, Target, Truth as TargetTruth};
pub use truth::{Truth, TruthSchema};
pub use warning::WarningKind;

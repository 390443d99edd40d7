//! Procedures of statistics on plain numbers: intervals, tests, regressions, imputation, agreement, linkage. One module
//! a family. Nothing here knows of waves of a survey, targets or scenarios: slices go in, results or reasons come out.

pub mod agreement;
pub mod bounds;
pub mod confidence;
pub mod draws;
pub mod gee;
pub mod misreport;
pub mod panel;
pub mod raking;
pub mod regression;
pub mod share;
pub mod table;

#[cfg(test)]
mod tests;

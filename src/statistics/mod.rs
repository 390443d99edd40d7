//! Procedures of statistics on plain numbers: intervals, tests, regressions, imputation, agreement, linkage, fits without
//! a likelihood. One module a family. Nothing here knows of waves of a survey, targets or scenarios: slices go in,
//! results or reasons come out.

pub mod abc;
pub mod agreement;
pub mod bootstrap;
pub mod bounds;
pub mod confidence;
pub mod draws;
mod from_stream;
pub mod gee;
pub mod imputation;
pub mod linkage;
pub mod misreport;
pub mod mvn_em;
pub mod panel;
pub mod pattern_mixture;
pub mod raking;
pub mod regression;
pub mod share;
pub mod table;
pub mod weighting;

pub use from_stream::FromStream;

#[cfg(test)]
mod tests;

//! Procedures of statistics on plain numbers: intervals, tests, regressions, imputation, agreement, linkage. One module
//! a family. Nothing here knows of waves of a survey, targets or scenarios: slices go in, results or reasons come out.

pub mod draws;
pub mod imputation;
pub mod mvn_em;
pub mod pattern_mixture;

#[cfg(test)]
mod tests;

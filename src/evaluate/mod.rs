//! Performance measures, each with its Monte Carlo standard error.
//!
//! One file per measure, one line per measure in [`catalogue`]. The measures are those of table 6 of Morris, White and
//! Crowther 2019 (doi:10.1002/sim.8086) and a few beside them.
//!
//! # What is measured
//! The error of replicate i is `d_i = estimate_i - true_i`. Where the truth is a constant, d_i is the estimate up to a
//! shift, and every measure below is the one of table 6. Where the truth is that of each replicate's own cohort, it
//! differs between replicates, and the method is asked to follow it. Then the spread of the estimates mixes two things:
//! how much cohorts differ, which is no error, and how far the method is off its own cohort, which is. Therefore
//! everything here rests on d_i:
//!
//! - `bias` is the mean of d, and its Monte Carlo standard error is sd(d)/sqrt(R). sd(estimate)/sqrt(R) would be too
//!   large, several times so for a good method.
//! - `empirical_se` is sd(d), the sampling error about the truth that the estimate is compared with. An interval of
//!   half-width z times the model SE holds the cohort's truth at its nominal rate only if the model SE estimates sd(d);
//!   so `relative_error_model_se` compares with it. A method whose SE is meant for a population shows as too cautious
//!   for the cohort, and that is what its user would meet.
//! - `bias_eliminated_coverage` moves every truth by the mean of d, which for a constant truth is the mean estimate.
//! - `relative_bias` is the mean error over the mean truth.
//!
//! # What enters
//! [`performance`] reckons each measure up to three times ([`Among`](crate::tables::Among)): among the method's own
//! successes, among the replicates in which all methods of the estimand succeeded, and, for coverage and rejection, with
//! failures as the worst case. The first is what an analyst meets who goes on with what converged; the second compares
//! methods on the same data sets; the third is what an analyst meets who counts a failure as no answer.
//!
//! Among its own successes a failed fit counts in `non_convergence` and in `coverage_worst_case` and nowhere else. A missing model SE or
//! interval takes a fit out of the measures that need it, not out of the others. What is undefined (no replicate, one
//! replicate for a spread, a ratio to nothing) stays undefined, never 0.

mod bias;
mod bias_eliminated_coverage;
mod columns;
mod condition_fits;
mod contrast;
mod coverage;
mod coverage_worst_case;
mod empirical_se;
mod fits;
mod further;
pub mod jackknife;
mod link_precision;
mod link_recall;
mod mad_se;
mod mean_ci_width;
mod mean_estimate;
mod mean_true_value;
mod median_bias;
mod median_estimate;
mod model_se;
mod moments;
mod mse;
mod non_convergence;
mod paired_difference;
mod performance;
mod quantiles;
mod rejection;
mod relative_bias;
mod relative_error_model_se;
mod relative_precision;
mod rmse;
mod statuses;
#[cfg(test)]
mod tests;
mod trimmed_bias;
mod trimmed_empirical_se;
mod warnings;

pub use condition_fits::ConditionFits;
pub use contrast::{Contrast, Contrasts, catalogue as contrast_catalogue, contrasts};
pub use fits::{Column, Fits, Reckoned};
pub use further::further;
pub use performance::performance;
pub use statuses::statuses;
pub use warnings::WARNINGS;

use crate::tables::{Measured, PerformanceRow};

/// One performance measure.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Name in tables and in a scenario's `[[expect]]`.
    pub name: &'static str,
    /// What it says, in a line.
    pub summary: &'static str,
    /// Unit of the value and of its Monte Carlo standard error.
    pub unit: &'static str,
    /// The formula in words.
    pub formula: &'static str,
    /// The formula of its Monte Carlo standard error in words.
    pub mcse: &'static str,
    /// Where it is from, with DOI.
    pub reference: &'static str,
    /// Whether a few wild estimates leave it about where it is.
    pub robust: bool,
    /// Reckons it. The second argument is the reference method, row by row the same replicates; only comparisons
    /// read it, and without it they are undefined.
    pub measure: fn(&Fits<'_>, Option<&Fits<'_>>) -> Reckoned,
    /// Reckons it with every failed fit, and every fit without an interval, counted as the worst that it could have
    /// been. Absent where that has no bound: a failed estimate could have been off by any amount.
    pub worst: Option<fn(&Fits<'_>) -> Reckoned>,
}

/// The Monte Carlo standard error of a share of replicates, in words; it marks these measures.
const OF_A_SHARE: &str = "sqrt(p (1 - p) / R)";
/// Where most of the measures are from.
const TABLE_6: &str = "Morris, White and Crowther 2019, table 6, doi:10.1002/sim.8086";

/// Where the interval of a median is from.
const WOODRUFF: &str = "Woodruff 1952, doi:10.1080/01621459.1952.10483443";

static CATALOGUE: [Entry; 25] = [
    bias::ENTRY,
    relative_bias::ENTRY,
    empirical_se::ENTRY,
    mse::ENTRY,
    rmse::ENTRY,
    model_se::ENTRY,
    relative_error_model_se::ENTRY,
    coverage::ENTRY,
    bias_eliminated_coverage::ENTRY,
    coverage_worst_case::ENTRY,
    rejection::ENTRY,
    relative_precision::ENTRY,
    paired_difference::ENTRY,
    mean_ci_width::ENTRY,
    mean_estimate::ENTRY,
    median_estimate::ENTRY,
    mean_true_value::ENTRY,
    median_bias::ENTRY,
    trimmed_bias::ENTRY,
    mad_se::ENTRY,
    trimmed_empirical_se::ENTRY,
    link_precision::ENTRY,
    link_recall::ENTRY,
    non_convergence::ENTRY,
    warnings::ENTRY,
];

/// Whether a measure is a share of replicates, whose Monte Carlo error is that of a proportion.
fn is_share(measure: &str) -> bool {
    catalogue().iter().any(|entry| entry.name == measure && entry.mcse == OF_A_SHARE)
}

/// The Monte Carlo error of a measure for deciding whether to go on: that of a share with two successes and two failures
/// added (Agresti and Coull 1998, doi:10.1080/00031305.1998.10480550), since a share on which all replicates agree has an
/// error of 0, which says nothing. NaN where it is undefined.
#[must_use]
pub fn cautious_mcse(row: &PerformanceRow) -> f64 {
    let (Some(value), n) = (row.measured.value, row.replicates as f64) else { return f64::NAN };
    if !is_share(row.measure) {
        return row.measured.mcse.unwrap_or(f64::NAN);
    }
    let (n, p) = (n + 4.0, (value * n + 2.0) / (n + 4.0));
    (p * (1.0 - p) / n).sqrt()
}

/// All performance measures, in the order of tables.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    &CATALOGUE
}

/// Every measure of the catalogue, in its order. `reference` holds the fits of the method to compare with, row by row
/// the same replicates as `fits`.
#[must_use]
pub fn measure_all(fits: &Fits<'_>, reference: Option<&Fits<'_>>) -> Vec<(&'static str, Measured)> {
    catalogue().iter().map(|entry| (entry.name, (entry.measure)(fits, reference).measured)).collect()
}

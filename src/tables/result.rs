//! All that a study found: what goes from `study` to the report and to the tables on disk.

use super::audit::AuditCount;
use super::estimate::{EstimateRow, FailureKind};
use super::performance::{ContrastRow, Measured, PerformanceRow};
use super::warning::WarningKind;
use serde::Serialize;

/// All that a study found, in an order that depends on nothing but the scenario.
#[derive(Clone, Debug, Default)]
pub struct StudyResult {
    /// Title of the study.
    pub title: String,
    /// Aims of the study.
    pub aims: String,
    /// Seed of all draws.
    pub seed: u64,
    /// SHA-256 of the scenario, in hexadecimal.
    pub scenario_hash: String,
    /// Version of the program.
    pub version: String,
    /// Level of intervals, in (0, 1).
    pub confidence: f64,
    /// Replicates that were asked for.
    pub replicates_asked: u64,
    /// What became of a demand on Monte Carlo errors, if there was one.
    pub precision: Option<super::precision::Precision>,
    /// Whether its budget of time ended it.
    pub by_budget: bool,
    /// Whether the study was stopped before all replicates were done.
    pub interrupted: bool,
    /// Names of the estimands, in the order of the scenario.
    pub estimands: Vec<String>,
    /// What a test of each estimand tries to reject, if anything; empty where nothing is tested.
    pub nulls: Vec<Option<f64>>,
    /// Names of the methods, in the order of the scenario.
    pub methods: Vec<String>,
    /// What holds for each condition, by number.
    pub conditions: Vec<ConditionResult>,
    /// One row per condition, replicate and pair of estimand and method, in that order; empty where they are kept elsewhere
    /// because they are many.
    pub estimates: Vec<EstimateRow>,
    /// Performance measures; empty until they are reckoned.
    pub performance: Vec<PerformanceRow>,
    /// Differences between methods and between conditions; empty until they are reckoned.
    pub contrasts: Vec<ContrastRow>,
    /// Fits by what became of them.
    pub statuses: Vec<StatusCount>,
}

impl StudyResult {
    /// Fits without an estimate, by reason.
    pub fn failures(&self) -> impl Iterator<Item = (&StatusCount, FailureKind)> {
        self.statuses.iter().filter_map(|s| Some((s, s.failure?)))
    }

    /// Fits with an estimate and a warning, by warning.
    pub fn warnings(&self) -> impl Iterator<Item = (&StatusCount, WarningKind)> {
        self.statuses.iter().filter_map(|s| Some((s, s.warning?)))
    }
}

/// What holds for one condition.
#[derive(Clone, Debug, Default)]
pub struct ConditionResult {
    /// Number, from 0.
    pub number: u32,
    /// Varied parameters and their values as written.
    pub factors: Vec<(String, String)>,
    /// Replicates that were done.
    pub replicates: u64,
    /// Persons in a replicate.
    pub persons: u64,
    /// True values, by estimand.
    pub true_values: Vec<TrueValueRow>,
    /// Mechanisms of the survey in the order in which they work.
    pub mechanisms: Vec<MechanismRow>,
    /// Cells per item, wave and reason, over all replicates that were done.
    pub audit: Vec<AuditCount>,
}

/// How a true value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TruthSource {
    /// Given by the scenario.
    Constant,
    /// The population's, by listing every possible history.
    Exact,
    /// The population's, from a large simulated cohort.
    MonteCarlo,
    /// That of each replicate's own persons.
    Cohort,
}

impl TruthSource {
    /// The name that is written into tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Exact => "exact",
            Self::MonteCarlo => "monte_carlo",
            Self::Cohort => "cohort",
        }
    }
}

/// The true value of an estimand under one condition.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TrueValueRow {
    /// How it is known.
    pub source: TruthSource,
    /// The value, in the unit of the estimand; for [`TruthSource::Cohort`] the mean over the replicates. NaN where it
    /// is undefined.
    pub true_value: f64,
    /// Monte Carlo standard error of the value; 0 where it is exact.
    pub mcse: f64,
}

/// A mechanism of the survey, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MechanismRow {
    /// Kind and, where there are several, the item.
    pub name: String,
    /// What its formulas read.
    pub reads: Vec<String>,
    /// `MCAR`, `MAR` or `MNAR`; absent for mechanisms that lose nothing.
    pub missingness: Option<&'static str>,
}

/// How many fits of a method ended in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusCount {
    /// Number of the condition, from 0.
    pub condition: u32,
    /// Position of the estimand in the scenario.
    pub estimand: u32,
    /// Position of the method in the scenario.
    pub method: u32,
    /// Why there is no estimate; absent for the fits that gave one.
    pub failure: Option<FailureKind>,
    /// What the estimates are to be read with; absent without a warning, and where there is no estimate.
    pub warning: Option<WarningKind>,
    /// Number of replicates.
    pub count: u64,
    /// Their share of all fits of the method that were tried.
    pub share: Measured,
    /// What the first of them says; empty where there is an estimate without a warning.
    pub example: String,
}

impl StatusCount {
    /// Number of the failure or of the warning for `eclosion explain`; empty where there is neither.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.failure.map(FailureKind::code).or(self.warning.map(WarningKind::code)).unwrap_or("")
    }

    /// `ok`, or the status of the failure.
    #[must_use]
    pub fn status(&self) -> &'static str {
        self.failure.map_or("ok", FailureKind::status)
    }
}

/// Where the time went, in seconds. Stages that run on several threads are summed over them. Never part of a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spent {
    /// Simulating true histories.
    pub simulate: f64,
    /// The survey.
    pub observe: f64,
    /// True values of the estimands, the population's included.
    pub true_values: f64,
    /// Methods.
    pub methods: f64,
    /// Performance measures.
    pub evaluate: f64,
    /// Writing tables.
    pub write: f64,
    /// From the start to the end, as a clock on the wall shows it.
    pub wall: f64,
    /// Number of threads.
    pub threads: usize,
}

impl Spent {
    /// Adds the stages of another thread.
    pub fn add(&mut self, other: &Spent) {
        self.simulate += other.simulate;
        self.observe += other.observe;
        self.true_values += other.true_values;
        self.methods += other.methods;
        self.write += other.write;
    }
}

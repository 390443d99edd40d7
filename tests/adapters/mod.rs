//! From the settings of a reference case to a plan, one file a family of methods. An adapter writes the plan that a
//! user would write, and may rename and regroup what comes out; it never computes.

pub mod case;
pub mod compare;
mod estimates;
mod gee;
mod impute;
mod link;
mod panel;
pub mod plan;
mod regress;
mod tables;
mod weighting;

use case::Case;
use serde_json::Value;

/// What a rule says of what was found: how many values were looked at, and what is wrong.
pub type Judge = fn(&Case, &Value) -> (usize, Vec<String>);

/// How the cases of a method are run.
pub struct Adapter {
    /// `method` of the cases.
    pub method: &'static str,
    /// Runs the case: a tree with the keys of `expected`.
    pub run: fn(&Case) -> Result<Value, String>,
    /// Where a case has a rule in place of limits.
    pub judge: Option<Judge>,
}

/// All adapters, family by family.
pub const ADAPTERS: &[&[Adapter]] = &[
    estimates::ADAPTERS,
    gee::ADAPTERS,
    impute::ADAPTERS,
    link::ADAPTERS,
    panel::ADAPTERS,
    regress::ADAPTERS,
    tables::ADAPTERS,
    weighting::ADAPTERS,
];

/// Methods that are not there yet: time to event, mixed models and Markov models.
pub const LATER: &[&str] = &[
    "cox",
    "cox_monotone",
    "ctmc_misclassified",
    "ctmc_panel",
    "cumulative_incidence",
    "discrete_hazard",
    "glmm_logistic",
    "interval_npmle",
    "kaplan_meier",
    "latent_markov",
    "lmm",
    "mmrm",
    "parametric_survival",
    "recurrent_events",
];

//! From the settings of a reference case to a plan, one file a family of methods. An adapter writes the plan that a
//! user would write, and may rename and regroup what comes out; it never computes.

pub mod case;
pub mod compare;
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

/// How the cases of a method are run.
pub struct Adapter {
    /// `method` of the cases.
    pub method: &'static str,
    /// Runs the case: a tree with the keys of `expected`.
    pub run: fn(&Case) -> Result<Value, String>,
    /// Where a case has a rule in place of limits: how many values were looked at, and what is wrong.
    pub judge: Option<fn(&Case, &Value) -> (usize, Vec<String>)>,
}

/// All adapters, family by family.
pub const ADAPTERS: &[&[Adapter]] = &[
    gee::ADAPTERS,
    impute::ADAPTERS,
    link::ADAPTERS,
    panel::ADAPTERS,
    regress::ADAPTERS,
    tables::ADAPTERS,
    weighting::ADAPTERS,
];

/// Methods whose adapter is being written: a line goes when its adapter comes.
pub const OPEN: &[&str] = &[];

/// Methods that are not there yet: time to event, mixed models, Markov models, and tables of estimates made elsewhere.
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
    "simulation_performance",
];

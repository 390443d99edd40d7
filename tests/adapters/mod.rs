//! From the settings of a reference case to a plan, one file a family of methods. An adapter writes the plan that a
//! user would write, and may rename and regroup what comes out; it never computes.

pub mod case;
pub mod compare;
pub mod impute;
pub mod plan;

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
pub const ADAPTERS: &[&[Adapter]] = &[impute::ADAPTERS];

/// Methods whose adapter is being written: a line goes when its adapter comes.
pub const OPEN: &[&str] = &[
    "bootstrap_ci",
    "capture_recapture",
    "conditional_logistic",
    "exact_2x2",
    "exact_linkage",
    "fellegi_sunter",
    "firth_logistic",
    "gcomp_aipw",
    "gee",
    "glm",
    "icc",
    "ipw_dropout",
    "kappa",
    "krippendorff_alpha",
    "mcnemar",
    "negative_binomial",
    "ols",
    "ordinal_logistic",
    "panel_descriptives",
    "poisson_rate",
    "proportion_ci",
    "raking",
    "recanting",
    "rogan_gladen",
    "separation",
    "simple_missing",
    "string_comparators",
    "table_tests",
    "two_by_two_association",
    "two_proportions",
];

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

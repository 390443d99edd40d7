//! Proportions, rates, tables and raking.

use super::Adapter;
use super::case::Case;
use super::plan;
use serde_json::{Value, json};

/// The adapters of this family.
pub const ADAPTERS: &[Adapter] = &[
    Adapter { method: "proportion_ci", run: |case| counts(case, "proportion", &["x", "n"]), judge: None },
    Adapter { method: "two_proportions", run: |case| counts(case, "two_proportions", &["tables"]), judge: None },
    Adapter { method: "exact_2x2", run: |case| counts(case, "exact_2x2", &["tables", "two_sided_rule"]), judge: None },
    Adapter { method: "mcnemar", run: |case| counts(case, "mcnemar", &["tables"]), judge: None },
    Adapter {
        method: "poisson_rate",
        run: |case| counts(case, "poisson_rate", &["events", "person_time", "ratios"]),
        judge: None,
    },
    Adapter {
        method: "table_tests",
        run: |case| counts(case, "table_tests", &["trend", "cochran_q", "stuart_maxwell", "strata", "p_values"]),
        judge: None,
    },
    Adapter {
        method: "two_by_two_association",
        run: |case| counts(case, "two_by_two_association", &["tables"]),
        judge: None,
    },
    Adapter { method: "raking", run: raking, judge: None },
];

/// A method whose options are settings of the same names.
fn counts(case: &Case, method: &str, keys: &[&str]) -> Result<Value, String> {
    let options: Vec<(&str, Value)> = keys.iter().map(|key| (*key, case.setting(key).clone())).collect();
    plan::values(&(plan::head(case, &[]) + &plan::method(method, &options)), &[])
}

/// The step alone. Rows that are left out have no weight, and the cases do not list them.
fn raking(case: &Case) -> Result<Value, String> {
    let rake = json!({ "margins": case.setting("margins"), "base_weight": case.setting("base_weight") });
    let head = plan::head(case, &[]);
    let text =
        format!("{head}\n[[method]]\nsteps = [\"weight.rake\"]\nweight = {}\n", plan::toml(&json!({ "rake": rake })));
    let mut found = plan::values(&text, &case.data())?;
    if let Some(weights) = found["weights"].as_array_mut() {
        weights.retain(|weight| !weight.is_null());
    }
    Ok(found)
}

//! Regressions of one outcome on columns.

use super::Adapter;
use super::case::Case;
use super::compare::disagreements;
use super::plan::{method, model, values};
use serde_json::{Value, json};

/// The adapters of the family.
pub const ADAPTERS: &[Adapter] = &[
    Adapter { method: "conditional_logistic", run: conditional_logistic, judge: None },
    Adapter { method: "firth_logistic", run: firth_logistic, judge: None },
    Adapter { method: "glm", run: glm, judge: None },
    Adapter { method: "negative_binomial", run: negative_binomial, judge: None },
    Adapter { method: "ols", run: ols, judge: None },
    Adapter { method: "ordinal_logistic", run: ordinal_logistic, judge: None },
    Adapter { method: "separation", run: separation, judge: Some(judge_separation) },
];

/// Runs a method on the rows of the file as they are: each is a record, and every column an answer.
fn run(case: &Case, name: &str, model: String, more: &[(&str, Value)]) -> Result<Value, String> {
    let mut options = vec![("model", Value::from(model))];
    options.extend(more.iter().cloned());
    let plan = format!("[analysis]\nconfidence = {}\n{}", case.confidence(), method(name, &options));
    values(&plan, &case.data())
}

fn ols(case: &Case) -> Result<Value, String> {
    run(case, "regression", model(case)?, &[("cluster", case.setting("cluster").clone())])
}

fn glm(case: &Case) -> Result<Value, String> {
    let mut model = model(case)?;
    if let Ok(offset) = case.text("offset") {
        model = format!("{model} + offset({offset})");
    }
    let options = ["family", "link", "cluster"].map(|key| (key, case.setting(key).clone()));
    let mut found = run(case, "glm", model, &options)?;
    let first: Vec<Value> = found["fitted"].as_array().map(|l| l.iter().take(5).cloned().collect()).unwrap_or_default();
    found["fitted_first5"] = first.into();
    Ok(found)
}

fn firth_logistic(case: &Case) -> Result<Value, String> {
    run(case, "firth", model(case)?, &[])
}

fn negative_binomial(case: &Case) -> Result<Value, String> {
    run(case, "negative_binomial", model(case)?, &[])
}

fn conditional_logistic(case: &Case) -> Result<Value, String> {
    run(case, "conditional_logistic", model(case)?, &[("cluster", case.setting("id").clone())])
}

fn ordinal_logistic(case: &Case) -> Result<Value, String> {
    run(case, "ordinal_logistic", model(case)?, &[])
}

fn separation(case: &Case) -> Result<Value, String> {
    run(case, "separation", model(case)?, &[])
}

/// `max_abs_coef_exceeds` and `deviance_below` are bounds, which the largest coefficient and the least deviance keep.
fn judge_separation(case: &Case, found: &Value) -> (usize, Vec<String>) {
    let mut found = found.clone();
    let infinite = found["largest_coefficient"] == json!("Infinity");
    let bound = &case.expected()["max_abs_coef_exceeds"];
    found["max_abs_coef_exceeds"] = if infinite { bound.clone() } else { found["largest_coefficient"].clone() };
    let below = &case.expected()["deviance_below"];
    let least = found["least_deviance"].as_f64();
    found["deviance_below"] = match (least, below.as_f64()) {
        (Some(least), Some(limit)) if least < limit => below.clone(),
        (None, None) => Value::Null,
        _ => json!("not kept"),
    };
    disagreements(case, &found)
}

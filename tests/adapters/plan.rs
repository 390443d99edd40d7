//! Writing plans, and running them as `eclosion analyze --json` does.
#![allow(dead_code, reason = "each family of adapters uses some of it")]

use super::case::Case;
use eclosion::diagnostic::{Diagnostics, render};
use eclosion::scenario::load_plan_text;
use eclosion::{intake, report, study};
use serde_json::Value;
use std::fmt::Write;
use std::path::PathBuf;

/// Columns of the cases that are known from the start.
const BASELINE: [&str; 3] = ["group", "age", "site"];

/// The right-hand side of the predictors in a setting; `1` where there are none.
pub fn terms(case: &Case, key: &str) -> String {
    let terms = case.texts(key);
    if terms.is_empty() { "1".to_owned() } else { terms.join(" + ") }
}

/// `OUTCOME ~ TERMS` from the settings `outcome` and `predictors`.
pub fn model(case: &Case) -> Result<String, String> {
    Ok(format!("{} ~ {}", case.text("outcome")?, terms(case, "predictors")))
}

/// `[analysis]` with the case's level of confidence and `[data]` with its person, wave and what is known from the start.
/// `items`: columns that are to be answers whatever their name.
pub fn head(case: &Case, items: &[&str]) -> String {
    let mut text = format!("[analysis]\nconfidence = {}\n\n[data]\n", case.confidence());
    let columns = case.columns();
    if let Ok(column) = case.text("id") {
        let _ = writeln!(text, "id = {}", toml(&column.into()));
        // A file with several rows of a person has their waves in `wave`, whether or not the settings say so.
        let wave = case.text("wave").ok().or_else(|| columns.iter().any(|c| c == "wave").then_some("wave"));
        if let Some(wave) = wave {
            let _ = writeln!(text, "wave = {}", toml(&wave.into()));
        }
    }
    let known = BASELINE.iter().filter(|b| columns.iter().any(|c| c == *b) && !items.contains(b));
    let known: Vec<Value> = known.map(|b| Value::from(*b)).collect();
    if case.text("id").is_ok() && !known.is_empty() {
        let _ = writeln!(text, "baseline = {}", toml(&known.into()));
    }
    text
}

/// A `[[method]]` table with these options; those that are null are left out.
pub fn method(name: &str, options: &[(&str, Value)]) -> String {
    let mut text = format!("\n[[method]]\nmethod = {}\n", toml(&name.into()));
    for (key, value) in options.iter().filter(|(_, value)| !value.is_null()) {
        let _ = writeln!(text, "{key} = {}", toml(value));
    }
    text
}

/// A value as TOML writes it. A number that is not finite is a text; a null within a list is the text `missing`.
pub fn toml(value: &Value) -> String {
    match value {
        Value::Null => "\"missing\"".to_owned(),
        Value::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| format!("{k} = {}", toml(v))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

/// What `eclosion analyze --json` prints for a plan and data.
pub fn analyze(plan: &str, data: &[PathBuf]) -> Result<Value, String> {
    let loaded = load_plan_text("plan.toml", plan);
    let refused =
        |problems: &Diagnostics| format!("the plan is refused\n{}\n{plan}", render(problems, &loaded.sources, false));
    let Some(plan) = &loaded.plan else { return Err(refused(&loaded.problems)) };
    let intake = match data.is_empty() {
        true => intake::nothing(),
        false => intake::read(data, &plan.data).map_err(|problem| format!("{}: {}", problem.code, problem.message))?,
    };
    let mut problems = Diagnostics::new();
    match study::analyze(plan, &intake, &mut problems) {
        Some(analysis) => Ok(report::analysis_json(&analysis)),
        None => Err(refused(&problems)),
    }
}

/// The findings of the first method of a plan: its `values` and its `status`.
pub fn values(plan: &str, data: &[PathBuf]) -> Result<Value, String> {
    let analysis = analyze(plan, data)?;
    Ok(values_of(&analysis["methods"][0]))
}

/// The `values` of a method in what `analyze` gives. The findings' own `status`, or that of the failure.
pub fn values_of(method: &Value) -> Value {
    let mut values = method["values"].clone();
    if !values.is_object() {
        values = serde_json::json!({});
    }
    if values.get("status").is_none() {
        values["status"] = method["status"].clone();
    }
    values["detail"] = method["detail"].clone();
    values
}

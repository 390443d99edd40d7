//! Generalised estimating equations.

use super::Adapter;
use super::case::Case;
use super::plan::{head, method, model, values};
use serde_json::Value;

/// The adapters of the family.
pub const ADAPTERS: &[Adapter] = &[Adapter { method: "gee", run, judge: None }];

fn run(case: &Case) -> Result<Value, String> {
    let mut model = model(case)?;
    if let Ok(offset) = case.text("offset") {
        model = format!("{model} + offset({offset})");
    }
    let own = ["family", "link", "correlation", "df_rule", "errors", "test", "waves", "weights", "cluster"];
    let mut options = vec![("model", Value::from(model))];
    options.extend(own.map(|key| (key, case.setting(key).clone())));
    let plan = head(case, &[case.text("outcome")?]) + &method("gee", &options);
    values(&plan, &case.data())
}

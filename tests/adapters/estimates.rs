//! Tables of estimates, as `eclosion performance --jackknife` measures them.

use super::Adapter;
use super::case::Case;
use eclosion::evaluate;
use eclosion::intake::{Asked, Role, read_estimates};
use eclosion::tables::{Among, PerformanceRow, StudyResult};
use serde_json::{Map, Value, json};

/// The adapter of this family.
pub const ADAPTERS: &[Adapter] = &[Adapter { method: "simulation_performance", run: performance, judge: None }];

/// Keys of a method's values: measure, value, Monte Carlo standard error; none where a case has no such key.
const KEYS: [(&str, &str, &str); 15] = [
    ("mean_estimate", "mean", ""),
    ("median_estimate", "median", ""),
    ("bias", "bias", "bias_mcse"),
    ("relative_bias", "relative_bias", "relative_bias_mcse"),
    ("empirical_se", "empirical_se", "empirical_se_mcse"),
    ("mse", "mse", "mse_mcse"),
    ("rmse", "rmse", "rmse_mcse_delta"),
    ("model_se", "model_se", "model_se_mcse"),
    ("relative_error_model_se", "relative_error_model_se", "relative_error_model_se_mcse"),
    ("coverage", "coverage", "coverage_mcse"),
    ("bias_eliminated_coverage", "bias_eliminated_coverage", "bias_eliminated_coverage_mcse"),
    ("rejection", "rejection", "rejection_mcse"),
    ("mean_ci_width", "mean_ci_width", "mean_ci_width_mcse"),
    ("rmse_jackknife", "", "rmse_mcse_jackknife"),
    ("relative_rmse_jackknife", "", "relative_rmse_mcse_jackknife"),
];
const RATIOS: [(&str, &str, &str); 2] = [
    ("model_variance_ratio_jackknife", "", "model_se_ratio_mcse_jackknife"),
    ("model_se_ratio_jackknife", "", "relative_se_mcse_jackknife"),
];
const COMPARISONS: [(&str, &str, &str); 3] = [
    ("relative_precision", "relative_precision_percent", "relative_precision_mcse"),
    ("paired_difference", "mean_paired_difference", "mean_paired_difference_mcse"),
    ("correlation", "correlation", ""),
];

fn performance(case: &Case) -> Result<Value, String> {
    let roles = [
        (Role::Replicate, "replicate"),
        (Role::Method, "method"),
        (Role::Estimate, "estimate"),
        (Role::ModelSe, "se"),
        (Role::Df, "df"),
    ];
    let named = roles.into_iter().filter_map(|(role, key)| Some((role, case.setting(key).as_str()?.to_owned())));
    let asked = Asked {
        columns: named.collect(),
        true_value: case.setting("true_value").as_f64(),
        null: Some(0.0),
        confidence: case.confidence(),
        reference: case.setting("reference").as_str().map(str::to_owned),
        ..Asked::default()
    };
    let made = read_estimates(&case.data(), &asked).map_err(|p| p.message)?;
    let mut result = made.result;
    result.statuses = evaluate::statuses(&result.estimates);
    result.performance = evaluate::performance(&result.estimates, |_| &made.targets);
    result.performance.extend(evaluate::further(&result.estimates));
    Ok(json!({ "methods": of_methods(case, &result), "comparisons": comparisons(case, &result) }))
}

/// The values of each method, in the order of the case.
fn of_methods(case: &Case, result: &StudyResult) -> Vec<Value> {
    let expected = case.expected()["methods"].as_array().cloned().unwrap_or_default();
    let values = |name: &Value| {
        let method = result.methods.iter().position(|m| name == m.as_str())? as u32;
        let mut values = Map::new();
        for keys in KEYS.into_iter().chain(RATIOS) {
            put(&mut values, result, method, keys);
        }
        let of_method = result.failures().filter(|(status, _)| status.method == method);
        let failures: u64 = of_method.map(|(status, _)| status.count).sum();
        values.insert("method".to_owned(), name.clone());
        values.insert("n".to_owned(), row(result, method, "bias")?.replicates.into());
        values.insert("n_missing".to_owned(), failures.into());
        Some(Value::Object(values))
    };
    expected.iter().map(|method| values(&method["method"]).unwrap_or(Value::Null)).collect()
}

fn comparisons(case: &Case, result: &StudyResult) -> Vec<Value> {
    let expected = case.expected()["comparisons"].as_array().cloned().unwrap_or_default();
    let values = |pair: &Value| {
        let method = result.methods.iter().position(|m| pair["method"] == m.as_str())? as u32;
        let mut values = Map::new();
        for keys in COMPARISONS {
            put(&mut values, result, method, keys);
        }
        values.insert("method".to_owned(), pair["method"].clone());
        values.insert("reference".to_owned(), result.methods.first()?.as_str().into());
        Some(Value::Object(values))
    };
    expected.iter().map(|pair| values(pair).unwrap_or(Value::Null)).collect()
}

fn row<'a>(result: &'a StudyResult, method: u32, measure: &str) -> Option<&'a PerformanceRow> {
    result.performance.iter().find(|row| row.method == method && row.measure == measure && row.among == Among::Own)
}

fn put(values: &mut Map<String, Value>, result: &StudyResult, method: u32, (measure, value, mcse): (&str, &str, &str)) {
    let Some(row) = row(result, method, measure) else { return };
    for (key, number) in [(value, row.measured.value), (mcse, row.measured.mcse)] {
        if !key.is_empty() {
            values.insert(key.to_owned(), number.into());
        }
    }
}

//! Weights for dropout, g-computation, the doubly robust mean, the bootstrap.

use super::Adapter;
use super::case::Case;
use super::plan::{analyze, head, method, terms, toml, values, values_of};
use serde_json::{Value, json};

/// The family's adapters.
pub const ADAPTERS: &[Adapter] = &[
    Adapter { method: "bootstrap_ci", run: bootstrap_ci, judge: None },
    Adapter { method: "gcomp_aipw", run: gcomp_aipw, judge: None },
    Adapter { method: "ipw_dropout", run: ipw_dropout, judge: None },
];

/// `lag_y` of the cases is `y` in a model of still answering, which reads the wave before.
fn ipw_dropout(case: &Case) -> Result<Value, String> {
    let lagged = |key: &str| {
        let side: Vec<&str> = case.texts(key).into_iter().map(|t| t.strip_prefix("lag_").unwrap_or(t)).collect();
        if side.is_empty() { "1".to_owned() } else { side.join(" + ") }
    };
    let numerator =
        if case.setting("dropout_numerator").is_null() { Value::Null } else { lagged("dropout_numerator").into() };
    let cut = case.expected().as_object().and_then(|e| e.keys().find_map(|k| k.strip_prefix("truncated_")));
    let percentile = cut.and_then(|k| k.split('_').next()?.parse::<f64>().ok());
    let options = [
        ("outcome", case.setting("outcome").clone()),
        ("dropout_model", lagged("dropout_denominator").into()),
        ("numerator_model", numerator),
        ("outcome_model", terms(case, "outcome_predictors").into()),
        ("link", case.setting("link").clone()),
        ("truncate", percentile.map_or(Value::Null, |p| json!(p / 100.0))),
    ];
    let mut found = values(&(head(case, &[]) + &method("ipw", &options)), &case.data())?;
    let written = case.texts("dropout_denominator");
    if let Some(names) = found["terms_denominator"].as_array_mut() {
        for name in names {
            let with_lag = format!("lag_{}", name.as_str().unwrap_or(""));
            if written.contains(&with_lag.as_str()) {
                *name = with_lag.into();
            }
        }
    }
    if let Some(cut) = cut {
        found[format!("truncated_{cut}")] = found["truncated"].clone();
    }
    Ok(found)
}

fn gcomp_aipw(case: &Case) -> Result<Value, String> {
    let outcome = case.text("outcome")?;
    let baseline = terms(case, "baseline");
    let group = case.text("group")?;
    let own = |wave: Value, more: &[(&'static str, Value)]| {
        let mut options = vec![
            ("outcome", outcome.into()),
            ("baseline_model", baseline.clone().into()),
            ("by", group.into()),
            ("wave", wave),
        ];
        options.extend_from_slice(more);
        options
    };
    let propensity = [("dropout_model", Value::from(format!("{baseline} + {outcome}")))];
    let plan = head(case, &[])
        + &method("gcomputation", &own(Value::Null, &[]))
        + &method("aipw", &own(2.into(), &propensity));
    let analysis = analyze(&plan, &case.data())?;
    let (mut ice, mut aipw) = (values_of(&analysis["methods"][0]), values_of(&analysis["methods"][1]));
    for level in ice["groups"].as_array().cloned().unwrap_or_default() {
        let name = level["level"].as_str().unwrap_or("?").to_owned();
        ice[format!("mean_g{name}")] = level["mean"].clone();
    }
    aipw["propensity_coef"] = aipw["propensity"][0]["coef"].clone();
    aipw["outcome_coef"] = aipw["steps"][0]["coef"].clone();
    Ok(json!({ "ice": ice, "aipw_wave2": aipw }))
}

fn bootstrap_ci(case: &Case) -> Result<Value, String> {
    let path = case.file(case.text("resample_file")?);
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let lists: Vec<String> = text.lines().filter(|l| !l.trim().is_empty()).map(|line| format!("[{line}]")).collect();
    // The cases name the person only; a file with a column `wave` has a row for each wave.
    let by_wave = case.setting("wave").is_null() && case.columns().iter().any(|column| column == "wave");
    let wave = if by_wave { "wave = \"wave\"\n" } else { "" };
    let plan = format!(
        "{}{wave}\n[[method]]\nsteps = [\"bootstrap\"]\n[method.bootstrap]\nstatistic = {}\nresamples = [{}]\n",
        head(case, &[]),
        toml(case.setting("statistic")),
        lists.join(",\n")
    );
    values(&plan, &case.data())
}

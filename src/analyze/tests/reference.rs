//! The reference cases in tests/reference: made with R, most of them checked a second way; see the README there.

use super::loader::{cross_section, panel};
use super::{ask, coefficient, comparing, estimate, target};
use crate::numeric::{LogisticProblem, StudentT};
use crate::tables::{FailureKind, ObservedBatch, Quantity};
use serde_json::Value;

pub(crate) struct Case {
    json: Value,
}

impl Case {
    pub(crate) fn read(name: &str) -> Self {
        let path = format!("{}/tests/reference/{name}.json", env!("CARGO_MANIFEST_DIR"));
        Self { json: serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() }
    }

    pub(crate) fn data(&self) -> &str {
        self.json["data"].as_str().unwrap()
    }

    pub(crate) fn setting(&self, key: &str) -> &Value {
        &self.json["settings"][key]
    }

    /// The predictors under a key as one right-hand side.
    pub(crate) fn model(&self, key: &str) -> String {
        let words: Vec<&str> = self.setting(key).as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
        words.join(" + ")
    }

    pub(crate) fn at(&self, path: &[&str]) -> &Value {
        path.iter().fold(&self.json["expected"], |value, key| match key.parse::<usize>() {
            Ok(position) if value.is_array() => &value[position],
            _ => &value[*key],
        })
    }

    /// The value under a path must be `got`, within the limits of the innermost named key; null must meet nothing.
    pub(crate) fn check(&self, path: &[&str], got: Option<f64>) {
        let want = self.at(path);
        if want.is_null() {
            assert_eq!(got, None, "{path:?}");
            return;
        }
        let (got, want) = (got.unwrap_or_else(|| panic!("{path:?} has no value")), want.as_f64().unwrap());
        let limits = &self.json["tolerance"];
        let limit = path.iter().rev().find_map(|key| limits.get(*key)).unwrap_or(&limits["default"]);
        let allowed = limit["abs"].as_f64().unwrap() + limit["rel"].as_f64().unwrap() * want.abs();
        assert!((got - want).abs() <= allowed, "{} {path:?}: got {got}, want {want}", self.json["case"]);
    }
}

/// A two-sided p value of a t test of 0.
fn p_value(estimate: f64, se: f64, df: f64) -> f64 {
    2.0 * StudentT { df }.upper_tail((estimate / se).abs())
}

#[test]
fn simple_handling() {
    for name in ["simple_missing_panel_28x5", "simple_missing_panel_wave3_lost"] {
        let case = Case::read(name);
        let batch = panel(case.data());
        for (method, key) in
            [("available_case", "available_case"), ("locf", "locf"), ("complete_case", "complete_case")]
        {
            for wave in 0..batch.schema.waves() {
                per_wave(&case, &batch, method, key, wave);
            }
            last_wave(&case, &batch, method, key);
        }
    }
}

fn per_wave(case: &Case, batch: &ObservedBatch, method: &str, key: &str, wave: usize) {
    // Complete case in the reference: an answer at every wave of the study. Ours needs the waves up to the target's,
    // so only the last wave is the same.
    if method == "complete_case" && wave + 1 < batch.schema.waves() {
        return;
    }
    let w = wave.to_string();
    let mean = ask(method, &[], &target("score", Quantity::Mean { wave }), batch).unwrap();
    case.check(&[key, "mean", &w], mean.as_ref().ok().map(|e| e.estimate));
    case.check(&[key, "se", &w], mean.as_ref().ok().and_then(|e| e.model_se));
    if let Ok(mean) = &mean {
        case.check(&[key, "n", &w], mean.df.map(|df| df + 1.0));
        let n = mean.df.unwrap() + 1.0;
        case.check(&[key, "sd", &w], mean.model_se.map(|se| se * libm::sqrt(n)));
    }
    let share = ask(method, &[], &target("y", Quantity::Prevalence { wave }), batch).unwrap();
    case.check(&[key, "binary_prop", &w], share.as_ref().ok().map(|e| e.estimate));
    if let Ok(share) = &share {
        let variance = share.model_se.unwrap() * share.model_se.unwrap();
        if variance > 0.0 {
            case.check(&[key, "binary_n", &w], Some((share.estimate * (1.0 - share.estimate) / variance).round()));
        }
    }
}

fn last_wave(case: &Case, batch: &ObservedBatch, method: &str, key: &str) {
    let wave = batch.schema.waves() - 1;
    let asked = ask(method, &[], &comparing("score", wave, "group == '1'", "group == '0'"), batch).unwrap().ok();
    let path = |leaf| [key, "last_wave_diff", leaf];
    case.check(&path("diff"), asked.map(|e| e.estimate));
    case.check(&path("se"), asked.and_then(|e| e.model_se));
    case.check(&path("df"), asked.and_then(|e| e.df));
    case.check(&path("p"), asked.map(|e| p_value(e.estimate, e.model_se.unwrap(), e.df.unwrap())));
    case.check(&[key, "last_wave_diff", "ci", "0"], asked.and_then(|e| e.interval).map(|i| i.0));
    case.check(&[key, "last_wave_diff", "ci", "1"], asked.and_then(|e| e.interval).map(|i| i.1));
    let shares = comparing("y", wave, "group == '1'", "group == '0'");
    let asked = ask(method, &[("difference", "newcombe")], &shares, batch).unwrap().ok();
    case.check(&[key, "binary_last", "diff"], asked.map(|e| e.estimate));
    case.check(&[key, "binary_last", "newcombe", "0"], asked.and_then(|e| e.interval).map(|i| i.0));
    case.check(&[key, "binary_last", "newcombe", "1"], asked.and_then(|e| e.interval).map(|i| i.1));
    if method == "available_case" && case.at(&[key, "last_wave_diff", "df"]).is_number() {
        let asked = comparing("score", wave, "group == '1'", "group == '0'");
        let other = estimate("difference_in_means", &[], &asked, batch);
        case.check(&path("df"), other.df);
    }
}

#[test]
fn least_squares() {
    for name in ["ols_tiny", "ols_sites", "ols_person_clusters", "ols_singletons"] {
        let case = Case::read(name);
        let batch = cross_section(case.data());
        let model = case.model("predictors");
        let of = case.setting("outcome").as_str().unwrap();
        for (k, term) in case.at(&["terms"]).as_array().unwrap().iter().enumerate() {
            let k = k.to_string();
            let asked = coefficient(of, &model, &name_of(term.as_str().unwrap()), false);
            for errors in ["classical", "hc0", "hc1", "hc2", "hc3"] {
                let got = estimate("regression", &[("errors", errors)], &asked, &batch);
                case.check(&["coef", &k], Some(got.estimate));
                case.check(&[&format!("se_{errors}"), &k], got.model_se);
                case.check(&["df_residual"], got.df);
                if errors == "classical" {
                    case.check(&["ci_classical", &k, "0"], got.interval.map(|i| i.0));
                    case.check(&["ci_classical", &k, "1"], got.interval.map(|i| i.1));
                    let p = p_value(got.estimate, got.model_se.unwrap(), got.df.unwrap());
                    case.check(&["p_classical", &k], Some(p));
                }
            }
        }
    }
}

/// `group` has named levels here, so its column is named after the second one.
fn name_of(term: &str) -> String {
    let parts: Vec<&str> = term.split(':').map(|part| if part == "group" { "group1" } else { part }).collect();
    parts.join(":")
}

#[test]
fn logistic_regression() {
    for name in ["glm_logit_200", "glm_logit_sparse"] {
        let case = Case::read(name);
        let batch = cross_section(case.data());
        let model = case.model("predictors");
        let of = case.setting("outcome").as_str().unwrap();
        for (k, term) in case.at(&["terms"]).as_array().unwrap().iter().enumerate() {
            let k = k.to_string();
            let got =
                estimate("logistic", &[], &coefficient(of, &model, &name_of(term.as_str().unwrap()), true), &batch);
            case.check(&["coef", &k], Some(got.estimate));
            case.check(&["se", &k], got.model_se);
            case.check(&["ci", &k, "0"], got.interval.map(|i| i.0));
            case.check(&["ci", &k, "1"], got.interval.map(|i| i.1));
            let p = libm::erfc((got.estimate / got.model_se.unwrap()).abs() * std::f64::consts::FRAC_1_SQRT_2);
            case.check(&["p", &k], Some(p));
        }
    }
}

#[test]
fn the_log_likelihood_of_a_logistic_fit() {
    let case = Case::read("glm_logit_sparse");
    let table = super::loader::read(case.data());
    let mut problem = LogisticProblem::default();
    problem.clear(3);
    for row in 0..table.rows {
        let cell = |name: &str| table.columns[name][row];
        problem.push(&[1.0, cell("group"), cell("age")], cell("rare"), 1.0);
    }
    problem.fit().unwrap();
    case.check(&["loglik"], Some(problem.log_likelihood()));
    case.check(&["deviance"], Some(-2.0 * problem.log_likelihood()));
    for k in 0..5 {
        let fitted = crate::numeric::expit(problem.linear_predictor()[k]);
        case.check(&["fitted_first5", &k.to_string()], Some(fitted));
    }
}

#[test]
fn separation_is_found() {
    for (name, kind) in [
        ("separation_complete", Some(FailureKind::CompleteSeparation)),
        ("separation_quasi", Some(FailureKind::QuasiSeparation)),
        ("separation_none", None),
    ] {
        let case = Case::read(name);
        let of = case.setting("outcome").as_str().unwrap();
        for term in case.at(&["terms"]).as_array().unwrap() {
            let asked = coefficient(of, &case.model("predictors"), term.as_str().unwrap(), true);
            let got = ask("logistic", &[], &asked, &cross_section(case.data())).unwrap();
            assert_eq!(got.err().map(|f| f.kind), kind, "{name}");
        }
    }
}

#[test]
fn weighted_means_at_the_last_wave() {
    for name in ["ipw_15", "ipw_200", "ipw_heavy_dropout"] {
        let case = Case::read(name);
        let batch = panel(case.data());
        let dropout = case.model("dropout_denominator").replace("lag_y", "y");
        let numerator = case.model("dropout_numerator");
        let asked = target("y", Quantity::Prevalence { wave: batch.schema.waves() - 1 });
        for (key, pairs) in [
            ("unstabilised", vec![("dropout_model", dropout.as_str())]),
            ("stabilised", vec![("dropout_model", dropout.as_str()), ("numerator_model", numerator.as_str())]),
        ] {
            let got = estimate("ipw", &pairs, &asked, &batch);
            case.check(&["fits", key, "last_wave_hajek", "mean"], Some(got.estimate));
            case.check(&["fits", key, "last_wave_hajek", "se_known_weights"], got.model_se);
        }
    }
}

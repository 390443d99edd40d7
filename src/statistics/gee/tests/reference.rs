//! Reference cases: R's geepack, gee and glmtoolbox, statsmodels.

use super::*;
use crate::statistics::tests::{Case, columns};

/// The settings and rows of a case.
fn problem(case: &Case) -> (Gee, Settings) {
    let data = columns(case.json["data"].as_str().expect("a file"));
    let text = |key: &str| case.setting(key).as_str().expect("a text");
    let predictors: Vec<&[f64]> = case
        .setting("predictors")
        .as_array()
        .expect("a list")
        .iter()
        .map(|name| data[name.as_str().expect("a name")].as_slice())
        .collect();
    let settings = Settings {
        family: match text("family") {
            "gaussian" => Family::Gaussian,
            "poisson" => Family::Poisson,
            _ => Family::Binomial,
        },
        link: match text("link") {
            "identity" => Link::Identity,
            "log" => Link::Log,
            _ => Link::Logit,
        },
        correlation: match text("correlation") {
            "independence" => Correlation::Independence,
            "exchangeable" => Correlation::Exchangeable,
            "ar1" => Correlation::Ar1,
            _ => Correlation::Unstructured,
        },
        df_rule: if text("df_rule") == "n" { DfRule::N } else { DfRule::NMinusP },
        fall_back: false,
    };
    let mut gee = Gee::default();
    gee.clear(predictors.len() + 1);
    for i in 0..data["id"].len() {
        let pattern: Vec<f64> = std::iter::once(1.0).chain(predictors.iter().map(|p| p[i])).collect();
        let outcome = data[text("outcome")][i];
        if outcome.is_nan() || pattern.iter().any(|v| v.is_nan()) {
            continue;
        }
        let (cluster, wave) = (data[text("id")][i] as usize, data[text("wave")][i] as i32);
        gee.push(&Row { pattern: &pattern, outcome, cluster, wave, weight: 1.0, offset: 0.0 });
    }
    (gee, settings)
}

fn compare(name: &str) {
    let case = Case::read(name);
    let (mut gee, settings) = problem(&case);
    let summary = gee.fit(&settings).expect("it can be fitted");
    assert!(summary.last_step <= 1e-12 && summary.iterations < 30, "{name} {summary:?}");
    case.check(&["n"], Some(summary.rows as f64));
    case.check(&["clusters"], Some(summary.clusters as f64));
    case.check_all(&["coef"], gee.coefficients());
    case.check(&["scale"], Some(summary.scale));
    if case.expected(&["alpha"]).is_array() {
        case.check_all(&["alpha"], &gee.alpha().iter().map(|a| a.unwrap()).collect::<Vec<_>>());
    }
    let waves = gee.waves().len();
    for (i, row) in gee.working_correlation().chunks_exact(waves).enumerate() {
        let row: Vec<f64> = row.iter().map(|r| r.unwrap()).collect();
        case.check_all(&["working_correlation", &i.to_string()], &row);
    }
    for (key, kind) in [
        ("se_model", Covariance::Model),
        ("se_robust", Covariance::Robust),
        ("se_df_adjusted", Covariance::DfAdjusted),
        ("se_mancl_derouen", Covariance::ManclDeRouen),
        ("se_kauermann_carroll", Covariance::KauermannCarroll),
        ("se_fay_graubard", Covariance::FayGraubard),
    ] {
        case.check_all(&[key], &errors(&mut gee, kind));
    }
    let mut v = Vec::new();
    gee.covariance(Covariance::Robust, &mut v).unwrap();
    for (i, row) in v.chunks_exact(gee.coefficients().len()).enumerate() {
        case.check_all(&["vcov_robust", &i.to_string()], row);
    }
}

#[test]
fn all_reference_cases() {
    for name in [
        "gee_gaussian_exch_dropout",
        "gee_gaussian_un_dropout",
        "gee_logit_ar1_gaps_28",
        "gee_logit_ar1_n",
        "gee_logit_ar1_n_minus_p",
        "gee_logit_exch_15",
        "gee_logit_exchangeable_n",
        "gee_logit_exchangeable_n_minus_p",
        "gee_logit_independence_n",
        "gee_logit_independence_n_minus_p",
        "gee_logit_unstructured_n",
        "gee_logit_unstructured_n_minus_p",
        "gee_poisson_ar1",
        "gee_singletons",
    ] {
        compare(name);
    }
}

/// statsmodels 0.15.0, `GEEResults.qic` with the fit's own scale.
#[test]
fn a_quasi_criterion() {
    let (mut gee, settings) = problem(&Case::read("gee_gaussian_exch_dropout"));
    let scale = gee.fit(&settings).unwrap().scale;
    let criterion = gee.quasi_criterion(scale, &mut Vec::new()).unwrap();
    close(&[criterion.qic, criterion.qicu], &[268.394_733_649_9, 264.999_999_993_6], 1e-9);
}

//! The reference cases of weighting, g-computation and the doubly robust mean, each number of them.

use super::loader::{Panel, terms};
use super::*;
use crate::numeric::LogisticProblem;
use crate::statistics::tests::Case;

const CASES: [&str; 3] = ["ipw_15", "ipw_200", "ipw_heavy_dropout"];

fn check_model(case: &Case, key: &str, problem: &LogisticProblem) {
    case.check_all(&[&format!("{key}_coef")], problem.coefficients());
    let p = problem.coefficients().len();
    let mut column = vec![0.0; p];
    for k in 0..p {
        problem.covariance_column(k, &mut column);
        if key == "denominator" {
            case.check(&["denominator_se", &k.to_string()], Some(libm::sqrt(column[k])));
        }
    }
}

fn check_weights(case: &Case, key: &str, weights: &[f64], persons: usize) {
    let got = WeightSummary::of(weights).unwrap();
    let leaf = |name: &str, value: Option<f64>| case.check(&["fits", key, "weights", name], value);
    leaf("n", Some(got.n as f64));
    leaf("mean", Some(got.mean));
    leaf("sd", got.sd);
    leaf("min", Some(got.min));
    leaf("max", Some(got.max));
    leaf("p99", Some(got.p99));
    leaf("ess", Some(got.ess));
    for (wave, mean) in weights_by_wave(weights, persons).iter().enumerate() {
        case.check(&["fits", key, "weights", "mean_by_wave", &wave.to_string()], *mean);
    }
}

fn check_last_wave(case: &Case, key: &str, weights: &[f64], panel: &Panel) {
    let start = (panel.waves - 1) * panel.persons;
    let outcome = &panel.columns[case.setting("outcome").as_str().unwrap()][start..];
    let mut influence = vec![0.0; panel.persons];
    let counts = panel.histories.at(panel.waves - 1);
    let mean = hajek_mean(&weights[start..], outcome, counts, 1.0, &mut influence);
    case.check(&["fits", key, "last_wave_hajek", "mean"], mean);
    let se = libm::sqrt(influence.iter().map(|u| u * u).sum());
    case.check(&["fits", key, "last_wave_hajek", "se_known_weights"], mean.map(|_| se));
}

fn check_fit(case: &Case, key: &str, panel: &Panel, weights: &[f64], weighting: Option<&mut Weighting>) {
    let (rows, width) = panel.rows(&terms(case, "outcome_predictors"), 0);
    let outcome = &panel.columns[case.setting("outcome").as_str().unwrap()];
    let mut regression = OutcomeRegression::default();
    regression.fit((&rows, width), outcome, weights, panel.persons, Link::Logit).unwrap();
    case.check_all(&["fits", key, "coef"], regression.regression().coefficients());
    let mut covariance = Vec::new();
    regression.covariance_known_weights(None, &mut covariance);
    let se = |c: &[f64]| -> Vec<f64> { (0..width).map(|k| libm::sqrt(c[k * width + k])).collect() };
    case.check_all(&["fits", key, "se_known_weights"], &se(&covariance));
    if let Some(weighting) = weighting {
        regression.covariance_estimated_weights(weighting, None, &mut covariance);
        case.check_all(&["fits", key, "se_estimated_weights"], &se(&covariance));
        for (k, row) in covariance.chunks_exact(width).enumerate() {
            case.check_all(&["fits", key, "vcov_estimated_weights", &k.to_string()], row);
        }
    }
}

#[test]
fn dropout_weights() {
    for name in CASES {
        let case = Case::read(name);
        let panel = Panel::read(&case);
        let (denominator, width) = panel.rows(&terms(&case, "dropout_denominator"), 1);
        let (numerator, narrow) = panel.rows(&terms(&case, "dropout_numerator"), 1);
        let denominator = Predictors { rows: &denominator, width };
        let numerator = Predictors { rows: &numerator, width: narrow };
        let ones: Vec<f64> = panel.histories.answering().iter().map(|a| if *a == 1 { 1.0 } else { f64::NAN }).collect();
        check_fit(&case, "unweighted", &panel, &ones, None);
        check_weights(&case, "unweighted", &ones, panel.persons);
        check_last_wave(&case, "unweighted", &ones, &panel);
        let mut weighting = Weighting::default();
        for (key, numerator) in [("unstabilised", None), ("stabilised", Some(numerator))] {
            weighting.fit(&panel.histories, denominator, numerator, Pooling::Pooled).unwrap();
            let model = &weighting.models()[0];
            check_model(&case, "denominator", model.fit());
            case.check(&["denominator_loglik"], Some(model.fit().log_likelihood()));
            case.check(&["n_at_risk"], Some(model.at_risk() as f64));
            let weights = weighting.weights().to_vec();
            check_weights(&case, key, &weights, panel.persons);
            check_last_wave(&case, key, &weights, &panel);
            check_fit(&case, key, &panel, &weights, Some(&mut weighting));
        }
        check_model(&case, "numerator", weighting.models()[1].fit());
        let bounds = weighting.truncate(0.01, 0.99).unwrap();
        case.check_all(&["truncated_1_99", "bounds"], &[bounds.0, bounds.1]);
        case.check(&["truncated_1_99", "ess"], effective_sample_size(weighting.weights()));
        let (rows, width) = panel.rows(&terms(&case, "outcome_predictors"), 0);
        let outcome = &panel.columns[case.setting("outcome").as_str().unwrap()];
        let mut regression = OutcomeRegression::default();
        regression.fit((&rows, width), outcome, weighting.weights(), panel.persons, Link::Logit).unwrap();
        case.check_all(&["truncated_1_99", "coef"], regression.regression().coefficients());
    }
}

#[test]
fn g_computation_and_the_doubly_robust_mean() {
    let case = Case::read("gcomp_aipw_200");
    let panel = Panel::read(&case);
    let outcome = &panel.columns[case.setting("outcome").as_str().unwrap()];
    let (rows, width) = panel.rows(&terms(&case, "baseline"), 0);
    let baseline = &rows[..panel.persons * width];
    let mut designs: Vec<(Vec<f64>, usize)> = Vec::new();
    for wave in 1..panel.waves {
        let mut rows = Vec::new();
        let width = history_rows(baseline, width, outcome, panel.persons, wave, &mut rows);
        designs.push((rows, width));
    }
    let designs: Vec<Predictors<'_>> = designs.iter().map(|(rows, width)| Predictors { rows, width: *width }).collect();
    let mut ice = IteratedExpectation::default();
    ice.fit(&panel.histories, outcome, &designs, Link::Logit).unwrap();
    let group = &panel.columns[case.setting("group").as_str().unwrap()][..panel.persons];
    let is = |value: f64| group.iter().map(|g| u8::from(*g == value)).collect::<Vec<_>>();
    case.check(&["ice", "mean"], ice.mean(&vec![1; panel.persons]));
    case.check(&["ice", "mean_g1"], ice.mean(&is(1.0)));
    case.check(&["ice", "mean_g0"], ice.mean(&is(0.0)));
    let steps = case.expected(&["ice", "steps"]).as_array().unwrap().clone();
    for (k, step) in steps.iter().enumerate() {
        let k = k.to_string();
        let wave = step["wave"].as_u64().unwrap() as usize - 1;
        let (coefficients, n) = ice.step_at(wave).unwrap();
        case.check_all(&["ice", "steps", &k, "coef"], coefficients);
        case.check(&["ice", "steps", &k, "n"], Some(n as f64));
    }

    // Wave 2 only.
    let responded: Vec<u8> = panel.histories.answering()[..2 * panel.persons].to_vec();
    let mut two = Histories::default();
    two.follow(&responded, panel.persons, 2);
    let mut weighting = Weighting::default();
    weighting.fit(&two, designs[0], None, Pooling::Pooled).unwrap();
    case.check_all(&["aipw_wave2", "propensity_coef"], weighting.models()[0].fit().coefficients());
    ice.fit(&two, outcome, &designs[..1], Link::Logit).unwrap();
    case.check_all(&["aipw_wave2", "outcome_coef"], ice.step_at(1).unwrap().0);
    let mut influence = vec![0.0; panel.persons];
    let all = vec![1; panel.persons];
    let got = augmented_mean(&ice, &two, weighting.weights(), &all, 1.0, &mut influence).unwrap();
    case.check(&["aipw_wave2", "mean"], Some(got.mean));
    case.check(&["aipw_wave2", "se"], Some(got.se));
    case.check(&["aipw_wave2", "outcome_regression"], Some(got.outcome_regression));
    let at_two = &outcome[panel.persons..2 * panel.persons];
    let hajek = hajek_mean(weighting.at(1), at_two, two.at(1), 1.0, &mut influence);
    case.check(&["aipw_wave2", "ipw_hajek"], hajek);
}

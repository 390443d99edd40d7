//! Reference cases made with R (rsimsum, simhelpers); see `tests/reference/` for their provenance.

use super::super::{Column, Fits, jackknife};
use super::measured;
use crate::numeric::sum::sum;
use crate::streams::normal_quantile;
use serde_json::Value;

fn read(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/reference/{name}", env!("CARGO_MANIFEST_DIR"))).expect(name)
}

/// The estimates of one method as columns.
#[derive(Default)]
struct Method {
    name: String,
    columns: [Vec<f64>; 4],
    truth: Vec<f64>,
    failed: usize,
}

impl Method {
    fn fits(&self) -> Fits<'_> {
        let [estimate, model_se, lower, upper] = &self.columns;
        Fits {
            estimate: Column::Slice(estimate),
            model_se: Column::Slice(model_se),
            lower: Column::Slice(lower),
            upper: Column::Slice(upper),
            true_value: Column::Slice(&self.truth),
            failed: self.failed,
            warned: 0,
            null: Some(0.0),
            size: None,
            link_precision: Column::Slice(&[]),
            link_recall: Column::Slice(&[]),
        }
    }
}

/// Half the width of an interval in standard errors: z, or t with `df` degrees of freedom.
fn reach(level: f64, df: Option<f64>) -> f64 {
    let Some(df) = df else {
        return normal_quantile((1.0 + level) / 2.0);
    };
    let x = spec_math::cephes64::incbi(df / 2.0, 0.5, 1.0 - level);
    (df * (1.0 - x) / x).sqrt()
}

fn methods(case: &Value) -> Vec<Method> {
    let settings = &case["settings"];
    let level = settings["conf_level"].as_f64().expect("a level");
    let mut methods: Vec<Method> = Vec::new();
    for line in read(case["data"].as_str().expect("a file")).lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        if methods.last().is_none_or(|m| m.name != cells[1]) {
            methods.push(Method { name: cells[1].to_owned(), ..Method::default() });
        }
        let method = methods.last_mut().expect("one was pushed just now");
        let number = |i: usize| cells.get(i).and_then(|c| c.parse::<f64>().ok());
        let (estimate, se) = (number(2).unwrap_or(f64::NAN), number(3).unwrap_or(f64::NAN));
        let reach = reach(level, if settings["df"].is_null() { None } else { number(4) });
        method.failed += usize::from(estimate.is_nan());
        for (column, x) in method.columns.iter_mut().zip([estimate, se, estimate - reach * se, estimate + reach * se]) {
            column.push(x);
        }
        method.truth.push(settings["true_value"].as_f64().expect("a truth"));
    }
    methods
}

/// Fails unless `got` is as close to the value under `key` as the case demands.
fn compare(case: &Value, expected: &Value, key: &str, got: Option<f64>) {
    let limits = &case["tolerance"]["default"];
    let (rel, abs) = (limits["rel"].as_f64().expect("rel"), limits["abs"].as_f64().expect("abs"));
    assert!(expected.get(key).is_some(), "{key} is not in the case");
    match (got, expected[key].as_f64()) {
        (None, None) => {}
        (Some(got), Some(want)) => assert!((got - want).abs() <= abs + rel * want.abs(), "{key}: {got}, not {want}"),
        (got, want) => panic!("{key}: {got:?}, not {want:?}"),
    }
}

fn check_method(case: &Value, expected: &Value, method: &Method) {
    let fits = method.fits();
    for name in [
        "bias",
        "relative_bias",
        "empirical_se",
        "mse",
        "model_se",
        "relative_error_model_se",
        "coverage",
        "bias_eliminated_coverage",
        "rejection",
        "mean_ci_width",
    ] {
        let got = measured(&fits, None, name);
        compare(case, expected, name, got.value);
        compare(case, expected, &format!("{name}_mcse"), got.mcse);
    }
    compare(case, expected, "rmse", measured(&fits, None, "rmse").value);
    compare(case, expected, "rmse_mcse_delta", measured(&fits, None, "rmse").mcse);
    compare(case, expected, "mean", measured(&fits, None, "mean_estimate").value);
    compare(case, expected, "median", measured(&fits, None, "median_estimate").value);
    let tried = expected["n"].as_f64().expect("n") + expected["n_missing"].as_f64().expect("n_missing");
    let failed = expected["n_missing"].as_f64().map(|n| n / tried);
    assert_eq!(measured(&fits, None, "non_convergence").value, failed);

    compare(case, expected, "rmse_mcse_jackknife", jackknife::rmse(&fits));
    let relative = jackknife::rmse(&fits).map(|x| x / method.truth[0]).filter(|x| x.is_finite());
    compare(case, expected, "relative_rmse_mcse_jackknife", relative);
    let relative = jackknife::relative_error_model_se(&fits).map(|x| x / 100.0);
    compare(case, expected, "relative_se_mcse_jackknife", relative);
    let (n, ratios) = jackknife::variance_ratios(&fits);
    let ratio = jackknife::spread(n, ratios);
    compare(case, expected, "model_se_ratio_mcse_jackknife", ratio);
}

fn check_case(file: &str) {
    let case: Value = serde_json::from_str(&read(file)).expect("a case");
    let methods = methods(&case);
    let find = |name: &Value| methods.iter().find(|m| name == m.name.as_str()).expect("a method of the file");
    for expected in case["expected"]["methods"].as_array().expect("methods") {
        check_method(&case, expected, find(&expected["method"]));
    }
    for expected in case["expected"]["comparisons"].as_array().expect("comparisons") {
        let (own, reference) = (find(&expected["method"]), find(&expected["reference"]));
        let precision = measured(&own.fits(), Some(&reference.fits()), "relative_precision");
        compare(&case, expected, "relative_precision_percent", precision.value);
        compare(&case, expected, "relative_precision_mcse", precision.mcse);
        let difference = measured(&own.fits(), Some(&reference.fits()), "paired_difference");
        compare(&case, expected, "mean_paired_difference", difference.value);
        compare(&case, expected, "mean_paired_difference_mcse", difference.mcse);
    }
}

#[test]
fn normal_intervals() {
    check_case("simulation_performance.json");
}

#[test]
fn missing_fits_and_t_intervals() {
    check_case("simulation_performance_missing_t.json");
}

#[test]
fn a_true_null() {
    check_case("simulation_performance_null.json");
}

#[test]
fn jackknife_of_the_empirical_se_is_the_slow_one() {
    let case: Value = serde_json::from_str(&read("simulation_performance.json")).expect("a case");
    let method = &methods(&case)[0];
    let x = &method.columns[0];
    let without = |i: usize| {
        let rest: Vec<f64> = x.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, x)| *x).collect();
        let mean = sum(rest.iter().copied()) / rest.len() as f64;
        (sum(rest.iter().map(|x| (x - mean) * (x - mean))) / (rest.len() - 1) as f64).sqrt()
    };
    let slow = jackknife::spread(x.len(), (0..x.len()).map(without)).expect("300 replicates");
    let quick = jackknife::empirical_se(&method.fits()).expect("300 replicates");
    assert!((slow - quick).abs() < 1e-10 * slow, "{slow} {quick}");
}

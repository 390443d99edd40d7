//! Small studies whose answers are known: methods find the truth again where they should, and where they should not, their
//! known bias is seen. All demands are in units of Monte Carlo standard errors, four of them: a study has many demands.

#[path = "methods_recovery/reports.rs"]
mod reports;
#[path = "methods_recovery/study.rs"]
mod study;

use std::fmt::Write;
use study::{biased, expect, holds, study, unbiased};

/// Two waves of a standard normal score with correlation rho, the second moved by mu; it is seen if
/// a + b y1 + c (y2 - mu) + N(0, 1) > 0. With h = a / s, s the standard deviation of what is compared with -a,
/// m = phi(h) / Phi(h), k1 and k2 the covariances of that with y1 and y2 over s:
/// complete cases are off by k2 m, the last value by phi(h) (k2 - k1) - mu (1 - Phi(h)), and what is right under missing at
/// random by (k2 - rho k1') m with k1' the part that y1 cannot tell; it is 0 for c = 0.
#[test]
fn two_waves_with_dropout_in_closed_form() {
    // b, c, rho, mu, complete cases, last value carried forward, methods for missing at random; a = 0.5.
    let rows = [
        (0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0),
        (0.0, 0.0, 0.5, 0.5, 0.0, -0.1543, 0.0),
        (0.5, 0.0, 0.5, 0.0, 0.1200, -0.0807, 0.0),
        (0.5, 0.0, 0.7, 0.0, 0.1680, -0.0484, 0.0),
        (1.0, 0.0, 0.5, 0.0, 0.2076, -0.1325, 0.0),
        (0.5, 0.0, 0.5, 0.5, 0.1200, -0.2444, 0.0),
        (0.5, 0.0, 0.5, -0.5, 0.1200, 0.0830, 0.0),
        (0.0, 0.5, 0.5, 0.0, 0.2400, 0.0807, 0.184),
        (0.5, 0.5, 0.5, 0.0, 0.3253, 0.0000, 0.197),
    ];
    for (b, c, rho, mu, complete, last, at_random) in rows {
        let spread = libm::sqrt(1.0 - rho * rho);
        let mut text = study(1000, 200, 2);
        let _ = write!(
            text,
            r#"
[effects]
u = {{ of = "person", law = "normal(mean = 0, sd = 1)" }}
[state.y]
starts = "normal(mean = 0, sd = 1)"
each_step = "normal(mean = {mu} + {rho} * lag(y), sd = {spread})"
per = "1 year"
[[survey.loss]]
kind = "dropout"
probability = "if(0.5 + {b} * reported(y) + {c} * (y - {mu}) + u > 0, 0, 1)"
[[estimand]]
name = "mean"
quantity = "mean"
of = "y"
wave = 2
true_value = {mu}
[[method]]
method = "complete_case"
[[method]]
method = "locf"
[[method]]
method = "mvn_em"
[[method]]
method = "gcomputation"
[[method]]
method = "aipw"
dropout_model = "y"
[[method]]
name = "mice"
steps = ["impute.mice", "available_case"]
impute.mice = {{ variables = ["y"], m = 3 }}
"#
        );
        text += &biased("complete_case", "mean", complete);
        text += &biased("locf", "mean", last);
        for method in ["mvn_em", "gcomputation", "aipw", "mice"] {
            text += &biased(method, "mean", at_random);
        }
        holds(&text);
    }
}

/// Losses that depend on the recorded answer before: what models them, or the outcome, or both, is right.
#[test]
fn yes_and_no_under_losses_at_random() {
    let mut text = study(600, 360, 4);
    text += r#"
[assign.arm]
kind = "simple"
shares = [0.5, 0.5]
[state.y]
starts = "expit(-0.4 + 0.6*arm)"
each_step = "expit(-1 + 2*lag(y) + 0.5*arm)"
per = "1 year"
[survey.items]
y = {}
[[survey.loss]]
kind = "dropout"
probability = "expit(-2.2 + 1.6*reported(y))"
[[estimand]]
name = "share"
quantity = "prevalence"
of = "y"
wave = 4
target = "population"
[[estimand]]
name = "difference"
quantity = "difference"
of = "y"
wave = 4
compare = ["arm == 1", "arm == 0"]
target = "population"
[[method]]
method = "complete_case"
[[method]]
name = "blind weights"
method = "ipw"
dropout_model = "arm"
[[method]]
name = "both right"
method = "aipw"
dropout_model = "y"
baseline_model = "arm"
[[method]]
name = "outcome right"
method = "aipw"
dropout_model = "1"
baseline_model = "arm"
[[method]]
name = "weights right"
method = "aipw"
dropout_model = "y"
lags = 0
[[method]]
name = "both wrong"
method = "aipw"
dropout_model = "1"
lags = 0
[[method]]
method = "gcomputation"
baseline_model = "arm"
[[method]]
name = "mice"
steps = ["impute.mice", "available_case"]
impute.mice = { variables = ["y"], baseline = ["arm"], m = 3, sweeps = 3 }
[[method]]
name = "weighted"
steps = ["weight.ipw", "regression"]
estimands = ["difference"]
weight.ipw = { dropout_model = "y" }
"#;
    let mut right = vec!["both right", "outcome right", "weights right", "gcomputation", "mice"];
    let names: Vec<(String, &str, &str)> = ["hajek", "horvitz_thompson"]
        .iter()
        .flat_map(|mean| ["pooled", "per_wave"].map(|models| (format!("{mean} {models}"), *mean, models)))
        .collect();
    for (name, mean, models) in &names {
        let _ = write!(
            text,
            "[[method]]\nname = \"{name}\"\nmethod = \"ipw\"\ndropout_model = \"y\"\nmean = \"{mean}\"\n\
             models = \"{models}\"\nerrors = \"estimated_weights\"\n"
        );
        right.push(name);
    }
    for method in &right {
        text += &unbiased(method, "share");
        text += &unbiased(method, "difference");
        text += &expect(method, "share", "abs(coverage - 0.95) <= 4 * coverage_mcse");
    }
    text += &unbiased("weighted", "difference");
    for method in ["complete_case", "blind weights", "both wrong"] {
        text += &expect(method, "share", "bias <= -8 * bias_mcse");
    }
    holds(&text);
}

/// Losses completely at random leave coefficients as they are; answers of one person are alike, and errors must know it.
#[test]
fn coefficients_under_losses_completely_at_random() {
    let mut text = study(800, 150, 3);
    text += r#"
[attributes]
x = "normal(mean = 0, sd = 1)"
[effects]
frailty = { of = "person", law = "normal(mean = 0, sd = 0.8)" }
[state.score]
starts = "normal(mean = 1 + 0.5*x + frailty, sd = 1)"
each_step = "normal(mean = 1 + 0.5*x + 0.3*time + frailty, sd = 1)"
per = "1 year"
[state.well]                       # its share stays as it begins
starts = "expit(-0.5 + 0.8*x)"
each_step = "0.6*lag(well) + 0.4*expit(-0.5 + 0.8*x)"
per = "1 year"
[[survey.loss]]
kind = "intermittent"
probability = 0.15
[[survey.loss]]
kind = "dropout"
probability = 0.1
[[estimand]]
name = "slope"
quantity = "coefficient"
of = "score"
waves = [1, 2, 3]
model = "x + wave"
term = "x"
family = "linear"
true_value = 0.5
[[estimand]]
name = "growth"
quantity = "coefficient"
of = "score"
waves = [1, 2, 3]
model = "x + wave"
term = "wave"
family = "linear"
true_value = 0.3
[[estimand]]
name = "log odds"
quantity = "coefficient"
of = "well"
waves = [1, 2, 3]
model = "x"
term = "x"
family = "logistic"
true_value = 0.8
[[method]]
name = "exchangeable"
method = "gee"
estimands = ["slope", "growth"]
[[method]]
name = "ar1"
method = "gee"
correlation = "ar1"
estimands = ["log odds"]
[[method]]
name = "clusters"
method = "regression"
cluster = "person"
errors = "cr2"
estimands = ["slope", "growth"]
[[method]]
name = "no clusters"
method = "regression"
errors = "classical"
estimands = ["slope"]
[[method]]
name = "clustered logistic"
method = "logistic"
cluster = "person"
estimands = ["log odds"]
"#;
    let right = [("exchangeable", "slope"), ("exchangeable", "growth"), ("clusters", "slope"), ("clusters", "growth")];
    let logistic = [("ar1", "log odds"), ("clustered logistic", "log odds")];
    for (method, estimand) in right.iter().chain(&logistic) {
        text += &unbiased(method, estimand);
        text += &expect(method, estimand, "abs(relative_error_model_se) <= 4 * relative_error_model_se_mcse");
        text += &expect(method, estimand, "abs(coverage - 0.95) <= 4 * coverage_mcse");
    }
    text += &unbiased("no clusters", "slope");
    text += &expect("no clusters", "slope", "relative_error_model_se <= -10");
    holds(&text);
}

/// One wave of a logistic regression with few events: the maximum of the likelihood lies too far out, Firth's does not.
#[test]
fn firth_has_less_bias_with_few_records() {
    let mut text = study(4000, 50, 1);
    text += r#"
[attributes]
x = "normal(mean = 0, sd = 1)"
[state.well]
starts = "expit(-0.5 + x)"
[[estimand]]
name = "log odds"
quantity = "coefficient"
of = "well"
model = "x"
term = "x"
family = "logistic"
true_value = 1
[[method]]
method = "logistic"
[[method]]
method = "firth"
interval = "wald"
"#;
    text += &expect("logistic", "log odds", "bias >= 6 * bias_mcse");
    text += &expect("firth", "log odds", "abs(bias) <= 4 * bias_mcse");
    holds(&text);
}

/// A mean that grows by 0.25 a wave, of which a share h is lost after each: E = sum of P(last seen at k) mu_k.
#[test]
fn last_values_lag_behind_a_trend() {
    for (lost, bias) in [(0.05, -0.0725), (0.1, -0.1402), (0.2, -0.2620), (0.3, -0.3668)] {
        let mut text = study(2000, 150, 4);
        let _ = write!(
            text,
            r#"
[state.score]
starts = "normal(mean = 0, sd = 1)"
each_step = "normal(mean = 0.25 * time, sd = 1)"
per = "1 year"
[[survey.loss]]
kind = "dropout"
probability = {lost}
[[estimand]]
name = "mean"
quantity = "mean"
of = "score"
wave = 4
true_value = 0.75
[[method]]
method = "locf"
[[method]]
method = "available_case"
[[method]]
method = "complete_case"
"#
        );
        text += &biased("locf", "mean", bias);
        text += &unbiased("available_case", "mean");
        text += &unbiased("complete_case", "mean");
        holds(&text);
    }
}

/// Intervals from resampled persons hold the truth about as often as they say, also where the method's own model is fitted
/// anew in each sample.
#[test]
fn bootstrap_intervals_cover() {
    let mut text = study(250, 60, 2);
    text += r#"
[state.y]
starts = "normal(mean = 0, sd = 1)"
each_step = "normal(mean = 0.6*lag(y), sd = 0.8)"
per = "1 year"
[[survey.loss]]
kind = "dropout"
probability = "expit(-1.2 + reported(y))"
[[estimand]]
name = "mean"
quantity = "mean"
of = "y"
wave = 2
true_value = 0
[[method]]
method = "complete_case"
"#;
    for kind in ["percentile", "basic", "normal", "bca", "studentised"] {
        let _ = write!(
            text,
            "[[method]]\nname = \"{kind}\"\nsteps = [\"bootstrap\", \"gcomputation\"]\n\
             bootstrap = {{ replicates = 99, interval = \"{kind}\" }}\n"
        );
        text += &unbiased(kind, "mean");
        text += &expect(kind, "mean", "coverage >= 0.88 and coverage <= 0.99");
        text += &expect(kind, "mean", "abs(relative_error_model_se) <= 4 * relative_error_model_se_mcse");
    }
    text += &expect("complete_case", "mean", "bias <= -8 * bias_mcse");
    holds(&text);
}

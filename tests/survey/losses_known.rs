//! Answers that are known in closed form, of whole studies: who is still there after ten waves, and the bias of complete
//! cases and of the last answer carried forward.

use crate::common::*;
use std::process::Command;

/// Constant yearly retention r over ten waves: sum of r^k waves in all, r^9 still there at the tenth.
#[test]
fn constant_retention_over_ten_waves() {
    for (retained, waves, still) in
        [(0.8, 4.463, 0.134), (0.9, 6.513, 0.387), (0.95, 8.025, 0.630), (0.97, 8.753, 0.760)]
    {
        let text = format!(
            "time = {{ step = '1 year', waves = {{ every = '1 year', count = 10 }} }}\n\
             group = [{{ name = 'all', size = 5000 }}]\nstate.x.starts = 0.5\n\
             [[survey.loss]]\nkind = 'dropout'\nprobability = '1 - {retained}'\n"
        );
        let seen = seen(&text, 2);
        let attended = |i: usize| (1..=10).filter(|wave| seen.attended(*wave)[i]).count() as f64;
        let list: Vec<f64> = (0..seen.rows()).map(attended).collect();
        let exact: f64 = (0..10).map(|k| libm::pow(retained, f64::from(k))).sum();
        assert!((exact - waves).abs() < 5e-4 && (libm::pow(retained, 9.0) - still).abs() < 5e-4);
        assert_mean(&list, exact);
        assert_share(share(seen.rows(), |_| true, |i| seen.attended(10)[i]), libm::pow(retained, 9.0));
    }
}

fn phi(x: f64) -> f64 {
    libm::exp(-x * x / 2.0) / libm::sqrt(2.0 * std::f64::consts::PI)
}

/// Runs a study whose demands say what is known.
fn demands_hold(text: &str, demands: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("known.toml");
    std::fs::write(&path, text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .args(["evaluate", path.to_str().unwrap(), "--check"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains(&format!("all {demands} demands hold")), "{told}");
}

const METHODS: &str = "[[method]]\nmethod = 'complete_case'\n[[method]]\nmethod = 'locf'\n";

/// Demands of the bias of both methods.
fn demands(complete_case: f64, locf: f64) -> String {
    let demand = |method: &str, bias: f64| {
        format!("[[expect]]\nmethod = '{method}'\nthat = 'abs(bias - ({bias})) <= 4 * bias_mcse'\n")
    };
    demand("complete_case", complete_case) + &demand("locf", locf)
}

/// Two normal waves with correlation rho; the second is seen where a + b y1 + c (y2 - mu2) + N(0, 1) > 0. With
/// h = a / s, s^2 = 1 + b^2 + c^2 + 2bc rho and m = phi(h) / Phi(h), complete cases are off by (b rho + c) / s * m and the
/// last answer carried forward by phi(h) ((b rho + c) - (b + c rho)) / s - mu2 (1 - Phi(h)).
#[test]
fn dropout_between_two_normal_waves() {
    let cases = [
        // a, b, c, rho, mu2, P(seen), bias of complete cases and of LOCF as published
        (0.5, 0.0, 0.0, 0.5, 0.5, 0.6915, 0.0, -0.1543),
        (0.5, 0.5, 0.0, 0.5, 0.0, 0.6726, 0.1200, -0.0807),
        (0.5, 1.0, 0.0, 0.5, 0.0, 0.6382, 0.2076, -0.1325),
        (0.5, 0.5, 0.0, 0.5, -0.5, 0.6726, 0.1200, 0.0830),
        (0.5, 0.0, 0.5, 0.5, 0.0, 0.6726, 0.2400, 0.0807),
        (0.5, 0.5, 0.5, 0.5, 0.0, 0.6473, 0.3253, 0.0),
    ];
    for (a, b, c, rho, mu2, seen, complete_case, locf) in cases {
        let scale = libm::sqrt(1.0 + b * b + c * c + 2.0 * b * c * rho);
        let (h, k1, k2) = (a / scale, (b + c * rho) / scale, (b * rho + c) / scale);
        let share_seen = 0.5 * libm::erfc(-h / std::f64::consts::SQRT_2);
        let exact = (k2 * phi(h) / share_seen, phi(h) * (k2 - k1) - mu2 * (1.0 - share_seen));
        assert!((share_seen - seen).abs() < 6e-5, "{share_seen} and not {seen}");
        assert!((exact.0 - complete_case).abs() < 6e-5 && (exact.1 - locf).abs() < 6e-5, "{exact:?}");
        let text = format!(
            "scenario = 1\nstudy = {{ title = 't', aims = 'a', seed = 14, replicates = 150 }}\n\
             time = {{ step = '1 year', waves = {{ every = '1 year', count = 2 }} }}\n\
             group = [{{ name = 'all', size = 400 }}]\n\
             [attributes]\n\"y1, y2\" = 'multivariate_normal(mean_y1 = 0, mean_y2 = {mu2}, sd_y1 = 1, sd_y2 = 1, cor_y1_y2 = {rho})'\n\
             pull = 'normal(mean = 0, sd = 1)'\n\
             [state.y]\nstarts = 'constant(value = y1)'\neach_step = 'constant(value = y2)'\nper = '1 year'\n\
             [survey.items]\ny = {{}}\n\
             [[survey.loss]]\nkind = 'dropout'\nprobability = 'if({a} + {b}*lag(y) + {c}*(y - {mu2}) + pull > 0, 0, 1)'\n\
             [[estimand]]\nname = 'y'\nquantity = 'mean'\nof = 'y'\nwave = 2\ntrue_value = {mu2}\n{METHODS}{}",
            demands(exact.0, exact.1)
        );
        demands_hold(&text, 2);
    }
}

/// Four waves with mean 0.25 (wave - 1), a loss completely at random after each wave with probability h: LOCF tends to
/// the mean at the last wave seen, sum over k of P(last = k) 0.25 (k - 1).
#[test]
fn the_last_answer_carried_forward_under_a_trend() {
    for (h, published) in [(0.05, 0.6775), (0.1, 0.6098), (0.2, 0.4880), (0.3, 0.3832)] {
        let stays = |k: i32| libm::pow(1.0 - h, f64::from(k));
        let limit = (1..4).map(|k| stays(k - 1) * h * 0.25 * f64::from(k - 1)).sum::<f64>() + stays(3) * 0.75;
        assert!((limit - published).abs() < 6e-5, "{limit} and not {published}");
        let text = format!(
            "scenario = 1\nstudy = {{ title = 't', aims = 'a', seed = 15, replicates = 150 }}\n\
             time = {{ step = '1 year', waves = {{ every = '1 year', count = 4 }} }}\n\
             group = [{{ name = 'all', size = 400 }}]\n\
             [state.y]\nstarts = 'normal(mean = 0, sd = 1)'\neach_step = 'normal(mean = 0.25*time, sd = 1)'\nper = '1 year'\n\
             [survey.items]\ny = {{}}\n\
             [[survey.loss]]\nkind = 'dropout'\nprobability = {h}\n\
             [[estimand]]\nname = 'y'\nquantity = 'mean'\nof = 'y'\nwave = 4\ntrue_value = 0.75\n{METHODS}{}",
            demands(0.0, limit - 0.75)
        );
        demands_hold(&text, 2);
    }
}

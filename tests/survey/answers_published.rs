//! Misclassification of a fixed attribute and of a chain with two states: tables of closed forms.

use crate::common::*;
use std::fmt::Write;

/// So many items with a prevalence (or a chain), sensitivity and specificity each.
fn study_of(waves: usize, states: &[(String, f64, f64)]) -> String {
    let mut text = format!(
        "time = {{ step = '1 year', waves = {{ every = '1 year', count = {waves} }} }}\n\
         [[group]]\nname = 'all'\nsize = 5000\n"
    );
    for (k, (state, _, _)) in states.iter().enumerate() {
        writeln!(text, "[state.x{k}]\n{state}").unwrap();
    }
    text.push_str("[survey.items]\n");
    for (k, (_, se, sp)) in states.iter().enumerate() {
        writeln!(text, "x{k} = {{ sensitivity = {se}, specificity = {sp} }}").unwrap();
    }
    text
}

fn yes(seen: &Seen, item: usize, wave: usize) -> Vec<bool> {
    seen.answers(&format!("x{item}"), wave).iter().map(|v| *v == 1.0).collect()
}

/// Prevalence, sensitivity, specificity: apparent prevalence q, kappa = J^2 p (1 - p) / (q (1 - q)), P(no | yes before),
/// P(two answers differ).
const FIXED: [[f64; 7]; 10] = [
    [0.10, 0.5, 1.0, 0.0500, 0.4737, 0.5000, 0.0500],
    [0.10, 0.7, 0.95, 0.1150, 0.3736, 0.5543, 0.1275],
    [0.10, 0.8, 0.95, 0.1250, 0.4629, 0.4700, 0.1175],
    [0.20, 0.5, 1.0, 0.1000, 0.4444, 0.5000, 0.1000],
    [0.20, 0.7, 0.95, 0.1800, 0.4580, 0.4444, 0.1600],
    [0.20, 0.8, 0.95, 0.2000, 0.5625, 0.3500, 0.1400],
    [0.20, 0.9, 0.9, 0.2600, 0.5322, 0.3462, 0.1800],
    [0.30, 0.8, 0.95, 0.2750, 0.5925, 0.2955, 0.1625],
    [0.30, 0.9, 0.9, 0.3400, 0.5989, 0.2647, 0.1800],
    [0.50, 0.9, 0.9, 0.5000, 0.6400, 0.1800, 0.1800],
];

#[test]
fn apparent_prevalence_kappa_recanting_and_discordance() {
    let states: Vec<_> = FIXED.iter().map(|[p, se, sp, ..]| (format!("starts = {p}"), *se, *sp)).collect();
    let seen = seen(&study_of(2, &states), 20);
    let n = seen.rows();
    for (k, [_, _, _, apparent, kappa, recant, discordant]) in FIXED.into_iter().enumerate() {
        let (one, two) = (yes(&seen, k, 1), yes(&seen, k, 2));
        assert_share(share(n, |_| true, |i| one[i]), apparent);
        assert_share(share(n, |_| true, |i| two[i]), apparent);
        assert_share(share(n, |i| one[i], |i| !two[i]), recant);
        assert_share(share(n, |_| true, |i| one[i] != two[i]), discordant);
        let kappas = by_replicate(&seen, |rows| {
            let m = rows.len() as f64;
            let count = |f: &dyn Fn(usize) -> bool| rows.clone().filter(|i| f(*i)).count() as f64 / m;
            let (a, b) = (count(&|i| one[i]), count(&|i| two[i]));
            let by_chance = a * b + (1.0 - a) * (1.0 - b);
            (count(&|i| one[i] == two[i]) - by_chance) / (1.0 - by_chance)
        });
        let mean = kappas.iter().sum::<f64>() / 20.0;
        let variance = kappas.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 19.0;
        assert!((mean - kappa).abs() < 4.0 * libm::sqrt(variance / 20.0) + 5e-5, "{mean} and not {kappa}");
    }
}

#[test]
fn ever_yes_and_any_inconsistency_over_waves() {
    let fixed = |se: f64, sp: f64| ("starts = 0.2".to_owned(), se, sp);
    let seen = seen(&study_of(8, &[fixed(0.5, 1.0), fixed(0.8, 0.95)]), 10);
    let n = seen.rows();
    let all: [Vec<Vec<bool>>; 2] = [0, 1].map(|k| (1..=8).map(|wave| yes(&seen, k, wave)).collect());
    let ever = |k: usize, waves: usize| share(n, |_| true, |i| all[k][..waves].iter().any(|wave| wave[i]));
    for (k, waves, want) in [
        (0, 1, 0.1),
        (0, 2, 0.15),
        (0, 3, 0.175),
        (0, 4, 0.1875),
        (0, 8, 0.1992),
        (1, 1, 0.2),
        (1, 2, 0.27),
        (1, 3, 0.3125),
        (1, 4, 0.3481),
        (1, 8, 0.4693),
    ] {
        assert_share(ever(k, waves), want);
    }
    for (waves, want) in [(2, 0.14), (3, 0.21), (4, 0.2662), (6, 0.3595)] {
        assert_share(share(n, |_| true, |i| all[1][..waves].iter().any(|wave| wave[i] != all[1][0][i])), want);
    }
}

/// p01, p10, sensitivity, specificity: apparent prevalence, observed p01 and p10, correlation at lag 1 and 2.
const CHAINS: [[f64; 9]; 6] = [
    [0.10, 0.20, 1.0, 1.0, 0.3333, 0.1000, 0.2000, 0.7000, 0.4900],
    [0.10, 0.20, 0.8, 0.95, 0.3000, 0.1750, 0.4083, 0.4167, 0.2917],
    [0.10, 0.20, 0.9, 0.9, 0.3667, 0.2095, 0.3618, 0.4287, 0.3001],
    [0.05, 0.15, 0.8, 0.95, 0.2375, 0.1268, 0.4072, 0.4659, 0.3727],
    [0.05, 0.15, 0.9, 0.9, 0.3000, 0.1629, 0.3800, 0.4571, 0.3657],
    [0.20, 0.30, 0.8, 0.95, 0.3500, 0.2462, 0.4571, 0.2967, 0.1484],
];

#[test]
fn chains_of_two_states_seen_with_error() {
    let state = |p01: f64, p10: f64| {
        format!("starts = '{p01}/({p01} + {p10})'\neach_step = 'if(lag(x), 1 - {p10}, {p01})'\nper = '1 year'")
    };
    let states: Vec<_> = CHAINS
        .iter()
        .enumerate()
        .map(|(k, [p01, p10, se, sp, ..])| (state(*p01, *p10).replace("lag(x)", &format!("lag(x{k})")), *se, *sp))
        .collect();
    let seen = seen(&study_of(3, &states), 30);
    let n = seen.rows();
    for (k, [_, _, _, _, apparent, p01, p10, lag1, lag2]) in CHAINS.into_iter().enumerate() {
        let x: Vec<Vec<f64>> = (1..=3).map(|wave| seen.answers(&format!("x{k}"), wave)).collect();
        assert_share(share(n, |_| true, |i| x[1][i] == 1.0), apparent);
        assert_share(share(n, |i| x[0][i] == 0.0, |i| x[1][i] == 1.0), p01);
        assert_share(share(n, |i| x[1][i] == 1.0, |i| x[2][i] == 0.0), p10);
        assert_mean(&by_replicate(&seen, |rows| correlation(&x[0][rows.clone()], &x[1][rows])), lag1);
        assert_mean(&by_replicate(&seen, |rows| correlation(&x[0][rows.clone()], &x[2][rows])), lag2);
    }
}

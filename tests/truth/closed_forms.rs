//! What closed forms say of the population, within 4 Monte Carlo standard errors on a fixed seed.

use super::{simulated, values};

const PERSONS: f64 = 40_000.0;

fn group() -> String {
    format!("[[group]]\nname = 'all'\nsize = {PERSONS}\n")
}

/// A share of `persons` is as expected.
#[track_caller]
fn share_is(found: &[f64], expected: f64) {
    let share = found.iter().sum::<f64>() / found.len() as f64;
    let mcse = libm::sqrt(expected * (1.0 - expected) / found.len() as f64);
    assert!((share - expected).abs() <= 4.0 * mcse + 1e-12, "{share}, expected {expected} within 4 * {mcse}");
}

fn is(found: &[f64], level: f64) -> Vec<f64> {
    found.iter().map(|x| f64::from(u8::from(*x == level))).collect()
}

#[test]
fn on_and_off_give_the_same_prevalence_whatever_the_step() {
    let (a, b, p0) = (0.5, 0.3, 0.2);
    for (step, every, years) in
        [("1 month", "1 year", 1.0), ("1 week", "52 weeks", 52.0 * 7.0 / 365.25), ("1 year", "1 year", 1.0)]
    {
        let truth = simulated(
            &format!(
                "{}[time]\nstep = '{step}'\nwaves = {{ every = '{every}', count = 4 }}\n[state.x]\nstarts = {p0}\non = {{ rate = {a} }}\noff = {{ rate = {b} }}\n",
                group()
            ),
            0..1,
        );
        for wave in 0..4 {
            let t = wave as f64 * years;
            let limit = a / (a + b);
            share_is(&values(&truth, "x", wave), limit + (p0 - limit) * libm::exp(-(a + b) * t));
        }
    }
}

/// `exp(q * t)` of a 3 x 3 matrix by halving and the first terms of its series: another way than the simulator's.
fn exponential(q: [[f64; 3]; 3], t: f64) -> [[f64; 3]; 3] {
    let product = |a: &[[f64; 3]; 3], b: &[[f64; 3]; 3]| {
        let mut c = [[0.0; 3]; 3];
        for (i, row) in c.iter_mut().enumerate() {
            for (j, x) in row.iter_mut().enumerate() {
                *x = (0..3).map(|k| a[i][k] * b[k][j]).sum();
            }
        }
        c
    };
    let identity = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let small = q.map(|row| row.map(|x| x * t / 1024.0));
    let (mut sum, mut term) = (identity, identity);
    for k in 1..12 {
        term = product(&term, &small).map(|row| row.map(|x| x / f64::from(k)));
        for (s, t) in sum.iter_mut().flatten().zip(term.iter().flatten()) {
            *s += t;
        }
    }
    for _ in 0..10 {
        sum = product(&sum, &sum);
    }
    sum
}

#[test]
fn three_levels_follow_the_matrix_exponential() {
    let q = [[-0.9, 0.6, 0.3], [0.2, -0.2, 0.0], [0.0, 1.5, -1.5]];
    for step in ["1 month", "6 months"] {
        let truth = simulated(
            &format!(
                "{}[time]\nstep = '{step}'\nwaves = {{ every = '1 year', count = 3 }}\n[state.x]\nlevels = ['a', 'b', 'c']\nstarts = 'categorical(a = 0.7, b = 0.1, c = 0.2)'\nmoves = [{{ from = 'a', to = 'b', rate = 0.6 }}, {{ from = 'c', to = 'b', rate = 1.5 }}, {{ from = 'a', to = 'c', rate = 0.3 }}, {{ from = 'b', to = 'a', rate = 0.2 }}]\n",
                group()
            ),
            0..1,
        );
        for wave in 0..3 {
            let p = exponential(q, wave as f64);
            let found = values(&truth, "x", wave);
            for (level, ((from_a, from_b), from_c)) in p[0].iter().zip(&p[1]).zip(&p[2]).enumerate() {
                let expected = 0.7 * from_a + 0.1 * from_b + 0.2 * from_c;
                share_is(&is(&found, level as f64), expected);
            }
        }
    }
}

#[test]
fn probabilities_per_month_in_steps_of_half_a_month() {
    let (on, off, p0) = (0.1, 0.05, 0.3);
    for step in ["1 month", "0.5 months"] {
        let truth = simulated(
            &format!(
                "{}[time]\nstep = '{step}'\nwaves = {{ every = '3 months', count = 3 }}\n[state.x]\nstarts = {p0}\non = {{ probability = {on}, per = '1 month' }}\noff = {{ probability = {off}, per = '1 month' }}\n",
                group()
            ),
            0..1,
        );
        let mut p = p0;
        for wave in 0..3 {
            share_is(&values(&truth, "x", wave), p);
            for _ in 0..3 {
                p = p * (1.0 - off) + (1.0 - p) * on;
            }
        }
    }
}

#[test]
fn levels_drawn_anew_with_rest() {
    let truth = simulated(
        &format!(
            "{}[time]\nstep = '1 year'\nwaves = {{ every = '1 year', count = 3 }}\n[state.x]\nlevels = ['low', 'middle', 'high']\nstarts = 'low'\neach_step = {{ high = '0.3 + 0.2 * (lag(x) == \"high\")', middle = 'rest', low = 0.2 }}\nper = '1 year'\n",
            group()
        ),
        0..1,
    );
    let mut high = 0.0;
    for wave in 1..3 {
        high = 0.3 + 0.2 * high;
        let found = values(&truth, "x", wave);
        share_is(&is(&found, 0.0), 0.2);
        share_is(&is(&found, 1.0), 0.8 - high);
        share_is(&is(&found, 2.0), high);
    }
}

#[test]
fn a_number_state_is_an_autoregression() {
    let (rho, sd) = (0.7_f64, 0.5);
    let truth = simulated(
        &format!(
            "{}[time]\nstep = '1 year'\nwaves = {{ every = '1 year', count = 6 }}\n[state.x]\nstarts = 3\neach_step = 'normal(mean = 1 + {rho} * (lag(x) - 1), sd = {sd})'\nper = '1 year'\n",
            group()
        ),
        0..1,
    );
    let (mut mean, mut variance) = (3.0, 0.0);
    for wave in 0..6 {
        let found = values(&truth, "x", wave);
        let n = found.len() as f64;
        let average = found.iter().sum::<f64>() / n;
        let spread = found.iter().map(|x| (x - average) * (x - average)).sum::<f64>() / (n - 1.0);
        assert!((average - mean).abs() <= 4.0 * libm::sqrt(variance / n) + 1e-9, "wave {wave}: {average}, {mean}");
        let mcse = variance * libm::sqrt(2.0 / (n - 1.0));
        assert!((spread - variance).abs() <= 4.0 * mcse + 1e-9, "wave {wave}: {spread}, {variance}");
        mean = 1.0 + rho * (mean - 1.0);
        variance = rho * rho * variance + sd * sd;
    }
}

#[test]
fn listing_every_history_gives_the_closed_form_too() {
    let text = "[[group]]\nname = 'all'\nsize = 10\n[time]\nstep = '1 month'\nwaves = { every = '1 year', count = 3 }\n[state.x]\nstarts = 0.2\non = { rate = 0.5 }\noff = { rate = 0.3 }\n";
    let truth = super::prepared(text).truth.enumerate(1000).unwrap();
    let weights = truth.weights.clone().unwrap();
    for wave in 0..3 {
        let found: f64 = values(&truth, "x", wave).iter().zip(&weights).map(|(x, w)| x * w).sum();
        let expected = 0.625 + (0.2 - 0.625) * libm::exp(-0.8 * wave as f64);
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }
}

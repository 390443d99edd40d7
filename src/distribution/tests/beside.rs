//! Our draws beside those of `rand_distr`: two samplers that share no line of code agree.

use super::*;
use rand_distr::{Beta, Binomial, Distribution, Exp, Gamma, LogNormal, Poisson, Weibull};

const N: usize = 20_000;

/// Draws of theirs, each from a stream of its own.
fn theirs(mut draw: impl FnMut(&mut Own) -> f64) -> Vec<f64> {
    let lane = Lane { purpose: Purpose::named("beside"), ..lane() };
    (0..N as u32).map(|person| draw(&mut streams().own(&lane, person))).collect()
}

/// The distance of two samples of continuous values (Kolmogorov and Smirnov), over its standard error; above 1.95 in
/// one of 1,000 pairs.
fn distance(mut a: Vec<f64>, mut b: Vec<f64>) -> f64 {
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    let (mut i, mut j, mut widest) = (0, 0, 0.0_f64);
    while i < a.len() && j < b.len() {
        if a[i] <= b[j] {
            i += 1;
        } else {
            j += 1;
        }
        widest = widest.max((i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs());
    }
    widest * libm::sqrt(N as f64 / 2.0)
}

/// The chi-square of two samples of counts, as a standard normal; cells with fewer than 20 of both are joined.
fn difference(a: &[f64], b: &[f64]) -> f64 {
    let most = a.iter().chain(b).copied().fold(0.0, f64::max) as u32;
    let (mut chi, mut cells) = (0.0, -1.0);
    let (mut of_a, mut of_b) = (0.0, 0.0);
    for k in 0..=most {
        let seen = |x: &[f64]| x.iter().filter(|v| **v == f64::from(k)).count() as f64;
        of_a += seen(a);
        of_b += seen(b);
        if of_a + of_b >= 20.0 {
            chi += (of_a - of_b) * (of_a - of_b) / (of_a + of_b);
            cells += 1.0;
            (of_a, of_b) = (0.0, 0.0);
        }
    }
    // Wilson and Hilferty 1931, doi:10.1073/pnas.17.12.684
    let spread = 2.0 / (9.0 * cells);
    (libm::cbrt(chi / cells) - (1.0 - spread)) / libm::sqrt(spread)
}

#[track_caller]
fn same_shape(written: &str, other: &[f64]) {
    let d = distance(draws(&law(written), 0, N), other.to_vec());
    assert!(d < 1.95, "{written}: distance {d}");
}

#[track_caller]
fn same_counts(written: &str, other: &[f64]) {
    let z = difference(&draws(&law(written), 0, N), other);
    assert!(z < 3.1, "{written}: {z} standard deviations");
}

#[test]
fn gamma_and_beta() {
    for shape in [0.3, 1.0, 2.5, 80.0] {
        let other = Gamma::new(shape, 1.5).expect("good arguments");
        same_shape(&format!("gamma(shape = {shape}, scale = 1.5)"), &theirs(|own| other.sample(own)));
    }
    for (a, b) in [(0.4, 0.6), (2.0, 5.0), (30.0, 1.2)] {
        let other = Beta::new(a, b).expect("good arguments");
        same_shape(&format!("beta(a = {a}, b = {b})"), &theirs(|own| other.sample(own)));
    }
}

#[test]
fn waiting_times_and_incomes() {
    for (shape, scale) in [(0.7, 2.0), (1.5, 0.5)] {
        // Their order is scale first.
        let other = Weibull::new(scale, shape).expect("good arguments");
        same_shape(&format!("weibull(shape = {shape}, scale = {scale})"), &theirs(|own| other.sample(own)));
    }
    let other = Exp::new(0.25).expect("good arguments");
    same_shape("exponential(rate = 0.25)", &theirs(|own| other.sample(own)));
    let other = LogNormal::new(1.0, 0.8).expect("good arguments");
    same_shape("log_normal(meanlog = 1, sdlog = 0.8)", &theirs(|own| other.sample(own)));
}

#[test]
fn counts() {
    for mean in [0.4, 2.8, 15.0, 400.0] {
        let other = Poisson::new(mean).expect("good arguments");
        same_counts(&format!("poisson(mean = {mean})"), &theirs(|own| other.sample(own)));
    }
    for (n, p) in [(5, 0.3), (40, 0.02), (300, 0.6)] {
        let other = Binomial::new(n, p).expect("good arguments");
        same_counts(&format!("binomial(n = {n}, p = {p})"), &theirs(|own| other.sample(own) as f64));
    }
    for (mean, size) in [(3.0, 0.8), (20.0, 6.0)] {
        // A Poisson count whose mean is drawn from a gamma law.
        let rate = Gamma::new(size, mean / size).expect("good arguments");
        let other = theirs(|own| match Poisson::new(rate.sample(own)) {
            Ok(poisson) => poisson.sample(own),
            Err(_) => 0.0, // a mean that is rounded to 0
        });
        same_counts(&format!("negative_binomial(mean = {mean}, size = {size})"), &other);
    }
}

#[test]
fn what_differs_is_told_apart() {
    let other = Gamma::new(2.5, 1.6).expect("good arguments");
    assert!(distance(draws(&law("gamma(shape = 2.5, scale = 1.5)"), 0, N), theirs(|own| other.sample(own))) > 1.95);
    let other = Poisson::new(2.9).expect("good arguments");
    assert!(difference(&draws(&law("poisson(mean = 2.8)"), 0, N), &theirs(|own| other.sample(own))) > 3.1);
}

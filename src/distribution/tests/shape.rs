use super::*;
use spec_math::{Beta as _, Gamma as _, NormDist as _};

const N: usize = 20_000;

/// Mean and variance are within 4 standard errors.
fn moments(written: &str, mean: f64, variance: f64) -> Vec<f64> {
    let x = draws(&law(written), 0, N);
    let n = N as f64;
    let m = x.iter().sum::<f64>() / n;
    let central = |k: i32| x.iter().map(|v| libm::pow(v - m, f64::from(k))).sum::<f64>() / n;
    let (v, fourth) = (central(2), central(4));
    assert!((m - mean).abs() <= 4.0 * libm::sqrt(variance / n), "{written}: mean {m}, not {mean}");
    assert!((v - variance).abs() <= 4.0 * libm::sqrt((fourth - v * v) / n), "{written}: variance {v}, not {variance}");
    x
}

/// Kolmogorov and Smirnov's distance is below its quantile of 0.999.
fn follows(written: &str, mut x: Vec<f64>, cdf: impl Fn(f64) -> f64) {
    x.sort_by(f64::total_cmp);
    let n = x.len() as f64;
    let distance = x.iter().enumerate().fold(0.0_f64, |d, (i, v)| {
        let f = cdf(*v);
        d.max(f - i as f64 / n).max((i + 1) as f64 / n - f)
    });
    assert!(distance * libm::sqrt(n) < 1.95, "{written}: distance {distance}");
}

/// Pearson's chi-square over the counts with at least 5 expected is within 4 standard deviations.
fn counts(written: &str, x: &[f64], probability: impl Fn(f64) -> f64) {
    let most = x.iter().copied().fold(0.0, f64::max) as u32 + 50;
    let (mut chi, mut cells) = (0.0, -1.0);
    let (mut seen, mut expected) = (0.0, 0.0);
    for k in 0..=most {
        seen += x.iter().filter(|v| **v == f64::from(k)).count() as f64;
        expected += N as f64 * probability(f64::from(k));
        if expected >= 5.0 {
            chi += (seen - expected) * (seen - expected) / expected;
            cells += 1.0;
            (seen, expected) = (0.0, 0.0);
        }
    }
    assert!(x.iter().all(|v| *v == v.floor() && *v >= 0.0));
    // Wilson and Hilferty 1931, doi:10.1073/pnas.17.12.684
    let spread = 2.0 / (9.0 * cells);
    let z = (libm::cbrt(chi / cells) - (1.0 - spread)) / libm::sqrt(spread);
    assert!(z.abs() < 4.0, "{written}: {chi} of {cells} degrees of freedom");
}

#[test]
fn normal() {
    let written = "normal(mean = 1, sd = sd)";
    follows(written, moments(written, 1.0, 4.0), |x| ((x - 1.0) / 2.0).norm_cdf());
    assert_eq!(draws(&law("normal(mean = 3, sd = 0)"), 0, 3), [3.0; 3]);
}

#[test]
fn log_normal() {
    let written = "log_normal(meanlog = 0.5, sdlog = 0.4)";
    let e = libm::exp(0.16);
    let mean = libm::exp(0.58);
    follows(written, moments(written, mean, mean * mean * (e - 1.0)), |x| ((libm::log(x) - 0.5) / 0.4).norm_cdf());
}

#[test]
fn truncated_normal() {
    let ends = [
        (17.0, 2.2, 13.0, 21.0),
        (0.0, 1.0, 3.0, f64::INFINITY),
        (0.0, 1.0, f64::NEG_INFINITY, -3.0),
        (0.0, 1.0, -0.5, 8.0),
        (5.0, 2.0, 5.5, 5.75),
        (0.0, 1.0, 8.0, 9.0),
    ];
    for (mean, sd, low, high) in ends {
        let end = |name: &str, v: f64| if v.is_finite() { format!(", {name} = {v}") } else { String::new() };
        let written = format!("truncated_normal(mean = {mean}, sd = {sd}{}{})", end("low", low), end("high", high));
        let x = draws(&law(&written), 0, N);
        assert!(x.iter().all(|v| (low..=high).contains(v)), "{written}");
        // In the upper half the lower tail of the mirrored value keeps its digits.
        let side = if low > mean { -1.0 } else { 1.0 };
        let cdf = |x: f64| (side * (x - mean) / sd).norm_cdf();
        follows(&written, x, |x| (cdf(x) - cdf(low)) / (cdf(high) - cdf(low)));
    }
}

#[test]
fn truncated_normal_far_out() {
    // Beyond 37 standard deviations: survival by Laplace's continued fraction of Mills' ratio.
    let log_survival = |z: f64| {
        let fraction = (1..=60).rev().fold(z, |below, k| z + f64::from(k) / below);
        -0.5 * z * z - libm::log(fraction)
    };
    let x = draws(&law("truncated_normal(mean = 0, sd = 1, low = 50)"), 0, N);
    follows("low = 50", x, |z| -libm::expm1(log_survival(z) - log_survival(50.0)));
    let x = draws(&law("truncated_normal(mean = 0, sd = 1, high = -40)"), 0, N);
    follows("high = -40", x, |z| libm::exp(log_survival(-z) - log_survival(40.0)));
    let x = draws(&law("truncated_normal(mean = 0, sd = 1, low = -40.01, high = -40)"), 0, N);
    assert!(x.iter().all(|v| (-40.01..=-40.0).contains(v)));
    let share = |z: f64| libm::exp(log_survival(-z) - log_survival(40.0));
    follows("a narrow window", x, |z| (share(z) - share(-40.01)) / (1.0 - share(-40.01)));
}

#[test]
fn uniform() {
    let written = "uniform(low = -1, high = 3)";
    follows(written, moments(written, 1.0, 16.0 / 12.0), |x| (x + 1.0) / 4.0);
}

#[test]
fn gamma() {
    for (shape, scale) in [(2.5, 3.0), (0.3, 1.0), (1.0, 2.0), (40.0, 0.1), (0.02, 1.0)] {
        let written = format!("gamma(shape = {shape}, scale = {scale})");
        let x = moments(&written, shape * scale, shape * scale * scale);
        follows(&written, x, |x| shape.igamma(x / scale));
    }
}

#[test]
fn beta() {
    for (a, b) in [(2.0, 3.0), (0.5, 0.2), (1.0, 1.0), (30.0, 4.0)] {
        let written = format!("beta(a = {a}, b = {b})");
        let total = a + b;
        let x = moments(&written, a / total, a * b / (total * total * (total + 1.0)));
        follows(&written, x, |x| x.ibeta(a, b));
    }
    // So small that a gamma draw would be 0.
    let tiny = draws(&law("beta(a = 0.001, b = 0.001)"), 0, 1000);
    assert!(tiny.iter().all(|v| (0.0..=1.0).contains(v)));
    let high = tiny.iter().filter(|v| **v > 0.5).count();
    assert!((430..570).contains(&high), "{high}");
}

#[test]
fn waiting_times() {
    let written = "exponential(rate = 0.26)";
    follows(written, moments(written, 1.0 / 0.26, 1.0 / (0.26 * 0.26)), |x| -libm::expm1(-0.26 * x));
    let written = "weibull(shape = 1.5, scale = 2)";
    let gamma = |x: f64| libm::tgamma(x);
    let (first, second) = (gamma(1.0 + 1.0 / 1.5), gamma(1.0 + 2.0 / 1.5));
    let x = moments(written, 2.0 * first, 4.0 * (second - first * first));
    follows(written, x, |x| -libm::expm1(-libm::pow(x / 2.0, 1.5)));
}

#[test]
fn piecewise_exponential() {
    let written = "piecewise_exponential(rate1 = 0.5, until1 = 1, rate2 = 0.1, until2 = 4, rate3 = 2)";
    let hazard = |t: f64| 0.5 * t.min(1.0) + 0.1 * (t.min(4.0) - 1.0).max(0.0) + 2.0 * (t - 4.0).max(0.0);
    follows(written, draws(&law(written), 0, N), |t| -libm::expm1(-hazard(t)));
    // With an end the event may never come: with probability exp(-1.5).
    let x = draws(&law("piecewise_exponential(rate1 = 0, until1 = 2, rate2 = 0.5, until2 = 5)"), 0, N);
    let never = x.iter().filter(|t| t.is_infinite()).count() as f64 / N as f64;
    let p = libm::exp(-1.5);
    assert!((never - p).abs() < 4.0 * libm::sqrt(p * (1.0 - p) / N as f64));
    assert!(x.iter().all(|t| *t > 2.0));
}

fn poisson_probability(mean: f64) -> impl Fn(f64) -> f64 {
    move |k| libm::exp(k * libm::log(mean) - mean - libm::lgamma(k + 1.0))
}

#[test]
fn poisson() {
    for mean in [0.1, 2.8, 29.5, 30.5, 200.0] {
        let written = format!("poisson(mean = {mean})");
        counts(&written, &moments(&written, mean, mean), poisson_probability(mean));
    }
    assert_eq!(draws(&law("poisson(mean = 0)"), 0, 4), [0.0; 4]);
    let large = moments("poisson(mean = 1e8)", 1e8, 1e8);
    assert!(large.iter().all(|k| *k == k.floor()));
}

#[test]
fn negative_binomial() {
    for (mean, size) in [(3.0, 1.5), (90.0, 4.0), (0.5, 0.2)] {
        let written = format!("negative_binomial(mean = {mean}, size = {size})");
        let x = moments(&written, mean, mean + mean * mean / size);
        let (log_p, log_q) = (libm::log(size / (size + mean)), libm::log(mean / (size + mean)));
        counts(&written, &x, |k| {
            let choose = libm::lgamma(k + size) - libm::lgamma(size) - libm::lgamma(k + 1.0);
            libm::exp(choose + size * log_p + k * log_q)
        });
    }
}

#[test]
fn binomial() {
    for (n, p) in [(10.0, 0.3), (40.0, 0.9), (500.0, 0.2), (300.0, 0.7), (1.0, 0.5), (61.0, 0.5)] {
        let written = format!("binomial(n = {n}, p = {p})");
        let x = moments(&written, n * p, n * p * (1.0 - p));
        counts(&written, &x, |k| {
            if k > n {
                return 0.0;
            }
            let choose = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
            libm::exp(choose + k * libm::log(p) + (n - k) * libm::log1p(-p))
        });
    }
    assert_eq!(draws(&law("binomial(n = 7, p = 1)"), 0, 4), [7.0; 4]);
    assert_eq!(draws(&law("binomial(n = 7, p = 0)"), 0, 4), [0.0; 4]);
    assert_eq!(draws(&law("binomial(n = 0, p = 0.4)"), 0, 4), [0.0; 4]);
    assert_eq!(draws(&law("binomial(n = 1e6, p = 1)"), 0, 4), [1e6; 4]);
}

#[test]
fn bernoulli_and_categorical() {
    let written = "bernoulli(p = 0.3)";
    counts(written, &moments(written, 0.3, 0.21), |k| [0.7, 0.3].get(k as usize).copied().unwrap_or(0.0));
    assert_eq!(draws(&law("bernoulli(p = 1)"), 0, 9), [1.0; 9]);
    assert_eq!(draws(&law("bernoulli(p = 0)"), 0, 9), [0.0; 9]);
    let written = "categorical(a = 0.2, b = 0.5, c = rest)";
    let x = moments(written, 1.1, 0.49);
    counts(written, &x, |k| [0.2, 0.5, 0.3].get(k as usize).copied().unwrap_or(0.0));
    // A level without probability is never drawn, wherever it stands.
    let x = draws(&law("categorical(a = 0, b = 1/3, c = 1/3, d = 1/3, e = 0)"), 0, N);
    assert!(x.iter().all(|k| (1.0..=3.0).contains(k)));
}

#[test]
fn empirical() {
    let written = "empirical(1 = 2, 2.5 = 1, -1 = 1)";
    let x = moments(written, 0.875, 1.546_875);
    for (value, share) in [(-1.0, 0.25), (1.0, 0.5), (2.5, 0.25)] {
        let seen = x.iter().filter(|v| **v == value).count() as f64 / N as f64;
        assert!((seen - share).abs() < 4.0 * libm::sqrt(share * (1.0 - share) / N as f64), "{value}: {seen}");
    }
}

#[test]
fn extreme_arguments_end_and_give_numbers() {
    for written in [
        "negative_binomial(mean = 1e9, size = 1e-300)",
        "negative_binomial(mean = 1e9, size = 1e300)",
        "negative_binomial(mean = 0, size = 1)",
        "poisson(mean = 1e9)",
        "gamma(shape = 1e-310, scale = 1)",
        "gamma(shape = 1e300, scale = 1e-300)",
        "beta(a = 1e-310, b = 1e-310)",
        "beta(a = 1e300, b = 1e-300)",
        "binomial(n = 1e9, p = 0.5)",
        "binomial(n = 1e9, p = 1e-300)",
        "truncated_normal(mean = 0, sd = 1e-320, low = 1, high = 2)",
        "truncated_normal(mean = 1e300, sd = 1, low = 1, high = 2)",
        "truncated_normal(mean = -1e9, sd = 1, low = 0)",
        "weibull(shape = 1e-3, scale = 1)",
        "uniform(low = 2, high = 2)",
        "uniform(low = -1e308, high = 1e308)",
    ] {
        assert!(draws(&law(written), 0, 600).iter().all(|v| !v.is_nan()), "{written}");
    }
}

#[test]
fn neighbours_are_independent() {
    for written in LAWS.into_iter().filter(|w| !w.starts_with("constant")) {
        let x = draws(&law(written), 0, N);
        let mean = x.iter().sum::<f64>() / N as f64;
        let variance: f64 = x.iter().map(|v| (v - mean) * (v - mean)).sum();
        let together: f64 = x.windows(2).map(|w| (w[0] - mean) * (w[1] - mean)).sum();
        assert!((together / variance).abs() < 4.0 / libm::sqrt(N as f64), "{written}: {}", together / variance);
    }
}

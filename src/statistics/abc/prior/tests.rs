//! Laws against other computations, closed forms and themselves.

use super::*;
use crate::numeric::discrete::Gamma;
use crate::numeric::{Beta, ChiSquare};

const LAWS: [Law; 12] = [
    Law::Uniform { low: -2.0, high: 5.0 },
    Law::Normal { mean: 3.0, sd: 0.5 },
    Law::TruncatedNormal { mean: 17.0, sd: 2.2, low: 13.0, high: 21.0 },
    Law::TruncatedNormal { mean: 0.0, sd: 1.0, low: 6.0, high: f64::INFINITY },
    Law::TruncatedNormal { mean: 0.0, sd: 1.0, low: f64::NEG_INFINITY, high: -0.5 },
    Law::LogNormal { meanlog: -1.0, sdlog: 0.7 },
    Law::Beta { a: 2.0, b: 9.0 },
    Law::Beta { a: 0.4, b: 0.6 },
    Law::Beta { a: 300.0, b: 0.9 },
    Law::Gamma { shape: 0.3, scale: 4.0 },
    Law::Gamma { shape: 250.0, scale: 0.01 },
    Law::Exponential { rate: 2.5 },
];

fn close(got: f64, want: f64, limit: f64) {
    assert!((got - want).abs() <= limit * want.abs(), "{got} is not {want}");
}

#[test]
fn there_and_back() {
    for law in LAWS {
        law.check().unwrap();
        let mut before = f64::NEG_INFINITY;
        for k in -50..=50 {
            let z = 0.1 * f64::from(k);
            let value = law.value(z);
            let (low, high) = law.support();
            assert!(value > before && value >= low && value <= high, "{law:?} at {z}: {value} after {before}");
            // Near 1 a beta number has no more digits to tell neighbours apart.
            let back = law.z(value).unwrap_or_else(|| panic!("{law:?} at {z}: {value}"));
            let limit = if matches!(law, Law::Beta { .. }) && value > 0.999 { 1e-4 } else { 1e-8 };
            assert!((back - z).abs() < limit, "{law:?}: {z} came back as {back}");
            before = value;
        }
    }
}

#[test]
fn quantiles_of_other_computations() {
    for p in [1e-8, 0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9999] {
        for shape in [0.05, 0.3, 1.0, 7.5, 250.0] {
            close(Law::Gamma { shape, scale: 3.0 }.quantile(p), 3.0 * Gamma { shape }.quantile(p), 1e-10);
        }
        close(Law::Gamma { shape: 3.5, scale: 2.0 }.quantile(p), ChiSquare { df: 7.0 }.quantile(p), 1e-10);
        for (a, b) in [(0.4, 0.6), (2.0, 9.0), (30.0, 4.0), (1.0, 1.0), (0.05, 3.0)] {
            close(Law::Beta { a, b }.quantile(p), Beta { a, b }.quantile(p), 1e-9);
        }
        close(Law::Uniform { low: 1.0, high: 3.0 }.quantile(p), 1.0 + 2.0 * p, 1e-12);
        close(Law::Exponential { rate: 0.5 }.quantile(p), -2.0 * libm::log1p(-p), 1e-11);
        close(Law::Gamma { shape: 1.0, scale: 2.0 }.quantile(p), -2.0 * libm::log1p(-p), 1e-10);
        close(
            Law::LogNormal { meanlog: 1.0, sdlog: 2.0 }.quantile(p),
            libm::exp(1.0 + 2.0 * normal_quantile(p)),
            1e-12,
        );
        // Half of a normal law.
        let half = Law::TruncatedNormal { mean: 0.0, sd: 1.0, low: 0.0, high: f64::INFINITY };
        close(half.quantile(p), normal_quantile(0.5 + 0.5 * p), 1e-6);
    }
    assert!(LAWS[0].quantile(0.0).is_nan() && LAWS[0].quantile(1.5).is_nan());
}

#[test]
fn far_tails_keep_their_digits() {
    // P(X > x) is exp(-x / 2): at z the same as the normal tail.
    for z in [5.0, 9.0, 20.0, 36.9] {
        let value = Law::Exponential { rate: 0.5 }.value(z);
        close(value, -2.0 * libm::log(normal_cdf(-z)), 1e-12);
        close(Law::Gamma { shape: 1.0, scale: 2.0 }.value(z), value, 1e-11);
        close(Law::Beta { a: 1.0, b: 1.0 }.value(-z), normal_cdf(-z), 1e-10);
    }
    // Beyond, where the probability is no number any more, it goes on without a step.
    let law = Law::Exponential { rate: 1.0 };
    let (a, b, c) = (law.value(36.99), law.value(37.01), law.value(37.03));
    assert!(((c - b) / (b - a) - 1.0).abs() < 1e-2, "{a} {b} {c}");
    assert!(law.value(1e3).is_finite());
    // A normal law cut far above its mean.
    let cut = Law::TruncatedNormal { mean: 0.0, sd: 1.0, low: 10.0, high: f64::INFINITY };
    close(cut.value(0.0), -normal_quantile(0.5 * normal_cdf(-10.0)), 1e-13);
}

#[test]
fn moments_in_closed_form() {
    let pi = std::f64::consts::PI;
    let half = Law::TruncatedNormal { mean: 1.0, sd: 2.0, low: 1.0, high: f64::INFINITY };
    close(half.mean(), 1.0 + 2.0 * libm::sqrt(2.0 / pi), 1e-12);
    close(half.sd(), 2.0 * libm::sqrt(1.0 - 2.0 / pi), 1e-12);
    // A window so narrow that the law is uniform in it.
    let narrow = Law::TruncatedNormal { mean: 0.0, sd: 1.0, low: 0.0, high: 1e-5 };
    close(narrow.sd(), 1e-5 / libm::sqrt(12.0), 1e-6);
    let uncut = Law::TruncatedNormal { mean: 4.0, sd: 3.0, low: f64::NEG_INFINITY, high: f64::INFINITY };
    close(uncut.mean(), 4.0, 1e-13);
    close(uncut.sd(), 3.0, 1e-12);
    // All others against the integral.
    for law in LAWS {
        let (mean, sd) = law.moments();
        let limit = if matches!(law, Law::Beta { .. } | Law::Gamma { .. }) { 1e-6 } else { 1e-9 };
        close(law.mean(), mean, limit);
        close(law.sd(), sd, limit);
    }
}

#[test]
fn no_number_outside_the_support_or_at_its_ends() {
    for law in LAWS {
        let (low, high) = law.support();
        for value in [low, high, low - 1.0, high + 1.0, f64::NAN] {
            assert_eq!(law.z(value), None, "{law:?} at {value}");
        }
        assert!(law.value(f64::NAN).is_nan());
    }
}

#[test]
fn arguments_out_of_range() {
    let name = |law: Law| match law.check() {
        Err(AbcFailure::Setting { name, .. }) => {
            assert!(law.value(0.0).is_nan() && law.z(0.5).is_none(), "{law:?}");
            name
        }
        other => panic!("{law:?}: {other:?}"),
    };
    let inf = f64::INFINITY;
    assert_eq!(name(Law::Uniform { low: 1.0, high: 1.0 }), "high");
    assert_eq!(name(Law::Uniform { low: f64::NAN, high: 1.0 }), "low");
    assert_eq!(name(Law::Uniform { low: -1e308, high: 1e308 }), "high");
    assert_eq!(name(Law::Normal { mean: inf, sd: 1.0 }), "mean");
    assert_eq!(name(Law::Normal { mean: 0.0, sd: 0.0 }), "sd");
    assert_eq!(name(Law::TruncatedNormal { mean: 0.0, sd: -1.0, low: 0.0, high: 1.0 }), "sd");
    assert_eq!(name(Law::TruncatedNormal { mean: 0.0, sd: 1.0, low: 2.0, high: 1.0 }), "high");
    assert_eq!(name(Law::TruncatedNormal { mean: 0.0, sd: 1.0, low: 50.0, high: 60.0 }), "mean");
    assert_eq!(name(Law::LogNormal { meanlog: 0.0, sdlog: inf }), "sdlog");
    assert_eq!(name(Law::Beta { a: 0.0, b: 1.0 }), "a");
    assert_eq!(name(Law::Beta { a: 1.0, b: f64::NAN }), "b");
    assert_eq!(name(Law::Gamma { shape: -1.0, scale: 1.0 }), "shape");
    assert_eq!(name(Law::Gamma { shape: 1.0, scale: 0.0 }), "scale");
    assert_eq!(name(Law::Exponential { rate: 0.0 }), "rate");
}

//! p-values of the tests of randomness, all two-sided: too even is as wrong as too uneven.

use spec_math::cephes64::igamc;

/// How likely a chi-square is to be as far out as this one, on either side.
pub fn chi_square(statistic: f64, df: f64) -> f64 {
    two_sided(igamc(df / 2.0, statistic / 2.0))
}

/// How likely a standard normal is to be as far out as `z`.
pub fn normal(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// How likely a Poisson count is to be as far out as `count`.
pub fn poisson(count: u32, mean: f64) -> f64 {
    // P(X > k) = 1 - Q(k + 1, mean); the smaller tail that includes the count itself, doubled.
    let at_most = igamc(f64::from(count) + 1.0, mean);
    let at_least = if count == 0 { 1.0 } else { 1.0 - igamc(f64::from(count), mean) };
    (2.0 * at_most.min(at_least)).min(1.0)
}

/// Kolmogorov-Smirnov test that these are uniform on (0, 1): asymptotic, with Stephens' correction for their number.
pub fn kolmogorov_smirnov(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let mut distance = 0.0_f64;
    for (i, v) in sorted.iter().enumerate() {
        distance = distance.max((i as f64 + 1.0) / n - v).max(v - i as f64 / n);
    }
    let t = distance * (libm::sqrt(n) + 0.12 + 0.11 / libm::sqrt(n));
    let tail = (1..=100).map(f64::from).fold(0.0, |sum, k| {
        let sign = if k % 2.0 == 1.0 { 1.0 } else { -1.0 };
        sum + sign * libm::exp(-2.0 * k * k * t * t)
    });
    two_sided((2.0 * tail).clamp(0.0, 1.0))
}

/// Chi-square of counts against the same expected count in every cell.
pub fn even_counts(counts: &[u32]) -> f64 {
    let total: u32 = counts.iter().sum();
    let expected = f64::from(total) / counts.len() as f64;
    let statistic = counts.iter().map(|c| square(f64::from(*c) - expected) / expected).sum();
    chi_square(statistic, counts.len() as f64 - 1.0)
}

pub fn square(x: f64) -> f64 {
    x * x
}

fn two_sided(tail: f64) -> f64 {
    (2.0 * tail.min(1.0 - tail)).clamp(0.0, 1.0)
}

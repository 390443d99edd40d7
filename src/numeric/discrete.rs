//! Probabilities of counts: binomial, Poisson, hypergeometric; and the gamma and F distributions that their limits
//! and tests need.
//!
//! Probabilities of single counts follow Loader 2000 (Fast and accurate computation of binomial probabilities): the
//! saddle-point form does not lose digits for large counts, as differences of logarithms of factorials do.

use super::distributions::{Beta, log_gamma};
use spec_math::cephes64;

/// Logarithm of `n!` for a count.
#[must_use]
pub fn log_factorial(n: f64) -> f64 {
    log_gamma(n + 1.0)
}

/// What Stirling's formula leaves out of `ln n!` for `n > 0`.
fn stirling_error(n: f64) -> f64 {
    if n <= 15.0 {
        let stirling = (n + 0.5) * libm::log(n) - n + 0.5 * libm::log(2.0 * std::f64::consts::PI);
        return log_factorial(n) - stirling;
    }
    let nn = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * nn)) / nn) / nn) / nn) / n
}

/// `x ln(x / m) + m - x`, without cancellation near `x = m`.
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * libm::log(x / m) + m - x;
    }
    let v = (x - m) / (x + m);
    let mut sum = (x - m) * v;
    let mut term = 2.0 * x * v;
    for j in 1..1000 {
        term *= v * v;
        let next = sum + term / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// Probability of `x` successes in `n` trials, each with probability `p`.
#[must_use]
pub fn binomial(x: f64, n: f64, p: f64) -> f64 {
    let q = 1.0 - p;
    if !(0.0..=n).contains(&x) || !(0.0..=1.0).contains(&p) {
        return 0.0;
    }
    if p == 0.0 || q == 0.0 {
        return f64::from(u8::from(x == if p == 0.0 { 0.0 } else { n }));
    }
    if x == 0.0 {
        return if n == 0.0 { 1.0 } else { libm::exp(n * libm::log1p(-p)) };
    }
    if x == n {
        return libm::exp(n * libm::log(p));
    }
    let log =
        stirling_error(n) - stirling_error(x) - stirling_error(n - x) - deviance(x, n * p) - deviance(n - x, n * q);
    libm::exp(log) * libm::sqrt(n / (2.0 * std::f64::consts::PI * x * (n - x)))
}

/// Probability of at most `x` successes in `n` trials.
#[must_use]
pub fn binomial_cdf(x: f64, n: f64, p: f64) -> f64 {
    match () {
        () if x < 0.0 => 0.0,
        () if x >= n => 1.0,
        () if p <= 0.0 => 1.0,
        () if p >= 1.0 => 0.0,
        () => Beta { a: n - x, b: x + 1.0 }.cdf(1.0 - p),
    }
}

/// Probability of `x` or more successes in `n` trials, without cancellation.
#[must_use]
pub fn binomial_upper(x: f64, n: f64, p: f64) -> f64 {
    match () {
        () if x <= 0.0 => 1.0,
        () if x > n => 0.0,
        () if p <= 0.0 => 0.0,
        () if p >= 1.0 => 1.0,
        () => Beta { a: x, b: n - x + 1.0 }.cdf(p),
    }
}

/// Probability of a count of `x` with this mean (Poisson).
#[must_use]
pub fn poisson(x: f64, mean: f64) -> f64 {
    if x < 0.0 || mean < 0.0 {
        return 0.0;
    }
    if x == 0.0 || mean == 0.0 {
        return if x == 0.0 { libm::exp(-mean) } else { 0.0 };
    }
    libm::exp(-stirling_error(x) - deviance(x, mean)) / libm::sqrt(2.0 * std::f64::consts::PI * x)
}

/// Probability of a count of at most `x` with this mean (Poisson).
#[must_use]
pub fn poisson_cdf(x: f64, mean: f64) -> f64 {
    if x < 0.0 {
        return 0.0;
    }
    if mean <= 0.0 { 1.0 } else { cephes64::igamc(x + 1.0, mean) }
}

/// Probability of a count of `x` or more with this mean (Poisson), without cancellation.
#[must_use]
pub fn poisson_upper(x: f64, mean: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    if mean <= 0.0 { 0.0 } else { cephes64::igam(x, mean) }
}

/// Probability of `x` marked among `drawn` from a set with `marked` marked and `others` others.
#[must_use]
pub fn hypergeometric(x: f64, marked: f64, others: f64, drawn: f64) -> f64 {
    let total = marked + others;
    if x < 0.0 || x > marked || drawn - x < 0.0 || drawn - x > others || drawn > total {
        return 0.0;
    }
    if total == 0.0 || drawn == 0.0 {
        return 1.0;
    }
    // As three binomial probabilities with a common chance, which cancels.
    let p = drawn / total;
    binomial(x, marked, p) * binomial(drawn - x, others, p) / binomial(drawn, total, p)
}

/// Gamma distribution with scale 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gamma {
    /// Shape, above 0.
    pub shape: f64,
}

impl Gamma {
    /// Probability of at most `x`.
    #[must_use]
    pub fn cdf(self, x: f64) -> f64 {
        if x <= 0.0 { 0.0 } else { cephes64::igam(self.shape, x) }
    }

    /// Probability of more than `x`.
    #[must_use]
    pub fn upper_tail(self, x: f64) -> f64 {
        if x <= 0.0 { 1.0 } else { cephes64::igamc(self.shape, x) }
    }

    /// The number that is not exceeded with probability `p`.
    #[must_use]
    pub fn quantile(self, p: f64) -> f64 {
        cephes64::igami(self.shape, p)
    }
}

/// F distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FisherF {
    /// Degrees of freedom of the numerator, above 0.
    pub df1: f64,
    /// Degrees of freedom of the denominator, above 0; infinite for a chi-square divided by `df1`.
    pub df2: f64,
}

impl FisherF {
    /// Probability of at most `x`.
    #[must_use]
    pub fn cdf(self, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        if self.df2.is_infinite() {
            return super::ChiSquare { df: self.df1 }.cdf(x * self.df1);
        }
        Beta { a: 0.5 * self.df1, b: 0.5 * self.df2 }.cdf(self.df1 * x / (self.df1 * x + self.df2))
    }

    /// Probability of more than `x`, without cancellation.
    #[must_use]
    pub fn upper_tail(self, x: f64) -> f64 {
        if x <= 0.0 {
            return 1.0;
        }
        if self.df2.is_infinite() {
            return super::ChiSquare { df: self.df1 }.upper_tail(x * self.df1);
        }
        Beta { a: 0.5 * self.df2, b: 0.5 * self.df1 }.cdf(self.df2 / (self.df1 * x + self.df2))
    }

    /// The number that is not exceeded with probability `p`.
    #[must_use]
    pub fn quantile(self, p: f64) -> f64 {
        if self.df2.is_infinite() {
            return super::ChiSquare { df: self.df1 }.quantile(p) / self.df1;
        }
        // On the side of the beta distribution where nothing is subtracted from 1.
        if p > 0.5 {
            let share = Beta { a: 0.5 * self.df2, b: 0.5 * self.df1 }.quantile(1.0 - p);
            self.df2 * (1.0 - share) / (self.df1 * share)
        } else {
            let share = Beta { a: 0.5 * self.df1, b: 0.5 * self.df2 }.quantile(p);
            self.df2 * share / (self.df1 * (1.0 - share))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-12 * want.abs(), "got {got}, want {want}");
    }

    #[test]
    fn binomial_probabilities_by_hand() {
        // 3 of 5 at 1/2: 10 / 32.
        close(binomial(3.0, 5.0, 0.5), 10.0 / 32.0);
        close(binomial(0.0, 4.0, 0.1), 0.6561);
        close(binomial(4.0, 4.0, 0.1), 1e-4);
        assert_eq!(binomial(5.0, 4.0, 0.1), 0.0);
        assert_eq!(binomial(0.0, 4.0, 0.0), 1.0);
        // 1 + 5 + 10 of 32.
        close(binomial_cdf(2.0, 5.0, 0.5), 0.5);
        close(binomial_upper(4.0, 5.0, 0.5), 6.0 / 32.0);
    }

    #[test]
    fn large_counts_sum_to_one() {
        let total: f64 = (0..=2000).map(|x| binomial(f64::from(x), 2000.0, 0.3)).sum();
        close(total, 1.0);
        let total: f64 = (0..400).map(|x| poisson(f64::from(x), 150.0)).sum();
        close(total, 1.0);
        let total: f64 = (0..=60).map(|x| hypergeometric(f64::from(x), 60.0, 90.0, 70.0)).sum();
        close(total, 1.0);
    }

    #[test]
    fn small_counts_by_hand() {
        close(poisson(2.0, 1.5), 1.125 * libm::exp(-1.5));
        close(poisson_cdf(1.0, 1.5), 2.5 * libm::exp(-1.5));
        close(poisson_upper(1.0, 1.5), 1.0 - libm::exp(-1.5));
        // 2 of 3 marked among 4 drawn from 3 + 5: 3 * 10 / 70.
        close(hypergeometric(2.0, 3.0, 5.0, 4.0), 30.0 / 70.0);
        assert_eq!(hypergeometric(4.0, 3.0, 5.0, 4.0), 0.0);
    }

    #[test]
    fn f_is_the_square_of_t_and_its_own_inverse() {
        let t = crate::numeric::StudentT { df: 7.0 };
        let f = FisherF { df1: 1.0, df2: 7.0 };
        close(f.upper_tail(4.0), 2.0 * t.upper_tail(2.0));
        for p in [0.001, 0.2, 0.5, 0.9, 0.999] {
            let g = FisherF { df1: 3.0, df2: 11.5 };
            assert!((g.cdf(g.quantile(p)) - p).abs() < 1e-12);
        }
        // Two degrees of freedom and infinitely many: exp(-x).
        close(FisherF { df1: 2.0, df2: f64::INFINITY }.upper_tail(1.3), libm::exp(-1.3));
    }

    #[test]
    fn gamma_of_shape_one_is_exponential() {
        let g = Gamma { shape: 1.0 };
        close(g.upper_tail(2.5), libm::exp(-2.5));
        close(g.quantile(0.5), std::f64::consts::LN_2);
    }
}

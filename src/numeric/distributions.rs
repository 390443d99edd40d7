//! Distribution functions and quantiles: normal, t, chi-square, beta.
//!
//! Chi-square, beta and the normal rest on `spec_math` (Cephes: Moshier 1989, Methods and Programs for Mathematical
//! Functions). The t distribution is worked here, since its tail loses digits there for small t and many degrees of
//! freedom: a series of positive terms in the middle, a continued fraction in the tail (Abramowitz and Stegun 1964,
//! 26.5.8 and 26.5.4, doi:10.1119/1.15378), and Halley steps for the quantile. Quantiles are good to 1e-12 relative.
//!
//! An argument outside the domain gives NaN, never a panic.

use spec_math::cephes64;

/// Probability that a standard normal variable is at most `z`.
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The number that a standard normal variable is at most with probability `p`; infinite at 0 and 1.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    if p == 1.0 {
        return f64::INFINITY;
    }
    cephes64::ndtri(p)
}

/// Logarithm of the gamma function of a positive number.
#[must_use]
pub fn log_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Derivative of [`log_gamma`].
#[must_use]
pub fn digamma(x: f64) -> f64 {
    cephes64::psi(x)
}

/// Chi-square distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChiSquare {
    /// Degrees of freedom, above 0.
    pub df: f64,
}

impl ChiSquare {
    /// Probability of at most `x`.
    #[must_use]
    pub fn cdf(self, x: f64) -> f64 {
        if x <= 0.0 { 0.0 } else { cephes64::igam(0.5 * self.df, 0.5 * x) }
    }

    /// Probability of more than `x`, without cancellation.
    #[must_use]
    pub fn upper_tail(self, x: f64) -> f64 {
        if x <= 0.0 { 1.0 } else { cephes64::igamc(0.5 * self.df, 0.5 * x) }
    }

    /// The number that is not exceeded with probability `p`.
    #[must_use]
    pub fn quantile(self, p: f64) -> f64 {
        2.0 * cephes64::igami(0.5 * self.df, p)
    }
}

/// Beta distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beta {
    /// First shape, above 0: large values push towards 1.
    pub a: f64,
    /// Second shape, above 0: large values push towards 0.
    pub b: f64,
}

impl Beta {
    /// Probability of at most `x`.
    #[must_use]
    pub fn cdf(self, x: f64) -> f64 {
        cephes64::incbet(self.a, self.b, x)
    }

    /// The number that is not exceeded with probability `p`.
    #[must_use]
    pub fn quantile(self, p: f64) -> f64 {
        let quantile = cephes64::incbi(self.a, self.b, p);
        // Cephes' inverse gives up far out in a tail of large shapes (300 000 and 4, 1e-7), and does not say so.
        if !(p > 0.0 && p < 1.0) || (self.cdf(quantile) - p).abs() <= 1e-6 * p {
            return quantile;
        }
        super::root::brent(|x| self.cdf(x) - p, 0.0, 1.0).unwrap_or(quantile)
    }
}

/// Student's t distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StudentT {
    /// Degrees of freedom, above 0; infinite for the normal distribution.
    pub df: f64,
}

/// Terms after which the sums here have long converged.
const ENOUGH_TERMS: usize = 100_000;

impl StudentT {
    /// Probability of at most `t`.
    #[must_use]
    pub fn cdf(self, t: f64) -> f64 {
        if t < 0.0 { self.upper_tail(-t) } else { 1.0 - self.upper_tail(t) }
    }

    /// Probability of more than `t`, without cancellation for positive `t`.
    #[must_use]
    pub fn upper_tail(self, t: f64) -> f64 {
        if t < 0.0 {
            return 1.0 - self.upper_tail(-t);
        }
        if self.df.is_infinite() {
            return normal_cdf(-t);
        }
        if self.is_far(t) { self.far_tail(t) } else { 0.5 - self.centre(t) }
    }

    /// Density at `t`.
    #[must_use]
    pub fn density(self, t: f64) -> f64 {
        let half = 0.5 * self.df;
        let factor = gamma_ratio(half) / libm::sqrt(self.df * std::f64::consts::PI);
        factor * libm::exp(-(half + 0.5) * libm::log1p(t * t / self.df))
    }

    /// The number that is not exceeded with probability `p`; infinite at 0 and 1.
    #[must_use]
    pub fn quantile(self, p: f64) -> f64 {
        if !(0.0..=1.0).contains(&p) || self.df.is_nan() || self.df <= 0.0 {
            return f64::NAN;
        }
        if self.df.is_infinite() || p == 0.0 || p == 1.0 {
            return normal_quantile(p);
        }
        if p > 0.5 { self.upper_quantile(1.0 - p) } else { -self.upper_quantile(p) }
    }

    /// The number exceeded with probability `q`, which is at most 1/2.
    fn upper_quantile(self, q: f64) -> f64 {
        if q == 0.5 {
            return 0.0;
        }
        let mut t = self.first_guess(q);
        for _ in 0..60 {
            // Near the middle the distance from 1/2 keeps the digits, in the tail the tail itself does.
            let excess = if q > 0.25 { (0.5 - q) - self.centre(t) } else { self.upper_tail(t) - q };
            let newton = excess / self.density(t);
            let bend = 1.0 - newton * (self.df + 1.0) * t / (2.0 * (self.df + t * t));
            let step = newton / bend.max(0.25);
            let next = (t + step).max(0.25 * t);
            let done = (next - t).abs() <= 1e-8 * next;
            t = next;
            if done {
                break;
            }
        }
        t
    }

    /// A start near the answer: an expansion around the normal quantile (Fisher and Cornish 1960,
    /// doi:10.2307/1266546), or Cephes' inverse where that expansion is poor.
    fn first_guess(self, q: f64) -> f64 {
        let v = self.df;
        let z = -normal_quantile(q);
        let z2 = z * z;
        if v >= 3.0 && z2 < 2.0 * v {
            let first = (z2 + 1.0) / 4.0;
            let second = ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
            let third = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
            return z * (1.0 + (first + (second + third / v) / v) / v);
        }
        let x = cephes64::incbi(0.5 * v, 0.5, 2.0 * q);
        let guess = libm::sqrt(v * (1.0 - x) / x);
        if guess.is_finite() && guess > 0.0 { guess } else { z.max(1e-3) }
    }

    fn is_far(self, t: f64) -> bool {
        // The continued fraction converges quickly on this side.
        self.df / (self.df + t * t) < (0.5 * self.df + 1.0) / (0.5 * self.df + 2.5)
    }

    /// Probability between 0 and `t`, a sum of positive terms.
    fn centre(self, t: f64) -> f64 {
        if self.is_far(t) {
            return 0.5 - self.far_tail(t);
        }
        let y = t * t / (self.df + t * t);
        let (mut term, mut sum) = (1.0, 1.0);
        for n in 0..ENOUGH_TERMS {
            let n = n as f64;
            term *= y * (0.5 * (self.df + 1.0) + n) / (1.5 + n);
            sum += term;
            if term <= 1e-17 * sum {
                break;
            }
        }
        t * self.density(t) * sum
    }

    /// Probability beyond `t`, a continued fraction (evaluated by Lentz's method).
    fn far_tail(self, t: f64) -> f64 {
        let (a, b) = (0.5 * self.df, 0.5);
        let x = self.df / (self.df + t * t);
        t * self.density(t) * beta_fraction(a, b, x) / self.df
    }
}

/// The continued fraction of the incomplete beta integral.
pub(crate) fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let away = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..ENOUGH_TERMS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        value *= d * c;
        if (d * c - 1.0).abs() < 2e-16 {
            break;
        }
    }
    value
}

/// Gamma(h + 1/2) / Gamma(h), by its expansion in 1/h where the logarithms would cancel.
fn gamma_ratio(h: f64) -> f64 {
    if h < 30.0 {
        return libm::exp(libm::lgamma(h + 0.5) - libm::lgamma(h));
    }
    let r = 1.0 / h;
    let series = 1.0
        + r * (-1.0 / 8.0
            + r * (1.0 / 128.0
                + r * (5.0 / 1024.0
                    + r * (-21.0 / 32_768.0
                        + r * (-399.0 / 262_144.0 + r * (869.0 / 4_194_304.0 + r * (39_325.0 / 33_554_432.0)))))));
    libm::sqrt(h) * series
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of tests/reference/distributions.csv: function, x, first and second argument, value. Made with R 4.2.2.
    const TABLE: &str = include_str!("../../tests/reference/distributions.csv");

    #[test]
    fn a_beta_quantile_far_out_in_the_tail() {
        for (a, b) in [(299_997.0, 4.0), (3e6, 11.0), (4.0, 299_997.0), (0.5, 3e5)] {
            for p in [1e-9, 5e-7, 0.025] {
                let beta = Beta { a, b };
                assert!((beta.cdf(beta.quantile(p)) / p - 1.0).abs() < 1e-8, "{a} {b} {p}");
            }
        }
    }

    #[test]
    fn every_row_of_the_reference_table() {
        let mut seen = 0;
        for line in TABLE.lines() {
            let cells: Vec<&str> = line.split(',').collect();
            let number = |i: usize| cells[i].parse::<f64>().unwrap();
            let (x, a, b, want) = (number(1), number(2), number(3), number(4));
            let got = match cells[0] {
                "pnorm" => normal_cdf(x),
                "qnorm" => normal_quantile(x),
                "pt" => StudentT { df: a }.cdf(x),
                "qt" => StudentT { df: a }.quantile(x),
                "pchisq" => ChiSquare { df: a }.cdf(x),
                "qchisq" => ChiSquare { df: a }.quantile(x),
                "pbeta" => Beta { a, b }.cdf(x),
                "qbeta" => Beta { a, b }.quantile(x),
                "lgamma" => log_gamma(x),
                "digamma" => digamma(x),
                other => panic!("unknown function {other}"),
            };
            let limit = if cells[0].starts_with('q') { 1e-12 } else { 5e-12 };
            let off = (got - want).abs();
            assert!(off <= limit * want.abs() + 1e-300, "{line}: got {got:e}, relative error {:e}", off / want.abs());
            seen += 1;
        }
        assert_eq!(seen, 321);
    }
}

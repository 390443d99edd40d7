//! Intervals for one share, and for the difference of two.
//!
//! Sources: Brown, Cai and DasGupta 2001 (doi:10.1214/ss/1009213286); Newcombe 1998
//! (doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E and
//! doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I); Clopper and Pearson 1934
//! (doi:10.1093/biomet/26.4.404); Agresti and Coull 1998 (doi:10.1080/00031305.1998.10480550).

use super::critical::Critical;
use crate::numeric::Beta;

/// The kinds of interval for a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ShareInterval {
    /// Estimate plus and minus z standard errors, clipped to 0..1.
    Wald,
    /// The score interval.
    #[default]
    Wilson,
    /// The score interval with continuity correction (Newcombe's method 4).
    WilsonCc,
    /// Wald around a centre moved by z^2 pseudo-observations, clipped to 0..1.
    AgrestiCoull,
    /// Exact, from beta quantiles.
    ClopperPearson,
    /// Equal-tailed posterior under Beta(1/2, 1/2).
    Jeffreys,
    /// Exact with half the probability of the observed number.
    MidP,
}

impl ShareInterval {
    /// The words of the option `interval`, in the order of [`ShareInterval::ALL`].
    pub const WORDS: [&'static str; 7] =
        ["wald", "wilson", "wilson_cc", "agresti_coull", "clopper_pearson", "jeffreys", "mid_p"];

    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Wald,
        Self::Wilson,
        Self::WilsonCc,
        Self::AgrestiCoull,
        Self::ClopperPearson,
        Self::Jeffreys,
        Self::MidP,
    ];

    /// The limits for `x` of `n` (`n` at least 1) at a level such as 0.95.
    #[must_use]
    pub fn at_level(self, x: f64, n: f64, level: f64) -> (f64, f64) {
        self.limits(x, n, &Critical::new(level))
    }

    pub(super) fn limits(self, x: f64, n: f64, critical: &Critical) -> (f64, f64) {
        let tail = 0.5 * (1.0 - critical.level);
        match self {
            Self::Wald => wald(x, n, critical.z),
            Self::Wilson => wilson(x, n, critical.z),
            Self::WilsonCc => wilson_cc(x, n, critical.z),
            Self::AgrestiCoull => agresti_coull(x, n, critical.z),
            Self::ClopperPearson => mirrored(x, n, |x| Beta { a: x, b: n - x + 1.0 }.quantile(tail)),
            Self::Jeffreys => mirrored(x, n, |x| Beta { a: x + 0.5, b: n - x + 0.5 }.quantile(tail)),
            Self::MidP => mirrored(x, n, |x| mid_p_lower(x, n, tail)),
        }
    }
}

fn wald(x: f64, n: f64, z: f64) -> (f64, f64) {
    let p = x / n;
    let half = z * libm::sqrt(p * (1.0 - p) / n);
    ((p - half).max(0.0), (p + half).min(1.0))
}

fn wilson(x: f64, n: f64, z: f64) -> (f64, f64) {
    let (p, z2) = (x / n, z * z);
    let half = z * libm::sqrt(n * p * (1.0 - p) + 0.25 * z2);
    let lower = if x <= 0.0 { 0.0 } else { (x + 0.5 * z2 - half) / (n + z2) };
    let upper = if x >= n { 1.0 } else { (x + 0.5 * z2 + half) / (n + z2) };
    (lower, upper)
}

fn wilson_cc(x: f64, n: f64, z: f64) -> (f64, f64) {
    mirrored(x, n, |x| {
        let (p, z2) = (x / n, z * z);
        let root = libm::sqrt((z2 - 2.0 - 1.0 / n + 4.0 * p * (n * (1.0 - p) + 1.0)).max(0.0));
        ((2.0 * x + z2 - 1.0 - z * root) / (2.0 * (n + z2))).max(0.0)
    })
}

fn agresti_coull(x: f64, n: f64, z: f64) -> (f64, f64) {
    let z2 = z * z;
    let centre = (x + 0.5 * z2) / (n + z2);
    let half = z * libm::sqrt(centre * (1.0 - centre) / (n + z2));
    ((centre - half).max(0.0), (centre + half).min(1.0))
}

/// Limits of an interval whose upper limit for `x` mirrors the lower limit for `n - x`; 0 and 1 at the edges.
fn mirrored(x: f64, n: f64, lower: impl Fn(f64) -> f64) -> (f64, f64) {
    let low = if x <= 0.0 { 0.0 } else { lower(x) };
    let high = if x >= n { 1.0 } else { 1.0 - lower(n - x) };
    (low, high)
}

/// The share at which x or more of n, counting x itself half, has probability `tail`.
fn mid_p_lower(x: f64, n: f64, tail: f64) -> f64 {
    let upper_tail = |p: f64| {
        let at_least = Beta { a: x, b: n - x + 1.0 }.cdf(p);
        let more = if x >= n { 0.0 } else { Beta { a: x + 1.0, b: n - x }.cdf(p) };
        0.5 * (at_least + more)
    };
    let (mut low, mut high) = (0.0, x / n);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if upper_tail(middle) < tail { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Newcombe's method 10 for `a.0` of `a.1` minus `b.0` of `b.1`: limits from the two score intervals.
#[must_use]
pub fn newcombe(a: (f64, f64), b: (f64, f64), level: f64) -> (f64, f64) {
    newcombe_with(a, b, &Critical::new(level))
}

pub(super) fn newcombe_with(a: (f64, f64), b: (f64, f64), critical: &Critical) -> (f64, f64) {
    let (pa, pb) = (a.0 / a.1, b.0 / b.1);
    let (la, ua) = wilson(a.0, a.1, critical.z);
    let (lb, ub) = wilson(b.0, b.1, critical.z);
    let root = |x: f64, y: f64| libm::sqrt(x * x + y * y);
    (pa - pb - root(pa - la, ub - pb), pa - pb + root(ua - pa, pb - lb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_ordered_inside_and_mirrored() {
        for kind in ShareInterval::ALL {
            for n in [1.0, 2.0, 7.0, 40.0] {
                let mut x = 0.0;
                while x <= n {
                    let (low, high) = kind.at_level(x, n, 0.9);
                    let (other_low, other_high) = kind.at_level(n - x, n, 0.9);
                    assert!(
                        0.0 <= low && low <= x / n + 1e-12 && x / n <= high + 1e-12 && high <= 1.0,
                        "{kind:?} {x}/{n}"
                    );
                    assert!((low - (1.0 - other_high)).abs() < 1e-9 && (high - (1.0 - other_low)).abs() < 1e-9);
                    x += 1.0;
                }
            }
        }
    }

    #[test]
    fn exact_limits_by_hand() {
        // 0 of n: 1 - (alpha/2)^(1/n); 1 of 1: alpha/2.
        let (low, high) = ShareInterval::ClopperPearson.at_level(0.0, 3.0, 0.95);
        assert!(low == 0.0 && (high - (1.0 - libm::cbrt(0.025))).abs() < 1e-12);
        let (low, high) = ShareInterval::MidP.at_level(1.0, 1.0, 0.95);
        assert!((low - 0.05).abs() < 1e-12 && high == 1.0);
    }
}

//! Intervals for one share.
//!
//! Sources: Brown, Cai and DasGupta 2001 (doi:10.1214/ss/1009213286); Newcombe 1998
//! (doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E); Clopper and Pearson 1934
//! (doi:10.1093/biomet/26.4.404); Agresti and Coull 1998 (doi:10.1080/00031305.1998.10480550).

use crate::numeric::{Beta, root};
use crate::statistics::confidence::Confidence;

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
    /// Equal-tailed posterior under Beta(1/2, 1/2); from 0 where nobody, to 1 where everybody.
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

    /// The limits for `x` of `n` at a level such as 0.95; `None` unless `n > 0`, `0 <= x <= n` and `0 < level < 1`.
    #[must_use]
    pub fn at_level(self, x: f64, n: f64, level: f64) -> Option<(f64, f64)> {
        let valid = n > 0.0 && n.is_finite() && (0.0..=n).contains(&x);
        if valid { Some(self.limits(x, n, &Confidence::new(level)?)) } else { None }
    }

    /// The limits for `x` of `n`, which must be `n > 0` and `0 <= x <= n`.
    #[must_use]
    pub fn limits(self, x: f64, n: f64, confidence: &Confidence) -> (f64, f64) {
        let Confidence { tail, z } = *confidence;
        match self {
            Self::Wald => wald(x, n, z),
            Self::Wilson => wilson(x, n, z),
            Self::WilsonCc => wilson_cc(x, n, z),
            Self::AgrestiCoull => agresti_coull(x, n, z),
            Self::ClopperPearson => mirrored(x, n, |x| exact_lower(x, n, tail)),
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

/// The score interval.
pub(super) fn wilson(x: f64, n: f64, z: f64) -> (f64, f64) {
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

/// Clopper and Pearson's lower limit for `0 < x <= n`.
fn exact_lower(x: f64, n: f64, tail: f64) -> f64 {
    Beta { a: x, b: n - x + 1.0 }.quantile(tail)
}

/// Clopper and Pearson's limits for the odds of the share: `p / (1 - p)`, infinite where everybody is counted.
pub(super) fn exact_odds(x: f64, n: f64, tail: f64) -> (f64, f64) {
    let low = if x <= 0.0 { 0.0 } else { exact_lower(x, n, tail) };
    // By way of the share of the others, so that nothing is subtracted from 1 where that is small.
    let others = if x >= n { 0.0 } else { exact_lower(n - x, n, tail) };
    (low / (1.0 - low), (1.0 - others) / others)
}

/// The share at which x or more of n, counting x itself half, has probability `tail`.
fn mid_p_lower(x: f64, n: f64, tail: f64) -> f64 {
    let excess = |p: f64| {
        let at_least = Beta { a: x, b: n - x + 1.0 }.cdf(p);
        let more = if x >= n { 0.0 } else { Beta { a: x + 1.0, b: n - x }.cdf(p) };
        0.5 * (at_least + more) - tail
    };
    // Below the exact limit for a tail twice as wide, since x counts half only.
    let high = exact_lower(x, n, (2.0 * tail).min(1.0));
    if x >= n { high } else { root::brent(excess, 0.0, high).unwrap_or(high) }
}

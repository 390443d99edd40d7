//! How many there are, from two sources that each found some of them.
//!
//! Sources: Chapman 1951, Some properties of the hypergeometric distribution with applications to zoological sample
//! censuses; Seber 1970, The effects of trap response on tag recapture estimates.

use crate::statistics::confidence::Confidence;

/// Size of a population from two sources.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CaptureRecapture {
    /// Lincoln and Petersen's estimate; infinite where no one is in both sources, undefined where a source is empty
    /// too.
    pub lincoln_petersen: Option<f64>,
    /// Chapman's estimate, which is finite always.
    pub chapman: f64,
    /// Seber's standard error of Chapman's estimate.
    pub se: f64,
    /// Wald's limits of Chapman's estimate. They are not cut at the number of those found.
    pub interval: (f64, f64),
}

/// The size of a population of which one source found `n1`, another `n2`, and both of them `both`; limits at a level
/// such as 0.95. `None` where the counts contradict each other or the level is not between 0 and 1.
#[must_use]
pub fn capture_recapture(n1: f64, n2: f64, both: f64, level: f64) -> Option<CaptureRecapture> {
    let z = Confidence::new(level)?.z;
    if !(both >= 0.0 && both <= n1 && both <= n2 && n1.is_finite() && n2.is_finite()) {
        return None;
    }
    let lincoln_petersen = n1 * n2 / both;
    let chapman = (n1 + 1.0) * (n2 + 1.0) / (both + 1.0) - 1.0;
    let spread = (n1 + 1.0) * (n2 + 1.0) * (n1 - both) * (n2 - both);
    let se = libm::sqrt(spread / ((both + 1.0) * (both + 1.0) * (both + 2.0)));
    Some(CaptureRecapture {
        lincoln_petersen: (!lincoln_petersen.is_nan()).then_some(lincoln_petersen),
        chapman,
        se,
        interval: (chapman - z * se, chapman + z * se),
    })
}

//! Limits of a difference by inverting a score test.

use crate::numeric::root;

/// The differences between -1 and 1 at which the distance from the estimate is z standard errors, where `variance`
/// gives the variance under a stated difference. A side that is never reached ends at -1 or 1.
pub(super) fn limits(estimate: f64, z: f64, variance: impl Fn(f64) -> f64) -> (f64, f64) {
    // Limits are where this is 0; at the estimate itself the variance may be 0 too.
    let excess = |d: f64| {
        let distance = (estimate - d).abs();
        if distance == 0.0 {
            return -z;
        }
        let variance = variance(d);
        if variance > 0.0 { (distance / libm::sqrt(variance)).min(1e10 + z) - z } else { 1e10 }
    };
    let side = |end: f64| {
        if estimate == end || excess(end) <= 0.0 { end } else { root::brent(excess, end, estimate).unwrap_or(end) }
    };
    (side(-1.0), side(1.0))
}

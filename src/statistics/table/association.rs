//! How strongly two yes/no answers go together.
//!
//! Sources: Yule 1912 (doi:10.2307/2340126); Pearson 1900 (doi:10.1098/rsta.1900.0022) for the tetrachoric correlation.

use super::Stratum;
use crate::numeric::{integral, normal_cdf, normal_quantile, root};

/// The correlation of both answers as numbers; `None` where one of them is the same for everybody.
#[must_use]
pub fn phi(t: &Stratum) -> Option<f64> {
    let margins = (t.a + t.b) * (t.c + t.d) * (t.a + t.c) * (t.b + t.d);
    if margins > 0.0 { Some((t.a * t.d - t.b * t.c) / libm::sqrt(margins)) } else { None }
}

/// Yule's Q, (ad - bc) / (ad + bc); `None` where both products are 0.
#[must_use]
pub fn yule_q(t: &Stratum) -> Option<f64> {
    let (same, other) = (t.a * t.d, t.b * t.c);
    if same + other > 0.0 { Some((same - other) / (same + other)) } else { None }
}

/// The tetrachoric correlation: of two normal variables that, cut at one point each, give exactly this table. No
/// correction is added to the cells. `None` with an empty cell, where the likelihood has its top at -1 or 1.
#[must_use]
pub fn tetrachoric(t: &Stratum) -> Option<f64> {
    let cells = [t.a, t.b, t.c, t.d];
    if !cells.iter().all(|c| *c > 0.0 && c.is_finite()) {
        return None;
    }
    let n: f64 = cells.iter().sum();
    let (row, column) = ((t.a + t.b) / n, (t.a + t.c) / n);
    let cuts = (normal_quantile(row), normal_quantile(column));
    let independent = normal_cdf(cuts.0) * normal_cdf(cuts.1);
    let half = 0.5 * std::f64::consts::PI;
    let excess = |angle: f64| independent + orthant_gain(cuts, angle) - t.a / n;
    root::brent(excess, -half, half).map(libm::sin)
}

/// How much more probable it is under a correlation of `sin(angle)` than under none that two standard normal variables
/// are both below their cuts (Plackett 1954, doi:10.1093/biomet/41.3-4.351).
fn orthant_gain((h, k): (f64, f64), angle: f64) -> f64 {
    let density = |angle: f64| {
        let cosine = libm::cos(angle);
        let square = h * h + k * k - 2.0 * h * k * libm::sin(angle);
        libm::exp(-0.5 * square / (cosine * cosine))
    };
    integral::adaptive(density, 0.0, angle, 1e-13) / (2.0 * std::f64::consts::PI)
}

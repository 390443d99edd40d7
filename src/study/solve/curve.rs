//! A curve through what was seen, and where it meets the target.
//!
//! Around the root a measure is nearly a straight line in the candidate's logarithm or in the candidate itself; a line is
//! fitted by least squares with weights 1 / mcse^2 to the looks near the root. The looks share their draws, so their errors
//! are not independent; positive dependence makes the level of the line less certain than the fit says and its slope more.
//! Therefore the error of the level is taken as that of the most precise look where it is greater.

use super::Look;

/// Normal quantile of the limits.
const Z: f64 = 1.959_963_984_540_054;

/// A line in a candidate, or in its logarithm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// Whether it is a line in the logarithm.
    pub logarithm: bool,
    centre: f64,
    level: f64,
    slope: f64,
    var_level: f64,
    var_slope: f64,
}

/// Where a curve meets its target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Root {
    /// The place.
    pub at: f64,
    /// Limits of the place (95 %); an end is infinite where the curve does not bound it.
    pub interval: (f64, f64),
    /// Monte Carlo standard error of the measure there.
    pub mcse: f64,
}

impl Curve {
    /// The line through the looks between two candidates, or, where these are fewer than three, through the three next to
    /// them; `None` where all looks are at one place.
    #[must_use]
    pub fn fit(looks: &[Look], near: &(f64, f64)) -> Option<Self> {
        let logarithm = looks.iter().all(|l| l.at > 0.0);
        let scaled = |at: f64| if logarithm { libm::log(at) } else { at };
        let middle = 0.5 * (scaled(near.0) + scaled(near.1));
        let mut by_distance: Vec<&Look> = looks.iter().filter(|l| l.mcse > 0.0 && l.excess.is_finite()).collect();
        let distance = |l: &Look| (scaled(l.at) - middle).abs();
        by_distance.sort_by(|a, b| distance(a).total_cmp(&distance(b)).then(a.at.total_cmp(&b.at)));
        let inside = by_distance.iter().filter(|l| near.0 <= l.at && l.at <= near.1).count();
        by_distance.truncate(inside.max(3));
        let weight = |l: &Look| 1.0 / (l.mcse * l.mcse);
        let all: f64 = by_distance.iter().map(|l| weight(l)).sum();
        let centre = by_distance.iter().map(|l| weight(l) * scaled(l.at)).sum::<f64>() / all;
        let level = by_distance.iter().map(|l| weight(l) * l.excess).sum::<f64>() / all;
        let spread: f64 = by_distance.iter().map(|l| weight(l) * square(scaled(l.at) - centre)).sum();
        let cross: f64 = by_distance.iter().map(|l| weight(l) * (scaled(l.at) - centre) * l.excess).sum();
        let least = by_distance.iter().map(|l| l.mcse * l.mcse).fold(f64::INFINITY, f64::min);
        let slope = cross / spread;
        slope.is_finite().then_some(Self {
            logarithm,
            centre,
            level,
            slope,
            var_level: (1.0 / all).max(least),
            var_slope: 1.0 / spread,
        })
    }

    /// The excess at a candidate as the line has it.
    #[must_use]
    pub fn excess(&self, at: f64) -> f64 {
        let at = if self.logarithm { libm::log(at) } else { at };
        self.level + self.slope * (at - self.centre)
    }

    /// Where the line meets the target, with Fieller's limits.
    #[must_use]
    pub fn root(&self) -> Option<Root> {
        let back = |x: f64| if self.logarithm { libm::exp(x) } else { x };
        let step = -self.level / self.slope;
        if !step.is_finite() {
            return None;
        }
        let mcse = (self.var_level + step * step * self.var_slope).sqrt();
        // (level + slope x)^2 <= Z^2 (var_level + x^2 var_slope): a quadratic in x.
        let a = square(self.slope) - Z * Z * self.var_slope;
        let b = self.level * self.slope;
        let c = square(self.level) - Z * Z * self.var_level;
        let root = (b * b - a * c).sqrt();
        let interval = if a > 0.0 && root.is_finite() {
            (back(self.centre + (-b - root) / a), back(self.centre + (-b + root) / a))
        } else {
            (f64::NEG_INFINITY, f64::INFINITY)
        };
        Some(Root { at: back(self.centre + step), interval, mcse })
    }
}

fn square(x: f64) -> f64 {
    x * x
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(at: f64, excess: f64, mcse: f64) -> Look {
        Look { at, replicates: 100, excess, mcse }
    }

    #[test]
    fn a_line_by_hand() {
        // Excess -0.2, 0, 0.2 at log 1, 2, 3 with equal errors: slope 0.2, root at e^2.
        let e = std::f64::consts::E;
        let looks = [look(e, -0.2, 0.1), look(e * e, 0.0, 0.1), look(e * e * e, 0.2, 0.1)];
        let curve = Curve::fit(&looks, &(e, e * e * e)).unwrap();
        let root = curve.root().unwrap();
        assert!((root.at / (e * e) - 1.0).abs() < 1e-12 && (curve.excess(e) + 0.2).abs() < 1e-12);
        // The level is no more certain than one look: 0.1. The slope's variance is 0.01 / 2.
        assert!((root.mcse - 0.1).abs() < 1e-12);
        // Fieller: slope^2 - Z^2 var = 0.04 - 0.0192 = 0.0208; limits +- Z 0.1 / sqrt(0.0208) = 1.3592.
        let half = libm::log(root.interval.1) - 2.0;
        assert!((half - 1.359_2).abs() < 1e-3, "{half}");
    }

    #[test]
    fn a_slope_that_may_be_none_bounds_nothing() {
        let looks = [look(1.0, -0.01, 0.1), look(2.0, 0.0, 0.1), look(3.0, 0.01, 0.1)];
        let root = Curve::fit(&looks, &(1.0, 3.0)).unwrap().root().unwrap();
        assert_eq!(root.interval, (f64::NEG_INFINITY, f64::INFINITY));
        assert!(Curve::fit(&looks[..1], &(1.0, 1.0)).is_none());
    }
}

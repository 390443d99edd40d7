//! A curve through what was seen, and where it meets the target.
//!
//! Around the root a measure is nearly a parabola in the candidate's logarithm (in the candidate itself where some are not
//! positive). It is fitted by least squares, where looks weigh less the further they are from the target. The
//! limits of the root are where the curve's own limits meet the target (Fieller's idea for a line: Fieller 1954,
//! doi:10.1111/j.2517-6161.1954.tb00159.x).

use super::Look;

/// Normal quantile of the limits.
const Z: f64 = 1.959_963_984_540_054;
/// How far a curve may be off its parabola, as a share of the distance to the target.
const BENT: f64 = 0.1;
/// Steps into which the range is cut to look for the end of the limits.
const STEPS: usize = 4096;

/// A parabola, or a line, as a sum of orthogonal polynomials.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Whether it is one in the logarithm.
    pub logarithm: bool,
    /// Where the root seems to be, on the curve's scale.
    middle: f64,
    /// Ends of the candidates, on the curve's scale.
    range: (f64, f64),
    terms: Vec<Term>,
}

/// A polynomial that is orthogonal to the ones before it: its coefficients from the constant on, and the estimate.
#[derive(Clone, Debug, PartialEq)]
struct Term {
    polynomial: Vec<f64>,
    estimate: f64,
    variance: f64,
}

/// Where a curve meets its target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Root {
    /// The place.
    pub at: f64,
    /// Limits of the place (95 %); infinite where the range of candidates ends before the limit is reached.
    pub interval: (f64, f64),
    /// Monte Carlo standard error of the measure there.
    pub mcse: f64,
}

impl Curve {
    /// Fits looks; `near` is the candidate at which the root seems to be, `range` are the ends of all candidates. `None`
    /// where all looks are at one place.
    #[must_use]
    pub fn fit(looks: &[Look], near: f64, range: (f64, f64)) -> Option<Self> {
        let logarithm = range.0 > 0.0;
        let scaled = |at: f64| if logarithm { libm::log(at) } else { at };
        let middle = scaled(near);
        let usable = looks.iter().filter(|l| l.mcse > 0.0 && l.excess.is_finite());
        let points: Vec<(f64, f64, f64)> = usable.map(|l| (scaled(l.at) - middle, l.excess, weight(l))).collect();
        let mut places: Vec<f64> = points.iter().map(|(x, ..)| *x).collect();
        places.sort_by(f64::total_cmp);
        places.dedup();
        let degree = if places.len() > 3 { 2 } else { places.len().checked_sub(1)?.min(1) };
        let terms = orthogonal(&points, degree);
        let range = (scaled(range.0), scaled(range.1));
        (terms.len() > 1).then_some(Self { logarithm, middle, range, terms })
    }

    /// The excess at a candidate as the curve has it, and its standard error.
    #[must_use]
    pub fn excess(&self, at: f64) -> (f64, f64) {
        self.at(if self.logarithm { libm::log(at) } else { at })
    }

    fn at(&self, scaled: f64) -> (f64, f64) {
        let x = scaled - self.middle;
        self.terms.iter().fold((0.0, 0.0), |(value, variance), term| {
            let p = polynomial(&term.polynomial, x);
            (value + term.estimate * p, variance + p * p * term.variance)
        })
    }

    /// Where the curve meets the target within the range of candidates, nearest to where the root seemed to be.
    #[must_use]
    pub fn root(&self) -> Option<Root> {
        let step = (self.range.1 - self.range.0) / STEPS as f64;
        let place = |k: usize| self.range.0 + step * k as f64;
        let crossings = (0..STEPS).filter(|k| (self.at(place(*k)).0 > 0.0) != (self.at(place(k + 1)).0 > 0.0));
        let nearest = crossings.min_by(|a, b| {
            let distance = |k: usize| (place(k) - self.middle).abs();
            distance(*a).total_cmp(&distance(*b))
        })?;
        let root = bisected(place(nearest), place(nearest + 1), |x| self.at(x).0 > 0.0);
        let outside = |x: f64| {
            let (excess, variance) = self.at(x);
            excess * excess > Z * Z * variance
        };
        let limit = |sign: f64, end: f64| {
            let mut before = root;
            for _ in 0..STEPS {
                let next = before + sign * step;
                if (next - end) * sign > 0.0 {
                    break;
                }
                if outside(next) {
                    return bisected(before, next, outside);
                }
                before = next;
            }
            sign * f64::INFINITY
        };
        let back = |x: f64| if self.logarithm && x.is_finite() { libm::exp(x) } else { x };
        let interval = (back(limit(-1.0, self.range.0)), back(limit(1.0, self.range.1)));
        Some(Root { at: back(root), interval, mcse: self.at(root).1.sqrt() })
    }
}

/// The weight of a look. Far from the target a curve is no parabola, so a look there is taken to be as uncertain as a share
/// of its distance.
fn weight(look: &Look) -> f64 {
    1.0 / (square(look.mcse) + square(BENT * look.excess))
}

/// Where a condition changes between two places.
fn bisected(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let at_low = holds(low);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if holds(middle) == at_low {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// Orthogonal polynomials up to a degree for points (x, y, weight), with their estimates; fewer where the points do not
/// tell them apart.
fn orthogonal(points: &[(f64, f64, f64)], degree: usize) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for power in 0..=degree {
        let mut own = vec![0.0; power + 1];
        own[power] = 1.0;
        let size: f64 = points.iter().map(|(x, _, w)| w * square(polynomial(&own, *x))).sum();
        for before in &terms {
            let along: f64 =
                points.iter().map(|(x, _, w)| w * polynomial(&own, *x) * polynomial(&before.polynomial, *x)).sum();
            let share = along * before.variance;
            own.iter_mut().zip(&before.polynomial).for_each(|(c, b)| *c -= share * b);
        }
        let left: f64 = points.iter().map(|(x, _, w)| w * square(polynomial(&own, *x))).sum();
        if left.is_nan() || left <= 1e-12 * size {
            break;
        }
        let along: f64 = points.iter().map(|(x, y, w)| w * y * polynomial(&own, *x)).sum();
        terms.push(Term { polynomial: own, estimate: along / left, variance: 1.0 / left });
    }
    terms
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
        let curve = Curve::fit(&looks, e, (1.0, libm::exp(9.0))).unwrap();
        let root = curve.root().unwrap();
        assert!((root.at / (e * e) - 1.0).abs() < 1e-9 && (curve.excess(e).0 + 0.2).abs() < 1e-12);
        // The outer looks are 0.02 more uncertain: 0.0104, 0.01, 0.0104. The level's variance is 1 / (200 / 1.04 + 100), the
        // slope's 0.0104 / 2.
        assert!((root.mcse * root.mcse - 1.04 / 304.0).abs() < 1e-9);
        // Fieller: 0.04 x^2 = Z^2 (0.0034211 + 0.0052 x^2), so x^2 = 0.013142 / (0.04 - 0.019976) = 0.65633.
        assert!((libm::log(root.interval.1) - 2.810_14).abs() < 1e-4, "{}", libm::log(root.interval.1));
        assert!((libm::log(root.interval.0) - 1.189_86).abs() < 1e-4);
    }

    #[test]
    fn a_parabola_through_its_own_points() {
        // (x - 1)(x + 3) = x^2 + 2 x - 3 over a range that begins below 0: no logarithm.
        let looks: Vec<Look> =
            [-2.0, -1.0, 0.0, 0.5, 2.0, 3.0].iter().map(|x| look(*x, x * x + 2.0 * x - 3.0, 0.1)).collect();
        let root = Curve::fit(&looks, 0.0, (-2.0, 4.0)).unwrap().root().unwrap();
        assert!((root.at - 1.0).abs() < 1e-9, "{root:?}");
    }

    #[test]
    fn a_slope_that_may_be_none_bounds_nothing() {
        let looks = [look(1.0, -0.01, 0.1), look(2.0, 0.0, 0.1), look(3.0, 0.01, 0.1)];
        let root = Curve::fit(&looks, 2.0, (1.0, 9.0)).unwrap().root().unwrap();
        assert_eq!(root.interval, (f64::NEG_INFINITY, f64::INFINITY));
        assert!(Curve::fit(&looks[..1], 1.0, (1.0, 9.0)).is_none());
        assert!(Curve::fit(&[], 1.0, (1.0, 9.0)).is_none());
    }
}

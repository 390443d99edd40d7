//! Two independent shares: difference, ratio, odds ratio, tests.
//!
//! Sources: Newcombe 1998 (doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I), method 10; Agresti
//! and Caffo 2000 (doi:10.1080/00031305.2000.10474560); Miettinen and Nurminen 1985 (doi:10.1002/sim.4780040211); Mee
//! 1984, Biometrics 40:1175; Katz, Baptista, Azen and Pike 1978 (doi:10.2307/2530610); Woolf 1955
//! (doi:10.1111/j.1469-1809.1955.tb01348.x); Haldane 1956 (doi:10.1111/j.1469-1809.1956.tb01285.x); Yates 1934
//! (doi:10.2307/2983604).

use super::one::wilson;
use super::{ratio, score};
use crate::numeric::{ChiSquare, normal_cdf};
use crate::statistics::confidence::Confidence;

/// A test statistic and the probability of one at least as far from what the null hypothesis lets expect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TestResult {
    /// The statistic.
    pub statistic: f64,
    /// The p value.
    pub p: f64,
}

impl TestResult {
    /// Of a chi-square statistic; `None` where it is not a number.
    #[must_use]
    pub fn chi_square(statistic: f64, df: f64) -> Option<Self> {
        let p = ChiSquare { df }.upper_tail(statistic);
        if statistic.is_nan() || p.is_nan() { None } else { Some(Self { statistic, p }) }
    }
}

/// A ratio with the standard error of its logarithm and its limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioEstimate {
    /// The ratio.
    pub ratio: f64,
    /// Standard error of the logarithm of the ratio.
    pub log_se: f64,
    /// Lower and upper limit.
    pub limits: (f64, f64),
}

/// `x1` of `n1` against `x2` of `n2`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoShares {
    x1: f64,
    n1: f64,
    x2: f64,
    n2: f64,
}

impl TwoShares {
    /// `None` unless both groups have persons and neither has more events than persons.
    #[must_use]
    pub fn new(x1: f64, n1: f64, x2: f64, n2: f64) -> Option<Self> {
        let valid = |x: f64, n: f64| n > 0.0 && n.is_finite() && (0.0..=n).contains(&x);
        if valid(x1, n1) && valid(x2, n2) { Some(Self { x1, n1, x2, n2 }) } else { None }
    }

    /// The four cells: yes and no of the first group, yes and no of the second.
    fn cells(&self) -> (f64, f64, f64, f64) {
        (self.x1, self.n1 - self.x1, self.x2, self.n2 - self.x2)
    }

    /// First share minus second.
    #[must_use]
    pub fn difference(&self) -> f64 {
        self.x1 / self.n1 - self.x2 / self.n2
    }

    /// The standard error of the difference, each share with its own variance.
    #[must_use]
    pub fn difference_se(&self) -> f64 {
        let variance = |x: f64, n: f64| x / n * (1.0 - x / n) / n;
        libm::sqrt(variance(self.x1, self.n1) + variance(self.x2, self.n2))
    }

    /// Wald limits of the difference, clipped to -1..1.
    #[must_use]
    pub fn wald(&self, confidence: &Confidence) -> (f64, f64) {
        confidence.around(self.difference(), self.difference_se(), -1.0, 1.0)
    }

    /// Newcombe's method 10: limits of the difference from the two score intervals.
    #[must_use]
    pub fn newcombe(&self, confidence: &Confidence) -> (f64, f64) {
        let (p1, p2) = (self.x1 / self.n1, self.x2 / self.n2);
        let (low1, high1) = wilson(self.x1, self.n1, confidence.z);
        let (low2, high2) = wilson(self.x2, self.n2, confidence.z);
        let length = |a: f64, b: f64| libm::sqrt(a * a + b * b);
        (p1 - p2 - length(p1 - low1, high2 - p2), p1 - p2 + length(high1 - p1, p2 - low2))
    }

    /// Agresti and Caffo: Wald limits after one more yes and one more no in each group.
    #[must_use]
    pub fn agresti_caffo(&self, confidence: &Confidence) -> (f64, f64) {
        Self { x1: self.x1 + 1.0, n1: self.n1 + 2.0, x2: self.x2 + 1.0, n2: self.n2 + 2.0 }.wald(confidence)
    }

    /// Miettinen and Nurminen: score limits of the difference, the variance multiplied by N / (N - 1).
    #[must_use]
    pub fn miettinen_nurminen(&self, confidence: &Confidence) -> (f64, f64) {
        let total = self.n1 + self.n2;
        self.score(confidence, total / (total - 1.0))
    }

    /// Mee: score limits of the difference.
    #[must_use]
    pub fn mee(&self, confidence: &Confidence) -> (f64, f64) {
        self.score(confidence, 1.0)
    }

    fn score(&self, confidence: &Confidence, factor: f64) -> (f64, f64) {
        score::limits(self.difference(), confidence.z, |d| {
            let p2 = self.second_given(d);
            let p1 = (p2 + d).clamp(0.0, 1.0);
            factor * (p1 * (1.0 - p1) / self.n1 + p2 * (1.0 - p2) / self.n2)
        })
    }

    /// The most likely second share when the first is `d` larger.
    ///
    /// The log-likelihood is concave, so its slope has one change of sign at most; halving finds it whatever the
    /// counts, where the closed form of the cubic loses digits near the edges.
    fn second_given(&self, d: f64) -> f64 {
        let (yes1, no1, yes2, no2) = self.cells();
        let (mut low, mut high) = ((-d).max(0.0), (1.0 - d).min(1.0));
        let term = |count: f64, share: f64| if count > 0.0 { count / share } else { 0.0 };
        let slope = |p: f64| {
            // Rounding must not make a share at an edge negative.
            let (p1, q1) = ((p + d).max(0.0), (1.0 - p - d).max(0.0));
            term(yes1, p1) - term(no1, q1) + term(yes2, p) - term(no2, 1.0 - p)
        };
        if slope(low) <= 0.0 {
            return low;
        }
        if slope(high) >= 0.0 {
            return high;
        }
        for _ in 0..1100 {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if slope(middle) > 0.0 { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    }

    /// First share over second; infinite where only the second is 0, `None` where both are.
    #[must_use]
    pub fn risk_ratio(&self) -> Option<f64> {
        ratio(self.x1 * self.n2, self.x2 * self.n1)
    }

    /// The risk ratio with Katz' limits; `None` unless both groups have events.
    #[must_use]
    pub fn katz(&self, confidence: &Confidence) -> Option<RatioEstimate> {
        if self.x1 <= 0.0 || self.x2 <= 0.0 {
            return None;
        }
        let variance = 1.0 / self.x1 - 1.0 / self.n1 + 1.0 / self.x2 - 1.0 / self.n2;
        let (ratio, log_se) = (self.risk_ratio()?, libm::sqrt(variance.max(0.0)));
        Some(RatioEstimate { ratio, log_se, limits: confidence.around_ratio(ratio, log_se) })
    }

    /// The odds ratio; infinite or 0 at the edges, `None` where both groups are all yes or both all no.
    #[must_use]
    pub fn odds_ratio(&self) -> Option<f64> {
        let (a, b, c, d) = self.cells();
        ratio(a * d, b * c)
    }

    /// The odds ratio with Woolf's limits; `None` with an empty cell.
    #[must_use]
    pub fn woolf(&self, confidence: &Confidence) -> Option<RatioEstimate> {
        let (a, b, c, d) = self.cells();
        if a.min(b).min(c).min(d) > 0.0 { Some(log_odds_ratio([a, b, c, d], confidence)) } else { None }
    }

    /// The odds ratio with its limits after 1/2 has been added to all four cells, whether one is empty or not.
    #[must_use]
    pub fn haldane(&self, confidence: &Confidence) -> RatioEstimate {
        let (a, b, c, d) = self.cells();
        log_odds_ratio([a + 0.5, b + 0.5, c + 0.5, d + 0.5], confidence)
    }

    /// The difference over its standard error under one common share; `None` where nobody or everybody has the event.
    #[must_use]
    pub fn pooled_z(&self) -> Option<TestResult> {
        let pooled = (self.x1 + self.x2) / (self.n1 + self.n2);
        let variance = pooled * (1.0 - pooled) * (1.0 / self.n1 + 1.0 / self.n2);
        if variance <= 0.0 {
            return None;
        }
        let statistic = self.difference() / libm::sqrt(variance);
        Some(TestResult { statistic, p: 2.0 * normal_cdf(-statistic.abs()) })
    }

    /// Pearson's chi-square test; `None` where nobody or everybody has the event.
    #[must_use]
    pub fn pearson(&self) -> Option<TestResult> {
        self.chi_square(0.0)
    }

    /// The chi-square test with Yates' correction, which is never larger than the distance that it corrects.
    #[must_use]
    pub fn yates(&self) -> Option<TestResult> {
        self.chi_square(0.5)
    }

    /// The distance of a cell from its expected count is the same for all four.
    fn chi_square(&self, correction: f64) -> Option<TestResult> {
        let total = self.n1 + self.n2;
        let yes = self.x1 + self.x2;
        let no = total - yes;
        if yes <= 0.0 || no <= 0.0 {
            return None;
        }
        let distance = (self.x1 - self.n1 * yes / total).abs();
        let rest = distance - correction.min(distance);
        TestResult::chi_square(rest * rest * total / yes * total / no * total / self.n1 / self.n2, 1.0)
    }
}

fn log_odds_ratio([a, b, c, d]: [f64; 4], confidence: &Confidence) -> RatioEstimate {
    let (ratio, log_se) = (a * d / (b * c), libm::sqrt(1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d));
    RatioEstimate { ratio, log_se, limits: confidence.around_ratio(ratio, log_se) }
}

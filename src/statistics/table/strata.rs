//! One 2x2 table per stratum: Mantel-Haenszel's common odds ratio and risk ratio and their test, and tests that the odds
//! ratio is the same in all strata.
//!
//! Sources: Mantel and Haenszel 1959 (doi:10.1093/jnci/22.4.719); Robins, Breslow and Greenland 1986
//! (doi:10.2307/2531052); Breslow and Day 1980, Statistical Methods in Cancer Research volume 1 (ISBN 9283211324),
//! section 4.4; Tarone 1985 (doi:10.1093/biomet/72.1.91).

use super::ChiSquareTest;
use crate::statistics::confidence::Confidence;

/// A 2x2 table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stratum {
    /// First group, yes.
    pub a: f64,
    /// First group, no.
    pub b: f64,
    /// Second group, yes.
    pub c: f64,
    /// Second group, no.
    pub d: f64,
}

impl Stratum {
    fn total(&self) -> f64 {
        self.a + self.b + self.c + self.d
    }

    /// The number of first-group yes that the margins let expect.
    fn expected(&self) -> f64 {
        (self.a + self.b) * (self.a + self.c) / self.total()
    }

    /// The hypergeometric variance of that number.
    fn variance(&self) -> f64 {
        let n = self.total();
        (self.a + self.b) * (self.c + self.d) * (self.a + self.c) * (self.b + self.d) / (n * n * (n - 1.0))
    }

    /// Whether the margins leave the table any freedom.
    pub(super) fn is_informative(&self) -> bool {
        self.a + self.b > 0.0 && self.c + self.d > 0.0 && self.a + self.c > 0.0 && self.b + self.d > 0.0
    }

    /// First-group yes, with its variance, that the margins let expect under an odds ratio.
    pub(super) fn under(&self, odds_ratio: f64) -> (f64, f64) {
        let (row, column, n) = (self.a + self.b, self.a + self.c, self.total());
        // The root of (1 - r) A^2 + (n - row - column + r (row + column)) A - r row column between the bounds, in the
        // form that subtracts nothing; the second is needed for r below 1 only.
        let middle = n - row - column + odds_ratio * (row + column);
        let root = libm::sqrt((middle * middle + 4.0 * (1.0 - odds_ratio) * odds_ratio * row * column).max(0.0));
        let a = if middle >= 0.0 {
            2.0 * odds_ratio * row * column / (middle + root)
        } else {
            (root - middle) / (2.0 * (1.0 - odds_ratio))
        };
        let cells = [a, row - a, column - a, n - row - column + a];
        (a, 1.0 / cells.iter().map(|c| 1.0 / c).sum::<f64>())
    }
}

/// Tables of independent strata. Empty ones are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Strata {
    strata: Vec<Stratum>,
}

/// The tests that the odds ratio is the same in all strata.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Homogeneity {
    /// Breslow and Day's statistic at the Mantel-Haenszel odds ratio.
    pub breslow_day: ChiSquareTest,
    /// The same with Tarone's correction.
    pub tarone: ChiSquareTest,
}

impl Strata {
    /// `None` where a count is negative or not finite.
    #[must_use]
    pub fn new(strata: &[Stratum]) -> Option<Self> {
        let possible = |s: &Stratum| [s.a, s.b, s.c, s.d].iter().all(|c| *c >= 0.0 && c.is_finite());
        if !strata.iter().all(possible) {
            return None;
        }
        Some(Self { strata: strata.iter().copied().filter(|s| s.total() > 0.0).collect() })
    }

    fn sum(&self, f: impl Fn(&Stratum) -> f64) -> f64 {
        self.strata.iter().map(f).sum()
    }

    /// The Mantel-Haenszel odds ratio; infinite or 0 at the edges, `None` where no stratum tells.
    #[must_use]
    pub fn odds_ratio(&self) -> Option<f64> {
        let (up, down) = (self.sum(|s| s.a * s.d / s.total()), self.sum(|s| s.b * s.c / s.total()));
        let ratio = up / down;
        if ratio.is_nan() { None } else { Some(ratio) }
    }

    /// The standard error of the logarithm of the odds ratio by Robins, Breslow and Greenland; `None` where that ratio
    /// is 0, infinite or undefined.
    #[must_use]
    pub fn log_odds_ratio_se(&self) -> Option<f64> {
        let cross = |s: &Stratum| (s.a * s.d / s.total(), s.b * s.c / s.total());
        let agree = |s: &Stratum| ((s.a + s.d) / s.total(), (s.b + s.c) / s.total());
        let (up, down) = (self.sum(|s| cross(s).0), self.sum(|s| cross(s).1));
        if up <= 0.0 || down <= 0.0 {
            return None;
        }
        let first = self.sum(|s| agree(s).0 * cross(s).0) / (2.0 * up * up);
        let mixed = self.sum(|s| agree(s).0 * cross(s).1 + agree(s).1 * cross(s).0) / (2.0 * up * down);
        let last = self.sum(|s| agree(s).1 * cross(s).1) / (2.0 * down * down);
        Some(libm::sqrt(first + mixed + last))
    }

    /// Limits of the odds ratio by that standard error.
    #[must_use]
    pub fn odds_ratio_limits(&self, confidence: &Confidence) -> Option<(f64, f64)> {
        Some(confidence.around_ratio(self.odds_ratio()?, self.log_odds_ratio_se()?))
    }

    /// The Mantel-Haenszel risk ratio; infinite or 0 at the edges, `None` where no stratum tells.
    #[must_use]
    pub fn risk_ratio(&self) -> Option<f64> {
        let up = self.sum(|s| s.a * (s.c + s.d) / s.total());
        let ratio = up / self.sum(|s| s.c * (s.a + s.b) / s.total());
        if ratio.is_nan() { None } else { Some(ratio) }
    }

    /// The Mantel-Haenszel test that the odds ratio is 1 in all strata; with `corrected`, 1/2 is subtracted from the
    /// distance where that is at least 1/2 (as R's `mantelhaen.test` does). `None` where no stratum has a variance.
    #[must_use]
    pub fn test(&self, corrected: bool) -> Option<ChiSquareTest> {
        // A stratum of one person has no variance.
        let several = || self.strata.iter().filter(|s| s.total() > 1.0);
        let distance = several().map(|s| s.a - s.expected()).sum::<f64>().abs();
        let variance: f64 = several().map(Stratum::variance).sum();
        if variance <= 0.0 {
            return None;
        }
        let rest = if corrected && distance >= 0.5 { distance - 0.5 } else { distance };
        ChiSquareTest::new(rest * rest / variance, 1.0)
    }

    /// Breslow and Day's test, plain and with Tarone's correction. Strata whose margins fix the table are left out of
    /// the statistic and of its degrees of freedom. `None` where the odds ratio is 0, infinite or undefined, or fewer
    /// than two strata are left.
    #[must_use]
    pub fn homogeneity(&self) -> Option<Homogeneity> {
        let ratio = self.odds_ratio().filter(|ratio| *ratio > 0.0 && ratio.is_finite())?;
        let (mut statistic, mut distance, mut variance, mut strata) = (0.0, 0.0, 0.0, 0.0);
        for s in self.strata.iter().filter(|s| s.is_informative()) {
            let (expected, var) = s.under(ratio);
            statistic += (s.a - expected) * (s.a - expected) / var;
            distance += s.a - expected;
            variance += var;
            strata += 1.0;
        }
        let tarone = statistic - distance * distance / variance;
        Some(Homogeneity {
            breslow_day: ChiSquareTest::new(statistic, strata - 1.0)?,
            tarone: ChiSquareTest::new(tarone, strata - 1.0)?,
        })
    }
}

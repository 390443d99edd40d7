//! Two answers of the same persons: McNemar's test and the difference of dependent shares.
//!
//! Sources: McNemar 1947 (doi:10.1007/BF02295996); Edwards 1948 (doi:10.1007/BF02289261) for the correction; Fagerland,
//! Lydersen and Laake 2013 (doi:10.1186/1471-2288-13-91) for the mid-P value; Agresti and Min 2005
//! (doi:10.1002/sim.1781); Newcombe 1998 (doi:10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C),
//! method 10; Tango 1998 (doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B).

use super::one::{exact_odds, wilson};
use super::two::TestResult;
use super::{ratio, score};
use crate::numeric::discrete::{binomial, binomial_cdf};
use crate::statistics::confidence::Confidence;

/// Persons by their two answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// Yes and yes.
    a: f64,
    /// Yes, then no.
    b: f64,
    /// No, then yes.
    c: f64,
    /// No and no.
    d: f64,
}

impl Paired {
    /// From yes/yes, yes/no, no/yes and no/no. `None` where a count is negative or not finite, or all are 0.
    #[must_use]
    pub fn new(a: f64, b: f64, c: f64, d: f64) -> Option<Self> {
        let valid = [a, b, c, d].iter().all(|count| *count >= 0.0 && count.is_finite());
        if valid && a + b + c + d > 0.0 { Some(Self { a, b, c, d }) } else { None }
    }

    /// Yes/yes, yes/no, no/yes and no/no.
    #[must_use]
    pub fn cells(&self) -> [f64; 4] {
        [self.a, self.b, self.c, self.d]
    }

    fn persons(&self) -> f64 {
        self.a + self.b + self.c + self.d
    }

    /// McNemar's chi-square; `None` where nobody changed.
    #[must_use]
    pub fn chi_square(&self) -> Option<TestResult> {
        let distance = self.b - self.c;
        TestResult::chi_square(distance * distance / (self.b + self.c), 1.0)
    }

    /// McNemar's chi-square with continuity correction; `None` where nobody changed.
    #[must_use]
    pub fn corrected(&self) -> Option<TestResult> {
        let distance = ((self.b - self.c).abs() - 1.0).max(0.0);
        TestResult::chi_square(distance * distance / (self.b + self.c), 1.0)
    }

    /// The exact p value: twice the smaller binomial tail, at most 1; 1 where nobody changed.
    #[must_use]
    pub fn exact(&self) -> f64 {
        (2.0 * binomial_cdf(self.b.min(self.c), self.b + self.c, 0.5)).min(1.0)
    }

    /// The exact p value less the probability of the observed split; 1 where as many changed either way.
    #[must_use]
    pub fn mid_p(&self) -> f64 {
        if self.b == self.c {
            return 1.0;
        }
        let (fewer, changed) = (self.b.min(self.c), self.b + self.c);
        2.0 * binomial_cdf(fewer, changed, 0.5) - binomial(fewer, changed, 0.5)
    }

    /// First share minus second.
    #[must_use]
    pub fn difference(&self) -> f64 {
        (self.b - self.c) / self.persons()
    }

    /// The standard error of the difference.
    #[must_use]
    pub fn difference_se(&self) -> f64 {
        let (n, distance) = (self.persons(), self.b - self.c);
        libm::sqrt((self.b + self.c - distance * distance / n).max(0.0)) / n
    }

    /// Wald limits of the difference, clipped to -1..1.
    #[must_use]
    pub fn wald(&self, confidence: &Confidence) -> (f64, f64) {
        confidence.around(self.difference(), self.difference_se(), -1.0, 1.0)
    }

    /// Agresti and Min: Wald limits after 1/2 has been added to each cell.
    #[must_use]
    pub fn agresti_min(&self, confidence: &Confidence) -> (f64, f64) {
        let more = |count: f64| count + 0.5;
        Self { a: more(self.a), b: more(self.b), c: more(self.c), d: more(self.d) }.wald(confidence)
    }

    /// Newcombe's method 10: limits from the score intervals of both shares and their correlation, which is corrected
    /// for continuity where it is positive.
    #[must_use]
    pub fn newcombe(&self, confidence: &Confidence) -> (f64, f64) {
        let (n, first, second) = (self.persons(), self.a + self.b, self.a + self.c);
        let (p1, p2) = (first / n, second / n);
        let (low1, high1) = wilson(first, n, confidence.z);
        let (low2, high2) = wilson(second, n, confidence.z);
        let phi = self.correlation();
        let length = |x: f64, y: f64| libm::sqrt((x * x - 2.0 * phi * x * y + y * y).max(0.0));
        let difference = self.difference();
        ((difference - length(p1 - low1, high2 - p2)).max(-1.0), (difference + length(high1 - p1, p2 - low2)).min(1.0))
    }

    /// The correlation of both answers for Newcombe's method; 0 where one of them is the same for everybody.
    fn correlation(&self) -> f64 {
        let Self { a, b, c, d } = *self;
        let margins = (a + b) * (c + d) * (a + c) * (b + d);
        if margins <= 0.0 {
            return 0.0;
        }
        let cross = a * d - b * c;
        let corrected = if cross > 0.0 { (cross - 0.5 * self.persons()).max(0.0) } else { cross };
        corrected / libm::sqrt(margins)
    }

    /// Tango: score limits of the difference.
    #[must_use]
    pub fn tango(&self, confidence: &Confidence) -> (f64, f64) {
        let (n, b, c) = (self.persons(), self.b, self.c);
        score::limits(self.difference(), confidence.z, |d| {
            // The most likely share of no/yes when yes/no is `d` more frequent: the larger root of a quadratic.
            let half = 0.5 * (2.0 * n * d - (b - c) * d - b - c);
            let rest = -c * d * (1.0 - d);
            let root = libm::sqrt((half * half - 2.0 * n * rest).max(0.0));
            let share = if half <= 0.0 { (root - half) / (2.0 * n) } else { -rest / (root + half) };
            (2.0 * share + d * (1.0 - d)) / n
        })
    }

    /// The conditional odds ratio b / c; infinite where only c is 0, `None` where nobody changed.
    #[must_use]
    pub fn odds_ratio(&self) -> Option<f64> {
        ratio(self.b, self.c)
    }

    /// Exact limits of the conditional odds ratio, from Clopper and Pearson's for b of b + c; `None` where nobody
    /// changed.
    #[must_use]
    pub fn odds_ratio_limits(&self, confidence: &Confidence) -> Option<(f64, f64)> {
        let changed = self.b + self.c;
        if changed > 0.0 { Some(exact_odds(self.b, changed, confidence.tail)) } else { None }
    }
}

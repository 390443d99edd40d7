//! Shares that rise or fall with a score.
//!
//! Sources: Cochran 1954 (doi:10.2307/3001616); Armitage 1955 (doi:10.2307/3001775).

use super::ChiSquareTest;

/// One group of a test for trend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    /// Events.
    pub x: f64,
    /// Persons.
    pub n: f64,
    /// The score of the group.
    pub score: f64,
}

/// The Cochran-Armitage test, without continuity correction and with the variance divided by N, not N - 1.
///
/// `None` where nobody or everybody has the event, where all persons have the same score, or where a count is not
/// possible.
#[must_use]
pub fn cochran_armitage(groups: &[Group]) -> Option<ChiSquareTest> {
    if groups.iter().any(|g| !(g.n.is_finite() && g.score.is_finite() && (0.0..=g.n).contains(&g.x))) {
        return None;
    }
    let persons: f64 = groups.iter().map(|g| g.n).sum();
    let share = groups.iter().map(|g| g.x).sum::<f64>() / persons;
    let centre = groups.iter().map(|g| g.n * g.score).sum::<f64>() / persons;
    let slope: f64 = groups.iter().map(|g| (g.x - g.n * share) * (g.score - centre)).sum();
    let spread: f64 = groups.iter().map(|g| g.n * (g.score - centre) * (g.score - centre)).sum();
    let variance = share * (1.0 - share) * spread;
    // Equal scores that are no whole numbers may leave the rest of a rounding.
    let scale = groups.iter().map(|g| g.score.abs()).fold(0.0, f64::max);
    if variance.is_nan() || variance <= 0.0 || spread <= 1e-24 * persons * scale * scale {
        return None;
    }
    ChiSquareTest::new(slope * slope / variance, 1.0)
}

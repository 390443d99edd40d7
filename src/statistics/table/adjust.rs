//! p values of several tests, adjusted for their number.
//!
//! Sources: Holm 1979, Scandinavian Journal of Statistics 6:65; Hochberg 1988 (doi:10.1093/biomet/75.4.800); Benjamini
//! and Hochberg 1995 (doi:10.1111/j.2517-6161.1995.tb02031.x); Benjamini and Yekutieli 2001
//! (doi:10.1214/aos/1013699998).

/// How p values are adjusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjustment {
    /// Times the number of tests.
    Bonferroni,
    /// Stepwise from the smallest p value; controls the chance of any false rejection.
    Holm,
    /// Stepwise from the largest p value; controls the same for independent tests.
    Hochberg,
    /// Benjamini and Hochberg: the share of false rejections, for independent tests.
    Bh,
    /// Benjamini and Yekutieli: the share of false rejections under any dependence.
    By,
}

impl Adjustment {
    /// Their words, in the order of [`Adjustment::ALL`].
    pub const WORDS: [&'static str; 5] = ["bonferroni", "holm", "hochberg", "bh", "by"];

    /// All of them.
    pub const ALL: [Self; 5] = [Self::Bonferroni, Self::Holm, Self::Hochberg, Self::Bh, Self::By];

    /// The adjusted p values, in the order given, at most 1. A value that is no probability (such as NaN) is no test:
    /// it is not counted and stays as it is.
    #[must_use]
    pub fn apply(self, p: &[f64]) -> Vec<f64> {
        let mut order: Vec<usize> = (0..p.len()).filter(|k| (0.0..=1.0).contains(&p[*k])).collect();
        order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
        let tests = order.len() as f64;
        let harmonic: f64 = (1..=order.len()).map(|k| 1.0 / k as f64).sum();
        // Factor of the p value at a rank from 0, smallest first.
        let factor = |rank: usize| match self {
            Self::Bonferroni => tests,
            Self::Holm | Self::Hochberg => tests - rank as f64,
            Self::Bh => tests / (rank as f64 + 1.0),
            Self::By => harmonic * tests / (rank as f64 + 1.0),
        };
        let mut adjusted = p.to_vec();
        let mut so_far: f64 = if self == Self::Holm { 0.0 } else { 1.0 };
        for step in 0..order.len() {
            let rank = if self == Self::Holm { step } else { order.len() - 1 - step };
            let scaled = (p[order[rank]] * factor(rank)).min(1.0);
            so_far = match self {
                Self::Bonferroni => scaled,
                Self::Holm => so_far.max(scaled),
                _ => so_far.min(scaled),
            };
            adjusted[order[rank]] = so_far;
        }
        adjusted
    }
}

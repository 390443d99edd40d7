//! The difference of two independent means or shares.

use super::critical::Critical;
use super::warning::expects_few;
use crate::statistics::share::TwoShares;
use crate::tables::{Estimate, FailureKind, FitFailure, WarningKind};

/// Number, mean and spread of one sample.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sample {
    /// Number of values.
    pub(super) n: f64,
    /// Their mean.
    pub(super) mean: f64,
    /// Sum of squared distances from the mean.
    pub(super) squares: f64,
}

impl Sample {
    /// Of `x` yes among `n`.
    #[cfg(test)]
    pub(super) fn share(x: f64, n: f64) -> Self {
        if n <= 0.0 { Self::default() } else { Self { n, mean: x / n, squares: x * (n - x) / n } }
    }

    /// Of the values that are counted.
    pub(super) fn of(values: &[f64], counts: impl Fn(usize) -> bool) -> Self {
        let kept = || values.iter().enumerate().filter(|(i, v)| !v.is_nan() && counts(*i)).map(|(_, v)| *v);
        let (mut n, mut sum) = (0.0, 0.0);
        kept().for_each(|v| {
            n += 1.0;
            sum += v;
        });
        if n == 0.0 {
            return Self::default();
        }
        let mean = sum / n;
        let (mut squares, mut rest) = (0.0, 0.0);
        kept().for_each(|v| {
            squares += (v - mean) * (v - mean);
            rest += v - mean;
        });
        // The sum of distances is 0 but for rounding; using it repairs mean and squares.
        Self { n, mean: mean + rest / n, squares: squares - rest * rest / n }
    }

    /// Number of yes, where the values are zeros and ones; their mean may miss a whole number by a rounding.
    pub(super) fn yes(&self) -> f64 {
        libm::round(self.mean * self.n).clamp(0.0, self.n)
    }

    fn variance(&self) -> f64 {
        self.squares / (self.n - 1.0)
    }

    /// Whether there is no spread but that of rounding.
    fn is_constant(&self) -> bool {
        self.squares <= 1e-20 * self.n * self.mean * self.mean
    }

    /// The mean with its t interval.
    pub(super) fn estimate(&self, critical: &mut Critical) -> Result<Estimate, FitFailure> {
        if self.n == 0.0 {
            return Err(FitFailure::new(FailureKind::NoData, "no record counts"));
        }
        if self.n < 2.0 {
            return Err(FitFailure::new(FailureKind::TooFew, "1 record has no spread"));
        }
        if self.is_constant() {
            return Err(FitFailure::new(FailureKind::Constant, "the outcome has one value only"));
        }
        let se = libm::sqrt(self.variance() / self.n);
        finish(self.mean, se, self.n - 1.0, critical)
    }
}

/// How two samples are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comparison {
    /// Each sample has its own variance; degrees of freedom by Satterthwaite.
    #[default]
    Welch,
    /// One variance for both.
    Pooled,
    /// For shares: limits from the two score intervals.
    Newcombe,
    /// For shares: normal limits, clipped to -1..1.
    Wald,
    /// For shares: normal limits after one more yes and one more no in each.
    AgrestiCaffo,
    /// For shares: score limits with the variance times N / (N - 1).
    MiettinenNurminen,
    /// For shares: score limits.
    Mee,
}

impl Comparison {
    /// The words of the options that name it.
    pub const WORDS: [&'static str; 7] =
        ["welch", "pooled", "newcombe", "wald", "agresti_caffo", "miettinen_nurminen", "mee"];
    /// All kinds, in the order of the words.
    pub const ALL: [Self; 7] =
        [Self::Welch, Self::Pooled, Self::Newcombe, Self::Wald, Self::AgrestiCaffo, Self::MiettinenNurminen, Self::Mee];

    /// The word of a comparison that is for shares only.
    pub(super) fn for_shares(self) -> Option<&'static str> {
        let position = Self::ALL.iter().position(|kind| *kind == self)?;
        if matches!(self, Self::Welch | Self::Pooled) { None } else { Self::WORDS.get(position).copied() }
    }

    /// The limits of a difference of shares.
    fn limits(self, shares: &TwoShares, critical: &Critical) -> (f64, f64) {
        let level = critical.confidence();
        match self {
            Self::AgrestiCaffo => shares.agresti_caffo(&level),
            Self::MiettinenNurminen => shares.miettinen_nurminen(&level),
            Self::Mee => shares.mee(&level),
            Self::Newcombe => shares.newcombe(&level),
            Self::Welch | Self::Pooled | Self::Wald => shares.wald(&level),
        }
    }

    pub(super) fn estimate(self, a: Sample, b: Sample, critical: &mut Critical) -> Result<Estimate, FitFailure> {
        check_groups(a, b)?;
        if self.for_shares().is_some() {
            return Ok(self.shares(a, b, critical));
        }
        let few = if self == Self::Welch { a.n < 2.0 || b.n < 2.0 } else { a.n + b.n < 3.0 };
        if few {
            return Err(FitFailure::new(FailureKind::TooFew, format!("{} and {} records have no spread", a.n, b.n)));
        }
        if a.is_constant() && b.is_constant() {
            return Err(FitFailure::new(FailureKind::Constant, "the outcome has one value only in both groups"));
        }
        let (se, df) = match self {
            Self::Pooled => {
                let df = a.n + b.n - 2.0;
                (libm::sqrt((a.squares + b.squares) / df * (1.0 / a.n + 1.0 / b.n)), df)
            }
            _ => {
                let (va, vb) = (a.variance() / a.n, b.variance() / b.n);
                let sum = va + vb;
                (libm::sqrt(sum), sum * sum / (va * va / (a.n - 1.0) + vb * vb / (b.n - 1.0)))
            }
        };
        finish(a.mean - b.mean, se, df, critical)
    }
}

impl Comparison {
    fn shares(self, a: Sample, b: Sample, critical: &Critical) -> Estimate {
        let counts = [a.yes(), a.n, b.yes(), b.n];
        let shares = TwoShares::new(counts[0], counts[1], counts[2], counts[3]);
        let found = Estimate {
            estimate: a.mean - b.mean,
            model_se: shares.map(|s| s.difference_se()),
            interval: shares.map(|s| self.limits(&s, critical)),
            ..Estimate::default()
        };
        found.warned(self.warning(counts, &found))
    }

    /// What is to be said of a difference of shares: both groups of one answer each, expected counts below 5 under a
    /// normal approximation, limits that were cut at -1 or 1.
    fn warning(self, counts: [f64; 4], found: &Estimate) -> Option<WarningKind> {
        let few = self == Self::Wald && expects_few(counts);
        let beyond = found.interval.is_some_and(|(low, high)| low <= -1.0 || high >= 1.0);
        let cut = matches!(self, Self::Wald | Self::AgrestiCaffo) && beyond;
        (WarningKind::AtBoundary.when(found.model_se == Some(0.0)))
            .or(WarningKind::SmallCounts.when(few))
            .or(WarningKind::LimitCut.when(cut))
    }
}

/// Refuses groups of which one is empty.
pub(super) fn check_groups(a: Sample, b: Sample) -> Result<(), FitFailure> {
    if a.n == 0.0 && b.n == 0.0 {
        return Err(FitFailure::new(FailureKind::NoData, "no record is in either group"));
    }
    for (sample, which) in [(a, "first"), (b, "second")] {
        if sample.n == 0.0 {
            return Err(FitFailure::new(FailureKind::EmptyGroup, format!("no record is in the {which} group")));
        }
    }
    Ok(())
}

/// A t estimate, if it is finite.
pub(super) fn finish(estimate: f64, se: f64, df: f64, critical: &mut Critical) -> Result<Estimate, FitFailure> {
    if !(estimate.is_finite() && se.is_finite() && df.is_finite()) {
        return Err(FitFailure::new(FailureKind::NotFinite, crate::analyze::failure::not_finite(estimate, se)));
    }
    let half = critical.t(df) * se;
    let interval = Some((estimate - half, estimate + half));
    Ok(Estimate { estimate, model_se: Some(se), df: Some(df), interval, ..Estimate::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // (1, 2, 3) against (2, 4): variances 1 and 2.
        let a = Sample::of(&[1.0, 2.0, f64::NAN, 3.0], |_| true);
        let b = Sample::of(&[2.0, 9.0, 4.0], |i| i != 1);
        let mut critical = Critical::new(0.95);
        let welch = Comparison::Welch.estimate(a, b, &mut critical).unwrap();
        assert!((welch.estimate + 1.0).abs() < 1e-15);
        assert!((welch.model_se.unwrap() - libm::sqrt(4.0 / 3.0)).abs() < 1e-15);
        // (4/3)^2 / ((1/9)/2 + 1/1) = 32/19.
        assert!((welch.df.unwrap() - 32.0 / 19.0).abs() < 1e-14);
        let pooled = Comparison::Pooled.estimate(a, b, &mut critical).unwrap();
        // (2 + 2) / 3 * (1/3 + 1/2) = 10/9, with 3 degrees of freedom.
        assert!((pooled.model_se.unwrap() - libm::sqrt(10.0 / 9.0)).abs() < 1e-15);
        let half = 0.5 * (pooled.interval.unwrap().1 - pooled.interval.unwrap().0);
        assert!((half - 3.182_446_305_283_71 * libm::sqrt(10.0 / 9.0)).abs() < 1e-11);
    }

    #[test]
    fn differences_of_shares_are_warned_of() {
        use WarningKind::{AtBoundary, LimitCut, SmallCounts};
        let of = |kind: Comparison, x1, n1, x2, n2| {
            let mut critical = Critical::new(0.95);
            kind.estimate(Sample::share(x1, n1), Sample::share(x2, n2), &mut critical).unwrap().warning
        };
        assert_eq!(of(Comparison::Wald, 10.0, 20.0, 6.0, 20.0), None);
        assert_eq!(of(Comparison::Wald, 4.0, 20.0, 3.0, 20.0), Some(SmallCounts));
        assert_eq!(of(Comparison::Welch, 4.0, 20.0, 3.0, 20.0), None, "a comparison of means");
        assert_eq!(of(Comparison::Newcombe, 4.0, 20.0, 3.0, 20.0), None, "made for it");
        assert_eq!(of(Comparison::Newcombe, 0.0, 20.0, 20.0, 20.0), Some(AtBoundary));
        // 0.95 - 0.05 = 0.9, and 1.96 * sqrt(2 * 0.0475 / 20) = 0.135.
        assert_eq!(of(Comparison::Wald, 19.0, 20.0, 1.0, 20.0), Some(LimitCut));
        // 11/12 - 2/12 = 0.75, and 1.96 * sqrt((0.0764 + 0.1389) / 12) = 0.263; with 4/12: 0.583 and 0.309.
        assert_eq!(of(Comparison::AgrestiCaffo, 10.0, 10.0, 1.0, 10.0), Some(LimitCut));
        assert_eq!(of(Comparison::AgrestiCaffo, 10.0, 10.0, 3.0, 10.0), None);
    }

    #[test]
    fn shares_are_means_of_zero_and_one() {
        let values = [1.0, 0.0, 0.0, 1.0, 0.0];
        let (by_values, by_counts) = (Sample::of(&values, |_| true), Sample::share(2.0, 5.0));
        assert!((by_values.squares - by_counts.squares).abs() < 1e-15 && by_values.mean == by_counts.mean);
    }

    #[test]
    fn no_spread_is_a_failure() {
        let mut critical = Critical::new(0.95);
        let same = Sample::of(&[0.1, 0.1, 0.1], |_| true);
        assert_eq!(same.estimate(&mut critical).unwrap_err().kind, FailureKind::Constant);
        let failed = Comparison::Welch.estimate(same, Sample::default(), &mut critical);
        assert_eq!(failed.unwrap_err().kind, FailureKind::EmptyGroup);
    }
}

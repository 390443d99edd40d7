//! What several methods warn of.

use crate::numeric::LogisticProblem;
use crate::statistics::share::ShareInterval;
use crate::tables::WarningKind;

/// A weight for dropout beyond this is extreme: the probability of still answering that it rests on is below 0.05.
pub(super) const EXTREME: f64 = 20.0;

/// Whether a weight is extreme. Weights that are not there (NaN) are none.
pub(super) fn extreme<'a>(mut weights: impl Iterator<Item = &'a f64>) -> Option<WarningKind> {
    WarningKind::ExtremeWeight.when(weights.any(|w| *w > EXTREME))
}

/// The same of weights of any size, such as those that sum to a population: beyond 20 times their mean.
pub(super) fn extreme_for_mean(weights: &[f64]) -> Option<WarningKind> {
    let there = || weights.iter().filter(|w| !w.is_nan());
    let mean = there().sum::<f64>() / there().count() as f64;
    WarningKind::ExtremeWeight.when(there().any(|w| *w > EXTREME * mean))
}

/// Whether a model of still answering has fitted probabilities of 0 or 1.
pub(super) fn at_edge<'a>(mut models: impl Iterator<Item = &'a LogisticProblem>) -> Option<WarningKind> {
    WarningKind::FittedAtEdge.when(models.any(LogisticProblem::is_at_edge))
}

/// A standard error of 0, or of nothing but rounding: all who count gave the same answer.
pub(super) fn no_spread(estimate: f64, se: f64) -> Option<WarningKind> {
    WarningKind::AtBoundary.when(se <= 4.0 * f64::EPSILON * estimate.abs())
}

/// A share at the edge of 0 to 1, or beyond.
pub(super) fn share_at_edge(share: f64) -> Option<WarningKind> {
    WarningKind::AtBoundary.when(share <= 0.0 || share >= 1.0)
}

/// The least count that a normal approximation wants in each cell (R's `chisq.test` and `prop.test` warn below).
pub(super) const LEAST_COUNT: f64 = 5.0;

/// What is to be said of `x` of `n` with an interval of a kind: nobody or everybody, counts below 5 under a normal
/// approximation, limits that were cut at 0 or 1.
pub(super) fn of_share(kind: ShareInterval, x: f64, n: f64, (low, high): (f64, f64)) -> Option<WarningKind> {
    let small = kind == ShareInterval::Wald && x.min(n - x) < LEAST_COUNT;
    // These kinds reach 0 and 1 by being cut only.
    let cut = matches!(kind, ShareInterval::Wald | ShareInterval::AgrestiCoull) && (low <= 0.0 || high >= 1.0);
    share_at_edge(x / n).or(WarningKind::SmallCounts.when(small)).or(WarningKind::LimitCut.when(cut))
}

/// Whether a cell of `x1` of `n1` against `x2` of `n2` is expected to hold fewer than 5 where the shares are the same.
pub(super) fn expects_few([x1, n1, x2, n2]: [f64; 4]) -> bool {
    let yes = x1 + x2;
    let fewer = yes.min(n1 + n2 - yes) / (n1 + n2);
    fewer * n1.min(n2) < LEAST_COUNT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_by_hand() {
        use WarningKind::{AtBoundary, LimitCut, SmallCounts};
        let of = |kind: ShareInterval, x, n| of_share(kind, x, n, kind.at_level(x, n, 0.95).unwrap());
        assert_eq!(of(ShareInterval::Wilson, 1.0, 20.0), None, "made for it");
        assert_eq!(of(ShareInterval::Wilson, 20.0, 20.0), Some(AtBoundary));
        assert_eq!(of(ShareInterval::Wald, 0.0, 20.0), Some(AtBoundary));
        assert_eq!(of(ShareInterval::Wald, 4.0, 40.0), Some(SmallCounts));
        assert_eq!(of(ShareInterval::Wald, 36.0, 40.0), Some(SmallCounts));
        assert_eq!(of(ShareInterval::Wald, 5.0, 40.0), None, "0.125 - 1.96 * 0.0523 > 0");
        // 6 of 2000 at a level of 0.95: 0.003 - 1.96 * 0.00122 > 0; 5 of 2000 at 0.99: 0.0025 - 2.58 * 0.00112 < 0.
        assert_eq!(of(ShareInterval::Wald, 6.0, 2_000.0), None);
        let limits = ShareInterval::Wald.at_level(5.0, 2_000.0, 0.99).unwrap();
        assert_eq!(of_share(ShareInterval::Wald, 5.0, 2_000.0, limits), Some(LimitCut));
        // (1 + 1.92) / (20 + 3.84) = 0.1225, less 1.96 * 0.0672.
        assert_eq!(of(ShareInterval::AgrestiCoull, 1.0, 20.0), Some(LimitCut));
        assert_eq!(of(ShareInterval::AgrestiCoull, 10.0, 20.0), None);
    }

    #[test]
    fn expected_counts_by_hand() {
        // 6 of 20 and 4 of 20: 5 yes are expected in each group; 5 and 4: 4.5.
        assert!(!expects_few([6.0, 20.0, 4.0, 20.0]));
        assert!(expects_few([5.0, 20.0, 4.0, 20.0]));
        // 30 of 40 and 9 of 10: 11 no among 50, 2.2 in the group of 10.
        assert!(expects_few([30.0, 40.0, 9.0, 10.0]));
    }

    #[test]
    fn a_weight_is_extreme_beyond_twenty() {
        assert_eq!(extreme([1.0, f64::NAN, 20.0].iter()), None);
        assert_eq!(extreme([1.0, 20.1].iter()), Some(WarningKind::ExtremeWeight));
        assert_eq!(extreme([].iter()), None);
    }

    #[test]
    fn weights_of_any_size_are_measured_by_their_mean() {
        // 40 weights of 100 and one of w: w is beyond 20 means where 41 w > 20 (4000 + w), w > 3809.5.
        let weights = |w: f64| [vec![100.0; 40], vec![w, f64::NAN]].concat();
        assert_eq!(extreme_for_mean(&weights(3_809.0)), None);
        assert_eq!(extreme_for_mean(&weights(3_810.0)), Some(WarningKind::ExtremeWeight));
        assert_eq!(extreme_for_mean(&[]), None);
    }

    #[test]
    fn a_spread_of_rounding_is_none() {
        assert_eq!(no_spread(0.5, 1e-3), None);
        assert_eq!(no_spread(0.0, 0.0), Some(WarningKind::AtBoundary));
        assert_eq!(no_spread(1.0, 2e-16), Some(WarningKind::AtBoundary));
        assert_eq!((share_at_edge(0.5), share_at_edge(1.0)), (None, Some(WarningKind::AtBoundary)));
    }
}

//! Ratios of two shares, and of their odds, under the simple handlings.

use super::critical::Critical;
use super::difference::Groups;
use super::outcome::{Number, YesNo};
use super::simple::{Common, read_number};
use super::two_sample::{Sample, check_groups};
use super::{CannotAnswer, Fit};
use crate::statistics::share::TwoShares;
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, FitFailure, Observed, ObservedSchema, Quantity, Target};

/// How a ratio is estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum RatioKind {
    /// From the counts as they are: Katz' limits of a risk ratio, Woolf's of an odds ratio.
    #[default]
    Log,
    /// With a half added to each cell; for odds ratios.
    Haldane,
}

impl RatioKind {
    /// The words of the option that name it.
    pub(super) const WORDS: [&'static str; 2] = ["log", "haldane"];
    /// All kinds, in the order of the words.
    pub(super) const ALL: [Self; 2] = [Self::Log, Self::Haldane];
}

/// A ratio of two shares, or of their odds.
pub(super) struct RatioFit {
    common: Common,
    kind: RatioKind,
    odds: bool,
    outcome: Number,
    wave: usize,
    groups: Groups,
    now: Vec<f64>,
    values: Vec<f64>,
}

impl RatioFit {
    pub(super) fn new(
        kind: RatioKind,
        common: Common,
        target: &Target,
        schema: &ObservedSchema,
    ) -> Result<Self, CannotAnswer> {
        YesNo::of(target, schema)?;
        let odds = matches!(target.quantity, Quantity::OddsRatio { .. });
        if kind == RatioKind::Haldane && !odds {
            return Err(CannotAnswer { why: "`haldane` is for odds ratios, and this is a ratio of shares".to_owned() });
        }
        let wave = target.quantity.last_wave();
        let (outcome, groups) = (Number::of(target, schema)?, Groups::new(target, schema, wave)?);
        Ok(Self { common, kind, odds, outcome, wave, groups, now: Vec::new(), values: Vec::new() })
    }
}

impl Fit for RatioFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        read_number(&mut self.common, &self.outcome, observed, self.wave, &mut self.now, &mut self.values);
        self.groups.read(observed, self.wave);
        let (answered, groups) = (&self.common.answered, &self.groups);
        let first = Sample::of(&self.values, |i| answered[i] & groups.first[i] == 1);
        let second = Sample::of(&self.values, |i| answered[i] & groups.second[i] == 1);
        check_groups(first, second)?;
        estimate(self.kind, self.odds, [first.yes(), first.n, second.yes(), second.n], &self.common.critical)
    }
}

/// The ratio of `x1` of `n1` to `x2` of `n2` on its own scale: the standard error is the ratio times that of its
/// logarithm (the delta method), the limits are those of the logarithm taken back.
fn estimate(
    kind: RatioKind,
    odds: bool,
    [x1, n1, x2, n2]: [f64; 4],
    critical: &Critical,
) -> Result<Estimate, FitFailure> {
    let level = critical.confidence();
    let found = TwoShares::new(x1, n1, x2, n2).and_then(|shares| match (odds, kind) {
        (false, _) => shares.katz(&level),
        (true, RatioKind::Log) => shares.woolf(&level),
        (true, RatioKind::Haldane) => Some(shares.haldane(&level)),
    });
    let Some(found) = found else {
        let help = if odds { "; `ratio = \"haldane\"` adds a half to each cell" } else { "" };
        let detail = format!(
            "{x1} of {n1} records of the first group are at the level and {x2} of {n2} of the second, so the logarithm \
             of the ratio is undefined{help}"
        );
        return Err(FitFailure::new(FailureKind::ZeroCell, detail));
    };
    let model_se = Some(found.ratio * found.log_se);
    Ok(Estimate { estimate: found.ratio, model_se, interval: Some(found.limits), ..Estimate::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::tests::{ask, comparing, estimate as of, loader::with_items};
    use crate::tables::ObservedBatch;

    const N: f64 = f64::NAN;

    /// Two waves of `y` and `arm`: at the second wave 6 of 8 in arm 1 and 3 of 9 in arm 0 say yes, one of arm 1 is lost.
    fn batch() -> ObservedBatch {
        let arm = [vec![1.0; 9], vec![0.0; 9]].concat();
        let first = [vec![1.0; 9], vec![0.0; 9]].concat();
        let second = [vec![1.0; 6], vec![0.0; 2], vec![N], vec![1.0; 3], vec![0.0; 6]].concat();
        with_items(&[("arm", vec![arm.clone(), arm]), ("y", vec![first, second])])
    }

    fn asked(odds: bool, wave: usize, second: &str) -> Target {
        let quantity = if odds { Quantity::OddsRatio { wave } } else { Quantity::RiskRatio { wave } };
        Target { quantity, ..comparing("y", wave, "arm == 1", second) }
    }

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-12 * want.abs().max(1.0), "got {got}, want {want}");
    }

    #[test]
    fn ratios_by_hand() {
        let z = Critical::new(0.95).z;
        let check = |got: Estimate, ratio: f64, log_variance: f64| {
            let se = libm::sqrt(log_variance);
            close(got.estimate, ratio);
            close(got.model_se.unwrap(), ratio * se);
            let (low, high) = got.interval.unwrap();
            close(low, ratio * libm::exp(-z * se));
            close(high, ratio * libm::exp(z * se));
            assert_eq!(got.df, None);
        };
        for method in ["available_case", "complete_case"] {
            // 6/8 over 3/9; 1/6 - 1/8 + 1/3 - 1/9.
            let variance = 1.0 / 6.0 - 1.0 / 8.0 + 1.0 / 3.0 - 1.0 / 9.0;
            check(of(method, &[], &asked(false, 1, "arm == 0"), &batch()), 2.25, variance);
            // (6/2) / (3/6); 1/6 + 1/2 + 1/3 + 1/6.
            check(of(method, &[], &asked(true, 1, "arm == 0"), &batch()), 6.0, 7.0 / 6.0);
        }
        // The lost one said yes before: 7 of 9.
        check(of("locf", &[], &asked(true, 1, "arm == 0"), &batch()), 7.0, 1.0 / 7.0 + 0.5 + 1.0 / 3.0 + 1.0 / 6.0);
        let variance = 1.0 / 6.5 + 1.0 / 2.5 + 1.0 / 3.5 + 1.0 / 6.5;
        let got = of("available_case", &[("ratio", "haldane")], &asked(true, 1, "arm == 0"), &batch());
        check(got, 6.5 * 6.5 / (2.5 * 3.5), variance);
    }

    #[test]
    fn a_zero_cell_is_a_failure() {
        // At wave 1 everybody in arm 1 and nobody in arm 0 says yes.
        for odds in [false, true] {
            let failed = ask("available_case", &[], &asked(odds, 0, "arm == 0"), &batch()).unwrap().unwrap_err();
            assert_eq!((failed.kind, failed.kind.status()), (FailureKind::ZeroCell, "zero_cell"));
            assert_eq!(failed.detail.contains("haldane"), odds, "{failed:?}");
            assert!(failed.detail.starts_with("9 of 9 records") && failed.detail.contains("0 of 9"), "{failed:?}");
        }
        let half = of("available_case", &[("ratio", "haldane")], &asked(true, 0, "arm == 0"), &batch());
        close(half.estimate, 19.0 * 19.0);
        // All yes in both groups is a ratio of 1 without spread, and no odds ratio.
        let same = of("available_case", &[], &asked(false, 0, "arm == 1"), &batch());
        assert_eq!((same.estimate, same.model_se, same.interval), (1.0, Some(0.0), Some((1.0, 1.0))));
        let failed = ask("available_case", &[], &asked(true, 0, "arm == 1"), &batch()).unwrap().unwrap_err();
        assert_eq!(failed.kind, FailureKind::ZeroCell);
        let nobody = ask("available_case", &[], &asked(true, 0, "arm > 1"), &batch()).unwrap().unwrap_err();
        assert_eq!(nobody.kind, FailureKind::EmptyGroup);
    }

    #[test]
    fn what_it_does_not_answer() {
        let haldane = [("ratio", "haldane")];
        let refused = ask("available_case", &haldane, &asked(false, 1, "arm == 0"), &batch()).unwrap_err();
        assert!(refused.why.contains("for odds ratios"), "{refused:?}");
        let refused = ask("difference_in_means", &[], &asked(false, 1, "arm == 0"), &batch()).unwrap_err();
        assert!(refused.why.contains("differences only"), "{refused:?}");
    }
}

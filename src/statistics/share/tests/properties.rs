//! What must hold whatever the counts.

use crate::statistics::confidence::Confidence;
use crate::statistics::share::fixed_rows::{barnard, boschloo};
use crate::statistics::share::rate::Events;
use crate::statistics::share::{Exact2x2, Paired, ShareInterval, TwoShares};
use proptest::prelude::*;

fn near(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

/// Limits of a quantity and of its negative.
fn mirrors(a: (f64, f64), b: (f64, f64)) -> bool {
    near(a.0, -b.1) && near(a.1, -b.0)
}

fn holds(limits: (f64, f64), estimate: f64) -> bool {
    limits.0 <= estimate + 1e-12 && estimate <= limits.1 + 1e-12
}

#[test]
fn limits_of_a_share_are_ordered_inside_and_mirrored() {
    for kind in ShareInterval::ALL {
        for n in [1.0, 2.0, 7.0, 40.0] {
            let mut x = 0.0;
            while x <= n {
                let (low, high) = kind.at_level(x, n, 0.9).unwrap();
                let (other_low, other_high) = kind.at_level(n - x, n, 0.9).unwrap();
                assert!(0.0 <= low && holds((low, high), x / n) && high <= 1.0, "{kind:?} {x}/{n}");
                assert!(near(low, 1.0 - other_high) && near(high, 1.0 - other_low));
                let wider = kind.at_level(x, n, 0.99).unwrap();
                assert!(wider.0 <= low && high <= wider.1, "{kind:?} {x}/{n}");
                x += 1.0;
            }
        }
    }
}

/// `x` of `n` twice.
fn two_shares() -> impl Strategy<Value = (f64, f64, f64, f64)> {
    let share = || (1_u32..40).prop_flat_map(|n| (0..=n, Just(n))).prop_map(|(x, n)| (f64::from(x), f64::from(n)));
    (share(), share()).prop_map(|((x1, n1), (x2, n2))| (x1, n1, x2, n2))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn exchanging_groups_turns_the_difference((x1, n1, x2, n2) in two_shares(), level in 0.5_f64..0.999) {
        let c = Confidence::new(level).unwrap();
        let (one, other) = (TwoShares::new(x1, n1, x2, n2).unwrap(), TwoShares::new(x2, n2, x1, n1).unwrap());
        let no = TwoShares::new(n1 - x1, n1, n2 - x2, n2).unwrap();
        for limits in [TwoShares::newcombe, TwoShares::miettinen_nurminen, TwoShares::mee, TwoShares::wald] {
            let (low, high) = limits(&one, &c);
            prop_assert!(-1.0 <= low && high <= 1.0 && holds((low, high), one.difference()));
            prop_assert!(mirrors((low, high), limits(&other, &c)));
            prop_assert!(mirrors((low, high), limits(&no, &c)));
        }
        prop_assert!(mirrors(one.agresti_caffo(&c), other.agresti_caffo(&c)));
        let (mee, mn) = (one.mee(&c), one.miettinen_nurminen(&c));
        prop_assert!(mn.0 <= mee.0 + 1e-12 && mee.1 <= mn.1 + 1e-12);
        prop_assert_eq!(one.pearson().is_some(), one.pooled_z().is_some());
        if let (Some(z), Some(chi)) = (one.pooled_z(), one.pearson()) {
            prop_assert!(near(z.statistic * z.statistic, chi.statistic) && near(z.p, chi.p));
            prop_assert!(one.yates().unwrap().p >= chi.p);
        }
        let (haldane, turned) = (one.haldane(&c), other.haldane(&c));
        prop_assert!(near(haldane.ratio * turned.ratio, 1.0) && near(haldane.limits.0 * turned.limits.1, 1.0));
    }

    #[test]
    fn the_score_limit_is_where_the_test_of_mee_just_rejects((x1, n1, x2, n2) in two_shares()) {
        // The restricted log-likelihood has its top where the score limits take it to be: no other second share on a
        // fine grid is more likely. Checked by way of the variance at the limit.
        let c = Confidence::new(0.95).unwrap();
        let two = TwoShares::new(x1, n1, x2, n2).unwrap();
        let (low, _) = two.mee(&c);
        prop_assume!(low > -1.0 && low < two.difference());
        let part = |count: f64, p: f64| if count > 0.0 { count * libm::log(p) } else { 0.0 };
        let likely = |p: f64| part(x1, p + low) + part(n1 - x1, 1.0 - p - low) + part(x2, p) + part(n2 - x2, 1.0 - p);
        let (start, end) = ((-low).max(0.0), (1.0 - low).min(1.0));
        let at = |k: i32| start + (end - start) * f64::from(k) / 20_000.0;
        let best = (1..20_000).map(at).max_by(|a, b| likely(*a).total_cmp(&likely(*b))).unwrap();
        let variance = (best + low) * (1.0 - best - low) / n1 + best * (1.0 - best) / n2;
        prop_assert!((( two.difference() - low) / libm::sqrt(variance) / c.z - 1.0).abs() < 0.02);
    }

    #[test]
    fn exact_tests_do_not_mind_names((x1, n1, x2, n2) in two_shares()) {
        let c = Confidence::new(0.9).unwrap();
        let (one, other) = (Exact2x2::new(x1, n1, x2, n2).unwrap(), Exact2x2::new(x2, n2, x1, n1).unwrap());
        let (p, q) = (one.fisher(), other.fisher());
        prop_assert!(near(p.two_sided, q.two_sided) && near(p.less, q.greater) && near(p.mid_less, q.mid_greater));
        prop_assert!(p.less + p.greater >= 1.0 - 1e-12 && near(p.mid_less + p.mid_greater, 1.0));
        let (low, high) = one.limits(&c);
        let turned = other.limits(&c);
        prop_assert!(near(1.0 / low, turned.1) && near(1.0 / high, turned.0));
        if let Some(ratio) = one.odds_ratio() {
            prop_assert!(low <= ratio && ratio <= high);
            // The conditional odds ratio is nearer to 1 than the plain one.
            let plain = TwoShares::new(x1, n1, x2, n2).unwrap().odds_ratio().unwrap();
            prop_assert!(ratio == plain || libm::log(ratio).abs() <= libm::log(plain).abs() + 1e-9);
        }
    }

    #[test]
    fn tests_with_fixed_rows_are_symmetric_and_boschloo_beats_fisher((x1, n1, x2, n2) in two_shares()) {
        let p = barnard(x1, n1, x2, n2).unwrap();
        prop_assert!((0.0..=1.0).contains(&p));
        prop_assert!(near(p, barnard(x2, n2, x1, n1).unwrap()) && near(p, barnard(n1 - x1, n1, n2 - x2, n2).unwrap()));
        let q = boschloo(x1, n1, x2, n2).unwrap();
        prop_assert!(near(q, boschloo(x2, n2, x1, n1).unwrap()));
        prop_assert!(q <= Exact2x2::new(x1, n1, x2, n2).unwrap().fisher().two_sided + 1e-9);
    }

    #[test]
    fn exchanging_occasions_turns_the_difference(cells in prop::array::uniform4(0_u32..30), level in 0.5_f64..0.999) {
        let [a, b, c, d] = cells.map(f64::from);
        prop_assume!(a + b + c + d > 0.0);
        let level = Confidence::new(level).unwrap();
        let (one, other) = (Paired::new(a, b, c, d).unwrap(), Paired::new(a, c, b, d).unwrap());
        for limits in [Paired::wald, Paired::agresti_min, Paired::newcombe, Paired::tango] {
            prop_assert!(mirrors(limits(&one, &level), limits(&other, &level)));
        }
        for limits in [Paired::wald, Paired::newcombe, Paired::tango] {
            prop_assert!(holds(limits(&one, &level), one.difference()));
        }
        prop_assert!(near(one.exact(), other.exact()) && one.mid_p() <= one.exact() + 1e-12);
        prop_assert_eq!(one.chi_square(), other.chi_square());
        if let (Some(limits), Some(ratio)) = (one.odds_ratio_limits(&level), one.odds_ratio()) {
            prop_assert!(limits.0 <= ratio && ratio <= limits.1);
            let turned = other.odds_ratio_limits(&level).unwrap();
            prop_assert!(near(limits.0 * turned.1, 1.0) || limits.0 == 0.0);
        }
    }

    #[test]
    fn rates_scale_with_time(x in 0_u32..60, y in 0_u32..60, time in 0.1_f64..100.0, factor in 0.1_f64..10.0) {
        let c = Confidence::new(0.95).unwrap();
        let (one, scaled) = (Events::new(f64::from(x), time).unwrap(), Events::new(f64::from(x), time * factor).unwrap());
        for limits in [Events::exact, Events::mid_p] {
            let (a, b) = (limits(&one, &c), limits(&scaled, &c));
            prop_assert!(near(a.0, b.0 * factor) && near(a.1, b.1 * factor) && holds(a, one.rate()));
        }
        let (exact, mid) = (one.exact(&c), one.mid_p(&c));
        prop_assert!(exact.0 <= mid.0 && mid.1 <= exact.1);
        let other = Events::new(f64::from(y), 2.0 * time).unwrap();
        prop_assert!(near(one.equal(&other), other.equal(&one)));
        if let Some(limits) = one.ratio_limits(&other, &c) {
            let turned = other.ratio_limits(&one, &c).unwrap();
            prop_assert!(near(limits.0 * turned.1, 1.0) || limits.0 == 0.0);
        }
    }
}

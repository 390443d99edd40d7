//! What must hold whatever the counts.

use super::super::adjust::Adjustment;
use super::super::association::{phi, tetrachoric, yule_q};
use super::super::occasions::{bowker, cochran_q, stuart_maxwell};
use super::super::{Strata, Stratum};
use proptest::prelude::*;

fn near(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-8 * (1.0 + a.abs().max(b.abs()))
}

fn same(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => near(a, b),
        (a, b) => a == b,
    }
}

fn stratum() -> impl Strategy<Value = Stratum> {
    prop::array::uniform4(0_u32..25).prop_map(|cells| {
        let [a, b, c, d] = cells.map(f64::from);
        Stratum { a, b, c, d }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn square_tables_do_not_mind_names(cells in prop::collection::vec(0_u32..12, 16), shift in 1_usize..4) {
        let t: Vec<f64> = cells.iter().copied().map(f64::from).collect();
        let moved: Vec<f64> = (0..16).map(|p| t[((p / 4 + shift) % 4) * 4 + (p % 4 + shift) % 4]).collect();
        let turned: Vec<f64> = (0..16).map(|p| t[p % 4 * 4 + p / 4]).collect();
        for test in [stuart_maxwell, bowker] {
            let want = test(&t, 4);
            for other in [&moved, &turned] {
                let got = test(other, 4);
                prop_assert!(same(got.map(|t| t.statistic), want.map(|t| t.statistic)));
                prop_assert_eq!(got.map(|t| t.df), want.map(|t| t.df));
            }
        }
    }

    #[test]
    fn cochrans_q_does_not_mind_order_or_persons_who_never_change(rows in prop::collection::vec(0_u8..8, 1..20)) {
        let answers = |rows: &[u8], order: [u8; 3]| -> Vec<f64> {
            rows.iter().flat_map(|r| order.map(|bit| f64::from((r >> bit) & 1))).collect()
        };
        let want = cochran_q(&answers(&rows, [0, 1, 2]), 3).map(|t| t.statistic);
        let more: Vec<u8> = rows.iter().copied().chain([0, 7, 7]).collect();
        prop_assert!(same(cochran_q(&answers(&rows, [2, 0, 1]), 3).map(|t| t.statistic), want));
        prop_assert!(same(cochran_q(&answers(&more, [0, 1, 2]), 3).map(|t| t.statistic), want));
    }

    #[test]
    fn exchanging_groups_turns_the_ratios(strata in prop::collection::vec(stratum(), 1..6)) {
        let turned: Vec<Stratum> = strata.iter().map(|s| Stratum { a: s.c, b: s.d, c: s.a, d: s.b }).collect();
        let (one, other) = (Strata::new(&strata).unwrap(), Strata::new(&turned).unwrap());
        prop_assert!(same(one.odds_ratio(), other.odds_ratio().map(|r| 1.0 / r)));
        prop_assert!(same(one.risk_ratio(), other.risk_ratio().map(|r| 1.0 / r)));
        prop_assert!(same(one.log_odds_ratio_se(), other.log_odds_ratio_se()));
        for corrected in [true, false] {
            let statistic = |s: &Strata| s.test(corrected).map(|t| t.statistic);
            prop_assert!(same(statistic(&one), statistic(&other)));
        }
        let breslow = |s: &Strata| s.homogeneity().map(|h| h.breslow_day.statistic);
        prop_assert!(same(breslow(&one), breslow(&other)));
        if let Some(h) = one.homogeneity() {
            prop_assert!(h.tarone.statistic <= h.breslow_day.statistic + 1e-12);
        }
    }

    #[test]
    fn expected_counts_have_the_common_odds_ratio(s in stratum(), log_odds in -6.0_f64..6.0) {
        prop_assume!(s.is_informative());
        let ratio = libm::exp(log_odds);
        let (a, _) = s.under(ratio);
        let (b, c) = (s.a + s.b - a, s.a + s.c - a);
        let d = s.c + s.d - c;
        prop_assert!(a > 0.0 && b > 0.0 && c > 0.0 && d > 0.0);
        prop_assert!((a * d / (b * c) / ratio - 1.0).abs() < 1e-8);
    }

    #[test]
    fn association_turns_with_the_answers(s in stratum()) {
        let other = Stratum { a: s.b, b: s.a, c: s.d, d: s.c };
        for measure in [phi, yule_q, tetrachoric] {
            prop_assert!(same(measure(&s), measure(&other).map(|r| -r)));
            if let Some(r) = measure(&s) {
                prop_assert!((-1.0..=1.0).contains(&r));
            }
        }
    }

    #[test]
    fn adjusted_p_values_keep_their_order(p in prop::collection::vec(0.0_f64..1.0, 1..12)) {
        let all = Adjustment::ALL.map(|a| a.apply(&p));
        for adjusted in &all {
            for (i, a) in adjusted.iter().enumerate() {
                prop_assert!(*a >= p[i] - 1e-15 && *a <= 1.0);
                prop_assert!((0..p.len()).all(|j| p[j] > p[i] || adjusted[j] <= *a));
            }
        }
        let [bonferroni, holm, hochberg, bh, by] = &all;
        for i in 0..p.len() {
            prop_assert!(bonferroni[i] >= holm[i] && holm[i] >= hochberg[i] && hochberg[i] >= bh[i] && by[i] >= bh[i]);
        }
    }
}

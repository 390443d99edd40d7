//! Hand-worked tables and hard inputs.

use super::super::adjust::Adjustment;
use super::super::association::{phi, tetrachoric, yule_q};
use super::super::occasions::{bowker, cochran_q, stuart_maxwell};
use super::super::trend::{Group, cochran_armitage};
use super::super::{Strata, Stratum};

fn close(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-11 * (1.0 + want.abs()), "got {got}, want {want}");
}

fn table(a: f64, b: f64, c: f64, d: f64) -> Stratum {
    Stratum { a, b, c, d }
}

#[test]
fn a_trend_over_two_groups_is_pearsons_test() {
    // 3 of 4 against 1 of 4: chi-square 2, whatever the scores.
    let groups = |s: f64| [Group { x: 3.0, n: 4.0, score: s }, Group { x: 1.0, n: 4.0, score: 2.0 * s + 1.0 }];
    close(cochran_armitage(&groups(0.0)).unwrap().statistic, 2.0);
    close(cochran_armitage(&groups(7.3)).unwrap().statistic, 2.0);
    assert_eq!(cochran_armitage(&[]), None);
    assert_eq!(cochran_armitage(&groups(-1.0)), None, "the same score");
    assert_eq!(cochran_armitage(&groups(f64::NAN)), None);
    let nobody = [Group { x: 0.0, n: 4.0, score: 0.0 }, Group { x: 0.0, n: 4.0, score: 1.0 }];
    assert_eq!(cochran_armitage(&nobody), None);
    let third = |n| Group { x: 1.0, n, score: 0.1 + 0.2 };
    assert_eq!(cochran_armitage(&[third(4.0), third(7.0)]), None, "the same score, not a whole number");
}

#[test]
fn cochrans_q_of_two_occasions_is_mcnemars() {
    // Changes 1 and 3: (1 - 3)^2 / 4 = 1.
    let answers = [1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, f64::NAN, 1.0];
    let q = cochran_q(&answers, 2).unwrap();
    close(q.statistic, 1.0);
    assert_eq!(q.df, 1.0);
    assert_eq!(cochran_q(&[1.0, 1.0, 0.0, 0.0], 2), None);
    assert_eq!(cochran_q(&answers, 1), None);
    assert_eq!(cochran_q(&[], 3), None);
    assert_eq!(cochran_q(&answers, 0), None);
}

#[test]
fn square_tables_by_hand() {
    // Two categories: (1 - 3)^2 / 4 = 1 in both tests.
    let t = [5.0, 1.0, 3.0, 2.0];
    close(stuart_maxwell(&t, 2).unwrap().statistic, 1.0);
    close(bowker(&t, 2).unwrap().statistic, 1.0);
    // A third category that nobody uses changes nothing.
    let t = [5.0, 1.0, 0.0, 3.0, 2.0, 0.0, 0.0, 0.0, 0.0];
    let test = stuart_maxwell(&t, 3).unwrap();
    close(test.statistic, 1.0);
    assert_eq!((test.df, bowker(&t, 3).unwrap().df), (1.0, 1.0));
    // A cycle 1 -> 2 -> 3 -> 1 has equal margins and no symmetry: 3 pairs with (4 - 0)^2 / 4 each.
    let cycle = [1.0, 4.0, 0.0, 0.0, 1.0, 4.0, 4.0, 0.0, 1.0];
    close(stuart_maxwell(&cycle, 3).unwrap().statistic, 0.0);
    close(bowker(&cycle, 3).unwrap().statistic, 12.0);
    // Two pairs of categories without changes between the pairs: two tests of one degree each.
    let mut apart = vec![0.0; 16];
    (apart[1], apart[4], apart[11], apart[14]) = (1.0, 3.0, 6.0, 2.0);
    let test = stuart_maxwell(&apart, 4).unwrap();
    close(test.statistic, 1.0 + 2.0);
    assert_eq!(test.df, 2.0);
    assert_eq!(stuart_maxwell(&[3.0, 0.0, 0.0, 2.0], 2), None);
    assert_eq!(bowker(&[3.0, 0.0, 0.0, 2.0], 2), None);
    assert_eq!(bowker(&[3.0, 0.0, 0.0], 2), None);
    assert_eq!(stuart_maxwell(&[3.0, f64::NAN, 0.0, 2.0], 2), None);
    assert_eq!(stuart_maxwell(&[], 0), None);
}

#[test]
fn one_stratum_is_its_own_table() {
    let t = table(3.0, 1.0, 1.0, 3.0);
    let one = Strata::new(&[t]).unwrap();
    close(one.odds_ratio().unwrap(), 9.0);
    close(one.risk_ratio().unwrap(), 3.0);
    // Woolf's variance: 1/3 + 1 + 1 + 1/3.
    close(one.log_odds_ratio_se().unwrap(), libm::sqrt(8.0 / 3.0));
    // (3 - 2)^2 over 4 * 4 * 4 * 4 / (64 * 7), and with the correction a quarter of it.
    close(one.test(false).unwrap().statistic, 7.0 / 4.0);
    close(one.test(true).unwrap().statistic, 7.0 / 16.0);
    assert_eq!(one.homogeneity(), None);
    // The same table twice is perfectly homogeneous; an empty stratum and one with a fixed table do not count.
    let twice = Strata::new(&[t, t, table(0.0, 0.0, 0.0, 0.0), table(0.0, 4.0, 0.0, 5.0)]).unwrap();
    let homogeneity = twice.homogeneity().unwrap();
    close(homogeneity.breslow_day.statistic, 0.0);
    assert_eq!(homogeneity.tarone.df, 1.0);
}

#[test]
fn strata_at_the_edges() {
    let none = Strata::new(&[]).unwrap();
    assert_eq!((none.odds_ratio(), none.risk_ratio(), none.test(true), none.homogeneity()), (None, None, None, None));
    let zero = Strata::new(&[table(0.0, 5.0, 3.0, 2.0), table(0.0, 4.0, 1.0, 3.0)]).unwrap();
    assert_eq!((zero.odds_ratio(), zero.risk_ratio()), (Some(0.0), Some(0.0)));
    assert_eq!((zero.log_odds_ratio_se(), zero.homogeneity()), (None, None));
    let all = Strata::new(&[table(5.0, 0.0, 3.0, 2.0)]).unwrap();
    assert_eq!(all.odds_ratio(), Some(f64::INFINITY));
    assert_eq!(Strata::new(&[table(1.0, -1.0, 0.0, 0.0)]), None);
    // A person alone has no variance.
    assert_eq!(Strata::new(&[table(1.0, 0.0, 0.0, 0.0)]).unwrap().test(false), None);
    // A distance below 1/2 is not corrected: (3 - 2.7)^2 over 6 * 4 * ... as without.
    let small = Strata::new(&[table(3.0, 3.0, 2.0, 2.0)]).unwrap();
    assert_eq!(small.test(true), small.test(false));
}

#[test]
fn adjusted_p_values_by_hand() {
    let p = [0.04, 0.01, f64::NAN, 0.03];
    let close_all = |adjustment: Adjustment, want: [f64; 3]| {
        let got = adjustment.apply(&p);
        assert!(got[2].is_nan());
        for (g, w) in [got[0], got[1], got[3]].into_iter().zip(want) {
            close(g, w);
        }
    };
    close_all(Adjustment::Bonferroni, [0.12, 0.03, 0.09]);
    close_all(Adjustment::Holm, [0.06, 0.03, 0.06]);
    close_all(Adjustment::Hochberg, [0.04, 0.03, 0.04]);
    close_all(Adjustment::Bh, [0.04, 0.03, 0.04]);
    // Times 1 + 1/2 + 1/3.
    close_all(Adjustment::By, [0.04 * 11.0 / 6.0, 0.03 * 11.0 / 6.0, 0.04 * 11.0 / 6.0]);
    for adjustment in Adjustment::ALL {
        assert_eq!(adjustment.apply(&[]), Vec::<f64>::new());
        assert_eq!(adjustment.apply(&[1.0, 1.0]), [1.0, 1.0]);
    }
}

#[test]
fn association_by_hand() {
    let t = table(30.0, 10.0, 10.0, 30.0);
    // Cut at the middle of both: the quadrant has 1/4 + asin(r) / (2 pi) = 3/8, so r = sin(pi / 4).
    close(tetrachoric(&t).unwrap(), std::f64::consts::FRAC_1_SQRT_2);
    close(phi(&t).unwrap(), 0.5);
    close(yule_q(&t).unwrap(), 0.8);
    close(tetrachoric(&table(12.0, 8.0, 18.0, 12.0)).unwrap(), 0.0);
    let empty = table(3.0, 0.0, 2.0, 4.0);
    assert_eq!((tetrachoric(&empty), yule_q(&empty)), (None, Some(1.0)));
    let flat = table(0.0, 0.0, 2.0, 4.0);
    assert_eq!((tetrachoric(&flat), phi(&flat), yule_q(&flat)), (None, None, None));
    assert_eq!(phi(&table(f64::NAN, 1.0, 1.0, 1.0)), None);
    // Nearly everything on one diagonal: still inside.
    let strong = tetrachoric(&table(1e6, 1.0, 1.0, 1e6)).unwrap();
    assert!(strong > 0.999_999 && strong < 1.0);
}

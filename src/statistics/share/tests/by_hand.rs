//! Closed forms, hand-worked tables and hard inputs.

use crate::statistics::confidence::Confidence;
use crate::statistics::share::fixed_rows::{barnard, boschloo};
use crate::statistics::share::rate::{Events, least_probable};
use crate::statistics::share::{Exact2x2, Paired, ShareInterval, TwoShares};

fn close(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-11 * (1.0 + want.abs()), "got {got}, want {want}");
}

fn both(got: (f64, f64), want: (f64, f64)) {
    close(got.0, want.0);
    close(got.1, want.1);
}

fn level() -> Confidence {
    Confidence::new(0.95).unwrap()
}

#[test]
fn exact_limits_of_a_share() {
    // 0 of n: 1 - (alpha/2)^(1/n); counting the observed number half: 1 - alpha^(1/n).
    both(ShareInterval::ClopperPearson.at_level(0.0, 3.0, 0.95).unwrap(), (0.0, 1.0 - libm::cbrt(0.025)));
    both(ShareInterval::MidP.at_level(0.0, 3.0, 0.95).unwrap(), (0.0, 1.0 - libm::cbrt(0.05)));
    both(ShareInterval::MidP.at_level(1.0, 1.0, 0.95).unwrap(), (0.05, 1.0));
    // 1 of 2, lower: 1 - (1 - L)^2 = alpha/2.
    let low = 1.0 - libm::sqrt(0.975);
    both(ShareInterval::ClopperPearson.at_level(1.0, 2.0, 0.95).unwrap(), (low, 1.0 - low));
    // With half of P(1): (1 - (1 - L)^2 + L^2) / 2 = L, since it is 2 L / 2.
    both(ShareInterval::MidP.at_level(1.0, 2.0, 0.95).unwrap(), (0.025, 0.975));
}

#[test]
fn a_share_that_is_none() {
    for kind in ShareInterval::ALL {
        for (x, n) in [(0.0, 0.0), (2.0, 1.0), (-1.0, 3.0), (f64::NAN, 3.0), (1.0, f64::INFINITY), (1.0, f64::NAN)] {
            assert_eq!(kind.at_level(x, n, 0.95), None, "{kind:?} {x} {n}");
        }
        for wrong in [0.0, 1.0, -0.5, 95.0, f64::NAN] {
            assert_eq!(kind.at_level(1.0, 2.0, wrong), None);
        }
        let (low, high) = kind.at_level(3.0, 1e7, 0.999_999).unwrap();
        assert!((0.0..3e-7).contains(&low) && 3e-7 < high && high < 1e-5, "{kind:?} {low} {high}");
    }
}

#[test]
fn a_difference_by_hand() {
    // 3 of 4 against 1 of 4: variance 2 * (3/16) / 4 = 3/32.
    let two = TwoShares::new(3.0, 4.0, 1.0, 4.0).unwrap();
    close(two.difference_se(), libm::sqrt(3.0 / 32.0));
    assert_eq!(two.wald(&level()).1, 1.0);
    close(two.wald(&level()).0, 0.5 - level().z * libm::sqrt(3.0 / 32.0));
    // Pooled share 1/2: 0.5 / sqrt(0.25 / 2), squared 2.
    close(two.pooled_z().unwrap().statistic, libm::sqrt(2.0));
    close(two.pearson().unwrap().statistic, 2.0);
    // All expected counts are 2, the distances 1: with Yates 4 * 0.25 / 2.
    close(two.yates().unwrap().statistic, 0.5);
    close(two.risk_ratio().unwrap(), 3.0);
    close(two.odds_ratio().unwrap(), 9.0);
    close(two.woolf(&level()).unwrap().log_se, libm::sqrt(8.0 / 3.0));
    close(two.haldane(&level()).ratio, 49.0 / 9.0);
    assert_eq!(two.difference(), 0.5);
}

#[test]
fn score_limits_solve_their_equation() {
    // With nobody in a group of equal size the restricted shares are d and 0, so d^2 = z^2 d (1 - d) / n.
    let (n, z2) = (10.0, level().z * level().z);
    let two = TwoShares::new(0.0, n, 0.0, n).unwrap();
    both(two.mee(&level()), (-z2 / (n + z2), z2 / (n + z2)));
    let factor = 20.0 / 19.0 * z2;
    both(two.miettinen_nurminen(&level()), (-factor / (n + factor), factor / (n + factor)));
    // All against none: 1 - d = d' with shares 1 and 1 - d, and the same equation.
    let two = TwoShares::new(n, n, 0.0, n).unwrap();
    assert_eq!(two.mee(&level()).1, 1.0);
}

#[test]
fn ratios_at_the_edges() {
    let two = |x1, n1, x2, n2| TwoShares::new(x1, n1, x2, n2).unwrap();
    assert_eq!(two(0.0, 5.0, 0.0, 7.0).risk_ratio(), None);
    assert_eq!(two(2.0, 5.0, 0.0, 7.0).risk_ratio(), Some(f64::INFINITY));
    assert_eq!(two(5.0, 5.0, 7.0, 7.0).odds_ratio(), None);
    assert_eq!(two(0.0, 5.0, 7.0, 7.0).odds_ratio(), Some(0.0));
    assert_eq!(two(5.0, 5.0, 0.0, 7.0).odds_ratio(), Some(f64::INFINITY));
    assert_eq!(two(5.0, 5.0, 7.0, 7.0).katz(&level()).map(|r| (r.ratio, r.log_se)), Some((1.0, 0.0)));
    assert_eq!(two(5.0, 5.0, 7.0, 7.0).pooled_z(), None);
    assert_eq!(TwoShares::new(1.0, 0.0, 1.0, 2.0), None);
    assert_eq!(TwoShares::new(f64::NAN, 2.0, 1.0, 2.0), None);
    assert_eq!(TwoShares::new(3.0, 2.0, 1.0, 2.0), None);
}

#[test]
fn a_tea_tasting() {
    // 3 of 4 against 1 of 4: tables have 1, 16, 36, 16, 1 of 70 ways.
    let table = Exact2x2::new(3.0, 4.0, 1.0, 4.0).unwrap();
    let fisher = table.fisher();
    close(fisher.greater, 17.0 / 70.0);
    close(fisher.less, 69.0 / 70.0);
    close(fisher.two_sided, 34.0 / 70.0);
    close(fisher.mid_greater, 9.0 / 70.0);
    close(fisher.mid_two_sided, 18.0 / 70.0);
    // The upper tail under odds r is (16 r^3 + r^4) / (1 + 16 r + 36 r^2 + 16 r^3 + r^4).
    let tail = |r: f64| {
        let ways = [1.0, 16.0 * r, 36.0 * r * r, 16.0 * r * r * r, r * r * r * r];
        (ways[3] + ways[4]) / ways.iter().sum::<f64>()
    };
    close(tail(table.limits(&level()).0), 0.025);
    // Two in each group make the expected number: symmetric, so 1.
    close(Exact2x2::new(2.0, 4.0, 2.0, 4.0).unwrap().odds_ratio().unwrap(), 1.0);
}

#[test]
fn margins_that_leave_one_table() {
    let table = Exact2x2::new(0.0, 10.0, 0.0, 12.0).unwrap();
    let fisher = table.fisher();
    assert_eq!((fisher.two_sided, fisher.less, fisher.greater), (1.0, 1.0, 1.0));
    assert_eq!((fisher.mid_less, fisher.mid_two_sided), (0.5, 1.0));
    assert_eq!(table.odds_ratio(), None);
    assert_eq!(table.limits(&level()), (0.0, f64::INFINITY));
    assert_eq!(barnard(0.0, 10.0, 0.0, 12.0), Some(1.0));
    assert_eq!(boschloo(10.0, 10.0, 12.0, 12.0), Some(1.0));
    for (x1, n1, x2, n2) in [
        (0.0, 0.0, 1.0, 2.0),
        (0.5, 2.0, 1.0, 2.0),
        (3.0, 2.0, 1.0, 2.0),
        (f64::NAN, 2.0, 1.0, 2.0),
        (1.0, 1e9, 1.0, 1e9),
    ] {
        let huge = n1 == 1e9;
        assert_eq!(Exact2x2::new(x1, n1, x2, n2).is_none(), !huge);
        assert_eq!(barnard(x1, n1, x2, n2), None);
        assert_eq!(boschloo(x1, n1, x2, n2), None);
    }
}

#[test]
fn barnard_by_hand() {
    // 1 of 1 against 0 of 1: both extreme tables, 2 p (1 - p), largest at 1/2.
    close(barnard(1.0, 1.0, 0.0, 1.0).unwrap(), 0.5);
    // 2 of 2 against 0 of 2: 2 p^2 (1 - p)^2.
    close(barnard(2.0, 2.0, 0.0, 2.0).unwrap(), 0.125);
    close(boschloo(2.0, 2.0, 0.0, 2.0).unwrap(), 0.125);
    // No difference: every table is as extreme.
    assert_eq!(barnard(2.0, 4.0, 2.0, 4.0), Some(1.0));
}

#[test]
fn large_groups_are_quick_and_near_the_normal_test() {
    let two = TwoShares::new(90.0, 200.0, 70.0, 200.0).unwrap();
    let normal = two.pooled_z().unwrap().p;
    let exact = barnard(90.0, 200.0, 70.0, 200.0).unwrap();
    assert!((exact - normal).abs() < 0.15 * normal, "{exact} {normal}");
    assert!(
        boschloo(90.0, 200.0, 70.0, 200.0).unwrap()
            <= Exact2x2::new(90.0, 200.0, 70.0, 200.0).unwrap().fisher().two_sided
    );
}

#[test]
fn changes_by_hand() {
    // 1 yes/no and 3 no/yes among 10: chi-square (1 - 3)^2 / 4, corrected (2 - 1)^2 / 4.
    let pairs = Paired::new(2.0, 1.0, 3.0, 4.0).unwrap();
    close(pairs.chi_square().unwrap().statistic, 1.0);
    close(pairs.corrected().unwrap().statistic, 0.25);
    // Of 16 ways 1 + 4 have at most one change of the first kind.
    close(pairs.exact(), 10.0 / 16.0);
    close(pairs.mid_p(), 6.0 / 16.0);
    close(pairs.difference(), -0.2);
    close(pairs.difference_se(), libm::sqrt(4.0 - 0.4) / 10.0);
    close(pairs.odds_ratio().unwrap(), 1.0 / 3.0);
    // Nobody changed among n: Tango's limits solve d^2 = z^2 d (1 - d) / n.
    let z2 = level().z * level().z;
    both(Paired::new(12.0, 0.0, 0.0, 3.0).unwrap().tango(&level()), (-z2 / (15.0 + z2), z2 / (15.0 + z2)));
}

#[test]
fn changes_of_nobody() {
    assert_eq!(Paired::new(0.0, 0.0, 0.0, 0.0), None);
    assert_eq!(Paired::new(1.0, -1.0, 0.0, 0.0), None);
    assert_eq!(Paired::new(1.0, f64::NAN, 0.0, 0.0), None);
    let same = Paired::new(5.0, 0.0, 0.0, 0.0).unwrap();
    assert_eq!(
        (same.chi_square(), same.corrected(), same.odds_ratio(), same.odds_ratio_limits(&level())),
        (None, None, None, None)
    );
    assert_eq!((same.exact(), same.mid_p(), same.difference()), (1.0, 1.0, 0.0));
    let limits = same.newcombe(&level());
    assert!(limits.0 < 0.0 && limits.1 > 0.0);
}

#[test]
fn rates_by_hand() {
    // No events: exp(-m) = alpha/2, or alpha where nothing counts half. One event: the lower limit has 1 - exp(-m).
    let none = Events::new(0.0, 2.0).unwrap();
    both(none.exact(&level()), (0.0, -libm::log(0.025) / 2.0));
    both(none.mid_p(&level()), (0.0, -libm::log(0.05) / 2.0));
    assert_eq!(none.log_wald(&level()), None);
    let one = Events::new(1.0, 2.0).unwrap();
    close(one.exact(&level()).0, -libm::log(0.975) / 2.0);
    both(one.log_wald(&level()).unwrap(), (0.5 * libm::exp(-level().z), 0.5 * libm::exp(level().z)));
    // 3 against 0 in the same time: 1/8 either way; limits of p are cbrt(0.025) and 1.
    let (three, other) = (Events::new(3.0, 1.0).unwrap(), Events::new(0.0, 1.0).unwrap());
    close(three.equal(&other), 0.25);
    let p = libm::cbrt(0.025);
    assert_eq!(three.ratio(&other), Some(f64::INFINITY));
    let limits = three.ratio_limits(&other, &level()).unwrap();
    close(limits.0, p / (1.0 - p));
    assert_eq!(limits.1, f64::INFINITY);
    assert_eq!((none.ratio(&other), none.ratio_limits(&other, &level()), none.equal(&other)), (None, None, 1.0));
    for (x, t) in [(1.0, 0.0), (-1.0, 1.0), (0.5, 1.0), (1.0, f64::INFINITY), (f64::NAN, 1.0)] {
        assert_eq!(Events::new(x, t), None);
    }
}

#[test]
fn the_least_probable_numbers_are_both_tails() {
    use crate::numeric::discrete::binomial;
    for n in [1.0, 2.0, 7.0, 30.0] {
        for share in [0.01, 0.3, 0.5, 0.77, 0.999] {
            let mut x = 0.0;
            while x <= n {
                let limit = binomial(x, n, share) * (1.0 + 1e-7);
                let all = (0..=n as u32).map(|k| binomial(f64::from(k), n, share));
                let want: f64 = all.filter(|p| *p <= limit).sum();
                let got = least_probable(x, n, share);
                assert!((got - want).abs() < 1e-12, "{x} of {n} at {share}: {got} {want}");
                x += 1.0;
            }
        }
    }
}

/// Above 2^53 whole numbers are further apart than 1: the search for the other tail has to end all the same.
#[test]
fn a_split_of_huge_counts_ends() {
    let (one, other) = (Events::new(4.6e17, 186.0).unwrap(), Events::new(3.0e17, 199.0).unwrap());
    assert!((0.0..=1.0).contains(&one.equal(&other)));
    assert!((0.0..=1.0).contains(&least_probable(3.0e17, 7.6e17, 0.5)));
}

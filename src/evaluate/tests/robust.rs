//! Measures that a few wild estimates do not move.

use super::super::{Column, Fits, catalogue};
use super::measured;

const NORMAL: f64 = 1.482_602_218_505_602;

fn check(d: &[f64], wanted: &[(&str, f64, Option<f64>)]) {
    let truth = vec![0.0; d.len()];
    let fits = Fits { estimate: Column::Slice(d), true_value: Column::Slice(&truth), ..Fits::default() };
    for &(name, value, mcse) in wanted {
        let got = measured(&fits, None, name);
        let close = |got: f64, want: f64| (got - want).abs() <= 1e-12 * (1.0 + want.abs());
        assert!(close(got.value.expect(name), value), "{name}: {got:?}, not {value}");
        match (got.mcse, mcse) {
            (Some(got), Some(want)) => assert!(close(got, want), "{name}: {got}, not {want}"),
            (got, want) => assert_eq!(got, want, "{name}"),
        }
    }
}

#[test]
fn four_replicates() {
    // Distances from the median of 0.5: 1.5, 0.5, 0.5, 3.5. Nothing is cut off below 10 replicates.
    let sd = (14.0_f64 / 3.0).sqrt();
    check(
        &[-1.0, 0.0, 1.0, 4.0],
        &[("median_bias", 0.5, None), ("mad_se", NORMAL, None), ("trimmed_bias", 1.0, Some(sd / 2.0))],
    );
}

#[test]
fn twelve_replicates_two_of_them_wild() {
    // One is cut off at each end and 0 to 9 are left; drawn in, the two count as 0 and 9: squares of 82.5 + 2 * 20.25.
    let mut d = vec![1000.0, -100.0];
    d.extend((0..10).map(f64::from));
    let wanted = [
        ("trimmed_bias", 4.5, Some((123.0_f64 / 11.0 * 12.0).sqrt() / 10.0)),
        // The line through the ranks has slope 11: 11 times half the root of 1 / 12.
        ("median_bias", 4.5, Some(5.5 / 12.0_f64.sqrt())),
        ("mad_se", 3.0 * NORMAL, None),
    ];
    check(&d, &wanted[..2]);
    // Distances: 0.5 twice, 1.5 twice, 2.5 twice, 3.5 twice and more: the median is between 2.5 and 3.5.
    let truth = [0.0; 12];
    let fits = Fits { estimate: Column::Slice(&d), true_value: Column::Slice(&truth), ..Fits::default() };
    let mad = measured(&fits, None, "mad_se").value.expect("defined");
    assert!((mad - wanted[2].1).abs() < 1e-12, "{mad}");
}

#[test]
fn the_tenth_at_each_end_is_drawn_in() {
    // Quantiles 0.1 and 0.9 of 0 to 10 are 1 and 9: 1, 1, 2, ..., 9, 9 with squares of 92.
    let d: Vec<f64> = (0..11).map(f64::from).collect();
    check(&d, &[("trimmed_empirical_se", 1.213_879_604_671_742 * 9.2_f64.sqrt(), None)]);
}

#[test]
fn what_is_marked_as_robust_is_and_the_rest_is_not() {
    let calm: Vec<f64> = (0..50).map(|i| f64::from(i * 37 % 50) / 10.0).collect();
    let wild: Vec<f64> = calm.iter().map(|x| if *x == 4.9 { 1e9 } else { *x }).collect();
    let truth = [1.0; 50];
    for entry in catalogue() {
        let [a, b] = [&calm, &wild].map(|estimate| Fits {
            estimate: Column::Slice(estimate),
            true_value: Column::Slice(&truth),
            ..Fits::default()
        });
        let values = [&a, &b].map(|fits| (entry.measure)(fits, None).measured.value);
        let [Some(before), Some(after)] = values else { continue };
        let moved = (after - before).abs() > 0.5;
        let of_estimates = !["mean_true_value", "non_convergence", "warnings"].contains(&entry.name);
        assert_eq!(moved, of_estimates && !entry.robust, "{}: {before} and {after}", entry.name);
    }
    assert_eq!(catalogue().iter().filter(|e| e.robust).count(), 5);
}

#[test]
fn a_tenth_at_each_end_is_left_out_of_the_mean_wherever_it_lies() {
    // 1 to 20 and 3 more: without two at each end 3 to 18 and 3 more, mean 13.5. Equal errors have exactly their own mean.
    let d: Vec<f64> = (1..=20).map(|i| f64::from(i * 7 % 20) + 4.0).collect();
    // Drawn in, their squares about it are 2 * (3 * 7.5^2 + 0.5^2 + ... + 6.5^2) = 565.
    check(&d, &[("trimmed_bias", 13.5, Some((565.0_f64 / 19.0 * 20.0).sqrt() / 16.0))]);
    check(&[0.1; 20], &[("trimmed_bias", 0.1, Some(0.0))]);
}

#[test]
fn a_spread_that_overflows_is_undefined_and_not_0() {
    let (d, truth) = ([0.5, 0.6, 1e200, -1e200], [0.5; 4]);
    let fits = Fits { estimate: Column::Slice(&d), true_value: Column::Slice(&truth), ..Fits::default() };
    for name in ["empirical_se", "mse", "rmse"] {
        assert_eq!(measured(&fits, None, name).value, None, "{name}");
    }
    assert_eq!(measured(&fits, None, "bias").mcse, None);
}

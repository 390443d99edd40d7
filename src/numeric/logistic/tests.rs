//! Fits with a closed form, and fits that fail.

use super::*;

fn fitted(rows: &[(&[f64], f64, f64)]) -> (LogisticProblem, Result<LogisticSummary, LogisticFailure>) {
    let mut problem = LogisticProblem::default();
    problem.clear(rows[0].0.len());
    rows.iter().for_each(|(x, s, n)| problem.push(x, *s, *n));
    let outcome = problem.fit();
    (problem, outcome)
}

#[test]
fn a_saturated_table_has_a_closed_form() {
    // 3 of 10 against 12 of 20: the log odds ratio and its variance 1/3 + 1/7 + 1/12 + 1/8.
    let (problem, summary) = fitted(&[(&[1.0, 0.0], 3.0, 10.0), (&[1.0, 1.0], 12.0, 20.0)]);
    assert!(summary.unwrap().last_step < 1e-10);
    let logit = |p: f64| libm::log(p / (1.0 - p));
    let b = problem.coefficients();
    assert!((b[0] - logit(0.3)).abs() < 1e-12 && (b[1] - (logit(0.6) - logit(0.3))).abs() < 1e-12, "{b:?}");
    let mut column = [0.0; 2];
    problem.covariance_column(1, &mut column);
    assert!((column[1] - (1.0 / 3.0 + 1.0 / 7.0 + 1.0 / 12.0 + 1.0 / 8.0)).abs() < 1e-9);
    let likelihood = 3.0 * libm::log(0.3) + 7.0 * libm::log(0.7) + 12.0 * libm::log(0.6) + 8.0 * libm::log(0.4);
    assert!((problem.log_likelihood() - likelihood).abs() < 1e-10);
}

#[test]
fn grouped_rows_equal_single_rows() {
    let grouped: Vec<(&[f64], f64, f64)> = vec![
        (&[1.0, 0.0, 1.0], 2.0, 5.0),
        (&[1.0, 1.0, 0.0], 3.0, 4.0),
        (&[1.0, 2.0, 3.0], 1.0, 3.0),
        (&[1.0, 0.5, 0.0], 1.0, 2.0),
    ];
    let mut single = Vec::new();
    for (x, s, n) in &grouped {
        for k in 0..*n as usize {
            single.push((*x, f64::from(u8::from(k < *s as usize)), 1.0));
        }
    }
    let (a, b) = (fitted(&grouped), fitted(&single));
    a.1.unwrap();
    b.1.unwrap();
    for (x, y) in a.0.coefficients().iter().zip(b.0.coefficients()) {
        assert!((x - y).abs() < 1e-11, "{x} {y}");
    }
    assert!((a.0.log_likelihood() - b.0.log_likelihood()).abs() < 1e-11);
}

#[test]
fn more_columns_than_the_fixed_ones() {
    // Ten cells of one indicator each: the logits of the shares.
    let patterns: Vec<Vec<f64>> = (0..10).map(|i| (0..10).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    let rows: Vec<(&[f64], f64, f64)> =
        patterns.iter().enumerate().map(|(i, x)| (&x[..], i as f64 + 1.0, 12.0)).collect();
    let (problem, summary) = fitted(&rows);
    summary.unwrap();
    for (i, b) in problem.coefficients().iter().enumerate() {
        let s = i as f64 + 1.0;
        assert!((b - libm::log(s / (12.0 - s))).abs() < 1e-10);
    }
}

#[test]
fn failures_have_names() {
    let one = |rows: &[(&[f64], f64, f64)]| fitted(rows).1.unwrap_err();
    assert_eq!(one(&[(&[1.0], 3.0, 3.0)]), LogisticFailure::OneOutcome);
    assert_eq!(one(&[(&[1.0], 0.0, 3.0)]), LogisticFailure::OneOutcome);
    assert_eq!(one(&[(&[1.0, 2.0], 1.0, 3.0), (&[1.0, 2.0], 2.0, 3.0)]), LogisticFailure::Collinear { column: 1 });
    assert_eq!(one(&[(&[1.0, 0.0], 0.0, 3.0), (&[1.0, 1.0], 2.0, 2.0)]), LogisticFailure::CompleteSeparation);
    assert_eq!(one(&[(&[1.0, 0.0], 1.0, 3.0), (&[1.0, 1.0], 2.0, 2.0)]), LogisticFailure::QuasiSeparation);
    assert_eq!(one(&[(&[1.0, f64::NAN], 1.0, 3.0), (&[1.0, 1.0], 1.0, 2.0)]), LogisticFailure::NotFinite);
    let mut empty = LogisticProblem::default();
    empty.clear(1);
    assert_eq!(empty.fit(), Err(LogisticFailure::NoRows));
}

#[test]
fn a_steep_but_overlapping_fit_converges() {
    let rows: Vec<[f64; 2]> = (0..40).map(|i| [1.0, f64::from(i) - 19.5]).collect();
    let outcome = |i: usize| {
        f64::from(u8::from(if i == 19 {
            true
        } else if i == 20 {
            false
        } else {
            i > 19
        }))
    };
    let rows: Vec<(&[f64], f64, f64)> = rows.iter().enumerate().map(|(i, x)| (&x[..], outcome(i), 1.0)).collect();
    let (problem, summary) = fitted(&rows);
    assert!(summary.unwrap().iterations < 40);
    assert!(problem.coefficients()[0].abs() < 1e-9 && problem.coefficients()[1] > 0.5);
}

#[test]
fn the_scale_of_a_predictor_does_not_matter() {
    let rows = |scale: f64| {
        let x: Vec<[f64; 2]> = (0..9).map(|i| [1.0, scale * f64::from(i)]).collect();
        let successes = [0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
        let rows: Vec<(&[f64], f64, f64)> = x.iter().zip(successes).map(|(x, s)| (&x[..], s, 1.0)).collect();
        fitted(&rows).0.coefficients().to_vec()
    };
    let plain = rows(1.0);
    // On these, a slope's own size would say nothing of how near the maximum is.
    for scale in [1e-14, 1e-7, 1e7, 1e14] {
        let other = rows(scale);
        assert!(
            (other[0] / plain[0] - 1.0).abs() < 1e-12 && (other[1] * scale / plain[1] - 1.0).abs() < 1e-12,
            "{scale}"
        );
    }
}

#[test]
fn what_rounding_cannot_tell_from_separation_is_no_fit() {
    // The last column is known from two rows only, which the other column puts at a probability of almost 1: nothing
    // separates them, and next to nothing is known.
    let fit = |far: f64, scale: f64| {
        let answers = [0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0];
        let mut rows: Vec<([f64; 3], f64)> =
            (0..).zip(answers).map(|(i, y)| ([1.0, f64::from(i) - 3.5, 0.0], y)).collect();
        rows.extend([([1.0, far, scale], 1.0), ([1.0, far, -scale], 1.0)]);
        let rows: Vec<(&[f64], f64, f64)> = rows.iter().map(|(x, y)| (&x[..], *y, 1.0)).collect();
        fitted(&rows).1.map(|_| ())
    };
    for scale in [1e-6, 1.0, 1e6] {
        assert_eq!(fit(5.0, scale), Ok(()), "{scale}");
        assert_eq!(fit(60.0, scale), Err(LogisticFailure::NotConverged), "{scale}");
    }
}

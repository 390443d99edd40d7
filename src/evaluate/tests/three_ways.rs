//! Failures: left out, left out together, and as the worst case.

use super::super::{performance, statuses};
use super::table::{among, row, target};
use crate::streams::{Lane, Purpose, Space, Streams, normal_quantile};
use crate::tables::{Among, Estimate, EstimateRow, FailureKind, FitFailure, PerformanceRow, WarningKind};

/// True values 0 to 3; errors of method 0 are 0, 1, 2, 3, those of method 1 are 0 and 2, and then it fails. Every interval
/// reaches 1 to each side.
fn rows() -> Vec<EstimateRow> {
    (0..4)
        .flat_map(|r| {
            let x = 2.0 * r as f64;
            let other = [Some(0.0), Some(3.0), None, None][r as usize];
            [row(0, r, 0, 0, Some(x)), row(0, r, 0, 1, other)]
        })
        .collect()
}

fn value(all: &[PerformanceRow], method: u32, measure: &str, which: Among) -> Option<(f64, u64)> {
    let row = among(all, (0, 0, method), measure, which)?;
    Some((row.measured.value.expect(measure), row.replicates))
}

#[test]
fn three_ways_by_hand() {
    let targets = [target(Some(0.0))];
    let all = performance(&rows(), |_| &targets);
    let at = |method, measure, which| value(&all, method, measure, which);
    assert_eq!(at(0, "bias", Among::Own), Some((1.5, 4)));
    assert_eq!(at(0, "bias", Among::Common), Some((0.5, 2)));
    assert_eq!(at(1, "bias", Among::Own), Some((1.0, 2)));
    assert_eq!(at(1, "bias", Among::Common), Some((1.0, 2)));
    assert_eq!(at(0, "coverage", Among::Own), Some((0.5, 4)));
    assert_eq!(at(0, "coverage", Among::Common), Some((1.0, 2)));
    assert_eq!(at(0, "coverage", Among::Worst), Some((0.5, 4)));
    assert_eq!(at(1, "coverage", Among::Own), Some((0.5, 2)));
    assert_eq!(at(1, "coverage", Among::Worst), Some((0.25, 4)));
    assert_eq!(at(1, "coverage_worst_case", Among::Own), Some((0.25, 4)));
    assert_eq!(at(0, "rejection", Among::Own), Some((0.75, 4)));
    assert_eq!(at(0, "rejection", Among::Common), Some((0.5, 2)));
    assert_eq!(at(1, "rejection", Among::Own), Some((0.5, 2)));
    assert_eq!(at(1, "rejection", Among::Worst), Some((0.25, 4)));
    assert_eq!(at(1, "bias", Among::Worst), None, "it has no bound");
    let mcse = among(&all, (0, 0, 1), "rejection", Among::Worst).and_then(|r| r.measured.mcse);
    assert_eq!(mcse, Some((0.25 * 0.75 / 4.0_f64).sqrt()));
    // The comparison with the first method is among the common replicates anyway.
    let difference = [Among::Own, Among::Common].map(|which| at(1, "paired_difference", which));
    assert_eq!(difference, [Some((0.5, 2)); 2]);
}

#[test]
fn without_failures_there_is_one_way() {
    let mut rows = rows();
    rows.retain(|r| r.replicate < 2);
    assert!(performance(&rows, |_| &[]).iter().all(|r| r.among == Among::Own));
}

#[test]
fn only_the_estimand_and_condition_that_fail_have_three_ways() {
    let mut all = rows();
    all.extend((0..4).map(|r| row(0, r, 1, 0, Some(0.0))));
    all.extend((0..4).map(|r| row(1, r, 0, 0, Some(0.0))));
    let elsewhere = performance(&all, |_| &[]).into_iter().filter(|r| (r.condition, r.estimand) != (0, 0));
    assert!(elsewhere.map(|r| r.among).all(|a| a == Among::Own));
}

#[test]
fn a_missing_standard_error_or_interval_leaves_the_estimate() {
    let mut rows = rows();
    for r in &mut rows {
        if let (Ok(estimate), 0) = (&mut r.result, r.method) {
            (estimate.model_se, estimate.interval) = match r.replicate {
                3 => (None, None),
                _ => (estimate.model_se, estimate.interval),
            };
        }
    }
    rows.retain(|r| r.method == 0);
    let all = performance(&rows, |_| &[]);
    assert_eq!(value(&all, 0, "bias", Among::Own), Some((1.5, 4)));
    assert_eq!(value(&all, 0, "model_se", Among::Own).map(|v| v.1), Some(3));
    assert_eq!(value(&all, 0, "coverage", Among::Own), Some((2.0 / 3.0, 3)));
    assert_eq!(value(&all, 0, "coverage", Among::Worst), Some((0.5, 4)));
    assert_eq!(value(&all, 0, "bias", Among::Common), Some((1.5, 4)));
}

#[test]
fn a_method_that_never_gives_an_interval_is_no_failure() {
    let mut rows = rows();
    rows.retain(|r| r.method == 0);
    for r in &mut rows {
        r.result = r.result.clone().map(|e| Estimate { interval: None, ..e });
    }
    assert!(performance(&rows, |_| &[]).iter().all(|r| r.among == Among::Own));
}

/// Of the four fits of method 1 three succeed, two of them with warnings; method 0 fails where one of these is.
#[test]
fn warnings_are_counted_beside_failures() {
    let warned = |replicate, method, estimate: Option<f64>, warning| {
        let mut row = row(0, replicate, 0, method, estimate);
        row.result = row.result.map(|e| e.warned(warning));
        row
    };
    let (small, cut) = (Some(WarningKind::SmallCounts), Some(WarningKind::LimitCut));
    let rows = [
        warned(0, 0, None, None),
        warned(0, 1, Some(1.0), cut),
        warned(1, 0, Some(1.0), None),
        warned(1, 1, Some(2.0), small),
        warned(2, 0, Some(1.0), None),
        warned(2, 1, Some(f64::NAN), small),
        warned(3, 0, Some(1.0), None),
        warned(3, 1, Some(3.0), None),
    ];
    let found = statuses(&rows);
    let of_second: Vec<_> = found.iter().filter(|s| s.method == 1).collect();
    let seen: Vec<_> = of_second.iter().map(|s| (s.status(), s.warning, s.count, s.code())).collect();
    let wanted =
        [("ok", None, 1, ""), ("ok", small, 1, "W0009"), ("ok", cut, 1, "W0010"), ("not_finite", None, 1, "F0009")];
    assert_eq!(seen, wanted);
    assert_eq!(of_second.iter().filter_map(|s| s.share.value).sum::<f64>(), 1.0);
    assert_eq!(of_second[1].share.mcse, Some((0.25_f64 * 0.75 / 4.0).sqrt()));
    let all = performance(&rows, |_| &[]);
    let share = |method, which| among(&all, (0, 0, method), "warnings", which).expect("there").measured;
    assert_eq!((share(0, Among::Own).value, share(1, Among::Own).value), (Some(0.0), Some(0.5)));
    assert_eq!(share(1, Among::Own).mcse, Some(0.25));
    // Both gave an estimate in replicates 1 and 3.
    assert_eq!((share(0, Among::Common).value, share(1, Among::Common).value), (Some(0.0), Some(0.5)));
    assert_eq!(share(1, Among::Common).mcse, Some((0.25_f64 / 2.0).sqrt()));
}

#[test]
fn statuses_with_their_shares() {
    let mut rows = rows();
    rows[7].result = Err(FitFailure::new(FailureKind::Boundary, "here"));
    rows[6].result = Ok(Estimate { estimate: f64::INFINITY, ..Estimate::default() });
    rows.reverse();
    let found: Vec<_> =
        statuses(&rows).iter().map(|s| (s.method, s.status(), s.count, s.share.value, s.example.clone())).collect();
    let text = str::to_owned;
    assert_eq!(
        found,
        [
            (0, "ok", 3, Some(0.75), text("")),
            (0, "not_finite", 1, Some(0.25), text("the estimate is inf")),
            (1, "ok", 2, Some(0.5), text("")),
            (1, "too_few", 1, Some(0.25), text("")),
            (1, "boundary", 1, Some(0.25), text("here")),
        ]
    );
    assert_eq!(statuses(&rows)[0].share.mcse, Some((0.75 * 0.25 / 4.0_f64).sqrt()));
}

/// Method 0 has no bias. Method 1 has none either in the data sets taken together, but fails in those where method 0
/// estimates the most: what is left of it is biased, and so is method 0 in what is left. Nobody who sees only one of the
/// two numbers can tell.
#[test]
fn failures_chosen_by_the_estimate_of_another_method() {
    const N: usize = 4000;
    let normals = |occasion| {
        let lane = Lane { purpose: Purpose::named("three ways"), occasion, replicate: 0, stratum: 0 };
        let mut unit = vec![0.0; N];
        Streams::new(11, Space::Study).fill_unit(&lane, 0, &mut unit);
        unit.into_iter().map(normal_quantile).collect::<Vec<f64>>()
    };
    let (z, noise) = (normals(0), normals(1));
    let rows: Vec<EstimateRow> = (0..N)
        .flat_map(|i| {
            let truth = i as f64;
            let other = (z[i] < normal_quantile(0.7)).then_some(truth + 0.8 * z[i] + 0.6 * noise[i]);
            [row(0, i as u64, 0, 0, Some(truth + z[i])), row(0, i as u64, 0, 1, other)]
        })
        .collect();
    let all = performance(&rows, |_| &[]);
    let bias = |method, which| among(&all, (0, 0, method), "bias", which).expect("there").measured;
    let far = |method, which| bias(method, which).value.expect("defined") / bias(method, which).mcse.expect("defined");
    assert!(far(0, Among::Own).abs() < 4.0, "{}", far(0, Among::Own));
    // The mean of a standard normal below its quantile 0.7 is -0.497.
    let left = -0.496_7;
    assert!(far(0, Among::Common) < -10.0 && (bias(0, Among::Common).value.expect("defined") - left).abs() < 0.07);
    assert!(far(1, Among::Own) < -10.0 && (bias(1, Among::Own).value.expect("defined") - 0.8 * left).abs() < 0.07);
    assert_eq!(bias(1, Among::Own), bias(1, Among::Common));
    let failed = among(&all, (0, 0, 1), "non_convergence", Among::Own).expect("there").measured;
    assert!((failed.value.expect("defined") - 0.3).abs() < 4.0 * failed.mcse.expect("defined"));
}

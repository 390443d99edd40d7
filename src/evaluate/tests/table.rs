//! From rows of estimates to rows of performance.

use super::super::performance;
use crate::diagnostic::{Span, Text};
use crate::tables::{
    Among, Estimate, EstimateRow, FailureKind, FitFailure, PerformanceRow, Quantity, Target, TargetTruth,
};

pub(super) fn target(null: Option<f64>) -> Target {
    Target {
        name: String::new(),
        span: Span::default(),
        of: Text::default(),
        level: None,
        quantity: Quantity::Mean { wave: 0 },
        restrict: None,
        compare: None,
        constants: Vec::new(),
        null,
        truth: TargetTruth::Cohort,
        level_of_confidence: 0.95,
    }
}

pub(super) fn row(condition: u32, replicate: u64, estimand: u32, method: u32, estimate: Option<f64>) -> EstimateRow {
    let fit =
        |x| Estimate { estimate: x, model_se: Some(1.0), interval: Some((x - 1.0, x + 1.0)), ..Estimate::default() };
    EstimateRow {
        condition,
        replicate,
        estimand,
        method,
        true_value: replicate as f64,
        result: estimate.map(fit).ok_or_else(|| FitFailure::new(FailureKind::TooFew, "")),
        links: None,
    }
}

/// Two conditions, four replicates, method 0 for both estimands and method 2 for the second, some fits failed.
fn rows() -> Vec<EstimateRow> {
    let mut rows = Vec::new();
    for condition in 0..2 {
        for replicate in 0..4 {
            let x = f64::from(condition) + replicate as f64;
            rows.push(row(condition, replicate, 0, 0, Some(x)));
            rows.push(row(condition, replicate, 1, 0, (replicate != 1).then_some(x * 1.5)));
            rows.push(row(condition, replicate, 1, 2, (replicate != 3).then_some(x * x)));
        }
    }
    rows
}

fn find<'a>(all: &'a [PerformanceRow], key: (u32, u32, u32), measure: &str) -> &'a PerformanceRow {
    among(all, key, measure, Among::Own).expect(measure)
}

pub(super) fn among<'a>(
    all: &'a [PerformanceRow],
    key: (u32, u32, u32),
    measure: &str,
    among: Among,
) -> Option<&'a PerformanceRow> {
    let wanted = |r: &&PerformanceRow| (r.condition, r.estimand, r.method) == key && r.measure == measure;
    all.iter().filter(wanted).find(|r| r.among == among)
}

#[test]
fn rows_are_grouped_and_failures_counted() {
    let targets = [target(None), target(Some(0.0))];
    let all = performance(&rows(), |_| &targets);
    let groups: Vec<(u32, u32, u32)> = all
        .chunk_by(|a, b| a.method == b.method && a.estimand == b.estimand && a.condition == b.condition)
        .map(|g| (g[0].condition, g[0].estimand, g[0].method))
        .collect();
    assert_eq!(groups, [(0, 0, 0), (0, 1, 0), (0, 1, 2), (1, 0, 0), (1, 1, 0), (1, 1, 2)]);
    let bias = find(&all, (1, 0, 0), "bias");
    assert_eq!((bias.measured.value, bias.measured.mcse, bias.replicates), (Some(1.0), Some(0.0), 4));
    let failed = find(&all, (0, 1, 0), "non_convergence");
    assert_eq!((failed.measured.value, failed.replicates), (Some(0.25), 4));
    assert_eq!(find(&all, (0, 1, 0), "bias").replicates, 3);
    assert_eq!(find(&all, (0, 0, 0), "rejection").measured.value, None, "the first estimand has no null");
    assert!(find(&all, (0, 1, 0), "rejection").measured.value.is_some());
}

#[test]
fn the_reference_is_the_first_method_on_common_replicates() {
    let all = performance(&rows(), |_| &[]);
    assert_eq!(find(&all, (0, 1, 0), "paired_difference").measured.value, None, "the first method is the yardstick");
    // Replicates 0 and 2 have both: 0 - 0 and 4 - 3.
    let difference = find(&all, (0, 1, 2), "paired_difference");
    assert_eq!((difference.measured.value, difference.replicates), (Some(0.5), 2));
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let sorted = rows();
    let mut shuffled = Vec::new();
    for k in 0..sorted.len() {
        shuffled.push(sorted[(k * 7 + 3) % sorted.len()].clone());
    }
    assert_eq!(performance(&shuffled, |_| &[]), performance(&sorted, |_| &[]));
}

#[test]
fn absent_rows_are_not_failures() {
    let mut rows = rows();
    rows.retain(|r| !(r.replicate == 0 && r.method == 2));
    let all = performance(&rows, |_| &[]);
    let failed = find(&all, (0, 1, 2), "non_convergence");
    assert_eq!((failed.measured.value, failed.replicates), (Some(1.0 / 3.0), 3));
    assert_eq!(find(&all, (0, 1, 2), "paired_difference").replicates, 1);
    assert!(performance(&[], |_| &[]).is_empty());
}

#[test]
fn an_estimate_that_is_not_finite_is_a_failure() {
    let rows = [row(0, 0, 0, 0, Some(f64::NAN)), row(0, 1, 0, 0, Some(1.0))];
    let all = performance(&rows, |_| &[]);
    assert_eq!(find(&all, (0, 0, 0), "non_convergence").measured.value, Some(0.5));
    assert_eq!(find(&all, (0, 0, 0), "bias").replicates, 1);
}

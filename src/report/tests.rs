//! One small result, as each format shows it.

use super::*;
use crate::tables::audit::AuditCount;
use crate::tables::{
    ConditionResult, FailureCount, FailureKind, Measured, MechanismRow, Spent, TrueValueRow, TruthSource,
};
use insta::assert_snapshot;

fn performance(condition: u32, estimand: u32, method: u32, values: [(f64, f64); 5]) -> Vec<PerformanceRow> {
    let names = ["bias", "empirical_se", "rmse", "model_se", "coverage"];
    let rows = names.into_iter().zip(values).map(|(measure, (value, mcse))| PerformanceRow {
        condition,
        estimand,
        method,
        measure,
        replicates: 1000,
        measured: Measured { value: (!value.is_nan()).then_some(value), mcse: (!mcse.is_nan()).then_some(mcse) },
    });
    rows.collect()
}

fn condition(number: u32, lost: &str, true_values: Vec<TrueValueRow>) -> ConditionResult {
    ConditionResult {
        number,
        factors: vec![("lost".to_owned(), lost.to_owned())],
        replicates: 1000,
        persons: 3400,
        true_values,
        mechanisms: vec![
            MechanismRow {
                name: "dropout".to_owned(),
                reads: vec!["true well at the wave before".to_owned()],
                missingness: Some("MNAR"),
            },
            MechanismRow { name: "misclassification of well".to_owned(), reads: vec![], missingness: None },
        ],
        audit: vec![AuditCount { item: "well".to_owned(), wave: 1, cells: reasons(&[880, 100, 0, 0, 5, 15]) }],
    }
}

fn example() -> StudyResult {
    let exact = TrueValueRow { source: TruthSource::Exact, true_value: 0.431_234_5, mcse: 0.0 };
    let large = TrueValueRow { source: TruthSource::MonteCarlo, true_value: 0.431_234_5, mcse: 0.000_493 };
    let cohort = TrueValueRow { source: TruthSource::Cohort, true_value: -0.25, mcse: 0.01 };
    let nan = f64::NAN;
    StudyResult {
        title: "Who stays".to_owned(),
        aims: "Does weighting mend what dropout does?".to_owned(),
        seed: 20_101,
        scenario_hash: "0123456789abcdef0123456789abcdef".to_owned(),
        version: "0.1.0".to_owned(),
        confidence: 0.95,
        replicates_asked: 1000,
        estimands: vec!["well, wave 5".to_owned(), "difference".to_owned()],
        methods: vec!["complete records".to_owned(), "weighted".to_owned()],
        conditions: vec![condition(0, "0.05", vec![exact, cohort]), condition(1, "true", vec![large, cohort])],
        performance: [
            performance(0, 0, 0, [(0.031, 0.0021), (0.066, 0.0015), (0.073, 0.0017), (0.0651, 0.0001), (0.911, 0.009)]),
            performance(0, 0, 1, [(0.0013, 0.0022), (0.07, 0.0016), (0.07, 0.0016), (nan, nan), (0.944, 0.0073)]),
            performance(1, 0, 0, [(-1e-6, 0.0021), (0.066, 0.0015), (0.073, 0.0017), (0.0651, 0.0001), (0.95, nan)]),
        ]
        .concat(),
        failures: vec![FailureCount {
            condition: 0,
            estimand: 0,
            method: 1,
            kind: FailureKind::NotConverged,
            count: 12,
            example: "weights of wave 3, 25 iterations".to_owned(),
        }],
        ..StudyResult::default()
    }
}

#[test]
fn terminal_wide() {
    let spent = Spent { simulate: 1.0, observe: 1.0, methods: 6.0, wall: 4.2, threads: 2, ..Spent::default() };
    assert_snapshot!(terminal(&example(), Some(&spent), &Style { width: 100, colour: false }));
}

#[test]
fn terminal_narrow_folds_its_tables() {
    let text = terminal(&example(), None, &Style { width: 60, colour: false });
    for line in text.lines().filter(|l| l.starts_with("      ")) {
        assert!(line.chars().count() <= 60, "{line}");
    }
    assert_snapshot!(text);
}

#[test]
fn colour_changes_nothing_but_escapes() {
    let plain = terminal(&example(), None, &Style { width: 80, colour: false });
    let colour = terminal(&example(), None, &Style { width: 80, colour: true });
    assert!(colour.contains('\u{1b}') && !plain.contains('\u{1b}'));
    assert_eq!(colour.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""), plain);
}

#[test]
fn an_interrupted_study_says_so() {
    let mut result = example();
    result.interrupted = true;
    result.conditions[1].replicates = 400;
    let text = terminal(&result, None, &Style { width: 80, colour: false });
    assert!(text.contains("stopped early: at least 400 of 1,000 replicates"), "{text}");
    assert!(text.contains("lost = true; 3,400 persons, 400 of 1,000 replicates"), "{text}");
}

#[test]
fn a_result_without_anything_is_shown() {
    let text = terminal(&StudyResult::default(), Some(&Spent::default()), &Style { width: 0, colour: false });
    assert!(text.contains("0 replicates"));
    assert!(json(&StudyResult::default()).contains("\"conditions\": []"));
}

#[test]
fn json_whole() {
    assert_snapshot!(json(&example()));
}

/// Cells of the first reasons, none of the others.
fn reasons(first: &[u64]) -> [u64; crate::tables::Reason::ALL.len()] {
    let mut cells = [0; crate::tables::Reason::ALL.len()];
    cells[..first.len()].copy_from_slice(first);
    cells
}

//! One small result, as each format shows it.

use super::*;
use crate::tables::audit::AuditCount;
use crate::tables::{
    Among, ConditionResult, ContrastRow, FailureKind, Measured, MechanismRow, Spent, StatusCount, TrueValueRow,
    TruthSource,
};
use insta::assert_snapshot;

fn performance(condition: u32, estimand: u32, method: u32, values: [(f64, f64); 5]) -> Vec<PerformanceRow> {
    let names = ["bias", "empirical_se", "rmse", "model_se", "coverage"];
    let rows = names.into_iter().zip(values).map(|(measure, (value, mcse))| PerformanceRow {
        condition,
        estimand,
        method,
        measure,
        among: Among::Own,
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
        statuses: vec![StatusCount {
            condition: 0,
            estimand: 0,
            method: 1,
            failure: Some(FailureKind::NotConverged),
            warning: None,
            count: 12,
            share: Measured { value: Some(0.012), mcse: Some(0.0034) },
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

/// Both methods of the first condition where all succeeded, the second with failures as the worst case, and differences.
fn with_failures() -> StudyResult {
    let mut result = example();
    let measured = |value, mcse| Measured { value: Some(value), mcse: Some(mcse) };
    let row = |method, measure, among, replicates, measured| PerformanceRow {
        condition: 0,
        estimand: 0,
        method,
        measure,
        among,
        replicates,
        measured,
    };
    result.performance.extend([
        row(0, "bias", Among::Common, 988, measured(0.029, 0.0021)),
        row(0, "coverage", Among::Common, 988, measured(0.913, 0.009)),
        row(0, "rejection", Among::Common, 988, measured(0.55, 0.016)),
        row(0, "coverage", Among::Worst, 1000, measured(0.911, 0.009)),
        row(1, "bias", Among::Common, 988, measured(0.0013, 0.0022)),
        row(1, "coverage", Among::Common, 988, measured(0.944, 0.0073)),
        row(1, "rejection", Among::Common, 988, measured(0.45, 0.016)),
        row(1, "coverage", Among::Worst, 1000, measured(0.933, 0.0079)),
        row(1, "rejection", Among::Worst, 1000, measured(0.445, 0.0157)),
    ]);
    for row in &mut result.performance {
        if row.method == 1 && row.among == Among::Own {
            row.replicates = 988;
        }
    }
    let contrast = |(condition, method), (against_condition, against_method), measure, measured| ContrastRow {
        condition,
        estimand: 0,
        method,
        against_condition,
        against_method,
        measure,
        pairs: 988,
        measured,
    };
    result.contrasts = vec![
        contrast((0, 1), (0, 0), "bias", measured(-0.0278, 0.0009)),
        contrast((0, 1), (0, 0), "empirical_se", measured(0.004, 0.0007)),
        contrast((0, 1), (0, 0), "coverage", measured(0.031, 0.006)),
        contrast((0, 1), (0, 0), "rejection", Measured::default()),
        contrast((1, 0), (0, 0), "bias", measured(-0.031, 0.0004)),
        contrast((1, 0), (0, 0), "coverage", measured(0.01, 0.006)),
    ];
    result
}

#[test]
fn failures_and_differences() {
    let at = |width| terminal(&with_failures(), None, &Style { width, colour: false });
    for width in [50, 80, 120] {
        for line in at(width).lines().filter(|l| l.starts_with("   ")) {
            assert!(line.chars().count() <= usize::from(width), "{line}");
        }
    }
    assert!(at(80).contains("-0.02780 (0.00090)*"), "{}", at(80));
    assert_snapshot!(format!("{}\n=== narrow ===\n{}", at(80), at(50)));
}

#[test]
fn differences_between_many_conditions_are_left_to_the_tables() {
    let mut result = with_failures();
    let shown = |result: &StudyResult| {
        terminal(result, None, &Style { width: 80, colour: false }).contains("difference to condition 1")
    };
    assert!(shown(&result));
    result.conditions.extend((2..7).map(|number| condition(number, "0", Vec::new())));
    assert!(!shown(&result));
    let value: serde_json::Value = serde_json::from_str(&json(&result)).expect("it is JSON");
    assert_eq!(value["conditions"][1]["contrasts"][0]["against_condition"], 1);
    assert_eq!(value["conditions"][0]["contrasts"][0]["against_method"], "complete records");
    assert_eq!(value["conditions"][0]["contrasts"][3]["value"], serde_json::Value::Null);
    let measures = &value["conditions"][0]["performance"][1]["measures"];
    assert_eq!(measures.as_array().and_then(|m| m.last()).expect("there")["among"], "worst");
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

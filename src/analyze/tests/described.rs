//! Methods that describe panels, agreement and wrong reports: by hand, and refusals of what makes no sense.

use super::loader::{panel, with_items};
use super::{ask, declared_method, estimate, options, stream, target};
use crate::diagnostic::{Diagnostics, Span};
use crate::options::{Entry, OptionValue};
use crate::tables::{FailureKind, Finding, Findings, ObservedBatch, Quantity, Record};

const N: f64 = f64::NAN;

fn report(method: &str, pairs: &[(&str, &str)], batch: &ObservedBatch) -> Findings {
    declared_method(method, pairs).report(&batch.replicate(0), 0.95, &mut stream()).unwrap()
}

fn number(record: &Record, key: &str) -> f64 {
    match record.get(key) {
        Some(Finding::Number(value)) => *value,
        Some(Finding::Whole(value)) => *value as f64,
        other => panic!("{key}: {other:?}"),
    }
}

fn named(findings: &Findings, name: &str) -> f64 {
    findings.estimates.iter().find(|e| e.name == name).unwrap().estimate.estimate
}

/// Ten records at one wave: five yes, three no, two without an answer; and a second item.
fn ten() -> ObservedBatch {
    with_items(&[
        ("a", vec![vec![1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, N, N]]),
        ("b", vec![vec![1.0, 1.0, 1.0, 0.0, N, 0.0, 0.0, 1.0, 1.0, N]]),
    ])
}

#[test]
fn bounds_by_hand() {
    let asked = target("a", Quantity::Prevalence { wave: 0 });
    let at = |word| estimate("bounds", &[("estimate", word)], &asked, &ten());
    let (low, middle, high) = (at("lower"), at("midpoint"), at("upper"));
    assert_eq!((low.estimate, high.estimate), (0.5, 0.7));
    assert!((middle.estimate - 0.6).abs() < 1e-15);
    assert!(low.interval == high.interval && low.interval == middle.interval);
    assert!((low.model_se.unwrap() - libm::sqrt(0.025)).abs() < 1e-15);
    // Counting half for two of ten: mean of squares 0.5 + 0.2 / 4, less 0.36, by ten.
    assert!((middle.model_se.unwrap() - libm::sqrt(0.019)).abs() < 1e-15);
    let found = report("bounds", &[("item", "a")], &ten());
    assert_eq!((number(&found.values, "lower"), number(&found.values, "missing")), (0.5, 2.0));
    let silent = with_items(&[("a", vec![vec![N, N]])]);
    let failed = ask("bounds", &[], &asked, &silent).unwrap().unwrap_err();
    assert_eq!(failed.kind, FailureKind::NoData);
    assert!(ask("bounds", &[], &target("a", Quantity::Ever { by: 0 }), &ten()).is_err());
}

#[test]
fn a_corrected_prevalence_by_hand() {
    let asked = target("a", Quantity::Prevalence { wave: 0 });
    let accuracy = [("sensitivity", "0.9"), ("specificity", "0.8")];
    // (5/8 + 0.8 - 1) / 0.7.
    let got = estimate("rogan_gladen", &accuracy, &asked, &ten());
    assert!((got.estimate - 0.425 / 0.7).abs() < 1e-15);
    assert!((got.model_se.unwrap() - libm::sqrt(15.0 / 64.0 / 8.0) / 0.7).abs() < 1e-15);
    // More yeses than such reports can give: (5/8 - 1/2) / (1/10), cut at 1 or left.
    let wrong = [("sensitivity", "0.6"), ("specificity", "0.5")];
    assert_eq!(estimate("rogan_gladen", &wrong, &asked, &ten()).estimate, 1.0);
    let raw = estimate("rogan_gladen", &[wrong[0], wrong[1], ("estimate", "raw")], &asked, &ten());
    assert!((raw.estimate - 1.25).abs() < 1e-12);
    let known = estimate("rogan_gladen", &[accuracy[0], accuracy[1], ("interval", "wald")], &asked, &ten());
    let estimated = [accuracy[0], accuracy[1], ("n_sensitivity", "40"), ("interval", "wald")];
    assert!(estimate("rogan_gladen", &estimated, &asked, &ten()).model_se > known.model_se);
}

#[test]
fn a_cooccurrence_needs_both_answers() {
    let asked = |with: &str| target("a", Quantity::Cooccurrence { wave: 0, with: super::text(with), with_level: None });
    for method in ["available_case", "complete_case", "locf"] {
        // Seven records answered both; three of them yes twice.
        assert_eq!(estimate(method, &[], &asked("b"), &ten()).estimate, 3.0 / 7.0, "{method}");
        assert_eq!(estimate(method, &[], &asked("a"), &ten()).estimate, 5.0 / 8.0, "{method}");
    }
    assert!(ask("available_case", &[], &asked("c"), &ten()).is_err());
    let two = with_items(&[
        ("a", vec![vec![1.0, 1.0, 0.0], vec![N, 1.0, 1.0]]),
        ("b", vec![vec![1.0, N, 1.0], vec![1.0, 1.0, 1.0]]),
    ]);
    let at = |method: &str| {
        let quantity = Quantity::Cooccurrence { wave: 1, with: super::text("b"), with_level: None };
        estimate(method, &[], &target("a", quantity), &two)
    };
    // Records 2 and 3 at the wave; record 3 at both waves; record 1 carried.
    assert_eq!([at("available_case"), at("complete_case"), at("locf")].map(|e| e.estimate), [1.0, 1.0, 1.0]);
    let se = |method: &str| at(method).interval.unwrap().0;
    assert!(se("complete_case") < se("available_case") && se("available_case") < se("locf"), "1, 2 and 3 records");
}

#[test]
fn columns_and_counts_say_the_same() {
    let found = report("kappa", &[("items", "[a, b]")], &ten());
    // Yes and yes 3, yes and no 1, no and yes 1, no and no 2.
    assert_eq!(number(&found.values, "units"), 7.0);
    assert!((number(&found.values, "percent_agreement") - 5.0 / 7.0).abs() < 1e-15);
    assert!((number(&found.values, "positive_agreement") - 0.75).abs() < 1e-15);
    assert!((number(&found.values, "negative_agreement") - 4.0 / 6.0).abs() < 1e-15);
    // 1 - (2/7) / (24/49).
    assert!((named(&found, "kappa") - (1.0 - 7.0 / 12.0)).abs() < 1e-15);
    let found = report("capture_recapture", &[("items", "[a, b]")], &ten());
    // 5 and 5, both 3: 36 / 4 - 1.
    assert!((named(&found, "chapman") - 8.0).abs() < 1e-12);
    let alpha = report("krippendorff_alpha", &[("items", "[a, b]")], &ten());
    assert_eq!((number(&alpha.values, "units_used"), number(&alpha.values, "pairable_values")), (7.0, 14.0));
}

#[test]
fn a_panel_file_described() {
    let batch = panel("panel_28x5.csv");
    let found = report("panel_descriptives", &[("items", "[y, y2]"), ("count", "count")], &batch);
    // Those interviewed are those who responded.
    assert_eq!(number(&found.values, "person_years_observed"), 117.0);
    assert_eq!(named(&found, "ever y"), 15.0 / 28.0);
    assert_eq!(found.warnings.len(), 1, "comments cluster: {:?}", found.warnings);
    let available = estimate("available_case", &[], &target("y", Quantity::Ever { by: 4 }), &batch);
    assert_eq!(available.estimate, 15.0 / 28.0);
    let found = report("simple_missing", &[("outcome", "score"), ("group", "group")], &batch);
    assert!(found.values.get("bounds_last_wave").is_none() && !found.estimates.is_empty());
}

#[test]
fn what_does_not_fit_is_refused() {
    let batch = panel("panel_28x5.csv");
    let fails = |method: &str, pairs: &[(&str, &str)]| {
        let refused = declared_method(method, pairs).report(&batch.replicate(0), 0.95, &mut stream());
        assert!(refused.is_err(), "{method} {pairs:?}");
    };
    fails("kappa", &[("items", "[y, y2]")]);
    fails("kappa", &[("items", "[y, y2, y3]"), ("wave", "1")]);
    fails("kappa", &[("items", "[y, y2]"), ("wave", "6")]);
    fails("icc", &[("items", "[score]"), ("wave", "1")]);
    fails("recanting", &[("item", "score")]);
    fails("panel_descriptives", &[("items", "[nothing]")]);
    fails("panel_descriptives", &[("items", "[y]"), ("count", "score")]);
    fails("simple_missing", &[("outcome", "score"), ("group", "age")]);
    fails("bounds", &[("item", "y"), ("wave", "9")]);
    fails("rogan_gladen", &[("sensitivity", "0.9"), ("specificity", "0.9")]);
}

#[test]
fn options_that_make_no_sense_have_a_number() {
    let problems = |method: &str, pairs: &[(&str, &str)], more: Vec<Entry>| {
        let entry = crate::analyze::catalogue().iter().find(|e| e.name == method).unwrap();
        let mut table = options(pairs);
        table.entries.extend(more);
        let mut problems = Diagnostics::new();
        let declared = (entry.declare)(&table, &mut problems);
        assert!(declared.is_none() || !problems.list().is_empty());
        problems.list().iter().map(|p| p.code).collect::<Vec<_>>()
    };
    let list = |key: &str, items: Vec<OptionValue>| {
        vec![Entry { key: super::text(key), value: OptionValue::List(items, Span::default()) }]
    };
    let cell = |v: &str| OptionValue::Number(super::text(v));
    let row = |cells: &[&str]| OptionValue::List(cells.iter().map(|c| cell(c)).collect(), Span::default());
    let table = |rows: Vec<OptionValue>| OptionValue::List(rows, Span::default());
    assert_eq!(problems("kappa", &[], vec![]), ["S0660"]);
    assert_eq!(problems("kappa", &[("items", "[a, b]"), ("of", "a")], vec![]), ["S0660"]);
    assert_eq!(problems("kappa", &[], list("tables", vec![table(vec![row(&["1", "2"]), row(&["1"])])])), ["S0660"]);
    assert_eq!(problems("kappa", &[], list("tables", vec![table(vec![row(&["-1"])])])), ["S0660"]);
    assert_eq!(problems("capture_recapture", &[("of", "a"), ("waves", "[0, 1]")], vec![]), ["S0660"]);
    assert_eq!(problems("rogan_gladen", &[("sensitivity", "0.5"), ("specificity", "0.5")], vec![]), ["S0660"]);
    let no_sample = [("sensitivity", "0.9"), ("specificity", "0.9"), ("interval", "lang_reiczigel")];
    assert_eq!(problems("rogan_gladen", &no_sample, vec![]), ["S0660"]);
    assert_eq!(problems("rogan_gladen", &[("sensitivity", "90")], vec![]), ["S0660", "S0103"]);
    assert_eq!(problems("rogan_gladen", &[], list("rows", vec![cell("3")])), ["S0660"]);
    assert_eq!(problems("recanting", &[], vec![]), ["S0103"]);
}

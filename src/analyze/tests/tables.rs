//! Reports on shares, rates and tables: from columns the same as from their counts.

use super::loader::{panel, with_items};
use super::{catalogue, stream, text};
use crate::analyze::{Method, NoReport, Pipeline, Step, steps};
use crate::diagnostic::{Diagnostics, Span};
use crate::options::{Entry, OptionValue, Options};
use crate::tables::{FailureKind, Finding, Findings, ObservedBatch};

const NO: f64 = f64::NAN;

fn number(value: f64) -> OptionValue {
    OptionValue::Number(text(&value.to_string()))
}

fn word(value: &str) -> OptionValue {
    OptionValue::Text(text(value))
}

fn list(values: Vec<OptionValue>) -> OptionValue {
    OptionValue::List(values, Span::default())
}

fn numbers(values: &[f64]) -> OptionValue {
    list(values.iter().map(|v| number(*v)).collect())
}

fn options(pairs: Vec<(&str, OptionValue)>) -> Options {
    let entries = pairs.into_iter().map(|(key, value)| Entry { key: text(key), value }).collect();
    Options::new("[[method]]", Span::default(), entries)
}

fn table(pairs: Vec<(&str, OptionValue)>) -> OptionValue {
    OptionValue::Table(options(pairs))
}

fn declare(method: &str, pairs: Vec<(&str, OptionValue)>) -> Result<Box<dyn Method>, Vec<&'static str>> {
    let entry = catalogue().iter().find(|e| e.name == method).unwrap();
    let mut problems = Diagnostics::new();
    let declared = (entry.declare)(&options(pairs), &mut problems);
    if problems.has_errors() {
        return Err(problems.list().iter().map(|p| p.code).collect());
    }
    Ok(declared.unwrap())
}

fn report(method: &str, pairs: Vec<(&str, OptionValue)>, data: &ObservedBatch) -> Result<Findings, NoReport> {
    declare(method, pairs).unwrap().report(&data.replicate(0), 0.95, &mut stream())
}

/// The number under a path of keys and positions.
fn at(findings: &Findings, path: &[&str]) -> Option<f64> {
    let mut value = Finding::Record(findings.values.clone());
    for key in path {
        value = match value {
            Finding::Record(record) => record.get(key).cloned().unwrap_or(Finding::None),
            Finding::List(items) => items.get(key.parse::<usize>().unwrap()).cloned().unwrap_or(Finding::None),
            _ => Finding::None,
        };
    }
    match value {
        Finding::Number(value) => Some(value),
        Finding::Whole(value) => Some(value as f64),
        _ => None,
    }
}

/// Ten records, two waves: `y` yes/no with gaps, `arm` 0/1, `count`, `site` 1 to 3.
fn ten() -> ObservedBatch {
    let same = |values: [f64; 10]| vec![values.to_vec(), values.to_vec()];
    with_items(&[
        (
            "y",
            vec![
                vec![1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, NO, 0.0, 1.0],
                vec![0.0, 1.0, 0.0, 0.0, 1.0, NO, 1.0, 1.0, 0.0, 0.0],
            ],
        ),
        ("arm", same([1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0])),
        ("count", vec![vec![2.0, 0.0, 1.0, NO, 0.0, 3.0, 0.0, 0.0, 1.0, 0.0], vec![1.0; 10]]),
        ("site", same([1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0])),
        ("flat", same([4.0; 10])),
    ])
}

fn arms() -> (&'static str, OptionValue) {
    ("compare", list(vec![word("arm == 1"), word("arm == 0")]))
}

#[test]
fn shares_by_wave() {
    // Wave 1: 5 of 9; wave 2: 4 of 9.
    let found = report("proportion", vec![("of", word("y"))], &ten()).unwrap();
    assert_eq!(
        (at(&found, &["x", "0"]), at(&found, &["n", "0"]), at(&found, &["x", "1"])),
        (Some(5.0), Some(9.0), Some(4.0))
    );
    let given = report("proportion", vec![("x", numbers(&[5.0, 4.0])), ("n", numbers(&[9.0, 9.0]))], &ten()).unwrap();
    assert_eq!(found, given);
    assert_eq!(found.estimates[1].name, "share 2");
    let one = report("proportion", vec![("of", word("y")), ("wave", number(2.0)), ("interval", word("mid_p"))], &ten());
    let one = one.unwrap();
    assert_eq!(one.estimates[0].name, "share");
    let interval = one.estimates[0].estimate.interval.unwrap();
    assert_eq!(
        (at(&one, &["mid_p", "lower", "0"]), at(&one, &["mid_p", "upper", "0"])),
        (Some(interval.0), Some(interval.1))
    );
    let lost = with_items(&[("y", vec![vec![1.0, 0.0], vec![NO, NO]])]);
    let found = report("proportion", vec![("of", word("y"))], &lost).unwrap();
    assert_eq!((at(&found, &["estimate", "1"]), at(&found, &["wilson", "lower", "1"])), (None, None));
    let nobody = with_items(&[("y", vec![vec![NO, NO]])]);
    let failed = report("proportion", vec![("of", word("y"))], &nobody).unwrap_err();
    assert!(matches!(failed, NoReport::Failed(failure) if failure.kind == FailureKind::NoData));
}

#[test]
fn two_groups_at_a_wave() {
    // Wave 2: arm 1 has 2 of 5, arm 0 has 2 of 4.
    let counts = || table(vec![("x1", number(2.0)), ("n1", number(5.0)), ("x2", number(2.0)), ("n2", number(4.0))]);
    for method in ["two_proportions", "exact_2x2"] {
        let found = report(method, vec![("of", word("y")), ("wave", number(2.0)), arms()], &ten()).unwrap();
        assert_eq!(found, report(method, vec![("tables", list(vec![counts()]))], &ten()).unwrap());
        let twice = report(method, vec![("tables", list(vec![counts(), counts()]))], &ten()).unwrap();
        assert!(twice.estimates.iter().any(|e| e.name.ends_with(" 2")));
        let nobody = list(vec![word("arm == 7"), word("arm == 0")]);
        let failed = report(method, vec![("of", word("y")), ("compare", nobody)], &ten()).unwrap_err();
        assert!(matches!(failed, NoReport::Failed(failure) if failure.kind == FailureKind::EmptyGroup));
        let alone = report(method, vec![("of", word("y"))], &ten());
        assert!(matches!(alone, Err(NoReport::CannotAnswer(_))));
        let late = report(method, vec![("of", word("y")), ("wave", number(3.0)), arms()], &ten());
        assert!(matches!(late, Err(NoReport::CannotAnswer(_))));
    }
}

#[test]
fn changes_between_waves() {
    // Both waves: 8 records; yes/yes 2, yes/no 3, no/yes 1, no/no 2.
    let found = report("mcnemar", vec![("of", word("y"))], &ten()).unwrap();
    let cells = ["a", "b", "c", "d"].map(|key| at(&found, &["tables", "0", key]).unwrap());
    assert_eq!(cells, [2.0, 3.0, 1.0, 2.0]);
    assert_eq!(at(&found, &["tables", "0", "chisq"]), Some(1.0));
    let back = report("mcnemar", vec![("of", word("y")), ("from", number(2.0)), ("to", number(1.0))], &ten()).unwrap();
    assert_eq!(at(&back, &["tables", "0", "diff"]), Some(-0.25));
    let still = report("mcnemar", vec![("of", word("y")), ("to", number(1.0))], &ten());
    assert!(matches!(still, Err(NoReport::CannotAnswer(_))));
}

#[test]
fn rates_of_a_count() {
    // Wave 1: 2 + 0 + 1 + 0 in 4 answers of arm 1, 3 + 0 + 0 + 1 + 0 in 5 of arm 0; half a year each.
    let found = report(
        "poisson_rate",
        vec![("of", word("count")), ("wave", number(1.0)), ("years", number(0.5)), arms()],
        &ten(),
    );
    let ratio = table(vec![("x1", number(3.0)), ("t1", number(2.0)), ("x2", number(4.0)), ("t2", number(2.5))]);
    let given = report(
        "poisson_rate",
        vec![("events", numbers(&[3.0, 4.0])), ("person_time", numbers(&[2.0, 2.5])), ("ratios", list(vec![ratio]))],
        &ten(),
    );
    assert_eq!(found.unwrap(), given.unwrap());
    let all = report("poisson_rate", vec![("of", word("count"))], &ten()).unwrap();
    assert_eq!(
        (at(&all, &["rates", "0", "events"]), at(&all, &["rates", "0", "person_time"])),
        (Some(17.0), Some(19.0))
    );
}

#[test]
fn tests_of_columns() {
    let found = report("table_tests", vec![("of", word("y"))], &ten()).unwrap();
    // Two waves: Cochran's Q, Stuart-Maxwell and Bowker are McNemar's (3 - 1)^2 / 4.
    for test in ["cochran_q", "stuart_maxwell", "bowker"] {
        assert!((at(&found, &[test, "stat"]).unwrap() - 1.0).abs() < 1e-12, "{test}");
        assert_eq!(at(&found, &[test, "df"]), Some(1.0));
    }
    // Wave 1 by site: 4 of 4 at site 1, 1 of 2 at site 2, 0 of 3 at site 3.
    let pairs = vec![("of", word("y")), ("wave", number(1.0)), ("score", word("site")), ("by", word("site")), arms()];
    let found = report("table_tests", pairs, &ten()).unwrap();
    let trend = [("x", [4.0, 1.0, 0.0]), ("n", [4.0, 2.0, 3.0]), ("score", [1.0, 2.0, 3.0])];
    let trend = table(trend.iter().map(|(key, values)| (*key, numbers(values))).collect());
    let stratum = |cells: [f64; 4]| table(["a", "b", "c", "d"].into_iter().zip(cells.map(number)).collect());
    let strata =
        list(vec![stratum([2.0, 0.0, 2.0, 0.0]), stratum([1.0, 1.0, 0.0, 0.0]), stratum([0.0, 1.0, 0.0, 2.0])]);
    let given = report("table_tests", vec![("trend", trend), ("strata", strata)], &ten()).unwrap();
    for key in ["cochran_armitage", "mantel_haenszel", "breslow_day"] {
        assert_eq!(found.values.get(key), given.values.get(key), "{key}");
    }
    assert!(at(&found, &["cochran_armitage", "chisq"]).is_some());
    let number = report("table_tests", vec![("of", word("flat"))], &ten());
    assert!(matches!(number, Err(NoReport::CannotAnswer(_))));
}

#[test]
fn two_answers_crossed() {
    // Wave 2, y by arm: 2 yes and 3 no in arm 1, 2 and 2 in arm 0.
    let found = report("two_by_two_association", vec![("of", word("y")), ("with", word("arm"))], &ten()).unwrap();
    let rows = list(vec![list(vec![number(2.0), number(2.0)]), list(vec![number(3.0), number(2.0)])]);
    assert_eq!(found, report("two_by_two_association", vec![("tables", list(vec![rows]))], &ten()).unwrap());
}

#[test]
fn options_that_cannot_be_are_refused() {
    let refused = |method: &str, pairs: Vec<(&str, OptionValue)>, code: &str| {
        let codes = declare(method, pairs).unwrap_err();
        assert!(codes.contains(&code), "{method}: {codes:?}");
    };
    for method in [
        "proportion",
        "two_proportions",
        "exact_2x2",
        "mcnemar",
        "poisson_rate",
        "table_tests",
        "two_by_two_association",
    ] {
        refused(method, vec![], "S0622");
    }
    refused("proportion", vec![("x", numbers(&[3.0])), ("n", numbers(&[2.0]))], "S0621");
    refused("proportion", vec![("x", numbers(&[3.0])), ("n", numbers(&[4.0, 5.0]))], "S0621");
    refused("proportion", vec![("x", numbers(&[3.0])), ("n", numbers(&[4.0])), ("of", word("y"))], "S0622");
    refused("proportion", vec![("of", word("y")), ("wave", number(0.0))], "S0620");
    refused("proportion", vec![("x", list(vec![word("many")])), ("n", numbers(&[4.0]))], "S0102");
    let table_of =
        |x1: f64| table(vec![("x1", number(x1)), ("n1", number(2.0)), ("x2", number(1.0)), ("n2", number(2.0))]);
    refused("proportion", vec![("x", numbers(&[1.5])), ("n", numbers(&[4.0]))], "S0621");
    refused("two_proportions", vec![("tables", list(vec![table_of(3.0)]))], "S0621");
    refused("two_proportions", vec![("tables", list(vec![table_of(0.5)]))], "S0621");
    let cells = vec![("a", number(3.0)), ("b", number(1.5)), ("c", number(2.0)), ("d", number(4.0))];
    refused("mcnemar", vec![("tables", list(vec![table(cells)]))], "S0621");
    refused("exact_2x2", vec![("tables", list(vec![table_of(0.5)]))], "S0621");
    refused("exact_2x2", vec![("tables", list(vec![table(vec![("x1", number(1.0))])]))], "S0103");
    refused("mcnemar", vec![("tables", list(vec![number(1.0)]))], "S0102");
    refused("two_proportions", vec![("of", word("y")), ("compare", list(vec![word("arm == 1")]))], "S0622");
    refused("poisson_rate", vec![("events", numbers(&[1.5])), ("person_time", numbers(&[2.0]))], "S0621");
    refused("poisson_rate", vec![("of", word("count")), ("years", number(0.0))], "S0621");
    refused("table_tests", vec![("p_values", numbers(&[0.5, 1.5]))], "S0621");
    let ragged = list(vec![numbers(&[1.0, 0.0]), numbers(&[1.0])]);
    refused("table_tests", vec![("cochran_q", table(vec![("matrix", ragged)]))], "S0621");
    let tall = list(vec![numbers(&[1.0, 0.0]), numbers(&[1.0, 0.0]), numbers(&[1.0, 0.0])]);
    refused("table_tests", vec![("stuart_maxwell", table(vec![("matrix", tall)]))], "S0621");
}

fn raking(pairs: Vec<(&str, OptionValue)>) -> Result<Pipeline, Vec<&'static str>> {
    let entry = steps().iter().find(|e| e.name == "weight.rake").unwrap();
    let mut problems = Diagnostics::new();
    let step: Option<Box<dyn Step>> = (entry.declare)(&options(pairs), &mut problems);
    if problems.has_errors() {
        return Err(problems.list().iter().map(|p| p.code).collect());
    }
    Ok(Pipeline::new(vec![("weight.rake", step.unwrap())], None))
}

fn margin(variable: &str, levels: &[f64], totals: &[f64]) -> OptionValue {
    table(vec![("variable", word(variable)), ("levels", numbers(levels)), ("totals", numbers(totals))])
}

fn raked(margins: Vec<OptionValue>, data: &ObservedBatch) -> Result<Findings, NoReport> {
    raking(vec![("margins", list(margins))]).unwrap().report(&data.replicate(0), 0.95, &mut stream())
}

#[test]
fn weights_of_each_wave() {
    let data = ten();
    let found = raked(vec![margin("arm", &[1.0, 0.0], &[20.0, 5.0])], &data).unwrap();
    for wave in ["0", "1"] {
        let of = |key: &str| at(&found, &["waves", wave, key]);
        assert_eq!((of("sum"), of("n")), (Some(25.0), Some(10.0)));
        // (20 + 5)^2 / (5 * 16 + 5 * 1).
        assert!((of("ess").unwrap() - 625.0 / 85.0).abs() < 1e-12);
        assert_eq!(at(&found, &["waves", wave, "weights", "0"]), Some(4.0));
    }
    // Those without an answer have no weight.
    let found = raked(vec![margin("y", &[1.0, 0.0], &[5.0, 5.0])], &data).unwrap();
    assert_eq!(at(&found, &["waves", "0", "n"]), Some(9.0));
    assert_eq!(at(&found, &["waves", "0", "weights", "7"]), None);
    let lost = with_items(&[("y", vec![vec![1.0, 0.0], vec![NO, NO]])]);
    let found = raked(vec![margin("y", &[1.0, 0.0], &[6.0, 4.0])], &lost).unwrap();
    assert_eq!((at(&found, &["wave"]), at(&found, &["weights", "0"])), (Some(1.0), Some(6.0)));
}

#[test]
fn raking_that_fails_says_why() {
    let failed = |margins: Vec<OptionValue>| match raked(margins, &ten()) {
        Err(NoReport::Failed(failure)) => failure.kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(failed(vec![margin("site", &[1.0, 2.0, 3.0, 4.0], &[1.0; 4])]), FailureKind::EmptyGroup);
    assert_eq!(failed(vec![margin("site", &[1.0, 2.0], &[1.0, 2.0])]), FailureKind::EmptyGroup);
    let clash = vec![margin("arm", &[1.0, 0.0], &[1.0, 1.0]), margin("arm", &[1.0, 0.0], &[0.5, 1.5])];
    assert_eq!(failed(clash), FailureKind::NotConverged);
    assert!(matches!(raked(vec![margin("arn", &[1.0], &[1.0])], &ten()), Err(NoReport::CannotAnswer(_))));
    let codes = |margins: Vec<OptionValue>| raking(vec![("margins", list(margins))]).map(|_| ()).unwrap_err();
    assert!(codes(vec![]).contains(&"S0623"));
    assert!(codes(vec![margin("arm", &[1.0], &[1.0, 2.0])]).contains(&"S0623"));
    assert!(codes(vec![margin("arm", &[1.0, 0.0], &[1.0, -2.0])]).contains(&"S0623"));
    assert!(codes(vec![margin("arm", &[1.0, 0.0], &[1.0, 1.0]), margin("site", &[1.0], &[3.0])]).contains(&"S0623"));
    assert_eq!(raking(vec![]).map(|_| ()).unwrap_err(), ["S0103"]);
}

#[test]
fn a_panel_of_the_reference_cases() {
    let data = panel("panel_28x5.csv");
    let found = report("proportion", vec![("of", word("y"))], &data).unwrap();
    assert_eq!(found.estimates.len(), 5);
    let found = report("mcnemar", vec![("of", word("y")), ("from", number(1.0)), ("to", number(3.0))], &data).unwrap();
    assert!(at(&found, &["tables", "0", "p_exact"]).is_some());
}

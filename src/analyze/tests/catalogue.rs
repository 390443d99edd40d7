//! What every method of the catalogue must do.

use super::{catalogue, coefficient, comparing, options, regression, stream, target};
use crate::analyze::{Entry, Method};
use crate::diagnostic::Diagnostics;
use crate::statistics::regression::Family;
use crate::tables::observed::{AnswerColumn, ObservedVariable};
use crate::tables::{CellHolds, CellUnit, TableCell};
use crate::tables::{Coding, Estimate, FailureKind, FitFailure, ObservedBatch, ObservedSchema, Quantity, Target};
use proptest::prelude::*;
use std::sync::Arc;

/// What a data set of one replicate holds, before it is laid out in columns.
#[derive(Clone, Debug)]
struct Person {
    group: u8,
    age: f64,
    arm: u8,
    /// Per wave: yes/no (2 for no answer) and a number (NaN for no answer).
    answers: Vec<(u8, f64)>,
}

fn batch(persons: &[Person], waves: usize) -> ObservedBatch {
    let variable = |name: &str, coding| ObservedVariable { name: name.to_owned(), coding };
    let yes_no = || Some(Arc::new(Coding::yes_no().with_missing()));
    let schema = ObservedSchema {
        groups: vec!["men".to_owned(), "women".to_owned()],
        sites: Vec::new(),
        baseline: vec![variable("age", None), variable("arm", yes_no())],
        items: vec![variable("well", yes_no()), variable("score", None)],
        wave_years: (0..waves).map(|w| w as f64).collect(),
        records: persons.len(),
        cells: ["yes", "answers"].map(counted).into(),
        ..ObservedSchema::default()
    };
    let said = |code: u8| persons.iter().filter(|p| p.answers[waves - 1].0 == code).count() as f64;
    let column = |of: &dyn Fn(&Person) -> u8| AnswerColumn::Coded(persons.iter().map(of).collect());
    ObservedBatch {
        schema: Arc::new(schema),
        replicates: 0..1,
        group: persons.iter().map(|p| p.group).collect(),
        baseline: vec![AnswerColumn::Number(persons.iter().map(|p| p.age).collect()), column(&|p| p.arm)],
        attended: (0..waves).map(|w| persons.iter().map(|p| p.answers[w].0 < 2).collect()).collect(),
        answers: vec![
            (0..waves).map(|w| column(&|p| p.answers[w].0)).collect(),
            (0..waves).map(|w| AnswerColumn::Number(persons.iter().map(|p| p.answers[w].1).collect())).collect(),
        ],
        cells: vec![said(1), said(0) + said(1)],
        ..ObservedBatch::default()
    }
}

/// A cell `t.ID` that counts persons.
fn counted(id: &str) -> TableCell {
    TableCell { id: format!("t.{id}"), holds: CellHolds::Count(CellUnit::Persons) }
}

/// 24 persons, 3 waves, with gaps, leavers, both arms and both groups; no two persons alike.
fn tiny() -> Vec<Person> {
    (0..24_u32)
        .map(|i| {
            let mix = |k: u32| (i * 37 + k * 101 + (i / 3) * 13) % 17;
            // No combination of the scores of other waves, even among those who stay.
            let score = |w: u32| (i * (29 + 5 * w) + w * 53 + (i / 3) * (7 + w)) % 19;
            let stays = if mix(1) < 4 {
                1
            } else if mix(1) < 8 {
                2
            } else {
                3
            };
            let answers = (0..3_u32)
                .map(|w| match w < stays && !(w == 1 && i % 11 == 5) {
                    true => (u8::from(mix(w + 2) % 5 < 2), f64::from(score(w)) + 0.01 * f64::from(i)),
                    false => (2, f64::NAN),
                })
                .collect();
            Person { group: (i % 2) as u8, age: 15.0 + f64::from(mix(9)) / 2.0, arm: (i / 2 % 2) as u8, answers }
        })
        .collect()
}

/// A target for every kind of quantity; each method answers at least one.
fn targets() -> Vec<Target> {
    vec![
        target("well", Quantity::Prevalence { wave: 2 }),
        target("well", Quantity::Ever { by: 2 }),
        target("well", Quantity::Years { at_least: 2, consecutive: true, by: 2 }),
        target("well", Quantity::Years { at_least: 2, consecutive: false, by: 2 }),
        target("well", Quantity::Transition { from: 0, to: 2, entering: true }),
        target("well", Quantity::Transition { from: 0, to: 2, entering: false }),
        target("well", Quantity::Cooccurrence { wave: 2, with: super::text("arm"), with_level: None }),
        target("score", Quantity::Mean { wave: 2 }),
        comparing("score", 2, "arm == 1", "arm == 0"),
        comparing("well", 2, "group == 'women'", "group == 'men'"),
        Target { restrict: Some(super::text("age > 16 and well")), ..target("score", Quantity::Mean { wave: 1 }) },
        coefficient("well", "group + age", "age", true),
        coefficient("well", "group + arm", "groupwomen", true),
        coefficient("score", "group + age + arm:age", "arm:age", false),
        target("well", regression(&[0, 1], "group + factor(wave)", "groupwomen", Family::Binomial)),
        target("score", regression(&[0, 1, 2], "age + wave", "wave", Family::Gaussian)),
        Target {
            quantity: Quantity::RiskRatio { wave: 2 },
            ..comparing("well", 2, "group == 'women'", "group == 'men'")
        },
        Target { quantity: Quantity::OddsRatio { wave: 1 }, ..comparing("well", 1, "arm == 1", "arm == 0") },
    ]
}

/// Options without which a method cannot be declared, and some variants.
fn variants(entry: &Entry) -> Vec<Vec<(&'static str, &'static str)>> {
    match entry.name {
        "aipw" => vec![
            vec![("dropout_model", "1"), ("models", "per_wave"), ("lags", "1")],
            vec![("dropout_model", "arm"), ("baseline_model", "age"), ("lags", "0")],
        ],
        // The full history of so few persons separates the outcomes.
        "gcomputation" => vec![vec![("lags", "1")], vec![("baseline_model", "age"), ("lags", "0")]],
        "ipw" => vec![
            vec![("dropout_model", "1"), ("models", "per_wave"), ("cluster", "arm")],
            vec![("dropout_model", "arm"), ("mean", "horvitz_thompson"), ("errors", "estimated_weights")],
            vec![("dropout_model", "well")],
            vec![("dropout_model", "score + age + group"), ("errors", "estimated_weights")],
            vec![("dropout_model", "well + factor(wave)"), ("numerator_model", "1"), ("truncate", "0.05")],
            vec![("dropout_model", "well"), ("outcome_model", "group + age + arm + arm:age + factor(wave)")],
        ],
        "gee" => vec![
            vec![],
            vec![("correlation", "ar1"), ("errors", "kauermann_carroll"), ("test", "t")],
            vec![("correlation", "independence"), ("errors", "mancl_derouen"), ("df_rule", "n_minus_p")],
            vec![("correlation", "unstructured"), ("fall_back", "exchangeable"), ("errors", "fay_graubard")],
        ],
        "conditional_logistic" => vec![vec![("model", "well ~ score")]],
        "glm" => vec![vec![], vec![("family", "gaussian"), ("errors", "robust_cr1"), ("waves", "all")]],
        "logistic" => vec![vec![], vec![("waves", "all"), ("cluster", "person")]],
        "negative_binomial" => vec![vec![("model", "score ~ age")]],
        "ordinal_logistic" => vec![vec![("model", "well ~ age + score")]],
        "regression" => vec![
            vec![],
            vec![("errors", "hc3")],
            vec![("errors", "cr2"), ("waves", "all")],
            vec![("cluster", "person"), ("errors", "cr3"), ("waves", "all")],
        ],
        "delta_tipping" => vec![vec![], vec![("delta1", "0.5"), ("delta0", "-1")]],
        "mi_pool" => vec![vec![("estimates", "[0.3, 0.4, 0.35]"), ("variances", "[0.02, 0.03, 0.025]")]],
        "mvn_em" => vec![vec![], vec![("variables", "[score, age]")]],
        "separation" => vec![vec![("model", "well ~ age + score")]],
        "bounds" => vec![vec![("item", "well")], vec![("estimate", "lower")], vec![("estimate", "upper")]],
        "capture_recapture" | "kappa" => vec![vec![("of", "well"), ("waves", "[1, 2]")]],
        "fellegi_sunter" => vec![vec![("fields", "[well, arm, group]")]],
        "icc" => vec![vec![("of", "score")]],
        "krippendorff_alpha" => vec![vec![("of", "score")], vec![("items", "[well, arm]"), ("wave", "1")]],
        "panel_descriptives" => vec![vec![("items", "[well]")]],
        "recanting" => vec![vec![("item", "well")]],
        "rogan_gladen" => vec![
            vec![("sensitivity", "0.9"), ("specificity", "0.95"), ("item", "well")],
            vec![("sensitivity", "0.9"), ("specificity", "0.95"), ("n_sensitivity", "50"), ("interval", "exact")],
            vec![("sensitivity", "0.8"), ("specificity", "1"), ("n_sensitivity", "50"), ("estimate", "clipped")],
        ],
        "printed" => vec![vec![("cell", "t.yes"), ("of", "t.answers")]],
        "simple_missing" => vec![vec![("outcome", "score"), ("binary", "well"), ("group", "arm")]],
        "string_comparators" => vec![vec![("a", "[MARTHA]"), ("b", "[MARHTA]")]],
        "two_by_two_association" => vec![vec![("of", "well"), ("with", "arm")]],
        "exact_2x2" | "two_proportions" => vec![vec![("of", "well"), ("compare", "[arm == 1, arm == 0]")]],
        "mcnemar" | "poisson_rate" | "proportion" | "table_tests" => vec![vec![("of", "well")]],
        _ => vec![vec![]],
    }
}

fn declared(entry: &Entry, pairs: &[(&str, &str)]) -> Box<dyn Method> {
    let mut problems = Diagnostics::new();
    let method = (entry.declare)(&options(pairs), &mut problems);
    assert!(problems.list().is_empty(), "{:?}", problems.list());
    method.unwrap()
}

type Answer = Result<Estimate, FitFailure>;

/// All answers of all methods for all targets that they take on.
fn answers(data: &ObservedBatch) -> Vec<(String, Answer)> {
    let mut list = Vec::new();
    for entry in catalogue() {
        for pairs in variants(entry) {
            let method = declared(entry, &pairs);
            for (k, target) in targets().iter().enumerate() {
                if let Ok(mut fit) = method.bind(target, &data.schema) {
                    let answer = fit.fit(&data.replicate(0), &mut stream());
                    list.push((format!("{} {pairs:?} target {k}", entry.name), answer));
                }
            }
        }
    }
    list
}

#[test]
fn names_are_unique_and_in_order() {
    let names: Vec<&str> = catalogue().iter().map(|e| e.name).collect();
    assert!(names.windows(2).all(|w| w[0] < w[1]), "{names:?}");
}

#[test]
fn pages_have_their_headings_and_a_source() {
    let headings = ["Estimand", "Estimator", "Assumptions", "Variance", "Failure modes", "Options", "References"];
    for entry in catalogue() {
        let found: Vec<&str> = entry.page.lines().filter_map(|l| l.strip_prefix("## ")).collect();
        assert_eq!(found, headings, "{}", entry.name);
        assert!(entry.page.contains("doi:10."), "{}", entry.name);
        assert!(!entry.summary.is_empty() && !entry.summary.ends_with('.'));
    }
}

#[test]
fn every_option_that_a_page_names_is_read() {
    for entry in catalogue() {
        let section = entry.page.split("## Options").nth(1).unwrap().split("## References").next().unwrap();
        for key in section.lines().filter_map(|l| l.strip_prefix("| `")).filter_map(|l| l.split('`').next()) {
            // A switch is the wrong kind of value for all of them: S0102, but never S0101, "no such key".
            let mut table = options(&[("dropout_model", "well")]);
            table.entries.retain(|e| e.key.text != key);
            table.entries.push(crate::options::Entry {
                key: super::text(key),
                value: crate::options::OptionValue::Switch(true, crate::diagnostic::Span::default()),
            });
            let mut problems = Diagnostics::new();
            let _ = (entry.declare)(&table, &mut problems);
            let of_key = |p: &crate::diagnostic::Diagnostic| p.message.contains(&format!("`{key}`"));
            assert!(problems.list().iter().any(|p| p.code != "S0101" && of_key(p)), "{} {key}", entry.name);
        }
    }
}

#[test]
fn every_number_that_a_page_names_is_explained() {
    for entry in catalogue() {
        let words = entry.page.split(|c: char| !c.is_alphanumeric());
        for word in words.filter(|w| w.len() == 5 && w.starts_with("F00")) {
            assert!(crate::diagnostic::page(word).is_some(), "{} {word}", entry.name);
        }
    }
}

#[test]
fn every_method_answers_on_the_tiny_cohort() {
    let list = answers(&batch(&tiny(), 3));
    for entry in catalogue() {
        let of_it: Vec<_> = list.iter().filter(|(name, _)| name.starts_with(&format!("{} ", entry.name))).collect();
        // The tiny cohort has no counts.
        assert!(!of_it.is_empty() || entry.name == "negative_binomial" || reports(entry), "{}", entry.name);
        for (name, answer) in of_it {
            if too_few(name, answer) {
                continue;
            }
            let answer = answer.as_ref().unwrap_or_else(|f| panic!("{name}: {f:?}"));
            let (low, high) = answer.interval.unwrap();
            assert!(low <= answer.estimate + 1e-12 && answer.estimate <= high + 1e-12, "{name}: {answer:?}");
            assert!(answer.model_se.unwrap() >= 0.0, "{name}: {answer:?}");
        }
    }
}

/// Under a condition too few records of the tiny cohort are left for the covariance that `mvn_em` needs.
fn too_few(name: &str, answer: &Result<Estimate, FitFailure>) -> bool {
    name.starts_with("mvn_em") && answer.as_ref().is_err_and(|f| f.kind == FailureKind::Collinear)
}

/// Whether a method has a report of the tiny cohort, with estimates that are finite.
fn reports(entry: &Entry) -> bool {
    let data = batch(&tiny(), 3);
    let report = |pairs: &Vec<(&str, &str)>| {
        let found = declared(entry, pairs).report(&data.replicate(0), 0.95, &mut stream());
        found.is_ok_and(|found| {
            !found.values.is_empty() && found.estimates.iter().all(|e| e.estimate.estimate.is_finite())
        })
    };
    variants(entry).iter().all(report)
}

#[test]
fn the_order_of_records_does_not_matter() {
    let persons = tiny();
    let mut shuffled = persons.clone();
    shuffled.reverse();
    shuffled.swap(3, 17);
    shuffled.rotate_left(7);
    for ((name, a), (_, b)) in answers(&batch(&persons, 3)).iter().zip(answers(&batch(&shuffled, 3))) {
        if too_few(name, a) {
            assert!(b.is_err(), "{name}");
            continue;
        }
        let (a, b) = (a.as_ref().unwrap(), b.unwrap());
        // An EM algorithm stops when the likelihood no longer moves, which leaves the last digits open.
        let limit = if name.starts_with("mvn_em") { 1e-6 } else { 1e-10 };
        let same = |x: f64, y: f64| (x - y).abs() <= limit * (1.0 + x.abs());
        assert!(same(a.estimate, b.estimate) && same(a.model_se.unwrap(), b.model_se.unwrap()), "{name}: {a:?} {b:?}");
    }
}

#[test]
fn the_codes_of_records_do_not_matter() {
    let mut relabelled = batch(&tiny(), 3);
    relabelled.code = (0..24).map(|i| 1000 - i).collect();
    assert_eq!(answers(&relabelled), answers(&batch(&tiny(), 3)));
}

/// No value that is not finite, whatever the data.
fn sound(list: &[(String, Answer)]) {
    for (name, answer) in list {
        if let Ok(e) = answer {
            let (low, high) = e.interval.unwrap();
            let all = [e.estimate, e.model_se.unwrap(), e.df.unwrap_or(1.0), low, high];
            assert!(all.iter().all(|v| v.is_finite()) && low <= high, "{name}: {e:?}");
        }
    }
}

#[test]
fn nothing_at_all_is_a_failure() {
    let mut silent = tiny();
    silent.iter_mut().for_each(|p| p.answers.fill((2, f64::NAN)));
    for persons in [Vec::new(), silent] {
        let list = answers(&batch(&persons, 3));
        assert!(!list.is_empty());
        for (name, answer) in list {
            assert!(answer.is_err(), "{name}: {answer:?}");
        }
    }
}

#[test]
fn one_record_and_constant_records_do_not_panic() {
    let mut constant = tiny();
    constant.iter_mut().for_each(|p| p.answers.fill((0, 2.5)));
    let mut all_yes = constant.clone();
    all_yes.iter_mut().for_each(|p| p.answers.fill((1, 2.5)));
    for persons in [tiny()[..1].to_vec(), constant, all_yes] {
        let list = answers(&batch(&persons, 3));
        sound(&list);
        for (name, answer) in list.iter().filter(|(name, _)| name.starts_with("logistic") || name.starts_with("diff")) {
            assert!(answer.is_err(), "{name}: {answer:?}");
        }
    }
}

fn person() -> impl Strategy<Value = Person> {
    let answer = (0_u8..3, prop_oneof![Just(f64::NAN), -3.0..3.0, Just(1.0)]);
    (0_u8..2, 15.0..20.0_f64, 0_u8..3, proptest::collection::vec(answer, 3))
        .prop_map(|(group, age, arm, answers)| Person { group, age: age.floor(), arm, answers })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_data_set_makes_a_method_panic(persons in proptest::collection::vec(person(), 0..12)) {
        let data = batch(&persons, 3);
        sound(&answers(&data));
        for entry in catalogue() {
            for pairs in variants(entry) {
                if let Ok(found) = declared(entry, &pairs).report(&data.replicate(0), 0.95, &mut stream()) {
                    prop_assert!(found.estimates.iter().all(|e| !e.estimate.estimate.is_nan()), "{}", entry.name);
                }
            }
        }
    }
}

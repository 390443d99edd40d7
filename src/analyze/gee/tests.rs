//! The method on small panels: what it binds to, how it relates to simpler methods, what it reports.

use crate::analyze::tests::{ask, coefficient, comparing, estimate, loader, options, regression, stream, target, text};
use crate::analyze::{CannotAnswer, Method, NoReport};
use crate::diagnostic::{Diagnostics, Span};
use crate::options::{Entry, OptionValue};
use crate::statistics::regression::{Family, Link};
use crate::tables::{Estimate, FailureKind, Finding, Findings, ObservedBatch, Quantity, Target};
use std::sync::Arc;

/// The method with these options and waves.
fn declared(pairs: &[(&str, &str)], waves: &[&str]) -> Box<dyn Method> {
    let mut table = options(pairs);
    if !waves.is_empty() {
        let list = waves.iter().map(|w| OptionValue::Number(text(w))).collect();
        table.entries.push(Entry { key: text("waves"), value: OptionValue::List(list, Span::default()) });
    }
    let mut problems = Diagnostics::new();
    let method = (super::ENTRY.declare)(&table, &mut problems);
    assert!(problems.list().is_empty(), "{:?}", problems.list());
    method.unwrap()
}

fn report(pairs: &[(&str, &str)], batch: &ObservedBatch) -> Result<Findings, NoReport> {
    declared(pairs, &[]).report(&batch.replicate(0), 0.95, &mut stream())
}

fn answer(method: &dyn Method, target: &Target, batch: &ObservedBatch) -> Result<Estimate, CannotAnswer> {
    let mut fit = method.bind(target, &batch.schema)?;
    Ok(fit.fit(&batch.replicate(0), &mut stream()).unwrap())
}

fn number(findings: &Findings, name: &str) -> f64 {
    match findings.values.get(name) {
        Some(Finding::Number(value)) => *value,
        Some(Finding::Whole(value)) => *value as f64,
        other => panic!("{name}: {other:?}"),
    }
}

fn close(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-9 * want.abs().max(1.0), "got {got}, want {want}");
}

#[test]
fn one_wave_is_a_logistic_regression() {
    let batch = loader::panel("panel_28x5.csv");
    let wanted = coefficient("y", "group + age", "age", true);
    let logistic = estimate("logistic", &[], &wanted, &batch);
    let method = declared(&[("errors", "model")], &["1"]);
    let gee = answer(method.as_ref(), &wanted, &batch).unwrap();
    close(gee.estimate, logistic.estimate);
    // Its errors have the estimated scale in them.
    let findings =
        declared(&[("model", "y ~ group + age")], &["1"]).report(&batch.replicate(0), 0.95, &mut stream()).unwrap();
    close(gee.model_se.unwrap(), logistic.model_se.unwrap() * libm::sqrt(number(&findings, "scale")));
    assert_eq!(findings.values.get("alpha"), Some(&Finding::List(vec![Finding::None])));
    assert!(findings.warnings.iter().any(|w| w.contains("one answer")), "{:?}", findings.warnings);
}

#[test]
fn differences_without_correlation_are_those_of_the_wave() {
    let batch = loader::panel("panel_28x5.csv");
    for (of, wave) in [("score", 4), ("y", 2)] {
        let wanted = comparing(of, wave, "group == '1'", "group == '0'");
        let simple = estimate("difference_in_means", &[], &wanted, &batch);
        close(estimate("gee", &[("correlation", "independence")], &wanted, &batch).estimate, simple.estimate);
        // With correlation the other waves take part.
        let with = estimate("gee", &[], &wanted, &batch).estimate;
        assert!((with - simple.estimate).abs() > 1e-6 && (with - simple.estimate).abs() < 1.0, "{with} {simple:?}");
    }
}

#[test]
fn a_condition_chooses_persons() {
    let batch = loader::panel("panel_28x5.csv");
    let everybody = comparing("score", 4, "group == '1'", "group == '0'");
    let older = Target { restrict: Some(text("age > 0")), ..everybody.clone() };
    assert_eq!(estimate("gee", &[], &everybody, &batch), estimate("gee", &[], &older, &batch));
    let nobody = Target { restrict: Some(text("age < 0")), ..everybody.clone() };
    assert_eq!(ask("gee", &[], &nobody, &batch).unwrap().unwrap_err().kind, FailureKind::NoData);
    let one_group = comparing("score", 4, "group == '1'", "age < 0");
    assert_eq!(ask("gee", &[], &one_group, &batch).unwrap().unwrap_err().kind, FailureKind::EmptyGroup);
}

#[test]
fn a_wave_of_its_own_mean_is_added_to_the_estimands_model() {
    let batch = loader::panel("panel_40x4_balanced.csv");
    let wanted = coefficient("y", "group", "group1", true);
    let own = estimate("gee", &[], &wanted, &batch);
    assert_eq!(own, estimate("gee", &[("model", "y ~ group + factor(wave)")], &wanted, &batch));
    let findings = report(&[("model", "y ~ group + factor(wave)")], &batch).unwrap();
    let found = findings.estimates.iter().find(|e| e.name == "group1").unwrap().estimate;
    assert_eq!(found, own);
    // t intervals are wider by the quantile with K - p = 40 - 5.
    let t = estimate("gee", &[("test", "t")], &wanted, &batch);
    assert_eq!((t.df, t.model_se), (Some(35.0), own.model_se));
    assert!(t.interval.unwrap().1 > own.interval.unwrap().1);
}

#[test]
fn a_wave_without_answers_is_left_out() {
    let batch = loader::panel("panel_wave3_lost.csv");
    let findings = report(&[("model", "y ~ group + factor(wave)"), ("correlation", "unstructured")], &batch).unwrap();
    let Some(Finding::List(terms)) = findings.values.get("terms") else { panic!() };
    assert!(!terms.contains(&Finding::Text("factor(wave)3".to_owned())), "{terms:?}");
    assert!(findings.warnings.iter().any(|w| w.contains("`factor(wave)3`")), "{:?}", findings.warnings);
    let wanted = comparing("score", 2, "group == '1'", "group == '0'");
    assert_eq!(ask("gee", &[], &wanted, &batch).unwrap().unwrap_err().kind, FailureKind::NoData);
    let wanted = comparing("score", 1, "group == '1'", "group == '0'");
    assert!(ask("gee", &[], &wanted, &batch).unwrap().is_ok());
}

#[test]
fn records_have_weights() {
    let batch = loader::panel("panel_40x4_balanced.csv");
    let wanted = coefficient("y", "group", "group1", true);
    let plain = estimate("gee", &[], &wanted, &batch);
    let mut weighted = batch.clone();
    let schema = Arc::make_mut(&mut weighted.schema);
    schema.weighted = true;
    weighted.weights = vec![vec![3.0; 40]; 4];
    let same = estimate("gee", &[], &wanted, &weighted);
    close(same.estimate, plain.estimate);
    close(same.model_se.unwrap(), plain.model_se.unwrap());
    // A record without weight is not there.
    let mut others = batch.clone();
    weighted.weights.iter_mut().for_each(|wave| wave[7] = 0.0);
    let item = batch.schema.item("y").unwrap();
    for wave in &mut others.answers[item] {
        if let crate::tables::observed::AnswerColumn::Coded(codes) = wave {
            codes[7] = 2;
        }
    }
    close(estimate("gee", &[], &wanted, &weighted).estimate, estimate("gee", &[], &wanted, &others).estimate);
}

#[test]
fn an_estimand_of_several_waves_has_its_own_model() {
    let batch = loader::panel("panel_28x5.csv");
    let all: Vec<usize> = (0..5).collect();
    let wanted = target("y", regression(&all, "group + wave", "group1", Family::Binomial));
    let own = estimate("gee", &[], &wanted, &batch);
    let findings = report(&[("model", "y ~ group + wave")], &batch).unwrap();
    assert_eq!(findings.estimates.iter().find(|e| e.name == "group1").unwrap().estimate, own);
    // Two waves, and the rows of those who are old enough at the wave.
    let two = target("score", regression(&[1, 3], "group + factor(wave)", "factor(wave)4", Family::Gaussian));
    let method = declared(&[("model", "score ~ group + factor(wave)")], &["2", "4"]);
    let findings = method.report(&batch.replicate(0), 0.95, &mut stream()).unwrap();
    let found = findings.estimates.iter().find(|e| e.name == "factor(wave)4").unwrap().estimate;
    assert_eq!(estimate("gee", &[], &two, &batch), found);
    let restricted = Target { restrict: Some(text("y == 1")), ..two.clone() };
    let some = estimate("gee", &[("correlation", "independence")], &restricted, &batch);
    // Without correlation the coefficients are those of one regression of all rows, and so are `glm`'s and the others'.
    close(estimate("glm", &[], &restricted, &batch).estimate, some.estimate);
    close(estimate("glm", &[], &restricted, &batch).model_se.unwrap(), some.model_se.unwrap());
    close(estimate("regression", &[], &restricted, &batch).estimate, some.estimate);
    close(estimate("regression", &[("errors", "cr0")], &restricted, &batch).model_se.unwrap(), some.model_se.unwrap());
    assert!(estimate("regression", &[], &restricted, &batch) != estimate("regression", &[], &two, &batch));
    let independent = estimate("gee", &[("correlation", "independence")], &wanted, &batch);
    let logistic = estimate("logistic", &[], &wanted, &batch);
    close(logistic.estimate, independent.estimate);
    close(logistic.model_se.unwrap(), independent.model_se.unwrap());
    // Every family and link.
    for (family, link) in [(Family::Poisson, Link::Log), (Family::Binomial, Link::Probit)] {
        let quantity = regression(&all, "group + wave", "group1", family);
        let Quantity::Coefficient { waves, model, term, family, .. } = quantity else { panic!() };
        let wanted = target("y", Quantity::Coefficient { waves, model, term, family, link });
        let gee = estimate("gee", &[("correlation", "independence")], &wanted, &batch);
        let glm = estimate("glm", &[], &wanted, &batch);
        assert!((gee.estimate - glm.estimate).abs() < 1e-8 && gee.estimate.abs() > 1e-3, "{gee:?} {glm:?}");
        assert!(
            ask("logistic", &[], &wanted, &batch).is_err()
                && ask("ipw", &[("dropout_model", "score")], &wanted, &batch).is_err()
        );
    }
    let why = |method: &str, pairs: &[(&str, &str)]| ask(method, pairs, &wanted, &batch).unwrap_err().why;
    assert!(why("gee", &[("model", "y ~ group")]).contains("of its own"));
    assert!(why("gee", &[("waves", "[1, 2]")]).contains("of its own"));
    assert!(why("glm", &[("waves", "[1, 2]")]).contains("of its own"));
    assert!(why("ipw", &[("dropout_model", "score"), ("outcome_model", "group")]).contains("of its own"));
    assert!(why("firth", &[]).contains("fits one wave"));
    assert!(why("available_case", &[]).contains("fits no regression"));
}

#[test]
fn weights_by_dropout_take_several_waves() {
    // Nobody is lost, so the weights are 1 and the errors those of the sandwich.
    let batch = loader::panel("panel_40x4_balanced.csv");
    for (of, family) in [("y", Family::Binomial), ("score", Family::Gaussian)] {
        let wanted = target(of, regression(&[1, 3], "group + factor(wave)", "factor(wave)4", family));
        let gee = estimate("gee", &[("correlation", "independence")], &wanted, &batch);
        let ipw = estimate("ipw", &[("dropout_model", "score")], &wanted, &batch);
        close(ipw.estimate, gee.estimate);
        close(ipw.model_se.unwrap(), gee.model_se.unwrap());
        let some = Target { restrict: Some(text("score > 0")), ..wanted };
        let gee = estimate("gee", &[("correlation", "independence")], &some, &batch);
        close(estimate("ipw", &[("dropout_model", "score")], &some, &batch).estimate, gee.estimate);
    }
}

#[test]
fn what_it_does_not_answer() {
    let batch = loader::panel("panel_28x5.csv");
    let why = |pairs: &[(&str, &str)], wanted: &Target| ask("gee", pairs, wanted, &batch).unwrap_err().why;
    let logistic = coefficient("y", "group", "group1", true);
    assert!(why(&[], &target("score", Quantity::Mean { wave: 0 })).contains("coefficients and differences only"));
    assert!(why(&[("link", "probit")], &logistic).contains("another family or link"));
    assert!(why(&[], &coefficient("y", "group", "(Intercept)", true)).contains("name a `model`"));
    assert!(why(&[("model", "score ~ group")], &logistic).contains("the model is of `score`"));
    assert!(why(&[("model", "y ~ group + (1 | id)")], &logistic).contains("no random terms"));
    assert!(why(&[("family", "poisson")], &comparing("score", 0, "group == '1'", "group == '0'")).contains("identity"));
    let refused = declared(&[], &["9"]).bind(&logistic, &batch.schema).err().unwrap();
    assert!(refused.why.contains("there is no wave 9"), "{refused:?}");
    let Err(NoReport::CannotAnswer(cannot)) = report(&[("model", "group")], &batch) else { panic!() };
    assert!(cannot.why.contains("names no outcome"), "{cannot:?}");
    let Err(NoReport::CannotAnswer(cannot)) = report(&[], &batch) else { panic!() };
    assert!(cannot.why.contains("needs a `model`"), "{cannot:?}");
}

#[test]
fn options_that_cannot_be() {
    for (pairs, code) in [
        (vec![("family", "gaussian"), ("link", "logit")], "S0120"),
        (vec![("model", "y ~ ~ group")], "S0605"),
        (vec![("errors", "hc3")], "S0104"),
        (vec![("cor", "ar1")], "S0101"),
    ] {
        let mut problems = Diagnostics::new();
        let _ = (super::ENTRY.declare)(&options(&pairs), &mut problems);
        assert_eq!(problems.list().first().map(|p| p.code), Some(code), "{pairs:?}");
    }
    let mut table = options(&[]);
    let zero = OptionValue::List(vec![OptionValue::Number(text("0"))], Span::default());
    table.entries.push(Entry { key: text("waves"), value: zero });
    let mut problems = Diagnostics::new();
    let _ = (super::ENTRY.declare)(&table, &mut problems);
    assert_eq!(problems.list().first().map(|p| p.code), Some("S0109"));
}

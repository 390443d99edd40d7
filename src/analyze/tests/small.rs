//! Data sets small enough to be worked by hand.

use super::{ask, coefficient, comparing, estimate, regression, target, text};
use crate::statistics::regression::Family;
use crate::tables::observed::{AnswerColumn, ObservedVariable};
use crate::tables::{Coding, FailureKind, ObservedBatch, ObservedSchema, Quantity, Target};
use std::sync::Arc;

/// Records as text: group, then per wave `1`, `0` or `.` for no answer, such as `a 10.`; and a number from the start.
fn records(lines: &[(&str, f64)]) -> ObservedBatch {
    let waves = lines[0].0.len() - 2;
    let code = |letter: u8| match letter {
        b'0' => 0,
        b'1' => 1,
        _ => 2,
    };
    let cell = |line: &str, wave: usize| code(line.as_bytes()[wave + 2]);
    let variable = |name: &str, coding| ObservedVariable { name: name.to_owned(), coding };
    let coding = Some(Arc::new(Coding::yes_no().with_missing()));
    let schema = ObservedSchema {
        groups: vec!["a".to_owned(), "b".to_owned()],
        baseline: vec![variable("x", None)],
        items: vec![variable("well", coding)],
        wave_years: (0..waves).map(|w| w as f64).collect(),
        records: lines.len(),
        ..ObservedSchema::default()
    };
    let at = |wave: usize| lines.iter().map(move |(line, _)| cell(line, wave));
    ObservedBatch {
        schema: Arc::new(schema),
        replicates: 0..1,
        group: lines.iter().map(|(line, _)| u8::from(line.starts_with('b'))).collect(),
        baseline: vec![AnswerColumn::Number(lines.iter().map(|(_, x)| *x).collect())],
        attended: (0..waves).map(|w| at(w).map(|c| c < 2).collect()).collect(),
        answers: vec![(0..waves).map(|w| AnswerColumn::Coded(at(w).collect())).collect()],
        ..ObservedBatch::default()
    }
}

/// Nine persons over four waves: a gap with return, leavers, a late arrival, one never seen.
fn nine() -> ObservedBatch {
    let lines = ["a 1111", "a 0110", "a 1.10", "a 01..", "b 0000", "b 1101", "b .011", "b 10.1", "b ...."];
    records(&lines.map(|line| (line, 0.0)))
}

/// The estimate as a number of records over another.
fn share(method: &str, quantity: Quantity, x: f64, n: f64) {
    let got = estimate(method, &[], &target("well", quantity.clone()), &nine());
    let p = x / n;
    assert!((got.estimate - p).abs() < 1e-15, "{method} {quantity:?}: got {}, want {x}/{n}", got.estimate);
    assert!((got.model_se.unwrap() - libm::sqrt(p * (1.0 - p) / n)).abs() < 1e-15);
}

#[test]
fn prevalence() {
    // Wave 3 (position 2). Complete: 1111, 0110, 0000, 1101 answered waves 1 to 3.
    share("complete_case", Quantity::Prevalence { wave: 2 }, 2.0, 4.0);
    // Available at wave 3: those and 1.10, .011.
    share("available_case", Quantity::Prevalence { wave: 2 }, 4.0, 6.0);
    // Carried: and 01.. with 1, 10.1 with 0.
    share("locf", Quantity::Prevalence { wave: 2 }, 5.0, 8.0);
}

#[test]
fn ever_and_years() {
    share("complete_case", Quantity::Ever { by: 3 }, 3.0, 4.0);
    share("available_case", Quantity::Ever { by: 3 }, 7.0, 8.0);
    share("locf", Quantity::Ever { by: 3 }, 7.0, 8.0);
    let years = |at_least, consecutive| Quantity::Years { at_least, consecutive, by: 3 };
    // Twice or more: 1111, 0110, 1101 of the complete; and 1.10, .011, 10.1 of those seen.
    share("complete_case", years(2, false), 3.0, 4.0);
    share("available_case", years(2, false), 6.0, 8.0);
    // In a row: 1111, 0110, 1101; and .011. In 1.10 the missed wave breaks the run.
    share("available_case", years(2, true), 4.0, 8.0);
    // Carried, 1.10 is 1110 and 01.. is 0111; 10.1 is 1001.
    share("locf", years(2, true), 6.0, 8.0);
    share("locf", years(3, true), 3.0, 8.0);
}

#[test]
fn transitions() {
    let moved = |from, to, entering| Quantity::Transition { from, to, entering };
    // From wave 1 to wave 3. Not yes at 1: complete 0110, 0000; available the same.
    share("complete_case", moved(0, 2, true), 1.0, 2.0);
    share("available_case", moved(0, 2, true), 1.0, 2.0);
    // Carried: and 01.. (now 011).
    share("locf", moved(0, 2, true), 2.0, 3.0);
    // Leaving: complete 1111, 1101 of which 1101 left; available and 1.10, which stayed; carried and 10.1, which left.
    share("complete_case", moved(0, 2, false), 1.0, 2.0);
    share("available_case", moved(0, 2, false), 1.0, 3.0);
    share("locf", moved(0, 2, false), 2.0, 4.0);
}

#[test]
fn conditions_and_levels() {
    let asked = Target { restrict: Some(text("group == 'b'")), ..target("well", Quantity::Prevalence { wave: 3 }) };
    let got = estimate("available_case", &[], &asked, &nine());
    assert!((got.estimate - 3.0 / 4.0).abs() < 1e-15);
    // A record without an answer is neither well nor not well.
    for (condition, want) in [("well", 1.0), ("not well", 0.0)] {
        let asked = Target { restrict: Some(text(condition)), ..target("well", Quantity::Prevalence { wave: 3 }) };
        assert_eq!(estimate("available_case", &[], &asked, &nine()).estimate, want);
    }
    let asked = Target { restrict: Some(text("x > 1")), ..target("well", Quantity::Prevalence { wave: 3 }) };
    assert_eq!(ask("available_case", &[], &asked, &nine()).unwrap().unwrap_err().kind, FailureKind::NoData);
}

#[test]
fn differences_of_shares() {
    // Wave 4: group a 1111, 0110, 1.10: 1 of 3; group b 0000, 1101, .011, 10.1: 3 of 4.
    let asked = comparing("well", 3, "group == 'a'", "group == 'b'");
    let got = estimate("difference_in_means", &[], &asked, &nine());
    assert!((got.estimate - (1.0 / 3.0 - 3.0 / 4.0)).abs() < 1e-15);
    // Variances (2/3)/2 = 1/3 and (3/4)/3 = 1/4: squared error 1/9 + 1/16.
    assert!((got.model_se.unwrap() - libm::sqrt(1.0 / 9.0 + 1.0 / 16.0)).abs() < 1e-15);
    let pooled = estimate("difference_in_means", &[("variance", "pooled")], &asked, &nine());
    assert_eq!(pooled.df, Some(5.0));
    let by_regression = estimate("regression", &[], &asked, &nine());
    assert!((pooled.model_se.unwrap() - by_regression.model_se.unwrap()).abs() < 1e-14);
    assert!((pooled.estimate - by_regression.estimate).abs() < 1e-14);
}

#[test]
fn least_squares_by_hand() {
    // Well at wave 1 on x: points (0, 0), (1, 0), (2, 1), (3, 1): slope 2/5, intercept -1/10, residual squares 1/5.
    let data = records(&[("a 0", 0.0), ("a 0", 1.0), ("b 1", 2.0), ("b 1", 3.0), ("b .", 9.0)]);
    let got = estimate("regression", &[], &coefficient("well", "x", "x", false), &data);
    assert!((got.estimate - 0.4).abs() < 1e-14 && got.df == Some(2.0));
    assert!((got.model_se.unwrap() - libm::sqrt(0.1 / 5.0)).abs() < 1e-14);
    let got = estimate("regression", &[], &coefficient("well", "x", "(Intercept)", false), &data);
    assert!((got.estimate + 0.1).abs() < 1e-14);
}

#[test]
fn odds_ratio_by_hand() {
    // Group a 1 of 3, group b 2 of 3: log odds ratio log 4, variance 1 + 1/2 + 1/2 + 1.
    let data = records(&[("a 1", 0.0), ("a 0", 0.0), ("a 0", 0.0), ("b 1", 0.0), ("b 1", 0.0), ("b 0", 0.0)]);
    for term in ["groupb", "group"] {
        let got = estimate("logistic", &[], &coefficient("well", "group", term, true), &data);
        assert!((got.estimate - libm::log(4.0)).abs() < 1e-12);
        assert!((got.model_se.unwrap() - libm::sqrt(3.0)).abs() < 1e-12);
    }
}

#[test]
fn columns_that_say_the_same_are_named() {
    let data = records(&[("a 1", 0.0), ("a 0", 0.0), ("b 0", 1.0), ("b 1", 1.0), ("b 1", 1.0)]);
    for (method, logistic) in [("logistic", true), ("regression", false)] {
        let failed = ask(method, &[], &coefficient("well", "group + x", "x", logistic), &data).unwrap().unwrap_err();
        assert_eq!(failed.kind, FailureKind::Collinear);
        assert!(failed.detail.contains("`x`"), "{failed:?}");
    }
    let constant = records(&[("a 1", 2.0), ("a 0", 2.0), ("b 0", 2.0), ("b 1", 2.0), ("b 1", 2.0)]);
    let failed = ask("logistic", &[], &coefficient("well", "x", "x", true), &constant).unwrap().unwrap_err();
    assert_eq!((failed.kind, failed.detail.contains("`x`")), (FailureKind::Constant, true));
}

#[test]
fn weighting_by_hand() {
    // Two waves. Of 4 not well at wave 1 two stay (1 well later), of 2 well both groups stay half: 1 of 2 (well later).
    let data = records(&[
        ("a 01", 0.0),
        ("a 00", 0.0),
        ("a 0.", 0.0),
        ("a 0.", 0.0),
        ("b 11", 0.0),
        ("b 1.", 0.0),
        ("b .1", 0.0),
        ("a 00", 0.0),
        ("a 01", 0.0),
    ]);
    // Not well: 4 of 6 stay, weight 3/2, 2 of 4 well; well: 1 of 2 stays, weight 2, well.
    let asked = target("well", Quantity::Prevalence { wave: 1 });
    let got = estimate("ipw", &[("dropout_model", "well")], &asked, &data);
    let mean = (2.0 * 1.5 + 2.0) / (4.0 * 1.5 + 2.0);
    assert!((got.estimate - mean).abs() < 1e-12);
    let squares =
        2.0 * 2.25 * (1.0 - mean) * (1.0 - mean) + 2.0 * 2.25 * mean * mean + 4.0 * (1.0 - mean) * (1.0 - mean);
    assert!((got.model_se.unwrap() - libm::sqrt(squares) / 8.0).abs() < 1e-12);
    // The model is saturated: with estimated weights it is the stratified mean, with its variance
    // sum of (n_k / n)^2 p_k (1 - p_k) / m_k, plus that of the strata being known only from those at risk here: none,
    // since the Hajek total is exactly the number at risk; what is left is the spread of the p_k over the strata.
    let robust = estimate("ipw", &[("dropout_model", "well"), ("errors", "estimated_weights")], &asked, &data);
    let within = (6.0 / 8.0) * (6.0 / 8.0) * 0.25 / 4.0;
    let between = (6.0 * (0.5 - mean) * (0.5 - mean) + 2.0 * (1.0 - mean) * (1.0 - mean)) / 64.0;
    assert!((robust.model_se.unwrap() - libm::sqrt(within + between)).abs() < 1e-12);
    // The records of each group by themselves: nobody else is in group b but one.
    let asked = comparing("well", 1, "group == 'a'", "group == 'b'");
    let got = estimate("ipw", &[("dropout_model", "well")], &asked, &data);
    assert!((got.estimate - (0.5 - 1.0)).abs() < 1e-12);
}

#[test]
fn weighting_without_losses_and_without_anybody_left() {
    let full = records(&[("a 01", 0.0), ("a 00", 1.0), ("b 11", 2.0), ("b 10", 3.0)]);
    let asked = target("well", Quantity::Prevalence { wave: 1 });
    let got = estimate("ipw", &[("dropout_model", "well + x")], &asked, &full);
    assert!((got.estimate - 0.5).abs() < 1e-15 && (got.model_se.unwrap() - 0.25).abs() < 1e-15);
    let first = target("well", Quantity::Prevalence { wave: 0 });
    assert_eq!(estimate("ipw", &[("dropout_model", "well + x")], &first, &full).estimate, 0.5);
    let gone = records(&[("a 0.", 0.0), ("a 0.", 1.0), ("b 1.", 2.0), ("b .1", 3.0)]);
    let failed = ask("ipw", &[("dropout_model", "well")], &asked, &gone).unwrap().unwrap_err();
    assert_eq!(failed.kind, FailureKind::NoData);
    let separated = records(&[("a 0.", 0.0), ("a 0.", 1.0), ("b 11", 2.0), ("b 11", 3.0)]);
    let failed = ask("ipw", &[("dropout_model", "well")], &asked, &separated).unwrap().unwrap_err();
    assert_eq!(failed.kind, FailureKind::CompleteSeparation);
}

#[test]
fn reasons_why_a_method_cannot_answer() {
    let why =
        |method: &str, pairs: &[(&str, &str)], asked: &Target| ask(method, pairs, asked, &nine()).unwrap_err().why;
    let share = target("well", Quantity::Prevalence { wave: 3 });
    assert_eq!(
        why("complete_case", &[], &target("wel", Quantity::Ever { by: 1 })),
        "the survey does not see `wel`; did you mean `well`?"
    );
    assert_eq!(
        why("locf", &[], &target("x", Quantity::Prevalence { wave: 0 })),
        "`x` is a number, which has a mean but no share"
    );
    assert_eq!(why("locf", &[], &target("well", Quantity::Ever { by: 4 })), "there is no wave 5; the survey has 4");
    assert_eq!(why("logistic", &[], &share), "it answers coefficients of logistic regressions only");
    assert_eq!(why("difference_in_means", &[], &share), "it answers differences only");
    assert_eq!(
        why("ipw", &[("dropout_model", "factor(x)")], &share),
        "`factor(x)` needs a variable with few values, and `x` is a number"
    );
    assert_eq!(
        why("regression", &[], &coefficient("well", "x", "y", false)),
        "no single coefficient `y`; the model has (Intercept), x"
    );
    let level = Target { level: Some("high".to_owned()), ..share.clone() };
    assert_eq!(why("locf", &[], &level), "`well` has no level `high`");
    let condition = Target { restrict: Some(text("wealth > 1")), ..share };
    assert!(why("locf", &[], &condition).starts_with("condition `wealth > 1`: the survey does not see `wealth`"));
}

#[test]
fn age_grows_and_sites_have_names() {
    let mut data = records(&[("a 11", 15.5), ("a 10", 16.5), ("b 01", 14.0), ("b 00", 17.0), ("b 11", 15.0)]);
    let mut schema = (*data.schema).clone();
    schema.baseline[0].name = "age".to_owned();
    schema.sites = vec!["north".to_owned(), "south".to_owned()];
    data.schema = Arc::new(schema);
    data.site = vec![0, 0, 0, 1, 1];
    let at = |wave: usize, condition: &str| {
        let asked = Target { restrict: Some(text(condition)), ..target("well", Quantity::Prevalence { wave }) };
        estimate("available_case", &[], &asked, &data).estimate
    };
    // At wave 1 two are 16 or more, a year later all but one are.
    assert_eq!(at(0, "age >= 16"), 0.5);
    assert_eq!(at(1, "age >= 16"), 0.5);
    assert_eq!(at(1, "age >= 15 and age < 18"), 0.75);
    assert_eq!(at(0, "site == 'north'"), 2.0 / 3.0);
    assert_eq!(at(1, "site != 'north'"), 0.5);
    // Measured from the age at the wave, the line at wave 2 has the intercept of the age at the start less a year's slope.
    let of = |term: &str| {
        let quantity = regression(&[1], "age", term, Family::Gaussian);
        estimate("regression", &[], &target("well", quantity), &data).estimate
    };
    // By hand: ages 16.5, 17.5, 15, 18, 16 with answers 1, 0, 1, 0, 1: mean age 16.6, sum of squares 5.7, of products -2.3.
    let slope = -2.3 / 5.7;
    assert!((of("age") - slope).abs() < 1e-12 && (of("(Intercept)") - (0.6 - slope * 16.6)).abs() < 1e-11);
    let quantity = regression(&[1], "site", "sitesouth", Family::Binomial);
    let got = estimate("logistic", &[], &target("well", quantity), &data).estimate;
    assert!((got - (0.0 - libm::log(2.0))).abs() < 1e-12);
}

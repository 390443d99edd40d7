//! Coefficients against closed forms.

use super::{repeated, truth, value, value_in};
use crate::tables::Column;

fn coefficient<'a>(of: &'a str, model: &'a str, term: &'a str, family: &'a str) -> [(&'a str, &'a str); 6] {
    [("quantity", "coefficient"), ("of", of), ("wave", "2"), ("model", model), ("term", term), ("family", family)]
}

/// The same over several waves.
fn pooled<'a>(of: &'a str, waves: &'a str, model: &'a str, term: &'a str, family: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut entries = coefficient(of, model, term, family).to_vec();
    entries[2] = ("waves", waves);
    entries
}

fn near(got: f64, want: f64) {
    assert!((got - want).abs() < 1e-12 * (1.0 + want.abs()), "{got}, not {want}");
}

#[test]
fn a_linear_slope_is_the_least_squares_one() {
    // Scores at wave 2 are 20 + i^2, ages 16 + i, for i from 0 to 5: the slope of i^2 on i is 5.
    near(value(&coefficient("score", "age", "age", "linear")), 5.0);
    near(value(&coefficient("score", "1 + age", "1", "linear")), 20.0 + 55.0 / 6.0 - 5.0 * 18.5);
    near(value(&coefficient("score", "1", "(Intercept)", "linear")), 20.0 + 55.0 / 6.0);
}

#[test]
fn factors_are_differences_to_the_first_level() {
    let of = |model, term| value(&coefficient("score", model, term, "linear"));
    near(of("factor(dose)", "factor(dose)10"), 20.5 - 0.5);
    near(of("site", "sitec"), 20.5 - 0.5);
    near(of("factor(group)", "factor(group)"), 50.0 / 3.0 - 5.0 / 3.0);
    // All cells of dose and arm: the interaction is a difference of differences.
    near(of("factor(dose) + arm + factor(dose):arm", "factor(dose)10:arm"), (25.0 - 16.0) - (1.0 - 0.0));
    near(of(" factor( dose ) + arm + arm:factor(dose)", "arm:factor(dose)5"), (9.0 - 4.0) - 1.0);
}

#[test]
fn a_logistic_coefficient_is_the_log_odds_ratio() {
    // Earning at wave 2: 2 of 3 in arm 1... persons 2, 4, 6: 1 0 1; persons 1, 3, 5: 1 0 0.
    near(value(&coefficient("earning", "arm", "arm", "logistic")), libm::log(4.0));
    near(value(&coefficient("earning", "arm", "1", "logistic")), libm::log(0.5));
    near(value(&coefficient("earning", "arm", "arm", "linear")), 1.0 / 3.0);
    let mut level = coefficient("setting", "1", "1", "logistic").to_vec();
    level.push(("level", "shelter"));
    near(value(&level), 0.0);
}

#[test]
fn the_logistic_solution_solves_its_equations() {
    let of = |term| value(&coefficient("earning", "skill + arm", term, "logistic"));
    let (a, b, c) = (of("1"), of("skill"), of("arm"));
    let rows =
        [(0.5, 0.0, 1.0), (-0.5, 1.0, 1.0), (1.5, 0.0, 0.0), (-1.5, 1.0, 0.0), (2.5, 0.0, 0.0), (-2.5, 1.0, 1.0)];
    let residual = |x: &(f64, f64, f64)| x.2 - 1.0 / (1.0 + libm::exp(-(a + b * x.0 + c * x.1)));
    let score = rows.iter().fold([0.0; 3], |s, x| {
        let r = residual(x);
        [s[0] + r, s[1] + r * x.0, s[2] + r * x.1]
    });
    assert!(score.iter().all(|s| s.abs() < 1e-10), "{score:?} at {a} {b} {c}");
}

#[test]
fn what_has_no_finite_unique_solution_is_undefined() {
    assert!(value(&coefficient("arm", "skill", "skill", "logistic")).is_nan(), "skill tells the arms apart");
    assert!(value(&coefficient("score", "arm + arm:dose + arm:factor(dose)", "arm", "linear")).is_nan());
    let mut nobody = coefficient("score", "arm", "arm", "linear").to_vec();
    nobody.push(("where", "age > 90"));
    assert!(value(&nobody).is_nan());
    let mut one_arm = coefficient("score", "arm + age", "arm", "linear").to_vec();
    one_arm.push(("where", "arm == 0"));
    assert!(value(&one_arm).is_nan(), "nobody is in arm 1");
    one_arm[4] = ("term", "age");
    near(value(&one_arm), (36.0 - 20.0) / 4.0 - 20.0 / 3.0 + 20.0 / 3.0);
}

#[test]
fn a_quasi_separated_term_is_undefined() {
    let mut truth = truth();
    let codes = vec![1, 1, 0, 1, 0, 1];
    if let Column::Coded { codes: held, .. } = &mut truth.columns[0][2] {
        *held = codes;
    }
    assert!(value_in(&truth, &coefficient("earning", "arm", "arm", "logistic")).is_nan(), "all of arm 1 earn");
}

#[test]
fn many_rows_give_the_same_solution() {
    for (of, family) in [("score", "linear"), ("earning", "logistic")] {
        let entries = coefficient(of, "skill + arm", "skill", family);
        near(value_in(&repeated(&truth(), 1000), &entries), value(&entries));
    }
}

#[test]
fn waves_are_pooled() {
    // Scores at wave w are 10 w + i^2 and ages 14 + i + w: within a wave the slope on age is 5, and what is left is 5 w.
    let of = |model, term| value(&pooled("score", "all", model, term, "gaussian"));
    near(of("wave", "wave"), 10.0);
    near(of("factor(wave)", "factor(wave)3"), 20.0);
    near(of("age + wave", "age"), 5.0);
    near(of("age + wave", "wave"), 5.0);
    near(value(&pooled("score", "1 | 3", "I(wave - 1)", "1", "linear")), 10.0 + 55.0 / 6.0);
    // One wave in a list is that wave.
    let one = [("quantity", "coefficient"), ("of", "score"), ("model", "age"), ("term", "age"), ("family", "linear")];
    near(value(&[&one[..], &[("waves", "2 | 2")]].concat()), 5.0);
    // At waves 2 and 3 the last scores are 10 less: no difference is left but the constant.
    near(value(&pooled("score", "2 | 3", "lag(score)", "lag(score)", "linear")), 1.0);
    near(value(&pooled("score", "2 | 3", "lag(score)", "1", "linear")), 10.0);
}

#[test]
fn families_have_their_links() {
    // Earning at waves 1 and 2: 4 of 6 in arm 1 (persons 2, 4, 6: 1 0 1, 1 0 1), 2 of 6 in arm 0 (0 0 1, 1 0 0).
    let of = |family, link| {
        let mut entries = pooled("earning", "1 | 2", "arm", "arm", family);
        entries.push(("link", link));
        value(&entries)
    };
    near(value(&pooled("earning", "2 | 1", "arm", "arm", "poisson")), libm::log(2.0));
    near(value(&pooled("earning", "1 | 2", "arm", "arm", "binomial")), libm::log(4.0));
    for family in ["poisson", "binomial"] {
        near(of(family, "log"), libm::log(2.0));
        near(of(family, "identity"), 1.0 / 3.0);
    }
    near(of("logistic", "logit"), libm::log(4.0));
    near(of("linear", "identity"), 1.0 / 3.0);
    near(of("binomial", "probit"), 2.0 * 0.430_727_299_295_457_6);
    near(of("binomial", "cloglog"), libm::log(libm::log(3.0) / libm::log(1.5)));
}

#[test]
fn a_condition_is_asked_at_each_wave() {
    // In the community at wave 1 persons 4, 5, 6 (0 1 1 earning), at wave 2 persons 3, 4, 5 (0 0 0).
    let mut entries = pooled("earning", "1 | 2", "1", "1", "linear");
    entries.push(("where", "setting == 'community'"));
    near(value(&entries), 1.0 / 3.0);
    // Ages at wave w are 14 + w to 19 + w: 20 or more are persons 6 at wave 1 and 5, 6 at wave 2.
    entries[6] = ("where", "age >= 20");
    near(value(&entries), (1.0 + 0.0 + 1.0) / 3.0);
}

#[test]
fn weights_and_copies_of_pooled_rows_change_nothing() {
    for (family, link) in [("gaussian", "identity"), ("binomial", "probit"), ("poisson", "log"), ("binomial", "log")] {
        let mut entries = pooled("earning", "all", "arm + wave", "arm", family);
        entries.push(("link", link));
        let want = value(&entries);
        near(value_in(&repeated(&truth(), 1000), &entries), want);
        let mut weighted = truth();
        weighted.weights = Some(vec![1.0 / 6.0; 6]);
        near(value_in(&weighted, &entries), want);
    }
}

//! Each quantity counted by hand among six persons.
//!
//! earning at waves 1 to 3: 011, person by person: 0 1 1; 1 1 0; 0 0 0; 0 0 1; 1 0 1; 1 1 1 (after a start of 1).
//! setting (s, c): s s c; s s c; s c c; c c c; c c s; c s s.

use super::{planned, repeated, truth, value, value_in};
use crate::tables::Column;

const EARNING: (&str, &str) = ("of", "earning");

#[test]
fn a_prevalence_counts_the_wave() {
    let at = |wave| value(&[("quantity", "prevalence"), EARNING, ("wave", wave)]);
    assert_eq!([at("1"), at("2"), at("3")], [3.0 / 6.0, 3.0 / 6.0, 4.0 / 6.0]);
    assert_eq!(at("k + 1"), 4.0 / 6.0, "a formula of parameters");
    let community = [("quantity", "prevalence"), ("of", "setting"), ("level", "community"), ("wave", "3")];
    assert_eq!(value(&community), 4.0 / 6.0);
    let street = [("quantity", "prevalence"), ("of", "setting"), ("level", "street"), ("wave", "3")];
    assert_eq!(value(&street), 0.0);
}

#[test]
fn where_limits_the_persons_at_the_wave() {
    let of = |condition| value(&[("quantity", "prevalence"), EARNING, ("wave", "3"), ("where", condition)]);
    assert_eq!(of("setting == 'community'"), 2.0 / 4.0);
    assert_eq!(of("group == 'men'"), 1.0);
    assert_eq!(of("site != 'b'"), 3.0 / 4.0);
    assert_eq!(of("arm"), 2.0 / 3.0);
    assert_eq!(of("dose >= 5 and skill > 0"), 1.0 / 2.0);
    assert_eq!(of("age >= 18"), 3.0 / 5.0, "ages at wave 3 are 17 to 22");
    assert_eq!(of("age >= 15 + k"), 4.0 / 6.0);
    assert!(of("setting == 'street'").is_nan(), "a share of nobody");
}

#[test]
fn ever_and_years_count_waves() {
    assert_eq!(value(&[("quantity", "ever"), EARNING, ("by", "1")]), 3.0 / 6.0, "the start is not a wave");
    assert_eq!(value(&[("quantity", "ever"), EARNING, ("by", "3")]), 5.0 / 6.0);
    let years = |at_least, by| value(&[("quantity", "years"), EARNING, ("at_least", at_least), ("by", by)]);
    assert_eq!(years("2", "3"), 4.0 / 6.0);
    assert_eq!(years("3", "3"), 1.0 / 6.0);
    assert_eq!(years("2", "2"), 2.0 / 6.0);
    let running = [("quantity", "years"), EARNING, ("at_least", "2"), ("by", "3"), ("consecutive", "true")];
    assert_eq!(value(&running), 3.0 / 6.0, "person 5 earned at waves 1 and 3");
}

#[test]
fn a_cooccurrence_takes_both_at_the_wave() {
    let both = |wave, with: &[(&'static str, &'static str)]| {
        value(&[&[("quantity", "cooccurrence"), EARNING, ("wave", wave)], with].concat())
    };
    // Wave 1: persons 5 and 6 of 4, 5, 6; wave 2: nobody of 3, 4, 5; wave 3: persons 1 and 4 of 1 to 4.
    let community = [("with", "setting"), ("with_level", "community")];
    let at = |wave| both(wave, &community);
    assert_eq!([at("1"), at("2"), at("3")], [2.0 / 6.0, 0.0, 2.0 / 6.0]);
    assert_eq!(both("2", &[("with", "earning")]), 3.0 / 6.0, "with itself it is the prevalence");
}

#[test]
fn a_mean_takes_numbers_and_shares() {
    let mean = |of, wave| value(&[("quantity", "mean"), ("of", of), ("wave", wave)]);
    assert_eq!(mean("score", "1"), 115.0 / 6.0);
    assert_eq!(mean("earning", "3"), 4.0 / 6.0);
    assert_eq!(mean("dose", "2"), 5.0);
    assert_eq!(mean("age", "2"), 18.5, "16.5 at the start and two years");
}

#[test]
fn a_difference_is_the_first_minus_the_second() {
    let difference =
        |of, compare| value(&[("quantity", "difference"), ("of", of), ("wave", "3"), ("compare", compare)]);
    assert_eq!(difference("earning", "arm == 1 | arm == 0"), 2.0 / 3.0 - 2.0 / 3.0);
    assert_eq!(difference("earning", "group == 'men' | group == 'women'"), 1.0 - 1.0 / 3.0);
    assert_eq!(difference("score", "dose == 10 | dose == 0"), 20.5 - 0.5);
    assert!(difference("score", "dose == 10 | dose == 7").is_nan());
    let restricted = [
        ("quantity", "difference"),
        ("of", "setting"),
        ("level", "shelter"),
        ("wave", "2"),
        ("compare", "arm == 1 | arm == 0"),
        ("where", "age > 16"),
    ];
    // Ages at wave 2 are 16 to 21; persons 2, 4 and 6 are in arm 1, persons 3 and 5 in arm 0.
    assert_eq!(value(&restricted), 2.0 / 3.0 - 0.0);
}

#[test]
fn ratios_of_shares_and_of_odds() {
    let ratio =
        |quantity, wave, compare| value(&[("quantity", quantity), EARNING, ("wave", wave), ("compare", compare)]);
    let close = |got: f64, want: f64| assert!((got - want).abs() < 1e-14, "{got}, not {want}");
    // At wave 1 two of three men and one of three women: 2/3 over 1/3, and odds 2 over odds 1/2.
    close(ratio("risk_ratio", "1", "group == 'men' | group == 'women'"), 2.0);
    close(ratio("odds_ratio", "1", "group == 'men' | group == 'women'"), 4.0);
    close(ratio("odds_ratio", "1", "group == 'women' | group == 'men'"), 0.25);
    // At wave 3 all men: a share of 1 has no odds. At wave 2 nobody with dose 5.
    close(ratio("risk_ratio", "3", "group == 'men' | group == 'women'"), 3.0);
    assert!(ratio("odds_ratio", "3", "group == 'men' | group == 'women'").is_nan());
    assert!(ratio("odds_ratio", "3", "group == 'women' | group == 'men'").is_nan());
    close(ratio("risk_ratio", "2", "dose == 5 | dose == 0"), 0.0);
    assert!(ratio("risk_ratio", "2", "dose == 0 | dose == 5").is_nan());
    assert!(ratio("risk_ratio", "2", "dose == 7 | dose == 0").is_nan());
}

#[test]
fn a_model_may_name_its_outcome_and_read_the_wave_before() {
    let entries = |model, term| {
        [("quantity", "coefficient"), EARNING, ("wave", "2"), ("model", model), ("term", term), ("family", "linear")]
    };
    // Earning at wave 2 is 2/3 of those earning at wave 1 and 1/3 of the others.
    assert!((value(&entries("earning ~ lag(earning)", "lag(earning)")) - 1.0 / 3.0).abs() < 1e-14);
    // A saturated model: the women and men of arms 0 and 1 are persons 1 and 3, 2, 5, and 4 and 6.
    assert!((value(&entries("group * arm", "groupmen:arm")) - ((0.5 - 0.0) - (1.0 - 0.5))).abs() < 1e-13);
    assert!((value(&entries("group * arm - 1", "groupwomen")) - 0.5).abs() < 1e-13);
}

#[test]
fn a_transition_asks_those_who_could() {
    let transition = |of, from, to, direction| {
        let level = if of == "setting" { "community" } else { "yes" };
        value(&[
            ("quantity", "transition"),
            ("of", of),
            ("level", level),
            ("from", from),
            ("to", to),
            ("direction", direction),
        ])
    };
    assert_eq!(transition("earning", "1", "2", "entering"), 1.0 / 3.0);
    assert_eq!(transition("earning", "1", "2", "leaving"), 1.0 / 3.0);
    assert_eq!(transition("earning", "1", "3", "entering"), 2.0 / 3.0);
    assert_eq!(transition("setting", "2", "3", "entering"), 2.0 / 3.0);
    assert_eq!(transition("setting", "2", "3", "leaving"), 1.0 / 3.0);
}

/// One of each quantity.
const QUANTITIES: [&[(&str, &str)]; 7] = [
    &[("quantity", "prevalence"), EARNING, ("wave", "3"), ("where", "age > 17")],
    &[("quantity", "ever"), EARNING, ("by", "2")],
    &[("quantity", "mean"), ("of", "score"), ("wave", "1")],
    &[("quantity", "difference"), ("of", "score"), ("wave", "2"), ("compare", "arm == 1 | arm == 0")],
    &[("quantity", "transition"), EARNING, ("from", "1"), ("to", "3"), ("direction", "entering")],
    &[
        ("quantity", "coefficient"),
        ("of", "score"),
        ("wave", "2"),
        ("model", "arm + age"),
        ("term", "age"),
        ("family", "linear"),
    ],
    &[("quantity", "coefficient"), EARNING, ("wave", "2"), ("model", "arm"), ("term", "arm"), ("family", "logistic")],
];

#[test]
fn weights_count_like_repeated_rows() {
    // Persons 1 and 4 twice: by weights 2/8 and 1/8, and by weights 0 and 1 among two copies.
    let mut weighted = truth();
    weighted.weights = Some([2.0, 1.0, 1.0, 2.0, 1.0, 1.0].map(|w| w / 8.0).to_vec());
    let mut doubled = repeated(&truth(), 2);
    doubled.weights = Some(vec![1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    for entries in QUANTITIES {
        let (a, b) = (value_in(&weighted, entries), value_in(&doubled, entries));
        assert!((a - b).abs() < 1e-12, "{entries:?}: {a} {b}");
        let plain = value(entries);
        let thrice = value_in(&repeated(&truth(), 300), entries);
        assert!((plain - thrice).abs() < 1e-12, "{entries:?}: {plain} {thrice} over several blocks of rows");
        assert!((plain - a).abs() > 1e-3, "{entries:?}: weights must matter");
    }
}

#[test]
fn rows_are_those_asked_for() {
    let plan = planned(&[("quantity", "prevalence"), EARNING, ("wave", "3")]);
    assert_eq!(plan.value(&truth(), 0..3).expect("a value"), 1.0 / 3.0);
    assert_eq!(plan.value(&truth(), 3..6).expect("a value"), 1.0);
    assert!(plan.value(&truth(), 2..2).expect("no value").is_nan());
    assert!(plan.value(&truth(), 7..9).expect("no value").is_nan(), "there are no such rows");
}

#[test]
fn a_plan_tells_what_it_reads() {
    let plan = planned(&[("quantity", "prevalence"), EARNING, ("wave", "3"), ("where", "age > 17 and group == 'men'")]);
    assert_eq!(plan.variables(), [0, 3]);
    let plan = planned(&[
        ("quantity", "coefficient"),
        ("of", "score"),
        ("wave", "2"),
        ("model", "factor(dose) + arm:skill + site"),
        ("term", "arm:skill"),
        ("family", "linear"),
    ]);
    assert_eq!(plan.variables(), [2, 4, 5, 6]);
    let compare = [("quantity", "difference"), EARNING, ("wave", "2"), ("compare", "arm == 1 | skill > 0")];
    assert_eq!(planned(&compare).variables(), [0, 4, 5]);
}

#[test]
fn a_condition_without_a_value_is_a_problem() {
    let plan = planned(&[("quantity", "prevalence"), EARNING, ("wave", "3"), ("where", "log(skill) > 0")]);
    let problem = plan.value(&truth(), 0..6).expect_err("the logarithm of a negative number");
    assert_eq!(problem.code, "R0030");
    assert!(problem.message.contains("person 2"), "{}", problem.message);
}

#[test]
fn the_order_of_persons_does_not_matter() {
    let mut turned = truth();
    turned.group.reverse();
    turned.site.iter_mut().for_each(|site| site.reverse());
    for column in turned.columns.iter_mut().flatten() {
        match column {
            Column::Coded { codes, .. } => codes.reverse(),
            Column::Number(values) => values.reverse(),
        }
    }
    for entries in QUANTITIES {
        let (a, b) = (value(entries), value_in(&turned, entries));
        assert!((a - b).abs() < 1e-12, "{entries:?}: {a} {b}");
    }
}

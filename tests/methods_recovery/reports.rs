//! Reports with errors of a fixed attribute and of a state that changes.

use super::study::{biased, expect, holds, study, tends_to, unbiased};
use std::fmt::Write;

/// A lasting attribute with prevalence p, reported twice with sensitivity and specificity: q = se p + (1 - sp)(1 - p) say
/// yes, kappa is J^2 p (1 - p) / (q (1 - q)), and of those who said yes 1 - P(yes, yes) / q take it back.
#[test]
fn reports_of_a_lasting_attribute() {
    // p, se, sp, apparent, kappa, taken back, standard error over that without errors.
    let rows = [
        (0.10, 0.7, 0.95, 0.1150, 0.3736, 0.5543, 1.636),
        (0.20, 0.5, 1.00, 0.1000, 0.4444, 0.5000, 1.500),
        (0.20, 0.8, 0.95, 0.2000, 0.5625, 0.3500, 1.333),
        (0.20, 0.9, 0.90, 0.2600, 0.5322, 0.3462, 1.371),
        (0.30, 0.8, 0.95, 0.2750, 0.5925, 0.2955, 1.299),
        (0.50, 0.9, 0.90, 0.5000, 0.6400, 0.1800, 1.250),
    ];
    let persons = 800;
    for (p, se, sp, apparent, kappa, taken_back, ratio) in rows {
        let mut text = study(500, persons, 2);
        let _ = write!(
            text,
            r#"
[state.y]
starts = {p}
[survey.items]
y = {{ sensitivity = {se}, specificity = {sp} }}
[[estimand]]
name = "share"
quantity = "prevalence"
of = "y"
wave = 1
target = "population"
[[estimand]]
name = "kappa"
quantity = "finding"
of = "y"
finding = "kappa"
true_value = {kappa}
[[estimand]]
name = "taken back"
quantity = "finding"
of = "y"
finding = "recant_rate"
true_value = {taken_back}
[[method]]
method = "available_case"
estimands = ["share"]
[[method]]
method = "rogan_gladen"
sensitivity = {se}
specificity = {sp}
estimate = "raw"
estimands = ["share"]
[[method]]
method = "kappa"
of = "y"
waves = [1, 2]
estimands = ["kappa"]
[[method]]
method = "recanting"
item = "y"
estimands = ["taken back"]
"#
        );
        text += &biased("available_case", "share", apparent - p);
        text += &unbiased("rogan_gladen", "share");
        let spread = ratio * libm::sqrt(p * (1.0 - p) / f64::from(persons));
        for measure in ["empirical_se", "model_se"] {
            // The model's error has hardly any Monte Carlo error; the ratio is rounded to its third place.
            let that = format!("abs({measure} - {spread}) <= 4 * {measure}_mcse + 0.001 * {measure}");
            text += &expect("rogan_gladen", "share", &that);
        }
        text += &unbiased("kappa", "kappa");
        text += &expect("kappa", "kappa", "abs(coverage - 0.95) <= 4 * coverage_mcse");
        text += &unbiased("recanting", "taken back");
        holds(&text);
    }
}

/// A yes at any of so many waves is told by p (1 - (1 - se)^k) + (1 - p)(1 - sp^k): more than is true, soon.
#[test]
fn ever_overshoots_where_noes_are_told_as_yeses() {
    let mut text = study(1000, 300, 4);
    text += "[state.y]\nstarts = 0.2\n[survey.items]\ny = { sensitivity = 0.8, specificity = 0.95 }\n\
             [[method]]\nmethod = \"available_case\"\n";
    for (by, share) in [(1, 0.20), (2, 0.27), (3, 0.3125), (4, 0.3481)] {
        let _ = write!(
            text,
            "[[estimand]]\nname = \"by {by}\"\nquantity = \"ever\"\nof = \"y\"\nby = {by}\ntarget = \"population\"\n"
        );
        text += &biased("available_case", &format!("by {by}"), share - 0.2);
    }
    holds(&text);
}

/// A chain of two states in balance: errors of report leave the share about right, and make it look restless.
#[test]
fn a_chain_observed_with_error() {
    // p01, p10, se, sp, share reported, reported entering, reported leaving.
    let rows = [
        (0.10, 0.20, 1.0, 1.0, 0.3333, 0.1000, 0.2000),
        (0.10, 0.20, 0.8, 0.95, 0.3000, 0.1750, 0.4083),
        (0.05, 0.15, 0.9, 0.9, 0.3000, 0.1629, 0.3800),
        (0.20, 0.30, 0.8, 0.95, 0.3500, 0.2462, 0.4571),
    ];
    for (on, off, se, sp, share, entering, leaving) in rows {
        let mut text = study(1000, 400, 2);
        let start = on / (on + off);
        let _ = write!(
            text,
            r#"
[state.y]
starts = {start}
on = {{ probability = {on}, per = "1 year" }}
off = {{ probability = {off}, per = "1 year" }}
[survey.items]
y = {{ sensitivity = {se}, specificity = {sp} }}
[[estimand]]
name = "share"
quantity = "prevalence"
of = "y"
wave = 2
target = "population"
[[estimand]]
name = "entering"
quantity = "transition"
of = "y"
from = 1
to = 2
direction = "entering"
target = "population"
[[estimand]]
name = "leaving"
quantity = "transition"
of = "y"
from = 1
to = 2
direction = "leaving"
target = "population"
[[method]]
method = "available_case"
"#
        );
        for (estimand, told, truth) in [("share", share, start), ("entering", entering, on), ("leaving", leaving, off)]
        {
            text += &tends_to("available_case", estimand, told);
            text += &biased("available_case", estimand, told - truth);
        }
        holds(&text);
    }
}

//! What must not matter to an analysis of somebody's own table, and what must follow it: through a plan and a CSV file, as
//! `eclosion analyze --json` does.

#[path = "analyze_properties/compare.rs"]
mod compare;
#[path = "analyze_properties/plans.rs"]
mod plans;
#[path = "analyze_properties/table.rs"]
mod table;

use compare::{found, found_values, near, number, pairs, same, with_ratios};
use plans::{DIFFERENCES, DRAWING, ESTIMANDS, METHODS, WEIGHTED};
use proptest::prelude::*;
use serde_json::Value;
use table::{DATA, Row, WAVES, analyze, persons, rows};

fn few(cases: u32) -> ProptestConfig {
    // The same cases every time: a run that fails can be repeated.
    let rng_seed = proptest::test_runner::RngSeed::Fixed(20_101);
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(few(16))]

    #[test]
    fn the_order_of_rows_does_not_matter(
        (table, shuffled) in persons().prop_map(|p| rows(&p)).prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle()))
    ) {
        let plan = [ESTIMANDS, METHODS].concat();
        same(&analyze(DATA, &plan, &table, false), &analyze(DATA, &plan, &shuffled, false));
    }

    #[test]
    fn the_names_of_persons_do_not_matter(persons in persons()) {
        let plan = [ESTIMANDS, METHODS, DRAWING].concat();
        let table = rows(&persons);
        let mut renamed = table.clone();
        renamed.iter_mut().for_each(|row| row.person = 7919 - 13 * row.person);
        prop_assert_eq!(analyze(DATA, &plan, &table, false), analyze(DATA, &plan, &renamed, false));
    }

    #[test]
    fn a_score_on_another_scale(persons in persons(), factor in 0.1..20.0_f64, shift in -50.0..50.0_f64) {
        let plan = [ESTIMANDS, METHODS, DRAWING].concat();
        let table = rows(&persons);
        let mut moved = table.clone();
        moved.iter_mut().for_each(|row| row.score = shift + factor * row.score);
        let (a, b) = (analyze(DATA, &plan, &table, false), analyze(DATA, &plan, &moved, false));
        let mut compared = 0;
        for method in ["available_case", "locf", "ipw", "aipw", "gcomputation", "regression", "gee", "difference_in_means",
            "mvn_em", "icc", "samples", "samples of a fit"] {
            for (was, is) in pairs(&a, &b, method) {
                let (factor, shift) = match was.name.as_str() {
                    _ if method == "icc" => (1.0, 0.0),
                    "share" | "log odds" => (1.0, 0.0),
                    "difference" | "slope" | "arm" | "age" => (factor, 0.0),
                    wave if wave.starts_with("factor(wave)") => (factor, 0.0),
                    _ => (factor, shift),
                };
                was.becomes(&is, factor, shift);
                compared += 1;
            }
        }
        prop_assert!(compared > 30, "{}", compared);
        // Draws of coefficients follow a score on another scale; one that is moved has other draws of the same law.
        let mut larger = table.clone();
        larger.iter_mut().for_each(|row| row.score *= factor);
        for (was, is) in pairs(&a, &analyze(DATA, &plan, &larger, false), "imputed") {
            was.becomes(&is, if was.name == "mean" { factor } else { 1.0 }, 0.0);
        }
    }

    #[test]
    fn noes_for_yeses(persons in persons()) {
        let plan = [ESTIMANDS, METHODS].concat();
        let table = rows(&persons);
        let mut turned = table.clone();
        turned.iter_mut().for_each(|row| (row.well, row.again) = (1 - row.well, 1 - row.again));
        let (a, b) = (analyze(DATA, &plan, &table, false), analyze(DATA, &plan, &turned, false));
        let mut compared = 0;
        for method in ["gee of well", "glm", "logistic", "firth", "kappa", "available_case", "ipw", "aipw", "gcomputation",
            "two_proportions", "proportion"] {
            for (was, is) in with_ratios(&a, &b, method) {
                match (method, was.name.as_str()) {
                    // A ratio of shares of noes is another thing.
                    (_, "risk_ratio" | "mean" | "difference" | "slope") => continue,
                    ("kappa", _) => was.becomes(&is, 1.0, 0.0),
                    (_, "odds_ratio") => was.turns_over(&is),
                    (_, "share") | ("proportion", _) => was.becomes(&is, -1.0, 1.0),
                    _ => was.becomes(&is, -1.0, 0.0),
                }
                compared += 1;
            }
        }
        prop_assert!(compared > 15, "{}", compared);
        // Every kind of limits for a share.
        for kind in ["wald", "wilson", "wilson_cc", "agresti_coull", "clopper_pearson", "jeffreys", "mid_p"] {
            for wave in 0..WAVES {
                let at = |v: &Value, side: &str| number(&found_values(v, "proportion")[kind][side][wave]);
                let (low, high) = (at(&a, "lower"), at(&a, "upper"));
                prop_assert!(low <= high, "{} {} {}", kind, low, high);
                prop_assert!(near(low, 1.0 - at(&b, "upper")) && near(high, 1.0 - at(&b, "lower")), "{}", kind);
            }
        }
    }

    #[test]
    fn two_halves_are_a_whole(persons in persons()) {
        let table = rows(&persons);
        let mut halves = table.clone();
        halves.extend(table.iter().map(|row| Row { person: row.person + 1000, ..row.clone() }));
        halves.iter_mut().for_each(|row| row.weight = 0.5);
        let head = DATA.replace("[data]", "[data]\nweight = \"weight\"");
        let (a, b) = (analyze(&head, WEIGHTED, &table, true), analyze(&head, WEIGHTED, &halves, true));
        let mut compared = 0;
        for method in ["linear", "marginal", "log odds", "counted"] {
            for (was, is) in pairs(&a, &b, method) {
                was.becomes(&is, 1.0, 0.0);
                compared += 1;
            }
        }
        prop_assert!(compared > 3, "{}", compared);
        // A weight is no mere ornament: weights that differ give another answer.
        let mut uneven = table.clone();
        uneven.iter_mut().for_each(|row| row.weight = 1.0 + row.person as f64);
        let other = found(&analyze(&head, WEIGHTED, &uneven, true), "linear");
        prop_assert!(found(&a, "linear").iter().zip(&other).any(|(x, y)| !near(x.estimate, y.estimate)));
    }

    #[test]
    fn groups_exchanged(persons in persons()) {
        let table = rows(&persons);
        let plan = |first: u8| {
            let compare = format!("compare = [\"arm == {first}\", \"arm == {}\"]", 1 - first);
            let methods = ["two_proportions", "exact_2x2"].map(|m| format!("[[method]]\nmethod = \"{m}\"\nof = \"well\"\n{compare}\n"));
            let estimand = |of: &str| format!("[[estimand]]\nname = \"{of}\"\nquantity = \"difference\"\nof = \"{of}\"\nwave = 2\n{compare}\n");
            let ratio = |q: &str| format!("[[estimand]]\nname = \"{q}\"\nquantity = \"{q}\"\nof = \"well\"\nwave = 2\n{compare}\n");
            [methods.concat(), estimand("well"), estimand("score"), ratio("risk_ratio"), ratio("odds_ratio"), DIFFERENCES.to_owned()].concat()
        };
        let (a, b) = (analyze(DATA, &plan(1), &table, false), analyze(DATA, &plan(0), &table, false));
        let mut compared = 0;
        for method in ["available_case", "complete_case", "locf", "difference_in_means", "regression", "gee", "ipw",
            "two_proportions", "exact_2x2"] {
            for (was, is) in with_ratios(&a, &b, method) {
                if was.name.ends_with("ratio") || was.name == "cond_or" {
                    was.turns_over(&is);
                } else {
                    was.becomes(&is, -1.0, 0.0);
                }
                compared += 1;
            }
        }
        prop_assert!(compared > 12, "{}", compared);
        let first = |v: &Value, method: &str, key: &str| found_values(v, method)["tables"][0][key].clone();
        for key in ["diff_wald", "diff_newcombe", "diff_agresti_caffo", "diff_miettinen_nurminen", "diff_mee"] {
            let (was, is) = (first(&a, "two_proportions", key), first(&b, "two_proportions", key));
            prop_assert!(near(number(&was[0]), -number(&is[1])) && near(number(&was[1]), -number(&is[0])), "{}", key);
        }
        for (method, key, mirrored) in [
            ("two_proportions", "chisq_p", "chisq_p"),
            ("two_proportions", "chisq_yates_p", "chisq_yates_p"),
            ("exact_2x2", "fisher_p", "fisher_p"),
            ("exact_2x2", "fisher_less", "fisher_greater"),
            ("exact_2x2", "fisher_midp_less", "fisher_midp_greater"),
            ("exact_2x2", "barnard_p", "barnard_p"),
            ("exact_2x2", "boschloo_p", "boschloo_p"),
        ] {
            let (was, is) = (number(&first(&a, method, key)), number(&first(&b, method, mirrored)));
            prop_assert!(near(was, is), "{} {}: {} and {}", method, key, was, is);
        }
    }
}

//! Reference cases of tests of tables.

mod by_hand;
mod properties;

use super::adjust::Adjustment;
use super::association::{phi, tetrachoric, yule_q};
use super::occasions::{bowker, cochran_q, stuart_maxwell};
use super::trend::{Group, cochran_armitage};
use super::*;
use crate::statistics::confidence::Confidence;
use crate::statistics::tests::{Case, numbers};
use serde_json::Value;

/// The rows of a matrix, one after the other, and its number of columns.
fn matrix(value: &Value) -> (Vec<f64>, usize) {
    let rows: Vec<Vec<f64>> = value.as_array().unwrap().iter().map(numbers).collect();
    (rows.concat(), rows[0].len())
}

fn stratum(t: &Value) -> Stratum {
    let cell = |key: &str| t[key].as_f64().unwrap();
    Stratum { a: cell("a"), b: cell("b"), c: cell("c"), d: cell("d") }
}

#[test]
fn reference_tests() {
    let case = Case::read("table_tests");
    let check = |test: &str, got: Option<ChiSquareTest>| {
        for (key, value) in [("stat", got.map(|t| t.statistic)), ("df", got.map(|t| t.df)), ("p", got.map(|t| t.p))] {
            case.check(&[test, key], value);
        }
    };
    let trend = case.setting("trend");
    let (x, n, score) = (numbers(&trend["x"]), numbers(&trend["n"]), numbers(&trend["score"]));
    let groups: Vec<Group> =
        x.iter().zip(&n).zip(&score).map(|((x, n), score)| Group { x: *x, n: *n, score: *score }).collect();
    let armitage = cochran_armitage(&groups);
    case.check(&["cochran_armitage", "chisq"], armitage.map(|t| t.statistic));
    case.check(&["cochran_armitage", "p"], armitage.map(|t| t.p));
    let (answers, occasions) = matrix(&case.setting("cochran_q")["matrix"]);
    check("cochran_q", cochran_q(&answers, occasions));
    let (square, categories) = matrix(&case.setting("stuart_maxwell")["matrix"]);
    check("stuart_maxwell", stuart_maxwell(&square, categories));
    check("bowker", bowker(&square, categories));
    for (word, adjustment) in Adjustment::WORDS.iter().zip(Adjustment::ALL) {
        case.check_all(&["adjusted_p", word], &adjustment.apply(&numbers(case.setting("p_values"))));
    }
}

#[test]
fn reference_strata() {
    let case = Case::read("table_tests");
    let tables: Vec<Stratum> = case.setting("strata").as_array().unwrap().iter().map(stratum).collect();
    let strata = Strata::new(&tables).unwrap();
    let level = Confidence::new(case.setting("conf_level").as_f64().unwrap()).unwrap();
    let limits = strata.odds_ratio_limits(&level);
    let check = |key: &str, got: Option<f64>| case.check(&["mantel_haenszel", key], got);
    check("or", strata.odds_ratio());
    case.check(&["mantel_haenszel", "or_ci", "0"], limits.map(|l| l.0));
    case.check(&["mantel_haenszel", "or_ci", "1"], limits.map(|l| l.1));
    check("rr", strata.risk_ratio());
    check("chisq", strata.test(false).map(|t| t.statistic));
    check("chisq_cc", strata.test(true).map(|t| t.statistic));
    let homogeneity = strata.homogeneity();
    case.check(&["breslow_day", "stat"], homogeneity.map(|h| h.breslow_day.statistic));
    case.check(&["breslow_day", "tarone"], homogeneity.map(|h| h.tarone.statistic));
    case.check(&["breslow_day", "df"], homogeneity.map(|h| h.breslow_day.df));
}

#[test]
fn reference_association() {
    let case = Case::read("association_2x2");
    for (k, t) in case.setting("tables").as_array().unwrap().iter().enumerate() {
        let k = k.to_string();
        let (cells, _) = matrix(t);
        let t = Stratum { a: cells[0], b: cells[1], c: cells[2], d: cells[3] };
        case.check(&["tables", &k, "tetrachoric"], tetrachoric(&t));
        case.check(&["tables", &k, "phi"], phi(&t));
        case.check(&["tables", &k, "yule_q"], yule_q(&t));
    }
}

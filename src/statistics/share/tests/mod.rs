//! Reference cases of shares and rates.

mod by_hand;
mod properties;

use super::rate::Events;
use super::*;
use crate::statistics::confidence::Confidence;
use crate::statistics::tests::{Case, numbers};
use serde_json::Value;

fn confidence(case: &Case) -> Confidence {
    Confidence::new(case.setting("conf_level").as_f64().unwrap()).unwrap()
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap()
}

/// Both limits under a key.
fn check_limits(case: &Case, path: &[&str], limits: Option<(f64, f64)>) {
    for (side, limit) in [("0", limits.map(|l| l.0)), ("1", limits.map(|l| l.1))] {
        case.check(&[path, &[side]].concat(), limit);
    }
}

#[test]
fn intervals_for_one_share() {
    for name in ["proportion_ci_95", "proportion_ci_99_tiny"] {
        let case = Case::read(name);
        let level = number(&case.json["settings"], "conf_level");
        for (word, kind) in ShareInterval::WORDS.iter().zip(ShareInterval::ALL) {
            for (k, (x, n)) in numbers(case.setting("x")).iter().zip(numbers(case.setting("n"))).enumerate() {
                let limits = kind.at_level(*x, n, level);
                case.check(&[word, "lower", &k.to_string()], limits.map(|l| l.0));
                case.check(&[word, "upper", &k.to_string()], limits.map(|l| l.1));
            }
        }
    }
}

#[test]
fn two_shares() {
    for name in ["two_proportions_95", "two_proportions_zero_cells"] {
        let case = Case::read(name);
        let level = confidence(&case);
        for (k, t) in case.setting("tables").as_array().unwrap().iter().enumerate() {
            let k = k.to_string();
            let two = TwoShares::new(number(t, "x1"), number(t, "n1"), number(t, "x2"), number(t, "n2")).unwrap();
            let check = |key: &str, got: Option<f64>| case.check(&["tables", &k, key], got);
            let limits = |key: &str, got: Option<(f64, f64)>| check_limits(&case, &["tables", &k, key], got);
            check("risk_diff", Some(two.difference()));
            limits("diff_wald", Some(two.wald(&level)));
            limits("diff_newcombe", Some(two.newcombe(&level)));
            limits("diff_agresti_caffo", Some(two.agresti_caffo(&level)));
            limits("diff_miettinen_nurminen", Some(two.miettinen_nurminen(&level)));
            limits("diff_mee", Some(two.mee(&level)));
            check("risk_ratio", two.risk_ratio());
            check("rr_log_se", two.katz(&level).map(|r| r.log_se));
            limits("rr_katz", two.katz(&level).map(|r| r.limits));
            check("odds_ratio", two.odds_ratio());
            check("or_log_se", two.woolf(&level).map(|r| r.log_se));
            limits("or_woolf", two.woolf(&level).map(|r| r.limits));
            check("or_haldane", Some(two.haldane(&level).ratio));
            limits("or_haldane_ci", Some(two.haldane(&level).limits));
            check("z_pooled", two.pooled_z().map(|t| t.statistic));
            check("z_p", two.pooled_z().map(|t| t.p));
            check("chisq", two.pearson().map(|t| t.statistic));
            check("chisq_p", two.pearson().map(|t| t.p));
            check("chisq_yates", two.yates().map(|t| t.statistic));
            check("chisq_yates_p", two.yates().map(|t| t.p));
        }
    }
}

#[test]
fn exact_tests() {
    let case = Case::read("exact_2x2_small");
    let level = confidence(&case);
    for (k, t) in case.setting("tables").as_array().unwrap().iter().enumerate() {
        let k = k.to_string();
        let (x1, n1, x2, n2) = (number(t, "x1"), number(t, "n1"), number(t, "x2"), number(t, "n2"));
        let table = Exact2x2::new(x1, n1, x2, n2).unwrap();
        let check = |key: &str, got: Option<f64>| case.check(&["tables", &k, key], got);
        let fisher = table.fisher();
        check("fisher_p", Some(fisher.two_sided));
        check("fisher_less", Some(fisher.less));
        check("fisher_greater", Some(fisher.greater));
        check("fisher_midp_less", Some(fisher.mid_less));
        check("fisher_midp_greater", Some(fisher.mid_greater));
        check("fisher_midp_two_sided", Some(fisher.mid_two_sided));
        check("cond_or", table.odds_ratio());
        check_limits(&case, &["tables", &k, "cond_or_ci"], Some(table.limits(&level)));
        check("barnard_p", fixed_rows::barnard(x1, n1, x2, n2));
        check("boschloo_p", fixed_rows::boschloo(x1, n1, x2, n2));
    }
}

#[test]
fn paired_shares() {
    let case = Case::read("mcnemar_small");
    let level = confidence(&case);
    for (k, t) in case.setting("tables").as_array().unwrap().iter().enumerate() {
        let k = k.to_string();
        let pairs = Paired::new(number(t, "a"), number(t, "b"), number(t, "c"), number(t, "d")).unwrap();
        let check = |key: &str, got: Option<f64>| case.check(&["tables", &k, key], got);
        let limits = |key: &str, got: Option<(f64, f64)>| check_limits(&case, &["tables", &k, key], got);
        check("chisq", pairs.chi_square().map(|t| t.statistic));
        check("p", pairs.chi_square().map(|t| t.p));
        check("chisq_cc", pairs.corrected().map(|t| t.statistic));
        check("p_cc", pairs.corrected().map(|t| t.p));
        check("p_exact", Some(pairs.exact()));
        check("p_mid", Some(pairs.mid_p()));
        check("diff", Some(pairs.difference()));
        limits("diff_wald", Some(pairs.wald(&level)));
        limits("diff_agresti_min", Some(pairs.agresti_min(&level)));
        limits("diff_newcombe10", Some(pairs.newcombe(&level)));
        limits("diff_tango", Some(pairs.tango(&level)));
        check("cond_or", pairs.odds_ratio());
        limits("cond_or_exact", pairs.odds_ratio_limits(&level));
    }
}

#[test]
fn rates_and_their_ratios() {
    let case = Case::read("poisson_rates");
    let level = confidence(&case);
    let times = numbers(case.setting("person_time"));
    for (k, (x, t)) in numbers(case.setting("events")).into_iter().zip(times).enumerate() {
        let k = k.to_string();
        let events = Events::new(x, t).unwrap();
        case.check(&["rates", &k, "rate"], Some(events.rate()));
        check_limits(&case, &["rates", &k, "exact"], Some(events.exact(&level)));
        check_limits(&case, &["rates", &k, "mid_p"], Some(events.mid_p(&level)));
        check_limits(&case, &["rates", &k, "log_wald"], events.log_wald(&level));
    }
    for (k, r) in case.setting("ratios").as_array().unwrap().iter().enumerate() {
        let k = k.to_string();
        let first = Events::new(number(r, "x1"), number(r, "t1")).unwrap();
        let second = Events::new(number(r, "x2"), number(r, "t2")).unwrap();
        case.check(&["ratios", &k, "rate_ratio"], first.ratio(&second));
        check_limits(&case, &["ratios", &k, "ci_exact"], first.ratio_limits(&second, &level));
        case.check(&["ratios", &k, "p_exact"], Some(first.equal(&second)));
    }
}

//! What an `[[estimand]]` table may say.

use super::{parameters, planned, read, schema, text};
use crate::diagnostic::{Diagnostics, page};
use crate::estimand::plan;
use crate::tables::{Quantity, TargetTruth};

/// Keys of a table and their values.
type Keys<'a> = &'a [(&'a str, &'a str)];

const BASIC: [(&str, &str); 3] = [("quantity", "prevalence"), ("of", "earning"), ("wave", "2")];

fn with<'a>(base: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = base.iter().filter(|(key, _)| !more.iter().any(|(k, _)| k == key));
    kept.chain(more).copied().filter(|(_, value)| !value.is_empty()).collect()
}

/// The one problem that reading and binding a table finds.
fn problem(base: &[(&str, &str)], more: &[(&str, &str)]) -> (&'static str, String) {
    let (target, mut problems) = read(&with(base, more));
    if let Some(target) = target {
        assert!(plan(&target, &schema(), &parameters(), &mut problems).is_none(), "{more:?}");
    }
    assert_eq!(problems.list().len(), 1, "{more:?}: {:?}", problems.list());
    let found = &problems.list()[0];
    assert!(found.code.starts_with("S01") || found.code.starts_with("S02") || page(found.code).is_some());
    (found.code, format!("{} / {}", found.message, found.help.clone().unwrap_or_default()))
}

#[test]
fn defaults_are_filled_in() {
    let target = read(&BASIC).0.expect("a target");
    assert_eq!((target.name.as_str(), target.of.text.as_str(), target.level), ("it", "earning", None));
    assert_eq!(target.quantity, Quantity::Prevalence { wave: 1 });
    assert_eq!((target.null, target.truth, target.level_of_confidence), (None, TargetTruth::Population, 0.95));
    let difference = [("quantity", "difference"), ("of", "score"), ("wave", "1"), ("compare", "arm | not arm")];
    assert_eq!(read(&difference).0.expect("a target").null, Some(0.0));
    assert_eq!(read(&with(&difference, &[("null", "k / 4")])).0.expect("a target").null, Some(0.5));
}

#[test]
fn truths_are_told_apart() {
    let truth = |more: &[(&str, &str)]| read(&with(&BASIC, more)).0.expect("a target").truth;
    assert_eq!(truth(&[("target", "cohort")]), TargetTruth::Cohort);
    assert_eq!(truth(&[("true_value", "-0.5")]), TargetTruth::Constant(-0.5));
    assert_eq!(truth(&[("true_value", "2 * effect")]), TargetTruth::Constant(-1.0));
}

#[test]
fn levels_are_kept_for_named_levels_only() {
    let setting = with(&BASIC, &[("of", "setting"), ("level", "street")]);
    assert_eq!(read(&setting).0.expect("a target").level.as_deref(), Some("street"));
    assert_eq!(read(&with(&BASIC, &[("level", "yes")])).0.expect("a target").level, None);
}

#[test]
fn a_study_with_one_wave_need_not_name_it() {
    let mut one = schema();
    one.waves = vec![1];
    let mut problems = Diagnostics::new();
    let options = super::options(&[("quantity", "mean"), ("of", "score")]);
    let target = super::declare(&options, 0.9, &parameters(), &one, &mut problems).expect("a target");
    assert_eq!(target.quantity, Quantity::Mean { wave: 0 });
}

#[test]
fn wrong_tables_are_refused_with_a_number() {
    let years = [("quantity", "years"), ("of", "earning"), ("by", "3"), ("at_least", "2")];
    let moving = [("quantity", "transition"), ("of", "earning"), ("from", "1"), ("to", "2"), ("direction", "entering")];
    let mean = [("quantity", "mean"), ("of", "score"), ("wave", "1")];
    let comparing = [("quantity", "difference"), ("of", "score"), ("wave", "1"), ("compare", "arm | not arm")];
    let finding = [("quantity", "finding"), ("of", "score"), ("finding", "kappa"), ("true_value", "0.5")];
    let cases: [(Keys<'_>, Keys<'_>, &str, &str); 39] = [
        (&BASIC, &[("of", "earnings")], "S0501", "`earning`"),
        (&BASIC, &[("of", "group")], "S0501", "where"),
        (&BASIC, &[("of", "")], "S0103", "`of`"),
        (&BASIC, &[("quantity", "")], "S0103", "`quantity`"),
        (&BASIC, &[("quantity", "prevalance")], "S0104", "prevalence"),
        (&BASIC, &[("wave", "")], "S0103", "`wave`"),
        (&BASIC, &[("wave", "1.5")], "S0502", "1.5"),
        (&BASIC, &[("wave", "0")], "S0502", "counted from 1"),
        (&BASIC, &[("wave", "k * 2")], "S0503", "number of waves is 3"),
        (&BASIC, &[("wave", "kk")], "S0202", "`k`"),
        (&BASIC, &[("by", "2")], "S0101", "`by`"),
        (&BASIC, &[("level", "no")], "S0504", "`yes`"),
        (&BASIC, &[("of", "setting")], "S0504", "shelter"),
        (&BASIC, &[("of", "setting"), ("level", "sheltr")], "S0504", "`shelter`"),
        (&BASIC, &[("of", "score")], "S0505", "mean"),
        (&BASIC, &[("target", "sample")], "S0104", "cohort"),
        (&BASIC, &[("target", "cohort"), ("true_value", "1")], "S0508", "both"),
        (&BASIC, &[("true_value", "true")], "S0102", "number"),
        (&BASIC, &[("where", "earnin")], "S0202", "`earning`"),
        (&BASIC, &[("where", "setting == 'home'")], "S0208", "home"),
        (&mean, &[("of", "setting")], "S0505", "prevalence"),
        (&mean, &[("level", "yes")], "S0101", "level"),
        (&years, &[("at_least", "4")], "S0507", "3 wave(s)"),
        (&years, &[("at_least", "")], "S0103", "at_least"),
        (&years, &[("consecutive", "2")], "S0102", "true or false"),
        (&moving, &[("from", "2")], "S0506", "from wave 2 to 2"),
        (&moving, &[("direction", "out")], "S0104", "entering"),
        (&moving, &[("of", "arm")], "S0505", "never changes"),
        (&comparing, &[("compare", "")], "S0103", "compare"),
        (&comparing, &[("compare", "arm | not arm | arm")], "S0510", "has 3"),
        (&comparing, &[("level", "yes")], "S0504", "a number"),
        (&comparing, &[("compare", "arm")], "S0102", "a list"),
        (&comparing, &[("null", "'x'")], "S0203", "number"),
        (&finding, &[("where", "arm")], "S0101", "`where`"),
        (&finding, &[("wave", "1")], "S0101", "`wave`"),
        (&finding, &[("true_value", "")], "S0515", "true_value"),
        (&finding, &[("finding", "")], "S0103", "`finding`"),
        (&comparing, &[("quantity", "risk_ratio")], "S0505", "a level"),
        (&comparing, &[("quantity", "odds_ratio"), ("of", "earning"), ("compare", "arm")], "S0102", "a list"),
    ];
    for (base, more, code, part) in cases {
        let (found, message) = problem(base, more);
        assert_eq!(found, code, "{more:?}: {message}");
        assert!(message.contains(part), "{more:?}: {message} should say {part}");
    }
}

#[test]
fn wrong_models_are_refused_with_a_number() {
    let model = [
        ("quantity", "coefficient"),
        ("of", "score"),
        ("wave", "2"),
        ("model", "arm + age"),
        ("term", "arm"),
        ("family", "linear"),
    ];
    planned(&model);
    let cases: [(Keys<'_>, &str, &str); 25] = [
        (&[("model", "arm + offset(age)")], "S0511", "leave out"),
        (&[("model", "arm +")], "S0511", "joined"),
        (&[("model", "arm + factor(age)")], "S0511", "few values"),
        (&[("model", "earning ~ arm")], "S0511", "the estimand of `score`"),
        (&[("model", "arm + ns(age, 3)")], "S0511", "depend on the data"),
        (&[("wave", "1"), ("model", "arm + lag(age)")], "S0511", "before the first"),
        (&[("model", "arm + aeg")], "S0501", "`age`"),
        (&[("term", "skill")], "S0512", "(Intercept), arm, age"),
        (&[("model", "site"), ("term", "site")], "S0512", "siteb, sitec"),
        (&[("family", "logistic")], "S0514", "linear"),
        (&[("family", "")], "S0103", "family"),
        (&[("of", "setting")], "S0504", "level"),
        (&[("family", "binomial"), ("link", "probit")], "S0514", "gaussian"),
        (&[("family", "gamma")], "S0104", "poisson"),
        (&[("link", "log")], "S0120", "gaussian takes"),
        (&[("family", "poisson"), ("link", "logit")], "S0120", "poisson `log`"),
        (&[("link", "sqrt")], "S0104", "identity"),
        (&[("model", "arm + wave")], "S0501", "several `waves`"),
        (&[("waves", "1 | 2")], "S0120", "beside"),
        (&[("wave", ""), ("waves", "every")], "S0104", "all"),
        (&[("wave", ""), ("waves", "1 | 4")], "S0503", "number of waves is 3"),
        (&[("wave", ""), ("waves", "1 | 0")], "S0502", "counted from 1"),
        (&[("wave", ""), ("waves", "2")], "S0102", "a list"),
        (&[("wave", ""), ("waves", "all"), ("model", "arm + lag(age)")], "S0511", "before the first"),
        (&[("wave", ""), ("waves", "all"), ("model", "arm + lag(wave)")], "S0511", "needs no `lag`"),
    ];
    for (more, code, part) in cases {
        let (found, message) = problem(&model, more);
        assert_eq!(found, code, "{more:?}: {message}");
        assert!(message.contains(part), "{more:?}: {message} should say {part}");
    }
}

#[test]
fn every_problem_of_a_table_is_reported_at_once() {
    let (target, problems) =
        read(&[("quantity", "transition"), ("of", "skil"), ("from", "9"), ("to", "0"), ("wehre", "arm")]);
    assert_eq!(target, None);
    let codes: Vec<&str> = problems.list().iter().map(|p| p.code).collect();
    assert_eq!(codes, ["S0501", "S0503", "S0502", "S0103", "S0101"]);
    assert_eq!(problems.list()[0].span.as_ref().map(|s| s.bytes.clone()), Some(text("skil").span.bytes));
}

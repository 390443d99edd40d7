//! Analysis sets: who is in them, and methods that are restricted to them.

use crate::common::*;
use eclosion::observe;
use eclosion::scenario;
use eclosion::simulate;
use eclosion::streams::{Lane, Purpose, Space, Streams};
use eclosion::tables::Estimate;

const PEOPLE: &str = "time = { step = '1 month', waves = { every = '1 year', count = 3 } }\n\
                      [[group]]\nname = 'girls'\nsize = 400\n[[group]]\nname = 'boys'\nsize = 100\n\
                      [attributes]\nage = 'uniform(low = 10, high = 20)'\n\
                      [state.well]\nstarts = 0.4\non = { rate = 0.3 }\noff = { rate = 0.2 }\n\
                      [survey.items]\nwell = { sensitivity = 0.9, nonresponse = 0.1 }\n\
                      [[survey.loss]]\nkind = 'dropout'\nprobability = 0.15\n";

const SETS: &str = "[[survey.set]]\nname = 'survey_data'\nwhere = 'contacts > 0'\n\
                    [[survey.set]]\nname = 'assessed'\nprobability = \"if(group == 'boys', 15/25.6, 0.918)\"\n\
                    [[survey.set]]\nname = 'summaries'\nneeds = 'assessed'\nprobability = '86/109'\n\
                    [[survey.set]]\nname = 'still_well'\nneeds = 'assessed'\n\
                    where = 'not missing(recorded(well, wave = 3)) and recorded(well, wave = 3)'\n\
                    [[survey.set]]\nname = 'often'\nwhere = 'contacts == 3 and age > 14'\n";

/// Who is in a set.
fn inside(seen: &Seen, set: &str) -> Vec<bool> {
    let k = seen.observed.schema.baseline(set).unwrap();
    assert!(seen.observed.schema.sets.contains(&k));
    let list = values(&seen.observed.baseline[k], seen.observed.schema.baseline[k].coding.as_deref());
    assert!(list.iter().all(|v| *v == 0.0 || *v == 1.0));
    list.iter().map(|v| *v == 1.0).collect()
}

#[test]
fn sets_include_as_they_say() {
    let seen = seen(&format!("{PEOPLE}{SETS}"), 40);
    let n = seen.rows();
    let assessed = inside(&seen, "assessed");
    let boy = |i: usize| seen.observed.group[i] == 1;
    assert_share(share(n, boy, |i| assessed[i]), 15.0 / 25.6);
    assert_share(share(n, |i| !boy(i), |i| assessed[i]), 0.918);
    let summaries = inside(&seen, "summaries");
    assert!((0..n).all(|i| assessed[i] || !summaries[i]));
    assert_share(share(n, |i| assessed[i], |i| summaries[i]), 86.0 / 109.0);
    let (still_well, well) = (inside(&seen, "still_well"), seen.answers("well", 3));
    let (often, age) = (inside(&seen, "often"), seen.truth("age", 1));
    for i in 0..n {
        assert_eq!(still_well[i], assessed[i] && well[i] == 1.0);
        let contacts = (1..=3).filter(|wave| seen.attended(*wave)[i]).count();
        // The last wave is two years after the start.
        assert_eq!(often[i], contacts == 3 && age[i] + 2.0 > 14.0);
    }
    assert!(inside(&seen, "survey_data").iter().zip(seen.attended(1)).all(|(set, first)| set == first));
    let counted = seen.audit.mechanisms.iter().filter(|m| m.name == "inclusion in summaries");
    let (at_risk, happened) = counted.fold((0, 0), |sum, m| (sum.0 + m.at_risk, sum.1 + m.happened));
    let count = |list: &[bool]| list.iter().filter(|b| **b).count() as u64;
    assert_eq!((at_risk, happened), (count(&assessed), count(&summaries)));
}

#[test]
fn the_same_at_any_size_of_batch_and_part() {
    let prepared = study(&format!("{PEOPLE}{SETS}"));
    let whole = see(&prepared, 0..3);
    let one = see(&prepared, 2..3);
    let streams = Streams::new(20_101, Space::Study);
    let truth = prepared.truth.simulate(&streams, 2..3, &mut simulate::Scratch::default()).unwrap();
    let part = prepared.survey.observe_part(
        &truth.part(333..444),
        333..444,
        &streams,
        Keep::Answers,
        &mut observe::Scratch::default(),
    );
    let (observed, audit) = part.unwrap().unwrap();
    let part = Seen { truth: truth.part(333..444), observed, audit };
    for set in ["survey_data", "assessed", "summaries", "still_well", "often"] {
        assert_eq!(inside(&whole, set)[1000..], inside(&one, set));
        assert_eq!(inside(&one, set)[333..444], inside(&part, set));
    }
}

/// A set changes nothing of the rest, and tells whether it depends on what nobody sees.
#[test]
fn sets_are_mechanisms_that_move_nothing() {
    let hidden = "[[survey.set]]\nname = 'hidden'\nprobability = 'if(well, 0.9, 0.5)'\n";
    let prepared = study(&format!("{PEOPLE}{SETS}{hidden}"));
    let class = |name: &str| {
        let found = prepared.survey.mechanisms().iter().find(|m| m.name == name).unwrap();
        found.missingness.unwrap().name()
    };
    assert_eq!(class("inclusion in summaries"), "MCAR");
    assert_eq!(class("inclusion in assessed"), "MAR");
    assert_eq!(class("inclusion in still_well"), "MAR");
    assert_eq!(class("inclusion in hidden"), "MNAR");
    let (plain, with) = (seen(PEOPLE, 1), see(&prepared, 0..1));
    for wave in 1..=3 {
        let bits = |seen: &Seen| seen.answers("well", wave).into_iter().map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(&plain), bits(&with));
    }
    assert!(plain.observed.schema.sets.is_empty() && plain.observed.baseline.len() == 1);
}

const HEAD: &str = "scenario = 1\nstudy = { title = 't', aims = 'a', seed = 1, replicates = 10 }\n";
const ASKED: &str = "[[estimand]]\nname = 'well'\nquantity = 'prevalence'\nof = 'well'\nwave = 3\n\
                     [[estimand]]\nname = 'gap'\nquantity = 'difference'\nof = 'well'\nwave = 3\n\
                     compare = [\"group == 'boys'\", \"group == 'girls'\"]\n\
                     [[estimand]]\nname = 'slope'\nquantity = 'coefficient'\nof = 'well'\nwave = 3\nmodel = 'age + group'\nterm = 'age'\n\
                     family = 'logistic'\n";

/// The answers of every method to every estimand that it can answer, for two replicates.
fn answers(text: &str) -> Vec<(String, Estimate)> {
    let loaded = scenario::load_text("study.toml", &format!("{HEAD}{PEOPLE}{text}"), &[]);
    let mut problems = loaded.problems;
    let scenario = loaded.scenario.unwrap_or_else(|| panic!("{:?}", problems.list()));
    let ready = scenario.check_all(&mut problems);
    let prepared = ready.unwrap_or_else(|| panic!("{:?}", problems.list())).remove(0).1;
    let seen = see(&prepared, 0..2);
    let mut all = Vec::new();
    for (e, m) in &prepared.pairs {
        let method = &scenario.methods[*m];
        let mut fit = method.method.bind(&prepared.targets[*e], prepared.survey.schema()).unwrap();
        for r in 0..2 {
            let lane = Lane { purpose: Purpose::named("test"), occasion: 0, replicate: r, stratum: 0 };
            let mut stream = Streams::new(1, Space::Method).own(&lane, 0);
            let estimate = fit.fit(&seen.observed.replicate(r as usize), &mut stream).unwrap();
            all.push((format!("{} / {}", method.name.text, prepared.targets[*e].name), estimate));
        }
    }
    all
}

/// By hand: the share among those in the set who answered at all waves.
#[test]
fn complete_cases_of_a_set() {
    let method = "[[method]]\nmethod = 'complete_case'\nset = 'assessed'\nestimands = ['well']\n";
    let found = answers(&format!("{SETS}{ASKED}{method}"));
    let seen = seen(&format!("{PEOPLE}{SETS}"), 2);
    let assessed = inside(&seen, "assessed");
    let told: Vec<Vec<f64>> = (1..=3).map(|wave| seen.answers("well", wave)).collect();
    for (r, (_, estimate)) in found.iter().enumerate() {
        let complete = |i: &usize| assessed[*i] && told.iter().all(|wave| !wave[*i].is_nan());
        let rows: Vec<usize> = seen.truth.rows(r).filter(complete).collect();
        let well = rows.iter().filter(|i| told[2][**i] == 1.0).count();
        assert_eq!(estimate.estimate, well as f64 / rows.len() as f64);
        assert!(rows.len() < 400 && rows.len() > 100);
    }
    assert_eq!(found.len(), 2);
}

/// Every method gives the same to the last bit on a set of all records as without one, and something else on a part.
#[test]
fn every_method_can_be_restricted() {
    // A set stands around any method; these answer the estimands here without further options.
    const NAMES: [&str; 8] =
        ["available_case", "complete_case", "difference_in_means", "glm", "ipw", "locf", "logistic", "regression"];
    let all = "[[survey.set]]\nname = 'all'\nwhere = 'true'\n";
    let methods = |set: &str| {
        let options = |name: &str| if name == "ipw" { "dropout_model = 'age + group'\n" } else { "" };
        NAMES.iter().map(|name| format!("[[method]]\nmethod = '{name}'\n{}{set}", options(name))).collect::<String>()
    };
    // `regression` wants a linear coefficient.
    let linear = "[[estimand]]\nname = 'line'\nquantity = 'coefficient'\nof = 'well'\nwave = 3\nmodel = 'age'\nterm = 'age'\nfamily = 'linear'\n";
    let with = |set: &str| answers(&format!("{SETS}{all}{ASKED}{linear}{}", methods(set)));
    let (plain, whole, part) = (with(""), with("set = 'all'\n"), with("set = 'assessed'\n"));
    assert!(plain.len() >= 2 * NAMES.len());
    assert_eq!(plain, whole);
    assert_eq!(plain.len(), part.len());
    for ((name, plain), (_, part)) in plain.iter().zip(&part) {
        assert_ne!(plain.estimate, part.estimate, "{name}");
    }
}

/// Nobody in the set: a failure with its reason.
#[test]
fn an_empty_set_is_a_failed_fit() {
    let text = format!(
        "{HEAD}{PEOPLE}[[survey.set]]\nname = 'none'\nwhere = 'contacts > 3'\n{ASKED}[[method]]\nmethod = 'complete_case'\nset = 'none'\n"
    );
    let loaded = scenario::load_text("study.toml", &text, &[]);
    let scenario = loaded.scenario.unwrap_or_else(|| panic!("{:?}", loaded.problems.list()));
    let prepared = scenario.check_all(&mut Default::default()).unwrap().remove(0).1;
    let seen = see(&prepared, 0..1);
    let mut fit = scenario.methods[0].method.bind(&prepared.targets[0], prepared.survey.schema()).unwrap();
    let lane = Lane { purpose: Purpose::named("test"), occasion: 0, replicate: 0, stratum: 0 };
    let failure = fit.fit(&seen.observed.replicate(0), &mut Streams::new(1, Space::Method).own(&lane, 0)).unwrap_err();
    assert_eq!(failure.detail, "no record is in the analysis set `none`");
}

const SMALL: &str = "time = { step = '1 month', waves = { every = '1 year', count = 3 } }\n\
                     group = [{ name = 'all', size = 9 }]\nstate = { well = { starts = 0.5, on = { rate = 1 } } }\n";

#[test]
fn problems_of_sets() {
    let either = "a set needs either `probability` or `where`, one of them [`probability` is drawn once for each person; `where` is true for those who are in the set]";
    for (text, want) in [
        ("name = 's'", format!("S0446 4:1 {either}")),
        ("name = 's'\nprobability = 0.5\nwhere = 'well'", format!("S0446 6:15 {either}")),
        ("where = 'well'", "S0103 4:1 [[survey.set]] needs a key `name` [add `name = ...`]".to_owned()),
        (
            "name = 's'\nwhere = 'well'\n[[survey.set]]\nname = 't'\nneeds = 'ss'\nwhere = 'well'",
            "S0445 9:10 no set before this one is called `ss` [did you mean `s`?]".to_owned(),
        ),
        (
            "name = 's'\nneeds = 's'\nwhere = 'well'",
            "S0445 6:10 no set before this one is called `s` [a set can need one that stands before it in the file]".to_owned(),
        ),
        ("name = 's'\nprobability = 2", "S0204 6:15 this is 2; a probability must lie between 0 and 1 [`expit(...)` always lies there; `min(1, max(0, ...))` cuts off]".to_owned()),
        ("name = 's'\nwhen = 'well'\nwhere = 'well'", "S0101 6:1 [[survey.set]] has no key `when` [did you mean `where`?]".to_owned()),
        (
            "name = 'well'\nwhere = 'well'",
            "S0107 5:9 the name `well` is declared twice [the other one is a state on line 5 of study.toml]".to_owned(),
        ),
        (
            "name = 'the set'\nwhere = 'well'",
            "S0105 5:9 `the set` cannot be the name of an analysis set [a letter, then letters, digits and `_`: `the_set`]".to_owned(),
        ),
        (
            "name = 's'\nprobability = 'expit(mood)'\n[survey]\nmood = 'normal(mean = 0, sd = 1)'",
            "S0409 6:22 `mood` is drawn with an interview, and this is read when all are over [read it in `[survey.items]` or in a loss of kind \"item_non_response\"]".to_owned(),
        ),
    ] {
        let found = problems(&format!("{SMALL}[[survey.set]]\n{text}\n"));
        assert_eq!(found, [want], "{text}");
    }
    let method = "[[survey.set]]\nname = 'assessed'\nwhere = 'well'\n[[estimand]]\nname = 'well'\nquantity = 'prevalence'\nof = 'well'\nwave = 3\n\
                  [[method]]\nmethod = 'complete_case'\nset = 'asessed'\n";
    assert_eq!(
        problems(&format!("{SMALL}{method}")),
        ["S0445 14:8 there is no set `asessed` in this scenario [did you mean `assessed`?]"]
    );
}

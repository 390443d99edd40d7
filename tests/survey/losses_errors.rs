//! Every problem of a loss's declaration, with its place and its help, and of a list of losses that contradict each other.

use crate::common::*;

/// Three lines; what follows begins on line 4.
const PEOPLE: &str = "time = { step = '1 month', waves = { every = '1 year', count = 3 } }\n\
                      group = [{ name = 'all', size = 9, start = { age = 'uniform(low = 10, high = 20)' } }]\n\
                      state = { well = { starts = 0.5, on = { rate = 1 } } }\n";

#[track_caller]
fn assert_problems(survey: &str, want: &[&str]) {
    assert_eq!(problems(&format!("{PEOPLE}{survey}")), want);
}

/// A table of a loss with its keys on one line each.
fn loss(kind: &str, keys: &str) -> String {
    format!("[[survey.loss]]\nkind = '{kind}'\n{}{}", keys, if keys.is_empty() { "" } else { "\n" })
}

#[test]
fn s0412_a_formula_of_sites_reads_what_differs_between_persons() {
    let help = "[read parameters, `wave`, `time`, `site` and random effects of sites]";
    let sites = "site = [{ count = 2, effect = 'normal(mean = 0, sd = 1)' }]\n";
    for read in ["well", "lag(well)", "age", "contacts", "reported(well)", "site_mean(well)"] {
        for (key, keys) in [
            ("probability", format!("probability = '0.1 * {read} / 300'")),
            ("returns", format!("returns = '0.1 * {read} / 300'\nprobability = 0.1")),
        ] {
            let line = 7;
            let column = key.len() + 5;
            let want = format!(
                "S0412 {line}:{column} a site is lost with all its persons alike, and this formula reads `{read}` {help}"
            );
            assert_problems(&format!("{sites}{}", loss("site_loss", &keys)), &[&want]);
        }
    }
    assert_problems(
        &format!(
            "{sites}{}",
            loss("site_loss", "rate = \"0.1 * exp(site_effect) * (site == 'site 1') * wave * time\"")
        ),
        &[],
    );
    assert_problems(
        &loss("site_loss", "rate = 0.1"),
        &[
            "S0412 4:1 a site can be lost only where there are sites [add a `[[site]]` table, or write `kind = \"dropout\"`]",
        ],
    );
}

#[test]
fn s0412_who_must_not_change() {
    for read in ["well", "age > 12", "wave > 2", "time > 1", "reported(well)"] {
        let name = read.split(' ').next().unwrap();
        let want = format!(
            "S0412 6:8 `who` must not change from wave to wave, and this formula reads `{name}` \
             [read attributes, `group` and parameters]"
        );
        assert_problems(&loss("refreshment", &format!("who = '{read}'\nwave = 2")), &[&want]);
        assert_problems(&loss("right_censoring", &format!("who = '{read}'\nafter_wave = 2")), &[&want]);
    }
    let moving = PEOPLE.replace(
        "state = {",
        "site = [{ count = 2, setting = 'a' }]\nstate = { setting = { levels = ['a', 'b'], starts = 'a', moves = [{ from = 'a', to = 'b', rate = 1 }] },",
    );
    let table = loss("refreshment", "who = \"site == 'a 1'\"\nwave = 2");
    assert_eq!(problems(&format!("{moving}{table}"))[0][..5], *"S0412");
    let still = format!("{PEOPLE}site = [{{ count = 2 }}]\n{table}").replace("'a 1'", "'site 1'");
    assert_eq!(problems(&still), [""; 0]);
}

#[test]
fn s0413_nobody_to_trace() {
    let help = "[write `tracing` after the losses of which it finds the persons again]";
    let want = |line: u32| {
        format!("S0413 {line}:9 there is nobody to trace: no `dropout` and no `intermittent` stands before {help}")
    };
    let tracing = loss("tracing", "probability = 0.3");
    assert_problems(&tracing, &[&want(5)]);
    assert_problems(&format!("{}{tracing}", loss("refusal", "probability = 0.1")), &[&want(8)]);
    assert_problems(&format!("{tracing}{}", loss("dropout", "probability = 0.1")), &[&want(5)]);
    for kind in ["dropout", "intermittent"] {
        assert_problems(&format!("{}{tracing}", loss(kind, "probability = 0.1")), &[]);
    }
}

#[test]
fn s0414_twice_what_happens_once() {
    let help = "[leave one of them; its formula can differ between persons]";
    for (kind, keys) in [
        ("refusal", "probability = 0.1"),
        ("delayed_entry", "probability = 0.1"),
        ("consent", "adult = 0.1\nminor = 0.1\ndata = 'keep'"),
    ] {
        let table = loss(kind, keys);
        let line = 5 + table.lines().count();
        let want = format!("S0414 {line}:9 `{kind}` is declared a second time {help}");
        assert_problems(&format!("{table}{table}"), &[&want]);
    }
}

#[test]
fn s0415_consent_without_age() {
    let want = "S0415 4:1 consent goes by age, and the truth has no number called `age` \
                [add an attribute, such as `age = \"uniform(low = 12, high = 25)\"` in `[attributes]`]";
    let table = loss("consent", "adult = 0.1\nminor = 0.1\ndata = 'keep'");
    assert_eq!(problems(&format!("{}{table}", PEOPLE.replace("age =", "years ="))), [want]);
    let named = PEOPLE.replace("'uniform(low = 10, high = 20)'", "0.5").replace("age =", "other =");
    let named = named.replace(
        "state = {",
        "attributes.age = { law = 'categorical(young = 0.5, old = 0.5)', levels = ['young', 'old'] }\nstate = {",
    );
    assert_eq!(problems(&format!("{named}{table}"))[0][..5], *"S0415");
}

#[test]
fn s0416_an_order_in_which_one_undoes_the_other() {
    let entry = |kind: &str| match kind {
        "refreshment" => loss(kind, "group = 'all'\nwave = 2"),
        _ => loss(kind, "probability = 0.5"),
    };
    for kind in ["refreshment", "delayed_entry"] {
        for earlier in ["dropout", "intermittent", "refusal", "death", "emigration", "right_censoring"] {
            let text = format!("{}{}", loss(earlier, "probability = 0.1"), entry(kind));
            let want = format!(
                "S0416 8:9 `{kind}` says who is in the study, and stands after `{earlier}` [write `{kind}` before `{earlier}`]"
            );
            assert_problems(&text, &[&want]);
            assert_problems(&format!("{}{}", entry(kind), loss(earlier, "probability = 0.1")), &[]);
        }
        assert_problems(&format!("{}{}", loss("item_non_response", "probability = 0.1"), entry(kind)), &[]);
    }
    assert_problems(&format!("{}{}", entry("delayed_entry"), entry("refreshment")), &[]);
    for earlier in ["death", "emigration", "right_censoring"] {
        let (dropout, tracing) = (loss("dropout", "probability = 0.1"), loss("tracing", "probability = 0.1"));
        let end = loss(earlier, "probability = 0.1");
        let want = format!(
            "S0416 11:9 `tracing` would undo `{earlier}`, which stands before it [write `tracing` before `{earlier}`]"
        );
        assert_problems(&format!("{dropout}{end}{tracing}"), &[&want]);
        assert_problems(&format!("{dropout}{tracing}{end}"), &[]);
    }
}

#[test]
fn keys_that_are_needed() {
    let needs = |key: &str| format!("S0103 4:1 [[survey.loss]] needs a key `{key}` [add `{key} = ...`]");
    for kind in ["refusal", "delayed_entry", "death", "emigration", "right_censoring", "intermittent"] {
        assert_problems(&loss(kind, ""), &[&needs("probability")]);
    }
    assert_problems(&loss("intermittent", "returns = 0.5"), &[&needs("probability")]);
    assert_problems(
        &format!("site = [{{ count = 2 }}]\n{}", loss("site_loss", "returns = 0.5")),
        &[&needs("probability").replace("4:1", "5:1")],
    );
    assert_problems(&loss("consent", ""), &[&needs("adult"), &needs("minor"), &needs("data")]);
    let who = "add `group = ...`, or `who = ...` with a yes/no formula of attributes";
    let needs_who = format!("S0103 4:1 `refreshment` needs to know who enters later [{who}]");
    assert_problems(&loss("refreshment", "wave = 2"), &[&needs_who]);
    assert_problems(&loss("refreshment", "group = 'all'"), &[&needs("wave")]);
}

#[test]
fn words_and_waves_that_are_none() {
    assert_problems(
        &loss("refreshment", "group = 'al'\nwave = 4"),
        &[
            "S0104 6:10 `group` cannot be `al` [did you mean `all`?]",
            "S0407 7:8 `wave` cannot be 4 [the number of a wave, from 1 to 3]",
        ],
    );
    assert_problems(
        &loss("consent", "adult = 0.1\nminor = 0.1\ndata = 'erased'"),
        &["S0104 8:9 `data` cannot be `erased` [did you mean `erase`?]"],
    );
    assert_problems(
        &loss("right_censoring", "after_wave = 0"),
        &["S0407 6:14 `after_wave` cannot be 0 [the number of a wave, from 1 to 3]"],
    );
    assert_problems(
        &loss("right_censoring", "after_wave = 2\nprobability = 0.1"),
        &["S0406 7:15 either `after_wave` or `probability`, not both []"],
    );
    assert_problems(
        &loss("consent", "adult = 0.1\nminor = 0.1\ndata = 'keep'\nof_age = 'wave'"),
        &["S0202 9:11 no parameter is called `wave`, and nothing else can be read here []"],
    );
}

/// A probability lies between 0 and 1, a rate is not negative, whichever loss reads it.
#[test]
fn ranges() {
    let sites = "site = [{ count = 2 }]\n";
    let dropout = loss("dropout", "probability = 0.1");
    for (before, kind, key, rest) in [
        ("", "dropout", "probability", ""),
        ("", "intermittent", "returns", "probability = 0.1"),
        ("", "refusal", "probability", ""),
        ("", "delayed_entry", "probability", ""),
        ("", "death", "probability", ""),
        ("", "emigration", "probability", ""),
        ("", "right_censoring", "probability", ""),
        ("", "consent", "adult", "minor = 0\ndata = 'keep'"),
        ("", "consent", "minor", "adult = 0\ndata = 'keep'"),
        ("", "consent", "majority", "adult = 0\nminor = 0\ndata = 'keep'"),
        (sites, "site_loss", "probability", ""),
        (sites, "site_loss", "returns", "probability = 0.1"),
        (dropout.as_str(), "tracing", "probability", ""),
        (dropout.as_str(), "tracing", "later", "probability = 0.1"),
    ] {
        for value in ["1.5", "-0.1", "'wave'"] {
            let found = problems(&format!("{PEOPLE}{before}{}", loss(kind, &format!("{key} = {value}\n{rest}"))));
            assert_eq!(found.len(), 1, "{kind} {key} {value}: {found:?}");
            assert!(found[0].starts_with("S0204 "), "{found:?}");
        }
    }
    for kind in ["dropout", "intermittent", "death", "emigration", "right_censoring"] {
        let found = problems(&format!("{PEOPLE}{}", loss(kind, "rate = -1")));
        assert!(found.len() == 1 && found[0].starts_with("S0205 "), "{found:?}");
    }
}

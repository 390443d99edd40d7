//! Problems of mechanisms of answers and of circumstances of interviews, each with its place and its help.

use crate::common::*;
use eclosion::diagnostic::page;

/// Three lines; what follows begins on line 4.
const PEOPLE: &str = "time = { step = '1 month', waves = { every = '1 year', count = 3 } }\n\
                      group = [{ name = 'all', size = 9, start = { faith = 'bernoulli(p = 0.5)' } }]\n\
                      state = { well = { starts = 0.5, on = { rate = 1 } }, place = { levels = ['a', 'b', 'c'], starts = 'categorical(a = 0.2, b = 0.3, c = 0.5)' }, mark = { starts = 'normal(mean = 0, sd = 1)', each_step = 'normal(mean = 0, sd = 1)', per = '1 month' } }\n";

#[track_caller]
fn assert_problems(survey: &str, want: &[&str]) {
    let found = problems(&format!("{PEOPLE}{survey}"));
    assert_eq!(found, want);
    for problem in found {
        assert!(page(&problem[..5]).is_some(), "{problem}");
    }
}

/// Code and place only.
#[track_caller]
fn assert_places(survey: &str, want: &[&str]) {
    let found = problems(&format!("{PEOPLE}{survey}"));
    let places: Vec<String> = found.iter().map(|p| p.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(places, want, "{found:?}");
}

#[test]
fn kinds_and_keys() {
    assert_problems(
        "[[survey.answer]]\nkind = 'forgeting'\nrate = 0.1\n",
        &["S0410 5:9 no mechanism of answers is called `forgeting` [did you mean `forgetting`?]"],
    );
    for (kind, key) in [
        ("forgetting", "rate"),
        ("telescoping", "probability"),
        ("nondisclosure", "probability"),
        ("acquiescence", "probability"),
        ("second_guessing", "probability"),
        ("recanting", "probability"),
        ("late_disclosure", "probability"),
        ("conditioning", "probability"),
        ("heaping", "to"),
    ] {
        assert_problems(
            &format!("[[survey.answer]]\nkind = '{kind}'\n"),
            &[&format!("S0103 4:1 [[survey.answer]] needs a key `{key}` [add `{key} = ...`]")],
        );
    }
    assert_places("[[survey.answer]]\nkind = 'trauma'\n", &["S0103 4:1", "S0103 4:1"]);
    assert_problems(
        "[[survey.answer]]\nkind = 'recanting'\nprobability = 0.1\nlasting = true\n",
        &["S0101 7:1 [[survey.answer]] has no key `lasting` [known here: kind, items, probability]"],
    );
}

/// The page of the language has a line for each mechanism.
#[test]
fn every_kind_is_on_the_page_of_the_language() {
    let page = include_str!("../../docs/scenario.md");
    for entry in eclosion::observe::answer::catalogue() {
        assert!(page.contains(&format!("\n| `{}` | ", entry.name)), "{}", entry.name);
        assert!(!entry.summary.is_empty());
    }
}

#[test]
fn what_is_no_probability() {
    for (options, place) in [
        ("kind = 'nondisclosure'\nprobability = 1.2\n", "6:15"),
        ("kind = 'telescoping'\nprobability = -0.1\n", "6:15"),
        ("kind = 'heaping'\nto = 5\nprobability = 2\n", "7:15"),
        ("kind = 'forgetting'\nrate = -0.1\n", "6:8"),
        ("kind = 'heaping'\nto = 0\n", "6:6"),
        ("kind = 'heaping'\nto = -5\n", "6:6"),
        ("kind = 'trauma'\nwho = 0.3\nprobability = 0.1\n", "6:7"),
    ] {
        let found = problems(&format!("{PEOPLE}[[survey.answer]]\n{options}"));
        assert!(found.len() == 1 && found[0].starts_with("S02") && found[0].contains(place), "{options}: {found:?}");
    }
    assert_places("[survey]\nothers_present = 1.5\n", &["S0204 5:18"]);
    assert_places("[survey.team]\ncount = 3\nstays = 1.5\n", &["S0204 6:9"]);
    assert_places("[survey.trust]\nfalls = { probability = 2, by = 1 }\n", &["S0204 5:25"]);
}

#[test]
fn s0411_items_that_do_not_suit() {
    for (kind, rest, item) in [
        ("forgetting", "rate = 0.1", "place"),
        ("forgetting", "rate = 0.1", "mark"),
        ("telescoping", "probability = 0.1", "place"),
        ("heaping", "to = 5", "well"),
        ("recanting", "probability = 0.1", "mark"),
        ("acquiescence", "probability = 0.1", "place"),
        ("acquiescence", "probability = 0.1\nto = 'd'", "place"),
        ("acquiescence", "probability = 0.1\nto = 'a'", "well"),
        ("second_guessing", "probability = 0.1", "mark"),
    ] {
        let found = problems(&format!("{PEOPLE}[[survey.answer]]\nkind = '{kind}'\nitems = ['{item}']\n{rest}\n"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(&format!("S0411 6:11 `{kind}` cannot work on `{item}` [")), "{found:?}");
    }
    let nothing = "[survey.items]\nplace = {}\n[[survey.answer]]\nkind = 'recanting'\nprobability = 0.1\n";
    let found = problems(&format!("{PEOPLE}{nothing}"));
    assert!(found[0].starts_with("S0411 6:1 `recanting` can work on no item of this survey ["), "{found:?}");
    // An attribute has no onset.
    assert_places("[survey.items]\nfaith = {}\n[[survey.answer]]\nkind = 'forgetting'\nrate = 0.1\n", &["S0411 6:1"]);
    assert_problems(
        "[[survey.answer]]\nkind = 'recanting'\nprobability = 0.1\nitems = ['well', 'well']\n",
        &["S0119 7:19 `well` stands twice in `items` [leave one of them out]"],
    );
}

#[test]
fn s0417_one_of_law_and_icc() {
    let effect = |options: &str| {
        format!(
            "effects = {{ asker = {{ of = 'interviewer', count = 3{options} }} }}\n[survey.items]\nwell = {{ sensitivity = 'expit(asker)' }}\n"
        )
    };
    let help = "`law = \"normal(mean = 0, sd = 0.3)\"`, or `icc = 0.17`, the share between interviewers";
    assert_problems(&effect(""), &[&format!("S0417 4:13 `asker` needs one of `law` and `icc` [{help}]")]);
    assert_problems(
        &effect(", law = 'normal(mean = 0, sd = 1)', icc = 0.1"),
        &[&format!("S0417 4:94 `asker` needs one of `law` and `icc` [{help}]")],
    );
    assert_places(&effect(", icc = 1"), &["S0417 4:60"]);
    assert_places(&effect(", law = 'normal(mean = 0, sd = 1)', residual_sd = 3"), &["S0417 4:102"]);
    let person = "effects = { u = { of = 'person', law = 'normal(mean = 0, sd = 1)', icc = 0.1 } }\n";
    assert_places(person, &["S0120 4:68"]);
}

#[test]
fn s0418_one_team() {
    let two = |one: &str, other: &str| {
        format!(
            "[effects]\na = {{ of = 'interviewer', icc = 0.1{one} }}\nb = {{ of = 'interviewer', icc = 0.1{other} }}\n\
             [survey.items]\nwell = {{ sensitivity = 'expit(a + b)' }}\n"
        )
    };
    assert_problems(
        &two(", count = 3", ", count = 4"),
        &[
            "S0418 6:46 the team has 3 interviewers, and `b` has 4 [one person comes to an interview, so all effects are of the same team: write the same `count`]",
        ],
    );
    assert_places(&two("", ""), &["S0418 5:1", "S0418 6:1"]);
    assert_places(&format!("{}[survey.team]\ncount = 4\n", two("", ", count = 3")), &["S0418 6:46"]);
    assert_problems(&format!("{}[survey.team]\ncount = 4\n", two(", count = 4", "")), &[]);
    assert_places("[survey.team]\n", &["S0103 4:1"]);
    assert_places("[survey.team]\ncount = 0\n", &["S0408 5:9"]);
}

#[test]
fn s0419_what_is_read_and_not_declared() {
    let answer = |read: &str| format!("[[survey.answer]]\nkind = 'nondisclosure'\nprobability = '0.1 * {read}'\n");
    for (read, message, help) in [
        ("trust", "no trust is declared", "add `[survey.trust]` with `start` and `per_contact`"),
        ("same_interviewer", "no team is declared", "add `[survey.team]` with `count` and `stays`"),
        ("others_present", "no presence of others is declared", "add `others_present = 0.3` to `[survey]`"),
        ("stigma", "no stigma is declared", "add `stigma` to an item of `[survey.items]`"),
    ] {
        assert_problems(&answer(read), &[&format!("S0419 6:22 {message} [{help}]")]);
    }
    let loss = "[survey.items]\nwell = { stigma = 1, sensitivity = '1 - 0.1*stigma' }\n\
                [[survey.loss]]\nkind = 'item_non_response'\nprobability = '0.1 * stigma'\n";
    assert_places(loss, &["S0419 8:22"]);
    // Before an interview nobody has come and nobody is present.
    for read in ["same_interviewer", "others_present"] {
        let early = format!(
            "[survey]\nothers_present = 0.5\n[survey.team]\ncount = 3\n\
             [[survey.loss]]\nkind = 'dropout'\nprobability = '0.1*{read}'\n"
        );
        assert_places(&early, &["S0409 10:20"]);
    }
}

#[test]
fn s0430_trust_that_cannot_be() {
    assert_problems(
        "[survey.trust]\nsame_interviewer = 0.2\n",
        &[
            "S0430 5:20 `same_interviewer` needs to know who comes, and no team is declared [add `[survey.team]` with `count` and `stays`]",
        ],
    );
    assert_places("[survey.trust]\nstart = 'normal(mean = trust, sd = 1)'\n", &["S0430 5:10"]);
    assert_places("[survey.trust]\nper_contct = 0.2\n", &["S0101 5:1"]);
    assert_places("[survey.trust]\nfalls = { by = 0.2 }\n", &["S0103 5:9"]);
    assert_places("[survey.trust]\nper_contact = 'well'\n", &["S0202 5:16"]);
}

#[test]
fn s0431_a_seam_without_visits() {
    assert_problems(
        "[[survey.answer]]\nkind = 'seam'\nprobability = 0.5\n",
        &[
            "S0431 4:1 a seam needs several interviews in a wave [add `visits = \"poisson(mean = 2.8)\"` or the like to `[time]`]",
        ],
    );
}

/// What a survey declares gives formulas a name; only then is it taken.
#[test]
fn names_of_circumstances_are_taken_where_they_are_declared() {
    let own = "[parameters]\ntrust = { value = 0.1, about = 'a', source = 'assumed' }\n\
               [survey.items]\nwell = { sensitivity = '1 - trust' }\n";
    assert_problems(own, &[]);
    assert_problems(
        &format!("{own}[survey.trust]\nstart = 0\n"),
        &[
            "S0107 8:1 [survey.trust] gives formulas the name `trust`, which something else has [call the other one `trust_` or the like]",
        ],
    );
    assert_places("attributes = { stigma = 1 }\n[survey.items]\nwell = { stigma = 1 }\n", &["S0107 6:1"]);
    assert_places(
        "[effects]\nothers_present = { of = 'site', law = 'normal(mean = 0, sd = 1)' }\n[[site]]\ncount = 2\n[survey]\nothers_present = 0.1\n",
        &["S0107 9:18"],
    );
}

/// A mistake in an item hides none in the tables of answers.
#[test]
fn a_mistake_in_an_item_hides_no_other() {
    let text = "group = [{ name = 'g', size = 9, start = { x = 'bernoulli(p = 0.3)' } }]\n\
                [survey.items]\nx = { sensitivity = 1.3 }\n\
                [[survey.answer]]\nkind = 'recants'\nprobability = 0.1\n";
    let found = problems(text);
    let codes: Vec<&str> = found.iter().map(|p| &p[..5]).collect();
    assert_eq!(codes, ["S0204", "S0410"], "{found:?}");
}

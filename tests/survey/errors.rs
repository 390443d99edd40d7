//! Every problem of a survey's declaration, with its place and its help; `survey.rs` of the pages explains each.

use crate::common::*;
use eclosion::diagnostic::page;
use std::path::Path;

/// Three lines; what follows begins on line 4.
const PEOPLE: &str = "time = { step = '1 month', waves = { every = '1 year', count = 3 } }\n\
                      group = [{ name = 'all', size = 9, start = { age = 'uniform(low = 10, high = 20)' } }]\n\
                      state = { well = { starts = 0.5, on = { rate = 1 } }, place = { levels = ['a', 'b', 'c'], starts = 'categorical(a = 0.2, b = 0.3, c = 0.5)' }, mark = { starts = 'normal(mean = 0, sd = 1)', each_step = 'normal(mean = 0, sd = 1)', per = '1 month' } }\n";

#[track_caller]
fn assert_problems(survey: &str, want: &[&str]) {
    assert_eq!(problems(&format!("{PEOPLE}{survey}")), want);
}

#[test]
fn s0401_no_loss_of_that_name() {
    assert_problems(
        "[[survey.loss]]\nkind = 'dropuot'\nprobability = 0.1\n",
        &["S0401 5:9 no loss is called `dropuot` [did you mean `dropout`?]"],
    );
    assert_problems(
        "[[survey.loss]]\nkind = 'lost'\n",
        &[
            "S0401 5:9 no loss is called `lost` [one of: refreshment, delayed_entry, refusal, consent, dropout, intermittent, tracing, site_loss, death, emigration, right_censoring, item_non_response]",
        ],
    );
    assert_problems(
        "[[survey.loss]]\nprobability = 0.1\n",
        &["S0103 4:1 [[survey.loss]] needs a key `kind` [add `kind = ...`]"],
    );
    assert_problems("[[survey.loss]]\nkind = 3\n", &["S0102 5:8 `kind` must be text, and is a number []"]);
}

#[test]
fn s0402_a_matrix_of_the_wrong_size_or_sum() {
    let help = "[row: true level, column: reported level, in the order of the levels]";
    let size = |place: &str| format!("S0402 {place} `matrix` must have 3 rows of 3 probabilities {help}");
    for (matrix, place) in [
        ("[[1, 0, 0], [0, 1, 0]]", "5:20"),
        ("[[1, 0, 0], [0, 1], [0, 0, 1]]", "5:32"),
        ("[[1, 0, 0], 0.5, [0, 0, 1]]", "5:32"),
    ] {
        assert_problems(&format!("[survey.items]\nplace = {{ matrix = {matrix} }}\n"), &[&size(place)]);
    }
    assert_problems(
        "[survey.items]\nplace = { matrix = [[1, 0, 0], [0.5, 0.4, 0], [0, 0, 1]] }\n",
        &["S0402 5:32 a row of `matrix` must sum to 1, and this one sums to 0.9 []"],
    );
    assert_problems(
        "[survey.items]\nplace = { matrix = [[1, 0, 0], [0.5, true, 0], [0, 0, 1]] }\n",
        &["S0102 5:38 a cell of `matrix` cannot be true or false []"],
    );
    assert_problems(
        "[survey.items]\nplace = { matrix = 1 }\n",
        &["S0102 5:20 `matrix` must be a list, and is a number []"],
    );
}

#[test]
fn s0403_an_item_that_is_not_there() {
    assert_problems(
        "[survey.items]\nwel = {}\n",
        &["S0403 5:1 the truth has nothing called `wel` [did you mean `well`?]"],
    );
    assert_problems(
        "[survey.items]\nincome = {}\n",
        &["S0403 5:1 the truth has nothing called `income` [an item asks about an attribute or a state of the truth]"],
    );
    let loss =
        "[survey.items]\nwell = {}\nplace = {}\n[[survey.loss]]\nkind = 'item_non_response'\nprobability = 0.1\n";
    assert_problems(
        &format!("{loss}items = ['well', 'plac']\n"),
        &["S0403 10:19 the survey does not ask about `plac` [did you mean `place`?]"],
    );
    assert_problems(
        &format!("{loss}items = ['mark']\n"),
        &["S0403 10:11 the survey does not ask about `mark` [name an item of the survey]"],
    );
    assert_problems(
        "[survey.items]\nplace = {}\n[[survey.loss]]\nkind = 'dropout'\nprobability = '0.1*reported(well)'\n",
        &["S0403 8:20 the survey does not ask about `well` [add `well = {}` to `[survey.items]`]"],
    );
}

#[test]
fn s0404_recorded_needs_a_wave() {
    let help = "[write `recorded(well, wave = 1)`, with a wave from 1 to 3]";
    for call in [
        "recorded(well)",
        "recorded(well, wave = 4)",
        "recorded(well, wave = 0)",
        "recorded(well, wave = 1.5)",
        "recorded(well, at = 1)",
    ] {
        assert_problems(
            &format!("[[survey.loss]]\nkind = 'dropout'\nprobability = '0.1*{call}'\n"),
            &[&format!("S0404 6:20 `recorded` needs the number of a wave {help}")].map(|p| p.as_str()),
        );
    }
}

#[test]
fn s0405_no_mood_is_declared() {
    assert_problems(
        "[survey.items]\nwell = { sensitivity = 'expit(mood)' }\n",
        &["S0405 5:31 no mood is declared [add `mood = \"normal(mean = 0, sd = 0.5)\"` to `[survey]`]"],
    );
}

#[test]
fn s0406_a_rate_needs_time_and_stands_alone() {
    let once = PEOPLE.replace("count = 3", "count = 1");
    assert_eq!(
        problems(&format!("{once}[[survey.loss]]\nkind = 'dropout'\nrate = 0.1\nfrom_wave = 1\n")),
        ["S0406 6:8 a rate needs time between waves, and there is one wave only [write `probability` instead]"]
    );
    assert_problems(
        "[[survey.loss]]\nkind = 'intermittent'\nrate = 0.1\nprobability = 0.1\n",
        &["S0406 7:15 either `rate` or `probability`, not both []"],
    );
}

#[test]
fn s0407_a_wave_that_is_none() {
    for wave in ["0", "4", "1.5", "'time'"] {
        let written = wave.trim_matches('\'');
        let column = if wave == written { 13 } else { 14 };
        assert_problems(
            &format!("[[survey.loss]]\nkind = 'dropout'\nprobability = 0.1\nfrom_wave = {wave}\n"),
            &[&format!("S0407 7:{column} `from_wave` cannot be {written} [the number of a wave, from 1 to 3]")]
                .map(|p| p.as_str()),
        );
    }
}

#[test]
fn s0408_a_number_of_interviewers_that_is_none() {
    for count in ["0", "2.5", "20000"] {
        assert_problems(
            &format!(
                "effects.asker = {{ of = 'interviewer', count = {count}, law = 'normal(mean = 0, sd = 1)' }}\n\
                 [survey.items]\nwell = {{ sensitivity = 'expit(asker)' }}\n"
            ),
            &[&format!("S0408 4:47 the number of interviewers cannot be {count} [a whole number from 1 to 10000]")]
                .map(|p| p.as_str()),
        );
    }
}

/// Before an interview there is no mood and no interviewer.
#[test]
fn s0409_the_draws_of_an_interview_are_read_within_one() {
    let effects = "effects.asker = { of = 'interviewer', count = 3, law = 'normal(mean = 0, sd = 1)' }\n\
                   survey.mood = 'normal(mean = 0, sd = 1)'\n";
    let problem = |place: &str, name: &str| {
        format!(
            "S0409 {place} `{name}` is drawn with an interview, and this is read before there is one \
             [read it in `[survey.items]` or in a loss of kind \"item_non_response\"]"
        )
    };
    for kind in ["dropout", "intermittent"] {
        for name in ["mood", "asker"] {
            let text = format!("{effects}[[survey.loss]]\nkind = '{kind}'\nprobability = 'expit({name})'\n");
            assert_problems(&text, &[&problem("8:22", name)]);
        }
    }
    assert_problems(
        "effects.asker = { of = 'interviewer', count = 3, law = 'normal(mean = 0, sd = 1)' }\n\
         survey.mood = 'normal(mean = asker, sd = 1)'\n",
        &[&problem("5:30", "asker")],
    );
    assert_problems(
        &format!("{effects}[[survey.loss]]\nkind = 'item_non_response'\nprobability = 'expit(mood + asker)'\n"),
        &[],
    );
}

#[test]
fn keys_that_are_not_known() {
    assert_problems(
        "[survey.items]\nwell = { sensitvity = 0.9 }\n",
        &["S0101 5:10 `well` has no key `sensitvity` [did you mean `sensitivity`?]"],
    );
    assert_problems(
        "[survey.items]\nplace = { sensitivity = 0.9 }\n",
        &[
            "S0101 5:11 `place` has no key `sensitivity` [known here: stigma, from_wave, to_wave, otherwise, asked, matrix, nonresponse]",
        ],
    );
    assert_problems(
        "[survey.items]\nmark = { eror = 'normal(mean = 0, sd = 1)', nonresponce = 0.1 }\n",
        &[
            "S0101 5:10 `mark` has no key `eror` [did you mean `error`?]",
            "S0101 5:45 `mark` has no key `nonresponce` [did you mean `nonresponse`?]",
        ],
    );
    assert_problems(
        "[[survey.loss]]\nkind = 'dropout'\nprobabilty = 0.1\n",
        &[
            "S0103 4:1 [[survey.loss]] needs a key `probability` [add `probability = ...`]",
            "S0101 6:1 [[survey.loss]] has no key `probabilty` [did you mean `probability`?]",
        ],
    );
    assert_problems(
        "[[survey.loss]]\nkind = 'dropout'\nprobability = 0.1\nform_wave = 2\n",
        &["S0101 7:1 [[survey.loss]] has no key `form_wave` [did you mean `from_wave`?]"],
    );
    assert_problems(
        "[[survey.loss]]\nkind = 'item_non_response'\nrate = 0.1\nprobability = 0.2\n",
        &["S0101 6:1 [[survey.loss]] has no key `rate` [known here: kind, probability, items]"],
    );
    assert_problems(
        "[[survey.loss]]\nkind = 'dropout'\nprobability = [0.1]\n",
        &["S0102 6:15 `probability` must be a number or a formula, and is a list []"],
    );
}

#[test]
fn accessors_are_used_as_they_are_meant() {
    for (call, message) in [
        ("since(age)", "`since` takes a state, and `age` does not change"),
        ("since(mark)", "`mark` is a number, and numbers have no onset"),
        ("site_mean(well)", "`site_mean` needs sites: add a `[[site]]` table"),
        ("lag(age)", "`age` grows with time, and `lag` takes a state"),
        ("lag(wave)", "`lag` takes a state, and `wave` is none"),
        ("reported(time)", "`reported` takes a state, and `time` is none"),
    ] {
        assert_problems(
            &format!("[[survey.loss]]\nkind = 'dropout'\nprobability = 'expit({call})'\n"),
            &[&format!(
                "S0313 6:22 {message} [{}]",
                if message.ends_with("is none") { "name a state or an attribute" } else { "" }
            )]
            .map(|p| p.as_str()),
        );
    }
    let sites = "site = [{ count = 2 }]\n[[survey.loss]]\nkind = 'dropout'\nprobability = 'expit(site_mean(place))'\n";
    assert_problems(sites, &["S0313 7:22 `place` has named levels, and names have no mean []"]);
    assert_problems(
        "[[survey.loss]]\nkind = 'dropout'\nprobability = 'expit(lag(wel))'\n",
        &["S0202 6:22 nothing is called `wel` [did you mean `well`?]"],
    );
    assert_problems(
        "[[survey.loss]]\nkind = 'dropout'\nprobability = 'expit(contact)'\n",
        &["S0202 6:22 nothing is called `contact` [did you mean `contacts`?]"],
    );
}

/// All problems of a survey are told in one go.
#[test]
fn problems_do_not_hide_each_other() {
    let text = "[survey.items]\nwel = {}\nplace = { matrix = [[1]] }\nwell = { sensitivity = 1.5, nonresponse = 'mood' }\n\
                [[survey.loss]]\nkind = 'droput'\n[[survey.loss]]\nkind = 'dropout'\nprobability = 0.1\nfrom_wave = 9\n";
    let codes: Vec<String> = problems(&format!("{PEOPLE}{text}")).iter().map(|p| p[..5].to_owned()).collect();
    assert_eq!(codes, ["S0403", "S0402", "S0204", "S0405", "S0401", "S0407"]);
}

/// Every number that the survey's sources give has its page, and no page explains a number that nobody gives.
#[test]
fn every_number_of_the_survey_has_a_page() {
    fn collect(folder: &Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, into);
            } else {
                into.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut text = String::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/observe"), &mut text);
    let mut given: Vec<&str> = text.match_indices("\"S04").map(|(at, _)| &text[at + 1..at + 6]).collect();
    given.push("R0002");
    given.sort_unstable();
    given.dedup();
    for code in &given {
        let page = page(code).unwrap_or_else(|| panic!("{code} has no page"));
        assert!(page.text.contains("wrong:") && page.text.contains("right:"), "{code} shows no example");
    }
    // S0420 to S0429 are those of the release.
    let of_survey = |c: &&str| c.starts_with("S04") && !c.starts_with("S042");
    let explained = eclosion::diagnostic::pages().map(|p| p.code).filter(of_survey);
    assert!(explained.into_iter().all(|code| given.contains(&code)));
}

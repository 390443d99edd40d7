//! Every numbered problem, with its exact place and help.

use super::*;

/// `more` after [`LEAST`] gives exactly these problems.
#[track_caller]
fn gives(more: &str, expected: &[&str]) {
    assert_eq!(problems_with(more), expected, "in\n{more}");
}

#[test]
fn keys_and_kinds_of_values() {
    gives("[[groups]]\nname = 'a'\n", &["S0101 10:3 the scenario has no key `groups` [did you mean `group`?]"]);
    gives("[state.x]\nstarts = 0.5\non = { rat = 1 }\n", &["S0101 12:8 `on` has no key `rat` [did you mean `rate`?]"]);
    gives("[attributes]\nx = [1]\n", &["S0102 11:5 `x` must be a number or a formula, and is a list []"]);
    gives(
        "[estimand]\nname = 'x'\n",
        &["S0102 10:1 `estimand` must be a list of tables, and is a table [write `[[estimand]]`]"],
    );
    gives(
        "[survey]\nloss = [3]\n",
        &["S0102 11:9 an entry of `loss` must be a table, and is a number [write `[[survey.loss]]`]"],
    );
    gives("[survey.items]\nwell = 3\n", &["S0102 11:8 `well` must be a table, and is a number []"]);
    gives(
        "[assign.arm]\nkind = 'completely'\n[effects]\nu = { law = 'normal(mean = 0, sd = 1)' }\n",
        &[
            "S0104 11:9 `kind` cannot be `completely` [did you mean `complete`?]",
            "S0103 13:5 `u` needs a key `of` [add `of = ...`]",
        ],
    );
    assert_eq!(
        problems_of("scenario = 1\n"),
        [
            "S0103 1:1 the scenario needs a table [study] [write `[study]` with `title`, `aims`, `seed` and `replicates`]",
            "S0103 1:1 the scenario needs at least one [[group]] [write `[[group]]` with `name` and `size`]",
        ]
    );
    assert_eq!(problems_of("").len(), 3);
}

#[test]
fn parameters_say_what_they_are_and_where_they_come_from() {
    gives(
        "[parameters]\nlost = { value = 0.05 }\n",
        &[
            "S0103 11:8 `lost` needs a key `about` [add `about = ...`]",
            "S0103 11:8 `lost` needs a key `source` [write where the value comes from, or `source = \"assumed\"`]",
        ],
    );
    let more = "[parameters.a]\nvalue = '2 * b'\nabout = ''\nsource = ''\n[parameters.l]\nvalue = 'tru'\nlevels = ['true', 'recorded']\nabout = ''\nsource = ''\n";
    gives(
        more,
        &[
            "S0703 11:10 the value of a parameter is a number [write a number; for a parameter with named values, list them: `levels = [\"...\", \"...\"]`]",
            "S0703 15:10 `l` cannot be `tru` [did you mean `true`?]",
        ],
    );
}

#[test]
fn names() {
    gives(
        "[attributes]\n'body mass' = 1\n\"a, 2b\" = 'multivariate_normal()'\n",
        &[
            "S0105 11:2 `body mass` cannot be the name of an attribute [a letter, then letters, digits and `_`: `body_mass`]",
            "S0105 12:5 `2b` cannot be the name of an attribute [a letter, then letters, digits and `_`: `x2b`]",
        ],
    );
    gives(
        "[state.time]\n[effects]\nexp = { of = 'person', law = 'x' }\n",
        &[
            "S0106 10:8 `time` already means something in formulas [choose another name, such as `time_`]",
            "S0106 12:1 `exp` already means something in formulas [choose another name, such as `exp_`]",
        ],
    );
    gives(
        "[attributes]\nwell = 1\n[assign.well]\nkind = 'simple'\n[[group]]\nname = 'all'\nsize = 1\n",
        &[
            "S0107 12:9 the name `well` is declared twice [the other one is an attribute on line 11 of study.toml]",
            "S0107 15:9 the name `all` is declared twice [the other one is a group on line 8 of study.toml]",
        ],
    );
    gives(
        "start = { lost = 1, own = 2, x = 3, y = 1 }\n[attributes]\nx = 1\n[state.y]\n[parameters]\nlost = { value = 1, about = '', source = '' }\n",
        &["S0107 10:11 `lost` is not an attribute or state [it is a parameter on line 15 of study.toml]"],
    );
    gives(
        "[[site]]\ncount = 1\n[[site]]\ncount = 2\n[[method]]\nmethod = 'ipw'\n[[method]]\nmethod = 'ipw'\n[[estimand]]\nname = 'a'\n[[estimand]]\nname = 'a'\n",
        &[
            "S0107 12:1 the name `site` is declared twice [the other one is a site on line 10 of study.toml]",
            "S0107 17:11 the name `ipw` is declared twice [the other one is a method on line 15 of study.toml]",
            "S0107 21:9 the name `a` is declared twice [the other one is an estimand on line 19 of study.toml]",
        ],
    );
}

#[test]
fn a_key_that_stands_twice_does_not_hide_other_problems() {
    gives(
        "[attributes]\nx = 1\nz = { law = 'x' }\nx = 2\ny = [1]\n[attributes]\nq = 1\n",
        &[
            "S0107 13:1 `x` stands twice in its table [the other one is on line 11]",
            "S0102 14:5 `y` must be a number or a formula, and is a list []",
            "S0107 15:2 `attributes` stands twice in its table [the other one is on line 10]",
        ],
    );
}

#[test]
fn lengths_of_time_and_waves_on_steps() {
    gives(
        "[time]\nstep = 1\nwaves = { first = '-1 year', every = '12 mths', count = 5 }\n",
        &[
            "S0108 11:8 `step` has no unit [write `step = \"1 months\"`, or days, weeks or years]",
            "S0108 12:20 `-1 year` is not a length of time: it must be at least 0 [a number and a unit: `\"3 months\"`; units are day(s), week(s), month(s), year(s)]",
            "S0108 12:39 `12 mths` is not a length of time: `mths` is not a unit [a number and a unit: `\"3 months\"`; units are day(s), week(s), month(s), year(s)]",
        ],
    );
    gives(
        "[time]\nstep = '0 days'\nwaves = { every = '1 year', count = 5 }\n",
        &[
            "S0108 11:9 a step must be longer than nothing [write `step = \"1 month\"`, or leave out [time] for a study without steps]",
        ],
    );
    let help = "[waves fall on steps: write a whole number of steps (a month is 1/12 year, a week 7/365.25 year)]";
    gives(
        "[time]\nstep = '1 week'\nwaves = { first = '3 days', every = '1 year', count = 5 }\n",
        &[
            &format!("S0118 12:20 `first = \"3 days\"` is 0.429 steps of 1 week {help}"),
            &format!("S0118 12:38 `every = \"1 year\"` is 52.179 steps of 1 week {help}"),
        ],
    );
    gives(
        "[time]\nstep = '1 month'\nwaves = { every = '0 months', count = 5 }\n",
        &[&format!("S0118 12:20 `every = \"0 months\"` is 0.000 steps of 1 month {help}")],
    );
    gives(
        "[time]\nstep = '1 month'\nwaves = { count = 2 }\n",
        &["S0103 12:9 `waves` needs a key `every` [add `every = ...`]"],
    );
    for fine in [
        "step = '1 month'\nwaves = { count = 1 }\n",
        "step = '1 day'\nwaves = { first = '3 weeks', every = '2 weeks', count = 2 }\n",
        "step = '0.1 months'\nwaves = { first = '0.3 months', every = '7 years', count = 2 }\n",
    ] {
        gives(&format!("[time]\n{fine}"), &[]);
    }
}

#[test]
fn numbers_of_the_study() {
    let text = LEAST.replace("seed = 1", "seed = -1\nconfidence = 95").replace("replicates = 10", "replicates = 1.5");
    assert_eq!(
        problems_of(&text),
        [
            "S0109 5:8 `seed` cannot be -1 [a whole number from 0 to 18446744073709551615]",
            "S0109 6:14 `confidence` cannot be 95 [a number between 0 and 1]"
                .replace("and 1]", "and 1, such as 0.95]")
                .as_str(),
            "S0109 7:14 `replicates` cannot be 1.5 [a whole number from 1 to 1000000000]",
        ]
    );
    let text = LEAST.replace("seed = 1", "seed = '1'").replace("= 10\n[", "= 'n'\n[");
    assert_eq!(
        problems_of(&text),
        [
            "S0102 5:9 `seed` must be a number, and is text [write it without quotation marks: `seed = 1`]",
            "S0102 6:15 `replicates` must be a number, and is text [this number belongs to the study and cannot be a formula]",
        ]
    );
}

#[test]
fn all_slips_of_toml_in_one_go() {
    gives(
        "[attributes]\nx = normal(mean = 0)\ny = 'a\nz = 1 2\nv =\n[t\n== 2\n",
        &[
            "S0110 11:5 `normal` is neither a number nor text in quotation marks [laws, formulas, names and lengths of time are text in quotation marks]",
            "S0110 12:7 invalid literal string, expected `'` [is the closing quotation mark missing?]",
            "S0110 13:5 a value that is neither a number nor text in quotation marks [text and formulas stand in quotation marks]",
            "S0110 14:4 a value is missing [write one behind the `=`, or leave out the key]",
            "S0110 15:3 unclosed table, expected `]` [the name of a table stands in brackets: `[study]`, `[[group]]`]",
            "S0110 16:1 unquoted keys cannot be empty, expected letters, numbers, `-`, `_` []",
        ],
    );
}

#[test]
fn what_is_not_a_text_of_reasonable_size() {
    let loaded = load_files(&[("study.toml", b"scenario = 1\n# caf\xe9\n")], &[]);
    assert_eq!(
        listed(&loaded.problems, &loaded.sources),
        ["S0112 2:6 `study.toml` is not UTF-8 from here on [save the file with the encoding UTF-8]"]
    );
    let big = vec![b' '; crate::scenario::reading::LARGEST_FILE + 1];
    let loaded = load_files(&[("study.toml", &big)], &[]);
    assert_eq!(
        listed(&loaded.problems, &loaded.sources),
        [
            "S0111 - `study.toml` cannot be read: it is larger than 1024 KiB [a scenario holds no data: keep only what declares the study]"
        ]
    );
    let loaded = crate::scenario::load(Path::new("no/such/file.toml"), &[]);
    assert_eq!(loaded.problems.list()[0].code, "S0111");
}

#[test]
fn what_is_nested_too_deep_or_too_long() {
    let more = format!("[attributes]\nx = {}1{}\n", "[".repeat(30), "]".repeat(30));
    gives(
        &more,
        &[
            "S0113 11:20 tables and lists are nested more than 16 deep [no part of a scenario needs this much: is a bracket not closed?]",
        ],
    );
    let more = format!("[attributes]\nx{} = 1\n", ".y".repeat(40));
    gives(&more, &["S0113 11:32 a key of more than 16 parts []"]);
    let more = format!("[attributes]\nx = [{}]\n", "1,".repeat(10_001));
    gives(
        &more,
        &[
            "S0113 11:5 a list of more than 10000 values [no part of a scenario needs this much: is a bracket not closed?]",
        ],
    );
}

#[test]
fn values_that_no_key_takes() {
    gives(
        "[attributes]\nx = inf\ny = 1e999\nz = 2020-01-01\nfine = 0xff\n",
        &[
            "S0114 11:5 `inf` is not a finite number [write a number]",
            "S0114 12:5 `1e999` is not a finite number [write a number]",
            "S0114 13:5 dates are not used in scenarios [times are counted from the start of the study: `\"3 months\"`]",
        ],
    );
}

#[test]
fn versions_of_the_language() {
    let help = "[this program reads version 1: write `scenario = 1`]";
    let loaded = problems_of(&LEAST.replace("scenario = 1", "scenario = 2"));
    assert_eq!(loaded, [format!("S0117 1:12 a version of the language that is not known here {help}")]);
    let loaded = problems_of(&LEAST.replace("scenario = 1", ""));
    assert_eq!(loaded, [format!("S0117 1:1 the scenario does not say its version of the language {help}")]);
}

#[test]
fn lists_of_names() {
    gives(
        "[state.x]\nlevels = []\n[state.y]\nlevels = ['a', '', 'a']\n",
        &[
            "S0119 11:10 `levels` names nothing [name at least one, or leave out `levels`]",
            "S0119 13:17 an empty name in `levels` [give it a name]",
            "S0119 13:21 `a` stands twice in `levels` [leave one of them out]",
        ],
    );
}

#[test]
fn keys_that_cannot_stand_together() {
    gives(
        "[state.x]\non = { rate = 1, probability = 0.5 }\nper = '1 month'\n",
        &[
            "S0120 11:18 `probability` cannot stand beside `rate` [write a `rate` per person-year, or a `probability` and the time it is meant for]",
            "S0120 12:1 `per` belongs to `each_step` and to probabilities [write it in the table of the probability]",
        ],
    );
    gives(
        "[state.x]\nlevels = ['a', 'b']\non = { rate = 1 }\n[state.y]\nmoves = []\noff = { rate = 1 }\n[state.z]\neach_step = { a = 'rest', b = 'rest' }\nmoves = []\nper = '1 month'\n",
        &[
            "S0120 12:1 `on` is for states without named levels [write `moves = [{ from = \"...\", to = \"...\", rate = \"...\" }]`]",
            "S0120 14:1 `moves` is for states with named levels [name the `levels`, or write `on = ...` and `off = ...` for yes and no]",
            "S0120 15:1 `off` cannot stand beside `moves` [write them as entries of `moves`]",
            "S0120 17:1 `each_step` is a table for states with named levels only [name the `levels`, or write one formula in quotation marks]",
            "S0120 17:32 only one level can take the `rest` [write a formula for the others]",
            "S0120 18:1 `moves` cannot stand beside `each_step` [a state is drawn anew each step, or it moves]",
        ],
    );
    gives(
        "[assign.arm]\nkind = 'simple'\nwithin = 'group'\n[assign.brm]\nkind = 'blocked'\n[effects]\nu = { of = 'site', count = 3, law = 'x' }\n",
        &[
            "S0120 12:1 `within` is for blocked assignment [write `kind = \"blocked\"`, or leave it out]",
            "S0103 13:1 [assign.brm] needs a key `within` [add `within = ...`]",
            "S0120 16:20 `count` is for the effect of interviewers [persons and sites are counted by [[group]] and [[site]]]",
        ],
    );
}

#[test]
fn methods_and_estimands() {
    gives(
        "[[estimand]]\nwave = 1\n[[estimand]]\nname = 'share'\n[[method]]\nname = 'a'\nmethod = 'complete_cases'\ndropout_modl = 'x'\n[[method]]\nmethod = 'ipw'\nestimands = ['share', 'shares']\ndropout_modl = 'x'\ninterval = 'wilsn'\n[[method]]\nmethod = 'zzz'\n",
        &[
            "S0103 10:1 [[estimand]] needs a key `name` [add `name = ...`]",
            "S0601 16:11 there is no method `complete_cases` [did you mean `complete_case`?]",
            "S0604 20:24 there is no estimand `shares` in this scenario [did you mean `share`?]",
            "S0101 21:1 [[method]] has no key `dropout_modl` [did you mean `dropout_model`?]",
            "S0104 22:13 `interval` cannot be `wilsn` [did you mean `wilson`?]",
            "S0601 24:11 there is no method `zzz` [`eclosion methods` lists the methods]",
        ],
    );
    gives(
        "[[method]]\nmethod = 'ipw'\nestimands = ['x']\n",
        &["S0604 12:15 there is no estimand `x` in this scenario [the scenario declares no [[estimand]]]"],
    );
}

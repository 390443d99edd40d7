//! Every number S03xx with its place and help.

use super::{HEAD, listed};

const ALL: &str = "[[group]]\nname = 'all'\nsize = 10\n";
const TIME: &str = "[time]\nstep = '1 month'\nwaves = { every = '1 year', count = 2 }\n";

/// Lines 1 to 9 are the head and the group, 10 to 12 [time]; `more` begins on line 13.
#[track_caller]
fn gives(more: &str, expected: &[&str]) {
    assert_eq!(listed(&format!("{HEAD}{ALL}{TIME}{more}")), expected, "in\n{more}");
}

#[test]
fn sizes_and_starts_of_groups() {
    gives(
        "[[group]]\nname = 'b'\nsize = 0\n[[group]]\nname = 'c'\nsize = 0.5\n",
        &[
            "S0301 15:8 the size of a group cannot be 0 [a whole number from 1 to 4000000000]",
            "S0301 18:8 the size of a group cannot be 0.5 [a whole number from 1 to 4000000000]",
        ],
    );
    gives(
        "[state.x]\n[[group]]\nname = 'b'\nsize = 1\nstart = { x = 0.5, age = 3 }\n",
        &[
            "S0302 13:8 nothing says how `x` starts in `all` [write `start = { x = ... }` in the group, or say it once for all groups]",
            "S0302 17:20 nothing says how `age` starts in `all` [write `start = { age = ... }` in the group, or say it once for all groups]",
        ],
    );
    let joint = "'multivariate_normal(mean_x = 0, mean_y = 0, sd_x = 1, sd_y = 1, cor_x_y = 0.5)'";
    gives(
        &format!("[attributes]\n'x, y' = {joint}\n[[group]]\nname = 'b'\nsize = 1\nstart = {{ x = 0.5 }}\n"),
        &["S0308 18:11 a group cannot say how `x` starts [it is drawn elsewhere in the scenario: remove it here]"],
    );
    gives(
        &format!("[[group]]\nname = 'b'\nsize = 1\nstart = {{ 'x, y' = {joint} }}\n"),
        &[
            "S0308 16:12 a group cannot draw several variables at once [draw them in `[attributes]`, for all groups; the law's arguments may read `group`]",
        ],
    );
    gives(
        "[[group]]\nname = 'group 59971'\nsize = 1\n[[group]]\nname = 'group 69757'\nsize = 1\n",
        &[
            "S0318 17:9 the name `group 69757` would share its draws [another group's name has the same hash: choose a slightly different name]",
        ],
    );
}

#[test]
fn levels() {
    gives(
        "[state.x]\nlevels = ['aaa', 'b']\nstarts = 'aab'\n[state.y]\nlevels = ['c', 'd']\nstarts = 'c'\nmoves = [{ from = 'c', to = 'eee', rate = 1 }, { from = 'c', to = 'c', rate = 1 }]\n",
        &[
            "S0303 15:11 `x` has no level `aab` [did you mean `aaa`?]",
            "S0303 19:30 `y` has no level `eee` [one of: c, d]",
        ],
    );
    gives(
        "[state.x]\nlevels = ['a', 'b']\nstarts = 'a'\nmoves = [{ from = 'a', to = 'a', rate = 1 }, { from = 'a', to = 'b', rate = 1 }]\n",
        &["S0317 16:30 a move from `a` to itself []"],
    );
    gives(
        "[state.x]\nlevels = ['a', 'b']\nstarts = 'a'\neach_step = { a = 0.3 }\nper = '1 month'\n[state.y]\nlevels = ['a', 'b']\nstarts = 'a'\neach_step = { a = 0.3, b = 0.6 }\nper = '1 month'\n",
        &[
            "S0303 13:8 `each_step` gives no probability of `b` [add `b = 0`, or `b = \"rest\"`]",
            "S0303 18:8 the probabilities in `each_step` sum to 0.8999999999999999 [they sum to 1, or one of them is `rest` and the others sum to at most 1]",
        ],
    );
    gives(
        "[state.x]\nlevels = ['a', 'b', 'c', 'd']\nstarts = 'a'\nmoves = [{ from = 'a', to = 'b', rate = 1 }, { from = 'c', to = 'd', rate = 1 }]\n",
        &[
            "S0304 14:22 nobody can ever be in `c` [let a group start there, add a move that leads there, or remove the level]",
            "S0304 14:27 nobody can ever be in `d` [let a group start there, add a move that leads there, or remove the level]",
        ],
    );
}

#[test]
fn laws_of_another_kind() {
    let laws = "[state.x]\nstarts = 'normal(mean = 0, sd = 1)'\non = { rate = 1 }\n[attributes]\nl = { law = 'poisson(mean = 1)', levels = ['a', 'b'] }\nn = 'categorical(a = 0.5, b = 0.5)'\n[state.y]\nlevels = ['a', 'b']\nstarts = 'a'\neach_step = 'normal(mean = 0, sd = 1)'\nper = '1 month'\n";
    gives(
        laws,
        &[
            "S0303 14:11 `x` is yes or no, and this law draws numbers [write the probability of yes; a number state has its law in `each_step` or, if it never changes, in `starts`]",
            "S0303 17:14 `l` has named levels, and this law draws numbers [write one of its levels, or `categorical(...)`: a, b]",
            "S0303 18:6 `n` has no named levels, and this law draws levels [name the levels: `levels = [...]` in the table of the variable]",
            "S0303 22:14 `y` has named levels, and this law draws numbers [write one of its levels, or `categorical(...)`: a, b]",
        ],
    );
    gives("[state.x]\nstarts = 'bernoulli(p = 0.5)'\non = { rate = 1 }\n", &[]);
}

#[test]
fn too_many_codes() {
    let help = "[what differs by a number is an attribute: a law or formula gives it any number of values]";
    let names = |n: usize| (0..n).map(|i| format!("'l{i}'")).collect::<Vec<_>>().join(",");
    let state = |n: usize| {
        format!(
            "[state.x]\nlevels = [{}]\nstarts = 'l0'\neach_step = 'categorical(l0 = 0.5, l3 = 0.5)'\nper = '1 month'\n",
            names(n)
        )
    };
    gives(&state(255), &[]);
    gives(&state(256), &[&format!("S0314 14:1687 more than 255 levels {help}")]);
    gives(
        &format!("[assign.arm]\nkind = 'simple'\nlevels = [{}]\n", names(256)),
        &[&format!("S0314 15:1687 more than 255 arms {help}")],
    );
    let groups: String = (0..255).map(|i| format!("[[group]]\nname = 'g{i}'\nsize = 1\n")).collect();
    gives(&groups, &[&format!("S0314 776:9 more than 255 groups {help}")]);
}

#[test]
fn sites() {
    gives(
        "[[site]]\nsetting = 'shelte'\ncount = 1\n[[site]]\nsetting = 'street'\ncount = 2\n[state.setting]\nlevels = ['shelter', 'street']\nstarts = 'shelter'\n",
        &[
            "S0305 14:12 `setting` has no level `shelte`, so nobody can enter [did you mean `shelter`?]",
            "S0305 17:12 no group can enter these sites: nobody is ever in `street` [let a group start in `street`, add a move to `street`, or remove the sites]",
            "S0304 20:23 nobody can ever be in `street` [let a group start there, add a move that leads there, or remove the level]",
        ],
    );
    gives(
        "[[site]]\nsetting = 'shelter'\ncount = 1\n",
        &[
            "S0305 14:12 there is no state `setting` with named levels [declare `[state.setting]` with `levels = [...]`]",
        ],
    );
    gives(
        "[[site]]\ncount = 0\n[[site]]\nname = 'b'\ncount = 2.5\n",
        &[
            "S0309 14:9 the number of sites cannot be 0 [a whole number from 1 to 1000000]",
            "S0309 15:1 several kinds of sites, and nothing says who is in which [give each `[[site]]` the `setting` whose persons it has]",
            "S0309 17:9 the number of sites cannot be 2.5 [a whole number from 1 to 1000000]",
        ],
    );
    gives(
        "[[site]]\nsetting = 'a'\ncount = 1000000\n[[site]]\nname = 'b'\nsetting = 'a'\ncount = 1\n[[site]]\nname = 'c'\ncount = 1\n[state.setting]\nlevels = ['a']\nstarts = 'a'\n",
        &[
            "S0309 18:12 two kinds of sites for `a` []",
            "S0309 19:9 these are 1000001 sites in all [at most 1000000]",
            "S0309 20:1 either every `[[site]]` has a `setting` or none has []",
        ],
    );
}

#[test]
fn circles() {
    gives(
        "[attributes]\nx = 'y'\ny = 'x'\nz = 'x'\n",
        &[
            "S0306 14:1 what starts as what goes in a circle: x, y [one of them must be drawn without reading the others]",
        ],
    );
    gives(
        "[state.x]\nstarts = 0.5\neach_step = 'y'\nper = '1 month'\n[state.y]\nstarts = 0.5\neach_step = 'x'\nper = '1 month'\n[state.z]\nstarts = 0.5\neach_step = 'y'\nper = '1 month'\n",
        &[
            "S0306 13:8 each waits for the other within one step: x, y [write `lag(y)` where the value of the last step is meant]",
        ],
    );
    gives(
        "[state.x]\nstarts = 0.5\neach_step = '0.5 * x'\nper = '1 month'\n",
        &[
            "S0306 13:8 `x` reads its own value of the same step [write `lag(x)` where the value of the last step is meant]",
        ],
    );
}

#[test]
fn steps_and_periods() {
    gives(
        "[state.x]\nstarts = 0.5\neach_step = 'expit(lag(x))'\nper = '1 week'\n",
        &[
            "S0307 15:14 this is meant for steps of 1 week, and the step is another [an equation that draws a state anew cannot be turned to another step: write rates (`on`, `off`, `moves`) instead, or set `step` back]",
        ],
    );
    gives(
        "[state.x]\nlevels = ['a', 'b', 'c']\nstarts = 'a'\nmoves = [{ from = 'a', to = 'b', probability = 0.1, per = '1 year' }, { from = 'b', to = 'c', probability = 0.1, per = '1 year' }]\n",
        &[
            "S0307 13:8 probabilities of moves among three or more levels hold for their own period only [make `step` that period, or write rates]",
        ],
    );
    gives(
        "[state.x]\nstarts = 0.5\non = { rate = 1 }\noff = { probability = 0.5, per = '1 month' }\n[state.y]\nstarts = 0.5\non = { probability = 0.5, per = '1 year' }\noff = { probability = 0.5, per = '1 month' }\n",
        &[
            "S0310 13:8 `x` moves partly by rates, partly by probabilities [write all of its moves as rates, or all as probabilities per the same period]",
            "S0310 17:8 the moves of `y` name different periods []",
        ],
    );
    assert_eq!(
        listed(&format!("{HEAD}{ALL}[state.x]\nstarts = 0.5\non = {{ rate = 1 }}\n")),
        ["S0311 10:8 `x` changes, and the study has no steps [add `[time]` with `step` and `waves`]"]
    );
    let waves = |count: &str, every: &str| {
        listed(&format!("{HEAD}{ALL}[time]\nstep = '1 day'\nwaves = {{ every = '{every}', count = {count} }}\n"))
    };
    assert_eq!(waves("0", "1 week"), ["S0316 12:37 the number of waves cannot be 0 [a whole number from 1 to 60000]"]);
    assert_eq!(waves("60000", "2 weeks"), [""; 0]);
    assert_eq!(waves("4", "5000000 days"), ["S0316 10:1 wave 4 lies 15000000 steps from the start []"]);
}

#[test]
fn assignments() {
    gives(
        "[assign.arm]\nkind = 'complete'\nshares = [0.5, 0.4]\n[assign.b]\nkind = 'blocked'\nwithin = 'age'\n[attributes]\nage = 'normal(mean = 17, sd = 2)'\n[assign.c]\nkind = 'simple'\nlevels = ['x', 'y', 'z']\nshares = [0.5, 0.5]\n",
        &[
            "S0312 15:11 the shares of the arms must be one for each arm and sum to 1 [there are 2 arms]",
            "S0312 18:11 `age` is no attribute with few values [block within `group`, or an attribute with named levels or few values]",
            "S0312 24:11 the shares of the arms must be one for each arm and sum to 1 [there are 3 arms]",
        ],
    );
}

#[test]
fn what_names_cannot_be_read_as() {
    let state = "starts = 0.5\neach_step = ";
    for (formula, problem) in [
        ("lag(age)", "S0313 17:14 `lag` takes a state, and `age` does not change []"),
        ("since(n)", "S0313 17:14 `n` is a number, and numbers have no onset []"),
        ("site_mean(l)", "S0313 17:14 `l` has named levels, and names have no mean []"),
        ("site_mean(x)", "S0313 17:14 `site_mean` needs sites: add a `[[site]]` table []"),
        ("wave", "S0315 17:14 `wave` belongs to the survey, and the truth does not see the survey []"),
        ("asker", "S0315 17:14 `asker` belongs to the survey, and the truth does not see the survey []"),
        ("reported(x)", "S0315 17:14 `reported` reads the survey, and the truth does not see the survey []"),
    ] {
        let more = format!(
            "[attributes]\nage = 1\n[state.x]\n{state}'{formula}'\nper = '1 month'\n[state.n]\nstarts = 0\neach_step = 'normal(mean = lag(n), sd = age)'\nper = '1 month'\n[state.l]\nlevels = ['a', 'b']\nstarts = 'a'\neach_step = {{ a = 0.5, b = 'rest' }}\nper = '1 month'\n[effects]\nasker = {{ of = 'interviewer', count = 3, law = 'normal(mean = 0, sd = 1)' }}\n[survey]\n[survey.items]\nx = {{ sensitivity = 'expit(asker)', specificity = 1 }}\n"
        );
        let found = listed(&format!("{HEAD}{ALL}{TIME}{more}"));
        assert_eq!(found, [problem], "{formula}");
    }
    gives(
        "[state.x]\nstarts = '0.5 * lag(y)'\n[state.y]\nstarts = 0.5\n",
        &["S0313 14:17 at the start there is no last step that `lag(y)` could read []"],
    );
}

#[test]
fn a_probability_that_is_too_great_at_one_age_only_is_found_at_the_ages_that_occur() {
    let at = |age: u32| {
        let text = format!(
            "{HEAD}{TIME}[[group]]\nname = 'a'\nsize = 1\nstart = {{ age = 'truncated_normal(mean = 17, sd = 2.2, low = 13, high = 21)' }}\n[state.x]\nstarts = 0.5\non = {{ probability = '1.2 * (age == {age})', per = '1 month' }}\n"
        );
        listed(&text)
    };
    let help = "[`expit(...)` always lies there; `min(1, max(0, ...))` cuts off]";
    for age in [13, 22] {
        let expected = format!("S0204 16:23 at age = {age} this is 1.2; a probability must lie between 0 and 1 {help}");
        assert_eq!(at(age), [expected], "a year passes until the last wave");
    }
    assert!(at(12).is_empty() && at(23).is_empty());
}

#[test]
fn problems_of_all_parts_are_reported_in_one_go() {
    let more = "[state.x]\nstarts = 0.5\neach_step = 'expit(lag(z))'\nper = '1 month'\n[survey.items]\nx = { sensitivity = 'expit(q)', specificity = 1 }\n[[estimand]]\nname = 'e'\nquantity = 'prevalence'\nof = 'w'\nwave = 2\n[assign.arm]\nkind = 'simple'\nshares = [1, 1]\n";
    let found = listed(&format!("{HEAD}{ALL}{TIME}{more}"));
    let places: Vec<&str> = found.iter().map(|p| &p[..10]).collect();
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(places[0].starts_with("S0202 15:"), "{found:#?}");
    assert!(places[1].starts_with("S0") && places[1].contains("18:"), "{found:#?}");
    assert!(places[2].starts_with("S05") && places[2].contains("22:"), "{found:#?}");
    assert!(places[3].starts_with("S0312 26:"), "{found:#?}");
}

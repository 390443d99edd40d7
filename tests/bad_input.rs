//! What a user gets who makes a mistake: the exit code, the number, the place, and what mends it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// A study in which nothing is wrong; each test spoils a piece of it.
const FINE: &str = r#"scenario = 1

[study]
title = "Small"
aims = "Be quick."
seed = 11
replicates = 20

[parameters]
lost = { value = 0.1, about = "yearly rate of dropout", source = "assumed" }

[time]
step = "6 months"
waves = { every = "1 year", count = 3 }

[[group]]
name = "all"
size = 40
start = { age = "truncated_normal(mean = 17, sd = 2.2, low = 13, high = 21)" }

[state.ill]
starts = 0.3
on = { rate = 0.2 }
off = { rate = 0.3 }

[survey.items]
ill = { sensitivity = 0.9, specificity = 0.95 }

[[survey.loss]]
kind = "dropout"
rate = "lost"

[[estimand]]
name = "ill, wave 3"
quantity = "prevalence"
of = "ill"
wave = 3
target = "cohort"

[[method]]
method = "complete_case"
"#;

fn eclosion(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the program starts")
}

/// What is printed to stderr by a command that fails with 1 and prints nothing else.
#[track_caller]
fn complaint(folder: &Path, arguments: &[&str]) -> String {
    let output = eclosion(folder, arguments);
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {stderr}");
    assert!(output.stdout.is_empty(), "{arguments:?} printed a result");
    assert!(!stderr.contains("panicked"), "{stderr}");
    stderr
}

/// [`FINE`] with some pieces replaced, each of which is there.
#[track_caller]
fn spoilt(pieces: &[(&str, &str)]) -> String {
    pieces.iter().fold(FINE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "`{from}` is not in the scenario");
        text.replace(from, to)
    })
}

/// Runs a command on a text in a file `s.toml`; every part must be in what it complains.
#[track_caller]
fn says(command: &[&str], text: impl AsRef<[u8]>, parts: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("s.toml"), text).expect("it can be written");
    let arguments: Vec<&str> = [&command[..1], &["s.toml"], &command[1..]].concat();
    let shown = complaint(folder.path(), &arguments);
    for part in parts {
        assert!(shown.contains(part), "`{part}` is not in\n{shown}");
    }
    for number in shown.split("error[").skip(1).map(|rest| &rest[..5]) {
        let page = eclosion(folder.path(), &["explain", number]);
        assert_eq!(page.status.code(), Some(0), "{number} has no page");
    }
}

#[track_caller]
fn check(pieces: &[(&str, &str)], parts: &[&str]) {
    says(&["check"], spoilt(pieces), parts);
}

/// The same with lines added at the end, from line 42 on.
#[track_caller]
fn check_with(more: &str, parts: &[&str]) {
    says(&["check"], format!("{FINE}{more}"), parts);
}

#[test]
fn the_study_itself_is_fine() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("s.toml"), FINE).expect("it can be written");
    let output = eclosion(folder.path(), &["check", "s.toml"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).ends_with("\nno problems\n"));
}

#[test]
fn slips_of_the_pen() {
    check(&[("rate = 0.2", "rat = 0.2")], &["error[S0101]", "s.toml:23:8", "did you mean `rate`?"]);
    check(&[("replicates", "replicate")], &["error[S0101]", "s.toml:7:1", "did you mean `replicates`?"]);
    check(
        &[("\"complete_case\"", "\"complete_cas\"")],
        &["error[S0601]", "s.toml:41:11", "did you mean `complete_case`?"],
    );
    check(
        &[("\"complete_case\"", "\"bayes\"")],
        &["error[S0601]", "s.toml:41:11", "`eclosion methods` lists the methods"],
    );
    check(&[("rate = \"lost\"", "rate = \"lots\"")], &["error[S0202]", "s.toml:31:9", "did you mean `lost`?"]);
}

#[test]
fn values_that_cannot_be() {
    check(
        &[("rate = 0.2", "rate = -0.2")],
        &["error[S0205]", "s.toml:23:15", "this is -0.2", "`max(0, ...)` cuts off"],
    );
    check(
        &[("rate = 0.2", "rate = \"0.2 - 0.02*age\"")],
        // Persons grow older: 21 at the start, 23 at the last wave.
        &["error[S0205]", "s.toml:23:16", "at age = 23 this is -0.26"],
    );
    let window = "\"0.1 + if(age >= 17 and age < 17.5, 1.1, 0)\"";
    check(
        &[("starts = 0.3", &format!("starts = {window}"))],
        &["error[S0204]", "s.toml:22:11", "at age = 17 this is 1.2", "`min(1, max(0, ...))` cuts off"],
    );
    check(
        &[("{ rate = 0.2 }", &format!("{{ probability = {window}, per = \"6 months\" }}"))],
        &["error[S0204]", "s.toml:23:23", "at age = 17 this is 1.2"],
    );
    check(&[("size = 40", "size = 0")], &["error[S0301]", "s.toml:18:8", "a whole number from 1 to 4000000000"]);
    check(&[("wave = 3", "wave = 9")], &["error[S0503]", "s.toml:37:8", "a number from 1 to 3"]);
}

#[test]
fn a_probability_names_the_time_it_is_meant_for() {
    let state = |how: &str| format!("[state.b]\nstarts = 0.5\n{how}\n");
    check_with(&state("each_step = 'expit(lag(b))'"), &["error[S0103]", "s.toml:44:14", "`per = \"1 month\"`"]);
    check_with(&state("on = { probability = 0.1 }"), &["error[S0103]", "needs a key `per` beside `probability`"]);
    check_with(&state("each_step = 'expit(lag(b))'\nper = '1 month'"), &["error[S0307]", "s.toml:44:14"]);
}

#[test]
fn states_that_do_not_hang_together() {
    check_with(
        "[state.place]\nlevels = ['a', 'b', 'c']\nstarts = 'a'\nmoves = [{ from = 'a', to = 'b', rate = 0.2 }]\n",
        &["error[S0304]", "s.toml:43:22", "nobody can ever be in `c`", "add a move that leads there"],
    );
    check_with(
        "[[site]]\nsetting = 'shelter'\ncount = 2\n[state.setting]\nlevels = ['shelter', 'home']\nstarts = 'home'\n",
        &[
            "error[S0305]",
            "s.toml:43:12",
            "no group can enter",
            "let a group start in `shelter`, add a move to `shelter`",
        ],
    );
    check_with(
        "[state.a]\nstarts = 0.5\neach_step = 'expit(b)'\nper = '6 months'\n[state.b]\nstarts = 0.5\neach_step = 'expit(a)'\nper = '6 months'\n",
        &["error[S0306]", "s.toml:42:8", "each waits for the other within one step: a, b", "write `lag(b)`"],
    );
}

#[test]
fn a_parameter_that_nothing_reads_is_an_error_everywhere() {
    let text = spoilt(&[("rate = \"lost\"", "rate = 0.1")]);
    for command in [&["check"][..], &["evaluate"], &["simulate", "--out", "o"]] {
        says(command, &text, &["error[S0701]", "s.toml:10:1", "`lost`", "remove it, or use it in a formula"]);
    }
    let varied = format!("{text}[[vary]]\nparameter = 'lost'\nvalues = [0.1, 0.2]\n");
    says(&["check"], varied, &["error[S0701]", "all its values give the same study"]);
}

#[test]
fn a_value_of_a_varied_parameter_names_its_condition() {
    check_with(
        "[[vary]]\nparameter = 'lost'\nvalues = [0.1, 0.2, -0.1]\n",
        &["error[S0205]", "s.toml:31:9", "at lost = -0.1 this is -0.1", "(where lost = -0.1)", "1 error;"],
    );
}

#[test]
fn methods_that_cannot_answer() {
    check(
        &[("method = \"complete_case\"", "method = \"logistic\"")],
        &["error[S0603]", "s.toml:41:11", "it answers coefficients of logistic regressions only"],
    );
    check(
        &[
            (
                "quantity = \"prevalence\"\nof = \"ill\"\nwave = 3",
                "quantity = \"years\"\nof = \"ill\"\nby = 3\nat_least = 2",
            ),
            ("\"complete_case\"", "\"ipw\"\ndropout_model = \"ill\"\nestimands = [\"ill, wave 3\"]"),
        ],
        &["error[S0602]", "s.toml:44:15", "`ipw` cannot answer `ill, wave 3`", "leave it out of `estimands`"],
    );
    check_with("estimands = ['ill, wave 4']\n", &["error[S0604]", "s.toml:42:15", "did you mean `ill, wave 3`?"]);
}

#[test]
fn texts_that_are_no_toml() {
    check(&[("[study]", "[study")], &["error[S0110]", "s.toml:3:7", "stands in brackets: `[study]`"]);
    check(&[("\"Small\"", "\"Small")], &["error[S0110]", "s.toml:4:15", "is the closing quotation mark missing?"]);
    check(&[("seed = 11", "seed = 11\nseed = 12")], &["error[S0107]", "s.toml:7:1", "the other one is on line 6"]);
    check(&[("seed = 11", "seed 11")], &["error[S0110]", "s.toml:6:6", "write `key = value`"]);
    check(&[("seed = 11", "seed =")], &["error[S0110]", "s.toml:6:7", "a value is missing"]);
    check(&[("rate = 0.2", "rate = lost")], &["error[S0110]", "s.toml:23:15", "text in quotation marks"]);
}

#[test]
fn all_mistakes_are_told_at_once() {
    check(
        &[("seed = 11", "seed = -11"), ("title", "titel"), ("\"complete_case\"", "\"bayes\"")],
        &["error[S0101]", "s.toml:4:1", "error[S0109]", "s.toml:6:8", "error[S0601]", "s.toml:41:11", "3 errors"],
    );
    check(
        &[
            ("size = 40", "size = 0"),
            ("rate = 0.2", "rate = -0.2"),
            ("rate = \"lost\"", "rate = \"lots\""),
            ("wave = 3\n", "wave = 9\n"),
        ],
        &["S0301", "s.toml:18:8", "S0205", "s.toml:23:15", "S0202", "s.toml:31:9", "S0503", "s.toml:37:8", "4 errors"],
    );
    check(
        &[("[study]", "[study"), ("rate = 0.2", "rate = "), ("\"complete_case\"", "\"complete_case")],
        &["s.toml:3:7", "s.toml:23:16", "a value is missing", "s.toml:41:24", "3 errors"],
    );
}

#[test]
fn a_misspelt_key_hides_no_mistake_of_meaning_but_those_of_its_table() {
    check(
        &[("seed = 11", "seed = 11\nsede = 12"), ("size = 40", "size = 0"), ("rate = 0.3", "rate = -0.3")],
        &["error[S0101]", "s.toml:7:1", "error[S0301]", "error[S0205]", "3 errors"],
    );
    check(&[("on = { rate = 0.2 }", "onn = { rate = 0.2 }"), ("rate = 0.3", "rate = -0.3")], &["S0101", "1 error;"]);
}

#[test]
fn an_unused_parameter_is_told_beside_a_method_that_cannot_answer() {
    let spare = "lost = { value = 0.1, about = \"yearly rate of dropout\", source = \"assumed\" }";
    let more = format!("{spare}\nspare = {{ value = 1, about = \"nothing\", source = \"assumed\" }}");
    check(&[(spare, &more), ("\"complete_case\"", "\"logistic\"")], &["error[S0603]", "error[S0701]", "`spare`"]);
}

#[test]
fn a_lag_at_the_first_wave_says_so() {
    let loss = ("rate = \"lost\"", "probability = \"lost * lag(ill)\"\nfrom_wave = 1");
    says(&["evaluate"], spoilt(&[loss]), &["error[R0002]", "wave 1", "no wave before the first one", "s.toml:31:16"]);
}

#[test]
fn what_only_a_run_can_find_names_person_wave_and_formula() {
    let missing = spoilt(&[
        ("specificity = 0.95", "specificity = 0.95, nonresponse = 0.5"),
        ("rate = \"lost\"", "probability = \"lost*reported(ill)\""),
    ]);
    says(
        &["evaluate"],
        missing,
        &[
            "error[R0002]",
            "s.toml:31:16",
            "`lost*reported(ill)` is not a number for person ",
            "of group `all` in replicate 0 at wave 2",
            "ask with `missing(...)`",
        ],
    );
    let overflow =
        spoilt(&[("rate = 0.2", "rate = \"exp(x)\"")]) + "[attributes]\nx = 'normal(mean = 900, sd = 300)'\n";
    says(
        &["evaluate"],
        overflow,
        &["error[R0001]", "s.toml:23:16", "`exp(x)` is inf for person ", "of group `all` in replicate 0 at step 1"],
    );
    let steep =
        spoilt(&[("starts = 0.3", "starts = \"0.5 + 0.1*x\"")]) + "[attributes]\nx = 'normal(mean = 3, sd = 1)'\n";
    says(&["evaluate"], steep, &["error[R0001]", "s.toml:22:11", "`0.5 + 0.1*x` is 1.", "at step 0"]);
}

#[test]
fn settings_on_the_command_line() {
    let set = |setting: &str, parts: &[&str]| says(&["check", "--set", setting], FINE, parts);
    set("lots=1", &["error[S0702]", "--set:1:1", "did you mean `lost`?"]);
    set("nope=1", &["error[S0702]", "--set:1:1", "these can be set: lost, study.seed, study.replicates"]);
    set("lost=much", &["error[S0703]", "--set:1:6", "a finite number, such as 0.1"]);
    set("lost=inf", &["error[S0703]", "--set:1:6", "a finite number"]);
    set("lost=1e400", &["error[S0703]", "--set:1:6", "a finite number"]);
    set("lost=-1", &["error[S0205]", "s.toml:31:9", "at lost = -1 this is -1"]);
    set("study.seed=-1", &["error[S0109]", "--set:1:12", "from 0 to 18446744073709551615"]);
    set("study.replicates=0", &["error[S0109]", "--set:1:18", "a whole number from 1"]);
    let probability = spoilt(&[("rate = \"lost\"", "probability = \"lost\"")]);
    says(&["check", "--set", "lost=1.5"], probability, &["error[S0204]", "s.toml:31:16", "at lost = 1.5 this is 1.5"]);
}

/// Names and bytes of all files in a folder, in order.
fn contents(folder: &Path) -> Vec<(std::ffi::OsString, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("it is there").map(|e| e.expect("an entry").path());
    let mut files: Vec<_> = entries
        .map(|path| (path.file_name().expect("a name").to_owned(), fs::read(&path).expect("it can be read")))
        .collect();
    files.sort();
    files
}

#[test]
fn a_folder_that_is_there_stays_as_it_is_without_force() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("s.toml"), FINE).expect("it can be written");
    let results = folder.path().join("results");
    let evaluate = ["evaluate", "s.toml", "--out", "results", "--format", "csv"];
    let simulate = ["simulate", "s.toml", "--out", "results", "--format", "csv"];
    assert_eq!(eclosion(folder.path(), &evaluate).status.code(), Some(0));
    fs::write(results.join("notes.txt"), "mine").expect("it can be written");
    let before = contents(&results);
    for command in [&evaluate[..], &simulate] {
        let shown = complaint(folder.path(), command);
        assert!(shown.contains("error[R0020]") && shown.contains("`results`") && shown.contains("--force"), "{shown}");
        assert_eq!(contents(&results), before);
    }
    let forced = eclosion(folder.path(), &[&evaluate[..], &["--force", "--seed", "12"]].concat());
    assert_eq!(forced.status.code(), Some(0));
    let after = contents(&results);
    assert_ne!(after, before);
    assert!(after.iter().any(|(name, bytes)| name == "notes.txt" && bytes == b"mine"), "what is not ours stays");
}

#[test]
fn folders_that_cannot_be() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("s.toml"), FINE).expect("it can be written");
    for out in ["s.toml", "s.toml/deeper"] {
        for command in ["evaluate", "simulate"] {
            let shown = complaint(folder.path(), &[command, "s.toml", "--out", out]);
            assert!(shown.contains("error[R0021]") && shown.contains(&format!("`{out}`")), "{shown}");
        }
    }
    assert_eq!(fs::read_to_string(folder.path().join("s.toml")).expect("it is there"), FINE);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_only_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("s.toml"), FINE).expect("it can be written");
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).expect("it can be made");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).expect("they can be set");
    // Who may do everything is not stopped by permissions.
    if fs::write(closed.join("try"), "").is_ok() {
        return;
    }
    let shown = complaint(folder.path(), &["evaluate", "s.toml", "--out", "closed/results"]);
    assert!(shown.contains("error[R0021]") && shown.contains("closed"), "{shown}");
}

#[test]
fn files_that_are_no_scenario() {
    says(
        &["check"],
        FINE.replace("Small", "Sm@ll")
            .into_bytes()
            .iter()
            .map(|b| if *b == b'@' { 0xE4 } else { *b })
            .collect::<Vec<u8>>(),
        &["error[S0112]", "s.toml:4:12", "save the file with the encoding UTF-8"],
    );
    says(
        &["check"],
        "",
        &["error[S0117]", "s.toml:1:1", "write `scenario = 1`", "write `[study]` with", "write `[[group]]` with"],
    );
    let long = format!("{FINE}# {}\n", "x".repeat(1 << 20));
    says(&["check"], long, &["error[S0111]", "it is larger than 1024 KiB", "keep only what declares the study"]);
    let wide = spoilt(&[("rate = \"lost\"", &format!("rate = \"lost{}\"", " ".repeat(1_000_000)))]);
    says(&["check"], wide, &["error[S0214]", "s.toml:31:9", "a formula may have 10000 bytes"]);
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("d.toml")).expect("it can be made");
    let shown = complaint(folder.path(), &["check", "d.toml"]);
    assert!(shown.contains("error[S0111]") && shown.contains("`d.toml` cannot be read"), "{shown}");
    let shown = complaint(folder.path(), &["check", "gone.toml"]);
    assert!(shown.contains("error[S0111]") && shown.contains("is the path right?"), "{shown}");
}

#[test]
fn brackets_within_brackets() {
    let deep = format!("deep = {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    says(&["check"], format!("{FINE}{deep}"), &["error[S0110]", "s.toml:42:", "is a bracket not closed?"]);
    let tables = format!("deep = {}1{}\n", "{ a = ".repeat(1_000), " }".repeat(1_000));
    says(&["check"], format!("{FINE}{tables}"), &["error[S0110]", "s.toml:42:", "is a bracket not closed?"]);
    let formula = format!("rate = \"{}lost{}\"", "(".repeat(4_000), ")".repeat(4_000));
    check(&[("rate = \"lost\"", &formula)], &["error[S0214]", "s.toml:31:"]);
    let minus = format!("rate = \"{}lost\"", "-".repeat(9_000));
    check(&[("rate = \"lost\"", &minus)], &["error[S0214]", "s.toml:31:"]);
}

/// A law may give what a count cannot be: the message says what it can.
#[test]
fn counts_of_visits_and_comments() {
    for (law, number) in
        [("constant(value = 256)", "256"), ("constant(value = -1)", "-1"), ("constant(value = 1.5)", "1.5")]
    {
        let visits = format!("count = 3 }}\nvisits = \"{law}\"");
        let whole = format!("is {number} for person 1 of group `all` in replicate 0 at wave 1");
        let parts =
            ["error[R0002]", "s.toml:15:11", &whole, "a number of visits in a wave is a whole one from 0 to 255"];
        says(&["evaluate"], spoilt(&[("count = 3 }", &visits)]), &parts);
    }
    let comments = "\n[[survey.comment]]\nname = \"family\"\ncount = \"constant(value = 256)\"\n";
    let parts = [
        "error[R0002]",
        "s.toml:45:10",
        "a number of comments on a theme in an interview is a whole one from 0 to 255",
    ];
    says(&["simulate", "--release", "r"], format!("{FINE}{comments}"), &parts);
}

#[test]
fn numbers_where_a_law_is_wanted() {
    let comments = "\n[[survey.comment]]\nname = \"family\"\ncount = 3\n";
    check_with(comments, &["error[S0201]", "s.toml:45:9", "write `constant(value = 3)`"]);
}

#[test]
fn names_that_are_empty() {
    check(
        &[("name = \"all\"", "name = \" \"")],
        &["error[S0119]", "s.toml:17:9", "a group has an empty name", "give it a name"],
    );
    let codes = "\n[survey.linkage]\nkind = \"codes\"\nelements = [{ name = \"\", values = 99 }]\nerror = 0.1\n";
    check_with(codes, &["error[S0438]", "s.toml:45:13", "an element has an empty name", "give it a name"]);
}

/// Without waves nothing is said about the step, which is as it was.
#[test]
fn no_waves() {
    let state = "[state.ill]\nstarts = 0.3\neach_step = \"0.2 + 0.5 * lag(ill)\"\nper = \"6 months\"\n";
    let rates = "[state.ill]\nstarts = 0.3\non = { rate = 0.2 }\noff = { rate = 0.3 }\n";
    let text = spoilt(&[("count = 3", "count = 0"), (rates, state), ("wave = 3", "wave = 1")]);
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("s.toml"), text).expect("it can be written");
    let shown = complaint(folder.path(), &["check", "s.toml"]);
    assert!(shown.contains("error[S0316]") && !shown.contains("S0307"), "{shown}");
}

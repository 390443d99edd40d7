//! The program as a user meets it: arguments, exit codes, what is printed where.

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn eclosion(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the program starts")
}

fn here(arguments: &[&str]) -> Output {
    eclosion(Path::new("."), arguments)
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("UTF-8")
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("UTF-8")
}

#[test]
fn help_names_the_subcommands_and_the_exit_codes() {
    let output = here(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    for word in ["new", "check", "simulate", "describe", "evaluate", "methods", "explain", "130", "Exit codes"] {
        assert!(out(&output).contains(word), "{word} is not in\n{}", out(&output));
    }
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    for arguments in [
        &["evaluat"][..],
        &[],
        &["evaluate"],
        &["evaluate", "x.toml", "--replicates", "0"],
        &["evaluate", "x.toml", "--set", "lost"],
        &["evaluate", "x.toml", "--threads", "none"],
        &["new", "--template", "nothing"],
        &["simulate", "x.toml"],
        &["explain", "S9999"],
        &["methods", "no such method"],
    ] {
        let output = here(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", err(&output));
        assert!(out(&output).is_empty() && !err(&output).is_empty(), "{arguments:?}");
    }
}

#[test]
fn explain_prints_a_page_whatever_the_case_and_lists_all() {
    let output = here(&["explain", "r0020"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(out(&output).starts_with("R0020: The folder for the tables is not empty.\n"));
    let list = here(&["explain"]);
    assert!(out(&list).contains("R0020  The folder"));
    assert!(err(&here(&["explain", "R002"])).contains("did you mean R0"));
}

#[test]
fn methods_as_text_and_as_json() {
    let output = here(&["methods"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(out(&output).contains("`eclosion methods NAME` prints the page of one."));
    let output = here(&["methods", "--json"]);
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for method in list.as_array().expect("a list") {
        let name = method["name"].as_str().expect("a name");
        let page = here(&["methods", name]);
        assert!(out(&page).starts_with(&format!("{name}: ")));
        let page = here(&["methods", name, "--json"]);
        let page: serde_json::Value = serde_json::from_slice(&page.stdout).expect("JSON");
        assert!(page["page"].as_str().is_some_and(|p| !p.is_empty()));
    }
}

#[test]
fn new_writes_a_file_and_does_not_replace_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = eclosion(folder.path(), &["new"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(out(&output), "wrote scenario.toml\nnext: eclosion check scenario.toml\n");
    let first = std::fs::read_to_string(folder.path().join("scenario.toml")).expect("it was written");
    let again = eclosion(folder.path(), &["new", "scenario.toml", "--template", "trial"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(err(&again).contains("--force"));
    assert_eq!(std::fs::read_to_string(folder.path().join("scenario.toml")).expect("it is there"), first);
    let forced = eclosion(folder.path(), &["new", "scenario.toml", "--template", "trial", "--force"]);
    assert_eq!(forced.status.code(), Some(0));
    assert_ne!(std::fs::read_to_string(folder.path().join("scenario.toml")).expect("it is there"), first);
    assert_eq!(eclosion(folder.path(), &["new", "no/such/folder/x"]).status.code(), Some(1));
}

#[test]
fn a_missing_or_broken_scenario_ends_with_1() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("broken.toml"), "scenario = 1\n[study\n").expect("it can be written");
    for file in ["missing.toml", "broken.toml"] {
        for command in ["check", "evaluate"] {
            let output = eclosion(folder.path(), &[command, file]);
            assert_eq!(output.status.code(), Some(1), "{command} {file}: {}", err(&output));
            assert!(out(&output).is_empty());
            assert!(err(&output).contains(file), "{}", err(&output));
        }
    }
    let output = eclosion(folder.path(), &["check", "broken.toml", "--json"]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(found["problems"][0]["severity"], "error");
    assert!(found["pilot"].is_null());
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .arg("explain")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(err(&output).is_empty(), "{}", err(&output));
}

/// Small and quick: two conditions, two methods, a target that needs no population.
const SMALL: &str = r#"
scenario = 1

[study]
title = "Small"
aims = "Be quick."
seed = 11
replicates = 60

[parameters]
lost = { value = 0.1, about = "yearly rate of dropout", source = "assumed" }

[time]
step = "6 months"
waves = { every = "1 year", count = 3 }

[[group]]
name = "all"
size = 40

[attributes]
score = "normal(mean = 0, sd = 1)"

[state.well]
starts = 0.5
on = { rate = 0.5 }
off = { rate = 0.3 }

[state.feeling]
levels = ["low", "high"]
starts = "categorical(low = 0.4, high = 0.6)"

[survey.items]
well = { sensitivity = 0.9, specificity = 0.9 }
feeling = { nonresponse = "0.1" }

[[survey.loss]]
kind = "dropout"
rate = "lost * exp(0.5 * (1 - lag(well)))"

[[estimand]]
name = "well, wave 3"
quantity = "prevalence"
of = "well"
wave = 3
target = "cohort"

[[method]]
method = "complete_case"

[[method]]
name = "all answers"
method = "available_case"

[[vary]]
parameter = "lost"
values = [0.1, 0.4]

[[expect]]
method = "complete_case"
that = "abs(bias) < 0.2 and coverage > 0.5 and non_convergence == 0"
"#;

fn small() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("small.toml"), SMALL).expect("it can be written");
    folder
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn check_says_what_the_study_is() {
    let folder = small();
    let output = eclosion(folder.path(), &["check", "small.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    for words in [
        "Persons in a replicate: 40",
        "Waves: 3, at 0, 1, 2 years",
        "lost = 0.1: yearly rate of dropout  (assumed)",
        "Conditions: 2, 60 replicates each, 120 data sets",
        "dropout: MNAR, reads true well",
        "well, wave 3 (of each cohort): complete_case, all answers (available_case)",
    ] {
        assert!(out(&output).contains(words), "{words}\n{}", out(&output));
    }
}

#[test]
fn no_result_depends_on_the_number_of_threads() {
    let folder = small();
    let mut first: Option<(Vec<u8>, Vec<Vec<u8>>)> = None;
    for threads in ["1", "2", "8"] {
        let arguments = ["evaluate", "small.toml", "--json", "--threads", threads, "--out", threads];
        let output = eclosion(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        let path = folder.path().join(threads);
        let mut names: Vec<_> =
            std::fs::read_dir(&path).expect("a folder").map(|e| e.expect("a file").path()).collect();
        names.sort();
        names.retain(|n| !n.ends_with("provenance.json"));
        // Seven tables in each form, what is beside each in CSV, the codebook and the scenario.
        assert_eq!(names.len(), if cfg!(feature = "columnar") { 23 } else { 16 }, "{names:?}");
        let files = names.iter().map(|n| std::fs::read(n).expect("it can be read")).collect();
        let this = (output.stdout, files);
        match &first {
            Some(first) => assert!(*first == this, "{threads} threads"),
            None => first = Some(this),
        }
    }
    let other = eclosion(folder.path(), &["evaluate", "small.toml", "--json", "--seed", "12"]);
    assert_ne!(first.expect("three runs").0, other.stdout);
}

#[test]
fn more_replicates_leave_the_first_ones_as_they_were() {
    let folder = small();
    let run = |replicates: &str| {
        let out = format!("out-{replicates}");
        let arguments = ["evaluate", "small.toml", "--replicates", replicates, "--format", "csv", "--out", &out];
        assert_eq!(eclosion(folder.path(), &arguments).status.code(), Some(0));
        read(folder.path(), &format!("{out}/estimates.csv"))
    };
    let (few, many) = (run("7"), run("50"));
    let first: Vec<&str> =
        many.lines().filter(|l| l.split(',').next().is_some_and(|r| r.parse().map_or(true, |r: u64| r < 7))).collect();
    assert_eq!(few.lines().collect::<Vec<_>>(), first);
    assert_eq!(few.lines().count(), 1 + 7 * 2 * 2);
}

#[test]
fn demands_decide_the_exit_code_only_when_they_are_checked() {
    let folder = small();
    let output = eclosion(folder.path(), &["evaluate", "small.toml", "--check"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(out(&output).contains("all 2 demands hold"));
    let strict = read(folder.path(), "small.toml").replace("abs(bias) < 0.2", "bias == 0");
    std::fs::write(folder.path().join("strict.toml"), strict).expect("it can be written");
    assert_eq!(eclosion(folder.path(), &["evaluate", "strict.toml"]).status.code(), Some(0));
    let output = eclosion(folder.path(), &["evaluate", "strict.toml", "--check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("does not hold: bias == 0"), "{}", out(&output));
    assert!(out(&output).contains("complete_case for well, wave 3 at lost = 0.1: bias "), "{}", out(&output));
    assert!(out(&output).contains(" MCSE from 0;"), "{}", out(&output));
    // With --json the result alone is on stdout.
    let output = eclosion(folder.path(), &["evaluate", "strict.toml", "--check", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON");
    assert!(err(&output).contains("does not hold"));
}

#[test]
fn a_demand_with_an_unknown_measure_is_shown_in_its_line() {
    let folder = small();
    let text = read(folder.path(), "small.toml").replace("coverage > 0.5", "covrage > 0.5");
    std::fs::write(folder.path().join("slip.toml"), text).expect("it can be written");
    let output = eclosion(folder.path(), &["check", "slip.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("R0042") && err(&output).contains("did you mean `coverage`?"), "{}", err(&output));
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let folder = small();
    let arguments = ["evaluate", "small.toml", "--replicates", "2", "--out", "out", "--set", "lost=0.2"];
    assert_eq!(eclosion(folder.path(), &arguments).status.code(), Some(0));
    let provenance: serde_json::Value =
        serde_json::from_str(&read(folder.path(), "out/provenance.json")).expect("JSON");
    assert_eq!(provenance["settings"], serde_json::json!(["lost=0.2"]));
    assert_eq!(provenance["replicates_done"], 2);
    assert_eq!(read(folder.path(), "out/scenario.toml"), read(folder.path(), "small.toml"));
    let again = eclosion(folder.path(), &arguments);
    assert_eq!(again.status.code(), Some(1));
    assert!(err(&again).contains("R0020"), "{}", err(&again));
    let forced = eclosion(folder.path(), &[&arguments[..], &["--force"]].concat());
    assert_eq!(forced.status.code(), Some(0), "{}", err(&forced));
    // A path below a file can be no folder.
    let output = eclosion(folder.path(), &["evaluate", "small.toml", "--out", "small.toml/out"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("R0021"), "{}", err(&output));
    assert!(out(&output).is_empty());
}

/// The rows of a table without quotation marks in it, by the values of its first columns.
fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().skip(1).map(|line| line.split(',').collect()).collect()
}

#[test]
fn simulated_tables_fit_together() {
    let folder = small();
    let arguments = ["simulate", "small.toml", "--replicates", "2", "--format", "csv", "--out", "all"];
    let output = eclosion(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(err(&output).contains("only the first condition is simulated, lost = 0.1"));
    let [truth, observed, key, audit] =
        ["truth", "observed", "key", "audit"].map(|n| read(folder.path(), &format!("all/{n}.csv")));
    assert!(truth.starts_with("replicate,person,wave,years,group,"));
    assert!(observed.starts_with("replicate,record,group,wave,years,attended,well,feeling,score\n"), "{observed:.200}");
    assert_eq!((rows(&truth).len(), rows(&observed).len(), rows(&key).len()), (2 * 40 * 3, 2 * 40 * 3, 2 * 40));
    let header: Vec<&str> = truth.lines().next().expect("a header").split(',').collect();
    let well = header.iter().position(|c| *c == "well").expect("a column");
    let mut differences = 0;
    for row in rows(&observed) {
        let (replicate, record, wave, reported) = (row[0], row[1], row[3], row[6]);
        let person = rows(&key).into_iter().find(|k| k[0] == replicate && k[1] == record).expect("a key")[2];
        let found = rows(&truth);
        let true_row = found.iter().find(|t| t[0] == replicate && t[1] == person && t[2] == wave).expect("a person");
        let place = [replicate, person, wave, "well"];
        let found = rows(&audit);
        let why = found.iter().find(|a| a[..4] == place);
        match why {
            Some(why) => {
                assert_eq!((why[4], why[5]), (true_row[well], reported));
                differences += 1;
            }
            None => assert_eq!(true_row[well], reported),
        }
    }
    assert!(differences > 10, "{differences}");
    // The order of the records tells nothing of the persons.
    assert!(rows(&key).windows(2).any(|w| w[0][0] == w[1][0] && w[0][2].len() == w[1][2].len() && w[0][2] > w[1][2]));

    let truth_only = ["simulate", "small.toml", "--replicates", "2", "--format", "csv", "--out", "one", "--truth-only"];
    assert_eq!(eclosion(folder.path(), &truth_only).status.code(), Some(0));
    assert_eq!(read(folder.path(), "one/truth.csv"), truth);
    assert!(!folder.path().join("one/observed.csv").exists());
}

#[cfg(unix)]
#[test]
fn an_interrupt_reports_what_was_done() {
    use std::io::Read;
    let folder = small();
    let child = Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .args(["evaluate", "small.toml", "--replicates", "5000000", "--threads", "1", "--out", "out"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.expect("the program starts");
    // Ready to be interrupted once its folder is there; a little later it has done some batches.
    for _ in 0..1000 {
        if folder.path().join("out").exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    std::thread::sleep(std::time::Duration::from_millis(700));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill is there").success());
    let mut text = String::new();
    child.stdout.take().expect("it is piped").read_to_string(&mut text).expect("UTF-8");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert!(text.contains("stopped early: at least "), "{text}");
    let provenance: serde_json::Value =
        serde_json::from_str(&read(folder.path(), "out/provenance.json")).expect("JSON");
    let done = provenance["replicates_done"].as_u64().expect("a number");
    assert!(done > 0 && done < 5_000_000, "{done}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_stdout_ends_with_1() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let output = Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .arg("explain")
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("cannot write to standard output"), "{}", err(&output));
}

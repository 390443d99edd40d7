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
    for word in ["new", "check", "simulate", "evaluate", "methods", "explain", "130", "Exit codes"] {
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
    assert!(out(&output).starts_with("R0020: the folder for the tables is not empty\n"));
    let list = here(&["explain"]);
    assert!(out(&list).contains("R0020  the folder"));
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
    let problems: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(problems[0]["severity"], "error");
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

//! What README.md says is true: its command lines run, and the names of the program that it quotes exist.

use eclosion::{analyze, diagnostic};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("it is there").replace("\r\n", "\n")
}

/// The texts between the fences of a kind.
fn blocks(text: &str, kind: &str) -> Vec<String> {
    let open = format!("```{kind}\n");
    text.split(&open).skip(1).map(|rest| rest.split("```").next().unwrap_or(rest).to_owned()).collect()
}

/// The text between a heading and the next one of its kind.
fn section(text: &str, heading: &str) -> String {
    let rest = text.split(&format!("\n## {heading}\n")).nth(1);
    let rest = rest.unwrap_or_else(|| panic!("README.md has no section `{heading}`"));
    rest.split("\n## ").next().unwrap_or(rest).to_owned()
}

/// The arguments that a line of a shell hands to the program; nothing for lines that run something else.
fn arguments(line: &str) -> Option<Vec<String>> {
    let line = line.split(" #").next().unwrap_or(line).trim();
    // These would test the tests, or install the program.
    if line.is_empty() || line == "cargo test" || line == "cargo bench" || line.starts_with("cargo install ") {
        return None;
    }
    let given = line.strip_prefix("cargo run --release -- ").or_else(|| line.strip_prefix("eclosion "));
    let given = given.unwrap_or_else(|| panic!("README.md has a command line that this test cannot run: `{line}`"));
    Some(given.split_whitespace().map(str::to_owned).collect())
}

/// The same with few replicates, where the command takes any.
fn quick(mut arguments: Vec<String>) -> Vec<String> {
    if arguments[0] == "evaluate" {
        if let Some(at) = arguments.iter().position(|a| a == "--replicates") {
            arguments.drain(at..at + 2);
        }
        arguments.extend(["--replicates".to_owned(), "2".to_owned()]);
    }
    if arguments[0] == "compare" {
        arguments.extend(["--replicates".to_owned(), "40".to_owned()]);
    }
    arguments
}

fn eclosion(folder: &Path, arguments: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

#[test]
fn every_command_line_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenarios = folder.path().join("scenarios");
    for part in ["", "plans", "presets", "butterfly"] {
        fs::create_dir(scenarios.join(part)).expect("it can be made");
        for entry in fs::read_dir(root().join("scenarios").join(part)).expect("it is there") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let name = path.file_name().expect("a name");
                fs::copy(&path, scenarios.join(part).join(name)).expect("it can be copied");
            }
        }
    }
    let mut ran = 0;
    for block in blocks(&readme(), "sh") {
        for given in block.lines().filter_map(arguments).map(quick) {
            let output = eclosion(folder.path(), &given);
            let complaint = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{given:?}: {complaint}");
            assert!(!output.stdout.is_empty(), "{given:?} prints nothing");
            ran += 1;
        }
    }
    assert!(ran >= 5, "{ran} command lines found");
}

#[test]
fn commands_in_sentences_exist() {
    let text = readme();
    let quoted = text.split('`').skip(1).step_by(2).filter_map(|code| code.strip_prefix("eclosion "));
    for command in quoted {
        let name = command.split_whitespace().next().expect("a word");
        let output = eclosion(root(), &[name.to_owned(), "--help".to_owned()]);
        assert_eq!(output.status.code(), Some(0), "there is no command `eclosion {name}`");
    }
    let help = eclosion(root(), &["--help".to_owned()]);
    let help = String::from_utf8(help.stdout).expect("UTF-8");
    assert!(text.contains("Exit codes: 0 fine, 1 the study or a check failed, 2 wrong usage, 130 interrupted."));
    for code in ["  0  ", "  1  ", "  2  ", "  130  "] {
        assert!(help.contains(code), "the help does not name exit code {code}");
    }
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let digits = word.get(1..).is_some_and(|rest| rest.len() == 4 && rest.chars().all(|c| c.is_ascii_digit()));
        if digits && word.starts_with(['S', 'R', 'F']) {
            assert!(diagnostic::page(word).is_some(), "there is no page {word}");
        }
    }
}

/// First cells of the rows of the table in a section, the heading left out.
fn first_cells(section: &str) -> Vec<String> {
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.filter_map(|line| line.split('|').nth(1)).map(|cell| cell.trim().to_owned()).collect()
}

#[test]
fn the_columns_that_it_explains_are_those_that_are_printed() {
    let text = section(&readme(), "What the numbers mean");
    let scenario = "scenarios/butterfly.toml".to_owned();
    let output = eclosion(root(), &["evaluate".to_owned(), scenario, "--replicates".to_owned(), "3".to_owned()]);
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let printed = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    let columns = first_cells(&text);
    assert!(columns.len() >= 6, "{columns:?}");
    for column in columns.iter().flat_map(|cell| cell.split(", ")) {
        assert!(printed.contains(column.trim_matches('`')), "no column `{column}` in\n{printed}");
    }
    let shown = blocks(&text, "text").concat();
    let methods: Vec<&str> = analyze::catalogue().iter().map(|entry| entry.name).collect();
    let rows = shown.lines().filter(|line| line.starts_with("    ") && !line.trim().starts_with("method"));
    for method in rows.filter_map(|line| line.split_whitespace().next()) {
        assert!(methods.contains(&method), "the example names `{method}`");
    }
    let line = shown.lines().next().expect("a line").trim();
    let estimand = line.split(": true value").next().expect("a name");
    assert!(printed.contains(&format!("{estimand}: true value")), "no estimand `{estimand}` in\n{printed}");
}

#[test]
fn tables_that_evaluate_writes_are_those_that_it_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("results");
    let given = ["evaluate", "scenarios/two_arms.toml", "--replicates", "2", "--out"].map(str::to_owned);
    let given: Vec<String> = given.into_iter().chain([out.display().to_string()]).collect();
    assert_eq!(eclosion(root(), &given).status.code(), Some(0));
    let text = readme();
    let sentence = text.split("`evaluate --out` writes ").nth(1).expect("the sentence").split(". ").next().expect("it");
    let sentence = sentence.split(", as Parquet").next().expect("it");
    let names: Vec<&str> = sentence.split('`').skip(1).step_by(2).collect();
    assert!(names.len() >= 4, "{names:?}");
    let written: Vec<String> = fs::read_dir(&out)
        .expect("it is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    for name in names {
        assert!(written.iter().any(|file| file == name || file.split('.').next() == Some(name)), "{name}: {written:?}");
    }
}

#[test]
fn links_lead_to_files() {
    let text = readme();
    for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        if !target.starts_with("http") {
            assert!(root().join(target).exists(), "README.md links to `{target}`, which is not there");
        }
    }
}

/// What the example of a scenario leaves out.
const AROUND: &str = r#"
scenario = 1
[study]
title = "Example"
aims = "Run."
seed = 1
replicates = 2
[parameters]
lost = { value = 0.1, about = "dropout", source = "assumed" }
honesty = { value = 0.5, about = "chance that a yes is told at first", source = "assumed" }
[time]
step = "1 month"
waves = { every = "1 year", count = 3 }
[[group]]
name = "all"
size = 40
[[site]]
count = 4
[state.earning]
starts = 0.2
on = { rate = 0.3 }
[survey]
mood = "normal(mean = 0, sd = 0.5)"
"#;

#[test]
fn the_example_of_a_scenario_is_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let block = blocks(&readme(), "toml").concat();
    fs::write(folder.path().join("s.toml"), format!("{AROUND}{block}")).expect("it can be written");
    let output = eclosion(folder.path(), &["check".to_owned(), "s.toml".to_owned()]);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{complaint}");
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    for line in block.lines().filter(|line| line.contains("the program calls this MNAR")) {
        assert!(printed.contains("dropout: MNAR, reads true well now"), "{line}\n{printed}");
    }
}

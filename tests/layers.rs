//! Reads `src/` and checks the arrows of `ARCHITECTURE.md` and the invariants of the house.
//!
//! Tests in `src/` are left out: they may name what they like.

#[path = "layers/rules.rs"]
mod rules;
#[path = "layers/tokens.rs"]
mod tokens;

use rules::{File, LINES, RULES, broken, line_of};
use std::fs;
use std::path::{Path, PathBuf};

fn source_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Paths below `src/` with `/` between the parts, in order.
fn paths(folder: &Path, below: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        let name = format!("{below}{}", entry.file_name().unwrap().to_str().unwrap());
        if entry.is_dir() {
            found.extend(paths(&entry, &format!("{name}/")));
        } else {
            found.push(name);
        }
    }
    found
}

fn is_test(path: &str) -> bool {
    path.split('/').any(|part| part == "tests" || part == "tests.rs")
}

fn files() -> Vec<File> {
    let root = source_root();
    let sources = paths(&root, "").into_iter().filter(|p| p.ends_with(".rs") && !is_test(p));
    sources.map(|p| File::new(&p, &fs::read_to_string(root.join(&p)).unwrap())).collect()
}

#[test]
fn the_house_is_as_drawn() {
    let files = files();
    assert!(files.len() > 20, "{} files read", files.len());
    let found: Vec<String> = files.iter().flat_map(broken).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_room_is_a_public_module_of_the_library() {
    let lib = fs::read_to_string(source_root().join("lib.rs")).unwrap();
    for file in files() {
        let room = file.room().to_owned();
        if room == "lib" || room == "main" {
            continue;
        }
        assert!(line_of(&room).is_some(), "{}: this room is in no line of tests/layers/rules.rs", file.path);
        assert!(lib.contains(&format!("pub mod {room};")), "src/lib.rs has no `pub mod {room};`");
    }
    for line in lib.lines().filter(|l| l.contains("mod ")) {
        assert!(line.starts_with("pub mod "), "src/lib.rs: `{line}` is not public");
    }
    assert!(lib.contains("#![forbid(unsafe_code)]") && lib.contains("#![warn(missing_docs)]"));
}

/// A file of a room is `room/name.rs`, in small letters, and declared by the file above it.
#[test]
fn files_are_named_and_declared() {
    let root = source_root();
    for path in paths(&root, "") {
        if !path.ends_with(".rs") {
            continue;
        }
        let name = path.rsplit('/').next().unwrap();
        let stem = name.strip_suffix(".rs").unwrap();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(stem.chars().all(plain), "src/{path}: small letters, digits and _ only");
        if ["lib.rs", "main.rs"].contains(&path.as_str()) {
            continue;
        }
        let (module, parent) = declared_by(&path);
        let above = fs::read_to_string(root.join(&parent))
            .unwrap_or_else(|_| panic!("src/{path} is declared by no file: src/{parent} is missing"));
        assert!(above.contains(&format!("mod {module};")), "src/{parent} does not declare `mod {module};`");
        if module == "tests" {
            let at = above.find("mod tests;").unwrap();
            assert!(
                above[..at].trim_end().ends_with("#[cfg(test)]"),
                "src/{parent}: `mod tests;` without #[cfg(test)]"
            );
        }
    }
}

/// The module that a file is, and the file that must declare it.
fn declared_by(path: &str) -> (String, String) {
    let mut parts: Vec<&str> = path.split('/').collect();
    let mut module = parts.pop().unwrap().strip_suffix(".rs").unwrap();
    if module == "mod" {
        module = parts.pop().unwrap();
    }
    let folder = parts.join("/");
    let parent = match folder.as_str() {
        "" => "lib.rs".to_owned(),
        _ if source_root().join(format!("{folder}/mod.rs")).exists() => format!("{folder}/mod.rs"),
        _ => format!("{folder}.rs"),
    };
    (module.to_owned(), parent)
}

/// The drawing in `ARCHITECTURE.md` and the lines here name the same rooms in the same order.
#[test]
fn the_drawing_names_every_room() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let lib = fs::read_to_string(source_root().join("lib.rs")).unwrap();
    for room in LINES.iter().copied().flatten().filter(|r| lib.contains(&format!("pub mod {r};"))) {
        assert!(text.contains(room), "ARCHITECTURE.md does not name {room}");
    }
}

/// Each rule must be able to fail: a snippet that breaks it, where it may not stand and where it may.
#[test]
fn each_rule_can_fail() {
    let cases: &[(&str, &str, &str)] = &[
        ("analyze/ipw.rs", "use crate::tables::Truth;", "cannot name truth"),
        ("analyze/ipw.rs", "use crate::tables::{Observed, target::{Quantity, Truth as T}};", "cannot name truth"),
        ("analyze/ipw.rs", "fn f(t: &Target) { match t.truth {} }", "cannot name truth"),
        ("analyze/ipw.rs", "use crate::tables::audit::Reason;", "cannot name truth"),
        ("tables/observed.rs", "pub struct Observed { id: PersonId }", "no true identity"),
        ("estimand/mod.rs", "use crate::tables::Observed;", "true histories only"),
        ("evaluate/bias.rs", "use crate::tables::Truth;", "never persons"),
        ("study/mod.rs", "fn f() { toml::from_str(x) }", "only scenario parses TOML"),
        ("simulate/mod.rs", "use rand::rngs::StdRng;", "only streams makes generators"),
        ("simulate/mod.rs", "fn f() { let x = rand::random(); }", "only streams makes generators"),
        ("distribution/mod.rs", "impl rand::TryRng for Mine {}", "only streams makes generators"),
        ("observe/mod.rs", "fn f() { let s = Streams::new(1, Space::Study); }", "handed down"),
        ("analyze/mod.rs", "use rayon::prelude::*;", "have threads"),
        ("report/html.rs", "fn f() { std::thread::spawn(g); }", "have threads"),
        ("study/mod.rs", "fn f() { std::thread::current().id(); }", "thread number"),
        ("report/terminal.rs", "fn f() { println!(\"{}\", 1); }", "print or exit"),
        ("study/mod.rs", "fn f() { std::process::exit(1) }", "print or exit"),
        ("report/terminal.rs", "fn f() { let out = std::io::stdout(); }", "print or exit"),
        ("study/mod.rs", "use std::collections::{BTreeMap, HashMap};", "order of a HashMap"),
        ("simulate/mod.rs", "use std::time::Instant;", "no clock"),
        ("scenario/mod.rs", "fn f() { std::env::var(\"SEED\"); }", "no environment"),
        ("scenario/mod.rs", "use std::{env, fs}; fn f() { env::var(\"SEED\"); }", "no environment"),
        ("analyze/ipw.rs", "use crate::simulate::Plan;", "analyze may not use simulate"),
        ("analyze/ipw.rs", "fn f(p: crate::observe::Plan) {}", "analyze may not use observe"),
        ("simulate/mod.rs", "use super::observe::Plan;", "simulate may not use observe"),
        ("simulate/steps/mod.rs", "use super::super::scenario;", "simulate may not use scenario"),
        ("tables/truth.rs", "use crate::{diagnostic, formula::{Bounds, Kind}};", "tables may not use formula"),
        ("streams/mod.rs", "use crate::diagnostic::Text;", "streams may not use diagnostic"),
        ("small/mod.rs", "use crate::proptest::small_studies;", "small may not use proptest"),
        ("scenario/mod.rs", "use crate::study;", "scenario may not use study"),
        ("formula/mod.rs", "use crate::*;", "formula may not use *"),
        ("formula/mod.rs", "use crate as everything;", "formula may not use as"),
        ("extra/mod.rs", "", "in no line"),
    ];
    for (path, source, says) in cases {
        let found = broken(&File::new(path, source));
        assert!(found.iter().any(|f| f.contains(says)), "{path}, `{source}`: {found:?}");
    }
    for rule in RULES {
        assert!(cases.iter().any(|c| rule.says.contains(c.2)), "no case shows that this can fail: {}", rule.says);
    }
}

#[test]
fn what_is_allowed_passes() {
    let cases: &[(&str, &str)] = &[
        (
            "analyze/ipw.rs",
            "use crate::tables::{Estimate, Observed, Target}; use super::weights; fn t() { true_value() }",
        ),
        (
            "analyze/ipw.rs",
            "//! Compared with the truth by evaluate.\nconst PAGE: &str = \"no Truth here, crate::simulate\";",
        ),
        ("analyze/ipw.rs", "#[cfg(test)] mod tests { use crate::tables::TargetTruth; use crate::simulate; }"),
        ("analyze/ipw.rs", "#[cfg(test)]\nuse crate::tables::Truth;\nfn f<'a>(x: &'a str) -> char { '\"' }"),
        ("scenario/parse.rs", "use toml::de::DeTable; use crate::{analyze, observe, simulate::declaration};"),
        ("study/threads.rs", "use rayon::prelude::*; use std::time::Instant; use crate::streams::Streams;"),
        ("cli/run.rs", "fn f() { println!(); std::env::args(); std::process::exit(2) }"),
        ("formula/parse/mod.rs", "use super::Kind; use super::super::formula::Bounds; use crate::diagnostic::Text;"),
        ("main.rs", "fn main() { eclosion::cli::main() }"),
    ];
    for (path, source) in cases {
        let found = broken(&File::new(path, source));
        assert!(found.is_empty(), "{path}, `{source}`: {found:?}");
    }
}

#[test]
fn texts_and_comments_are_not_code() {
    let file = File::new(
        "analyze/x.rs",
        "/* Truth /* nested Truth */ Truth */ let a = r#\"Truth \" Truth\"#; let b = b\"Truth\"; let c = '\\''; // Truth\nTruth",
    );
    let words: Vec<&str> = file.tokens.iter().map(|t| t.text.as_str()).collect();
    assert_eq!(words, ["let", "a", "=", ";", "let", "b", "=", ";", "let", "c", "=", ";", "Truth"]);
    assert_eq!(file.tokens.last().unwrap().line, 2);
}

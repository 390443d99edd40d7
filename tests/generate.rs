//! `eclosion generate`: cases are the same by themselves and among others, and are what their scenarios say.

#[path = "released/mod.rs"]
mod released;

use released::{Csv, Release, eclosion};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The cases of a run, in a folder that goes away with the test.
fn cases(arguments: &[&str]) -> Release {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("out");
    let mut all = vec!["generate", "--out", path.to_str().expect("UTF-8")];
    all.extend(arguments);
    let output = eclosion(&all);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    Release(folder)
}

/// The files of one case, by name below its folder.
fn of_case(files: &BTreeMap<String, Vec<u8>>, number: u64) -> BTreeMap<String, Vec<u8>> {
    let lead = format!("case_{number:05}/");
    let own = files.iter().filter_map(|(name, bytes)| Some((name.strip_prefix(&lead)?.to_owned(), bytes.clone())));
    own.collect()
}

fn number(csv: &Csv, row: usize, name: &str) -> u64 {
    csv.rows[row][csv.column(name)].parse().unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn a_case_is_the_same_by_itself_and_among_others() {
    let all = cases(&["--cases", "24", "--seed", "7"]).files();
    for case in [0, 4, 17, 23] {
        let alone = cases(&["--case", &case.to_string(), "--seed", "7"]).files();
        assert_eq!(of_case(&alone, case), of_case(&all, case), "case {case}");
        assert!(of_case(&alone, case).contains_key("data/answers.csv"));
        assert_eq!(
            alone.keys().filter(|name| !name.starts_with("case_0")).count(),
            2,
            "the list and what describes it"
        );
    }
    let other = cases(&["--case", "17", "--seed", "8"]).files();
    assert_ne!(of_case(&other, 17), of_case(&all, 17));
}

#[test]
fn the_list_says_what_the_cases_have() {
    let release = cases(&["--cases", "24", "--seed", "3"]);
    let list = release.csv("cases.csv");
    assert_eq!(list.rows.len(), 24);
    // The first is the simplest that there is.
    let first: Vec<u64> =
        ["persons", "groups", "waves", "items", "yes_no", "rows", "errors"].map(|name| number(&list, 0, name)).to_vec();
    assert_eq!(first, [1, 1, 1, 1, 1, 1, 0]);
    let mut errors_in_all = 0;
    for row in 0..24 {
        let folder = &list.rows[row][list.column("folder")];
        let read = |name: &str| release.csv(&format!("{folder}/{name}.csv"));
        let (answers, truth) = (read("data/answers"), read("truth/truth"));
        let dirty = !list.rows[row][list.column("dirty")].is_empty();
        assert_eq!(dirty, row % 2 == 1);
        let (persons, waves) = (number(&list, row, "persons"), number(&list, row, "waves"));
        assert_eq!(truth.rows.len() as u64, persons * waves, "{folder}");
        let items = number(&list, row, "items") as usize;
        assert_eq!(answers.names.len(), 4 + items);
        assert_eq!(
            ["yes_no", "levels", "numbers"].map(|kind| number(&list, row, kind) as usize).iter().sum::<usize>(),
            items
        );
        let errors = match dirty {
            true => read("truth/errors").cells("table").filter(|table| *table == "answers").count(),
            false => 0,
        };
        // Swapped times and rows that are there twice are two rows, or one, of the table of errors: each counts.
        assert_eq!(number(&list, row, "errors") as usize, errors, "{folder}");
        errors_in_all += errors;
        if !dirty {
            assert_eq!(number(&list, row, "rows"), answers.rows.len() as u64);
            let cells: Vec<&String> = answers.rows.iter().flat_map(|cells| &cells[4..]).collect();
            let missing = cells.iter().filter(|cell| cell.is_empty()).count() as f64 / cells.len() as f64;
            let listed = &list.rows[row][list.column("missing")];
            match cells.len() {
                0 => assert_eq!(listed, ""),
                _ => assert_eq!(listed.parse::<f64>().expect("a number"), missing, "{folder}"),
            }
        }
    }
    assert!(errors_in_all > 10, "{errors_in_all}");
}

/// `eclosion simulate` makes the same data from the scenario that stands beside it.
#[test]
fn a_case_is_what_its_scenario_says() {
    let release = cases(&["--cases", "12", "--seed", "5"]);
    for case in [0, 4, 7, 11] {
        let scenario = release.path().join(format!("case_{case:05}/scenario.toml"));
        let again = Release::of(scenario.to_str().expect("UTF-8"), &["--with-truth", "--format", "csv"]).files();
        let all = release.files();
        for (name, bytes) in
            of_case(&all, case).iter().filter(|(name, _)| name.starts_with("data/") || name.starts_with("truth/"))
        {
            assert_eq!(again.get(name), Some(bytes), "case {case}: {name}");
        }
    }
}

#[test]
fn nothing_of_an_earlier_run_stays() {
    let release = cases(&["--cases", "3"]);
    let out = release.path();
    let again = |arguments: &[&str]| {
        let mut all = vec!["generate", "--out", out.to_str().expect("UTF-8")];
        all.extend(arguments);
        let output = eclosion(&all);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = again(&["--cases", "3"]);
    assert!(code == Some(1) && said.contains("R0020") && said.contains("--force"), "{said}");
    let before = release.files();
    assert_eq!(again(&["--cases", "3", "--force"]).0, Some(0));
    assert_eq!(release.files(), before);
    let (code, said) = again(&["--cases", "2", "--force"]);
    assert!(code == Some(1) && said.contains("case_00002"), "{said}");
    let (code, said) = again(&["--cases", "3", "--force", "--format", "jsonl"]);
    assert!(code == Some(1) && said.contains(".csv"), "{said}");
    assert_eq!(release.files().keys().filter(|name| name.contains(".part")).count(), 0);
}

#[test]
fn numbers_that_cannot_be_are_refused() {
    for arguments in
        [&["--cases", "0"][..], &["--cases", "100001"], &["--case", "100000"], &["--cases", "5", "--case", "5"]]
    {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("out");
        let mut all = vec!["generate", "--out", out.to_str().expect("UTF-8")];
        all.extend(arguments);
        let output = eclosion(&all);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!out.exists());
    }
}

/// The examples of docs/generate.md name files and columns that are there.
#[test]
fn the_examples_read_what_is_written() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/generate.md")).expect("it is there");
    let release = cases(&["--cases", "2"]);
    let list = release.csv("cases.csv");
    for name in &list.names {
        assert!(text.contains(&format!("`{name}`")), "docs/generate.md does not explain the column {name}");
    }
    for name in ["data/answers.csv", "truth/truth.csv", "scenario.toml"] {
        assert!(text.contains(name) && release.path().join("case_00001").join(name).is_file(), "{name}");
    }
}

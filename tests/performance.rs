//! `eclosion performance` as a user meets it, and the way from `evaluate --out` back through it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn eclosion(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[track_caller]
fn fine(output: Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

/// Value, Monte Carlo standard error and replicates by condition, factors, estimand, method, measure and among.
fn performance(csv: &str) -> BTreeMap<Vec<String>, [Option<f64>; 3]> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names: Vec<String> = reader.headers().expect("names").iter().map(str::to_owned).collect();
    let last = ["value", "mcse", "replicates"].map(|name| names.iter().position(|n| n == name).expect("a column"));
    let lines = reader.records().map(|line| line.expect("a line"));
    let entry = |line: csv::StringRecord| {
        let key =
            line.iter().enumerate().filter(|(at, _)| !last.contains(at)).map(|(_, cell)| cell.to_owned()).collect();
        (key, last.map(|at| line[at].parse().ok()))
    };
    lines.map(entry).collect()
}

#[test]
fn what_evaluate_writes_measures_as_evaluate_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/panel_with_dropout.toml");
    let scenario = scenario.to_str().expect("a path");
    fine(eclosion(folder.path(), &["evaluate", scenario, "--replicates", "12", "--out", "out"]));
    let study = performance(&fs::read_to_string(folder.path().join("out/performance.csv")).expect("it is there"));
    assert!(study.len() > 200, "{} measures", study.len());
    let mut files = vec!["out/estimates.csv"];
    if cfg!(feature = "columnar") {
        files.push("out/estimates.parquet");
    }
    for file in files {
        let again = performance(&fine(eclosion(folder.path(), &["performance", file, "--format", "csv"])));
        assert_eq!(study.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>(), "{file}");
        for ((key, old), new) in study.iter().zip(again.values()) {
            for (old, new) in old.iter().zip(new) {
                match (old, new) {
                    (Some(old), Some(new)) => {
                        assert!((old - new).abs() <= 1e-12 * old.abs(), "{file} {key:?}: {old} {new}")
                    }
                    _ => assert_eq!(old, new, "{file} {key:?}"),
                }
            }
        }
    }
}

const SMALL: &str =
    "dataset,method,b,se\n1,CC,0.75,0.25\n1,MI,0.625,0.125\n2,CC,0.25,0.25\n2,MI,0.625,0.125\n3,CC,0.5,0.125\n3,MI,,\n";

/// CC: 0.75, 0.25, 0.5 have mean 0.5 and variance 1/16, so that the standard error of the mean is sqrt(1/48).
#[test]
fn a_small_table_by_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("e.csv"), SMALL).expect("it can be written");
    let at = |arguments: &[&str]| eclosion(folder.path(), &[&["performance", "e.csv"], arguments].concat());
    let output = at(&["--true", "0.25", "--null", "0", "--digits", "6"]);
    assert!(text(&output.stderr).contains("long form"), "{}", text(&output.stderr));
    let shown = fine(output).split_whitespace().collect::<Vec<_>>().join(" ");
    for line in [
        "bias 0.250000 (0.144338) 0.375000 (0.000000)",
        "empirical_se 0.250000 (0.125000) 0.000000 (0.000000)",
        // 0.75/0.25 = 3, 0.25/0.25 = 1 and 0.5/0.125 = 4 against 1.96.
        "rejection 0.666667 (0.272166) 1.000000 (0.000000)",
        "non_convergence 0.000000 (0.000000) 0.333333 (0.272166)",
        "undefined for all: relative_precision, link_precision, link_recall",
        "1 elsewhere (F0015), 0.33 (0.27): the table has no estimate",
    ] {
        assert!(shown.contains(line), "`{line}` is not in\n{shown}");
    }
    let json: serde_json::Value = serde_json::from_str(&fine(at(&["--true", "0.25", "--json"]))).expect("JSON");
    assert_eq!(json["methods"], serde_json::json!(["CC", "MI"]));
    assert!(json.get("seed").is_none(), "nobody knows the seed");
    let bias = &json["conditions"][0]["performance"][0]["measures"][0];
    assert_eq!((&bias["measure"], &bias["value"]), (&"bias".into(), &0.25.into()));
    let reference = fine(at(&["--true", "0.25", "--reference", "MI", "--format", "csv"]));
    let reference = performance(&reference);
    let key = ["1", "estimand", "CC", "paired_difference", "own"].map(str::to_owned).to_vec();
    assert_eq!(reference[&key][0], Some(-0.125), "0.5 - 0.625 on the data sets that have both");
    let further = performance(&fine(at(&["--true", "0.25", "--jackknife", "--format", "csv"])));
    // Without each in turn the variances are 1/32, 1/32 and 1/8: deviations of their roots, squared, times 2/3.
    let roots = [1.0_f64 / 32.0, 1.0 / 32.0, 1.0 / 8.0].map(f64::sqrt);
    let mean = roots.iter().sum::<f64>() / 3.0;
    let expected = (roots.iter().map(|r| (r - mean) * (r - mean)).sum::<f64>() * 2.0 / 3.0).sqrt();
    let found = further[&["1", "estimand", "CC", "empirical_se_jackknife", "own"].map(str::to_owned).to_vec()];
    assert!((found[1].expect("defined") - expected).abs() < 1e-14, "{found:?} {expected}");
}

#[test]
fn measures_go_into_a_folder_that_says_nothing_of_a_seed() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("e.csv"), SMALL).expect("it can be written");
    let arguments = ["performance", "e.csv", "--true", "0.25", "--out", "out", "--format", "csv"];
    fine(eclosion(folder.path(), &arguments));
    let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).expect(name);
    assert!(read("performance.csv").contains("1,estimand,CC,bias,own,0.25,0.14433756729740643,3\n"));
    assert!(read("estimates.csv").contains("elsewhere"));
    let about = read("performance.csv-metadata.json");
    assert!(!about.contains("seed") && !about.contains("synthetic"), "{about}");
    assert_eq!(eclosion(folder.path(), &arguments).status.code(), Some(1), "the folder is not empty");
}

#[test]
fn what_is_wrong_is_said_with_an_exit_code() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("e.csv"), SMALL).expect("it can be written");
    let run = |arguments: &[&str]| eclosion(folder.path(), arguments);
    for arguments in [
        &["performance"][..],
        &["performance", "e.csv", "--true", "half"],
        &["performance", "e.csv", "--true", "inf"],
        &["performance", "e.csv", "--true", "0", "--confidence", "95"],
        &["performance", "e.csv", "--true", "0", "--format", "jsonl"],
        &["performance", "e.csv", "--true", "0", "--format", "csv", "--json"],
    ] {
        assert_eq!(run(arguments).status.code(), Some(2), "{arguments:?}");
    }
    for (arguments, code) in [
        (&["performance", "no.csv", "--true", "0"][..], "R0051"),
        (&["performance", "e.csv"], "R0067"),
        (&["performance", "e.csv", "--true", "0", "--reference", "C"], "R0069"),
        (&["performance", "e.csv", "--true", "-1", "--se", "s"], "R0063"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(text(&output.stderr).contains(code), "{arguments:?}: {}", text(&output.stderr));
    }
}

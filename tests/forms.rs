//! The printed table of performance as a user gets it: its order, its rows, its groups and its forms.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

const GRID: &str = "scenarios/grid.toml";
const PANEL: &str = "scenarios/panel_with_dropout.toml";

fn eclosion(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program starts")
}

fn evaluate(scenario: &str, more: &[&str]) -> Output {
    eclosion(&[&["evaluate", scenario, "--replicates", "40", "--threads", "1"], more].concat())
}

#[track_caller]
fn printed(scenario: &str, more: &[&str]) -> String {
    let output = evaluate(scenario, more);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The lines of a CSV text as maps from column to cell.
fn lines(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let line = |record: csv::StringRecord| names.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| line(record.expect("a line"))).collect()
}

/// One column of the table, for the rows of one measure.
fn column(scenario: &str, name: &str, more: &[&str]) -> Vec<String> {
    let text = printed(scenario, &[&["--format", "csv", "--measures", "bias"], more].concat());
    lines(&text).iter().map(|line| line[name].clone()).collect()
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap_or(f64::NAN)
}

#[test]
fn csv_has_every_number_of_the_json() {
    for scenario in [GRID, PANEL] {
        let found = lines(&printed(scenario, &["--format", "csv"]));
        let json: Value = serde_json::from_str(&printed(scenario, &["--json"])).expect("JSON");
        let mut rows = found.iter();
        for condition in json["conditions"].as_array().expect("conditions") {
            for pair in condition["performance"].as_array().expect("pairs") {
                for measure in pair["measures"].as_array().expect("measures") {
                    let row = rows.next().expect("a line for each measure");
                    assert_eq!(row["condition"], condition["condition"].to_string());
                    for (factor, value) in condition["factors"].as_object().expect("factors") {
                        let cell = &row[&format!("factor_{factor}")];
                        let same = value.as_str() == Some(cell) || value.as_f64() == cell.parse().ok();
                        assert!(same, "{factor}: {cell} is not {value}");
                    }
                    for key in ["estimand", "method"] {
                        assert_eq!(Some(row[key].as_str()), pair[key].as_str());
                    }
                    for key in ["measure", "among"] {
                        assert_eq!(Some(row[key].as_str()), measure[key].as_str());
                    }
                    assert_eq!(row["replicates"], measure["replicates"].to_string());
                    for key in ["value", "mcse"] {
                        // The reader of JSON rounds in the last place.
                        let (cell, value) = (row[key].parse::<f64>().ok(), measure[key].as_f64());
                        let close = |(a, b): (f64, f64)| (a - b).abs() <= 4e-16 * a.abs();
                        assert_eq!(cell.is_some(), value.is_some(), "{key} of {row:?}");
                        assert!(cell.zip(value).is_none_or(close), "{key} of {row:?}: {value:?}");
                    }
                }
            }
        }
        assert!(rows.next().is_none() && found.len() > 100);
    }
}

#[test]
fn rows_are_in_the_order_that_is_asked_for() {
    let values = |more: &[&str]| column(GRID, "value", more).iter().map(|v| number(v)).collect::<Vec<_>>();
    let usual = values(&[]);
    assert_eq!(usual.len(), 30);
    let mut expected = usual.clone();
    expected.sort_by(f64::total_cmp);
    assert_ne!(usual, expected);
    assert_eq!(values(&["--sort", "bias"]), expected);
    expected.reverse();
    assert_eq!(values(&["--sort", "-bias"]), expected);
    expected.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    assert_eq!(values(&["--sort", "abs(bias)"]), expected);
    // Two keys: conditions from the last to the first, methods in the order of the scenario.
    let numbers = column(GRID, "condition", &["--sort", "-condition"]);
    let falling: Vec<String> = (1..=10).rev().flat_map(|n| std::iter::repeat_n(n.to_string(), 3)).collect();
    assert_eq!(numbers, falling);
    let methods = column(GRID, "method", &["--sort", "method, -n"]);
    assert!(methods[..10].iter().all(|m| m.contains("wilson")) && methods[20..].iter().all(|m| m == "complete"));
    let sizes = column(GRID, "factor_n", &["--sort", "method, -n"]);
    assert_eq!(sizes[..10], ["200"; 5].into_iter().chain(["50"; 5]).collect::<Vec<_>>()[..]);
}

#[test]
fn what_is_undefined_comes_last_whichever_way_round() {
    // Only the slope has a null value, and so a power.
    for key in ["power", "-power"] {
        let estimands = column(PANEL, "estimand", &["--sort", key]);
        assert_eq!(estimands.len(), 12);
        assert!(estimands[..4].iter().all(|e| e.starts_with("slope")), "{key}: {estimands:?}");
        // Ties stay as they were.
        assert_eq!(
            estimands[4..8],
            ["y at wave 5", "y at wave 5", "y at wave 5, these persons", "y at wave 5, these persons"]
        );
    }
}

#[test]
fn only_rows_that_meet_the_condition_are_there() {
    let all = lines(&printed(GRID, &["--format", "csv"]));
    let bias = |row: &&BTreeMap<String, String>| row["measure"] == "bias";
    let kept = |more: &str| lines(&printed(GRID, &["--format", "csv", "--measures", "bias", "--where", more]));
    let expected: Vec<_> =
        all.iter().filter(bias).filter(|r| number(&r["value"]) < 0.0 && r["factor_n"] == "50").collect();
    assert!(!expected.is_empty());
    assert_eq!(kept("bias < 0 and n == 50").iter().collect::<Vec<_>>(), expected);
    let expected: Vec<_> =
        all.iter().filter(bias).filter(|r| r["method"] == "complete" && r["factor_gaps"] == "true").collect();
    assert_eq!(expected.len(), 6);
    assert_eq!(kept("method == 'complete' and gaps").iter().collect::<Vec<_>>(), expected);
    let small: Vec<_> = all.iter().filter(bias).filter(|r| number(&r["mcse"]) <= 0.008).collect();
    assert!(!small.is_empty() && small.len() < 30);
    assert_eq!(kept("mcse(bias) <= 0.008").iter().collect::<Vec<_>>(), small);
    assert_eq!(kept("factor_lost == 0.1 and condition > 5").len(), 6);
    assert_eq!(kept("survey_items_earning_sensitivity == 0.8").len(), 12);
    // A comparison with what is undefined is not true, and neither is its opposite.
    for undefined in ["power > 0.5", "not (power > 0.5)", "power <= 0.5 or power > 0.5"] {
        assert!(kept(undefined).is_empty(), "{undefined}");
    }
    assert_eq!(kept("missing(power)").len(), 30);
    assert_eq!(kept("power > 0.5 or method == 'complete'").len(), 10);
    let none = printed(GRID, &["--where", "n == 51"]);
    assert!(none.contains("There is no row to show."), "{none}");
}

#[test]
fn each_group_has_a_table() {
    let text = printed(GRID, &["--group-by", "gaps", "--measures", "bias,mse", "--where", "lost == 0.1"]);
    let (first, second) = text.split_once("gaps: false").expect("two groups");
    assert!(first.contains("gaps: true") && second.contains("data sets in"), "{text}");
    let rows = |part: &str| part.lines().filter(|l| l.contains("complete")).count();
    assert_eq!((rows(first), rows(second)), (2, 2), "{text}");
    for by in ["method", "estimand", "condition"] {
        let text = printed(PANEL, &["--group-by", by, "--format", "markdown"]);
        let headings = text.lines().filter(|line| line.starts_with("## ")).count();
        assert_eq!(
            headings,
            match by {
                "condition" => 2,
                _ => 3,
            },
            "{text}"
        );
        assert_eq!(text.lines().filter(|line| line.starts_with("Table: ")).count(), headings);
    }
    // In CSV groups follow one another, each in its order.
    let methods = column(PANEL, "method", &["--group-by", "method", "--sort", "-bias"]);
    let mut once = methods.clone();
    once.dedup();
    assert_eq!(once, ["complete_case", "ipw", "logistic"]);
}

#[test]
fn markdown_for_a_reader() {
    let more = ["--format", "markdown", "--where", "n == 50 and lost == 0.2", "--sort", "method", "--group-by", "gaps"];
    insta::assert_snapshot!(printed(GRID, &more));
}

#[test]
fn latex_for_a_paper() {
    let more = ["--format", "latex", "--measures", "bias,coverage,power", "--sort", "estimand"];
    let text = printed(PANEL, &more);
    assert!(text.contains(r"complete\_case & $-$0."), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn fits_that_are_asked_for() {
    // No fit fails in the grid, so that the rows `common` are the own ones, once.
    let own = printed(GRID, &["--format", "csv", "--among", "own"]);
    assert_eq!(printed(GRID, &["--format", "csv", "--among", "common"]), own);
    assert_eq!(printed(GRID, &["--format", "csv", "--among", "worst,common"]), own);
    let table = printed(GRID, &["--format", "markdown", "--among", "own,common", "--where", "condition == 1"]);
    let rows = |word: &str| table.lines().filter(|l| l.contains(&format!("| {word} "))).count();
    assert_eq!((rows("own"), rows("common")), (3, 3), "{table}");
}

#[test]
fn the_usual_report_stays_where_nothing_is_asked() {
    let without_time =
        |text: String| text.lines().filter(|l| !l.contains("data sets in")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(without_time(printed(PANEL, &["--format", "text"])), without_time(printed(PANEL, &[])));
    assert_eq!(printed(PANEL, &["--format", "json"]), printed(PANEL, &["--json"]));
}

#[test]
fn tables_of_an_earlier_run_do_not_stay_beside_the_new_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let there = folder.path().to_str().expect("UTF-8");
    std::fs::write(folder.path().join("notes.txt"), "mine").expect("it can be written");
    printed(PANEL, &["--out", there, "--force", "--format", "jsonl", "--format", "csv"]);
    assert!(folder.path().join("estimates.jsonl").exists());
    printed(PANEL, &["--out", there, "--force", "--format", "csv"]);
    let names = std::fs::read_dir(folder.path()).expect("a folder").map(|e| e.expect("an entry").file_name());
    let names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    assert!(names.iter().all(|name| !name.contains(".jsonl")), "{names:?}");
    assert!(["estimates.csv", "codebook.csv", "notes.txt"].iter().all(|name| names.iter().any(|n| n == name)));
}

#[test]
fn demands_as_junit_are_a_file_like_any_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("demands.xml");
    let there = path.to_str().expect("UTF-8");
    let output = eclosion(&["evaluate", PANEL, "--replicates", "2000", "--check", "--junit", there]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(&path).expect("it is there");
    assert!(text.contains("<testsuites tests=\"6\" failures=\"0\">"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(folder.path().join("plain"), "").expect("it can be written");
        let mode = |path: &Path| std::fs::metadata(path).expect("a file").permissions().mode();
        assert_eq!(mode(&path), mode(&folder.path().join("plain")));
    }
}

#[test]
fn printed_forms_and_forms_of_files_go_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let there = out.to_str().expect("UTF-8");
    let text = printed(GRID, &["--out", there, "--format", "csv", "--format", "markdown", "--where", "condition == 1"]);
    assert!(text.contains("| method"), "{text}");
    assert!(Path::new(there).join("performance.csv").exists() && !out.join("performance.parquet").exists());
    for (wrong, says) in [
        (&["--format", "jsonl"][..], "add `--out FOLDER`"),
        (&["--format", "markdown", "--format", "latex"], "printed in one form"),
        (&["--format", "csv", "--json"], "printed in one form"),
        (&["--json", "--sort", "bias"], "JSON has the whole result"),
        (&["--format", "json", "--where", "n == 50"], "JSON has the whole result"),
    ] {
        let output = evaluate(GRID, wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(err.contains(says) && output.stdout.is_empty(), "{wrong:?}: {err}");
    }
}

#[test]
fn a_wrong_name_is_answered_with_the_nearest() {
    for (wrong, says) in [
        (&["--sort", "biass"][..], &["R0049", "--sort:1:1", "did you mean `bias`?"][..]),
        (&["--sort", "bias, -covrage"], &["R0049", "--sort:1:8", "did you mean `coverage`?"]),
        (&["--where", "methud == 'complete'"], &["R0049", "did you mean `method`?"]),
        (&["--where", "method == 'complet'"], &["S0208", "--where:1:11", "did you mean 'complete'?"]),
        (&["--where", "method = 'complete'"], &["S02", "=="]),
        (&["--where", "mcse(lost) > 1"], &["R0049", "known here: bias, "]),
        (&["--where", "bias +"], &["S0201"]),
        (&["--group-by", "lots"], &["R0049", "did you mean `lost`?"]),
        (&["--group-by", "bias"], &["R0049", "condition, estimand, method, n, gaps"]),
        (&["--measures", "bias,zeta"], &["R0049", "--measures:1:6", "known here: bias, "]),
    ] {
        let output = evaluate(GRID, wrong);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {err}");
        for part in says {
            assert!(err.contains(part), "{wrong:?}: {part} is not in {err}");
        }
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn estimates_made_elsewhere_have_the_same_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("e.csv");
    let mut text = String::from("replicate,method,estimate,se\n");
    for k in 0..20 {
        let off = f64::from(k % 5) - 2.0;
        text.push_str(&format!("{k},\"a|b\",{},1\n{k},plain,{},2\n", 1.0 + off, 2.0 + off));
    }
    std::fs::write(&file, text).expect("it can be written");
    let at = |more: &[&str]| {
        let file = file.to_str().expect("UTF-8");
        let output = eclosion(&[&["performance", file, "--true", "1"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let table = at(&["--format", "markdown", "--measures", "bias", "--sort", "-bias", "--digits", "2"]);
    // sd of -2..2, four times each, is sqrt(40 / 19); over sqrt(20) that is 0.32.
    let rows: Vec<&str> = table.lines().filter(|l| l.starts_with("| ") && !l.contains(":--")).collect();
    assert_eq!(rows[1..], ["| plain  | 1.00 (0.32) |", r"| a\|b   | 0.00 (0.32) |"], "{table}");
    assert!(table.contains("20 data sets; intervals at 0.95") && !table.contains("seed"), "{table}");
    let kept = lines(&at(&["--format", "csv", "--where", "bias > 0.5", "--measures", "bias"]));
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0]["method"].as_str(), kept[0]["value"].as_str()), ("plain", "1"));
}

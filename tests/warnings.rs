//! Fits that warn, as a user meets them: in the report of `evaluate`, in its tables, in a store, in a demand, in `replay`,
//! in `analyze`, and back through `performance`.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Twenty persons of whom one in six or so says yes at the start: a Wald interval does not suit many of the data sets.
/// The share at the second wave is about a half, and there it suits nearly always.
const SCENARIO: &str = r#"
scenario = 1

[study]
title = "Small counts"
aims = "Count the fits that warn."
seed = 5
replicates = 80

[time]
step = "1 year"
waves = { every = "1 year", count = 2 }

[[group]]
name = "all"
size = 20

[state.well]
starts = 0.16
each_step = 0.5
per = "1 year"

[survey.items]
well = {}

[[estimand]]
name = "first"
quantity = "prevalence"
of = "well"
wave = 1
target = "population"

[[estimand]]
name = "second"
quantity = "prevalence"
of = "well"
wave = 2
target = "population"

[[method]]
name = "wald"
method = "available_case"
interval = "wald"

[[method]]
name = "wilson"
method = "available_case"
"#;

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
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout).to_owned()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn folder_with(scenario: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("study.toml"), scenario).expect("it can be written");
    folder
}

/// A measure of a method for an estimand.
fn measure(result: &Value, estimand: &str, method: &str, name: &str) -> Value {
    let pairs = result["conditions"][0]["performance"].as_array().expect("pairs");
    let pair = pairs.iter().find(|p| p["estimand"] == estimand && p["method"] == method).expect("the pair");
    let measures = pair["measures"].as_array().expect("measures");
    measures.iter().find(|m| m["measure"] == name && m["among"] == "own").expect("the measure").clone()
}

/// The cells of some columns of the table of estimates, for a method and estimand.
fn columns(csv: &str, (estimand, method): (&str, &str), names: [&str; 4]) -> Vec<[String; 4]> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headings = reader.headers().expect("names").clone();
    let at = |name: &str| headings.iter().position(|n| n == name).unwrap_or_else(|| panic!("no column {name}"));
    let rows = reader.records().map(|row| row.expect("a row"));
    let rows = rows.filter(|row| &row[at("estimand")] == estimand && &row[at("method")] == method);
    rows.map(|row| names.map(|name| row[at(name)].to_owned())).collect()
}

#[test]
fn a_study_counts_the_fits_that_warn() {
    let folder = folder_with(SCENARIO);
    let result =
        json(&fine(eclosion(folder.path(), &["evaluate", "study.toml", "--json", "--format", "csv", "--out", "out"])));
    let csv = fs::read_to_string(folder.path().join("out/estimates.csv")).expect("a table");
    let rows = columns(&csv, ("first", "wald"), ["estimate", "status", "warning", "detail"]);
    assert_eq!(rows.len(), 80);
    let (mut edge, mut small) = (0, 0);
    for [estimate, status, warning, detail] in &rows {
        // The rule once more, from the estimate alone: x of 20.
        let yes = (20.0 * estimate.parse::<f64>().expect("a number")).round();
        let wanted = if yes == 0.0 {
            "at_boundary"
        } else if yes < 5.0 {
            "small_counts"
        } else {
            ""
        };
        assert_eq!((status.as_str(), warning.as_str(), detail.as_str()), ("ok", wanted, ""), "{yes} of 20");
        edge += u64::from(wanted == "at_boundary");
        small += u64::from(wanted == "small_counts");
    }
    // 0.84^20 = 0.03 and P(Bin(20, 0.16) < 5) = 0.8.
    assert!(edge > 0 && small > 40 && edge + small < 80, "{edge} {small}");
    let listed = result["conditions"][0]["warnings"].as_array().expect("a list");
    let of = |estimand: &str, method: &str| -> Vec<(String, String, u64)> {
        let own = listed.iter().filter(|w| w["estimand"] == estimand && w["method"] == method);
        let word = |w: &Value, key: &str| w[key].as_str().expect("a word").to_owned();
        own.map(|w| (word(w, "warning"), word(w, "code"), w["count"].as_u64().expect("a count"))).collect()
    };
    let named = |name: &str, code: &str, count| (name.to_owned(), code.to_owned(), count);
    assert_eq!(of("first", "wald"), [named("at_boundary", "W0002", edge), named("small_counts", "W0009", small)]);
    assert_eq!(of("first", "wilson"), [named("at_boundary", "W0002", edge)], "it is made for small counts");
    let p = (edge + small) as f64 / 80.0;
    let share = measure(&result, "first", "wald", "warnings");
    assert_eq!((share["value"].as_f64(), share["replicates"].as_u64()), (Some(p), Some(80)));
    assert!((share["mcse"].as_f64().expect("an error") - (p * (1.0 - p) / 80.0).sqrt()).abs() < 1e-15);
    assert_eq!(measure(&result, "first", "wald", "non_convergence")["value"], 0.0, "a warning is no failure");
    assert_eq!(measure(&result, "first", "wald", "bias")["replicates"], 80, "fits that warn count");
    // What became of the fits, in all.
    let table = fs::read_to_string(folder.path().join("out/failures.csv")).expect("a table");
    let rows = columns(&table, ("first", "wald"), ["status", "warning", "count", "share"]);
    let kinds: Vec<(&str, &str)> = rows.iter().map(|r| (r[0].as_str(), r[1].as_str())).collect();
    assert_eq!(kinds, [("ok", ""), ("ok", "at_boundary"), ("ok", "small_counts")]);
    let sum = |k: usize| rows.iter().map(|r| r[k].parse::<f64>().expect("a number")).sum::<f64>();
    assert_eq!((sum(2), sum(3)), (80.0, 1.0));
    // The same from the table of estimates.
    let again = json(&fine(eclosion(folder.path(), &["performance", "out/estimates.csv", "--json"])));
    assert_eq!(measure(&again, "first", "wald", "warnings"), share);
    let plain = "rep,est,se\n1,0.5,1\n2,0.6,1\n";
    fs::write(folder.path().join("plain.csv"), plain).expect("it can be written");
    let plain = fine(eclosion(folder.path(), &["performance", "plain.csv", "--true", "0.5", "--json"]));
    assert!(!plain.contains("\"measure\": \"warnings\""), "nobody knows of warnings there: {plain}");
}

#[test]
fn the_terminal_lists_warnings_with_their_share() {
    let folder = folder_with(SCENARIO);
    let shown = fine(eclosion(folder.path(), &["evaluate", "study.toml"]));
    let after = shown.split("Fits with an estimate and a warning, and their share of those tried (MCSE)").nth(1);
    let after = after.unwrap_or_else(|| panic!("no list in {shown}"));
    let line = after.lines().find(|l| l.contains("first, wald: ") && l.contains("small_counts (W0009), 0."));
    let line = line.unwrap_or_else(|| panic!("{after}"));
    assert!(line.ends_with(": counts are too small for the normal approximation"), "{line}");
    assert!(!shown.contains("Fits without an estimate"), "none failed: {shown}");
    // A table whose rows are chosen has the same list below it.
    let chosen = fine(eclosion(folder.path(), &["evaluate", "study.toml", "--measures", "bias"]));
    assert!(chosen.contains(line), "{chosen}");
    let quiet = fine(eclosion(folder.path(), &["evaluate", "study.toml", "--set", "group.all.size=400"]));
    assert!(!quiet.contains("warning"), "{quiet}");
}

#[cfg(feature = "columnar")]
#[test]
fn a_store_keeps_warnings() {
    let folder = folder_with(SCENARIO);
    let run = |replicates: &str, store: &str| {
        let arguments = [
            "evaluate",
            "study.toml",
            "--json",
            "--replicates",
            replicates,
            "--block",
            "16",
            "--store",
            store,
            "--resume",
        ];
        fine(eclosion(folder.path(), &arguments))
    };
    run("40", "grown");
    let (grown, whole) = (run("80", "grown"), run("80", "whole"));
    let direct = fine(eclosion(folder.path(), &["evaluate", "study.toml", "--json"]));
    assert!(grown == direct && whole == direct && direct.contains("small_counts"));
    assert!(run("80", "whole") == direct, "read back only");
    // A replicate is made again, with its warning.
    let replayed: Vec<Value> = (0..8)
        .flat_map(|n| {
            let fits = fine(eclosion(folder.path(), &["replay", "whole", "--replicate", &n.to_string(), "--json"]));
            json(&fits).as_array().expect("fits").clone()
        })
        .collect();
    assert!(replayed.iter().all(|fit| fit["as_stored"] == true));
    let warned =
        |fit: &&Value| fit["method"] == "wald" && fit["estimand"] == "first" && fit["warning"] == "small_counts";
    let number = replayed.iter().find(warned).expect("most of them warn")["replicate"].to_string();
    let shown = fine(eclosion(folder.path(), &["replay", "whole", "--replicate", &number]));
    assert!(shown.contains("ok, small_counts") && shown.contains("wald for first: counts are too small"), "{shown}");
}

#[test]
fn a_demand_can_be_made_of_warnings() {
    let demand = |method: &str, that: &str| {
        format!("\n[[expect]]\nmethod = \"{method}\"\nestimand = \"first\"\nthat = \"{that}\"\n")
    };
    let holds = format!("{SCENARIO}{}{}", demand("wilson", "warnings < 0.2"), demand("wald", "warnings > 0.5"));
    let output = eclosion(folder_with(&holds).path(), &["evaluate", "study.toml", "--check"]);
    assert!(fine(output).contains("all 2 demands hold"));
    let broken = format!("{SCENARIO}{}", demand("wald", "warnings < 0.05 and warnings_mcse < 0.1"));
    let output = eclosion(folder_with(&broken).path(), &["evaluate", "study.toml", "--check"]);
    assert_eq!(output.status.code(), Some(1));
    let said = [text(&output.stdout), text(&output.stderr)].concat();
    assert!(
        said.contains("does not hold: warnings < 0.05") && said.contains("wald for first: warnings 0.875 (0.037)"),
        "{said}"
    );
}

#[test]
fn ordinary_fits_do_not_warn() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/panel_with_dropout.toml");
    let arguments = ["evaluate", scenario.to_str().expect("a path"), "--replicates", "500", "--json"];
    let result = json(&fine(eclosion(folder.path(), &arguments)));
    for condition in result["conditions"].as_array().expect("conditions") {
        assert_eq!(condition["warnings"], Value::Array(Vec::new()));
    }
}

/// Eight persons: x tells y perfectly among those who have both.
const TABLE: &str = "\
id,wave,x,z,y
a,1,1,2,1
b,1,1,2,1
c,1,1,2,1
d,1,0,0,0
e,1,0,0,0
f,1,0,0,0
g,1,1,2,
h,1,0,0,
";

fn analyze(plan: &str) -> (String, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("data.csv"), TABLE).expect("a table");
    let head = "[data]\nid = \"id\"\nwave = \"wave\"\nbaseline = [\"x\", \"z\"]\n";
    fs::write(folder.path().join("plan.toml"), format!("{head}{plan}")).expect("a plan");
    let run = |further: &[&str]| {
        let arguments = [&["analyze", "data.csv", "--plan", "plan.toml"], further].concat();
        fine(eclosion(folder.path(), &arguments))
    };
    (run(&[]), json(&run(&["--json"])))
}

#[test]
fn an_analysis_prints_the_warning_under_the_estimate() {
    let (shown, result) =
        analyze("[[method]]\nmethod = \"proportion\"\nx = [2, 9]\nn = [20, 20]\ninterval = \"wald\"\n");
    assert!(shown.contains(": counts are too small for the normal approximation (small_counts, W0009)"), "{shown}");
    assert_eq!(shown.matches("W0009").count(), 1, "{shown}");
    let estimates = result["methods"][0]["estimates"].as_array().expect("estimates");
    let warnings: Vec<(&Value, &Value)> = estimates.iter().map(|e| (&e["warning"], &e["warning_code"])).collect();
    assert_eq!(warnings, [(&"small_counts".into(), &"W0009".into()), (&Value::Null, &Value::Null)]);
}

#[test]
fn imputations_warn_of_pseudo_rows_and_of_predictors_left_out() {
    let plan = |baseline: &str, further: &str| {
        format!(
            "[[method]]\nsteps = [\"impute.mice\"]\nimpute.mice = {{ m = 3, variables = [\"y\"], baseline = [{baseline}]{further} }}\n"
        )
    };
    let warnings = |plan: &str| -> Vec<Value> {
        let (_, result) = analyze(plan);
        let estimates = result["methods"][0]["estimates"].as_array().expect("estimates");
        assert!(!estimates.is_empty(), "{result:#}");
        estimates.iter().map(|e| e["warning"].clone()).collect()
    };
    assert!(warnings(&plan("\"x\"", "")).iter().all(|w| w == "pseudo_rows"));
    // z is twice x: it is left out, which is graver.
    let both = plan("\"x\", \"z\"", ", collinear = \"leave_out\"");
    assert!(warnings(&both).iter().all(|w| w == "other_model"));
    assert!(warnings(&plan("", "")).iter().all(Value::is_null), "nothing predicts");
}

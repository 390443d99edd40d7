//! `eclosion analyze` as a user meets it: small tables and plans, what is printed where, exit codes.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Six persons, two waves; one did not answer at wave 2.
const PANEL: &str = "\
person,wave,arm,well,score,events
a,1,1,1,10.5,2
a,2,1,1,11,0
b,1,1,0,9,1
b,2,1,1,12.5,3
c,1,1,1,8,0
c,2,1,0,7.5,1
d,1,0,0,10,2
d,2,0,0,9.5,1
e,1,0,1,12,0
e,2,0,1,11.5,2
f,1,0,0,7,1
";
const DATA: &str = "[data]\nid = \"person\"\nwave = \"wave\"\nbaseline = [\"arm\"]\n";

fn analyze_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .arg("analyze")
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the program starts")
}

/// Runs a plan on a table: exit code, what is printed, what is complained about.
fn run(table: &str, plan: &str, arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("data.csv"), table).expect("a table");
    fs::write(folder.path().join("plan.toml"), plan).expect("a plan");
    let output = analyze_in(folder.path(), &[&["data.csv", "--plan", "plan.toml"], arguments].concat());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn method(name: &str, options: &str) -> String {
    format!("{DATA}\n[[method]]\nmethod = \"{name}\"\n{options}\n")
}

#[test]
fn a_plan_runs_and_reads_well() {
    let plan = format!(
        "{DATA}\n[[estimand]]\nname = \"well at wave 2\"\nquantity = \"prevalence\"\nof = \"well\"\nwave = 2\n\n\
         [[method]]\nmethod = \"available_case\"\n"
    );
    let (code, out, err) = run(PANEL, &plan, &[]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("11 rows, 6 records, 2 waves\n"), "{out}");
    // Three of five said yes; Wilson's limits of 3 of 5 are 0.2307 and 0.8824.
    assert!(out.contains("well at wave 2") && out.contains("0.6") && out.contains("0.2307 to 0.8824"), "{out}");
}

#[test]
fn json_has_the_numbers() {
    let (code, out, _) = run(PANEL, &method("proportion", "of = \"well\""), &["--json"]);
    assert_eq!(code, 0);
    let found: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(found["data"]["records"], 6);
    let values = &found["methods"][0]["values"];
    let numbers = |key: &str| -> Vec<f64> {
        values[key].as_array().expect("a list").iter().map(|v| v.as_f64().expect("a number")).collect()
    };
    assert_eq!((numbers("x"), numbers("n")), (vec![3.0, 3.0], vec![6.0, 5.0]));
}

#[test]
fn a_wrong_plan_ends_with_1_and_blames_its_line() {
    for (plan, code, line) in [
        (method("proportion", "off = \"well\""), "S0101", 8),
        (method("proportoin", "of = \"well\""), "S0601", 7),
        (method("proportion", "of = \"nothing\""), "S0803", 7),
        (method("mi_pool", "estimates = [1, 2]\nvariances = [1, 1]\ndfcom = [-3]"), "S0670", 10),
        (method("exact_2x2", "tables = [{ x1 = 4e14, n1 = 1e15, x2 = 5e14, n2 = 1e15 }]"), "S0621", 8),
        (format!("{DATA}\n[[method]]\nsteps = [\"impute.mice\"]\nimpute.mice = {{ variables = [] }}\n"), "S0670", 8),
    ] {
        let (exit, out, err) = run(PANEL, &plan, &[]);
        assert_eq!((exit, out.as_str()), (1, ""), "{plan}{err}");
        assert!(err.contains(code) && err.contains(&format!("plan.toml:{line}:")), "{code} at {line}: {err}");
    }
}

#[test]
fn an_unknown_column_of_an_estimand_is_not_said_to_be_of_the_truth() {
    let plan = format!(
        "{DATA}\n[[estimand]]\nname = \"x\"\nquantity = \"mean\"\nof = \"scor\"\nwave = 2\n\n[[method]]\nmethod = \"locf\"\n"
    );
    let (exit, _, err) = run(PANEL, &plan, &[]);
    assert_eq!(exit, 1);
    assert!(err.contains("there is no variable `scor`") && err.contains("did you mean `score`?"), "{err}");
}

/// Plans whose fit fails: the row is there, with its status, number and reason, and the run ends with 0.
#[test]
fn a_failed_fit_is_a_row_with_its_reason() {
    let separated = PANEL.replace("b,1,1,0", "b,1,1,1").replace("c,2,1,0", "c,2,1,1").replace("e,1,0,1", "e,1,0,0");
    let separated = separated.replace("e,2,0,1", "e,2,0,0");
    let one_arm = PANEL.replace(",0,0,", ",1,0,").replace(",0,1,", ",1,1,");
    let compare = "of = \"events\"\ncompare = [\"arm == 1\", \"arm == 0\"]";
    for (table, plan, parts) in [
        (separated.as_str(), method("logistic", "model = \"well ~ arm\""), ["complete_separation", "F0005", "apart"]),
        (&one_arm, method("logistic", "model = \"well ~ arm\""), ["constant", "F0003", "`arm`"]),
        (&one_arm, method("poisson_rate", compare), ["empty_group", "F0008", "second group"]),
        (PANEL, method("logistic", "model = \"score ~ arm\""), ["not_finite", "F0009", "neither 0 nor 1"]),
        (PANEL, method("regression", "model = \"score ~ arm + factor(arm)\""), ["collinear", "F0004", "factor(arm)1"]),
        (&PANEL[..34], method("glm", "model = \"well ~ arm\""), ["no_data", "F0001", "no record"]),
    ] {
        let (exit, out, err) = run(table, &plan, &[]);
        assert_eq!((exit, err.as_str()), (0, ""), "{plan}{out}");
        assert!(parts.iter().all(|part| out.contains(part)), "{parts:?} in {out}");
    }
}

#[test]
fn an_infinite_answer_is_said_to_be_one() {
    let plan = format!(
        "{DATA}\n[[estimand]]\nname = \"x\"\nquantity = \"mean\"\nof = \"score\"\nwave = 1\n\n[[method]]\nmethod = \"locf\"\n"
    );
    let (exit, out, _) = run(&PANEL.replace("10.5", "inf"), &plan, &[]);
    assert_eq!(exit, 0);
    assert!(out.contains("F0009") && out.contains("is infinite, or too large"), "{out}");
}

#[test]
fn what_is_undefined_or_too_narrow_is_said() {
    let same = PANEL.replace(",0,0,", ",0,1,").replace(",1,0,", ",1,1,");
    for (table, plan, note) in [
        (PANEL, method("glm", "model = \"events ~ arm\"\nfamily = \"poisson\""), "Some records have several rows"),
        (PANEL, method("firth", "model = \"well ~ arm\""), "Some records have several rows"),
        (same.as_str(), method("two_by_two_association", "of = \"well\"\nwith = \"well\""), "`phi` is undefined"),
        (&same, method("table_tests", "of = \"well\""), "`cochran_q` is undefined"),
    ] {
        let (exit, out, err) = run(table, &plan, &[]);
        assert_eq!((exit, err.as_str()), (0, ""), "{plan}{out}");
        assert!(out.contains("note: ") && out.contains(note), "{note} in {out}");
    }
}

#[test]
fn small_and_large_numbers_keep_their_exponents() {
    let plan = "[[method]]\nmethod = \"capture_recapture\"\nrows = [{ n1 = 1e15, n2 = 1e15, both = 1 }]\n";
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("plan.toml"), plan).expect("a plan");
    let output = analyze_in(folder.path(), &["--plan", "plan.toml"]);
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    // 1e15 times 1e15 by 1 is 1e30.
    assert!(out.contains("lincoln_petersen: 1.0e30\n"), "{out}");
}

#[test]
fn a_table_or_a_plan_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = analyze_in(folder.path(), &["data.csv", "--plan", "plan.toml"]);
    assert_ne!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("plan.toml"));
    fs::write(folder.path().join("plan.toml"), method("proportion", "of = \"well\"")).expect("a plan");
    let output = analyze_in(folder.path(), &["data.csv", "--plan", "plan.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("R0051"));
}

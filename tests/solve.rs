//! `eclosion solve` finds designs whose answer is known in closed form.

use std::process::{Command, Output};

fn solve(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .args(["solve", "scenarios/two_arms.toml"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program starts")
}

fn json(arguments: &[&str]) -> serde_json::Value {
    let output = solve(&[arguments, &["--method", "equal variances", "--json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn the_group_size_for_a_power() {
    // Two-sided t test of a difference of 0.2 with equal arms: a power of 0.8 needs 394 persons in each (noncentral t; by the
    // normal distribution 2 (1.95996 + 0.84162)^2 / 0.2^2 = 392.4).
    let arguments = ["--vary", "group.size", "--between", "40..2000", "--for", "power >= 0.8"];
    let found = json(&arguments);
    let number = |key: &str| found[key].as_f64().unwrap_or(f64::NAN);
    assert!(number("lower") <= 788.0 && 788.0 <= number("upper"), "{found:#}");
    assert!(number("upper") - number("lower") < 250.0 && number("mcse_at_root") <= 0.01, "{found:#}");
    assert!(found["precise"] == true && found["rises"] == true);
    assert_eq!(number("answer"), number("root").ceil());
    // The same at any number of threads.
    assert_eq!(
        json(&[&arguments[..], &["--threads", "1"]].concat()),
        json(&[&arguments[..], &["--threads", "3"]].concat())
    );
}

#[test]
fn a_parameter_and_a_measure_that_falls() {
    // The standard error of the difference is 2 / sqrt(n): 0.1 at 400 persons.
    let found = json(&[
        "--vary",
        "group.size",
        "--between",
        "50..2000",
        "--for",
        "empirical_se <= 0.1",
        "--precision",
        "0.002",
    ]);
    let number = |key: &str| found[key].as_f64().unwrap_or(f64::NAN);
    assert!(number("lower") <= 400.0 && 400.0 <= number("upper") && found["rises"] == false, "{found:#}");
    // 100 persons find a difference of 0.566 with a power of 0.8 (noncentral t, 98 degrees of freedom).
    let found = json(&["--vary", "effect", "--between", "0.0..1.0", "--for", "power >= 0.8"]);
    let number = |key: &str| found[key].as_f64().unwrap_or(f64::NAN);
    assert!(number("lower") <= 0.5660 && 0.5660 <= number("upper") && number("answer") == number("root"), "{found:#}");
}

#[test]
fn what_cannot_be_solved_is_said() {
    let size = ["--vary", "group.size", "--for", "power >= 0.8"];
    let told = |arguments: &[&str], code: i32| {
        let output = solve(&[&size[..], arguments].concat());
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    };
    assert!(told(&["--between", "40..100", "--method", "Welch"], 1).contains("stays below 0.8"));
    assert!(told(&["--between", "40..100"], 1).contains("R0047"));
    // The root lies between the first looks, but these are all that may be spent, or all but one.
    let budget = ["--between", "40..2000", "--method", "Welch", "--max-replicates"];
    assert!(told(&[&budget[..], &["500"]].concat(), 2).contains("--max-replicates 1500"));
    let short = told(&[&budget[..], &["1500"]].concat(), 0);
    assert!(short.contains("group.size = ") && short.contains("ended before it was as precise"), "{short}");
    assert!(told(&["--between", "100..40"], 2).contains("must be less"));
    assert!(
        told(&["--between", "1..100", "--method", "Welch"], 1).contains("error"),
        "an arm of one person has no test"
    );
    let output = solve(&["--vary", "group.sze", "--between", "40..100", "--for", "power >= 0.8"]);
    assert!(output.status.code() == Some(1) && String::from_utf8_lossy(&output.stderr).contains("S0711"));
}

//! The studies of `scenarios/` whose answers are known, run whole: every demand of theirs holds, which says that bias,
//! coverage, power and shares are within 4 Monte Carlo standard errors of the exact or published values. And the same
//! bytes come out at 1, 2 and 8 threads.

use std::path::Path;
use std::process::Command;

fn eclosion(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

fn demands_hold(scenario: &str, demands: usize) {
    let (code, text) = eclosion(&["evaluate", scenario, "--check"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains(&format!("all {demands} demands hold")), "{text}");
}

#[test]
fn two_arms_has_its_exact_power() {
    demands_hold("scenarios/two_arms.toml", 5);
}

#[test]
fn panel_with_dropout_has_its_known_bias_and_coverage() {
    demands_hold("scenarios/panel_with_dropout.toml", 6);
    let (_, text) = eclosion(&["evaluate", "scenarios/panel_with_dropout.toml", "--replicates", "2"]);
    assert!(text.contains("y at wave 5: true value 0.6399767 (exact)"), "{text}");
}

#[test]
fn cohort_transitions_ends_where_it_is_known_to() {
    demands_hold("scenarios/cohort_transitions.toml", 4);
}

#[test]
fn coefficients_over_several_waves_are_found_again() {
    demands_hold("scenarios/repeated_answers.toml", 38);
    let (_, text) = eclosion(&["evaluate", "scenarios/repeated_answers.toml", "--replicates", "2"]);
    // By hand, from the chances of being well in each arm at each wave, these are 0.69391, 0.39640, 0.15874, 1.49864 and
    // 2.13559.
    for truth in [
        "log odds ratio, all waves: true value 0.6938 +- 0.0030",
        "log risk ratio, waves 2 and 3: true value 0.3952 +- 0.0018",
        "change of the log odds ratio to wave 3: true value 0.1537 +- 0.0049",
        "risk ratio, wave 3: true value 1.4966 +- 0.0032",
        "odds ratio, wave 3: true value 2.1319 +- 0.0085",
    ] {
        assert!(text.contains(truth), "{truth}: {text}");
    }
}

#[test]
fn a_demand_that_does_not_hold_fails() {
    let arguments = ["evaluate", "scenarios/two_arms.toml", "--check", "--set", "effect=0.3"];
    let (code, text) = eclosion(&arguments);
    assert_eq!(code, Some(1), "{text}");
}

#[test]
fn butterfly_gives_the_same_bytes_at_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |threads: &str| {
        let out = folder.path().join(threads);
        let out = out.to_str().expect("UTF-8");
        let arguments =
            ["evaluate", "scenarios/butterfly.toml", "--replicates", "70", "--threads", threads, "--out", out];
        let (code, text) = eclosion(&arguments);
        assert_eq!(code, Some(0), "{text}");
        let read = |name: &str| std::fs::read(Path::new(out).join(name)).expect("it was written");
        let suffix = if cfg!(feature = "columnar") { "parquet" } else { "csv" };
        ["estimates", "performance", "contrasts", "failures", "audit_summary"]
            .map(|table| read(&format!("{table}.{suffix}")))
    };
    let one = run("1");
    assert_eq!(one, run("2"));
    assert_eq!(one, run("8"));
}

//! Studies as text, and their demands.

use std::process::Command;

/// The head of a study with so many replicates, so many persons and `waves` yearly waves.
pub fn study(replicates: u32, persons: u32, waves: u32) -> String {
    format!(
        "scenario = 1\n[study]\ntitle = \"Known answers\"\naims = \"See them again.\"\nseed = 20101\n\
         replicates = {replicates}\n[time]\nstep = \"1 year\"\n\
         waves = {{ every = \"1 year\", count = {waves} }}\n[[group]]\nname = \"all\"\nsize = {persons}\n"
    )
}

/// A demand on a method and an estimand.
pub fn expect(method: &str, estimand: &str, that: &str) -> String {
    format!("[[expect]]\nmethod = \"{method}\"\nestimand = \"{estimand}\"\nthat = \"{that}\"\n")
}

/// The mean error is `bias`.
pub fn biased(method: &str, estimand: &str, bias: f64) -> String {
    expect(method, estimand, &format!("abs(bias - ({bias})) <= 4 * bias_mcse and non_convergence == 0"))
}

pub fn unbiased(method: &str, estimand: &str) -> String {
    biased(method, estimand, 0.0)
}

/// The mean of the estimates is `value`, within the error of the bias: the true value is known.
pub fn tends_to(method: &str, estimand: &str, value: f64) -> String {
    expect(method, estimand, &format!("abs(mean_estimate - {value}) <= 4 * mean_estimate_mcse"))
}

/// Runs a study; all its demands must hold.
pub fn holds(text: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("study.toml");
    std::fs::write(&path, text).expect("it can be written");
    let run = Command::new(env!("CARGO_BIN_EXE_eclosion")).arg("evaluate").arg(&path).arg("--check").output();
    let output = run.expect("the program starts");
    let printed = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let demands = text.matches("[[expect]]").count();
    assert!(output.status.success() && printed.contains(&format!("all {demands} demands hold")), "{printed}\n{text}");
}

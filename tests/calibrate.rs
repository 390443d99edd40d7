//! Fits to published numbers, and to known parameters, from the command line.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SCENARIO: &str = r#"scenario = 1
[study]
title = "ill persons"
aims = "test"
seed = 5
replicates = 10
[parameters]
share = { value = 0.5, about = "share who are ill", source = "assumed" }
other = { value = 0.5, about = "share who are tired", source = "assumed" }
[[group]]
name = "all"
size = 50
[attributes]
ill = "bernoulli(p = share)"
tired = "bernoulli(p = other)"
[[estimand]]
name = "ill"
quantity = "prevalence"
of = "ill"
wave = 1
target = "cohort"
[[method]]
method = "complete_case"
[[table]]
id = "t"
row = [{ id = "ill", where = "any(told)" }, { id = "tired", where = "any(said)" }]
[tables]
published = "published.toml"
[tables.year]
told = "ill == 1"
said = "tired == 1"
[prior]
share = "beta(a = 2, b = 3)"
other = "uniform(low = 0.2, high = 0.8)"
"#;

const PUBLISHED: &str = r#"published = 1
[study]
title = "a study"
[[source]]
id = "s"
title = "a report"
[[group]]
id = "all"
title = "all"
n = 50
[[table]]
id = "t"
title = "who is ill"
source = "s"
years = "2011"
unit = "individuals"
of = "all"
row = [{ id = "ill", title = "ill", value = 15 }, { id = "tired", title = "tired", value = 30 }]
"#;

/// Arguments of a fit that takes little time.
const SMALL: [&str; 8] = ["--pilot", "300", "--particles", "40", "--generations", "3", "--acceptance", "0.01"];

fn eclosion(folder: &Path, command: &str, arguments: &[&str]) -> Output {
    let mut whole = Command::new(env!("CARGO_BIN_EXE_eclosion"));
    whole.args([command, "study.toml"]).args(arguments).current_dir(folder).output().unwrap()
}

fn calibrate(folder: &Path, arguments: &[&str]) -> Output {
    eclosion(folder, "calibrate", &[arguments, &SMALL[..]].concat())
}

fn fine(folder: &Path, arguments: &[&str]) -> String {
    let output = calibrate(folder, arguments);
    assert!(output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = calibrate(folder, arguments);
    assert!(!output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

fn study() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("study.toml"), SCENARIO).unwrap();
    fs::write(folder.path().join("published.toml"), PUBLISHED).unwrap();
    folder
}

#[test]
fn a_check_tells_ranks_and_goes_on() {
    let folder = study();
    let text = fine(folder.path(), &["--check", "4", "--out", "check"]);
    for part in
        ["fitted to studies whose parameters are known", "4 fits", "Ranks of", "share ", "other ", "95 % intervals"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let all = |name: &str| fs::read_to_string(folder.path().join("check").join(name)).unwrap();
    assert_eq!(all("check.csv").lines().count(), 1 + 4 * 2);
    let (four, svg) = (all("check.csv"), all("check.svg"));
    assert!(svg.starts_with("<svg") && svg.matches("posteriors").count() + svg.matches("uniform").count() >= 2);
    // Six of them: the first four are those.
    let more = fine(folder.path(), &["--check", "6", "--out", "check", "--resume", "--json"]);
    let found: Value = serde_json::from_str(&more).unwrap();
    assert_eq!((&found["fits"], &found["draws"]), (&Value::from(6), &Value::from(19)));
    let sum: u64 = found["parameters"][0]["histogram"].as_array().unwrap().iter().filter_map(Value::as_u64).sum();
    assert_eq!(sum, 6);
    assert!(all("check.csv").starts_with(four.trim_end()) && all("check.csv").lines().count() == 13);
    let other = refused(folder.path(), &["--check", "6", "--out", "check", "--resume", "--tolerance", "0.5"]);
    assert!(other.contains("R0085") && other.contains("another tolerance: 0, and now 0.5"), "{other}");
    let fit = refused(folder.path(), &["--out", "check", "--resume"]);
    assert!(fit.contains("another fitted to: known parameters, and now published numbers"), "{fit}");
}

#[test]
fn a_fit_tells_its_generations() {
    let folder = study();
    let text = fine(folder.path(), &["--out", "fit"]);
    assert!(text.contains("generation  within  sweeps  studies  particles  effective  accepted"), "{text}");
    assert!(text.contains("all generations allowed are done"), "{text}");
    let found = fs::read_to_string(folder.path().join("fit/calibration_found.json")).unwrap();
    let found: Value = serde_json::from_str(&found).unwrap();
    let generations = found["generations"].as_array().unwrap();
    assert_eq!(generations.len(), 3);
    assert!(generations[2]["sweeps"].as_u64().unwrap() > 2, "{generations:?}");
    let refused = refused(folder.path(), &["--out", "other", "--acceptance", "0.00001"]);
    assert!(refused.contains("0.0001"), "{refused}");
}

#[test]
fn only_the_first_of_several_conditions_is_used_and_told() {
    let folder = study();
    let varied = format!("{SCENARIO}[[vary]]\nkey = \"group.size\"\nname = \"size\"\nvalues = [50, 60]\n");
    fs::write(folder.path().join("study.toml"), varied).unwrap();
    for (output, word) in [
        (eclosion(folder.path(), "tables", &[]), "used"),
        (eclosion(folder.path(), "compare", &["--replicates", "40"]), "compared"),
        (calibrate(folder.path(), &["--out", "fit"]), "fitted"),
        (calibrate(folder.path(), &["--out", "check", "--check", "1"]), "checked"),
    ] {
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{told}");
        let want = format!("note: only the first condition is {word}, size = 50; --set NAME=VALUE chooses another");
        assert!(told.contains(&want), "{told}");
    }
}

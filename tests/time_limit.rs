//! A fit that takes longer than a fit may take is a failed row, and the study goes on.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Two methods, one of which draws a million samples of 400 persons for each estimate: seconds on any machine.
const SLOW: &str = "scenario = 1
[study]
title = 't'
aims = 'a'
seed = 7
replicates = 4
time_limit = '0.2 s'
[[group]]
name = 'all'
size = 400
[state.x]
starts = 0.3
[survey.items]
x = {}
[[estimand]]
name = 'x'
quantity = 'prevalence'
of = 'x'
wave = 1
target = 'population'
[[method]]
name = 'quick'
method = 'available_case'
[[method]]
name = 'slow'
steps = ['bootstrap', 'available_case']
bootstrap = { replicates = 1000000 }
";

fn eclosion(arguments: &[&str], file: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eclosion"));
    command.arg(arguments[0]).arg(file).args(&arguments[1..]).stdin(Stdio::null());
    command.output().expect("it starts")
}

fn written(folder: &tempfile::TempDir, text: &str) -> PathBuf {
    let file = folder.path().join("s.toml");
    std::fs::write(&file, text).expect("it can be written");
    file
}

#[test]
fn a_slow_method_has_failed_rows_and_the_study_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = written(&folder, SLOW);
    let out = folder.path().join("out");
    let ended = eclosion(&["evaluate", "--json", "--format", "csv", "--out", out.to_str().expect("a path")], &file);
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    let table = std::fs::read_to_string(out.join("estimates.csv")).expect("the estimates");
    let rows = |word: &str| table.lines().filter(|line| line.split(',').any(|cell| cell == word)).count();
    assert_eq!((rows("overran"), rows("ok")), (4, 4), "{table}");
    let slow = |line: &&str| line.contains("overran");
    assert!(table.lines().filter(slow).all(|line| line.contains("slow")), "{table}");
    assert!(table.contains("it was still at work after 0.2 seconds"), "{table}");

    // The other method's rows are those of a study without the slow one.
    let alone = SLOW.split("[[method]]\nname = 'slow'").next().expect("the rest");
    let file = written(&folder, alone);
    let out = folder.path().join("alone");
    let ended = eclosion(&["evaluate", "--json", "--format", "csv", "--out", out.to_str().expect("a path")], &file);
    assert!(ended.status.success());
    let alone = std::fs::read_to_string(out.join("estimates.csv")).expect("the estimates");
    let quick = |table: &str| table.lines().filter(|l| l.contains("quick")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(quick(&table).len(), 4);
    assert_eq!(quick(&table), quick(&alone));
}

#[test]
fn a_limit_that_is_no_length_of_time_is_refused_at_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    for (limit, why) in [
        ("'soon'", "it does not begin with a number"),
        ("'0 s'", "no fit takes no time"),
        ("'10'", "write a unit"),
        ("'2 weeks'", "write a unit"),
        ("10", "it has no unit"),
    ] {
        let file = written(&folder, &SLOW.replace("'0.2 s'", limit));
        let checked = eclosion(&["check"], &file);
        let told = String::from_utf8_lossy(&checked.stderr).into_owned();
        assert_eq!(checked.status.code(), Some(1), "{told}");
        assert!(told.contains("error[S0108]") && told.contains("s.toml:7:") && told.contains(why), "{told}");
    }
    let file = written(&folder, &SLOW.replace("'0.2 s'", "true"));
    assert!(String::from_utf8_lossy(&eclosion(&["check"], &file).stderr).contains("s.toml:7:"));
    for limit in ["'none'", "'1 h'", "'1.5 minutes'"] {
        let file = written(&folder, &SLOW.replace("'0.2 s'", limit));
        assert!(eclosion(&["check"], &file).status.success(), "{limit}");
    }
}

//! `eclosion describe` and the pilot of `eclosion check`, as a user meets them.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn eclosion(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the program starts")
}

fn fine(folder: &Path, arguments: &[&str]) -> String {
    let output = eclosion(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&fine(folder, arguments)).expect("JSON")
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    folder
}

#[track_caller]
fn is(measured: &Value, want: f64) {
    let value = measured["value"].as_f64().unwrap_or_else(|| panic!("{measured} and not {want}"));
    assert!((value - want).abs() < 1e-12, "{value} and not {want}");
}

const HAND: &str = "\
record,wave,attended,group,well,well_missing
a,1,1,g1,yes,
a,2,1,g1,no,
a,3,1,g1,yes,
b,1,1,g1,no,
b,2,0,g1,,wave_missed
b,3,1,g1,no,
c,1,1,g2,yes,
c,2,1,g2,yes,
c,3,0,g2,,lost
d,1,1,g2,no,
e,1,1,g2,no,
e,2,1,g2,no,
";

/// Answers: a yes, no, yes; b no, -, no; c yes, yes, -; d no; e no, no.
#[test]
fn a_table_worked_by_hand() {
    let plain = folder(&[("answers.csv", HAND)]);
    let found = json(plain.path(), &["describe", ".", "--json"]);
    for (wave, present) in [5.0, 3.0, 2.0].iter().enumerate() {
        is(&found["all"]["present"][wave], *present);
    }
    is(&found["groups"][0]["records"], 2.0);
    is(&found["groups"][1]["present"][2], 0.0);
    let item = &found["items"][0];
    assert_eq!((item["name"].as_str(), item["kind"].as_str()), (Some("well"), Some("yes_no")));
    for (wave, yes) in [2.0 / 5.0, 1.0 / 3.0, 1.0 / 2.0].iter().enumerate() {
        is(&item["levels"][0]["reported"][wave], *yes);
    }
    let a = &item["agreement"];
    // Pairs: no to no 2 (b over a gap, e), no to yes 1, yes to no 1, yes to yes 1: (0.6 - 0.52) / 0.48.
    is(&a["kappa"], 1.0 / 6.0);
    is(&a["twice"], 4.0);
    is(&a["changed"], 1.0 / 4.0);
    is(&a["yes_then_no"], 1.0 / 2.0);
    is(&a["no_then_yes"], 1.0 / 3.0);
    for of_the_truth in ["recanted", "late_disclosure", "contradicted"] {
        assert!(a[of_the_truth].is_null());
    }
    let lost = |reason: &str, wave: usize| {
        let row = found["lost"].as_array().expect("a list").iter().find(|row| row["reason"] == reason);
        row.unwrap_or_else(|| panic!("{reason}: {}", found["lost"]))["share"][wave].clone()
    };
    is(&lost("wave_missed", 1), 1.0 / 5.0);
    is(&lost("no row for the wave", 1), 1.0 / 5.0);
    is(&lost("lost", 2), 1.0 / 5.0);
    is(&lost("no row for the wave", 2), 2.0 / 5.0);
    is(&lost("no answer", 2), 0.0);
    let text = fine(plain.path(), &["describe", "."]);
    for words in ["wave_missed", "well: yes, reported", "warning: group g2 has 0 people in wave 3", "kappa"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert!(!text.contains("true"), "{text}");
}

/// The order of rows and columns, the separator and the place of the table do not matter.
#[test]
fn the_same_table_in_other_forms() {
    let plain = folder(&[("answers.csv", HAND)]);
    let want = json(plain.path(), &["describe", ".", "--json"]);
    let mut lines: Vec<&str> = HAND.lines().collect();
    lines[1..].reverse();
    let turned: Vec<String> = lines
        .iter()
        .map(|line| line.split(',').rev().collect::<Vec<_>>().join(";").replace("yes", "1").replace("no;", "0;"))
        .collect();
    let turned = turned.join("\r\n") + "\r\n";
    let other = folder(&[("release/data/answers.csv", &format!("\u{feff}{turned}"))]);
    assert_eq!(json(other.path(), &["describe", "release", "--json"]), want);
    // Groups may come from `persons` instead.
    let without: String = HAND.replace(",group", "").replace(",g1", "").replace(",g2", "");
    let persons = "record,group,age\na,g1,17\nb,g1,18\nc,g2,19\nd,g2,20\ne,g2,21\n";
    let apart = folder(&[("data/answers.csv", &without), ("data/persons.csv", persons)]);
    let found = json(apart.path(), &["describe", ".", "--json"]);
    assert_eq!(found["groups"], want["groups"]);
    assert_eq!(found["known_from_the_start"], serde_json::json!(["age"]));
}

/// Comments: 1 both coders say home; 2 only ann says home, bo says work; 3 only bo says work; 4 ann says both, bo work.
#[test]
fn visits_and_comments() {
    let comments = "record,wave,visit,comment,coder,theme\n\
        a,1,1,1,ann,home\na,1,1,1,bo,home\na,1,1,2,ann,home\na,1,1,2,bo,work\nb,1,1,1,bo,work\n\
        b,3,1,1,ann,home\nb,3,1,1,ann,work\nb,3,1,1,bo,work\n";
    let visits = "record,wave,visit\na,1,1\na,1,2\nb,1,1\nc,1,1\nd,1,1\ne,1,1\na,2,1\na,3,1\nb,3,1\nb,3,2\n";
    let all = folder(&[("answers.csv", HAND), ("comments.csv", comments), ("visits.csv", visits)]);
    let found = json(all.path(), &["describe", ".", "--json"]);
    is(&found["visits"][0], 6.0 / 5.0);
    is(&found["visits"][2], 3.0 / 2.0);
    let home = &found["comments"][0];
    assert_eq!(home["theme"], "home");
    is(&home["marks"][0]["marks"], 3.0);
    is(&home["marks"][1]["marks"], 1.0);
    // home: both 1, only ann 2, only bo 0, neither 1: agreed 1/2, by chance 3/4 * 1/4 + 1/4 * 3/4 = 3/8.
    is(&home["agreement"][0]["kappa"], (0.5 - 0.375) / 0.625);
    // work: both 1, only ann 0, only bo 2, neither 1.
    is(&found["comments"][1]["agreement"][0]["kappa"], 0.2);
    assert!(fine(all.path(), &["describe", "."]).contains("kappa ann/bo"));
}

const STUDY: &str = r#"
scenario = 1
study = { title = "Small", aims = "Be quick.", seed = 5, replicates = 10 }
[parameters]
lost = { value = 0.1, about = "dropout a wave", source = "assumed" }
[time]
step = "1 year"
waves = { every = "1 year", count = 4 }
visits = "poisson(mean = 1.5)"
[[group]]
name = "girls"
size = 60
start = { age = "uniform(low = 13, high = 18)" }
[[group]]
name = "boys"
size = 20
start = { age = "uniform(low = 13, high = 18)" }
[[site]]
name = "shelter"
count = 9
[state.well]
starts = 0.5
on = { rate = 0.3 }
off = { rate = 0.3 }
[state.score]
starts = "normal(mean = 10, sd = 2)"
[survey.items]
well = { sensitivity = 0.8, specificity = 0.9, nonresponse = "0.1" }
score = { error = "normal(mean = 0, sd = 1)" }
[[survey.loss]]
kind = "dropout"
probability = "lost"
[[vary]]
parameter = "lost"
values = [0.1, 0.3]
"#;

/// What `describe` says of a simulated folder against counts made here from the table itself.
#[test]
fn a_simulated_folder_is_counted_rightly() {
    let here = folder(&[("s.toml", STUDY)]);
    for (form, name) in [("csv", "c"), ("parquet", "p")] {
        if form == "parquet" && cfg!(not(feature = "columnar")) {
            continue;
        }
        fine(here.path(), &["simulate", "s.toml", "--out", name, "--format", form]);
    }
    let found = json(here.path(), &["describe", "c", "--json"]);
    #[cfg(feature = "columnar")]
    assert_eq!(json(here.path(), &["describe", "p", "--json"]), found);
    let mut table = csv::Reader::from_path(here.path().join("c/observed.csv")).expect("it is there");
    let names = table.headers().expect("names").clone();
    let at = |name: &str| names.iter().position(|n| n == name).unwrap_or_else(|| panic!("{name}: {names:?}"));
    let mut rows: Vec<csv::StringRecord> = table.records().map(|row| row.expect("a row")).collect();
    rows.sort_by_key(|row| (row[at("record")].to_owned(), row[at("wave")].to_owned()));
    assert_eq!(rows.len(), 320);
    let count = |f: &dyn Fn(&csv::StringRecord) -> bool| rows.iter().filter(|row| f(row)).count() as f64;
    for wave in ["1", "2", "3", "4"] {
        let k = wave.parse::<usize>().expect("a number") - 1;
        let here = |row: &csv::StringRecord| &row[at("wave")] == wave && &row[at("attended")] == "1";
        is(&found["all"]["present"][k], count(&here));
        // Groups are in the order of their names.
        is(&found["groups"][0]["present"][k], count(&|row| here(row) && &row[at("group")] == "boys"));
        is(&found["sites"][1]["present"][k], count(&|row| here(row) && &row[at("site")] == "shelter 2"));
        let answered = count(&|row| &row[at("wave")] == wave && !row[at("well")].is_empty());
        let yes = count(&|row| &row[at("wave")] == wave && &row[at("well")] == "1");
        is(&found["items"][0]["levels"][0]["reported"][k], yes / answered);
    }
    let mut pairs = [[0.0; 2]; 2];
    let (mut again, mut recanted) = (0.0, 0.0);
    for record in rows.chunks(4) {
        let told: Vec<usize> = record.iter().filter_map(|row| row[at("well")].parse().ok()).collect();
        told.windows(2).for_each(|pair| pairs[pair[0]][pair[1]] += 1.0);
        let first_yes = told.iter().position(|t| *t == 1);
        if let Some(first) = first_yes.filter(|first| first + 1 < told.len()) {
            again += 1.0;
            recanted += f64::from(u8::from(told[first..].contains(&0)));
        }
    }
    let n: f64 = pairs.iter().flatten().sum();
    let agreed = (pairs[0][0] + pairs[1][1]) / n;
    let yes = [(pairs[1][0] + pairs[1][1]) / n, (pairs[0][1] + pairs[1][1]) / n];
    let chance = yes[0] * yes[1] + (1.0 - yes[0]) * (1.0 - yes[1]);
    let agreement = &found["items"][0]["agreement"];
    is(&agreement["kappa"], (agreed - chance) / (1.0 - chance));
    is(&agreement["yes_then_no"], recanted / again);
    assert_eq!(found["known_from_the_start"], serde_json::json!(["age"]));
    let mut visits = csv::Reader::from_path(here.path().join("c/visits.csv")).expect("it is there");
    let held = visits.records().filter(|row| &row.as_ref().expect("a row")[2] == "1").count() as f64;
    is(&found["visits"][0], held / found["all"]["present"][0]["value"].as_f64().expect("a number"));
}

/// Several data sets in one folder are averaged, with the error of the mean.
#[test]
fn data_sets_are_averaged() {
    let here = folder(&[("s.toml", STUDY)]);
    fine(here.path(), &["simulate", "s.toml", "--out", "many", "--replicates", "50", "--format", "csv"]);
    let many = json(here.path(), &["describe", "many", "--json"]);
    let pilot = json(here.path(), &["check", "s.toml", "--json"]);
    assert_eq!(many["replicates"], 50);
    assert_eq!(pilot["pilot"]["replicates"], 250);
    // The pilot's draws are others, but both expect the same.
    let expected = &pilot["pilot"]["expected"];
    let near = |a: &Value, b: &Value| {
        let number = |m: &Value, key: &str| m[key].as_f64().unwrap_or_else(|| panic!("{m}"));
        let scatter = libm::hypot(number(a, "mcse"), number(b, "mcse"));
        let apart = (number(a, "value") - number(b, "value")).abs();
        assert!(scatter > 0.0 && apart <= 4.0 * scatter, "{a} and {b}");
    };
    for wave in 1..4 {
        near(&many["all"]["present"][wave], &expected["all"]["present"][wave]);
        near(&many["items"][0]["levels"][0]["reported"][wave], &expected["items"][0]["levels"][0]["reported"][wave]);
        near(&many["items"][1]["mean"]["reported"][wave], &expected["items"][1]["mean"]["reported"][wave]);
    }
    for share in ["kappa", "changed", "yes_then_no", "no_then_yes"] {
        near(&many["items"][0]["agreement"][share], &expected["items"][0]["agreement"][share]);
    }
}

#[test]
fn check_says_what_a_pilot_expects() {
    let here = folder(&[("s.toml", STUDY)]);
    let text = fine(here.path(), &["check", "s.toml"]);
    for words in [
        "pilot: 250 replicates of the first condition (lost = 0.1); Monte Carlo standard errors in brackets",
        "People interviewed, expected",
        "warning: site shelter ",
        " people in wave 4",
        "lost by dropout",
        "well: yes, true",
        "late disclosure",
        "no problems",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let found = json(here.path(), &["check", "s.toml", "--json"]);
    assert_eq!(found["problems"], serde_json::json!([]));
    assert_eq!(found["pilot"]["factors"], serde_json::json!({ "lost": "0.1" }));
    assert!(found["pilot"]["expected"]["small"][0]["present"].as_f64().expect("a number") < 5.0);
    let one = Command::new(env!("CARGO_BIN_EXE_eclosion"))
        .args(["check", "s.toml"])
        .current_dir(here.path())
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .expect("the program starts");
    assert_eq!(String::from_utf8(one.stdout).expect("UTF-8"), text, "on one thread");
}

#[test]
fn check_has_no_pilot_where_it_cannot() {
    let wrong = STUDY.replace("sensitivity = 0.8", "sensitivity = 1.8");
    let large = STUDY.replace("size = 60", "size = 60000000");
    let fails = STUDY.replace("sensitivity = 0.8", "sensitivity = \"if(lag(well), 0.8, 0.9)\"");
    let here = folder(&[("wrong.toml", &wrong), ("large.toml", &large), ("fails.toml", &fails)]);
    let output = eclosion(here.path(), &["check", "wrong.toml", "--json"]);
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(output.status.code(), Some(1));
    assert!(found["pilot"].is_null() && found["problems"][0]["code"] == "S0204", "{found}");
    assert!(fine(here.path(), &["check", "large.toml"]).contains("pilot: none, for the study is too large"));
    // What would stop the study stops the pilot.
    let output = eclosion(here.path(), &["check", "fails.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("R0002"), "{output:?}");
    let output = eclosion(here.path(), &["check", "fails.toml", "--json"]);
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(found["problems"][0]["code"] == "R0002" && found["problems"][0]["line"].is_number(), "{found}");
}

/// What a user gets whose tables are not of the form.
#[test]
fn tables_of_another_form_are_refused_kindly() {
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);
    let cases: [Case<'_>; 12] = [
        (&[("notes.txt", "x")], &["R0050", "no table of answers", "`observed`"]),
        (&[("answers.csv", "id,wave\n1,1\n")], &["R0052", "has no column `record`", "id, wave"]),
        (&[("answers.csv", "")], &["R0052", "has no column `record`", "none"]),
        (&[("answers.csv", "record,wave,x\na,1,1\na,1,0\n")], &["R0053", "rows 1 and 2", "wave 1"]),
        (&[("answers.csv", "record,wave\na,soon\n")], &["R0054", "row 1", "`wave` is `soon`", "a whole number"]),
        (&[("answers.csv", "record,wave\na,1.5\n")], &["R0054", "`wave` is `1.5`"]),
        (&[("answers.csv", "record,wave\n,1\n")], &["R0054", "`record` is empty"]),
        (&[("answers.csv", "record,wave,attended\na,1,2\n")], &["R0054", "`attended` is `2`", "0 or 1"]),
        (&[("answers.csv", "record,wave\na,1,2\n")], &["R0051", "answers.csv"]),
        (
            &[("answers.csv", HAND), ("persons.csv", "record\na\na\n")],
            &["R0053", "persons.csv`, row 2: record `a` is there twice"],
        ),
        (&[("answers.csv", HAND), ("visits.csv", "record\na\n")], &["R0052", "visits.csv` has no column `wave`"]),
        (&[("answers.csv", HAND), ("comments.csv", "record,wave\n")], &["R0052", "`comment`"]),
    ];
    for (files, parts) in cases {
        let here = folder(files);
        let output = eclosion(here.path(), &["describe", "."]);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{complaint}");
        assert!(output.stdout.is_empty() && !complaint.contains("panicked"), "{complaint}");
        for part in parts {
            assert!(complaint.contains(part), "`{part}` is not in\n{complaint}");
        }
    }
    let here = folder(&[("answers.csv", HAND), ("bad/answers.csv", "record,wave,x\na,1,\u{fffd}\n")]);
    fs::write(here.path().join("bad/answers.csv"), b"record,wave,x\na,1,\xff\n").expect("it can be written");
    for (arguments, part) in [
        (["describe", "answers.csv"], "name the folder"),
        (["describe", "gone"], "R0050"),
        (["describe", "bad"], "R0051"),
    ] {
        let output = eclosion(here.path(), &arguments);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains(part), "{output:?}");
    }
}

#[cfg(feature = "columnar")]
#[test]
fn a_damaged_parquet_file_is_refused() {
    let here = folder(&[("answers.parquet", "PAR1 and nothing else")]);
    let output = eclosion(here.path(), &["describe", "."]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("R0051"), "{output:?}");
}

/// An empty table is no mistake: nobody was there.
#[test]
fn tables_without_rows_and_without_items() {
    let none = folder(&[("answers.csv", "record,wave,x\n")]);
    assert_eq!(json(none.path(), &["describe", ".", "--json"])["waves"], serde_json::json!([]));
    fine(none.path(), &["describe", "."]);
    let bare = folder(&[("answers.csv", "record\twave\na\t2\nb\t10\n")]);
    let found = json(bare.path(), &["describe", ".", "--json"]);
    assert_eq!(found["waves"][1]["number"], 10);
    is(&found["all"]["present"][1], 1.0);
    fine(bare.path(), &["describe", "."]);
}

//! A release as those who get it see it: which files there are, what is in them, and what is not.

mod released;

use released::{Csv, Release, eclosion};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const BUTTERFLY: &str = "scenarios/butterfly.toml";
const LARGE: &str = "scenarios/cohort_transitions.toml";

#[test]
fn every_file_is_there_and_the_same_bytes_again() {
    for (scenario, arguments) in [(BUTTERFLY, &["--with-truth"][..]), (LARGE, &["--persons", "300", "--with-truth"])] {
        let release = Release::of(scenario, arguments);
        let files = release.files();
        let mut expected: Vec<String> = ["README.md", "provenance.json", "scenario.toml"].map(str::to_owned).to_vec();
        for table in ["persons", "visits", "answers", "wide"] {
            expected.push(format!("data/{table}.csv"));
        }
        for table in ["truth", "audit", "key", "mechanisms", "circumstances"] {
            expected.push(format!("truth/{table}.csv"));
        }
        for (file, _) in eclosion::release::FORMS {
            expected.push(format!("codebook/{file}"));
        }
        for (file, _) in eclosion::release::PROGRAMS {
            expected.push(format!("syntax/{file}"));
        }
        for name in &expected {
            assert!(files.contains_key(name), "{scenario}: {name} is missing");
            #[cfg(feature = "columnar")]
            if let Some(table) = name.strip_suffix(".csv").filter(|name| !name.starts_with("codebook/")) {
                assert!(files.contains_key(&format!("{table}.parquet")), "{scenario}: {table}.parquet is missing");
            }
        }
        let again = Release::of(scenario, arguments).files();
        assert_eq!(files.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
        for (name, bytes) in &files {
            assert!(bytes == &again[name], "{scenario}: {name} has other bytes");
        }
    }
}

#[test]
fn options_choose_formats_and_shapes() {
    let release = Release::of(LARGE, &["--persons", "200", "--format", "jsonl", "--replicates", "2"]);
    let names: Vec<String> = release.files().into_keys().filter(|name| name.starts_with("data/")).collect();
    assert!(
        names.contains(&"data/answers.jsonl".to_owned()) && !names.iter().any(|n| n.ends_with(".csv")),
        "{names:?}"
    );
    let text = release.text("data/answers.jsonl");
    let first: serde_json::Value = serde_json::from_str(text.lines().next().expect("a row")).expect("JSON");
    assert_eq!(first["replicate"], 0);
    // 200 persons, 5 waves, 2 replicates.
    assert_eq!(text.lines().count(), 2000);
    assert_eq!(release.json("provenance.json")["persons"], 200);
    assert_eq!(release.json("provenance.json")["groups_scaled"], true);
}

/// A study with something latent, a gap, misreports, reasons and labels.
const STUDY: &str = r#"scenario = 1

[study]
title = "Small & <odd>"
aims = "Show what a release holds."
seed = 11
replicates = 20

[parameters]
lost = { value = 0.2, about = "yearly rate of dropout", source = "assumed" }

[time]
step = "6 months"
waves = { every = "1 year", count = 3 }

[[group]]
name = "women"
size = 60
[[group]]
name = "men"
size = 40

[attributes]
age = "truncated_normal(mean = 17, sd = 2.2, low = 13, high = 21)"
faith = { law = "categorical('a, b' = 0.4, '=c' = 0.6)", levels = ["a, b", "=c"] }
hidden = { law = "normal(mean = 0, sd = 1)", latent = true }

[state.ill]
starts = 0.3
on = { rate = "0.2 * exp(0.1 * hidden)" }
off = { rate = 0.3 }

[state.score]
starts = "normal(mean = 10, sd = 2)"

[survey.items]
ill = { sensitivity = 0.8, specificity = 0.9, nonresponse = 0.1 }
score = { error = "normal(mean = 0, sd = 0.5)" }

[[survey.loss]]
kind = "dropout"
rate = "lost"

[[survey.loss]]
kind = "intermittent"
probability = 0.1

[release]
formats = ["csv"]
missing_reasons = true

[release.labels]
ill = "ill on most days"

[release.units]
score = "points"
"#;

fn study(name: &str, text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, text).expect("written");
    let path = path.to_str().expect("UTF-8").to_owned();
    (folder, path)
}

#[test]
fn without_the_truth_nothing_of_it_is_anywhere() {
    let (_folder, scenario) = study("study.toml", STUDY);
    let blind = Release::of(&scenario, &[]);
    let open = Release::of(&scenario, &["--with-truth"]);
    let blind_files = blind.files();
    assert!(!blind_files.keys().any(|name| name.starts_with("truth")));
    // The rest does not change with the truth beside it, but for what says that it is there.
    for (name, bytes) in &blind_files {
        if name != "README.md" && name != "provenance.json" {
            assert!(bytes == &open.files()[name], "{name}");
        }
    }
    let texts: Vec<String> = blind_files.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    let truth = open.csv("truth/truth.csv");
    for column in ["hidden", "score"] {
        for value in truth.cells(column) {
            assert!(!texts.iter().any(|text| text.contains(value)), "{column} {value} is in the release");
        }
    }
    for (name, bytes) in &blind_files {
        let text = String::from_utf8_lossy(bytes);
        if name.ends_with(".csv") && name.starts_with("data/") {
            let header = text.lines().next().unwrap_or("");
            for forbidden in ["person", "hidden", "true", "reason", "mood", "trust"] {
                assert!(!header.split(',').any(|column| column == forbidden), "{name} has a column {forbidden}");
            }
        }
        // Words of the audit that no team could know.
        for word in ["misclassification", "measurement_error", "as_true"] {
            assert!(!text.contains(word) || name == "scenario.toml", "{name} tells of {word}");
        }
    }
    // Rows follow the codes, and the codes do not follow the persons.
    let key = open.csv("truth/key.csv");
    let wave = key.column("wave");
    let persons: Vec<u32> = (key.rows.iter().filter(|row| row[wave] == "1"))
        .map(|row| row[key.column("person")].parse().expect("a number"))
        .collect();
    let rising = persons.windows(2).filter(|pair| pair[0] < pair[1]).count();
    assert!((30..70).contains(&rising), "{rising} of {}", persons.len());
}

/// Something for each person, wave and item.
type Cells<T> = BTreeMap<(String, String, String), T>;

fn truth_and_audit(release: &Release, items: &[&str]) -> (Cells<String>, Cells<(String, String)>) {
    let truth = release.csv("truth/truth.csv");
    let (person, wave) = (truth.column("person"), truth.column("wave"));
    let mut cells = Cells::new();
    for row in &truth.rows {
        for item in items {
            let at = (row[person].clone(), row[wave].clone(), (*item).to_owned());
            cells.insert(at, row[truth.column(item)].clone());
        }
    }
    let audit = release.csv("truth/audit.csv");
    let of = |row: &Vec<String>, name: &str| row[audit.column(name)].clone();
    let asked = audit.rows.iter().filter(|row| items.contains(&row[audit.column("item")].as_str()));
    let changed = asked.map(|row| {
        let at = (of(row, "person"), of(row, "wave"), of(row, "item"));
        // The audit gives the true value again.
        assert_eq!(cells.get(&at), Some(&of(row, "true")), "{at:?}");
        (at, (of(row, "reported"), of(row, "reason")))
    });
    let changed = changed.collect();
    (cells, changed)
}

fn truth_and_audit_give(release: &Release, items: &[&str], reasons: bool) {
    let (truth, audit) = truth_and_audit(release, items);
    let key = release.csv("truth/key.csv");
    let behind: BTreeMap<(String, String), String> = (key.rows.iter())
        .map(|row| {
            let of = |name: &str| row[key.column(name)].clone();
            ((of("record"), of("wave")), of("person"))
        })
        .collect();
    let answers = release.csv("data/answers.csv");
    let wide = release.csv("data/wide.csv");
    let wide_rows: BTreeMap<&str, &Vec<String>> = wide.cells("record").zip(&wide.rows).collect();
    let mut changed = 0;
    for row in &answers.rows {
        let of = |name: &str| row[answers.column(name)].as_str();
        let person = &behind[&(of("record").to_owned(), of("wave").to_owned())];
        for item in items {
            let at = (person.clone(), of("wave").to_owned(), (*item).to_owned());
            let expected = match audit.get(&at) {
                Some((reported, _)) => {
                    changed += 1;
                    reported
                }
                None => &truth[&at],
            };
            assert_eq!(of(item), expected, "{at:?}");
            let beside = wide.column(&format!("{item}_w{}", of("wave")));
            assert_eq!(&wide_rows[of("record")][beside], expected, "{at:?} in `wide`");
            if reasons {
                let word = of(&format!("{item}_missing"));
                assert_eq!(word.is_empty(), !expected.is_empty(), "{at:?}: {word}");
                let because = match audit.get(&at).map(|(_, reason)| reason.as_str()) {
                    Some("dropout") => "lost",
                    Some("missed_wave" | "no_visit") => "wave_missed",
                    Some("item_non_response") => "refused",
                    _ => "",
                };
                assert_eq!(word, because, "{at:?}");
            }
        }
    }
    assert!(changed > 50, "{changed} cells differ from the truth");
}

#[test]
fn truth_and_audit_make_what_is_released() {
    let (_folder, scenario) = study("study.toml", STUDY);
    truth_and_audit_give(&Release::of(&scenario, &["--with-truth"]), &["ill", "score"], true);
    let items = ["setting", "partnered", "earning_enough", "family_positive", "discr_community", "well"];
    // Without numbers that are joined: where records are made of interviews, nobody stands behind a wave without one.
    let unlinked = Release::of(BUTTERFLY, &["--with-truth", "--set", "survey.linkage=false"]);
    truth_and_audit_give(&unlinked, &items, false);
}

/// What is counted in a column of a CSV file: cells with and without value, and the values with their counts.
fn counted(table: &Csv, column: &str) -> (u64, u64, BTreeMap<String, u64>) {
    let mut values = BTreeMap::new();
    for cell in table.cells(column) {
        *values.entry(cell.trim_start_matches('\'').to_owned()).or_insert(0) += 1;
    }
    let missing = values.remove("").unwrap_or(0);
    (values.values().sum(), missing, values)
}

#[test]
fn codebooks_count_what_is_in_the_files() {
    let (_folder, scenario) = study("study.toml", STUDY);
    for arguments in [&[][..], &["--dirty", "heavy", "--persons", "400"]] {
        let release = Release::of(&scenario, arguments);
        let json = release.json("codebook/codebook.json");
        let (html, markdown) = (release.text("codebook/codebook.html"), release.text("codebook/codebook.md"));
        for table in json["tables"].as_array().expect("tables") {
            let name = table["name"].as_str().expect("a name");
            let csv = release.csv(&format!("data/{name}.csv"));
            assert_eq!(table["rows"], csv.rows.len(), "{name}");
            let columns = table["columns"].as_array().expect("columns");
            assert_eq!(columns.len(), csv.names.len());
            for (column, header) in columns.iter().zip(&csv.names) {
                assert_eq!(column["name"], header.as_str());
                let (valid, missing, values) = counted(&csv, header);
                assert_eq!((&column["valid"], &column["missing"]), (&valid.into(), &missing.into()), "{name} {header}");
                let mut summary = Vec::new();
                let mut listed = 0;
                for level in column["levels"].as_array().into_iter().flatten() {
                    let value = level["value"].as_str().expect("a value");
                    // The CSV file has an apostrophe before what a spreadsheet would run.
                    let count = values.get(value).copied().unwrap_or(0);
                    assert_eq!(level["count"], count, "{name} {header} {value}");
                    listed += count;
                    summary.push(format!("{value}: {count}"));
                }
                if column["levels"].is_array() {
                    assert_eq!(column["not_in_the_list"], valid - listed, "{name} {header}");
                    let summary = summary.join("; ");
                    assert!(markdown.contains(&summary), "{name} {header}: {summary}");
                    assert!(html.contains(&summary.replace('<', "&lt;")), "{name} {header}: {summary}");
                }
                if let Some(mean) = column["numbers"]["mean"].as_f64() {
                    let numbers: Vec<f64> = csv.cells(header).filter_map(|cell| cell.parse().ok()).collect();
                    let own = numbers.iter().sum::<f64>() / numbers.len() as f64;
                    assert!((mean - own).abs() < 1e-9 * own.abs().max(1.0), "{name} {header}: {mean} and {own}");
                }
            }
        }
        let answers = release.csv("data/answers.csv");
        for item in json["waves"]["items"].as_array().expect("items") {
            let name = item["item"].as_str().expect("a name");
            for (wave, count) in item["answers"].as_array().expect("counts").iter().enumerate() {
                let cells = answers.cells("wave").zip(answers.cells(name));
                let own = cells.filter(|(w, cell)| *w == (wave + 1).to_string() && !cell.is_empty()).count();
                assert_eq!(count, own, "{name}, wave {}", wave + 1);
            }
        }
    }
}

#[test]
fn codebooks_say_what_was_declared() {
    let (_folder, scenario) = study("study.toml", STUDY);
    let release = Release::of(&scenario, &[]);
    let json = release.json("codebook/codebook.json");
    let answers = json["tables"].as_array().expect("tables").iter().find(|t| t["name"] == "answers").expect("answers");
    let column = |name: &str| answers["columns"].as_array().expect("columns").iter().find(|c| c["name"] == name);
    assert_eq!(column("ill").expect("ill")["label"], "ill on most days");
    assert_eq!(column("score").expect("score")["unit"], "points");
    assert_eq!(column("ill_missing").expect("reasons")["reasons_of"], "ill");
    assert_eq!(json["assumed"][0]["parameter"], "lost");
    let ddi = release.text("codebook/codebook.ddi.xml");
    assert!(ddi.contains("<titl>Small &amp; &lt;odd&gt;</titl>"), "{ddi}");
    assert!(ddi.contains("ill on most days") && ddi.contains("synthetic: no real person"));
    let html = release.text("codebook/codebook.html");
    assert!(html.contains("<title>Codebook: Small &amp; &lt;odd&gt;</title>") && html.contains("lang=\"en\""));
    for outside in ["http:", "https:", "<script", "src="] {
        assert!(!html.contains(outside), "the codebook asks for {outside}");
    }
    let redcap = release.csv("codebook/redcap_data_dictionary.csv");
    assert_eq!(redcap.names.len(), 18);
    assert_eq!(redcap.rows[0][0], "record");
    let age = redcap.rows.iter().find(|row| row[0] == "age").expect("age");
    assert_eq!([&age[3], &age[7], &age[8], &age[9]], ["text", "number", "13", "21"]);
    let faith = redcap.rows.iter().find(|row| row[0] == "faith").expect("faith");
    assert_eq!(faith[3], "radio");
    // A cell that a spreadsheet would run is escaped in the data.
    assert!(release.csv("data/persons.csv").cells("faith").any(|cell| cell == "'=c"));
    assert!(release.text("README.md").contains("`lost`"));
}

#[test]
fn errors_undone_give_the_clean_table() {
    let (_folder, scenario) = study("study.toml", STUDY);
    let clean = Release::of(&scenario, &["--persons", "500"]);
    let dirty = Release::of(&scenario, &["--persons", "500", "--dirty", "heavy", "--with-truth"]);
    let errors = dirty.csv("truth/errors.csv");
    let of = |row: &Vec<String>, name: &str| row[errors.column(name)].clone();
    for table in ["persons", "visits", "answers", "wide"] {
        let mut kinds: BTreeMap<String, i64> = BTreeMap::new();
        let own: Vec<&Vec<String>> = errors.rows.iter().filter(|row| of(row, "table") == table).collect();
        own.iter().for_each(|row| *kinds.entry(of(row, "kind")).or_insert(0) += 1);
        let count = |kind: &str| kinds.get(kind).copied().unwrap_or(0);
        let (before, after) = (clean.csv(&format!("data/{table}.csv")), dirty.csv(&format!("data/{table}.csv")));
        let rows = before.rows.len() as i64 + count("duplicate_row") - count("omitted_row");
        assert_eq!(after.rows.len() as i64, rows, "{table}: {kinds:?}");
        for kind in ["omitted_row", "duplicate_row", "code_typo", "blank"] {
            assert!(count(kind) > 0, "{table}: {kinds:?}");
        }
        // As many cells of each value as the errors say: every change is told, and nothing else is changed.
        for name in &before.names {
            let mut tally: BTreeMap<String, i64> = BTreeMap::new();
            before.cells(name).for_each(|cell| *tally.entry(cell.to_owned()).or_insert(0) += 1);
            after.cells(name).for_each(|cell| *tally.entry(cell.to_owned()).or_insert(0) -= 1);
            for row in own.iter().filter(|row| of(row, "column") == *name) {
                let cell = |text: String| if text.starts_with('=') { format!("'{text}") } else { text };
                *tally.entry(cell(of(row, "before"))).or_insert(0) -= 1;
                *tally.entry(cell(of(row, "after"))).or_insert(0) += 1;
            }
            let odd: i64 = tally.values().map(|n| n.abs()).sum();
            assert!(odd <= count("duplicate_row") + count("omitted_row"), "{table}.{name}: {odd} cells, {kinds:?}");
        }
    }
    let ill: BTreeSet<String> = dirty.csv("data/answers.csv").cells("ill").map(str::to_owned).collect();
    assert!(ill.contains("9"), "{ill:?}");
    assert!(dirty.csv("data/persons.csv").cells("record").all(|code| code.starts_with("S-") && code.len() == 14));
    assert!(dirty.text("README.md").contains("on purpose"));
}

#[test]
fn a_second_release_leaves_nothing_of_the_first() {
    let release = Release::of(LARGE, &["--persons", "100", "--with-truth"]);
    let path = release.path();
    let again = |arguments: &[&str]| {
        let mut all = vec!["simulate", LARGE, "--persons", "100", "--release", path.to_str().expect("UTF-8")];
        all.extend(arguments);
        let output = eclosion(&all);
        (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
    };
    let before = release.files();
    let (code, says) = again(&[]);
    assert!(code == Some(1) && says.contains("R0020"), "{says}");
    let (code, says) = again(&["--force"]);
    assert!(code == Some(1) && says.contains("R0020") && says.contains("truth"), "{says}");
    assert!(before == release.files());
    assert_eq!(again(&["--force", "--with-truth"]).0, Some(0));
    assert!(before == release.files());
}

#[test]
fn groups_keep_their_proportions() {
    let release = Release::of(BUTTERFLY, &["--persons", "1000", "--with-truth", "--format", "csv"]);
    let truth = release.csv("truth/truth.csv");
    let mut sizes: BTreeMap<&str, u32> = BTreeMap::new();
    for (wave, group) in truth.cells("wave").zip(truth.cells("group")) {
        *sizes.entry(group).or_insert(0) += u32::from(wave == "1");
    }
    let expected = [("Females in shelters", 563), ("Females in the community", 234), ("Males in shelters", 203)];
    assert_eq!(sizes.into_iter().collect::<Vec<_>>(), expected);
    let output = eclosion(&["simulate", BUTTERFLY, "--release", "/nowhere", "--persons", "2"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("too few"));
}

#[test]
fn mistakes_are_told_at_their_line() {
    let cases = [
        ("formats = [\"csv\"]", "formats = [\"cvs\"]", "S0104"),
        ("formats = [\"csv\"]", "formats = []", "S0420"),
        ("formats = [\"csv\"]", "formats = [\"csv\", \"csv\"]", "S0420"),
        ("formats = [\"csv\"]", "shape = [\"square\"]", "S0104"),
        ("formats = [\"csv\"]", "dirty = \"filthy\"", "S0104"),
        ("formats = [\"csv\"]", "format = \"csv\"", "S0101"),
        ("missing_reasons = true", "missing_reasons = \"yes\"", "S0102"),
        ("ill = \"ill on", "il = \"ill on", "S0421"),
        ("ill = \"ill on", "lost = \"ill on", "S0421"),
        ("score = \"points\"", "score = \"\"", "S0422"),
    ];
    for (right, wrong, code) in cases {
        assert!(STUDY.contains(right));
        let (_folder, scenario) = study("wrong.toml", &STUDY.replace(right, wrong));
        let output = eclosion(&["check", &scenario]);
        let says = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(1), "{wrong}: {says}");
        assert!(says.contains(&format!("error[{code}]")), "{wrong}: {says}");
        assert!(says.contains("wrong.toml:"), "{wrong}: {says}");
    }
}

#[test]
fn the_command_line_refuses_what_does_not_go_together() {
    for arguments in [
        &["simulate", LARGE][..],
        &["simulate", LARGE, "--out", "a", "--release", "b"],
        &["simulate", LARGE, "--out", "a", "--dirty", "light"],
        &["simulate", LARGE, "--out", "a", "--with-truth"],
        &["simulate", LARGE, "--release", "a", "--truth-only"],
        &["simulate", LARGE, "--release", "a", "--dirty", "filthy"],
        &["simulate", LARGE, "--release", "a", "--format", "cvs"],
        &["simulate", LARGE, "--out", "/nowhere", "--format", "csv", "--format", "jsonl"],
    ] {
        let output = eclosion(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

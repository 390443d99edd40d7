//! A release of a survey in which everything goes wrong at once: truth, audit and key together give what is released,
//! cell by cell, and without them nobody can tell.

mod released;

use released::{Csv, Release, eclosion};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const EVERYTHING: &str = include_str!("released/everything.toml");
const ITEMS: [&str; 6] = ["place", "earning", "pay", "ill", "income", "faith"];
const CODES: &str = r#"[survey.linkage]
kind = "codes"
elements = [
    { name = "letter", values = 20 },
    { name = "day", values = 31 },
    { name = "telephone", values = 1000 },
    { name = "sisters", weights = [5, 3, 1] },
]
error = "beta(a = 0.385, b = 10.06)"
allow = 1

"#;

/// The study with its own numbers, with codes that persons make, or without linkage.
fn scenario(linkage: Option<&str>) -> String {
    let (before, rest) = EVERYTHING.split_once("[survey.linkage]").expect("it has linkage");
    let (own, release) = rest.split_once("[release]").expect("it has a release");
    let own = format!("[survey.linkage]{own}");
    format!("{before}{}[release]{release}", linkage.unwrap_or(&own))
}

fn released(text: &str, arguments: &[&str]) -> Release {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("everything.toml");
    fs::write(&path, text).expect("written");
    Release::of(path.to_str().expect("UTF-8"), arguments)
}

/// Cells of some columns by others.
fn by<const N: usize>(table: &Csv, keys: [&str; N], value: &str) -> BTreeMap<[String; N], String> {
    let (keys, value) = (keys.map(|key| table.column(key)), table.column(value));
    table.rows.iter().map(|row| (keys.map(|key| row[key].clone()), row[value].clone())).collect()
}

/// The word that a release has for a reason of the audit; empty where there is an answer.
fn word(reason: &str) -> &'static str {
    match reason {
        "dropout" => "lost",
        "missed_wave" | "no_visit" => "wave_missed",
        "item_non_response" => "refused",
        "not_yet" => "not_yet_in_study",
        "refused" => "refused_to_begin",
        "withdrawn" | "erased" => "withdrawn",
        "site_lost" => "site_lost",
        "died" => "died",
        "not_asked" => "not_asked",
        _ => "",
    }
}

/// What is behind a release.
struct Behind {
    /// True values by person, wave and item.
    truth: BTreeMap<[String; 3], String>,
    /// What was reported instead, and why.
    reported: BTreeMap<[String; 3], String>,
    reasons: BTreeMap<[String; 3], String>,
    /// Persons by record and wave.
    key: BTreeMap<[String; 2], String>,
    /// Persons who were interviewed, with the wave.
    interviewed: BTreeSet<[String; 2]>,
}

impl Behind {
    fn of(release: &Release, linked: bool) -> Self {
        let table = release.csv("truth/truth.csv");
        let mut truth = BTreeMap::new();
        for item in ITEMS {
            let cells = by(&table, ["person", "wave"], item);
            truth.extend(cells.into_iter().map(|([person, wave], cell)| ([person, wave, item.to_owned()], cell)));
        }
        let audit = release.csv("truth/audit.csv");
        let at = ["person", "wave", "item"];
        for (place, cell) in by(&audit, at, "true") {
            assert_eq!(truth.get(&place), Some(&cell), "the audit gives the true value again: {place:?}");
        }
        let key = by(&release.csv("truth/key.csv"), ["record", "wave"], "person");
        let attended = by(&release.csv("data/answers.csv"), ["record", "wave"], "attended");
        let held = |at: &[String; 2]| attended.get(at).is_some_and(|cell| cell == "1");
        let interviewed =
            key.iter().filter(|(at, _)| held(at)).map(|([_, wave], p)| [p.clone(), wave.clone()]).collect();
        for (at, _) in attended.iter().filter(|(_, cell)| *cell == "1") {
            assert!(key.contains_key(at), "nobody is behind {at:?}");
        }
        if linked {
            assert!(key.keys().all(held), "the key of linked records is one of interviews");
        }
        Self { truth, reported: by(&audit, at, "reported"), reasons: by(&audit, at, "reason"), key, interviewed }
    }

    /// The person behind a record at a wave, or at the nearest with one, earlier waves first.
    fn owner(&self, record: &str, wave: usize) -> &str {
        let waves = (1..=wave).rev().chain(wave + 1..=5);
        let mut persons = waves.filter_map(|wave| self.key.get(&[record.to_owned(), wave.to_string()]));
        persons.next().map_or("", String::as_str)
    }

    /// What a cell must be, and the word beside it.
    fn expected(&self, record: &str, wave: usize, item: &str) -> (String, String) {
        let not_there = (item == "income" && wave > 3) || (item == "faith" && wave == 1);
        let person = self.key.get(&[record.to_owned(), wave.to_string()]);
        let owner = person.map_or_else(|| self.owner(record, wave), String::as_str).to_owned();
        let at = [owner, wave.to_string(), item.to_owned()];
        let reason = self.reasons.get(&at).map_or("", String::as_str);
        let because = match person {
            _ if not_there => "not_asked",
            // Somebody else's record has what the person said.
            None if self.interviewed.contains(&[at[0].clone(), at[1].clone()]) => "unlinked",
            _ => word(reason),
        };
        let cell = match person {
            None => String::new(),
            Some(_) => self.reported.get(&at).unwrap_or_else(|| &self.truth[&at]).clone(),
        };
        (cell, because.to_owned())
    }
}

fn truth_audit_and_key_give(release: &Release, linked: bool) -> BTreeMap<String, u32> {
    let behind = Behind::of(release, linked);
    let (answers, wide) = (release.csv("data/answers.csv"), release.csv("data/wide.csv"));
    let wide_rows: BTreeMap<&str, &Vec<String>> = wide.cells("record").zip(&wide.rows).collect();
    let mut words = BTreeMap::new();
    for row in &answers.rows {
        let of = |name: &str| row[answers.column(name)].as_str();
        let (record, wave) = (of("record"), of("wave").parse().expect("a wave"));
        for item in ITEMS {
            let (cell, because) = behind.expected(record, wave, item);
            // Before what a spreadsheet would run, CSV has an apostrophe.
            assert_eq!(of(item), cell, "{record}, wave {wave}, {item}");
            assert_eq!(of(&format!("{item}_missing")), because, "{record}, wave {wave}, {item}");
            let beside = |name: String| wide_rows[record][wide.column(&name)].as_str();
            assert_eq!(beside(format!("{item}_w{wave}")), cell, "{record}, wave {wave}, {item} in `wide`");
            assert_eq!(beside(format!("{item}_w{wave}_missing")), because, "{record}, wave {wave}, {item} in `wide`");
            if item == "pay" && of("attended") == "1" {
                // Zero by design is a value with a word; who earns has no word, and nobody earns exactly nothing.
                assert_eq!(because == "not_asked", cell == "0", "{record}, wave {wave}: {cell}");
            }
            *words.entry(because).or_insert(0) += 1;
        }
    }
    words
}

#[test]
fn truth_audit_and_key_make_what_is_released() {
    let cases = [(None, true), (Some(CODES), true), (Some(""), false)];
    for (linkage, linked) in cases {
        let release = released(&scenario(linkage), &["--with-truth"]);
        let words = truth_audit_and_key_give(&release, linked);
        let mut all = vec!["", "refused", "not_asked", "wave_missed", "lost", "not_yet_in_study", "site_lost", "died"];
        all.extend(linked.then_some("unlinked"));
        for word in all {
            assert!(words.get(word).is_some_and(|n| *n > 0), "no `{word}` in {words:?}");
        }
        assert_eq!(words.contains_key("unlinked"), linked);
    }
}

#[test]
fn tables_hold_the_records_that_are_there() {
    let release = released(&scenario(None), &["--with-truth"]);
    let records: BTreeSet<String> = release.csv("data/persons.csv").cells("record").map(str::to_owned).collect();
    let visits = release.csv("data/visits.csv");
    let held: BTreeSet<[String; 3]> = by(&visits, ["record", "wave", "visit"], "years").into_keys().collect();
    let comments = release.csv("data/comments.csv");
    let marked = by(&comments, ["record", "wave", "visit", "comment", "coder", "theme"], "valence");
    assert!(marked.len() > 500, "{}", marked.len());
    assert_eq!(marked.len(), comments.rows.len(), "a coder marks a comment with a theme once");
    for [record, wave, visit, _, _, theme] in marked.keys() {
        assert!(held.contains(&[record.clone(), wave.clone(), visit.clone()]), "{record} had no such interview");
        assert!(["family", "money"].contains(&theme.as_str()), "{theme}");
    }
    for (table, column) in [("answers", "record"), ("visits", "record"), ("wide", "record")] {
        let own: BTreeSet<String> =
            release.csv(&format!("data/{table}.csv")).cells(column).map(str::to_owned).collect();
        assert_eq!(own, records, "{table}");
    }
    // Whoever withdrew had the data erased: no record is theirs.
    let audit = release.csv("truth/audit.csv");
    let erased: BTreeSet<&str> =
        audit.cells("person").zip(audit.cells("reason")).filter(|(_, r)| *r == "erased").map(|(p, _)| p).collect();
    assert!(!erased.is_empty());
    let key = release.csv("truth/key.csv");
    assert!(key.cells("person").all(|person| !erased.contains(person)));
    // The code that persons make is there at each wave with an interview.
    let coded = released(&scenario(Some(CODES)), &[]);
    let links: BTreeSet<[String; 2]> =
        by(&coded.csv("data/links.csv"), ["record", "wave"], "day").into_keys().collect();
    let attended = by(&coded.csv("data/answers.csv"), ["record", "wave"], "attended");
    let attended: BTreeSet<[String; 2]> = attended.into_iter().filter(|(_, a)| a == "1").map(|(at, _)| at).collect();
    assert_eq!(links, attended);
}

#[test]
fn without_the_truth_no_file_has_it() {
    let text = scenario(None);
    let blind = released(&text, &["--format", "csv", "--format", "jsonl"]);
    let open = released(&text, &["--format", "csv", "--format", "jsonl", "--with-truth"]);
    let files = blind.files();
    assert!(!files.keys().any(|name| name.starts_with("truth")));
    let texts: Vec<String> = (files.iter().filter(|(name, _)| *name != "scenario.toml"))
        .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
        .collect();
    let truth = open.csv("truth/truth.csv");
    for column in ["hidden", "income", "pay"] {
        for value in truth.cells(column).filter(|value| value.len() > 8) {
            assert!(!texts.iter().any(|text| text.contains(value)), "{column} {value} is in the release");
        }
    }
    let circumstances = open.csv("truth/circumstances.csv");
    for value in circumstances.cells("mood").chain(circumstances.cells("trust")).filter(|value| value.len() > 8) {
        assert!(!texts.iter().any(|text| text.contains(value)), "{value} is in the release");
    }
    for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with("data/") && name.ends_with(".csv")) {
        let header = String::from_utf8_lossy(bytes).lines().next().unwrap_or("").to_owned();
        for own in ["person", "true", "reported", "reason", "mood", "trust", "hidden"] {
            assert!(!header.split(',').any(|column| column == own), "{name} has a column {own}");
        }
        assert!(bytes == &open.files()[name], "{name}");
    }
}

#[test]
fn codebooks_know_the_instrument() {
    let release = released(&scenario(None), &[]);
    let json = release.json("codebook/codebook.json");
    let items = json["waves"]["items"].as_array().expect("items");
    let of = |name: &str| items.iter().find(|item| item["item"] == name).expect("the item")["answers"].clone();
    assert_eq!((&of("income")[3], &of("faith")[0]), (&serde_json::Value::Null, &serde_json::Value::Null));
    assert!(of("income")[2].is_u64() && of("place")[4].is_u64());
    let answers = json["tables"].as_array().expect("tables").iter().find(|t| t["name"] == "answers").expect("answers");
    let columns = answers["columns"].as_array().expect("columns");
    let column = |name: &str| columns.iter().find(|column| column["name"] == name).expect("the column");
    assert_eq!(column("income")["asked_in_waves"], serde_json::json!([1, 2, 3]));
    assert_eq!(column("ill")["asked"], "reported(place) != 'own flat'");
    assert_eq!(column("pay")["otherwise"], "0");
    for name in ITEMS {
        let because = column(name)["missing_because"].as_array().expect("words");
        let told: u64 = because.iter().map(|word| word["count"].as_u64().expect("a count")).sum();
        assert_eq!(column(name)["missing"], told, "{name}: every missing cell has a word, and no other");
    }
    let table = release.csv("data/answers.csv");
    let filled = table.cells("pay").zip(table.cells("pay_missing")).filter(|(cell, _)| !cell.is_empty());
    assert_eq!(column("pay")["filled_in"], filled.filter(|(_, word)| *word == "not_asked").count());
    let words = "asked where not missing(reported(earning)) and reported(earning) == 1; otherwise 0 is filled in";
    for file in ["codebook.ddi.xml", "redcap_data_dictionary.csv"] {
        assert!(release.text(&format!("codebook/{file}")).contains(words), "{file}");
    }
    assert!(release.text("codebook/codebook.md").contains("asked in waves 1, 2, 3 |"));
    assert!(release.text("codebook/codebook.html").contains("<td class=\"n\">not asked</td>"));
}

#[test]
fn a_release_is_described_and_a_dirty_one_says_why_not() {
    let text = scenario(None);
    let describe = |release: &Release| {
        let output = eclosion(&["describe", release.path().to_str().expect("UTF-8")]);
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr),
        )
    };
    for format in ["csv", "parquet"] {
        if cfg!(feature = "columnar") || format == "csv" {
            let (code, says) = describe(&released(&text, &["--format", format]));
            assert!(code == Some(0) && says.contains("family") && says.contains("unlinked"), "{format}: {says}");
        }
    }
    for preset in ["heavy", "light"] {
        let (code, says) = describe(&released(&text, &["--dirty", preset]));
        assert!(code == Some(1) && says.contains("R0054"), "{says}");
        assert!(says.contains(&format!("`dirty` is \"{preset}\"")), "{says}");
    }
    let twice = tempfile::tempdir().expect("a folder");
    fs::write(twice.path().join("answers.csv"), "record,wave,x\na,1,1\na,1,0\n").expect("written");
    fs::write(twice.path().join("provenance.json"), "{\"dirty\": \"light\"}").expect("written");
    let output = eclosion(&["describe", twice.path().to_str().expect("UTF-8")]);
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(says.contains("R0053") && says.contains("`dirty` is \"light\""), "{says}");
}

//! Tables as a study prints them, and published numbers beside simulated ones, from the command line.

use eclosion::scenario::load_published;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn eclosion(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_eclosion")).args(arguments).current_dir(root()).output().unwrap()
}

fn fine(arguments: &[&str]) -> String {
    let output = eclosion(arguments);
    assert!(output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(arguments: &[&str]) -> String {
    let output = eclosion(arguments);
    assert!(!output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

/// Cells of `--format csv`: id and what is printed.
fn cells(csv: &str) -> BTreeMap<String, String> {
    let cell = |line: &str| {
        let parts: Vec<&str> = line.split(',').collect();
        (parts[0].to_owned(), parts[2].to_owned())
    };
    csv.lines().skip(1).map(cell).collect()
}

const BUTTERFLY: &str = "scenarios/butterfly.toml";

/// A group of table 1: how many years in shelters and in the community its persons have.
struct Group {
    name: &'static str,
    female: bool,
    shelter: [usize; 5],
    community: [usize; 5],
    /// Lowest, highest and mean age as printed.
    ages: (f64, f64, f64),
}

const GROUPS: [Group; 4] = [
    Group {
        name: "sp",
        female: true,
        shelter: [0, 1, 6, 14, 11],
        community: [32, 0, 0, 0, 0],
        ages: (7.0, 20.0, 14.3),
    },
    Group {
        name: "rc",
        female: true,
        shelter: [28, 0, 0, 0, 0],
        community: [0, 0, 8, 12, 8],
        ages: (16.0, 36.0, 24.6),
    },
    Group {
        name: "sprc",
        female: true,
        shelter: [2, 11, 15, 5, 1],
        community: [5, 13, 10, 6, 0],
        ages: (13.0, 21.0, 17.0),
    },
    Group {
        name: "male",
        female: false,
        shelter: [0, 6, 5, 3, 1],
        community: [0, 3, 9, 3, 0],
        ages: (10.0, 17.0, 12.9),
    },
];

/// A list with each number of years as often as a distribution says.
fn spread(distribution: &[usize; 5]) -> Vec<usize> {
    (0..5).flat_map(|years| std::iter::repeat_n(years, distribution[years])).collect()
}

/// Somebody's own tables: 109 persons who give table 1 as it is printed. Many years in a shelter go with few in the community,
/// and a year with a move has an interview in each.
fn table_1(folder: &Path) {
    let mut persons = "record,female,age,stayed_in_shelter,left_by_2014,assessed,surveyed,summaries\n".to_owned();
    let mut visits = "record,wave,visit,setting\n".to_owned();
    for group in &GROUPS {
        let (shelter, mut community) = (spread(&group.shelter), spread(&group.community));
        community.reverse();
        let n = shelter.len();
        let (low, high, mean) = group.ages;
        // All but the youngest and the eldest have the same age, so that the mean is as printed.
        let middle = (mean * n as f64 - low - high) / (n as f64 - 2.0);
        for (k, (shelter, community)) in shelter.iter().zip(&community).enumerate() {
            let record = format!("{}{k}", group.name);
            let age = if k == 0 {
                low
            } else if k == 1 {
                high
            } else {
                middle
            };
            let stayed = u8::from(group.name != "rc");
            let left = u8::from(["sprc", "male"].contains(&group.name));
            let female = u8::from(group.female);
            let _ = writeln!(persons, "{record},{female},{age},{stayed},{left},1,1,1");
            for year in 0..*shelter {
                let _ = writeln!(visits, "{record},{},1,shelter", 2 + year);
            }
            for year in 0..*community {
                let _ = writeln!(visits, "{record},{},2,community", 5 - year);
            }
        }
    }
    // Who is not assessed does not count, and neither does a year before 2011.
    persons.push_str("nobody,1,50,1,0,0,1,1\n");
    visits.push_str("nobody,2,1,shelter\nsp0,1,1,community\n");
    fs::write(folder.join("persons.csv"), persons).unwrap();
    fs::write(folder.join("visits.csv"), visits).unwrap();
    fs::write(folder.join("comments.csv"), "record,wave,visit,comment,coder,theme\n").unwrap();
}

/// A scenario with the tables of the Butterfly study that need settings only.
fn tables_of_settings(folder: &Path) -> PathBuf {
    let text = fs::read_to_string(root().join(BUTTERFLY)).unwrap();
    let keep = ["t1", "t7.note", "t9.note", "assessment", "community"];
    let mut out = String::new();
    for (k, part) in text.split("\n[[table]]\n").enumerate() {
        let id = part.lines().next().unwrap_or("").trim_start_matches("id = ").trim_matches('"').to_owned();
        if k == 0 {
            out.push_str(part);
        } else if keep.contains(&id.as_str()) {
            // Comments and answers that this fixture has not.
            let lines = part.lines().filter(|line| !line.contains("wellbeing.") || line.contains("years_"));
            out.push_str("\n[[table]]\n");
            out.extend(lines.map(|line| format!("{line}\n")));
        }
    }
    let out = out.split("\n# What `eclosion calibrate`").next().unwrap().to_owned();
    let published = root().join("scenarios/butterfly/published.toml");
    let out = out.replace("butterfly/published.toml", published.to_str().unwrap());
    // Definitions that read answers which the fixture has not are taken out with their tables.
    let mut kept = String::new();
    for line in out.lines() {
        let reads = ["partner", "inlaws", "well_", "negative_last", "work", "training", "school and", "church"];
        let defines = line.contains(" = \"") && !line.starts_with('{') && !line.starts_with(' ');
        let in_tables = kept.contains("[tables.person]") && !kept.contains("[[table]]");
        if !(in_tables && defines && reads.iter().any(|word| line.contains(word))) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    let path = folder.join("settings.toml");
    fs::write(&path, kept).unwrap();
    path
}

#[test]
fn a_fixture_gives_table_1_and_its_identities_exactly() {
    let folder = tempfile::tempdir().unwrap();
    table_1(folder.path());
    let scenario = tables_of_settings(folder.path());
    let data = folder.path().to_str().unwrap();
    let found = cells(&fine(&["tables", scenario.to_str().unwrap(), "--data", data, "--format", "csv"]));
    let published = load_published(&root().join("scenarios/butterfly/published.toml")).published.unwrap();
    let mut compared = 0;
    for cell in published.cells.iter().filter(|cell| cell.id.starts_with("t1.")) {
        let printed = match cell.value {
            Some(value) => format!("{value:.*}", cell.rounding.decimals as usize),
            None => "NA".to_owned(),
        };
        assert_eq!(found[&cell.id], printed, "{}", cell.id);
        compared += 1;
    }
    assert_eq!(compared, 64);
    for (id, value) in [
        ("t7.note.shelter", "79"),
        ("t9.note.community_sprc", "44"),
        ("t7.note.community_rc", "28"),
        ("community.reintegrated", "49"),
        ("community.individuals", "77"),
        ("community.years", "165"),
        ("assessment.assessed", "109"),
    ] {
        assert_eq!(found[id], value, "{id}");
    }
    // 72 with a year in the community, 188 years in shelters, 353 in all.
    let number = |id: &str| found[id].parse::<i64>().unwrap();
    let none = number("t1.female_sprc.community.0") + number("t1.male_sprc.community.0");
    assert_eq!(number("community.individuals") - none, 72);
    let shelter = ["female_sp", "female_sprc", "male_sprc"].map(|g| number(&format!("t1.{g}.years_shelter")));
    assert_eq!((shelter.iter().sum::<i64>(), shelter.iter().sum::<i64>() + number("community.years")), (188, 353));
}

#[test]
fn a_release_gives_the_tables_of_its_study() {
    let folder = tempfile::tempdir().unwrap();
    let release = folder.path().join("release");
    let release = release.to_str().unwrap();
    fine(&["simulate", BUTTERFLY, "--release", release]);
    let of_study = fine(&["tables", BUTTERFLY, "--format", "csv"]);
    let of_release = fine(&["tables", BUTTERFLY, "--data", release, "--format", "csv"]);
    assert_eq!(of_study, of_release);
    assert!(cells(&of_study).len() > 300);
    let one = fine(&["tables", BUTTERFLY, "--sequence", "setting", "--sequence", "partner_year", "--format", "csv"]);
    let other = fine(&[
        "tables",
        BUTTERFLY,
        "--data",
        release,
        "--sequence",
        "setting",
        "--sequence",
        "partner_year",
        "--format",
        "csv",
    ]);
    // Records of a release come in another order: the same sequences, however.
    let sorted = |csv: &str| {
        let mut persons: BTreeMap<String, String> = BTreeMap::new();
        for (id, text) in cells(csv) {
            let parts: Vec<&str> = id.split('.').collect();
            let _ = write!(persons.entry(format!("{} {}", parts[0], parts[1])).or_default(), "{} ", text);
        }
        let mut all: Vec<String> =
            persons.into_iter().map(|(id, s)| format!("{} {s}", id.split(' ').next().unwrap())).collect();
        all.sort();
        all
    };
    assert_eq!(sorted(&one), sorted(&other));
}

#[test]
fn comparisons_are_the_same_at_any_number_of_threads_and_identities_hold() {
    let run = |threads: &str| fine(&["compare", BUTTERFLY, "--replicates", "60", "--threads", threads, "--json"]);
    let one = run("1");
    assert_eq!(one, run("3"));
    let found: Value = serde_json::from_str(&one).unwrap();
    let cells = found["cells"].as_array().unwrap();
    assert_eq!(cells.len(), 330);
    let standing = |word: &str| cells.iter().filter(|cell| cell["standing"] == word).count();
    assert_eq!((standing("NA"), standing("mismatch")), (12, 0));
    assert!(standing("compared") > 230);
    for id in ["with_shelter_years", "sprc_with_community_years", "sprc", "in_community", "community_years"] {
        let identity = found["identities"].as_array().unwrap().iter().find(|i| i["id"] == id).unwrap();
        assert!(identity["checked"].as_u64().unwrap() >= 60 && identity["failed"] == 0, "{identity}");
    }
    let inside = found["calibration"]["inside"].as_f64().unwrap();
    assert!(inside > 0.9, "{inside}");
}

/// A small scenario with comments, and the tables that a test gives it.
fn small(folder: &Path, tables: &str) -> String {
    let text = format!(
        r#"scenario = 1
[study]
title = "small"
aims = "test"
seed = 1
replicates = 10
[parameters]
rate = {{ value = 0.3, about = "rate", source = "assumed" }}
[time]
step = "1 month"
waves = {{ first = "1 year", every = "1 year", count = 2 }}
[[group]]
name = "all"
size = 20
[state.ill]
starts = 0.5
on = {{ rate = "rate" }}
off = {{ rate = 0.5 }}
[[survey.comment]]
name = "worry"
count = "poisson(mean = 1)"
positive = 0.5
[[estimand]]
name = "ill"
quantity = "prevalence"
of = "ill"
wave = 2
target = "cohort"
[[method]]
method = "complete_case"
{tables}"#
    );
    let path = folder.join("small.toml");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn what_is_wrong_in_tables_is_said_at_its_line() {
    let folder = tempfile::tempdir().unwrap();
    for (tables, wants) in [
        // Comments are no persons.
        ("[[table]]\nid = \"t\"\nrow = [{ id = \"a\", where = \"theme == 'worry'\" }]\n", "S1002"),
        ("[[table]]\nid = \"t\"\nrow = [{ id = \"a\", link = \"most comments\" }]\n", "S1007"),
        (
            "[[table]]\nid = \"t\"\nrow = [{ id = \"a\", link = \"at least one comment\", count = \"years\" }]\n",
            "S1007",
        ),
        ("[[table]]\nid = \"t\"\nrow = [{ id = \"a\" }, { id = \"a\" }]\n", "S1004"),
        ("[[table]]\nid = \"t\"\nrow = [{ id = \"a b\" }]\n", "S1006"),
        ("[[table]]\nid = \"t\"\nrow = [{ id = \"a\", na = [\"x\"] }]\n", "S1006"),
        ("[[table]]\nid = \"t\"\n", "S0103"),
        ("[[table]]\nid = \"t\"\nrow = [{ id = \"a\", wher = \"true\" }]\n", "S0101"),
        ("[tables]\nwaves = [3]\n[[table]]\nid = \"t\"\nrow = [{ id = \"a\" }]\n", "S1001"),
        ("[tables]\ncoder = \"who\"\n[[table]]\nid = \"t\"\nrow = [{ id = \"a\" }]\n", "S1003"),
        ("[tables.year]\nx = \"y\"\ny = \"x\"\n[[table]]\nid = \"t\"\nrow = [{ id = \"a\" }]\n", "S1005"),
        ("[tables.year]\nill = \"true\"\n[[table]]\nid = \"t\"\nrow = [{ id = \"a\" }]\n", "S1004"),
        (
            "[tables.year]\nsick = \"ill\"\n[[table]]\nid = \"t\"\nrow = [{ id = \"a\", where = \"sick\" }]\n",
            "any(sick)",
        ),
        ("[prior]\nrat = \"uniform(low = 0, high = 1)\"\n", "did you mean `rate`"),
    ] {
        let path = small(folder.path(), tables);
        let said = refused(&["check", &path]);
        assert!(said.contains(wants), "{tables}\n{said}");
        assert!(said.contains("small.toml:"), "{said}");
    }
}

/// Numbers that follow from the declaration: 20 persons, two waves, nobody lost.
#[test]
fn counts_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let path = small(
        folder.path(),
        r#"
[tables.year]
well = "not ill"
[tables.person]
well_years = "count(well)"
worries = "count(worried)"
[tables.comment]
worried = "theme == 'worry'"
[[table]]
id = "t"
row = [
    { id = "persons" },
    { id = "years", count = "years" },
    { id = "interviews", count = "interviews" },
    { id = "never", where = "well_years == 0" },
    { id = "once", where = "well_years == 1" },
    { id = "twice", where = "well_years == 2" },
    { id = "total", total = "well_years" },
    { id = "well_years", count = "years", where = "well" },
    { id = "with_comment", link = "at least one comment" },
    { id = "worried", where = "worries >= 1" },
    { id = "comments", count = "comments" },
    { id = "positive", count = "comments", where = "positive" },
    { id = "negative", count = "comments", where = "not positive" },
    { id = "share", count = "comments", percent = "positive" },
    { id = "fixed", value = "10 * rate" },
    { id = "nobody", where = "well_years > 5", mean = "well_years" },
]
"#,
    );
    let found = cells(&fine(&["tables", &path, "--format", "csv"]));
    let number = |id: &str| found[&format!("t.{id}")].parse::<f64>().unwrap();
    assert_eq!((number("persons"), number("years"), number("interviews")), (20.0, 40.0, 40.0));
    assert_eq!(number("never") + number("once") + number("twice"), 20.0);
    assert_eq!(number("once") + 2.0 * number("twice"), number("total"));
    assert_eq!(number("total"), number("well_years"));
    assert!(number("total") > 0.0 && number("never") > 0.0, "{found:?}");
    assert_eq!(number("with_comment"), number("worried"));
    assert!(number("comments") > number("with_comment"));
    assert_eq!(number("positive") + number("negative"), number("comments"));
    assert_eq!(number("share"), (100.0 * number("positive") / number("comments") + 0.5).floor());
    assert_eq!((found["t.fixed"].as_str(), found["t.nobody"].as_str()), ("3", "-"));
}

#[test]
fn tables_of_ones_own_that_do_not_fit_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path =
        small(folder.path(), "[[table]]\nid = \"t\"\nrow = [{ id = \"a\", count = \"years\", where = \"ill\" }]\n");
    let data = folder.path().to_str().unwrap().to_owned();
    let run = || refused(&["tables", &path, "--data", &data]);
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    assert!(run().contains("no table `persons`"));
    write("persons.csv", "record\nA\nB\n");
    assert!(run().contains("no table `visits`"));
    write("visits.csv", "record,wave\nA,1\n");
    assert!(run().contains("no column `ill`"));
    for (row, wants) in [
        ("C,1,1", "`C` is not among the persons"),
        ("A,3,1", "there are waves 1 to 2"),
        ("A,one,1", "must be a whole number"),
        ("A,1,maybe", "must be 0 or 1"),
        ("A,1,1\nA,1,0", "is there twice"),
    ] {
        write("visits.csv", &format!("record,wave,ill\n{row}\n"));
        let said = run();
        assert!(said.contains(wants) && said.contains("row"), "{said}");
    }
    write("visits.csv", "record,wave,ill\nA,1,yes\nA,2,0\nB,2,1\nB,1,\n");
    let found = cells(&fine(&["tables", &path, "--data", &data, "--format", "csv"]));
    assert_eq!(found["t.a"], "2");
    write("persons.csv", "record\nA\nA\n");
    assert!(run().contains("`A` is there twice"));
}

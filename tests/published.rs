//! Published numbers: the file of the Butterfly study is sound, and what is wrong in a file is said at its line.

use eclosion::diagnostic::{page, position, render, to_json};
use eclosion::published::{Cell, Published};
use eclosion::scenario::{load_published, load_published_text};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn butterfly_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/butterfly/published.toml")
}

fn butterfly() -> Published {
    let loaded = load_published(&butterfly_file());
    assert_eq!(loaded.problems.list(), &[], "{}", render(&loaded.problems, &loaded.sources, false));
    loaded.published.expect("no errors, so it is there")
}

fn number(published: &Published, id: &str) -> f64 {
    published.cell(id).unwrap_or_else(|| panic!("no cell {id}")).value.unwrap_or_else(|| panic!("{id} is NA"))
}

#[test]
fn the_file_holds_all_that_the_documents_print() {
    let published = butterfly();
    // 320 published numbers: 318, and the two blocks of table 1 in which there can be none, which are 12 cells here.
    assert_eq!((published.cells.len(), published.not_applicable()), (330, 12));
    assert_eq!((published.sources.len(), published.differences.len()), (2, 16));
    let of = |id: &str| {
        let table = published.tables.iter().position(|table| table.id == id).unwrap();
        let cells: Vec<&Cell> = published.cells_of(table).collect();
        (published.tables[table].rows.len(), published.tables[table].columns.len(), cells.len())
    };
    assert_eq!((of("t1"), of("t7"), of("t9"), of("t11")), ((4, 16, 64), (7, 6, 42), (11, 6, 66), (6, 7, 42)));
    assert_eq!((of("partner"), of("hope")), ((6, 3, 18), (10, 0, 10)));
    for cell in &published.cells {
        assert!(published.sources[cell.source].file.ends_with(".txt"), "{}", cell.id);
        let table = &published.tables[cell.table];
        let column = cell.column.map_or(String::new(), |c| format!(".{}", table.columns[c].id));
        assert_eq!(cell.id, format!("{}.{}{column}", table.id, table.rows[cell.row].id));
    }
}

/// A few cells of each table, typed again from the documents' tables.
#[test]
fn cells_are_where_they_are_printed() {
    let published = butterfly();
    for (id, value, n) in [
        ("t1.female_sp.age_mean", 14.3, Some(32)),
        ("t1.female_sprc.age_mean", 17.0, Some(34)),
        ("t1.female_rc.n", 28.0, Some(109)),
        ("t1.male_sprc.community.2", 9.0, Some(15)),
        ("t7.drugs_alcohol.sprc.toward", 8.0, Some(44)),
        ("t7.employment.rc.away", 3.0, Some(28)),
        ("t9.spouse_partner.rc.negative", 30.0, Some(28)),
        ("t9.mother.sp.positive", 12.0, Some(79)),
        ("t11.community.female_rc.community.comments", 13.0, Some(28)),
        ("t11.shelter.female_sp.shelter_program.individuals", 4.0, Some(32)),
        ("t11.shelter.female_sp.n", 32.0, None),
        ("partner.2plus.female_rc.negative", 67.0, Some(15)),
        ("hope.employment", 12.0, None),
        ("assessment.interviews", 994.0, Some(109)),
        ("partners.rc_negative_of_partnered", 15.0, Some(19)),
        ("partners.rc_negative", 15.0, Some(28)),
    ] {
        let cell = published.cell(id).unwrap();
        assert_eq!((cell.value, published.denominator(cell)), (Some(value), n), "{id}");
    }
    let t9 = published.tables.iter().find(|table| table.id == "t9").unwrap();
    let heads: Vec<(&str, &str)> = t9.columns.iter().map(|c| (c.heading.as_str(), c.title.as_str())).collect();
    assert_eq!(heads[0], ("Shelter (SP)", "Positive"));
    assert_eq!(heads[5], ("Community (RC)", "Negative"));
    assert_eq!((t9.rows[1].title.as_str(), t9.rows[10].title.as_str()), ("spouse / partner", "children in law"));
}

#[test]
fn na_and_zero_are_different() {
    let published = butterfly();
    assert_eq!(published.cell("t1.female_sp.community.0").unwrap().value, None);
    assert_eq!(published.cell("t1.female_rc.shelter.4").unwrap().value, None);
    assert_eq!(published.cell("t1.female_sp.shelter.0").unwrap().value, Some(0.0));
    assert_eq!(published.cell("t11.community.male_sprc.shelter_program.individuals").unwrap().value, Some(0.0));
    assert_eq!(published.cell("community.wellbeing.negative_family").unwrap().value, Some(0.0));
    assert!(published.cell("t11.shelter.female_rc.n").is_none(), "a group without a row in the block");
    let swapped = fs::read_to_string(butterfly_file()).unwrap().replacen(
        "\"NA\", 0, 1, 6, 14, 11, \"NA\"",
        "\"NA\", 0, 1, 6, 14, 11, 0",
        1,
    );
    let loaded = load_published_text("swapped", &swapped);
    assert_eq!(loaded.problems.list()[0].code, "S0908", "a 0 beside four NA is no zero");
}

/// The identities that the study's documents are read by, reckoned here from cells alone.
#[test]
fn the_identities_of_the_study_hold() {
    let published = butterfly();
    let cell = |id: &str| number(&published, id);
    let groups = ["female_sp", "female_sprc", "female_rc", "male_sprc"];
    let n = |group: &str| cell(&format!("t1.{group}.n"));
    let with = |group: &str, setting: &str| -> f64 {
        (1..=4).filter_map(|k| published.cell(&format!("t1.{group}.{setting}.{k}")).unwrap().value).sum()
    };
    let years = |setting: &str| -> f64 {
        let of = |g: &str| published.cell(&format!("t1.{g}.years_{setting}")).unwrap().value;
        groups.iter().filter_map(|group| of(group)).sum()
    };
    let all_with = |setting: &str| groups.iter().map(|group| with(group, setting)).sum::<f64>();
    let reckoned = [
        ("sprc_with_community_years", 44.0, with("female_sprc", "community") + with("male_sprc", "community")),
        ("sprc", 49.0, n("female_sprc") + n("male_sprc")),
        ("with_community_years", 72.0, all_with("community")),
        ("in_community", 77.0, n("female_rc") + n("female_sprc") + n("male_sprc")),
        ("with_shelter_years", 79.0, all_with("shelter")),
        ("community_years", 165.0, years("community")),
        ("shelter_years", 188.0, years("shelter")),
        ("setting_years", 353.0, years("shelter") + years("community")),
    ];
    for (id, value, own) in reckoned {
        let identity = published.identities.iter().find(|identity| identity.id == id).unwrap();
        assert_eq!((identity.value, identity.exact, own), (value, value, value), "{id}");
    }
    assert_eq!(cell("community.reintegrated"), 49.0);
    assert_eq!((cell("t7.note.shelter"), cell("t9.note.community_sprc"), cell("community.years")), (79.0, 44.0, 165.0));
}

/// The fewest years that some males must have in both settings, over all pairings of their two distributions.
#[test]
fn double_years_are_the_least_of_all_pairings() {
    let published = butterfly();
    for (group, id) in [("male_sprc", "double_years_male"), ("female_sprc", "double_years_female_sprc")] {
        let years = |setting: &str| -> Vec<usize> {
            let count = |k: usize| number(&published, &format!("t1.{group}.{setting}.{k}")) as usize;
            (0..=4).flat_map(|k| std::iter::repeat_n(k, count(k))).collect()
        };
        let (shelter, community) = (years("shelter"), years("community"));
        let least = least_double(&shelter, &community);
        let identity = published.identities.iter().find(|identity| identity.id == id).unwrap();
        assert_eq!(identity.value, least as f64, "{group}");
    }
}

/// By the counts of community years that are left for the persons who come later: every pairing is looked at.
fn least_double(shelter: &[usize], community: &[usize]) -> usize {
    let mut left = [0usize; 5];
    community.iter().for_each(|k| left[*k] += 1);
    let mut best = std::collections::BTreeMap::from([(left, 0usize)]);
    for s in shelter {
        let mut next = std::collections::BTreeMap::new();
        for (left, cost) in &best {
            for k in (0..5).filter(|k| left[*k] > 0) {
                let mut after = *left;
                after[k] -= 1;
                let cost = cost + (s + k).saturating_sub(4);
                let known = next.entry(after).or_insert(cost);
                *known = cost.min(*known);
            }
        }
        best = next;
    }
    *best.values().next().unwrap()
}

#[test]
fn percentages_stand_for_numbers_of_persons() {
    let published = butterfly();
    for (id, count) in [
        ("partner.1plus.female_sprc.positive", 5),
        ("partner.1plus.female_sprc.negative", 3),
        ("partner.1plus.female_rc.positive", 6),
        ("partner.2plus.female_rc.negative", 10),
        ("partner.3plus.female_sprc.positive", 0),
        ("partners.rc_negative_percent", 15),
        ("partners.sprc_2013_percent", 5),
    ] {
        assert_eq!(published.counts(published.cell(id).unwrap()), Some(count..=count), "{id}");
    }
    assert_eq!(published.counts(published.cell("cohort.male").unwrap()), Some(25..=26));
    assert_eq!(published.counts(published.cell("partners.yet_to_marry").unwrap()), None, "of whom is not printed");
    assert_eq!(published.counts(published.cell("t1.male_sprc.n").unwrap()), None);
}

/// A file in which nothing is wrong; each test spoils a piece of it.
const FINE: &str = r#"published = 1

[study]
title = "Small"

[[source]]
id = "report"
title = "A report"

[[group]]
id = "women"
title = "women"
n = 28

[[group]]
id = "men"
title = "men"
n = 8

[[table]]
id = "t1"
title = "Years"
source = "report"
years = "2011-2014"
unit = "individuals"
column = [
    { id = "n", title = "N", size_of = "row" },
    { id = "none", title = "None" },
    { id = "some", title = "Some" },
    { id = "years", title = "Years", unit = "setting_years" },
    { id = "share", title = "Share", unit = "percent" },
]
row = [
    { id = "women", title = "Women", of = "women", values = [28, 13, 15, 60, 54] },
    { id = "men", title = "Men", of = "men", values = [8, 3, 5, 20, 63] },
    { id = "boys", title = "Boys", na = true },
]
sum = [{ columns = ["none", "some"], is = "n" }]

[[table]]
id = "text"
title = "In the text"
source = "report"
years = "2013"
row = [
    { id = "remarks", title = "Remarks", value = 40, unit = "comments", of = "men" },
    { id = "age", title = "Mean age", value = 17.5, unit = "years_of_age" },
]

[[identity]]
id = "some"
value = 20
unit = "individuals"
formula = "t1.women.some + t1.men.some"

[[identity]]
id = "share"
value = 0.56
unit = "ratio"
formula = "total(t1.some) / (women + men)"

[[difference]]
id = "share_of_men"
cells = ["t1.men.share"]
what = "A slide has 62%."
treatment = "5 of 8 is a tie."
"#;

#[test]
fn the_small_file_is_fine() {
    let loaded = load_published_text("small.toml", FINE);
    assert_eq!(loaded.problems.list(), &[]);
    let published = loaded.published.unwrap();
    assert_eq!((published.cells.len(), published.not_applicable(), published.identities.len()), (17, 5, 2));
    assert_eq!(published.identities[1].exact, 20.0 / 36.0);
}

/// What is spoilt, the number that says so, and a piece of the line to which it points.
const SPOILT: &[(&str, &str, &str, &str)] = &[
    ("published = 1", "published = 2", "S0117", "published = 2"),
    ("title = \"Small\"", "titel = \"Small\"", "S0101", "titel"),
    ("title = \"Small\"", "note = \"a\"", "S0103", "[study]"),
    ("unit = \"comments\"", "unit = \"comment\"", "S0104", "\"comment\""),
    ("unit = \"comments\"", "unti = \"comments\"", "S0101", "unti"),
    ("unit = \"setting_years\"", "unit = 3", "S0102", "unit = 3"),
    ("value = 40", "value = \"forty\"", "S0102", "forty"),
    ("value = 40, unit = \"comments\"", "value = 40", "S0103", "[[table]]"),
    ("source = \"report\"\nyears = \"2013\"", "years = \"2013\"", "S0103", "[[table]]"),
    ("source = \"report\"\nyears = \"2013\"", "source = \"raport\"\nyears = \"2013\"", "S0901", "raport"),
    ("of = \"men\", values", "of = \"man\", values", "S0901", "\"man\""),
    ("t1.men.some\"", "t2.men.some\"", "S0901", "t2.men.some"),
    ("total(t1.some)", "total(t1.sum)", "S0901", "total(t1.sum)"),
    ("cells = [\"t1.men.share\"]", "cells = [\"t1.man.share\"]", "S0901", "t1.man.share"),
    ("is = \"n\" }", "is = \"m\" }", "S0901", "is = \"m\""),
    ("id = \"men\", title = \"Men\"", "id = \"women\", title = \"Men\"", "S0902", "title = \"Men\""),
    ("id = \"text\"", "id = \"t1\"", "S0902", "id = \"t1\""),
    ("id = \"remarks\"", "id = \"age\"", "S0902", "Mean age"),
    ("id = \"share\"\nvalue", "id = \"some\"\nvalue", "S0902", "id = \"some\""),
    ("[8, 3, 5, 20, 63]", "[8, 3, 5, 20]", "S0903", "[8, 3, 5, 20]"),
    ("na = true }", "na = true, values = [0, 0, 0, 0, 0] }", "S0904", "Boys"),
    ("na = true }", "na = false }", "S0904", "Boys"),
    ("value = 40, ", "", "S0904", "remarks"),
    ("[8, 3, 5, 20, 63]", "[8, -3, 5, 20, 63]", "S0905", "-3"),
    ("[8, 3, 5, 20, 63]", "[8, 3.5, 4.5, 20, 63]", "S0905", "3.5"),
    ("[28, 13, 15, 60, 54]", "[28, 13, 29, 60, 54]", "S0905", "29"),
    ("[28, 13, 15, 60, 54]", "[28, 13, 15, 113, 54]", "S0905", "113"),
    ("[8, 3, 5, 20, 63]", "[8, 3, 5, 20, 163]", "S0905", "163"),
    ("value = 17.5", "value = 17.5, decimals = 0", "S0905", "17.5"),
    ("value = 17.5", "value = 175", "S0905", "175"),
    ("[28, 13, 15, 60, 54]", "[28, 13, 15, 60, 55]", "S0906", "55"),
    ("[8, 3, 5, 20, 63]", "[8, 3, 5, 20, 62]", "S0906", "62"),
    ("unit = \"individuals\"\ncolumn", "unit = \"individuals\"\nrounding = \"half even\"\ncolumn", "S0906", "63"),
    ("[8, 3, 5, 20, 63]", "[7, 3, 4, 20, 63]", "S0907", "[7, 3"),
    ("unit = \"comments\", of = \"men\"", "unit = \"comments\", of = \"men\", n = 9", "S0907", "n = 9"),
    ("n = 8\n", "\n", "S0907", "[8, 3"),
    ("[8, 3, 5, 20, 63]", "[8, 2, 5, 20, 63]", "S0908", "[8, 2"),
    ("[8, 3, 5, 20, 63]", "[8, \"NA\", 5, 20, 63]", "S0908", "[8, \"NA\""),
    ("is = \"n\" }", "times = [1], is = \"n\" }", "S0908", "times = [1]"),
    ("columns = [\"none\"", "rows = [\"men\"], columns = [\"none\"", "S0908", "rows = [\"men\"]"),
    ("value = 20\n", "value = 21\n", "S0909", "value = 21"),
    ("value = 0.56", "value = 0.55", "S0909", "value = 0.55"),
    ("value = 20\n", "value = 20\ncells = [\"text.remarks\"]\n", "S0909", "value = 20"),
    ("value = 20\n", "value = 20\ncells = [\"t1.boys.n\"]\n", "S0909", "value = 20"),
    ("value = 20\n", "value = 20.5\n", "S0905", "value = 20.5"),
    ("t1.men.some\"", "t1.boys.some\"", "S0910", "t1.boys.some"),
    ("(women + men)\"", "(women - 28)\"", "S0209", "women - 28"),
    ("(women + men)\"", "(women + )\"", "S0201", "(women + )"),
    ("years = \"2013\"", "years = \"2014-2011\"", "S0911", "2014-2011"),
    ("years = \"2013\"", "years = \"13\"", "S0911", "\"13\""),
    ("id = \"remarks\"", "id = \"re marks\"", "S0912", "re marks"),
    ("id = \"text\"", "id = \"1text\"", "S0912", "1text"),
    ("id = \"men\"\ntitle", "id = \"m.en\"\ntitle", "S0912", "m.en"),
];

#[test]
fn what_is_wrong_is_said_at_its_line() {
    let mut wrong = Vec::new();
    for (piece, instead, code, line) in SPOILT {
        assert!(FINE.contains(piece), "{piece}");
        let text = FINE.replacen(piece, instead, 1);
        let loaded = load_published_text("small.toml", &text);
        assert!(loaded.published.is_none() && loaded.problems.has_errors(), "{instead}");
        let shown = render(&loaded.problems, &loaded.sources, false);
        let found = loaded.problems.list().iter().find(|problem| problem.code == *code);
        let problem = found.unwrap_or_else(|| panic!("{instead}: no {code} in\n{shown}"));
        let span = problem.span.as_ref().unwrap();
        let (row, _) = position(&loaded.sources.files[span.file].1, span.bytes.start);
        let blamed = text.lines().nth(row - 1).unwrap_or("");
        assert!(blamed.contains(line), "{instead}: {code} blames `{blamed}`\n{shown}");
        let says = problem.help.as_deref().unwrap_or("").len();
        assert!(says > 5 || ["S0201", "S0209", "S0102"].contains(code), "{code}: what to do?\n{shown}");
        // Whatever follows from a problem is said after it, if at all.
        if loaded.problems.list()[0].code != *code {
            wrong.push(format!("{instead}: {code} is not first\n{shown}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_column_goes_before_the_row_and_the_row_before_the_table() {
    let text = FINE.replacen(
        "of = \"women\", values",
        "of = \"women\", unit = \"comments\", years = \"2010-2014\", values",
        1,
    );
    let loaded = load_published_text("small.toml", &text);
    let published = loaded.published.expect("no errors");
    let seen = |id: &str| {
        let cell = published.cell(id).unwrap();
        (cell.unit.name, cell.years.written())
    };
    assert_eq!(seen("t1.women.none"), ("comments", "2010-2014".to_owned()), "the row's");
    assert_eq!(seen("t1.women.share"), ("percent", "2010-2014".to_owned()), "the unit is the column's");
    assert_eq!(seen("t1.men.none"), ("individuals", "2011-2014".to_owned()), "the table's");
}

#[test]
fn percentages_need_not_make_100() {
    let column = "{ id = \"other\", title = \"Other\", unit = \"percent\" },\n]\nrow";
    let with = |women: &str, men: &str| {
        FINE.replacen("]\nrow", column, 1)
            .replacen("60, 54]", &format!("60, 54, {women}]"), 1)
            .replacen("20, 63]", &format!("20, 63, {men}]"), 1)
            .replacen("is = \"n\" }", "is = \"n\" }, { columns = [\"share\", \"other\"], is = 100 }", 1)
    };
    let codes = |text: &str| -> Vec<&str> {
        load_published_text("small.toml", text).problems.list().iter().map(|problem| problem.code).collect()
    };
    assert_eq!(codes(&with("46", "38")), Vec::<&str>::new(), "63 and 38 are 5 and 3 of 8");
    assert_eq!(codes(&with("46", "37")), ["S0906"], "37 is printed for nothing out of 8; the sum is not asked then");
    assert_eq!(codes(&with("43", "38")), ["S0908"], "15 and 12 are not 28");
}

/// Pieces that mean something to TOML or to the format.
const PIECES: &[&str] = &[
    "[",
    "]",
    "[[table]]\n",
    "{",
    "}",
    "= ",
    "\"",
    "\"\"\"",
    "#",
    ",",
    ".",
    "inf",
    "nan",
    "1e308",
    "-1",
    "99999999999999999999",
    "0x10",
    "2020-01-01",
    "true",
    "\"NA\"",
    "na = true",
    "é",
    "\u{0}",
    "\r\n",
    "size_of = \"row\"",
    "decimals = 6",
    "n = 0",
    "times = [0, 1]",
    "total(",
    "t1",
    "t1.men.",
    "row = []\n",
    "column = []\n",
    "percent",
    "of = \"\"",
    "id = \"\"",
    "^",
    "/ 0",
];

/// Whatever a file holds: numbers come out exactly where there is no error, and every problem has a page.
fn stands(text: &str) {
    let loaded = load_published_text("any.toml", text);
    assert_eq!(loaded.published.is_none(), loaded.problems.has_errors());
    for problem in loaded.problems.list() {
        assert!(page(problem.code).is_some(), "{}", problem.code);
    }
    let _ = render(&loaded.problems, &loaded.sources, false);
    let _ = to_json(&loaded.problems, &loaded.sources);
    if let Some(published) = loaded.published {
        let places = |table: &eclosion::published::Table| table.rows.len() * table.columns.len().max(1);
        let cells: usize = published.tables.iter().map(places).sum();
        assert_eq!(published.cells.len(), cells, "no cell is left out without a word");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_damage_panics(damage in proptest::collection::vec((any::<u16>(), 0usize..12, 0..PIECES.len()), 1..5)) {
        let mut text = FINE.to_owned();
        for (place, cut, piece) in damage {
            let floor = |mut at: usize| { while !text.is_char_boundary(at) { at -= 1 } at };
            let start = floor(usize::from(place) % (text.len() + 1));
            let end = floor((start + cut).min(text.len())).max(start);
            text.replace_range(start..end, PIECES[piece]);
        }
        stands(&text);
    }

    #[test]
    fn any_numbers_are_taken_or_refused(n in any::<u64>(), value in any::<f64>(), share in any::<f64>()) {
        let text = FINE
            .replacen("n = 28", &format!("n = {n}"), 1)
            .replacen("value = 17.5", &format!("value = {value:?}"), 1)
            .replacen("63]", &format!("{share:?}]"), 1);
        stands(&text);
    }
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_eclosion")).arg("check").args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn check_tells_published_numbers_from_scenarios() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fine = check(root, &["scenarios/butterfly/published.toml"]);
    let out = text(&fine.stdout);
    assert_eq!(fine.status.code(), Some(0), "{}", text(&fine.stderr));
    assert!(out.contains("  t1, Table 1: 52 numbers and 12 NA: "), "{out}");
    assert!(out.contains("cells: 330 (318 numbers, 12 NA)") && out.contains("Identities that hold: 91\n"), "{out}");
    assert!(
        out.contains("Differences between documents: 16, 4 of them open\n") && out.ends_with("no problems\n"),
        "{out}"
    );

    let json = check(root, &["scenarios/butterfly/published.toml", "--json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(value["problems"], serde_json::json!([]));
    assert_eq!((&value["published"]["cells"], &value["published"]["not_applicable"]), (&330.into(), &12.into()));

    let set = check(root, &["scenarios/butterfly/published.toml", "--set", "a=1"]);
    assert_eq!(set.status.code(), Some(2));
    let scenario = check(root, &["scenarios/two_arms.toml"]);
    assert!(text(&scenario.stdout).contains("Persons in a replicate"), "{}", text(&scenario.stderr));

    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.toml"), FINE.replacen("20, 63]", "20, 62]", 1)).unwrap();
    let bad = check(folder.path(), &["bad.toml"]);
    assert_eq!((bad.status.code(), bad.stdout.len()), (Some(1), 0));
    let said = text(&bad.stderr);
    assert!(said.contains("S0906") && said.contains("bad.toml:35") && said.contains("5 as 63%"), "{said}");
    let json = check(folder.path(), &["bad.toml", "--json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((json.status.code(), &value["problems"][0]["code"]), (Some(1), &"S0906".into()));
    assert!(value["published"].is_null());
}

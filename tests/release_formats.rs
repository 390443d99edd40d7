//! A small table with every kind of nothing in it, in all formats, read back: with arrow-rs itself, and where they are
//! installed with pandas, polars and pyarrow (`$ECLOSION_PYTHON` or `python3`), with R, and with PSPP. A cell without a
//! value, a zero by design and a zero must stay three things, and labels must come through.

use eclosion::release::{Cells, Field, FieldKind, Folder, Format, Stamp, syntax};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[cfg(feature = "columnar")]
#[path = "release_formats/columnar.rs"]
mod columnar;

/// Names as nasty as they come: for CSV, for spreadsheets, for each of the languages.
pub const GROUPS: [&str; 8] =
    ["north", "NA", "=1+1", "it's \"so\", he said", "two\nlines", "`echo' $HOME %s {x} \\n", "Zürich 東京 😀", "'=1"];

fn names(texts: &[&str]) -> FieldKind {
    FieldKind::Level(texts.iter().map(|t| (*t).to_owned()).collect())
}

pub fn fields() -> Vec<Field> {
    let reasons = || names(&["refused", "not_asked", "lost"]);
    vec![
        Field::new("record", FieldKind::Record, "code of the record"),
        Field::new("wave", FieldKind::Integer, "number of the wave").range("from 1").largest(5),
        Field::new("person", FieldKind::Integer, "a number as large as they get"),
        Field::new("group", names(&GROUPS), "group of the record").label("group"),
        Field::new("well", FieldKind::YesNo, "felt well in the last week").label("felt well"),
        Field::new("well_missing", reasons(), "why `well` has no value, or is 0").reasons_of("well"),
        Field::new("hours", FieldKind::Number, "hours \"worked\" \\ week").unit("hours").label("hours of work"),
        Field::new("hours_missing", reasons(), "why `hours` has no value, or is 0").reasons_of("hours"),
        Field::new("note_1", FieldKind::Text, "a text"),
    ]
}

pub const NONE: u8 = u8::MAX;
pub const RECORDS: [u64; 8] = [0, 33, 1, 1 << 59, 5, 6, 7, 8];
pub const WAVE: [i64; 8] = [1, 2, 3, 4, 5, 1, 2, 3];
pub const PERSON: [i64; 8] = [1, -2, 3, 1 << 52, 5, 6, 7, 8];
pub const GROUP: [u8; 8] = [0, 1, 2, 3, 4, 5, 6, 7];
/// Refused, not known why, zero by design, zero, one, lost, one, zero.
pub const WELL: [u8; 8] = [NONE, NONE, 0, 0, 1, NONE, 1, 0];
pub const WELL_MISSING: [u8; 8] = [0, NONE, 1, NONE, NONE, 2, NONE, NONE];
pub const HOURS: [f64; 8] = [0.1 + 0.2, 1e-7, f64::NAN, f64::NAN, 0.0, 0.0, -12.5, 123_456_789.125];
pub const HOURS_MISSING: [u8; 8] = [NONE, NONE, 0, NONE, 1, NONE, NONE, NONE];

pub fn note() -> Vec<String> {
    ["", "NA", "0", "@x", "null", " blank ", "a,b", "ä"].map(str::to_owned).to_vec()
}

/// Calls with the cells of the table.
pub fn with_cells<T>(call: impl FnOnce(&[Cells<'_>]) -> T) -> T {
    call(&[
        Cells::Records(&RECORDS),
        Cells::Integers(&WAVE),
        Cells::Integers(&PERSON),
        Cells::Codes(&GROUP),
        Cells::Codes(&WELL),
        Cells::Codes(&WELL_MISSING),
        Cells::Numbers(&HOURS),
        Cells::Codes(&HOURS_MISSING),
        Cells::Texts(&note()),
    ])
}

/// The table in all formats, and the programs that read it.
pub fn write(path: &Path) {
    let stamp = Stamp { scenario_hash: "abc".to_owned(), seed: 7, version: "0.1.0".to_owned() };
    let mut folder = Folder::open(path, Format::Csv, false, stamp.clone()).unwrap();
    for format in Format::all() {
        folder.change_format(format);
        let mut table = folder.table("observed", fields()).unwrap();
        with_cells(|cells| folder.write("observed", &mut table, cells)).unwrap();
        folder.close("observed", table).unwrap();
    }
    let tables = [("observed.csv".to_owned(), fields())];
    folder.text("load.do", &syntax::stata::write(&tables, &stamp)).unwrap();
    folder.text("load.sps", &syntax::spss::write(&tables, &stamp)).unwrap();
    folder.text("load.R", &syntax::r::write(&tables, &stamp)).unwrap();
    folder.text("load.py", &syntax::pandas::write(&tables, &stamp)).unwrap();
    folder.commit().unwrap();
}

/// Whether a program is there and does this.
fn works(program: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs a check that must succeed.
fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/release_formats").join(name)
}

#[test]
fn text_formats_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let csv = read("observed.csv");
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("record,wave,person,group,well,well_missing,hours,hours_missing,note_1"));
    assert_eq!(lines.next(), Some("S-000000000000,1,1,north,,refused,0.30000000000000004,,"));
    assert_eq!(lines.next(), Some("S-000000000011,2,-2,NA,,,1e-7,,NA"));
    assert_eq!(lines.next(), Some("S-000000000001,3,3,'=1+1,0,not_asked,,refused,0"));
    assert_eq!(lines.next(), Some("S-G00000000000,4,4503599627370496,\"it's \"\"so\"\", he said\",0,,,,'@x"));
    assert!(csv.ends_with("S-000000000008,3,8,''=1,0,,123456789.125,,ä\n"));
    assert!(!csv.contains('\r') && !csv.starts_with('\u{feff}'));
    let first: serde_json::Value = serde_json::from_str(read("observed.jsonl").lines().next().unwrap()).unwrap();
    assert_eq!(first["well"], serde_json::Value::Null);
    assert_eq!(first["well_missing"], "refused");
    assert_eq!(first["hours"], 0.1 + 0.2);
    let rows: Vec<String> = read("observed.jsonl").lines().map(str::to_owned).collect();
    assert_eq!(rows.len(), 8);
    // Nothing is escaped that no spreadsheet reads, and keys are in the order of the columns.
    assert_eq!(
        rows[2],
        "{\"record\":\"S-000000000001\",\"wave\":3,\"person\":3,\"group\":\"=1+1\",\"well\":0,\
         \"well_missing\":\"not_asked\",\"hours\":null,\"hours_missing\":\"refused\",\"note_1\":\"0\"}"
    );
    for name in ["observed.csv-metadata.json", "observed.jsonl-metadata.json"] {
        assert!(read(name).contains("synthetic: no real person"));
    }
}

#[test]
fn python_reads_what_was_written() {
    let python = std::env::var_os("ECLOSION_PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from);
    if !works(&python, &["-c", "import numpy, pandas, polars, pyarrow"]) {
        println!("skipped: {} has not all of pandas, polars, pyarrow", python.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    run(Command::new(python).arg(script("check.py")).arg(folder.path()).env("PYTHONDONTWRITEBYTECODE", "1"));
}

#[test]
fn r_reads_what_was_written() {
    if !works(Path::new("Rscript"), &["--version"]) {
        println!("skipped: no Rscript");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    // In the plainest locale, where texts that are not ASCII are most easily lost.
    run(Command::new("Rscript").arg("--vanilla").arg(script("check.R")).arg(folder.path()).env("LC_ALL", "C"));
}

#[test]
fn pspp_runs_the_syntax_for_spss() {
    if !works(Path::new("pspp"), &["--version"]) {
        println!("skipped: no pspp");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    run(Command::new("pspp").arg("-O").arg("format=txt").arg("load.sps").current_dir(folder.path()));
    assert!(folder.path().join("observed.sav").exists());
}

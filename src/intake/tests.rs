use super::*;
use crate::diagnostic::{Span, Text};
use crate::tables::Answers;
use std::io::Write;
use std::path::PathBuf;

fn text(text: &str) -> Text {
    Text { text: text.to_owned(), span: Span::default() }
}

/// A file that lives as long as what is given back first.
fn file(content: &str) -> (tempfile::NamedTempFile, PathBuf) {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(content.as_bytes()).unwrap();
    let path = file.path().to_path_buf();
    (file, path)
}

fn long() -> Declaration {
    Declaration { id: Some(text("id")), wave: Some(text("wave")), ..Declaration::default() }
}

fn numbers(answers: Answers<'_>) -> Vec<Option<f64>> {
    (0..answers.len()).map(|i| answers.get(i)).collect()
}

#[test]
fn rows_become_records_and_waves_in_the_order_of_the_file() {
    let (_file, path) = file("id,wave,y,score,word\nb,2,1,0.5,no\na,1,0,,yes\nb,1,NA,1.5,yes\n");
    let intake = read(&[path], &long()).unwrap();
    assert_eq!(intake.persons, ["b", "a"]);
    let observed = intake.batch.replicate(0);
    assert_eq!((observed.records(), observed.schema().waves(), intake.rows), (2, 2, 3));
    assert_eq!(numbers(observed.item(0, 0)), [None, Some(0.0)]);
    assert_eq!(numbers(observed.item(0, 1)), [Some(1.0), None]);
    assert_eq!(numbers(observed.item(1, 0)), [Some(1.5), None]);
    // Levels in the order of their texts: `no`, `yes`.
    assert_eq!(numbers(observed.item(2, 0)), [Some(1.0), Some(1.0)]);
    assert_eq!(numbers(observed.item(2, 1)), [Some(0.0), None]);
    assert_eq!(observed.attended(1), [true, false]);
    assert!(observed.schema().items[0].coding.as_ref().unwrap().is_yes_no());
    assert!(observed.schema().items[1].coding.is_none());
}

#[test]
fn what_is_known_from_the_start_is_the_first_value() {
    let (_file, path) = file("id,wave,age,arm,w\n1,1,,x,2\n1,2,15,x,0.5\n2,1,16,y,1\n2,2,17,y,1\n");
    let declaration =
        Declaration { baseline: vec![text("age")], group: Some(text("arm")), weight: Some(text("w")), ..long() };
    let intake = read(&[path], &declaration).unwrap();
    let observed = intake.batch.replicate(0);
    assert_eq!(numbers(observed.baseline(0)), [Some(15.0), Some(16.0)]);
    assert_eq!(observed.group(), [0, 1]);
    assert_eq!(observed.schema().groups, ["x", "y"]);
    assert_eq!(observed.weights(1), Some(&[0.5, 1.0][..]));
    assert!(intake.warnings[0].contains("differs within person `2`"), "{:?}", intake.warnings);
    // Only columns without a meaning of their own are items.
    assert!(observed.schema().items.is_empty());
}

#[test]
fn files_without_waves_are_waves() {
    let (_one, one) = file("name,yob\nAnn,1990\nBo,1991\n");
    let (_two, two) = file("yob,name\n1990,Ann\n");
    let declaration = Declaration { fields: vec![text("name"), text("yob")], ..Declaration::default() };
    let intake = read(&[one, two], &declaration).unwrap();
    let observed = intake.batch.replicate(0);
    assert_eq!((observed.records(), observed.schema().waves()), (3, 2));
    assert_eq!(observed.attended(0), [true, true, false]);
    assert_eq!(observed.attended(1), [false, false, true]);
    assert_eq!(observed.schema().fields[0].texts, ["Ann", "Bo"]);
    assert_eq!(observed.field(0, 1), [u32::MAX, u32::MAX, 0]);
    assert_eq!(observed.field(1, 0), [0, 1, u32::MAX]);
}

#[test]
fn fields_are_kept_as_they_are_written() {
    let (_file, path) = file("number\n007\n7\n");
    let declaration = Declaration { fields: vec![text("number")], ..Declaration::default() };
    let intake = read(&[path], &declaration).unwrap();
    let observed = intake.batch.replicate(0);
    assert_eq!(observed.schema().fields[0].texts, ["007", "7"]);
    // As a variable both are seven.
    assert_eq!(numbers(observed.item(0, 0)), [Some(7.0), Some(7.0)]);
}

#[test]
fn rows_that_cannot_be_placed_are_named() {
    let refused = |content: &str, declaration: &Declaration| {
        let (_file, path) = file(content);
        let problem = read(&[path], declaration).unwrap_err();
        let message = problem.message.rsplit("csv`").next().unwrap_or_default().to_owned();
        (problem.code, message)
    };
    let case = |content, code, end: &str| {
        let (got, message) = refused(content, &long());
        assert_eq!(got, code);
        assert!(message.ends_with(end), "{message}");
    };
    case("id,wave,y\n1,1,0\n1,1,1\n", "R0060", ", row 1)");
    case("id,wave,y\n1,0,0\n", "R0061", "`wave` is `0`, but must be the number of the wave: 1, 2, 3, ...");
    case("id,wave,y\n1,first,0\n", "R0061", "`wave` is `first`, but must be the number of the wave: 1, 2, 3, ...");
    case("id,wave,y\n,1,0\n", "R0061", "`id` is empty, but must be the person's number or name");
    case("person,wave\n1,1\n", "R0052", "the table has no column `id`; its columns: person, wave");
    case("id,wave,y,y\n1,1,0,0\n", "R0062", " has two columns `y`");
    let weighted = Declaration { weight: Some(text("w")), ..long() };
    assert_eq!(refused("id,wave,w\n1,1,-1\n", &weighted).0, "R0061");
}

#[test]
fn codes_of_one_s_own_can_stand_for_no_answer() {
    let (_file, path) = file("y,x\n1,-9\n-9,2\n");
    let declaration = Declaration { missing: vec![text("-9")], ..Declaration::default() };
    let intake = read(&[path], &declaration).unwrap();
    let observed = intake.batch.replicate(0);
    assert_eq!(numbers(observed.item(0, 0)), [Some(1.0), None]);
    assert_eq!(numbers(observed.item(1, 0)), [None, Some(2.0)]);
}

#[test]
fn an_empty_table_has_one_wave_and_nobody() {
    let (_file, path) = file("id,wave,y\n");
    let intake = read(&[path], &long()).unwrap();
    assert_eq!((intake.batch.replicate(0).records(), intake.batch.schema.waves()), (0, 1));
}

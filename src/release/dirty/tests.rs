//! Errors in a table made by hand.

use super::level_typos::mistyped;
use super::*;
use crate::release::field::{Field, FieldKind};
use crate::release::product::{Block, Column, Role, RowId, Values};
use crate::streams::{Space, Streams};

fn columns() -> Vec<Column> {
    let column = |name: &str, kind, role| Column::new(Field::new(name, kind, ""), role);
    let levels = vec!["shelter".to_owned(), "community".to_owned()];
    vec![
        column("record", FieldKind::Record, Role::Record),
        column("wave", FieldKind::Integer, Role::Wave),
        column("years", FieldKind::Number, Role::Date),
        column("well", FieldKind::YesNo, Role::Value),
        column("setting", FieldKind::Level(levels), Role::Value),
        column("age", FieldKind::Number, Role::Value),
    ]
}

/// `records` records with two waves each, of which the first has the number `first`.
fn block(first: u32, records: u32) -> Block {
    let rows: Vec<RowId> = (first..first + records)
        .flat_map(|row| {
            (1..3).map(move |wave| RowId { row, code: u64::from(row), wave: Some(wave), occasion: wave << 20 })
        })
        .collect();
    let columns = vec![
        Values::Records(rows.iter().map(|row| row.code).collect()),
        Values::Integers(rows.iter().map(|row| i64::from(row.wave.unwrap_or(0))).collect()),
        Values::Numbers(rows.iter().map(|row| f64::from(row.wave.unwrap_or(0)) / 2.0).collect()),
        Values::Codes(rows.iter().map(|row| (row.row % 3) as u8).collect()),
        Values::Codes(rows.iter().map(|row| (row.row % 2) as u8).collect()),
        Values::Numbers(rows.iter().map(|row| f64::from(10 + row.row % 10)).collect()),
    ];
    let mut block = Block { rows, columns };
    block.open(&self::columns());
    block
}

fn dirtied(preset: &Preset, mut block: Block) -> (Block, Vec<DataError>) {
    let streams = Streams::new(5, Space::Study);
    let draws = Draws { streams: &streams, replicate: 0 };
    let (fields, mut errors) = (columns(), Vec::new());
    let mut page =
        Page { table: "answers", fields: &fields, block: &mut block, draws, waves: 2, errors: &mut errors, kind: "" };
    preset.work(&mut page);
    (block, errors)
}

#[test]
fn kinds_occur_at_their_rates() {
    let records = 20_000;
    for preset in &PRESETS {
        let (_, errors) = dirtied(preset, block(0, records));
        for kind in &KINDS {
            let count = errors.iter().filter(|error| error.kind == kind.name).count() as f64;
            // What can be hit, in the order of the kinds: rows, pairs of rows, cells.
            let chances = f64::from(records)
                * match kind.name {
                    // A swap is told twice, once for each row.
                    "swapped_dates" => 2.0,
                    // A third of the answers to `well` is missing.
                    "blank" => 2.0 * (2.0 / 3.0 + 2.0),
                    "impossible_value" => 2.0 * (2.0 / 3.0 + 1.0),
                    _ => 2.0,
                };
            let expected = chances * kind.rates[preset.position];
            // Rows that are left out or doubled, and cells that are blank, change the chances by a few in a hundred.
            let allowed = 5.0 * expected.sqrt() * std::f64::consts::SQRT_2 + 0.06 * expected;
            assert!((count - expected).abs() < allowed, "{} {}: {count}, {expected}", preset.name, kind.name);
        }
    }
}

#[test]
fn errors_do_not_depend_on_the_stretch() {
    let preset = &PRESETS[1];
    let (whole, errors) = dirtied(preset, block(0, 3000));
    let (first, mut first_errors) = dirtied(preset, block(0, 1100));
    let (second, second_errors) = dirtied(preset, block(1100, 1900));
    first_errors.extend(second_errors);
    let sorted = |errors: &[DataError]| {
        let mut texts: Vec<String> = errors.iter().map(|error| format!("{error:?}")).collect();
        texts.sort();
        texts
    };
    assert_eq!(sorted(&errors), sorted(&first_errors));
    assert_eq!(whole.rows, [first.rows, second.rows].concat());
    let texts = |block: &Block, column: usize| -> Vec<String> {
        (0..block.rows.len()).map(|row| block.columns[column].text(row)).collect()
    };
    for column in 0..6 {
        let parts = [dirtied(preset, block(0, 1100)).0, dirtied(preset, block(1100, 1900)).0]
            .map(|b| texts(&b, column))
            .concat();
        assert_eq!(texts(&whole, column), parts);
    }
}

#[test]
fn errors_are_what_they_are_called() {
    let (block, errors) = dirtied(&PRESETS[1], block(0, 5000));
    for error in &errors {
        match error.kind {
            "impossible_value" if error.column == "well" => assert_eq!(error.after, "9"),
            "impossible_value" => {
                let number = |text: &str| text.parse::<f64>().unwrap();
                assert_eq!(number(&error.after), number(&error.before) + 200.0);
            }
            "blank" => assert!(!error.before.is_empty() && error.after.is_empty()),
            "code_typo" => {
                let differ = error.before.chars().zip(error.after.chars()).filter(|(a, b)| a != b).count();
                assert!(differ == 1 && error.after.starts_with("S-") && error.after.len() == 14, "{error:?}");
            }
            "level_typo" => assert_ne!(error.before, error.after),
            "wave_mix_up" => assert!(["1", "2"].contains(&error.after.as_str()) && error.before != error.after),
            "swapped_dates" => assert!(["0.5", "1"].contains(&error.after.as_str())),
            _ => assert!(error.column.is_empty(), "{error:?}"),
        }
    }
    assert_eq!(block.columns.len(), 6);
}

#[test]
fn typos_by_hand() {
    assert_eq!(mistyped("shelter", 1, 0), "selter");
    assert_eq!(mistyped("shelter", 1, 1), "sehlter");
    assert_eq!(mistyped("shelter", 1, 2), "shhelter");
    assert_eq!(mistyped("aa", 0, 1), "aaa");
    assert_eq!(mistyped("a", 0, 0), "aa");
    assert_eq!(mistyped("größe", 2, 0), "grße");
}

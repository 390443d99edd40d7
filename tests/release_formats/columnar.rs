//! Parquet and Arrow IPC read back with arrow-rs.

use super::{GROUPS, HOURS, NONE, RECORDS, WAVE, WELL, WELL_MISSING, fields, note, with_cells, write};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int8Type, Int16Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use eclosion::release::{Cells, Field, FieldKind, Format, Table, record_text};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::fs::File;
use std::path::Path;

fn read_parquet(path: &Path) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    reader.with_batch_size(1000).build().unwrap().map(Result::unwrap).collect()
}

fn read_arrow(path: &Path) -> Vec<RecordBatch> {
    let reader = arrow_ipc::reader::FileReader::try_new(File::open(path).unwrap(), None).unwrap();
    assert_eq!(reader.schema().metadata().get("eclosion.seed").map(|s| s.to_string()), Some("7".to_owned()));
    reader.map(Result::unwrap).collect()
}

/// Cells of a column of names.
fn named(array: &ArrayRef) -> Vec<Option<String>> {
    let keys = array.as_any_dictionary();
    let (normal, names) = (keys.normalized_keys(), keys.values().as_string::<i32>());
    (0..array.len()).map(|i| array.is_valid(i).then(|| names.value(normal[i]).to_owned())).collect()
}

#[test]
fn the_table_comes_back_with_its_labels() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let parquet = read_parquet(&folder.path().join("observed.parquet"));
    let arrow = read_arrow(&folder.path().join("observed.arrow"));
    for batches in [parquet, arrow] {
        let [batch] = &batches[..] else { panic!("{} batches", batches.len()) };
        let column = |name: &str| batch.column_by_name(name).unwrap();
        let records: Vec<_> = column("record").as_string::<i32>().iter().map(|t| t.unwrap().to_owned()).collect();
        assert_eq!(records, RECORDS.map(record_text));
        assert_eq!(column("wave").as_primitive::<Int8Type>().values()[..], WAVE.map(|w| w as i8));
        assert_eq!(column("person").as_primitive::<Int64Type>().value(3), 1 << 52);
        assert_eq!(named(column("group")), GROUPS.map(|g| Some(g.to_owned())));
        let well: Vec<_> = column("well").as_primitive::<Int8Type>().iter().collect();
        assert_eq!(well, WELL.map(|w| (w != NONE).then_some(w as i8)));
        let reason = |code: u8| ["refused", "not_asked", "lost"].get(usize::from(code)).map(|r| (*r).to_owned());
        assert_eq!(named(column("well_missing")), WELL_MISSING.map(reason));
        let hours: Vec<_> = column("hours").as_primitive::<Float64Type>().iter().collect();
        assert_eq!(hours, HOURS.map(|h| (!h.is_nan()).then_some(h)));
        let texts: Vec<_> = column("note_1").as_string::<i32>().iter().map(|t| t.unwrap_or("").to_owned()).collect();
        assert_eq!(texts, note());
        let schema = batch.schema();
        let word = |column: &str, key: &str| {
            schema.field_with_name(column).unwrap().metadata().get(key).map(|word| word.to_string())
        };
        assert_eq!(word("well", "label").as_deref(), Some("felt well"));
        assert_eq!(word("well", "reasons").as_deref(), Some("well_missing"));
        assert_eq!(word("well_missing", "reasons_of").as_deref(), Some("well"));
        assert_eq!(word("hours", "unit").as_deref(), Some("hours"));
        assert_eq!(word("hours", "label").as_deref(), Some("hours of work"));
        assert_eq!(word("wave", "range").as_deref(), Some("from 1"));
    }
}

/// Rows that make several row groups.
const ROWS: usize = 270_000;

/// Numbers of names that need 0, 1, 9 and 16 bits, and none at all.
const NAMES: [u32; 5] = [1, 2, 300, 40_000, 0];

fn many_fields() -> Vec<Field> {
    let levels = |count: u32| FieldKind::Level((0..count).map(|i| format!("n{i}")).collect());
    let mut fields: Vec<Field> =
        NAMES.iter().map(|count| Field::new(format!("level.{count}"), levels(*count), "")).collect();
    fields.push(Field::new("yes", FieldKind::YesNo, ""));
    fields.push(Field::new("whole", FieldKind::Integer, "").largest(30_000));
    fields.push(Field::new("number", FieldKind::Number, ""));
    fields.push(Field::new("record", FieldKind::Record, ""));
    fields
}

/// A word that looks random; long runs of the same in between, some of them of no value.
fn word(row: usize, column: usize) -> u64 {
    let row = if (row / 1000).is_multiple_of(3) { row / 1000 } else { row };
    let x = (row as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (column as u64).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (x ^ (x >> 29)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 20
}

/// The position of a name, or one too many.
fn code(row: usize, column: usize, names: u32) -> u32 {
    (word(row, column) % (u64::from(names) + 1)) as u32
}

fn many(format: Format, stretch: usize) -> Vec<u8> {
    let mut table = Table::new(Vec::new(), format, many_fields(), &[]).unwrap();
    for first in (0..ROWS).step_by(stretch) {
        let rows = first..ROWS.min(first + stretch);
        let levels: Vec<Vec<u32>> = (NAMES.iter().enumerate())
            .map(|(column, names)| rows.clone().map(|row| code(row, column, *names)).collect())
            .collect();
        let yes: Vec<u8> = rows.clone().map(|row| code(row, 10, 2) as u8).collect();
        let whole: Vec<i64> = rows.clone().map(|row| (word(row, 11) % 60_001) as i64 - 30_000).collect();
        let number: Vec<f64> = rows.clone().map(number).collect();
        let record: Vec<u64> = rows.clone().map(|row| row as u64).collect();
        let mut cells: Vec<Cells<'_>> = levels.iter().map(|l| Cells::LongCodes(l)).collect();
        cells.extend([Cells::Codes(&yes), Cells::Integers(&whole), Cells::Numbers(&number), Cells::Records(&record)]);
        table.write(&cells).unwrap();
    }
    table.finish().unwrap()
}

fn number(row: usize) -> f64 {
    if word(row, 12).is_multiple_of(5) { f64::NAN } else { word(row, 13) as f64 / 7.0 }
}

#[test]
fn many_rows_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.parquet");
    std::fs::write(&path, many(Format::Parquet, 100_000)).unwrap();
    let groups = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    assert_eq!(groups.metadata().num_row_groups(), 2);
    let mut first = 0;
    for batch in read_parquet(&path) {
        let rows = first..first + batch.num_rows();
        for (column, names) in NAMES.into_iter().enumerate() {
            let array = batch.column(column);
            let keys = array.as_any_dictionary();
            let texts = keys.values().as_string::<i32>();
            assert!(first > 0 || names == 0 || texts.len() == names as usize, "{names} names, {} read", texts.len());
            let normal = if names == 0 { vec![0; array.len()] } else { keys.normalized_keys() };
            for (i, row) in rows.clone().enumerate() {
                let expected = Some(code(row, column, names)).filter(|code| *code < names);
                let got = array.is_valid(i).then(|| texts.value(normal[i]));
                assert_eq!(got.map(|t| t[1..].parse().unwrap()), expected, "column {column}, row {row}");
            }
        }
        for (i, row) in rows.clone().enumerate() {
            let yes = batch.column(5).as_primitive::<Int8Type>();
            assert_eq!(yes.is_valid(i).then(|| yes.value(i) as u32), Some(code(row, 10, 2)).filter(|c| *c < 2));
            let whole = i64::from(batch.column(6).as_primitive::<Int16Type>().value(i));
            assert_eq!(whole, (word(row, 11) % 60_001) as i64 - 30_000);
            let cell = batch.column(7).as_primitive::<Float64Type>();
            assert_eq!(cell.is_valid(i).then(|| cell.value(i)), Some(number(row)).filter(|n| !n.is_nan()));
            assert_eq!(batch.column(8).as_string::<i32>().value(i), record_text(row as u64));
        }
        first = rows.end;
    }
    assert_eq!(first, ROWS);
}

#[test]
fn stretches_make_no_difference_to_the_bytes() {
    let size = 200_000;
    for format in [Format::Parquet, Format::Arrow] {
        assert!(many(format, size) == many(format, 4_321), "{format:?}");
    }
}

#[test]
fn a_whole_number_that_does_not_fit_is_an_error() {
    let field = || vec![Field::new("x", FieldKind::Integer, "").largest(100)];
    for format in [Format::Parquet, Format::Arrow] {
        for (value, fits) in [(100, true), (-100, true), (101, false), (-101, false), (i64::MIN, false)] {
            let mut table = Table::new(Vec::new(), format, field(), &[]).unwrap();
            assert_eq!(table.write(&[Cells::Integers(&[value])]).is_ok(), fits, "{value}");
        }
    }
}

#[test]
fn narrow_types_by_the_largest_number() {
    let field = |largest| Field::new("x", FieldKind::Integer, "").largest(largest);
    let kinds = [100, 127, 128, 32_767, 32_768, i64::from(i32::MAX), i64::MAX];
    let fields: Vec<Field> =
        kinds.iter().zip(0..).map(|(largest, i)| Field { name: format!("x{i}"), ..field(*largest) }).collect();
    let mut table = Table::new(Vec::new(), Format::Arrow, fields, &[]).unwrap();
    let values: Vec<[i64; 1]> = kinds.iter().map(|largest| [*largest]).collect();
    table.write(&values.iter().map(|v| Cells::Integers(v)).collect::<Vec<_>>()).unwrap();
    let bytes = table.finish().unwrap();
    let reader = arrow_ipc::reader::FileReader::try_new(std::io::Cursor::new(bytes), None).unwrap();
    let batch = reader.map(Result::unwrap).next().unwrap();
    assert_eq!(batch.column(1).as_primitive::<Int8Type>().value(0), 127);
    assert_eq!(batch.column(3).as_primitive::<Int16Type>().value(0), 32_767);
    assert_eq!(batch.column(5).as_primitive::<Int32Type>().value(0), i32::MAX);
    assert_eq!(batch.column(6).as_primitive::<Int64Type>().value(0), i64::MAX);
}

#[test]
fn tables_without_rows_are_whole_files() {
    for format in Format::all() {
        let table = Table::new(Vec::new(), format, fields(), &[]).unwrap();
        let bytes = table.finish().unwrap();
        assert_eq!(bytes.is_empty(), format == Format::JsonLines, "{format:?}");
        let whole = with_cells(|cells| {
            let mut table = Table::new(Vec::new(), format, fields(), &[]).unwrap();
            table.write(cells).unwrap();
            table.finish().unwrap()
        });
        assert!(whole.len() > bytes.len());
    }
}

//! A table of 20 columns as a survey's release has them, and Parquet written with arrow-rs straight: its usual
//! properties with snappy, and arrays that were made before the clock starts.

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int8Array, Int32Array, Int64Array, RecordBatch, StringArray,
};
use arrow_schema::{DataType, Field, Schema};
use eclosion::release::record_text;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::io::Write;
use std::sync::Arc;

/// Rows of the table: persons of five waves, wave after wave in each stretch.
pub const ROWS: usize = 1 << 19;
/// Rows handed over at a time.
pub const STRETCH: usize = 1 << 17;
/// Numbers of names of the columns of names; the last two say why a cell has no value, and are mostly empty.
pub const LEVELS: [u8; 6] = [4, 20, 3, 5, 6, 6];
/// Columns of yes and no.
pub const YES_NO: usize = 6;
/// Columns of real numbers.
pub const NUMBERS: usize = 4;

/// Cells as the release gets them.
pub struct Columns {
    pub record: Vec<u64>,
    pub integers: [Vec<i64>; 3],
    pub levels: Vec<Vec<u8>>,
    pub yes_no: Vec<Vec<u8>>,
    pub numbers: Vec<Vec<f64>>,
}

/// The finaliser of splitmix64.
fn mix(x: u64) -> u64 {
    let z = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn word(row: usize, column: u64) -> u64 {
    mix((row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(column << 40))
}

/// Whether a cell has no value: about one in seven.
fn lost(row: usize, column: u64) -> bool {
    word(row, 100 + column).is_multiple_of(7)
}

impl Columns {
    pub fn new() -> Self {
        let wave = |row: usize| row % STRETCH / (STRETCH / 4);
        let person = |row: usize| row % STRETCH % (STRETCH / 4) + row / STRETCH * (STRETCH / 4);
        let level = |i: usize| -> Vec<u8> {
            let names = u64::from(LEVELS[i]);
            let cell = |row: usize| match i {
                0 | 1 => (word(person(row), i as u64) % names) as u8,
                2 | 3 if lost(row, i as u64) => u8::MAX,
                2 | 3 => (word(row, i as u64) % names) as u8,
                _ if lost(row, i as u64 - 2) => (word(row, i as u64) % names) as u8,
                _ => u8::MAX,
            };
            (0..ROWS).map(cell).collect()
        };
        let yes_no = |i: usize| -> Vec<u8> {
            let cell =
                |row| if i < 3 && lost(row, 10 + i as u64) { u8::MAX } else { (word(row, 20 + i as u64) & 1) as u8 };
            (0..ROWS).map(cell).collect()
        };
        let number = |i: usize| -> Vec<f64> {
            let uniform = |row| (word(row, 30 + i as u64) >> 11) as f64 * (1.0 / (1_u64 << 53) as f64);
            let cell = |row| match i {
                0 => wave(row) as f64 * 0.5,
                1 => (uniform(row) * 40.0).round() / 2.0,
                _ if lost(row, i as u64) => f64::NAN,
                _ => uniform(row),
            };
            (0..ROWS).map(cell).collect()
        };
        Self {
            record: (0..ROWS).map(|row| word(person(row), 0) >> 4).collect(),
            integers: [
                (0..ROWS).map(|row| (row / STRETCH) as i64).collect(),
                (0..ROWS).map(|row| wave(row) as i64 + 1).collect(),
                (0..ROWS).map(|row| (word(person(row), 1) % 60) as i64 + 18).collect(),
            ],
            levels: (0..LEVELS.len()).map(level).collect(),
            yes_no: (0..YES_NO).map(yes_no).collect(),
            numbers: (0..NUMBERS).map(number).collect(),
        }
    }
}

/// Name of a level of a column of names.
pub fn level_name(column: usize, level: u8) -> String {
    format!("name {level} of column {column}")
}

/// The table as arrays.
pub fn batches(columns: &Columns) -> Vec<RecordBatch> {
    let names = |i: usize| StringArray::from_iter_values((0..LEVELS[i]).map(|l| level_name(i, l)));
    let mut batches = Vec::new();
    for first in (0..ROWS).step_by(STRETCH) {
        let rows = first..(first + STRETCH).min(ROWS);
        let mut arrays: Vec<(String, ArrayRef)> = Vec::new();
        let record = columns.record[rows.clone()].iter().map(|code| record_text(*code));
        arrays.push(("record".to_owned(), Arc::new(StringArray::from_iter_values(record))));
        for (name, cells) in ["replicate", "wave", "age"].iter().zip(&columns.integers) {
            arrays.push(((*name).to_owned(), Arc::new(Int64Array::from(cells[rows.clone()].to_vec()))));
        }
        for (i, cells) in columns.levels.iter().enumerate() {
            let keys = cells[rows.clone()].iter().map(|code| (*code < LEVELS[i]).then_some(i32::from(*code)));
            let keys: Int32Array = keys.collect();
            let array = DictionaryArray::<Int32Type>::try_new(keys, Arc::new(names(i))).expect("the keys are names");
            arrays.push((format!("level_{i}"), Arc::new(array)));
        }
        for (i, cells) in columns.yes_no.iter().enumerate() {
            let cells = cells[rows.clone()].iter().map(|code| (*code < 2).then_some(*code as i8));
            arrays.push((format!("yes_{i}"), Arc::new(cells.collect::<Int8Array>())));
        }
        for (i, cells) in columns.numbers.iter().enumerate() {
            let cells = cells[rows.clone()].iter().map(|value| (!value.is_nan()).then_some(*value));
            arrays.push((format!("number_{i}"), Arc::new(cells.collect::<Float64Array>())));
        }
        let field = |(name, array): &(String, ArrayRef)| {
            Field::new(name, array.data_type().clone(), *array.data_type() != DataType::Int64)
        };
        let schema = Schema::new(arrays.iter().map(field).collect::<Vec<_>>());
        let arrays = arrays.into_iter().map(|(_, array)| array).collect();
        batches.push(RecordBatch::try_new(Arc::new(schema), arrays).expect("the arrays fit"));
    }
    batches
}

/// Writes the arrays as Parquet.
pub fn write<W: Write + Send>(batches: &[RecordBatch], out: W) -> W {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(out, batches[0].schema(), Some(properties)).expect("nothing can fail");
    for batch in batches {
        writer.write(batch).expect("nothing can fail");
    }
    writer.into_inner().expect("nothing can fail")
}

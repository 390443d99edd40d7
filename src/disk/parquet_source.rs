//! Parquet tables, a stretch of rows at a time.

use super::source::{Place, Take, Value};
use super::{cannot_read, problem};
use crate::tables::RunProblem;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::path::Path;

type Builder = ParquetRecordBatchReaderBuilder<File>;

fn builder(path: &Path) -> Result<Builder, RunProblem> {
    let file = File::open(path).map_err(|e| cannot_read(path, e))?;
    Builder::try_new(file).map_err(|e| cannot_read(path, e))
}

/// Names of the columns.
pub(super) fn columns(path: &Path) -> Result<Vec<String>, RunProblem> {
    Ok(builder(path)?.schema().fields().iter().map(|field| field.name().clone()).collect())
}

/// Hands over every row.
pub(super) fn each_row(path: &Path, take: &mut Take<'_>) -> Result<(), RunProblem> {
    let reader: ParquetRecordBatchReader =
        builder(path)?.with_batch_size(1 << 13).build().map_err(|e| cannot_read(path, e))?;
    let mut row = 0;
    for batch in reader {
        let batch = batch.map_err(|e| cannot_read(path, e))?;
        let mut cells = Vec::with_capacity(batch.num_columns());
        for (array, field) in batch.columns().iter().zip(batch.schema_ref().fields()) {
            cells.push(cell_reader(array).ok_or_else(|| {
                let (file, name, kind) = (path.display(), field.name(), field.data_type());
                problem("R0051", format!("cannot read column `{name}` of `{file}`: no text and no number but {kind}"))
            })?);
        }
        let mut values = Vec::with_capacity(cells.len());
        for at in 0..batch.num_rows() {
            row += 1;
            values.clear();
            values.extend(cells.iter().map(|cell| cell(at)));
            take(Place { path, row }, &values)?;
        }
    }
    Ok(())
}

type CellReader<'a> = Box<dyn Fn(usize) -> Value<'a> + 'a>;

fn cell_reader(array: &ArrayRef) -> Option<CellReader<'_>> {
    numbers::<Float64Type>(array, |v| v)
        .or_else(|| numbers::<Float32Type>(array, f64::from))
        .or_else(|| numbers::<Int8Type>(array, f64::from))
        .or_else(|| numbers::<Int16Type>(array, f64::from))
        .or_else(|| numbers::<Int32Type>(array, f64::from))
        .or_else(|| numbers::<Int64Type>(array, |v| v as f64))
        .or_else(|| numbers::<UInt8Type>(array, f64::from))
        .or_else(|| numbers::<UInt16Type>(array, f64::from))
        .or_else(|| numbers::<UInt32Type>(array, f64::from))
        .or_else(|| numbers::<UInt64Type>(array, |v| v as f64))
        .or_else(|| texts(array))
}

fn numbers<'a, T: ArrowPrimitiveType>(
    array: &'a ArrayRef,
    number: impl Fn(T::Native) -> f64 + 'a,
) -> Option<CellReader<'a>> {
    let array = array.as_primitive_opt::<T>()?;
    Some(Box::new(move |at| match array.is_valid(at).then(|| number(array.value(at))) {
        Some(value) if !value.is_nan() => Value::Number(value),
        _ => Value::None,
    }))
}

fn texts(array: &ArrayRef) -> Option<CellReader<'_>> {
    if let Some(array) = array.as_boolean_opt() {
        let number = |at| Value::Number(f64::from(u8::from(array.value(at))));
        return Some(Box::new(move |at| if array.is_valid(at) { number(at) } else { Value::None }));
    }
    if let Some(array) = array.as_string_opt::<i32>() {
        return Some(Box::new(move |at| if array.is_valid(at) { text(array.value(at)) } else { Value::None }));
    }
    if let Some(array) = array.as_string_opt::<i64>() {
        return Some(Box::new(move |at| if array.is_valid(at) { text(array.value(at)) } else { Value::None }));
    }
    if let Some(array) = array.as_string_view_opt() {
        return Some(Box::new(move |at| if array.is_valid(at) { text(array.value(at)) } else { Value::None }));
    }
    let dictionary = array.as_any_dictionary_opt()?;
    let names = dictionary.values().as_string_opt::<i32>()?;
    // Without values there are no keys to be read.
    let keys = if names.is_empty() { Vec::new() } else { dictionary.normalized_keys() };
    Some(Box::new(move |at| match keys.get(at) {
        Some(key) if array.is_valid(at) && names.is_valid(*key) => text(names.value(*key)),
        _ => Value::None,
    }))
}

fn text(text: &str) -> Value<'_> {
    if text.is_empty() { Value::None } else { Value::Text(text) }
}

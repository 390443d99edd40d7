//! Blocks as Parquet files: pair after pair, in each replicate after replicate.
//!
//! Numbers are written plain and not compressed, since estimates have no pattern and time counts; columns with few values
//! are dictionaries. Absent numbers are NaN. Counts of the audit are JSON in the metadata.

use super::identity::Places;
use super::log::Entry;
use super::manifest::Manifest;
use super::{cannot_write, damaged};
use crate::statistics::linkage::quality::Quality;
use crate::tables::{Block, Estimate, EstimateRow, FailureKind, FitFailure, OfReplicates, RunProblem, WarningKind};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, Encoding};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;
use std::sync::Arc;
use twox_hash::XxHash64;

const NUMBERS: [&str; 6] = ["estimate", "model_se", "df", "lower", "upper", "true_value"];
const LINKS: [&str; 3] = ["links_right", "links_wrong", "links_missed"];
/// Name of the counts in a file's metadata.
const COUNTS: &str = "eclosion.of_replicates";

/// Stores can be written.
pub(in crate::store) fn supported() -> Result<(), RunProblem> {
    Ok(())
}

/// Whether a file is there as it was written.
pub(in crate::store) fn is_whole(path: &Path, entry: &Entry) -> bool {
    match std::fs::read(path) {
        Ok(bytes) => bytes.len() as u64 == entry.bytes && XxHash64::oneshot(0, &bytes) == entry.hash,
        Err(_) => false,
    }
}

/// Writes a block; gives length and hash of the file.
pub(in crate::store) fn write(
    path: &Path,
    block: &Block,
    places: &Places,
    manifest: &Manifest,
) -> Result<(u64, u64), RunProblem> {
    let failed = |e: &dyn std::fmt::Display| cannot_write(path, e);
    let bytes = encoded(block, places, manifest).map_err(|e| failed(&e))?;
    // Written under another name first: a file that has its own name is whole. Whether it also survives a loss of power
    // is seen by its hash, which costs less than waiting for the disk.
    let part = path.with_extension("part");
    let folder = path.parent().unwrap_or(path);
    let put = || -> io::Result<()> {
        if let Err(e) = std::fs::write(&part, &bytes) {
            if e.kind() != io::ErrorKind::NotFound {
                return Err(e);
            }
            std::fs::create_dir_all(folder)?;
            std::fs::write(&part, &bytes)?;
        }
        std::fs::rename(&part, path)
    };
    put().map_err(|e| {
        let _ = std::fs::remove_file(&part);
        failed(&e)
    })?;
    Ok((bytes.len() as u64, XxHash64::oneshot(0, &bytes)))
}

/// Rows in the order of the file: pair after pair.
fn by_pair(block: &Block) -> Vec<&EstimateRow> {
    let step = block.pairs.len().max(1);
    (0..step).flat_map(|pair| block.rows.iter().skip(pair).step_by(step)).collect()
}

fn encoded<'m>(block: &Block, places: &Places, manifest: &'m Manifest) -> Result<Vec<u8>, ParquetError> {
    let rows = by_pair(block);
    let name = |list: &'m [(String, String)], position: Option<u32>| {
        position.and_then(|p| list.get(p as usize)).map_or("", |(name, _)| name.as_str())
    };
    let there: Vec<_> = rows.iter().map(|row| places.pair_there((row.estimand, row.method))).collect();
    let estimands = there.iter().map(|pair| name(&manifest.estimands, pair.map(|p| p.0)));
    let methods = there.iter().map(|pair| name(&manifest.methods, pair.map(|p| p.1)));
    let statuses = rows.iter().map(|row| row.result.as_ref().map_or_else(|f| f.kind.status(), |_| "ok"));
    let warning = |row: &&EstimateRow| row.result.as_ref().ok().and_then(|e| e.warning);
    let warnings = rows.iter().map(|row| warning(row).map_or("", WarningKind::name));
    let numbers: [fn(&EstimateRow) -> Option<f64>; 6] = [
        |r| r.result.as_ref().ok().map(|e| e.estimate),
        |r| r.result.as_ref().ok().and_then(|e| e.model_se),
        |r| r.result.as_ref().ok().and_then(|e| e.df),
        |r| r.result.as_ref().ok().and_then(|e| e.interval).map(|i| i.0),
        |r| r.result.as_ref().ok().and_then(|e| e.interval).map(|i| i.1),
        |r| Some(r.true_value),
    ];
    let links: [fn(&Quality) -> u64; 3] = [|q| q.true_positive, |q| q.false_positive, |q| q.false_negative];
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("replicate", Arc::new(rows.iter().map(|r| r.replicate as i64).collect::<Int64Array>())),
        ("estimand", dictionary(estimands)?),
        ("method", dictionary(methods)?),
        ("status", dictionary(statuses)?),
        ("warning", dictionary(warnings)?),
    ];
    // Row after row: the next number of a row is near, the next row is not.
    let mut values = NUMBERS.map(|_| Vec::with_capacity(rows.len()));
    for row in &rows {
        for (column, number) in values.iter_mut().zip(numbers) {
            column.push(number(row).unwrap_or(f64::NAN));
        }
    }
    for (name, values) in NUMBERS.into_iter().zip(values) {
        columns.push((name, Arc::new(Float64Array::from(values))));
    }
    let details = rows.iter().map(|r| r.result.as_ref().err().map(|f| f.detail.as_str()));
    columns.push(("detail", Arc::new(details.collect::<StringArray>())));
    if rows.iter().any(|r| r.links.is_some()) {
        for (name, count) in LINKS.into_iter().zip(links) {
            let counts = rows.iter().map(|r| r.links.as_deref().map(|q| count(q) as i64));
            columns.push((name, Arc::new(counts.collect::<Int64Array>())));
        }
    }
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), array.null_count() > 0 || *name == "detail"))
        .collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), arrays)?;
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties(block, manifest)))?;
    writer.write(&batch)?;
    writer.into_inner()
}

/// Words as a dictionary, in the order in which they come first. They are few, and mostly the one before.
fn dictionary<'a>(words: impl Iterator<Item = &'a str>) -> Result<ArrayRef, ParquetError> {
    let (mut known, mut keys): (Vec<&str>, Vec<i32>) = (Vec::new(), Vec::new());
    let mut last = 0;
    for word in words {
        if !known.get(last).is_some_and(|known| std::ptr::eq(*known, word)) {
            last = known.iter().position(|other| *other == word).unwrap_or_else(|| {
                known.push(word);
                known.len() - 1
            });
        }
        keys.push(last as i32);
    }
    let values = Arc::new(StringArray::from(known));
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(Int32Array::from(keys), values)?))
}

fn properties(block: &Block, manifest: &Manifest) -> WriterProperties {
    let mut pairs = vec![
        KeyValue::new("eclosion.version".to_owned(), manifest.version.clone()),
        KeyValue::new("eclosion.seed".to_owned(), manifest.seed.to_string()),
        KeyValue::new("eclosion.note".to_owned(), "synthetic: no real person".to_owned()),
    ];
    if let Some(known) = &block.of_replicates {
        let text = serde_json::to_string(&Counts::of(known)).unwrap_or_default();
        pairs.push(KeyValue::new(COUNTS.to_owned(), text));
    }
    let mut properties = WriterProperties::builder()
        .set_created_by("eclosion".to_owned())
        .set_compression(Compression::UNCOMPRESSED)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_encoding(ColumnPath::from("replicate"), Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled(ColumnPath::from("replicate"), false)
        .set_key_value_metadata(Some(pairs));
    for name in NUMBERS.iter().chain(&LINKS) {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(*name), false);
    }
    properties.build()
}

/// [`OfReplicates`] as text: numbers by their bits, so that none is rounded.
#[derive(Serialize, Deserialize)]
struct Counts {
    audit: Vec<crate::tables::audit::AuditCount>,
    mechanisms: Vec<crate::tables::audit::MechanismCount>,
    cohort: Vec<Vec<u64>>,
}

impl Counts {
    fn of(known: &OfReplicates) -> Self {
        let cohort = known.cohort.iter().map(|values| values.iter().map(|v| v.to_bits()).collect()).collect();
        Self { audit: known.audit.clone(), mechanisms: known.mechanisms.clone(), cohort }
    }

    fn known(self) -> OfReplicates {
        let cohort = self.cohort.into_iter().map(|values| values.into_iter().map(f64::from_bits).collect()).collect();
        OfReplicates { audit: self.audit, mechanisms: self.mechanisms, cohort }
    }
}

/// Reads what a block holds; `shape` says which block it is. Pairs that the scenario no longer has are left out.
pub(in crate::store) fn read(
    path: &Path,
    mut shape: Block,
    places: &Places,
    manifest: &Manifest,
) -> Result<Block, RunProblem> {
    let file = std::fs::File::open(path).map_err(|e| damaged(path, e))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(path, e))?;
    let counts = builder.metadata().file_metadata().key_value_metadata().and_then(|list| {
        let text = list.iter().find(|pair| pair.key == COUNTS)?.value.as_ref()?;
        serde_json::from_str::<Counts>(text).ok()
    });
    shape.of_replicates = counts.map(Counts::known);
    let reader = builder.with_batch_size(1 << 20).build().map_err(|e| damaged(path, e))?;
    for batch in reader {
        let batch = batch.map_err(|e| damaged(path, e))?;
        let rows = decoded(&batch, shape.condition as u32, places, manifest);
        shape.rows.extend(rows.ok_or_else(|| damaged(path, "it has other columns than a block"))?);
    }
    shape.rows.sort_by_key(|row| (row.replicate, row.estimand, row.method));
    Ok(shape)
}

fn decoded(batch: &RecordBatch, condition: u32, places: &Places, manifest: &Manifest) -> Option<Vec<EstimateRow>> {
    let replicates = batch.column_by_name("replicate")?.as_primitive_opt::<Int64Type>()?;
    let estimands = words(batch, "estimand", |name| manifest.estimands.iter().position(|(n, _)| n == name))?;
    let methods = words(batch, "method", |name| manifest.methods.iter().position(|(n, _)| n == name))?;
    let statuses = words(batch, "status", |name| match name {
        "ok" => Some(Ok(())),
        other => FailureKind::of_status(other).map(Err),
    })?;
    let warnings = words(batch, "warning", |name| match name {
        "" => Some(None),
        other => WarningKind::of_name(other).map(Some),
    })?;
    let numbers: Option<Vec<&Float64Array>> =
        NUMBERS.iter().map(|name| batch.column_by_name(name)?.as_primitive_opt::<Float64Type>()).collect();
    let numbers = numbers?;
    let details = batch.column_by_name("detail")?.as_string_opt::<i32>()?;
    let links: Option<Vec<&Int64Array>> =
        LINKS.iter().map(|name| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>()).collect();
    let mut rows = Vec::with_capacity(batch.num_rows());
    for i in 0..batch.num_rows() {
        let pair = (estimands.at(i)? as u32, methods.at(i)? as u32);
        let Some((estimand, method)) = places.pair_here(pair) else { continue };
        let number = |k: usize| numbers[k].value(i);
        let defined = |k: usize| Some(number(k)).filter(|v| !v.is_nan());
        let result = match statuses.at(i)? {
            Ok(()) => Ok(Estimate {
                estimate: number(0),
                model_se: defined(1),
                df: defined(2),
                interval: defined(3).zip(defined(4)),
                warning: warnings.at(i)?,
            }),
            Err(kind) => Err(FitFailure::new(kind, if details.is_valid(i) { details.value(i) } else { "" })),
        };
        let count = |array: &Int64Array| array.is_valid(i).then(|| array.value(i) as u64);
        let quality = links.as_ref().and_then(|l| {
            let counts = (count(l[0])?, count(l[1])?, count(l[2])?);
            Some(Quality { true_positive: counts.0, false_positive: counts.1, false_negative: counts.2 })
        });
        let (replicate, true_value) = (replicates.value(i) as u64, number(5));
        rows.push(EstimateRow {
            replicate,
            condition,
            estimand,
            method,
            true_value,
            result,
            links: quality.map(Box::new),
        });
    }
    Some(rows)
}

/// A column of words, each word looked up once.
struct Words<'a, T> {
    keys: &'a arrow_array::Int32Array,
    values: Vec<Option<T>>,
}

impl<T: Copy> Words<'_, T> {
    fn at(&self, row: usize) -> Option<T> {
        self.values.get(usize::try_from(self.keys.value(row)).ok()?).copied().flatten()
    }
}

fn words<'a, T>(batch: &'a RecordBatch, name: &str, look_up: impl Fn(&str) -> Option<T>) -> Option<Words<'a, T>> {
    let column = batch.column_by_name(name)?;
    if !matches!(column.data_type(), DataType::Dictionary(..)) {
        return None;
    }
    let column = column.as_dictionary_opt::<Int32Type>()?;
    let values = column.values().as_string_opt::<i32>()?;
    Some(Words { keys: column.keys(), values: values.iter().map(|word| look_up(word?)).collect() })
}

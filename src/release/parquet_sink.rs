//! Parquet: snappy, statistics, dictionaries for columns of names, units and ranges in the fields' metadata.

use super::field::{Cells, Field, FieldKind};
use super::table::misfit;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int8Array, Int32Array, Int64Array, RecordBatch, StringArray,
};
use arrow_schema::{ArrowError, DataType, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::io::{self, Write};
use std::sync::Arc;

/// Rows of a row group: what is held in memory before it is written.
const ROWS: usize = 1 << 18;

pub(super) struct ParquetSink<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: Arc<Schema>,
    /// Names of levels, per column; empty for columns without.
    names: Vec<ArrayRef>,
}

impl<W: Write + Send> ParquetSink<W> {
    pub(super) fn new(out: W, fields: &[Field], metadata: &[(String, String)]) -> io::Result<Self> {
        let schema = Arc::new(Schema::new(fields.iter().map(arrow_field).collect::<Vec<_>>()));
        let pairs = metadata.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
        let properties = WriterProperties::builder()
            .set_created_by(concat!("eclosion ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_max_row_group_row_count(Some(ROWS))
            .set_key_value_metadata(Some(pairs))
            .build();
        let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties)).map_err(plain)?;
        let names = fields
            .iter()
            .map(|field| {
                let levels: &[String] = match &field.kind {
                    FieldKind::Level(levels) => levels,
                    _ => &[],
                };
                Arc::new(StringArray::from_iter_values(levels)) as ArrayRef
            })
            .collect();
        Ok(Self { writer, schema, names })
    }

    pub(super) fn write(&mut self, fields: &[Field], columns: &[Cells<'_>]) -> io::Result<()> {
        let arrays = fields
            .iter()
            .zip(columns)
            .zip(&self.names)
            .map(|((field, cells), names)| array(field, cells, names))
            .collect::<io::Result<Vec<_>>>()?;
        let batch = RecordBatch::try_new(self.schema.clone(), arrays).map_err(from_arrow)?;
        self.writer.write(&batch).map_err(plain)
    }

    pub(super) fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(plain)
    }
}

fn arrow_field(field: &Field) -> arrow_schema::Field {
    let kind = match &field.kind {
        FieldKind::Integer => DataType::Int64,
        FieldKind::Number => DataType::Float64,
        FieldKind::YesNo => DataType::Int8,
        FieldKind::Level(_) => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        FieldKind::Text => DataType::Utf8,
    };
    let words = [("unit", &field.unit), ("range", &field.range), ("description", &field.about)];
    let words = words.into_iter().filter(|(_, text)| !text.is_empty());
    let metadata: arrow_schema::Metadata = words.map(|(key, text)| (key, text.as_str())).collect();
    arrow_schema::Field::new(&field.name, kind, field.kind != FieldKind::Integer).with_metadata(metadata)
}

fn array(field: &Field, cells: &Cells<'_>, names: &ArrayRef) -> io::Result<ArrayRef> {
    let rows = 0..cells.len();
    Ok(match (&field.kind, cells) {
        (FieldKind::Integer, Cells::Integers(values)) => Arc::new(Int64Array::from(values.to_vec())),
        (FieldKind::Number, Cells::Numbers(values)) => {
            Arc::new(values.iter().map(|v| (!v.is_nan()).then_some(*v)).collect::<Float64Array>())
        }
        (FieldKind::Text, Cells::Texts(texts)) => {
            Arc::new(texts.iter().map(|t| (!t.is_empty()).then_some(t)).collect::<StringArray>())
        }
        (FieldKind::YesNo, Cells::Codes(_) | Cells::LongCodes(_)) => {
            let values = rows.map(|i| cells.code(i).filter(|code| *code < 2).map(|code| code as i8));
            Arc::new(values.collect::<Int8Array>())
        }
        (FieldKind::Level(levels), Cells::Codes(_) | Cells::LongCodes(_)) => {
            let keys = rows.map(|i| cells.code(i).filter(|code| *code < levels.len()).map(|code| code as i32));
            let keys = keys.collect::<Int32Array>();
            Arc::new(DictionaryArray::<Int32Type>::try_new(keys, names.clone()).map_err(from_arrow)?)
        }
        _ => return Err(misfit(field)),
    })
}

fn from_arrow(error: ArrowError) -> io::Error {
    io::Error::other(format!("defect of the program: {error}"))
}

/// The error of the file itself, where there is one behind.
fn plain(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(inner) => *inner,
            Err(inner) => io::Error::other(inner.to_string()),
        },
        other => io::Error::other(other.to_string()),
    }
}

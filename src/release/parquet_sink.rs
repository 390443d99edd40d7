//! Parquet: row groups and encodings that are quick to write and that all common readers know.
//!
//! What was measured on 20 columns (`benches/release_parquet.rs`) decided the encodings. Levels and yes/no are packed
//! from their codes ([`super::parquet_packed`]), since a look-up in a hash table per cell was a third of the time. Whole
//! numbers are packed differences, which makes waves and replicates almost nothing. Record codes are written plain and
//! not compressed: they are random. Texts have no statistics, which compare every cell and help no reader.

use super::arrow_columns::Gathered;
use super::field::{Cells, Field, FieldKind};
use super::parquet_packed::PackedChunk;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int16Type, Int32Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, Encoding};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use std::io::{self, Write};
use std::sync::Arc;

/// Rows from which a row group is full: what is held in memory before it is written, and what a reader's thread takes.
const ROWS: usize = 1 << 18;

pub(super) struct ParquetSink<W: Write + Send> {
    gathered: Gathered,
    file: File<W>,
}

struct File<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    factory: ArrowRowGroupWriterFactory,
    schema: Arc<Schema>,
    /// Values of the columns that are packed, in plain encoding, and their number.
    dictionaries: Vec<Option<(Bytes, usize)>>,
    group: Vec<Column>,
    rows: usize,
    groups: usize,
}

/// A column of a row group that is not yet written.
enum Column {
    Usual(Box<ArrowColumnWriter>),
    Packed(PackedChunk),
}

impl<W: Write + Send> ParquetSink<W> {
    pub(super) fn new(out: W, fields: &[Field], metadata: &[(String, String)]) -> io::Result<Self> {
        // Also in the schema: pyarrow reads these there, others among the keys of the file.
        let gathered = Gathered::new(fields, metadata);
        let schema = gathered.schema();
        let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties(fields, metadata))).map_err(plain)?;
        let (writer, factory) = writer.into_serialized_writer().map_err(plain)?;
        let dictionaries = fields.iter().map(dictionary).collect();
        let file = File { writer, factory, schema, dictionaries, group: Vec::new(), rows: 0, groups: 0 };
        Ok(Self { gathered, file })
    }

    pub(super) fn write(&mut self, fields: &[Field], columns: &[Cells<'_>]) -> io::Result<()> {
        let file = &mut self.file;
        self.gathered.add(fields, columns, &mut |batch| file.add(batch).map_err(plain))
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        let rest = self.gathered.rest()?;
        let finish = || {
            if let Some(batch) = rest {
                self.file.add(&batch)?;
            }
            self.file.end_group()?;
            self.file.writer.into_inner()
        };
        finish().map_err(plain)
    }
}

impl<W: Write + Send> File<W> {
    fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        if self.group.is_empty() {
            let columns = self.factory.create_column_writers(self.groups)?.into_iter().zip(&self.dictionaries);
            let column = |(usual, dictionary): (ArrowColumnWriter, &Option<(Bytes, usize)>)| match dictionary {
                Some((values, count)) => PackedChunk::new(values, *count).map(Column::Packed),
                None => Ok(Column::Usual(Box::new(usual))),
            };
            self.group = columns.map(column).collect::<Result<_>>()?;
        }
        for ((column, array), field) in self.group.iter_mut().zip(batch.columns()).zip(self.schema.fields()) {
            match column {
                Column::Usual(writer) => {
                    for leaf in compute_leaves(field, array)? {
                        writer.write(&leaf)?;
                    }
                }
                Column::Packed(chunk) => pack(chunk, array)?,
            }
        }
        self.rows += batch.num_rows();
        if self.rows >= ROWS { self.end_group() } else { Ok(()) }
    }

    fn end_group(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let columns = self.writer.schema_descr().columns().to_vec();
        let mut group = self.writer.next_row_group()?;
        for (column, description) in self.group.drain(..).zip(columns) {
            match column {
                Column::Usual(writer) => writer.close()?.append_to_row_group(&mut group)?,
                Column::Packed(chunk) => {
                    let (bytes, close) = chunk.close(description)?;
                    group.append_column(&bytes, close)?;
                }
            }
        }
        group.close()?;
        self.rows = 0;
        self.groups += 1;
        Ok(())
    }
}

/// The values of a column that is packed, in plain encoding, and how many they are.
fn dictionary(field: &Field) -> Option<(Bytes, usize)> {
    let mut bytes = Vec::new();
    let count = match &field.kind {
        FieldKind::YesNo => {
            bytes.extend_from_slice(&[0, 0, 0, 0, 1, 0, 0, 0]);
            2
        }
        FieldKind::Level(levels) => {
            for level in levels {
                bytes.extend_from_slice(&(level.len() as u32).to_le_bytes());
                bytes.extend_from_slice(level.as_bytes());
            }
            levels.len()
        }
        _ => return None,
    };
    Some((bytes.into(), count))
}

/// Adds an array of yes/no or of names to the chunk of its column.
fn pack(chunk: &mut PackedChunk, array: &ArrayRef) -> Result<()> {
    let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
    match array.data_type() {
        DataType::Int8 => chunk.page(array.as_primitive::<Int8Type>().values(), nulls),
        DataType::Dictionary(keys, _) => match **keys {
            DataType::Int8 => chunk.page(array.as_dictionary::<Int8Type>().keys().values(), nulls),
            DataType::Int16 => chunk.page(array.as_dictionary::<Int16Type>().keys().values(), nulls),
            _ => chunk.page(array.as_dictionary::<Int32Type>().keys().values(), nulls),
        },
        other => Err(ParquetError::General(format!("defect of the program: {other} cannot be packed"))),
    }
}

fn properties(fields: &[Field], metadata: &[(String, String)]) -> WriterProperties {
    let pairs = metadata.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("eclosion ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        // Of all columns or none; a reader that takes whole row groups has no use for it.
        .set_offset_index_disabled(true)
        .set_dictionary_enabled(false)
        .set_key_value_metadata(Some(pairs));
    for field in fields {
        // A name with a dot in it is one part of a path.
        let path = ColumnPath::from(vec![field.name.clone()]);
        properties = match field.kind {
            FieldKind::Integer => properties.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED),
            FieldKind::Text => properties
                .set_column_dictionary_enabled(path.clone(), true)
                .set_column_statistics_enabled(path, EnabledStatistics::None),
            FieldKind::Record => properties
                .set_column_compression(path.clone(), Compression::UNCOMPRESSED)
                .set_column_statistics_enabled(path, EnabledStatistics::None),
            FieldKind::Number | FieldKind::YesNo | FieldKind::Level(_) => properties,
        };
    }
    properties.build()
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

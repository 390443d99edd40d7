//! Parquet: row groups and encodings that are quick to write and that all common readers know.
//!
//! What was measured on 20 columns (`benches/release_parquet.rs`) decided the encodings: dictionaries only where there
//! are few different texts, since each cell costs a look-up in a hash table; whole numbers as packed differences, which
//! makes waves and replicates almost nothing; no statistics of texts, which compare every cell and help no reader.

use super::arrow_columns::Gathered;
use super::field::{Cells, Field, FieldKind};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::io::{self, Write};

/// Rows of a row group: what is held in memory before it is written, and what a reader's thread takes at a time.
const ROWS: usize = 1 << 18;

pub(super) struct ParquetSink<W: Write + Send> {
    writer: ArrowWriter<W>,
    gathered: Gathered,
}

impl<W: Write + Send> ParquetSink<W> {
    pub(super) fn new(out: W, fields: &[Field], metadata: &[(String, String)]) -> io::Result<Self> {
        let gathered = Gathered::new(fields, &[]);
        let writer = ArrowWriter::try_new(out, gathered.schema(), Some(properties(fields, metadata))).map_err(plain)?;
        Ok(Self { writer, gathered })
    }

    pub(super) fn write(&mut self, fields: &[Field], columns: &[Cells<'_>]) -> io::Result<()> {
        let writer = &mut self.writer;
        self.gathered.add(fields, columns, &mut |batch| writer.write(batch).map_err(plain))
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        if let Some(batch) = self.gathered.rest()? {
            self.writer.write(&batch).map_err(plain)?;
        }
        self.writer.into_inner().map_err(plain)
    }
}

fn properties(fields: &[Field], metadata: &[(String, String)]) -> WriterProperties {
    let pairs = metadata.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("eclosion ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_dictionary_enabled(false)
        .set_max_row_group_row_count(Some(ROWS))
        .set_key_value_metadata(Some(pairs));
    for field in fields {
        let path = ColumnPath::from(field.name.as_str());
        properties = match field.kind {
            FieldKind::Integer | FieldKind::YesNo => {
                properties.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED)
            }
            FieldKind::Number => properties,
            FieldKind::Level(_) | FieldKind::Text => properties
                .set_column_dictionary_enabled(path.clone(), true)
                .set_column_statistics_enabled(path, EnabledStatistics::None),
            FieldKind::Record => properties.set_column_statistics_enabled(path, EnabledStatistics::None),
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

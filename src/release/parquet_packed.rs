//! Parquet chunks of columns with few different values, made from the positions of their values.
//!
//! A general writer finds the dictionary of such a column by looking up each cell in a hash table. Here the dictionary
//! is known beforehand: it is the declared list, whole and in its order, and a cell is a few bits
//! (parquet-format, Encodings.md: "RLE / Bit-Packing Hybrid", "Dictionary Encoding"). That needs no compression.

use arrow_buffer::NullBuffer;
use bytes::Bytes;
use parquet::basic::{Compression, Encoding, PageType};
use parquet::column::page::{CompressedPage, Page, PageWriteSpec, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

/// Cells that are looked at together: if all are the same they are written as a run.
const BLOCK: usize = 64;

/// A chunk of a column, page after page.
pub(super) struct PackedChunk {
    out: TrackedWrite<Vec<u8>>,
    width: u32,
    pages: i32,
    rows: usize,
    dictionary_bytes: u64,
    uncompressed: usize,
}

impl PackedChunk {
    /// A chunk without rows, of a column with `count` values that `dictionary` holds in plain encoding.
    pub(super) fn new(dictionary: &Bytes, count: usize) -> Result<Self> {
        let mut chunk = Self {
            out: TrackedWrite::new(Vec::new()),
            width: usize::BITS - count.saturating_sub(1).leading_zeros(),
            pages: 0,
            rows: 0,
            dictionary_bytes: 0,
            uncompressed: 0,
        };
        let num_values = count32(count)?;
        let buf = dictionary.clone();
        let page = Page::DictionaryPage { buf, num_values, encoding: Encoding::PLAIN, is_sorted: false };
        chunk.dictionary_bytes = chunk.put(page)?.bytes_written;
        Ok(chunk)
    }

    /// Adds a page: positions of values, and which rows have one.
    pub(super) fn page<K: Copy + PartialEq + Into<i64>>(
        &mut self,
        keys: &[K],
        nulls: Option<&NullBuffer>,
    ) -> Result<()> {
        let mut buf = Vec::with_capacity(8 + keys.len() * (self.width as usize + 1) / 8);
        // How long the marks of presence are, which is put here when it is known.
        buf.extend_from_slice(&[0; 4]);
        match nulls {
            None => run(&mut buf, keys.len(), 1, 1),
            Some(nulls) => {
                let there: Vec<u8> = nulls.iter().map(u8::from).collect();
                hybrid(&mut buf, &there, 1);
            }
        }
        let length = count32(buf.len() - 4)?;
        buf[..4].copy_from_slice(&length.to_le_bytes());
        buf.push(self.width as u8);
        match nulls {
            None => hybrid(&mut buf, keys, self.width),
            Some(nulls) => {
                let present: Vec<K> = nulls.valid_indices().map(|i| keys[i]).collect();
                hybrid(&mut buf, &present, self.width);
            }
        }
        self.put(Page::DataPage {
            buf: buf.into(),
            num_values: count32(keys.len())?,
            encoding: Encoding::RLE_DICTIONARY,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        })?;
        self.pages += 1;
        self.rows += keys.len();
        Ok(())
    }

    fn put(&mut self, page: Page) -> Result<PageWriteSpec> {
        let size = page.buffer().len();
        let written = SerializedPageWriter::new(&mut self.out).write_page(CompressedPage::new(page, size))?;
        self.uncompressed += written.uncompressed_size;
        Ok(written)
    }

    /// The bytes of the chunk, and what the file must know of them.
    pub(super) fn close(self, column: ColumnDescPtr) -> Result<(Bytes, ColumnCloseResult)> {
        let stats = |page_type, encoding, count| PageEncodingStats { page_type, encoding, count };
        let metadata = ColumnChunkMetaData::builder(column)
            .set_compression(Compression::UNCOMPRESSED)
            .set_encodings(vec![Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY])
            .set_page_encoding_stats(vec![
                stats(PageType::DICTIONARY_PAGE, Encoding::PLAIN, 1),
                stats(PageType::DATA_PAGE, Encoding::RLE_DICTIONARY, self.pages),
            ])
            .set_total_compressed_size(self.uncompressed as i64)
            .set_total_uncompressed_size(self.uncompressed as i64)
            .set_num_values(self.rows as i64)
            .set_dictionary_page_offset(Some(0))
            .set_data_page_offset(self.dictionary_bytes as i64)
            .build()?;
        let bytes = self.out.into_inner()?;
        let close = ColumnCloseResult {
            bytes_written: bytes.len() as u64,
            rows_written: self.rows as u64,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        Ok((bytes.into(), close))
    }
}

fn count32(count: usize) -> Result<u32> {
    u32::try_from(count).map_err(|_| ParquetError::General(format!("{count} is too much for a page")))
}

/// Adds a number as it is before a run: seven bits in a byte, the low ones first.
fn header(to: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// Adds `count` times the same value.
fn run(to: &mut Vec<u8>, count: usize, value: i64, width: u32) {
    header(to, count << 1);
    to.extend_from_slice(&value.to_le_bytes()[..width.div_ceil(8) as usize]);
}

/// Adds values of so many bits, in runs where a whole block is the same.
fn hybrid<K: Copy + PartialEq + Into<i64>>(to: &mut Vec<u8>, values: &[K], width: u32) {
    let same = |block: &[K]| block.iter().fold(true, |all, v| all & (*v == block[0]));
    let mut rest = values;
    while let Some(first) = rest.first().copied() {
        let blocks = rest.chunks(BLOCK);
        let equal: usize = blocks.clone().take_while(|b| b[0] == first && same(b)).map(<[K]>::len).sum();
        if equal > 0 {
            run(to, equal, first.into(), width);
            rest = &rest[equal..];
        } else {
            let mixed: usize = blocks.take_while(|b| !same(b)).map(<[K]>::len).sum();
            packed(to, &rest[..mixed], width);
            rest = &rest[mixed..];
        }
    }
}

/// Adds values bit by bit, the low ones first; the last eight are filled up with zeros.
fn packed<K: Copy + Into<i64>>(to: &mut Vec<u8>, values: &[K], width: u32) {
    header(to, values.len().div_ceil(8) << 1 | 1);
    let mut groups = values.chunks_exact(8);
    for group in &mut groups {
        eight(to, group, width);
    }
    if !groups.remainder().is_empty() {
        eight(to, groups.remainder(), width);
    }
}

/// Adds up to eight values as `width` bytes.
fn eight<K: Copy + Into<i64>>(to: &mut Vec<u8>, values: &[K], width: u32) {
    let end = to.len() + width as usize;
    let (mut bits, mut filled) = (0_u64, 0);
    for value in values {
        let value: i64 = (*value).into();
        bits |= (value as u64) << filled;
        filled += width;
        // At most 7 bits stay and at most 32 are added.
        while filled >= 8 && width > 8 {
            to.push(bits as u8);
            bits >>= 8;
            filled -= 8;
        }
    }
    to.extend_from_slice(&bits.to_le_bytes());
    to.resize(end, 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_by_hand() {
        // The example of the format's own description: 0 to 7 in three bits.
        let mut to = Vec::new();
        packed(&mut to, &[0_i8, 1, 2, 3, 4, 5, 6, 7], 3);
        assert_eq!(to, [3, 0b1000_1000, 0b1100_0110, 0b1111_1010]);
        let mut to = Vec::new();
        hybrid(&mut to, &[5_i8; 100], 3);
        assert_eq!(to, [200, 1, 5]);
        let mut to = Vec::new();
        hybrid(&mut to, &[1_i8, 0, 1], 1);
        assert_eq!(to, [3, 0b101]);
        let mut to = Vec::new();
        // Nine bits, the low ones first, and zeros up to eight values.
        packed(&mut to, &[0x101_i16, 0x002], 9);
        assert_eq!(to, [3, 0x01, 0x05, 0, 0, 0, 0, 0, 0, 0]);
        let mut to = Vec::new();
        packed(&mut to, &[0x0102_0304_i32], 32);
        assert_eq!(to[..6], [3, 4, 3, 2, 1, 0]);
        assert_eq!(to.len(), 33);
        let mut to = Vec::new();
        hybrid::<i8>(&mut to, &[], 1);
        assert!(to.is_empty());
    }
}

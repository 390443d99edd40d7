//! Cells gathered into Arrow batches of a fixed number of rows, whatever the stretches that they come in: what is
//! written then depends on the cells alone, and studies of a hundred persons do not make batches of a hundred rows.

use super::field::{Cells, Field, FieldKind, companion};
use super::record_code::{TEXT_LENGTH, record_bytes};
use super::table::misfit;
use arrow_array::types::{ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type};
use arrow_array::{
    ArrayRef, ArrowPrimitiveType, DictionaryArray, Float64Array, PrimitiveArray, RecordBatch, StringArray, types,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Schema};
use std::io;
use std::ops::Range;
use std::sync::Arc;

/// Rows of a batch.
const ROWS: usize = 1 << 16;

/// Rows that are not yet a whole batch.
pub(super) struct Gathered {
    schema: Arc<Schema>,
    columns: Vec<Gather>,
    rows: usize,
}

impl Gathered {
    /// No rows. `metadata` goes into the schema.
    pub(super) fn new(fields: &[Field], metadata: &[(String, String)]) -> Self {
        let columns = fields.iter().map(|field| arrow_field(field, fields)).collect::<Vec<_>>();
        let metadata: arrow_schema::Metadata = metadata.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        Self {
            schema: Arc::new(Schema::new(columns).with_metadata(metadata)),
            columns: fields.iter().map(Gather::new).collect(),
            rows: 0,
        }
    }

    pub(super) fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    /// Adds the rows of a stretch and hands over each batch that gets full.
    pub(super) fn add(
        &mut self,
        fields: &[Field],
        columns: &[Cells<'_>],
        full: &mut dyn FnMut(&RecordBatch) -> io::Result<()>,
    ) -> io::Result<()> {
        let rows = columns.first().map_or(0, Cells::len);
        let mut first = 0;
        while first < rows {
            let taken = first..rows.min(first + ROWS - self.rows);
            for ((field, cells), column) in fields.iter().zip(columns).zip(&mut self.columns) {
                column.add(field, cells, taken.clone())?;
            }
            self.rows += taken.len();
            first = taken.end;
            if self.rows == ROWS {
                full(&self.batch()?)?;
            }
        }
        Ok(())
    }

    /// The rows that have not been handed over, if there are any.
    pub(super) fn rest(&mut self) -> io::Result<Option<RecordBatch>> {
        if self.rows == 0 { Ok(None) } else { self.batch().map(Some) }
    }

    fn batch(&mut self) -> io::Result<RecordBatch> {
        self.rows = 0;
        let arrays = self.columns.iter_mut().map(Gather::array).collect::<io::Result<Vec<_>>>()?;
        RecordBatch::try_new(self.schema.clone(), arrays).map_err(defect)
    }
}

/// Cells of one column.
enum Gather {
    Whole8(Vec<i8>, i64),
    Whole16(Vec<i16>, i64),
    Whole32(Vec<i32>, i64),
    Whole64(Vec<i64>),
    Numbers(Vec<f64>),
    YesNo(Vec<u8>),
    /// Positions of names; from the number of names on it is "no value".
    Few(Vec<u8>, ArrayRef),
    Some(Vec<u16>, ArrayRef),
    Many(Vec<u32>, ArrayRef),
    Texts {
        ends: Vec<i32>,
        bytes: Vec<u8>,
    },
}

/// The narrowest type that holds whole numbers up to `largest`, and keys of so many names.
fn width(largest: i64) -> DataType {
    match largest.unsigned_abs() {
        0..=0x7f => DataType::Int8,
        0x80..=0x7fff => DataType::Int16,
        0x8000..=0x7fff_ffff => DataType::Int32,
        _ => DataType::Int64,
    }
}

fn arrow_field(field: &Field, all: &[Field]) -> arrow_schema::Field {
    let kind = match &field.kind {
        FieldKind::Integer => width(field.largest.unwrap_or(i64::MAX)),
        FieldKind::Number => DataType::Float64,
        FieldKind::YesNo => DataType::Int8,
        FieldKind::Level(levels) => {
            let keys = match width(levels.len() as i64) {
                DataType::Int64 => DataType::Int32,
                narrow => narrow,
            };
            DataType::Dictionary(Box::new(keys), Box::new(DataType::Utf8))
        }
        FieldKind::Text | FieldKind::Record => DataType::Utf8,
    };
    let words = [
        ("label", field.label.as_str()),
        ("unit", &field.unit),
        ("range", &field.range),
        ("description", &field.about),
        ("reasons", companion(all, &field.name).map_or("", |f| &f.name)),
        ("reasons_of", field.reasons_of.as_deref().unwrap_or("")),
    ];
    let metadata: arrow_schema::Metadata = words.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    arrow_schema::Field::new(&field.name, kind, field.kind != FieldKind::Integer).with_metadata(metadata)
}

impl Gather {
    fn new(field: &Field) -> Self {
        let largest = field.largest.unwrap_or(i64::MAX);
        match &field.kind {
            FieldKind::Integer => match width(largest) {
                DataType::Int8 => Self::Whole8(Vec::new(), largest),
                DataType::Int16 => Self::Whole16(Vec::new(), largest),
                DataType::Int32 => Self::Whole32(Vec::new(), largest),
                _ => Self::Whole64(Vec::new()),
            },
            FieldKind::Number => Self::Numbers(Vec::new()),
            FieldKind::YesNo => Self::YesNo(Vec::new()),
            FieldKind::Level(levels) => {
                let names = Arc::new(StringArray::from_iter_values(levels));
                match width(levels.len() as i64) {
                    DataType::Int8 => Self::Few(Vec::new(), names),
                    DataType::Int16 => Self::Some(Vec::new(), names),
                    _ => Self::Many(Vec::new(), names),
                }
            }
            FieldKind::Text | FieldKind::Record => Self::Texts { ends: Vec::new(), bytes: Vec::new() },
        }
    }

    fn add(&mut self, field: &Field, cells: &Cells<'_>, rows: Range<usize>) -> io::Result<()> {
        match (self, cells) {
            (Self::Whole8(to, most), Cells::Integers(v)) => narrow(to, &v[rows], *most, field, |x| x as i8)?,
            (Self::Whole16(to, most), Cells::Integers(v)) => narrow(to, &v[rows], *most, field, |x| x as i16)?,
            (Self::Whole32(to, most), Cells::Integers(v)) => narrow(to, &v[rows], *most, field, |x| x as i32)?,
            (Self::Whole64(to), Cells::Integers(v)) => to.extend_from_slice(&v[rows]),
            (Self::Numbers(to), Cells::Numbers(v)) => to.extend_from_slice(&v[rows]),
            (Self::YesNo(to) | Self::Few(to, _), Cells::Codes(v)) => to.extend_from_slice(&v[rows]),
            (Self::YesNo(to) | Self::Few(to, _), Cells::LongCodes(v)) => {
                to.extend(v[rows].iter().map(|code| u8::try_from(*code).unwrap_or(u8::MAX)));
            }
            (Self::Some(to, _), Cells::Codes(v)) => to.extend(v[rows].iter().map(|code| u16::from(*code))),
            (Self::Some(to, _), Cells::LongCodes(v)) => {
                to.extend(v[rows].iter().map(|code| u16::try_from(*code).unwrap_or(u16::MAX)));
            }
            (Self::Many(to, _), Cells::Codes(v)) => to.extend(v[rows].iter().map(|code| u32::from(*code))),
            (Self::Many(to, _), Cells::LongCodes(v)) => to.extend_from_slice(&v[rows]),
            (Self::Texts { ends, bytes }, Cells::Texts(v)) => {
                for text in &v[rows] {
                    bytes.extend_from_slice(text.as_bytes());
                    ends.push(i32::try_from(bytes.len()).map_err(|_| io::Error::other("texts of over 2 GB"))?);
                }
            }
            (Self::Texts { ends, bytes }, Cells::Records(v)) if field.kind == FieldKind::Record => {
                for code in &v[rows] {
                    if *code != u64::MAX {
                        bytes.extend_from_slice(&record_bytes(*code));
                    }
                    ends.push(i32::try_from(bytes.len()).map_err(|_| io::Error::other("texts of over 2 GB"))?);
                }
            }
            _ => return Err(misfit(field)),
        }
        Ok(())
    }

    /// The cells as an array, after which there are none.
    fn array(&mut self) -> io::Result<ArrayRef> {
        Ok(match self {
            Self::Whole8(v, _) => whole::<Int8Type>(v),
            Self::Whole16(v, _) => whole::<Int16Type>(v),
            Self::Whole32(v, _) => whole::<Int32Type>(v),
            Self::Whole64(v) => whole::<types::Int64Type>(v),
            Self::Numbers(values) => {
                let nulls = nulls(values, |v| !v.is_nan());
                if nulls.is_some() {
                    // What lies under a cell without a value is not read, but is written.
                    values.iter_mut().filter(|v| v.is_nan()).for_each(|v| *v = 0.0);
                }
                Arc::new(Float64Array::try_new(take(values), nulls).map_err(defect)?)
            }
            Self::YesNo(codes) => {
                let keys = keys::<Int8Type, u8>(codes, 2, |code| code as i8)?;
                Arc::new(keys)
            }
            Self::Few(codes, names) => named(keys::<Int8Type, u8>(codes, names.len(), |code| code as i8)?, names)?,
            Self::Some(codes, names) => named(keys::<Int16Type, u16>(codes, names.len(), |code| code as i16)?, names)?,
            Self::Many(codes, names) => named(keys::<Int32Type, u32>(codes, names.len(), |code| code as i32)?, names)?,
            Self::Texts { ends, bytes } => texts(ends, bytes)?,
        })
    }
}

/// The values as a buffer, with room for as many made anew.
fn take<T: arrow_buffer::ArrowNativeType>(values: &mut Vec<T>) -> ScalarBuffer<T> {
    let room = Vec::with_capacity(values.len());
    ScalarBuffer::from(std::mem::replace(values, room))
}

fn whole<T: ArrowPrimitiveType>(values: &mut Vec<T::Native>) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::new(take(values), None))
}

/// Adds whole numbers as a narrower type, once it is sure that they fit.
fn narrow<T>(to: &mut Vec<T>, values: &[i64], largest: i64, field: &Field, cast: fn(i64) -> T) -> io::Result<()> {
    let fit = values.iter().fold(true, |all, v| all & (-largest..=largest).contains(v));
    if !fit {
        let text = format!("defect of the program: a whole number beyond {largest} in column `{}`", field.name);
        return Err(io::Error::other(text));
    }
    to.extend(values.iter().map(|v| cast(*v)));
    Ok(())
}

/// Which values are there; nothing where all are.
fn nulls<T: Copy>(values: &[T], there: impl Fn(T) -> bool) -> Option<NullBuffer> {
    let all = values.iter().fold(true, |all, v| all & there(*v));
    let bits = || BooleanBuffer::collect_bool(values.len(), |i| there(values[i]));
    (!all).then(|| NullBuffer::new(bits()))
}

fn keys<T: ArrowPrimitiveType, C: Copy + Into<u64>>(
    codes: &mut Vec<C>,
    names: usize,
    cast: impl Fn(u64) -> T::Native,
) -> io::Result<PrimitiveArray<T>> {
    let names = names as u64;
    let nulls = nulls(codes, |code| code.into() < names);
    let known = |code: &C| {
        let code: u64 = (*code).into();
        cast(if code < names { code } else { 0 })
    };
    let keys: Vec<T::Native> = codes.iter().map(known).collect();
    codes.clear();
    PrimitiveArray::try_new(keys.into(), nulls).map_err(defect)
}

fn named<T: ArrowDictionaryKeyType>(keys: PrimitiveArray<T>, names: &ArrayRef) -> io::Result<ArrayRef> {
    Ok(Arc::new(DictionaryArray::<T>::try_new(keys, names.clone()).map_err(defect)?))
}

fn texts(ends: &mut Vec<i32>, bytes: &mut Vec<u8>) -> io::Result<ArrayRef> {
    let mut offsets = Vec::with_capacity(ends.len() + 1);
    offsets.push(0);
    offsets.append(ends);
    let starts = &offsets[..];
    let all = starts.windows(2).fold(true, |all, w| all & (w[0] < w[1]));
    let bits = || BooleanBuffer::collect_bool(starts.len() - 1, |i| starts[i] < starts[i + 1]);
    let nulls = (!all).then(|| NullBuffer::new(bits()));
    let room = Vec::with_capacity(bytes.len().max(TEXT_LENGTH));
    let bytes = Buffer::from_vec(std::mem::replace(bytes, room));
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    Ok(Arc::new(StringArray::try_new(offsets, bytes, nulls).map_err(defect)?))
}

/// What cannot happen with the arrays that are made here, and the error of the file itself.
pub(super) fn defect(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        other => io::Error::other(format!("defect of the program: {other}")),
    }
}

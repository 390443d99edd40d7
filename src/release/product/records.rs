//! The records of a replicate, or of a part of it, as they are written: by code, without those that never began.

use super::block::{RowId, Values};
use super::missing::Reasons;
use crate::release::dirty::Draws;
use crate::release::field::FieldKind;
use crate::release::stretch::kind;
use crate::streams::Streams;
use crate::tables::observed::{AnswerColumn, ObservedVariable};
use crate::tables::{Audit, ObservedBatch, ObservedSchema, Truth};

/// What the survey holds of one replicate or a part of it, beside the truth.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// A batch of a single replicate.
    pub batch: &'a ObservedBatch,
    /// Its audit, with cells.
    pub audit: &'a Audit,
    /// The truth of the same persons.
    pub truth: &'a Truth,
    /// The code of each row of the batch, see [`super::super::record_codes`].
    pub codes: &'a [u64],
    /// Number of the person (and record) in the first row, from 0: not 0 where the rows are a part of the replicate.
    pub first_person: usize,
    /// Where errors are drawn from.
    pub streams: &'a Streams,
}

impl Delivery<'_> {
    pub(super) fn draws(&self) -> Draws<'_> {
        Draws { streams: self.streams, replicate: self.batch.replicates.start }
    }

    pub(super) fn replicate(&self) -> i64 {
        self.batch.replicates.start as i64
    }
}

/// The records of a delivery.
pub(super) struct Records<'a> {
    pub delivery: &'a Delivery<'a>,
    pub reasons: Reasons<'a>,
    /// Rows in the order of their codes, which tells nothing of the order of the persons.
    pub order: Vec<u32>,
}

impl<'a> Records<'a> {
    pub(super) fn new(delivery: &'a Delivery<'a>) -> Self {
        let reasons = Reasons::new(delivery.batch, delivery.audit, delivery.truth.group.len());
        let rows = delivery.batch.group.len().min(delivery.codes.len());
        let mut order: Vec<u32> = (0..rows as u32).filter(|row| reasons.is_there(*row as usize)).collect();
        order.sort_unstable_by_key(|row| delivery.codes[*row as usize]);
        Self { delivery, reasons, order }
    }

    pub(super) fn schema(&self) -> &ObservedSchema {
        &self.delivery.batch.schema
    }

    /// Whose row it is; `wave` counted from 0, `place` different for all rows of a record and wave.
    pub(super) fn id(&self, row: u32, wave: Option<usize>, place: u32) -> RowId {
        RowId {
            row: (self.delivery.first_person + row as usize) as u32,
            code: self.delivery.codes[row as usize],
            wave: wave.map(|wave| wave as u32 + 1),
            occasion: wave.map_or(0, |wave| (wave as u32 + 1) << 20) ^ place,
        }
    }

    /// The columns that begin every table: the replicate where there are several, and the record.
    pub(super) fn lead(&self, several: bool, rows: &[RowId]) -> Vec<Values> {
        let replicate = several.then(|| Values::Integers(vec![self.delivery.replicate(); rows.len()]));
        let records = Values::Records(rows.iter().map(|row| row.code).collect());
        replicate.into_iter().chain([records]).collect()
    }
}

/// Which cells of some columns make the rows of a table.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cut<'a> {
    /// Row after row, all columns of each.
    All(&'a [u32]),
    /// These rows, each with the position of a column.
    Some(&'a [(u32, u32)]),
}

impl Cut<'_> {
    /// `none` stands where a column has no such row. Which columns there are is not asked for every cell, since this is
    /// what a large release spends most of its time on.
    fn of<T: Copy>(self, columns: &[&[T]], none: T) -> Vec<T> {
        match self {
            Self::All(order) => {
                let mut cells = vec![none; order.len() * columns.len()];
                for (position, column) in columns.iter().enumerate() {
                    for (cells, row) in cells.chunks_exact_mut(columns.len()).zip(order) {
                        cells[position] = column.get(*row as usize).copied().unwrap_or(none);
                    }
                }
                cells
            }
            Self::Some(places) => {
                let column = |column: u32| columns.get(column as usize).copied().unwrap_or(&[]);
                let cell = |(row, at): &(u32, u32)| column(*at).get(*row as usize).copied().unwrap_or(none);
                places.iter().map(cell).collect()
            }
        }
    }
}

/// Cells of a variable; a column that is absent has no values.
pub(super) fn gather(variable: &ObservedVariable, columns: &[Option<&AnswerColumn>], cut: Cut<'_>) -> Values {
    let coding = variable.coding.as_deref();
    let codes = || {
        let columns: Vec<&[u8]> = columns.iter().map(|column| column.map_or(&[][..], codes)).collect();
        cut.of(&columns, u8::MAX)
    };
    match (kind(coding), coding) {
        (FieldKind::Number, Some(coding)) => {
            let value = |code: u8| coding.values.get(usize::from(code)).copied().unwrap_or(f64::NAN);
            Values::Numbers(codes().into_iter().map(value).collect())
        }
        (FieldKind::Number, None) => {
            let columns: Vec<&[f64]> = columns.iter().map(|column| column.map_or(&[][..], numbers)).collect();
            Values::Numbers(cut.of(&columns, f64::NAN))
        }
        _ => Values::Codes(codes()),
    }
}

fn codes(column: &AnswerColumn) -> &[u8] {
    match column {
        AnswerColumn::Coded(codes) => codes,
        AnswerColumn::Number(_) => &[],
    }
}

fn numbers(column: &AnswerColumn) -> &[f64] {
    match column {
        AnswerColumn::Coded(_) => &[],
        AnswerColumn::Number(values) => values,
    }
}

//! A stretch of a table while errors are put into it.

use crate::release::product::{Block, Column, Role, Values};
use crate::streams::{Lane, Own, Purpose, Streams, open_unit};

/// Where the draws of errors come from.
#[derive(Clone, Copy, Debug)]
pub(in crate::release) struct Draws<'a> {
    pub streams: &'a Streams,
    pub replicate: u64,
}

/// An error that was made.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::release) struct DataError {
    pub kind: &'static str,
    pub table: &'static str,
    pub replicate: u64,
    /// Code of the record as it was before any error.
    pub record: u64,
    /// Wave of the row before any error, from 1; absent where a row is about no wave.
    pub wave: Option<u32>,
    /// Empty for errors of whole rows.
    pub column: String,
    pub before: String,
    pub after: String,
}

/// A stretch of a table while errors are put into it.
pub(in crate::release) struct Page<'a> {
    pub table: &'static str,
    /// The columns as declared, in the order of those of the block.
    pub fields: &'a [Column],
    pub block: &'a mut Block,
    pub draws: Draws<'a>,
    /// Number of waves of the study.
    pub waves: usize,
    pub errors: &'a mut Vec<DataError>,
    /// Name of the kind of error that is being worked.
    pub kind: &'static str,
}

impl Page<'_> {
    /// The column with a role that only one can have.
    pub(super) fn column(&self, role: Role) -> Option<usize> {
        self.fields.iter().position(|column| column.role == role)
    }

    pub(super) fn columns(&self, role: Role) -> Vec<usize> {
        (0..self.fields.len()).filter(|c| self.fields[*c].role == role).collect()
    }

    /// The purpose of the draws of this kind of error in a column, or in whole rows.
    pub(super) fn purpose(&self, column: Option<usize>) -> Purpose {
        let name = column.map_or("", |c| self.fields[c].field.name.as_str());
        Purpose::named(&format!("dirty.{}.{}.{name}", self.kind, self.table))
    }

    /// Whether an error happens to a row or to a cell of it, and if so more of its draws: word 0 has been used.
    pub(super) fn happens(&self, row: usize, purpose: Purpose, rate: f64) -> Option<Own> {
        let id = &self.block.rows[row];
        let lane = Lane { purpose, occasion: id.occasion, replicate: self.draws.replicate, stratum: 0 };
        let own = self.draws.streams.own(&lane, id.row);
        (open_unit(own.word(0)) < rate).then_some(own)
    }

    /// Writes down an error.
    pub(super) fn tell(&mut self, row: usize, column: Option<usize>, before: String, after: String) {
        let id = &self.block.rows[row];
        self.errors.push(DataError {
            kind: self.kind,
            table: self.table,
            replicate: self.draws.replicate,
            record: id.code,
            wave: id.wave,
            column: column.map_or_else(String::new, |c| self.fields[c].field.name.clone()),
            before,
            after,
        });
    }

    pub(super) fn tell_numbers(&mut self, row: usize, column: usize, before: f64, after: f64) {
        let text = |value: f64| Values::Numbers(vec![value]).text(0);
        self.tell(row, Some(column), text(before), text(after));
    }
}

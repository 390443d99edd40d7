//! A table of `data/`: rows get their errors, are counted, and are written.

use super::block::{Block, Column, Role, Values};
use super::missing::NONE;
use super::spread::Spread;
use crate::release::codebook::{Entry, TableEntry, Tally};
use crate::release::dirty::{DataError, Draws, Page, Preset};
use crate::release::field::{Cells, Field};
use crate::release::folder::Folder;
use crate::release::table::Format;
use crate::tables::RunProblem;

/// How tables are written.
#[derive(Clone, Debug)]
pub(super) struct Style {
    pub formats: Vec<Format>,
    pub dirty: Option<&'static Preset>,
    /// Number of waves.
    pub waves: usize,
}

/// A table of `data/`.
pub(super) struct Sheet {
    name: &'static str,
    about: &'static str,
    columns: Vec<Column>,
    style: Style,
    spread: Spread,
    rows: u64,
    tallies: Vec<Tally>,
    /// For each column the values in rows of each wave, where rows have a wave.
    by_wave: Vec<Vec<u64>>,
}

/// Whether a cell of an answer has a value; `levels` are those of its column.
fn has_value(values: &Values, levels: usize, row: usize) -> bool {
    match values {
        Values::Numbers(values) => !values[row].is_nan(),
        Values::Texts(texts) => !texts[row].is_empty(),
        Values::Codes(codes) => usize::from(codes[row]) < levels,
        _ => false,
    }
}

impl Sheet {
    pub(super) fn open(
        folder: &mut Folder,
        name: &'static str,
        about: &'static str,
        columns: Vec<Column>,
        style: &Style,
    ) -> Result<Self, RunProblem> {
        let fields: Vec<Field> = columns.iter().map(|column| column.written(style.dirty.is_some())).collect();
        let spread = Spread::open(folder, format!("data/{name}"), &style.formats, &fields)?;
        let tallies = vec![Tally::default(); columns.len()];
        let by_wave = vec![vec![0; style.waves]; columns.len()];
        Ok(Self { name, about, columns, style: style.clone(), spread, rows: 0, tallies, by_wave })
    }

    /// Adds rows, with errors where a preset asks for them.
    pub(super) fn put(
        &mut self,
        folder: &Folder,
        mut block: Block,
        draws: Draws<'_>,
        errors: &mut Vec<DataError>,
    ) -> Result<(), RunProblem> {
        if let Some(preset) = self.style.dirty {
            block.open(&self.columns);
            let (table, fields, waves) = (self.name, self.columns.as_slice(), self.style.waves);
            preset.work(&mut Page { table, fields, block: &mut block, draws, waves, errors, kind: "" });
        }
        self.count(&block);
        let cells: Vec<Cells<'_>> = block.columns.iter().map(Values::cells).collect();
        self.spread.write(folder, &cells)
    }

    fn count(&mut self, block: &Block) {
        self.rows += block.rows.len() as u64;
        for ((tally, column), values) in self.tallies.iter_mut().zip(&self.columns).zip(&block.columns) {
            tally.add(column, values);
        }
        for (position, reasons) in self.columns.iter().enumerate() {
            let of = |of: &String| self.columns.iter().position(|column| column.field.name == *of);
            let Some(of) = reasons.field.reasons_of.as_ref().and_then(of) else { continue };
            let (Some(values), Some(Values::Codes(words))) = (block.columns.get(of), block.columns.get(position))
            else {
                continue;
            };
            let (levels, words) = (self.columns[of].levels(), words.iter().enumerate());
            let filled_in = words.filter(|(row, word)| **word != NONE && has_value(values, levels, *row));
            self.tallies[of].filled_in += filled_in.count() as u64;
        }
        let wave = self.columns.iter().position(|column| column.role == Role::Wave);
        let Some(Values::Integers(waves)) = wave.and_then(|w| block.columns.get(w)) else { return };
        let places: Vec<u32> = waves.iter().map(|wave| (*wave - 1).clamp(0, i64::from(u32::MAX)) as u32).collect();
        for ((counts, column), values) in self.by_wave.iter_mut().zip(&self.columns).zip(&block.columns) {
            if column.role != Role::Value {
                continue;
            }
            let levels = column.levels();
            for (row, place) in places.iter().enumerate() {
                if let Some(count) = counts.get_mut(*place as usize) {
                    *count += u64::from(has_value(values, levels, row));
                }
            }
        }
    }

    /// Ends the table and says what is in it.
    pub(super) fn close(self, folder: &mut Folder) -> Result<TableEntry, RunProblem> {
        let files = self.spread.close(folder)?;
        let parts = self.columns.into_iter().zip(self.tallies).zip(self.by_wave);
        let columns = parts.map(|((column, tally), by_wave)| Entry { column, tally, by_wave }).collect();
        Ok(TableEntry { name: self.name, about: self.about, rows: self.rows, files, columns })
    }
}

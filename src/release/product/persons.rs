//! The tables with a row per record: `persons`, and `wide` with the answers of all waves beside.

use super::block::{Block, Column, Values};
use super::columns::Names;
use super::records::{Cut, Records, gather};
use crate::release::stretch::STRETCH;

/// The columns of `persons`.
pub(super) fn person_columns(names: &Names<'_>) -> Vec<Column> {
    let mut columns = names.lead();
    names.persons(&mut columns);
    columns
}

/// The columns of `wide`.
pub(super) fn wide_columns(names: &Names<'_>) -> Vec<Column> {
    let mut columns = person_columns(names);
    for item in &names.schema.items {
        for wave in 0..names.schema.waves() {
            names.item(&mut columns, item, Some(wave), "answer that stands for the wave");
        }
    }
    columns
}

/// The rows of `persons`, stretch by stretch.
pub(super) fn person_blocks<'a>(records: &'a Records<'_>, several: bool) -> impl Iterator<Item = Block> + 'a {
    records.order.chunks(STRETCH).map(move |order| persons(records, several, order))
}

/// The rows of `wide`, stretch by stretch.
pub(super) fn wide_blocks<'a>(
    records: &'a Records<'_>,
    several: bool,
    missing_reasons: bool,
) -> impl Iterator<Item = Block> + 'a {
    let columns = 1 + records.schema().items.len() * records.schema().waves();
    records.order.chunks((STRETCH / columns).max(1 << 10)).map(move |order| {
        let mut block = persons(records, several, order);
        let batch = records.delivery.batch;
        for (i, (variable, waves)) in records.schema().items.iter().zip(&batch.answers).enumerate() {
            for (wave, column) in waves.iter().enumerate() {
                block.columns.push(gather(variable, &[Some(column)], Cut::All(order)));
                if missing_reasons {
                    let coding = variable.coding.as_deref();
                    let word = |row: &u32| records.reasons.of_cell(i, wave, *row as usize, Some(column), coding);
                    block.columns.push(Values::Codes(order.iter().map(word).collect()));
                }
            }
        }
        block
    })
}

fn persons(records: &Records<'_>, several: bool, order: &[u32]) -> Block {
    let batch = records.delivery.batch;
    let rows: Vec<_> = order.iter().map(|row| records.id(*row, None, 0)).collect();
    let mut columns = records.lead(several, &rows);
    columns.push(Values::Codes(order.iter().map(|row| batch.group[*row as usize]).collect()));
    if !records.schema().sites.is_empty() {
        let site = |row: &u32| batch.site.get(*row as usize).copied().unwrap_or(u32::MAX);
        columns.push(Values::LongCodes(order.iter().map(site).collect()));
    }
    for (variable, column) in records.schema().baseline.iter().zip(&batch.baseline) {
        columns.push(gather(variable, &[Some(column)], Cut::All(order)));
    }
    Block { rows, columns }
}

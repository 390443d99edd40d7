//! Why each observed cell differs from the truth.

use super::field::Field;
use crate::tables::audit::AuditCount;
use crate::tables::observed::AnswerColumn;
use crate::tables::{Column, Reason};

type Counts = [u64; Reason::ALL.len()];

/// For each item the reasons of the cells of a wave (if they are kept) and how often each occurs.
pub(super) fn audit_wave(field: &Field<'_>, wave: usize) -> Vec<(Vec<u8>, Counts)> {
    let mut all = Vec::with_capacity(field.plan.items.len());
    for k in 0..field.plan.items.len() {
        let mut cells = vec![0; field.absent.len()];
        fill_cells(field, k, wave, &mut cells);
        if field.plan.visits.is_some() {
            for (row, cell) in cells.iter_mut().enumerate() {
                if *cell == Reason::Misclassified as u8 {
                    *cell = told_or_changed(field, k, row, wave) as u8;
                }
            }
        }
        let mut counts = [0; Reason::ALL.len()];
        for (count, reason) in counts.iter_mut().zip(Reason::ALL) {
            *count = occurrences(&cells, reason as u8);
        }
        all.push((if field.keep_cells { cells } else { Vec::new() }, counts));
    }
    all
}

/// Why each cell of an item at a wave is as it is, as far as one wave tells.
fn fill_cells(field: &Field<'_>, k: usize, wave: usize, cells: &mut [u8]) {
    let truth = field.truth.at(field.plan.items[k].variable, field.plan.truth.waves[wave]);
    let absent = &field.absent;
    match (&field.observed.answers[k][wave], truth) {
        (AnswerColumn::Coded(codes), Column::Coded { codes: truth, coding }) => {
            let unanswered = coding.values.len() as u8;
            for (((cell, code), truth), absent) in cells.iter_mut().zip(codes).zip(truth).zip(absent) {
                let silent = if *absent == 0 { Reason::ItemNonResponse as u8 } else { *absent };
                let told = if code == truth { 0 } else { Reason::Misclassified as u8 };
                *cell = if *code == unanswered { silent } else { told };
            }
        }
        (AnswerColumn::Number(values), truth) => {
            for (row, cell) in cells.iter_mut().enumerate() {
                *cell = match (values[row].is_nan(), absent[row]) {
                    (true, 0) => Reason::ItemNonResponse as u8,
                    (true, absent) => absent,
                    (false, _) if values[row] == truth.value(row) => 0,
                    (false, _) => Reason::Misclassified as u8,
                };
            }
        }
        (AnswerColumn::Coded(_), Column::Number(_)) => {}
    }
}

/// How often a code occurs; blocks of 255 rows are counted in single bytes, which goes many at a time.
fn occurrences(cells: &[u8], code: u8) -> u64 {
    let block = |cells: &[u8]| u64::from(cells.iter().fold(0_u8, |n, cell| n + u8::from(*cell == code)));
    cells.chunks(255).map(block).sum()
}

/// The counts of an item at a wave as a row of the audit.
pub(super) fn count(item: &str, wave: usize, cells: Counts) -> AuditCount {
    AuditCount { item: item.to_owned(), wave: wave as u16 + 1, cells }
}

/// Whether an answer that differs from the truth at the wave was right when it was given.
fn told_or_changed(field: &Field<'_>, k: usize, row: usize, wave: usize) -> Reason {
    let given = field.given_at[k][row] as usize;
    if given == field.plan.truth.waves[wave] {
        return Reason::Misclassified;
    }
    let then = field.truth.at(field.plan.items[k].variable, given);
    let told = match (&field.observed.answers[k][wave], &field.plan.items[k].coding) {
        (AnswerColumn::Coded(codes), Some(coding)) => coding.values[usize::from(codes[row])],
        (AnswerColumn::Number(values), _) => values[row],
        (AnswerColumn::Coded(_), None) => f64::NAN,
    };
    if then.value(row) == told { Reason::ChangedSince } else { Reason::Misclassified }
}

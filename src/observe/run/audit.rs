//! Why each observed cell differs from the truth.

use super::field::Field;
use crate::observe::plan::Answer;
use crate::tables::audit::AuditCount;
use crate::tables::observed::{AnswerColumn, CodedComments};
use crate::tables::{Coding, Column, Reason};

type Counts = [u64; Reason::ALL.len()];

/// For each item the reasons of the cells of a wave (if they are kept) and how often each occurs.
pub(super) fn audit_wave(field: &Field<'_>, wave: usize) -> Vec<(Vec<u8>, Counts)> {
    let mut all = Vec::with_capacity(field.plan.items.len());
    for k in 0..field.plan.items.len() {
        let mut cells = vec![0; field.absent.len()];
        fill_cells(field, k, wave, &mut cells);
        let blame = &field.blame[k];
        for (cell, blame) in cells.iter_mut().zip(blame).filter(|(cell, _)| is_told(**cell)) {
            *cell = if *blame == 0 { *cell } else { *blame };
        }
        if field.plan.visits.is_some() {
            for row in (0..cells.len()).filter(|row| is_told(cells[*row])).collect::<Vec<_>>() {
                if changed_since(field, k, row, wave) {
                    cells[row] = Reason::ChangedSince as u8;
                }
            }
        }
        field.settle_cells(k, wave, &mut cells);
        let mut counts = [0; Reason::ALL.len()];
        for reason in &field.plan.reasons {
            counts[*reason as usize] = occurrences(&cells, *reason as u8);
        }
        all.push((if field.keeps_cells() { cells } else { Vec::new() }, counts));
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
                    (false, _) => Reason::MeasurementError as u8,
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

/// Whether the cell of a wave alone says that the answer is not the truth.
fn is_told(cell: u8) -> bool {
    cell == Reason::Misclassified as u8 || cell == Reason::MeasurementError as u8
}

/// Whether an answer that differs from the truth at the wave was right when it was given.
fn changed_since(field: &Field<'_>, k: usize, row: usize, wave: usize) -> bool {
    let given = field.given_at[k][row] as usize;
    if given == field.plan.truth.waves[wave] {
        return false;
    }
    let then = field.truth.at(field.plan.items[k].variable, given);
    let told = match (&field.observed.answers[k][wave], &field.plan.items[k].coding) {
        (AnswerColumn::Coded(codes), Some(coding)) => coding.values[usize::from(codes[row])],
        (AnswerColumn::Number(values), _) => values[row],
        (AnswerColumn::Coded(_), None) => f64::NAN,
    };
    then.value(row) == told
}

/// How many of those who answered did not tell the truth by the item's own way of answering, as far as the answers
/// that stand for the wave tell.
pub(super) fn count_own_mechanisms(field: &mut Field<'_>, wave: usize, counted: &[(Vec<u8>, Counts)]) {
    let plan = field.plan;
    for (k, (item, (_, counts))) in plan.items.iter().zip(counted).enumerate() {
        if matches!(item.answer, Answer::AsTrue) {
            continue;
        }
        let all: u64 = counts.iter().sum();
        let missing: u64 =
            Reason::ALL.iter().zip(counts).filter(|(r, _)| r.of_missing().is_some()).map(|(_, n)| n).sum();
        let own = counts[Reason::Misclassified as usize] + counts[Reason::MeasurementError as usize];
        let filled_in = field.filled_in_as_true(k, wave);
        field.count(item.own_mechanism(), wave, all - missing - filled_in, own);
    }
}

/// Takes what was recorded of those who are to be erased out of the observed data, and corrects the audit.
pub(super) fn erase(field: &mut Field<'_>) {
    let rows: Vec<usize> = (0..field.erased.len()).filter(|row| field.erased[*row]).collect();
    let plan = field.plan;
    let observed = &mut field.observed;
    for (k, item) in plan.items.iter().enumerate() {
        for wave in (0..plan.truth.waves.len()).filter(|wave| item.instrument.covers(*wave)) {
            let count = &mut field.audit.counts[wave * plan.items.len() + k].cells;
            let cells = &mut field.audit.cells[k][wave];
            for row in &rows {
                if observed.attended[wave][*row] {
                    let old = &mut count[usize::from(cells[*row])];
                    *old = old.saturating_sub(1);
                    count[Reason::Erased as usize] += 1;
                    cells[*row] = Reason::Erased as u8;
                }
            }
            wipe(&mut observed.answers[k][wave], &rows, item.coding.as_deref());
        }
    }
    for (column, v) in observed.baseline.iter_mut().zip(&plan.schema.baseline) {
        wipe(column, &rows, v.coding.as_deref());
    }
    for visit in &mut observed.visits {
        for row in &rows {
            visit.took_place[*row] = false;
            visit.years[*row] = f64::NAN;
        }
        for (column, item) in visit.answers.iter_mut().zip(&plan.items) {
            wipe(column, &rows, item.coding.as_deref());
        }
        for row in &rows {
            visit.interviewer.get_mut(*row).into_iter().for_each(|who| *who = u16::MAX);
            visit.others_present.get_mut(*row).into_iter().for_each(|others| *others = 0);
        }
    }
    let by_visit = observed.visits.iter_mut().flat_map(|v| &mut v.filled_in);
    for filled_in in observed.filled_in.iter_mut().flatten().chain(by_visit).filter(|f| !f.is_empty()) {
        rows.iter().for_each(|row| filled_in[*row] = false);
    }
    erase_comments(&mut observed.comments, &field.erased);
    for attended in &mut observed.attended {
        rows.iter().for_each(|row| attended[*row] = false);
    }
    field.forget(&rows);
}

/// Leaves only the comments of those who are not erased.
fn erase_comments(comments: &mut CodedComments, erased: &[bool]) {
    let stays: Vec<bool> = comments.row.iter().map(|row| !erased[*row as usize]).collect();
    fn keep<T: Copy>(column: &mut Vec<T>, stays: &[bool]) {
        let mut at = stays.iter();
        column.retain(|_| at.next().copied().unwrap_or(true));
    }
    let CodedComments { row, wave, visit, number, coder, theme, valence, direction, relation } = comments;
    keep(row, &stays);
    [wave, visit, number].into_iter().for_each(|c| keep(c, &stays));
    [coder, theme, valence, direction, relation].into_iter().for_each(|c| keep(c, &stays));
}

/// Leaves no answer in these rows.
fn wipe(column: &mut AnswerColumn, rows: &[usize], coding: Option<&Coding>) {
    match column {
        AnswerColumn::Coded(codes) => {
            let none = coding.map_or(u8::MAX, |c| (c.values.len() - 1) as u8);
            rows.iter().for_each(|row| codes[*row] = none);
        }
        AnswerColumn::Number(values) => rows.iter().for_each(|row| values[*row] = f64::NAN),
    }
}

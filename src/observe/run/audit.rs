//! Why each observed cell differs from the truth.

use super::field::Field;
use crate::tables::audit::AuditCount;
use crate::tables::observed::AnswerColumn;
use crate::tables::{Column, Reason};

type Counts = [u64; Reason::ALL.len()];

/// For each item the reasons of the cells of a wave (if they are kept) and how often each occurs.
pub(super) fn audit_wave(field: &Field<'_>, wave: usize) -> Vec<(Vec<u8>, Counts)> {
    let moment = field.plan.truth.waves[wave];
    let several_visits = field.plan.visits.is_some();
    let mut all = Vec::with_capacity(field.plan.items.len());
    for (k, item) in field.plan.items.iter().enumerate() {
        let truth = field.truth.at(item.variable, moment);
        let answers = &field.observed.answers[k][wave];
        let mut counts = [0; Reason::ALL.len()];
        let mut cells = Vec::with_capacity(if field.keep_cells { field.absent.len() } else { 0 });
        for (row, absent) in field.absent.iter().enumerate() {
            let reason = match (answers, truth) {
                (AnswerColumn::Coded(codes), Column::Coded { codes: truth, coding }) => {
                    cell(usize::from(codes[row]) == coding.values.len(), codes[row] == truth[row], *absent)
                }
                (AnswerColumn::Number(values), truth) => {
                    cell(values[row].is_nan(), values[row] == truth.value(row), *absent)
                }
                (AnswerColumn::Coded(_), Column::Number(_)) => Reason::AsTrue,
            };
            let reason = if several_visits && reason == Reason::Misclassified {
                told_or_changed(field, k, row, wave)
            } else {
                reason
            };
            counts[reason as usize] += 1;
            if field.keep_cells {
                cells.push(reason as u8);
            }
        }
        all.push((cells, counts));
    }
    all
}

/// The counts of an item at a wave as a row of the audit.
pub(super) fn count(item: &str, wave: usize, cells: Counts) -> AuditCount {
    AuditCount { item: item.to_owned(), wave: wave as u16 + 1, cells }
}

#[inline(always)]
fn cell(unanswered: bool, as_true: bool, absent: u8) -> Reason {
    match (unanswered, as_true) {
        (true, _) => match absent {
            1 => Reason::Dropout,
            2 => Reason::MissedWave,
            3 => Reason::NoVisit,
            _ => Reason::ItemNonResponse,
        },
        (false, true) => Reason::AsTrue,
        (false, false) => Reason::Misclassified,
    }
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

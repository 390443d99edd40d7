//! Why a record has no answer, in the words that a team would write into its own data.

use crate::tables::audit::Reason;
use crate::tables::observed::AnswerColumn;
use crate::tables::{Audit, Coding, ObservedBatch};

/// The words with what they mean, in the order of their codes.
pub const MISSING_WORDS: [(&str, &str); 12] = [
    ("refused", "the question was not answered"),
    (
        "not_asked",
        "the question was not asked: an earlier answer, or the instrument of the wave; a value beside it was filled in",
    ),
    ("wave_missed", "no interview in the wave, with later return possible"),
    ("lost", "the person has left the study"),
    ("unlinked", "the person was interviewed in the wave, but it was not known that this is the same record"),
    ("not_yet_in_study", "the person entered the study later"),
    ("refused_to_begin", "the person refused to take part"),
    ("withdrawn", "consent or assent was withdrawn"),
    ("site_lost", "the partner at the person's site had left the study"),
    ("died", "the person has died"),
    ("emigrated", "the person has left the country"),
    ("observation_ended", "observation had ended by design"),
];

/// The word of a question that was not asked; also of one whose value was filled in.
pub(in crate::release) const NOT_ASKED: &str = "not_asked";

/// The code of a cell that has a value.
pub(super) const NONE: u8 = u8::MAX;

fn code_of(word: &str) -> u8 {
    MISSING_WORDS.iter().position(|(known, _)| *known == word).map_or(NONE, |code| code as u8)
}

/// Whether a record has an answer in a column.
fn is_answered(column: &AnswerColumn, coding: Option<&Coding>, row: usize) -> bool {
    match (column, coding) {
        (AnswerColumn::Coded(codes), Some(coding)) => {
            coding.values.get(usize::from(codes[row])).is_some_and(|value| !value.is_nan())
        }
        (AnswerColumn::Coded(_), None) => false,
        (AnswerColumn::Number(values), _) => !values[row].is_nan(),
    }
}

/// Who is behind each record, and why answers are missing.
pub(super) struct Reasons<'a> {
    batch: &'a ObservedBatch,
    audit: &'a Audit,
    /// Per wave and person, whether the person was interviewed under some record. Empty where records are persons.
    reached: Vec<Vec<bool>>,
}

impl<'a> Reasons<'a> {
    /// `persons` is the number of rows of the truth.
    pub(super) fn new(batch: &'a ObservedBatch, audit: &'a Audit, persons: usize) -> Self {
        let mut reached = Vec::new();
        for (links, attended) in audit.links.iter().zip(&batch.attended) {
            let mut interviewed = vec![false; persons];
            for (person, attended) in links.iter().zip(attended) {
                if let (true, Some(reached)) = (*attended, interviewed.get_mut(*person as usize)) {
                    *reached = true;
                }
            }
            reached.push(interviewed);
        }
        Self { batch, audit, reached }
    }

    /// The person behind a record at a wave, if there is one.
    pub(super) fn person(&self, wave: usize, row: usize) -> Option<usize> {
        if self.audit.links.is_empty() {
            return Some(row);
        }
        let person = *self.audit.links.get(wave)?.get(row)?;
        (person != u32::MAX).then_some(person as usize)
    }

    /// The person behind a record at the nearest wave at which there is one, earlier waves first.
    fn owner(&self, wave: usize, row: usize) -> Option<usize> {
        let before = (0..=wave).rev().find_map(|w| self.person(w, row));
        before.or_else(|| (wave + 1..self.audit.links.len()).find_map(|w| self.person(w, row)))
    }

    fn reason(&self, item: usize, wave: usize, person: usize) -> Option<Reason> {
        Reason::of_code(*self.audit.cells.get(item)?.get(wave)?.get(person)?)
    }

    /// Whether a record was interviewed at some wave and its answers were not erased.
    pub(super) fn is_there(&self, row: usize) -> bool {
        let erased = |wave: usize| {
            let person = self.person(wave, row);
            person.is_some_and(|p| self.reason(0, wave, p) == Some(Reason::Erased))
        };
        self.batch.attended.iter().enumerate().any(|(wave, attended)| attended[row] && !erased(wave))
    }

    /// The code of the word for a cell: why it has no answer, or that its value was filled in without asking.
    pub(super) fn of_cell(
        &self,
        item: usize,
        wave: usize,
        row: usize,
        column: Option<&AnswerColumn>,
        coding: Option<&Coding>,
    ) -> u8 {
        if self.batch.is_filled_in(item, wave, row) {
            return code_of(NOT_ASKED);
        }
        let answered = column.is_some_and(|column| is_answered(column, coding, row));
        if answered { NONE } else { self.word(item, wave, row) }
    }

    /// The code of the word for a missing answer.
    fn word(&self, item: usize, wave: usize, row: usize) -> u8 {
        // The instrument of the wave does not have the question, whoever the record is.
        let schema = &self.batch.schema;
        if schema.asked.get(item).is_some_and(|asked| asked.at.get(wave) == Some(&false)) {
            return code_of(NOT_ASKED);
        }
        let attended = self.batch.attended[wave][row];
        let owner = self.owner(wave, row);
        let elsewhere = owner.is_some_and(|p| self.reached.get(wave).is_some_and(|r| r.get(p) == Some(&true)));
        if !attended && elsewhere {
            return code_of("unlinked");
        }
        let reason = owner.and_then(|person| self.reason(item, wave, person)).and_then(Reason::of_missing);
        code_of(reason.unwrap_or(if attended { "refused" } else { "wave_missed" }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_that_leaves_a_cell_empty_has_a_word() {
        for reason in Reason::ALL {
            assert!(reason.of_missing().is_none_or(|word| code_of(word) != NONE), "{reason:?}");
        }
    }
}

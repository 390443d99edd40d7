//! Who is asked a question at an interview, and what is recorded of those who are not.

use super::Scratch;
use super::field::Field;
use super::when::When;
use crate::observe::plan::Item;
use crate::rules::Chunk;
use crate::tables::observed::{AnswerColumn, VisitColumns};
use crate::tables::{Reason, RunProblem};

impl Field<'_> {
    /// Who is away or not asked (not 0), where that differs from who is away.
    pub(super) fn who_is_not_asked(
        &mut self,
        k: usize,
        item: &Item,
        when: &When<'_>,
        chunk: &Chunk,
        away: &[u8],
        scratch: &mut Scratch,
    ) -> Result<Option<Vec<u8>>, RunProblem> {
        let Some(skip) = &item.instrument.skip else { return Ok(None) };
        let asked = self.decide(&skip.rule, when, chunk, Some(away), scratch, |s| &mut s.asked[k])?;
        let mut all = away.to_vec();
        let (mut at_risk, mut happened) = (0, 0);
        let in_wave = &mut self.asked[k][chunk.rows.clone()];
        for (((all, asked), away), in_wave) in all.iter_mut().zip(&asked).zip(away).zip(in_wave) {
            let here = *away == 0;
            *all |= 1 - asked;
            *in_wave |= u8::from(here) & asked;
            at_risk += u64::from(here);
            happened += u64::from(here && *asked == 0);
        }
        self.count(skip.mechanism, when.wave, at_risk, happened);
        scratch.buffers.codes = asked;
        Ok(Some(all))
    }

    /// After the answers of an interview: records a value of those who were here and not asked, if there is one for
    /// them. `not_asked` and `silent` are not 0 for those who are away, too.
    pub(super) fn fill_in(
        &mut self,
        k: usize,
        when: &When<'_>,
        chunk: &Chunk,
        away: &[u8],
        not_asked: &[u8],
        silent: &[u8],
    ) {
        let Some(otherwise) = self.plan.items[k].instrument.otherwise() else { return };
        for (i, row) in chunk.rows.clone().enumerate().filter(|(i, _)| away[*i] == 0) {
            let filled = &mut self.observed.filled_in[k][when.wave][row];
            if not_asked[i] == 0 {
                // Whoever gives no answer keeps what stood for the wave.
                *filled &= silent[i] != 0;
                continue;
            }
            *filled = true;
            for column in [&mut self.reported[k], &mut self.observed.answers[k][when.wave]] {
                match column {
                    AnswerColumn::Coded(codes) => codes[row] = otherwise.code,
                    AnswerColumn::Number(values) => values[row] = otherwise.value,
                }
            }
            if let Some(moments) = when.moments {
                self.given_at[k][row] = moments[i];
                self.given_on[k][row] = when.occasion;
            }
        }
    }

    /// Room for what is filled in, where an item needs it.
    pub(super) fn prepare_instrument(&mut self) {
        let (rows, waves) = (self.layout.rows(), self.plan.truth.waves.len());
        let items = &self.plan.items;
        if items.iter().any(|i| i.instrument.otherwise().is_some()) {
            let waves_of = |i: &Item| if i.instrument.otherwise().is_some() { waves } else { 0 };
            self.observed.filled_in = items.iter().map(|i| vec![vec![false; rows]; waves_of(i)]).collect();
        }
    }

    /// Before a wave nobody has been asked anything.
    pub(super) fn begin_asking(&mut self) {
        let rows = self.layout.rows();
        for (asked, _) in self.asked.iter_mut().zip(&self.plan.items).filter(|(_, i)| i.instrument.skip.is_some()) {
            asked.clear();
            asked.resize(rows, 0);
        }
    }

    /// What the instrument says of the reasons of a wave's cells, after all else.
    pub(super) fn settle_cells(&self, k: usize, wave: usize, cells: &mut [u8]) {
        const NOT_ASKED: u8 = Reason::NotAsked as u8;
        if !self.plan.items[k].instrument.covers(wave) {
            cells.fill(NOT_ASKED);
            return;
        }
        // Empty where everybody is asked.
        for (cell, asked) in cells.iter_mut().zip(&self.asked[k]) {
            if *cell == Reason::ItemNonResponse as u8 && *asked == 0 {
                *cell = NOT_ASKED;
            }
        }
        for (cell, filled) in cells.iter_mut().zip(self.filled(k, wave)) {
            if *filled && *cell != 0 {
                *cell = NOT_ASKED;
            }
        }
    }

    /// How many cells of a wave were filled in with what happens to be the truth.
    pub(super) fn filled_in_as_true(&self, k: usize, wave: usize) -> u64 {
        let item = &self.plan.items[k];
        let Some(otherwise) = item.instrument.otherwise() else { return 0 };
        let truth = self.truth.at(item.variable, self.plan.truth.waves[wave]);
        let filled = self.filled(k, wave).iter().enumerate();
        filled.filter(|(row, filled)| **filled && truth.value(*row) == otherwise.value).count() as u64
    }

    /// Which answers that stand for a wave were filled in; nothing where the item has no value for that.
    fn filled(&self, k: usize, wave: usize) -> &[bool] {
        self.observed.filled_in.get(k).and_then(|waves| waves.get(wave)).map_or(&[], Vec::as_slice)
    }

    /// Of those who are erased nothing is filled in and no mark is left.
    pub(super) fn forget(&mut self, rows: &[usize]) {
        let visits = self.observed.visits.iter_mut().flat_map(|visit| &mut visit.filled_in);
        for filled in self.observed.filled_in.iter_mut().flatten().chain(visits).filter(|f| !f.is_empty()) {
            rows.iter().for_each(|row| filled[*row] = false);
        }
        self.talk.forget(rows);
    }

    /// Which answers of a single interview were filled in.
    pub(super) fn keep_filled(&self, when: &When<'_>, chunk: &Chunk, visit: &mut VisitColumns) {
        let rows = self.layout.rows();
        if self.observed.filled_in.is_empty() {
            return;
        }
        visit.filled_in.resize_with(self.plan.items.len(), Vec::new);
        for (k, into) in visit.filled_in.iter_mut().enumerate() {
            let filled = self.filled(k, when.wave);
            into.resize(if filled.is_empty() { 0 } else { rows }, false);
            // Where there is one interview in a wave nobody keeps account of when an answer was given.
            let on = |row: usize| self.given_on[k].get(row).is_none_or(|occasion| *occasion == when.occasion);
            let now = |row: &usize| filled.get(*row) == Some(&true) && on(*row);
            for row in chunk.rows.clone().filter(now) {
                into[row] = true;
            }
        }
    }
}

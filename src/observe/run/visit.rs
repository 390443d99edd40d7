//! Interviews: when they take place, and what is answered.

use super::super::plan::{Answer, Item};
use super::Scratch;
use super::field::{Field, no_answers, wants_count};
use super::when::{MOST_VISITS, When, few, present};
use crate::distribution::{Law, LawProblem};
use crate::rules::Chunk;
use crate::streams::Purpose;
use crate::tables::observed::{AnswerColumn, VisitColumns};
use crate::tables::{Column, Reason, RunProblem};

const VISITS: Purpose = Purpose::named("survey.visits");

impl Field<'_> {
    /// All interviews of a wave with the persons of a chunk.
    pub(super) fn visit(
        &mut self,
        wave: usize,
        chunk: &Chunk,
        visits: &mut Vec<VisitColumns>,
        scratch: &mut Scratch,
    ) -> Result<(), RunProblem> {
        let plan = self.plan;
        let Some(law) = &plan.visits else {
            let away = self.absent[chunk.rows.clone()].to_vec();
            if !self.meets(wave) {
                self.attend(wave, chunk, away.iter().map(|away| usize::from(*away == 0)));
                return Ok(());
            }
            let when = When::wave(plan, wave);
            self.interview(&when, chunk, &away, scratch)?;
            if self.tells(wave) && plan.circumstances.any() {
                self.keep_visit(&when, 0, chunk, &away, visits, scratch);
            }
            return Ok(());
        };
        let counts = self.count_visits(law, wave, chunk, scratch)?;
        if !self.meets(wave) {
            self.attend(wave, chunk, counts.iter().copied());
            return Ok(());
        }
        for number in 0..counts.iter().copied().max().unwrap_or(0) {
            let away: Vec<u8> = counts.iter().map(|count| u8::from(number >= *count)).collect();
            let moments: Vec<u32> = counts.iter().map(|count| self.moment_of_visit(wave, number, *count)).collect();
            let here = few(&away);
            let when = When {
                wave,
                occasion: ((wave << 8) | number) as u32,
                drawn_on: None,
                moment: plan.truth.waves[wave],
                moments: Some(&moments),
                here: here.as_deref(),
            };
            self.interview(&when, chunk, &away, scratch)?;
            if self.tells(wave) {
                self.keep_visit(&when, number, chunk, &away, visits, scratch);
            }
        }
        Ok(())
    }

    /// The number of interviews in the wave's year of each person; persons with none miss the wave.
    fn count_visits(
        &mut self,
        law: &Law,
        wave: usize,
        chunk: &Chunk,
        scratch: &mut Scratch,
    ) -> Result<Vec<usize>, RunProblem> {
        let when = When::wave(self.plan, wave);
        let mut numbers = vec![0.0; chunk.rows.len()];
        let away = &self.absent[chunk.rows.clone()];
        self.draw((law, VISITS), &when, chunk, away, &mut numbers, scratch)?;
        let mut counts = Vec::with_capacity(numbers.len());
        for (number, row) in numbers.iter().zip(chunk.rows.clone()) {
            if self.absent[row] != 0 {
                counts.push(0);
                continue;
            }
            if !(number.fract() == 0.0 && (0.0..=MOST_VISITS as f64).contains(number)) {
                let text = law.text();
                let problem = self.problem(&text.text, Some(text.span.clone()), *number, row, &when);
                return Err(wants_count(problem, *number, "of visits in a wave", MOST_VISITS as f64));
            }
            if *number == 0.0 {
                self.absent[row] = Reason::NoVisit as u8;
            }
            counts.push(*number as usize);
        }
        Ok(counts)
    }

    /// Interviews are spread evenly over the steps of a wave's year; the last one is at the wave.
    fn moment_of_visit(&self, wave: usize, number: usize, count: usize) -> u32 {
        let waves = &self.plan.truth.waves;
        let end = waves[wave];
        let year = match (wave, waves.get(1)) {
            (0, Some(second)) => (second - waves[0]).min(end),
            (0, None) => end,
            (_, _) => end - waves[wave - 1],
        };
        let left = count.saturating_sub(number + 1);
        (end - year * left / count.max(1)) as u32
    }

    /// One interview with those of a chunk who are not `away`.
    fn interview(
        &mut self,
        when: &When<'_>,
        chunk: &Chunk,
        away: &[u8],
        scratch: &mut Scratch,
    ) -> Result<(), RunProblem> {
        self.meet(when, chunk, away, scratch)?;
        let plan = self.plan;
        for (k, item) in plan.items.iter().enumerate() {
            if !item.instrument.covers(when.wave) || !self.wants(k) {
                continue;
            }
            let skipped = self.who_is_not_asked(k, item, when, chunk, away, scratch)?;
            let not_asked = skipped.as_deref().unwrap_or(away);
            let silent = self.who_is_silent(k, item, when, chunk, not_asked, scratch)?;
            let silent = silent.as_deref().unwrap_or(not_asked);
            self.answer(k, item, when, chunk, silent, scratch)?;
            self.fill_in(k, when, chunk, away, not_asked, silent);
            if let Some(moments) = when.moments {
                let rows = chunk.rows.clone();
                write(&mut self.given_at[k][rows.clone()], |i| moments[i], silent, when);
                write(&mut self.given_on[k][rows], |_| when.occasion, silent, when);
            }
        }
        self.hear(when, chunk, away, scratch)?;
        self.part(when, chunk, away, scratch)?;
        self.attend(when.wave, chunk, away.iter().map(|away| usize::from(*away == 0)));
        Ok(())
    }

    /// So many interviews more have been held at a wave with the persons of a chunk.
    fn attend(&mut self, wave: usize, chunk: &Chunk, held: impl Iterator<Item = usize>) {
        let contacts = self.contacts[chunk.rows.clone()].iter_mut();
        let attended = &mut self.observed.attended[wave][chunk.rows.clone()];
        for ((contacts, attended), held) in contacts.zip(attended).zip(held) {
            *contacts = contacts.saturating_add(u8::try_from(held).unwrap_or(u8::MAX));
            *attended |= held > 0;
        }
    }

    /// Who gives no answer to an item (not 0), where that differs from who is away.
    fn who_is_silent(
        &mut self,
        k: usize,
        item: &Item,
        when: &When<'_>,
        chunk: &Chunk,
        away: &[u8],
        scratch: &mut Scratch,
    ) -> Result<Option<Vec<u8>>, RunProblem> {
        if item.non_response.is_empty() {
            return Ok(None);
        }
        scratch.non_response[k].resize_with(item.non_response.len(), Default::default);
        let mut all = away.to_vec();
        for (n, rule) in item.non_response.iter().enumerate() {
            let silent = self.decide(rule, when, chunk, Some(away), scratch, |s| &mut s.non_response[k][n])?;
            let (mut at_risk, mut happened) = (0, 0);
            for i in when.members(away.len()) {
                all[i] |= silent[i];
                at_risk += u64::from(away[i] == 0);
                happened += u64::from(away[i] == 0 && silent[i] == 1);
            }
            self.count(item.first_mechanism + n, when.wave, at_risk, happened);
            scratch.buffers.codes = silent;
        }
        Ok(Some(all))
    }

    /// Records the answers to an item of those who are not silent.
    fn answer(
        &mut self,
        k: usize,
        item: &Item,
        when: &When<'_>,
        chunk: &Chunk,
        silent: &[u8],
        scratch: &mut Scratch,
    ) -> Result<(), RunProblem> {
        let rows = chunk.rows.clone();
        if !item.steps.is_empty() {
            return self.answer_in_steps(k, item, when, chunk, silent, scratch);
        }
        match &item.answer {
            Answer::Chance(rule) => {
                let told = self.decide(rule, when, chunk, Some(silent), scratch, |s| &mut s.answers[k])?;
                let wave = &mut self.observed.answers[k][when.wave];
                for column in [&mut self.reported[k], wave] {
                    write_codes(column, rows.start, &told, silent, when);
                }
                scratch.buffers.codes = told;
            }
            Answer::AsTrue if when.moments.is_none() && item.coding.is_some() => {
                let Column::Coded { codes: truth, .. } = self.truth.at(item.variable, when.moment) else {
                    return Ok(());
                };
                let wave = &mut self.observed.answers[k][when.wave];
                for column in [&mut self.reported[k], wave] {
                    write_codes(column, rows.start, &truth[rows.clone()], silent, when);
                }
            }
            Answer::AsTrue | Answer::Error(..) => {
                let mut error = vec![0.0; rows.len()];
                if let Answer::Error(law, purpose) = &item.answer {
                    self.draw((law, *purpose), when, chunk, silent, &mut error, scratch)?;
                }
                for i in when.members(rows.len()).filter(|i| silent[*i] == 0) {
                    let (row, moment) = (rows.start + i, when.moment_of(i));
                    let wave = &mut self.observed.answers[k][when.wave];
                    for column in [&mut self.reported[k], wave] {
                        match (column, self.truth.at(item.variable, moment)) {
                            (AnswerColumn::Coded(codes), Column::Coded { codes: truth, .. }) => {
                                codes[row] = truth[row];
                            }
                            (AnswerColumn::Number(values), truth) => values[row] = truth.value(row) + error[i],
                            (AnswerColumn::Coded(_), Column::Number(_)) => {}
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Draws from a law for the persons of a chunk; what those get who are `away` means nothing.
    pub(super) fn draw(
        &self,
        (law, purpose): (&Law, Purpose),
        when: &When<'_>,
        chunk: &Chunk,
        away: &[u8],
        out: &mut [f64],
        scratch: &mut Scratch,
    ) -> Result<(), RunProblem> {
        let rows = chunk.rows.clone();
        self.fill(law.slots(), when, &rows, &mut scratch.buffers);
        let mut picked = std::mem::take(&mut scratch.buffers.picked);
        let mut law_scratch = std::mem::take(&mut scratch.buffers.law);
        picked.of(&self.people[rows.clone()], when.here, None);
        let inputs = self.inputs(law.slots(), when, &rows, &scratch.buffers);
        let occasion = when.drawn_on.unwrap_or(when.occasion);
        let drawn = match when.here {
            None => {
                let people = (&self.people[rows.clone()], purpose, occasion);
                law.draw_for(self.streams, people, &inputs, out, &mut law_scratch)
            }
            Some(here) => {
                let people = (&picked.people[..], purpose, occasion);
                let drawn = law.draw_for(self.streams, people, &inputs, &mut picked.numbers, &mut law_scratch);
                here.iter().zip(&picked.numbers).for_each(|(i, number)| out[*i as usize] = *number);
                drawn.map_err(|problem| LawProblem { row: here[problem.row] as usize, ..problem })
            }
        };
        drop(inputs);
        scratch.buffers.picked = picked;
        scratch.buffers.law = law_scratch;
        match drawn {
            // Only persons who are away may have no argument: the others are drawn without them. A draw goes by the
            // person's address, so it is the same.
            Err(problem) if away[problem.row] != 0 => {
                let mut others = present(away);
                if let Some(here) = when.here {
                    others.retain(|i| here.binary_search(i).is_ok());
                }
                self.draw((law, purpose), &when.only(&others), chunk, away, out, scratch)
            }
            drawn => drawn.map_err(|p| {
                self.problem(&p.argument.text, Some(p.argument.span.clone()), p.value, rows.start + p.row, when)
            }),
        }
    }

    /// Keeps a single interview for the table of visits.
    fn keep_visit(
        &mut self,
        when: &When<'_>,
        number: usize,
        chunk: &Chunk,
        away: &[u8],
        visits: &mut Vec<VisitColumns>,
        scratch: &Scratch,
    ) {
        let rows = self.layout.rows();
        if visits.len() <= number {
            visits.push(VisitColumns {
                wave: when.wave,
                number,
                took_place: vec![false; rows],
                years: vec![f64::NAN; rows],
                answers: self.plan.items.iter().map(|i| no_answers(&i.coding, rows)).collect(),
                ..VisitColumns::default()
            });
        }
        let visit = &mut visits[number];
        if !self.keep.only_tables() {
            self.keep_circumstances(number, chunk, away, visit, scratch);
        }
        let first = chunk.rows.start;
        let here = || when.members(chunk.rows.len()).filter(|i| away[*i] == 0).map(|i| (i, first + i));
        for (i, row) in here() {
            visit.took_place[row] = true;
            visit.years[row] = self.truth.schema.years(when.moment_of(i));
        }
        let answers = visit.answers.iter_mut().zip(&self.observed.answers).enumerate();
        for (k, (column, wave)) in answers.filter(|(k, _)| self.wants(*k)) {
            // Without several visits the wave's answer is that of the interview.
            let now = |row: &usize| self.given_on[k].get(*row).is_none_or(|on| *on == when.occasion);
            let rows = here().map(|(_, row)| row).filter(now);
            match (column, &wave[when.wave]) {
                (AnswerColumn::Coded(into), AnswerColumn::Coded(from)) => rows.for_each(|row| into[row] = from[row]),
                (AnswerColumn::Number(into), AnswerColumn::Number(from)) => rows.for_each(|row| into[row] = from[row]),
                _ => {}
            }
        }
        self.keep_filled(when, chunk, visit);
    }
}

pub(super) fn write_codes(column: &mut AnswerColumn, first: usize, codes: &[u8], silent: &[u8], when: &When<'_>) {
    let AnswerColumn::Coded(column) = column else { return };
    write(&mut column[first..first + codes.len()], |i| codes[i], silent, when);
}

/// Writes a value for each of those whom it concerns and who are not silent.
fn write<T: Copy>(column: &mut [T], value: impl Fn(usize) -> T, silent: &[u8], when: &When<'_>) {
    match when.here {
        Some(here) => {
            for i in here.iter().map(|i| *i as usize).filter(|i| silent[*i] == 0) {
                column[i] = value(i);
            }
        }
        // Without a branch, so that it goes many at a time.
        None => {
            for (i, (into, silent)) in column.iter_mut().zip(silent).enumerate() {
                *into = if *silent == 0 { value(i) } else { *into };
            }
        }
    }
}

//! An interview begins and ends: who comes, what they bring, and what the person makes of it.

use super::super::circumstance::{Start, one_of};
use super::Scratch;
use super::field::Field;
use super::when::When;
use crate::rules::{Chunk, Rule};
use crate::streams::{Person, Purpose};
use crate::tables::RunProblem;
use crate::tables::audit::Circumstances;
use crate::tables::observed::VisitColumns;

const MOOD: Purpose = Purpose::named("survey.mood");
const INTERVIEWER: Purpose = Purpose::named("survey.interviewer");

/// No interviewer has this number.
pub(super) const NOBODY: u16 = u16::MAX;

impl Field<'_> {
    /// Before the first wave: the effects of interviewers and the trust with which persons begin.
    pub(super) fn begin(&mut self, scratch: &mut Scratch) -> Result<(), RunProblem> {
        self.draw_interviewer_effects(scratch)?;
        let plan = self.plan;
        let rows = self.layout.rows();
        if plan.circumstances.team.is_some() {
            self.last_interviewer = vec![NOBODY; rows];
        }
        let Some(trust) = &plan.circumstances.trust else { return Ok(()) };
        self.trust = match trust.start {
            Start::Fixed(start) => vec![start; rows],
            Start::Drawn(..) => vec![0.0; rows],
        };
        if let Start::Drawn(law, purpose) = &trust.start {
            let when = When::wave(plan, 0);
            for at in 0..self.layout.chunks().len() {
                let chunk = self.layout.chunks()[at].clone();
                let mut start = vec![0.0; chunk.rows.len()];
                self.draw((law, *purpose), &when, &chunk, &vec![0; chunk.rows.len()], &mut start, scratch)?;
                self.trust[chunk.rows.clone()].copy_from_slice(&start);
            }
        }
        Ok(())
    }

    /// What the items of an interview share: interviewer, trust, others in the room, mood.
    pub(super) fn meet(
        &mut self,
        when: &When<'_>,
        chunk: &Chunk,
        away: &[u8],
        scratch: &mut Scratch,
    ) -> Result<(), RunProblem> {
        self.send_interviewers(when, chunk, away, scratch)?;
        let plan = self.plan;
        if let Some(trust) = &plan.circumstances.trust {
            let here = self.trust[chunk.rows.clone()].iter_mut().zip(away);
            for ((trust_of, away), same) in here.zip(&scratch.buffers.same_interviewer) {
                *trust_of += if *away == 0 && *same == 1 { trust.same_interviewer } else { 0.0 };
            }
            if self.keep.cells() {
                scratch.buffers.trust.clear();
                scratch.buffers.trust.extend_from_slice(&self.trust[chunk.rows.clone()]);
            }
        }
        if let Some(rule) = &plan.circumstances.others_present {
            scratch.buffers.others_present = self.decide_circumstance(0, rule, when, chunk, away, scratch)?;
        }
        if let Some(law) = &plan.circumstances.mood {
            let mut mood = std::mem::take(&mut scratch.buffers.mood);
            mood.resize(chunk.rows.len(), 0.0);
            self.draw((law, MOOD), when, chunk, away, &mut mood, scratch)?;
            scratch.buffers.mood = mood;
        }
        Ok(())
    }

    fn decide_circumstance(
        &self,
        number: usize,
        rule: &Rule,
        when: &When<'_>,
        chunk: &Chunk,
        away: &[u8],
        scratch: &mut Scratch,
    ) -> Result<Vec<u8>, RunProblem> {
        scratch.circumstances.resize_with(scratch.circumstances.len().max(number + 1), Default::default);
        self.decide(rule, when, chunk, Some(away), scratch, |s| &mut s.circumstances[number])
    }

    /// Who comes to whom, and the values of the effects that they bring.
    fn send_interviewers(
        &mut self,
        when: &When<'_>,
        chunk: &Chunk,
        away: &[u8],
        scratch: &mut Scratch,
    ) -> Result<(), RunProblem> {
        let plan = self.plan;
        let team = plan.circumstances.team.as_ref();
        scratch.buffers.interviewers.resize_with(plan.interviewers.len(), Vec::new);
        let count = team.map(|t| t.count).or(plan.interviewers.first().map(|e| e.count));
        let Some(count) = count else { return Ok(()) };
        let members = || when.members(chunk.rows.len());
        let people: Vec<Person> = members().map(|i| self.people[chunk.rows.start + i]).collect();
        let mut words = vec![0; people.len()];
        self.streams.pick_words(&people, INTERVIEWER, when.occasion, &mut words);
        let mut who = vec![0; chunk.rows.len()];
        members().zip(&words).for_each(|(i, word)| who[i] = one_of(count, *word));
        if let Some(team) = team {
            let last = &self.last_interviewer[chunk.rows.clone()];
            if let Some(rule) = &team.stays {
                let new: Vec<u8> =
                    away.iter().zip(last).map(|(away, last)| u8::from(*away != 0 || *last == NOBODY)).collect();
                let stays = self.decide_circumstance(1, rule, when, chunk, &new, scratch)?;
                for (((who, last), new), stays) in who.iter_mut().zip(last).zip(&new).zip(&stays) {
                    *who = if *new == 0 && *stays == 1 { *last } else { *who };
                }
            }
            let same = &mut scratch.buffers.same_interviewer;
            same.clear();
            same.extend(who.iter().zip(last).map(|(who, last)| u8::from(who == last)));
            let last = &mut self.last_interviewer[chunk.rows.clone()];
            for ((last, who), away) in last.iter_mut().zip(&who).zip(away) {
                *last = if *away == 0 { *who } else { *last };
            }
        }
        let effects = plan.interviewers.iter().zip(&self.interviewer_effects);
        for ((effect, values), out) in effects.zip(&mut scratch.buffers.interviewers) {
            out.clear();
            let of = |(row, who): (usize, &u16)| values[row / plan.truth.persons * effect.count + usize::from(*who)];
            out.extend(chunk.rows.clone().zip(&who).map(of));
        }
        scratch.buffers.interviewer = who;
        Ok(())
    }

    /// The interview is over: what it does to trust.
    pub(super) fn part(
        &mut self,
        when: &When<'_>,
        chunk: &Chunk,
        away: &[u8],
        scratch: &mut Scratch,
    ) -> Result<(), RunProblem> {
        let plan = self.plan;
        let Some(trust) = &plan.circumstances.trust else { return Ok(()) };
        let falls = match &trust.falls {
            Some((rule, by)) => Some((self.decide_circumstance(2, rule, when, chunk, away, scratch)?, *by)),
            None => None,
        };
        for (i, row) in chunk.rows.clone().enumerate().filter(|(i, _)| away[*i] == 0) {
            let lost = falls.as_ref().map_or(0.0, |(falls, by)| if falls[i] == 1 { *by } else { 0.0 });
            self.trust[row] += trust.per_contact - lost;
        }
        Ok(())
    }

    /// The wave is over: trust falls where it was missed after a first interview.
    pub(super) fn miss(&mut self, wave: usize, chunk: &Chunk) {
        let Some(trust) = &self.plan.circumstances.trust else { return };
        for row in chunk.rows.clone() {
            if !self.observed.attended[wave][row] && self.contacts[row] > 0 {
                self.trust[row] -= trust.per_missed_wave;
            }
        }
    }

    /// Keeps what surrounded a single interview: for the analyst in `visit`, the rest for the audit.
    pub(super) fn keep_circumstances(
        &mut self,
        number: usize,
        chunk: &Chunk,
        away: &[u8],
        visit: &mut VisitColumns,
        scratch: &Scratch,
    ) {
        let declared = &self.plan.circumstances;
        let rows = self.layout.rows();
        let buffers = &scratch.buffers;
        let here = || chunk.rows.clone().enumerate().filter(|(i, _)| away[*i] == 0);
        if declared.team.is_some() {
            visit.interviewer.resize(rows, NOBODY);
            here().for_each(|(i, row)| visit.interviewer[row] = buffers.interviewer[i]);
        }
        if declared.others_present.is_some() {
            visit.others_present.resize(rows, 0);
            here().for_each(|(i, row)| visit.others_present[row] = buffers.others_present[i]);
        }
        if !self.keep.cells() || declared.trust.is_none() && declared.mood.is_none() {
            return;
        }
        let kept = &mut self.audit.circumstances;
        let at = kept.iter().position(|c| c.wave == visit.wave && c.number == number).unwrap_or_else(|| {
            let column = |there: bool| vec![f64::NAN; if there { rows } else { 0 }];
            let (mood, trust) = (column(declared.mood.is_some()), column(declared.trust.is_some()));
            kept.push(Circumstances { wave: visit.wave, number, mood, trust });
            kept.len() - 1
        });
        for (i, row) in here() {
            if let Some(mood) = kept[at].mood.get_mut(row) {
                *mood = buffers.mood[i];
            }
            if let Some(trust) = kept[at].trust.get_mut(row) {
                *trust = buffers.trust[i];
            }
        }
    }
}

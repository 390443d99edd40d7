//! An answer that is being formed: the item's own way of answering, then step after step.

use super::super::plan::{Answer, Item};
use super::Scratch;
use super::field::Field;
use super::visit::write_codes;
use super::when::When;
use crate::rules::{Chunk, Rule};
use crate::tables::observed::AnswerColumn;
use crate::tables::{Column, Reason, RunProblem};

/// The occasion of draws that last from interview to interview: no interview has this number.
const LASTING: u32 = u32::MAX;

/// What the persons of a chunk are about to say.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::observe) enum Told {
    /// Codes of levels.
    Codes(Vec<u8>),
    /// Numbers.
    Numbers(Vec<f64>),
}

/// The answers of a chunk to one item at one interview. Rows are counted within the chunk.
#[derive(Debug)]
pub(in crate::observe) struct Telling<'f, 'p> {
    field: &'f mut Field<'p>,
    scratch: &'f mut Scratch,
    when: When<'f>,
    chunk: &'f Chunk,
    /// Position of the item, and of the step at work.
    item: usize,
    step: usize,
    /// Who gives no answer.
    silent: &'f [u8],
    told: &'f mut Told,
    /// Reason why an answer differs from the truth; 0 where it does not.
    blame: &'f mut [u8],
}

impl Telling<'_, '_> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.chunk.rows.len()
    }

    /// Who gives no answer (not 0).
    pub fn silent(&self) -> &[u8] {
        self.silent
    }

    /// The wave, from 0.
    pub fn wave(&self) -> usize {
        self.when.wave
    }

    /// What everybody is about to say.
    pub fn told(&self) -> &Told {
        self.told
    }

    /// The code that a person is about to say; 0 for items that are numbers.
    pub fn code(&self, row: usize) -> u8 {
        match &*self.told {
            Told::Codes(codes) => codes[row],
            Told::Numbers(_) => 0,
        }
    }

    /// The number that a person is about to say; NaN for items with levels.
    pub fn number(&self, row: usize) -> f64 {
        match &*self.told {
            Told::Codes(_) => f64::NAN,
            Told::Numbers(values) => values[row],
        }
    }

    /// The true code at the interview; 0 for items that are numbers.
    pub fn true_code(&self, row: usize) -> u8 {
        match self.truth(row) {
            Column::Coded { codes, .. } => codes[self.chunk.rows.start + row],
            Column::Number(_) => 0,
        }
    }

    /// The true number at the interview, or the value of its code.
    pub fn true_value(&self, row: usize) -> f64 {
        self.truth(row).value(self.chunk.rows.start + row)
    }

    fn truth(&self, row: usize) -> &Column {
        let moment = self.when.moments.map_or(self.when.moment, |m| m[row] as usize);
        self.field.truth.at(self.field.plan.items[self.item].variable, moment)
    }

    /// The code of the last answer before this interview, if there is one.
    pub fn last_code(&self, row: usize) -> Option<u8> {
        match &self.field.reported[self.item] {
            AnswerColumn::Coded(codes) => {
                let code = codes[self.chunk.rows.start + row];
                let none = self.field.plan.items[self.item].coding.as_ref().map_or(0, |c| c.values.len() - 1);
                (usize::from(code) != none).then_some(code)
            }
            AnswerColumn::Number(_) => None,
        }
    }

    /// The number of the last answer before this interview; NaN where there is none.
    pub fn last_number(&self, row: usize) -> f64 {
        match &self.field.reported[self.item] {
            AnswerColumn::Coded(_) => f64::NAN,
            AnswerColumn::Number(values) => values[self.chunk.rows.start + row],
        }
    }

    /// Whether the true code is this one now, and was at the interview of the last answer.
    pub fn stays_true(&self, row: usize, code: u8) -> bool {
        let variable = self.field.plan.items[self.item].variable;
        let at = self.chunk.rows.start + row;
        let then = self.field.given_at[self.item][at] as usize;
        let then = match self.field.truth.at(variable, then) {
            Column::Coded { codes, .. } => codes[at],
            Column::Number(_) => return false,
        };
        then == code && self.true_code(row) == code
    }

    /// Years since the state that is asked about last became true; infinite if it never did.
    pub fn since(&self, row: usize) -> f64 {
        let moment = self.when.moments.map_or(self.when.moment, |m| m[row] as usize);
        let since = &self.field.truth.since[self.field.plan.items[self.item].variable];
        since.get(moment).map_or(f64::INFINITY, |years| years[self.chunk.rows.start + row])
    }

    /// Interviews before this one.
    pub fn contacts(&self, row: usize) -> u8 {
        self.field.contacts[self.chunk.rows.start + row]
    }

    /// Wave of the last answer before this interview, from 0; only where there are several visits in a wave.
    pub fn last_wave(&self, row: usize) -> Option<usize> {
        let on = self.field.given_on[self.item].get(self.chunk.rows.start + row)?;
        (*on != u32::MAX).then_some((*on >> 8) as usize)
    }

    /// The outcome of a rule for those who are not `away`; what the others get means nothing. A `lasting` draw is the
    /// same at all interviews of a person. `number` is the position of the rule among the step's.
    pub fn decide(&mut self, rule: &Rule, number: usize, away: &[u8], lasting: bool) -> Result<Vec<u8>, RunProblem> {
        let (item, step) = (self.item, self.step);
        let rules = &mut self.scratch.steps[item][step];
        rules.resize_with(rules.len().max(number + 1), Default::default);
        let when = When { drawn_on: lasting.then_some(LASTING), ..self.when };
        self.field.decide(rule, &when, self.chunk, Some(away), self.scratch, |s| &mut s.steps[item][step][number])
    }

    /// Another code is said than was about to be.
    pub fn say(&mut self, row: usize, code: u8) {
        let reason = self.reason() as u8;
        let blame = if self.true_code(row) == code { 0 } else { reason };
        if let Told::Codes(codes) = self.told {
            codes[row] = code;
            self.blame[row] = blame;
        }
    }

    /// Another number is said than was about to be.
    pub fn say_number(&mut self, row: usize, value: f64) {
        let reason = self.reason() as u8;
        let blame = if self.true_value(row) == value { 0 } else { reason };
        if let Told::Numbers(values) = self.told {
            values[row] = value;
            self.blame[row] = blame;
        }
    }

    fn reason(&self) -> Reason {
        self.field.plan.items[self.item].steps[self.step].reason
    }

    /// By a rule, says `code` in place of what those were about to say who are at risk and not silent; counts both.
    pub fn turn(
        &mut self,
        rule: &Rule,
        lasting: bool,
        code: u8,
        at_risk: impl Fn(&Self, usize) -> bool,
    ) -> Result<(), RunProblem> {
        let away: Vec<u8> =
            (0..self.rows()).map(|row| u8::from(self.silent[row] != 0 || !at_risk(self, row))).collect();
        let changes = self.decide(rule, 0, &away, lasting)?;
        self.say_where(&away, &changes, code);
        Ok(())
    }

    /// Says another code wherever `changes` is 1, for those who are not `away`, and counts both.
    pub fn say_where(&mut self, away: &[u8], changes: &[u8], code: u8) {
        let (mut at_risk, mut happened) = (0, 0);
        for (row, (away, change)) in away.iter().zip(changes).enumerate() {
            at_risk += u64::from(*away == 0);
            if *away == 0 && *change == 1 {
                happened += 1;
                self.say(row, code);
            }
        }
        self.count(at_risk, happened);
    }

    /// Adds to what the audit counts of this mechanism at this wave.
    pub fn count(&mut self, at_risk: u64, happened: u64) {
        let item = &self.field.plan.items[self.item];
        let mechanism = item.step_mechanism(self.step);
        self.field.count(mechanism, self.when.wave, at_risk, happened);
    }
}

impl Field<'_> {
    /// Forms and records the answers to an item that has steps.
    pub(super) fn answer_in_steps(
        &mut self,
        k: usize,
        item: &Item,
        when: &When<'_>,
        chunk: &Chunk,
        silent: &[u8],
        scratch: &mut Scratch,
    ) -> Result<(), RunProblem> {
        let (mut told, mut blame) = self.base(k, item, when, chunk, silent, scratch)?;
        scratch.steps[k].resize_with(item.steps.len(), Vec::new);
        for (step, mechanism) in item.steps.iter().enumerate() {
            let when = *when;
            let (told, blame) = (&mut told, &mut blame[..]);
            let mut telling = Telling { field: self, scratch, when, chunk, item: k, step, silent, told, blame };
            mechanism.work.work(&mut telling)?;
        }
        let first = chunk.rows.start;
        for column in [&mut self.reported[k], &mut self.observed.answers[k][when.wave]] {
            match (&told, column) {
                (Told::Codes(codes), column) => write_codes(column, first, codes, silent, when),
                (Told::Numbers(values), AnswerColumn::Number(into)) => {
                    for ((into, value), silent) in into[first..].iter_mut().zip(values).zip(silent) {
                        *into = if *silent == 0 { *value } else { *into };
                    }
                }
                (Told::Numbers(_), AnswerColumn::Coded(_)) => {}
            }
        }
        if when.moments.is_none() {
            for (row, _) in chunk.rows.clone().zip(silent).filter(|(_, silent)| **silent == 0) {
                self.given_at[k][row] = when.moment as u32;
            }
        }
        for ((into, blame), silent) in self.blame[k][first..].iter_mut().zip(&blame).zip(silent) {
            *into = if *silent == 0 { *blame } else { *into };
        }
        Ok(())
    }

    /// What would be said without any step, and why it differs from the truth.
    fn base(
        &mut self,
        k: usize,
        item: &Item,
        when: &When<'_>,
        chunk: &Chunk,
        silent: &[u8],
        scratch: &mut Scratch,
    ) -> Result<(Told, Vec<u8>), RunProblem> {
        let rows = chunk.rows.clone();
        let moment = |i: usize| when.moments.map_or(when.moment, |m| m[i] as usize);
        let coded = item.coding.is_some();
        if let Some(true_codes) = self.true_codes(item.variable, when, chunk).filter(|_| coded) {
            let told = match &item.answer {
                Answer::Chance(rule) => self.decide(rule, when, chunk, Some(silent), scratch, |s| &mut s.answers[k])?,
                _ => true_codes.clone(),
            };
            let misclassified = Reason::Misclassified as u8;
            let blame = told.iter().zip(&true_codes).map(|(t, c)| if t == c { 0 } else { misclassified }).collect();
            return Ok((Told::Codes(told), blame));
        }
        let mut values = vec![0.0; rows.len()];
        if let Answer::Error(law, purpose) = &item.answer {
            self.draw((law, *purpose), when, chunk, silent, &mut values, scratch)?;
        }
        let mut blame = vec![0; rows.len()];
        for (i, row) in rows.enumerate() {
            let truth = self.truth.at(item.variable, moment(i)).value(row);
            values[i] += truth;
            blame[i] = if values[i] == truth { 0 } else { Reason::MeasurementError as u8 };
        }
        Ok((Told::Numbers(values), blame))
    }

    /// The true codes at the interview, if the item has codes.
    fn true_codes(&self, variable: usize, when: &When<'_>, chunk: &Chunk) -> Option<Vec<u8>> {
        let at = |moment: usize| match self.truth.at(variable, moment) {
            Column::Coded { codes, .. } => Some(codes),
            Column::Number(_) => None,
        };
        let rows = chunk.rows.clone();
        match when.moments {
            None => at(when.moment).map(|codes| codes[rows].to_vec()),
            Some(moments) => rows.zip(moments).map(|(row, m)| at(*m as usize).map(|codes| codes[row])).collect(),
        }
    }
}

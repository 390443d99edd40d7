//! The persons of a chunk at a wave, as a loss of whole waves sees and changes them.

use super::Scratch;
use super::field::Field;
use super::when::When;
use crate::rules::{Chunk, Rule};
use crate::tables::{Reason, RunProblem};

/// The persons of a chunk at a wave. Rows are counted within the chunk.
#[derive(Debug)]
pub(in crate::observe) struct Presence<'f, 'p> {
    pub(super) field: &'f mut Field<'p>,
    pub(super) scratch: &'f mut Scratch,
    pub(super) chunk: &'f Chunk,
    pub(super) wave: usize,
    /// Position of the loss.
    pub(super) loss: usize,
}

impl Presence<'_, '_> {
    /// The wave, from 0.
    pub fn wave(&self) -> usize {
        self.wave
    }

    /// Why each person misses the wave so far; 0 for those who do not.
    pub fn status(&self) -> &[u8] {
        &self.field.absent[self.chunk.rows.clone()]
    }

    /// The outcome of a rule for those who are present so far. `number` is the position of the rule among the loss's.
    pub fn decide(&mut self, rule: &Rule, number: usize) -> Result<Vec<u8>, RunProblem> {
        let away = self.status().to_vec();
        self.decide_for(rule, number, &away)
    }

    /// The outcome of a rule for those who are not `away`; what the others get means nothing.
    pub fn decide_for(&mut self, rule: &Rule, number: usize, away: &[u8]) -> Result<Vec<u8>, RunProblem> {
        let when = When::wave(self.field.plan, self.wave);
        let rules = &mut self.scratch.losses[self.loss];
        rules.resize_with(rules.len().max(number + 1), Default::default);
        let loss = self.loss;
        let codes =
            self.field.decide(rule, &when, self.chunk, Some(away), self.scratch, |s| &mut s.losses[loss][number])?;
        Ok(codes)
    }

    /// Takes those who are present and for whom `lost` is 1 out of the wave, or out of all waves to come. All who are
    /// present count as at risk.
    pub fn lose(&mut self, lost: &[u8], reason: Reason, for_good: bool) {
        let rows = self.chunk.rows.clone();
        let (mut at_risk, mut happened) = (0_u64, 0_u64);
        let absent = self.field.absent[rows.clone()].iter_mut();
        for ((absent, gone), lost) in absent.zip(&mut self.field.gone[rows]).zip(lost) {
            let here = *absent == 0;
            let now = here && *lost == 1;
            at_risk += u64::from(here);
            happened += u64::from(now);
            *absent = if now { reason as u8 } else { *absent };
            *gone = if now && for_good { reason as u8 } else { *gone };
        }
        self.count(at_risk, happened);
    }

    /// Adds to what the audit counts of this mechanism at this wave.
    pub fn count(&mut self, at_risk: u64, happened: u64) {
        self.field.count(self.loss, self.wave, at_risk, happened);
    }

    /// The bytes that this loss keeps of the persons from wave to wave, 0 at first.
    pub fn memory(&mut self) -> &mut [u8] {
        let rows = self.field.layout.rows();
        let memory = &mut self.field.memory[self.loss];
        memory.resize(rows, 0);
        &mut memory[self.chunk.rows.clone()]
    }

    /// Takes one person out of the wave, or out of all waves to come.
    pub fn take_out(&mut self, row: usize, reason: Reason, for_good: bool) {
        let row = self.chunk.rows.start + row;
        self.field.absent[row] = reason as u8;
        if for_good {
            self.field.gone[row] = reason as u8;
        }
    }

    /// Brings one person back into the wave and the waves to come.
    pub fn bring_back(&mut self, row: usize) {
        let row = self.chunk.rows.start + row;
        self.field.absent[row] = 0;
        self.field.gone[row] = 0;
    }

    /// What was recorded of one person before is erased at the end of the survey.
    pub fn erase(&mut self, row: usize) {
        let rows = self.field.layout.rows();
        self.field.erased.resize(rows, false);
        self.field.erased[self.chunk.rows.start + row] = true;
    }
}

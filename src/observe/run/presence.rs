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
    /// Why somebody had left for good when the wave began.
    pub(super) gone_before: &'f [u8],
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

    /// Why each person has left for good; 0 for those who have not.
    pub fn gone(&self) -> &[u8] {
        &self.field.gone[self.chunk.rows.clone()]
    }

    /// Why each person had left for good when the wave began.
    pub fn gone_before(&self) -> &[u8] {
        self.gone_before
    }

    /// Code of the group of each person.
    pub fn groups(&self) -> &[u8] {
        &self.field.truth.group[self.chunk.rows.clone()]
    }

    /// Whether the present site of each person is one that this loss keeps away; not for those without a site.
    pub fn at_lost_site(&self) -> Vec<bool> {
        let field = &self.field;
        let moment = field.plan.truth.waves[self.wave];
        let count = field.plan.truth.sites.len();
        let Some(sites) = field.truth.site_at(moment) else { return vec![false; self.chunk.rows.len()] };
        let lost = |row: usize| {
            let site = sites[row] as usize;
            let at = row / field.plan.truth.persons * count + site;
            site < count && field.lost_sites[self.loss].get(at) == Some(&1)
        };
        self.chunk.rows.clone().map(lost).collect()
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
        self.count(0, at_risk, happened);
    }

    /// Adds to what the audit counts of a part of this mechanism at this wave.
    pub fn count(&mut self, part: usize, at_risk: u64, happened: u64) {
        let first = self.field.plan.losses[self.loss].first_mechanism;
        self.field.count(first + part, self.wave, at_risk, happened);
    }

    /// The bytes that this loss keeps of the persons from wave to wave, 0 at first.
    pub fn memory(&mut self) -> &mut [u8] {
        let rows = self.field.layout.rows();
        let memory = &mut self.field.memory[self.loss];
        memory.resize(rows, 0);
        &mut memory[self.chunk.rows.clone()]
    }

    /// 1 for those who miss the wave so far and for those of whom this loss remembers something.
    pub fn away_or_remembered(&mut self) -> Vec<u8> {
        let away: Vec<bool> = self.status().iter().map(|status| *status != 0).collect();
        away.iter().zip(self.memory()).map(|(away, memory)| u8::from(*away || *memory != 0)).collect()
    }

    /// Takes one person out of the wave, or out of all waves to come.
    pub fn take_out(&mut self, row: usize, reason: Reason, for_good: bool) {
        let row = self.chunk.rows.start + row;
        self.field.absent[row] = reason as u8;
        if for_good {
            self.field.gone[row] = reason as u8;
        }
    }

    /// Takes those who are 0 in `skip` and for whom `leaves` is 1 out of all waves to come, whether or not they are at this
    /// one. Whoever misses this wave anyway misses it for the same reason as before. All who are not skipped are at risk.
    pub fn leave(&mut self, leaves: &[u8], skip: &[u8], reason: Reason) {
        let rows = self.chunk.rows.clone();
        let (mut at_risk, mut happened) = (0_u64, 0_u64);
        for (row, (leaves, skip)) in rows.zip(leaves.iter().zip(skip)) {
            let now = *skip == 0 && *leaves == 1;
            at_risk += u64::from(*skip == 0);
            happened += u64::from(now);
            if now {
                let absent = &mut self.field.absent[row];
                *absent = if *absent == 0 { reason as u8 } else { *absent };
                self.field.gone[row] = reason as u8;
            }
        }
        self.count(0, at_risk, happened);
    }

    /// Brings one person back into the wave and the waves to come, whichever earlier loss kept the person away.
    pub fn bring_back(&mut self, row: usize) {
        let row = self.chunk.rows.start + row;
        let plan = self.field.plan;
        self.field.absent[row] = 0;
        self.field.gone[row] = 0;
        for (loss, memory) in plan.losses.iter().zip(&mut self.field.memory).take(self.loss) {
            if let Some(byte) = memory.get_mut(row) {
                loss.work.found(byte);
            }
        }
    }

    /// What was recorded of one person before is erased at the end of the survey.
    pub fn erase(&mut self, row: usize) {
        let rows = self.field.layout.rows();
        self.field.erased.resize(rows, false);
        self.field.erased[self.chunk.rows.start + row] = true;
    }
}

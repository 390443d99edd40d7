//! Linkage: what is decided about it when an interview is made, and the records that come of it in the end.

use super::Scratch;
use super::field::Field;
use super::when::When;
use crate::formula::{self, Program, Wanted};
use crate::observe::link::{Interviews, MISSED_MATCH, Rate, Records, assemble};
use crate::observe::plan::Plan;
use crate::rules::Chunk;
use crate::tables::RunProblem;

/// What has been decided so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Linking {
    /// `[decision][wave][row]`; no rows at waves at which nothing is decided.
    decided: Vec<Vec<Vec<u8>>>,
    /// What each person has from the first wave on.
    once: Vec<f64>,
}

impl Linking {
    pub fn new(plan: &Plan) -> Self {
        let decisions = plan.linkage.as_ref().map_or(0, |l| l.decisions().len());
        Self { decided: vec![vec![Vec::new(); plan.truth.waves.len()]; decisions], once: Vec::new() }
    }
}

impl Field<'_> {
    /// Decides about the linkage of a wave for the persons of a chunk who may be interviewed.
    pub(super) fn decide_linkage(
        &mut self,
        wave: usize,
        chunk: &Chunk,
        scratch: &mut Scratch,
    ) -> Result<(), RunProblem> {
        let plan = self.plan;
        let Some(linkage) = &plan.linkage else { return Ok(()) };
        let when = When::wave(plan, wave);
        let decisions = linkage.decisions();
        scratch.linkage.resize_with(decisions.len(), Default::default);
        for (k, (rule, from_wave)) in decisions.into_iter().enumerate() {
            if wave < from_wave {
                continue;
            }
            let away = self.absent[chunk.rows.clone()].to_vec();
            let codes = self.decide(rule, &when, chunk, Some(&away), scratch, |s| &mut s.linkage[k])?;
            let rows = self.layout.rows();
            let decided = &mut self.linking.decided[k][wave];
            decided.resize(rows, 0);
            for ((into, code), away) in decided[chunk.rows.clone()].iter_mut().zip(&codes).zip(&away) {
                *into = u8::from(*away == 0 && *code == 1);
            }
            scratch.buffers.codes = codes;
        }
        if let Some((rate, purpose)) = linkage.once().filter(|_| wave == 0) {
            let mut values = vec![0.0; chunk.rows.len()];
            match rate {
                Rate::Drawn(law) => {
                    let nobody = vec![0; chunk.rows.len()];
                    self.draw((law, purpose), &when, chunk, &nobody, &mut values, scratch)?;
                }
                Rate::Formula(program) => self.probabilities(program, &when, chunk, &mut values, scratch)?,
            }
            self.linking.once.resize(self.layout.rows(), 0.0);
            self.linking.once[chunk.rows.clone()].copy_from_slice(&values);
        }
        Ok(())
    }

    /// The values of a probability for the persons of a chunk.
    fn probabilities(
        &self,
        program: &Program,
        when: &When<'_>,
        chunk: &Chunk,
        values: &mut [f64],
        scratch: &mut Scratch,
    ) -> Result<(), RunProblem> {
        self.fill(program.slots(), when, &chunk.rows, &mut scratch.buffers);
        let inputs = self.inputs(program.slots(), when, &chunk.rows, &scratch.buffers);
        program.evaluate(&inputs, values, &mut formula::Scratch::default());
        for (value, row) in values.iter_mut().zip(chunk.rows.clone()) {
            let text = program.text();
            *value = Wanted::Probability
                .usable(*value)
                .ok_or_else(|| self.problem(&text.text, Some(text.span.clone()), *value, row, when))?;
        }
        Ok(())
    }

    /// Joins all interviews into records, where these are not persons.
    pub(super) fn join_into_records(&mut self) {
        let plan = self.plan;
        let Some(linkage) = &plan.linkage else { return };
        let observed = &self.observed;
        let interviews = Interviews {
            streams: self.streams,
            layout: &self.layout,
            attended: &observed.attended,
            group: &observed.group,
            site: &observed.site,
            decided: &self.linking.decided,
            once: &self.linking.once,
        };
        let mut records = Records::new(interviews.waves(), 2 + linkage.mechanisms().len());
        let codes = linkage.give_codes(&interviews, &mut records);
        let replicates = (self.truth.replicates.end - self.truth.replicates.start) as usize;
        for replicate in 0..replicates {
            linkage.join(&interviews, &codes, self.truth.rows(replicate), &mut records);
        }
        records.count_matches(self.layout.rows());
        let records_of = assemble(observed, &codes, &records);
        self.observed = records_of;
        if let Some(first) = plan.mechanisms.iter().position(|m| m.name == MISSED_MATCH) {
            for (k, waves) in records.counts.iter().enumerate() {
                for (wave, (at_risk, happened)) in waves.iter().enumerate() {
                    self.count(first + k, wave, *at_risk, *happened);
                }
            }
        }
        self.audit.links = records.links;
    }
}

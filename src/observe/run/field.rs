//! The survey in the field: who has left, who has been asked how often, what has been recorded.

use super::super::keep::Keep;
use super::super::plan::Plan;
use super::Scratch;
use super::audit::erase;
use super::comments::Talk;
use super::linking::Linking;
use super::when::When;
use crate::diagnostic::Span;
use crate::rules::{BadValue, Chunk, Layout, Occasion, Rule, Shape};
use crate::streams::{Lane, Person, Streams, stratum};
use crate::tables::audit::MechanismCount;
use crate::tables::observed::{AnswerColumn, ObservedBatch};
use crate::tables::{Audit, Column, RunProblem, Truth};

/// The survey in the field.
#[derive(Debug)]
pub(super) struct Field<'a> {
    pub plan: &'a Plan,
    pub truth: &'a Truth,
    pub streams: &'a Streams,
    pub layout: Layout,
    /// The addresses of all rows.
    pub people: Vec<Person>,
    pub keep: Keep,
    /// Why somebody has left for good; 0 for those who have not.
    pub gone: Vec<u8>,
    /// What each loss remembers of each person; empty where it remembers nothing.
    pub memory: Vec<Vec<u8>>,
    /// Which sites (1) each loss keeps away, replicate after replicate; empty where it keeps none.
    pub lost_sites: Vec<Vec<u8>>,
    /// Whether losses of sites are counted here: of several parts of a cohort only the first one counts them.
    pub counts_sites: bool,
    /// Of whom everything is erased in the end; empty where of nobody.
    pub erased: Vec<bool>,
    /// What each mechanism did at each wave: at risk, happened.
    pub tallies: Vec<Vec<(u64, u64)>>,
    /// By item, which step made the last answer differ from the truth; empty for items without steps.
    pub blame: Vec<Vec<u8>>,
    /// Why a wave is missing altogether; `AsTrue` where it is not.
    pub absent: Vec<u8>,
    /// By item, 1 for those who have been asked in the wave; empty where everybody is.
    pub asked: Vec<Vec<u8>>,
    /// What has been said besides the answers, and how it was coded.
    pub talk: Talk,
    /// Whether the last wave is over.
    pub is_over: bool,
    /// Interviews so far.
    pub contacts: Vec<u8>,
    /// Recorded moment of the truth at which the last answer was given, by item; only where there are several visits,
    /// and for items with steps.
    pub given_at: Vec<Vec<u32>>,
    /// Occasion on which the last answer was given, by item; only where there are several visits.
    pub given_on: Vec<Vec<u32>>,
    /// Last recorded answer, by item.
    pub reported: Vec<AnswerColumn>,
    /// The answers of waves so far, and the wave at work.
    pub observed: ObservedBatch,
    pub audit: Audit,
    pub linking: Linking,
    /// Values of interviewers' random effects, for each effect replicate after replicate.
    pub interviewer_effects: Vec<Vec<f64>>,
    /// Who did the last interview of each person; empty where nobody keeps account of them.
    pub last_interviewer: Vec<u16>,
    /// Trust of each person; empty where it is not declared.
    pub trust: Vec<f64>,
}

impl<'a> Field<'a> {
    /// A survey that has not begun.
    pub fn new(plan: &'a Plan, truth: &'a Truth, streams: &'a Streams, layout: Layout, keep: Keep) -> Self {
        let rows = layout.rows();
        let waves = plan.truth.waves.len();
        let empty = |coding: &Option<_>| no_answers(coding, rows);
        let site = truth.site.first().cloned().unwrap_or_default();
        let observed = ObservedBatch {
            schema: plan.schema.clone(),
            replicates: truth.replicates.clone(),
            group: truth.group.clone(),
            site,
            baseline: plan.baseline.iter().map(|v| as_answers(truth.at(*v, 0))).collect(),
            attended: vec![vec![false; rows]; waves],
            answers: plan.items.iter().map(|i| vec![empty(&i.coding); waves]).collect(),
            ..ObservedBatch::default()
        };
        let mut field = Self {
            plan,
            truth,
            streams,
            people: layout.people(),
            keep,
            asked: vec![Vec::new(); plan.items.len()],
            talk: Talk::new(plan, keep),
            is_over: false,
            gone: vec![0; rows],
            memory: vec![Vec::new(); plan.losses.len()],
            lost_sites: vec![Vec::new(); plan.losses.len()],
            counts_sites: true,
            erased: Vec::new(),
            tallies: vec![vec![(0, 0); waves]; plan.mechanisms.len()],
            blame: plan.items.iter().map(|i| vec![0; if i.steps.is_empty() { 0 } else { rows }]).collect(),
            absent: vec![0; rows],
            contacts: vec![0; rows],
            given_at: plan
                .items
                .iter()
                .map(|i| vec![0; if plan.visits.is_some() || !i.steps.is_empty() { rows } else { 0 }])
                .collect(),
            given_on: vec![if plan.visits.is_some() { vec![u32::MAX; rows] } else { Vec::new() }; plan.items.len()],
            reported: plan.items.iter().map(|i| empty(&i.coding)).collect(),
            observed,
            audit: Audit {
                cells: vec![Vec::new(); if keep.cells() || plan.erases { plan.items.len() } else { 0 }],
                ..Audit::default()
            },
            linking: Linking::new(plan),
            interviewer_effects: Vec::new(),
            last_interviewer: Vec::new(),
            trust: Vec::new(),
            layout,
        };
        field.prepare_instrument();
        field
    }

    /// Whether the answers to an item are wanted.
    pub fn wants(&self, item: usize) -> bool {
        !self.keep.only_tables() || self.plan.printed.items[item]
    }

    /// Whether the interviews of a wave are wanted, and not only who takes part.
    pub fn meets(&self, wave: usize) -> bool {
        !self.keep.only_tables() || wave < self.plan.printed.waves
    }

    /// Whether the single interviews of a wave are kept, and what is said in them.
    pub fn tells(&self, wave: usize) -> bool {
        self.keep.interviews() && (!self.keep.only_tables() || self.plan.printed.told[wave])
    }

    /// Whether the reason of each cell is kept: where it is asked for, and where somebody may be erased later.
    pub fn keeps_cells(&self) -> bool {
        self.keep.cells() || self.plan.erases
    }

    /// The observed data and the audit.
    pub fn finish(mut self) -> (ObservedBatch, Audit) {
        self.talk.hand_over(self.plan, &mut self.observed, &mut self.audit);
        if self.erased.contains(&true) {
            erase(&mut self);
        }
        if !self.keep.cells() {
            self.audit.cells.clear();
        }
        self.join_into_records();
        for (mechanism, tally) in self.plan.mechanisms.iter().zip(&self.tallies) {
            for (wave, (at_risk, happened)) in tally.iter().enumerate() {
                self.audit.mechanisms.push(MechanismCount {
                    name: mechanism.name.clone(),
                    wave: wave as u16 + 1,
                    at_risk: *at_risk,
                    happened: *happened,
                });
            }
        }
        self.talk.count(self.plan, &mut self.audit);
        (self.observed, self.audit)
    }

    /// Adds to what the audit counts of a mechanism at a wave.
    pub fn count(&mut self, mechanism: usize, wave: usize, at_risk: u64, happened: u64) {
        let tally = &mut self.tallies[mechanism][wave];
        tally.0 += at_risk;
        tally.1 += happened;
    }

    /// Applies a rule to a chunk, where only those count who are not `away`. The returned buffer goes back to
    /// `scratch.buffers.codes` when it is done with.
    pub(super) fn decide(
        &self,
        rule: &Rule,
        when: &When<'_>,
        chunk: &Chunk,
        away: Option<&[u8]>,
        scratch: &mut Scratch,
        pick: impl Fn(&mut Scratch) -> &mut crate::rules::RuleScratch,
    ) -> Result<Vec<u8>, RunProblem> {
        let mut codes = std::mem::take(&mut scratch.buffers.codes);
        codes.resize(chunk.rows.len(), 0);
        let mut rule_scratch = std::mem::take(pick(scratch));
        self.fill(rule.slots(), when, &chunk.rows, &mut scratch.buffers);
        let mut picked = std::mem::take(&mut scratch.buffers.picked);
        picked.of(&self.people[chunk.rows.clone()], when.here, away);
        let inputs = self.inputs(rule.slots(), when, &chunk.rows, &scratch.buffers);
        let occasion = Occasion {
            streams: self.streams,
            number: when.occasion,
            drawn_on: when.drawn_on.unwrap_or(when.occasion),
            segments: self.layout.segments_of(chunk),
            people: when.here.map(|_| &picked.people[..]),
            batch_rows: self.layout.rows(),
            epoch: scratch.epoch,
            skip: if when.here.is_some() { away.map(|_| &picked.away[..]) } else { away },
        };
        let decided = match when.here {
            None => rule.decide(&inputs, &occasion, &mut rule_scratch, &mut codes),
            Some(here) => {
                let decided = rule.decide(&inputs, &occasion, &mut rule_scratch, &mut picked.codes);
                codes.fill(0);
                here.iter().zip(&picked.codes).for_each(|(i, code)| codes[*i as usize] = *code);
                decided.map_err(|bad| BadValue { row: here[bad.row] as usize, ..bad })
            }
        };
        drop(inputs);
        *pick(scratch) = rule_scratch;
        scratch.buffers.picked = picked;
        decided.map_err(|bad: BadValue| {
            let text = rule.programs()[bad.formula].text();
            if matches!(rule.shape(), Shape::Matrix { .. }) && (0.0..=1.0).contains(&bad.value) {
                return self.row_problem(&text.text, text.span.clone(), chunk.rows.start + bad.row, when);
            }
            self.problem(&text.text, Some(text.span.clone()), bad.value, chunk.rows.start + bad.row, when)
        })?;
        Ok(codes)
    }

    /// Words for a row of a matrix that does not sum to 1.
    fn row_problem(&self, first: &str, span: Span, row: usize, when: &When<'_>) -> RunProblem {
        let message =
            format!("the row of `matrix` that begins with `{first}` does not sum to 1 {}", self.who(row, when));
        RunProblem { code: "R0002", message, span: Some(span) }
    }

    /// For whom and when a formula was evaluated.
    fn who(&self, row: usize, when: &When<'_>) -> String {
        let segment = self.layout.segment_at(row);
        let group = &self.plan.truth.groups[usize::from(segment.group)];
        let (person, wave) = (segment.index(row) + 1, when.wave + 1);
        format!("for person {person} of group `{group}` in replicate {} at wave {wave}", segment.replicate)
    }

    /// Words for a formula's value that cannot be used.
    pub(super) fn problem(
        &self,
        formula: &str,
        span: Option<Span>,
        value: f64,
        row: usize,
        when: &When<'_>,
    ) -> RunProblem {
        let who = self.who(row, when);
        let message = match value.is_nan() {
            true if when.wave == 0 && formula.contains("lag(") => format!(
                "`{formula}` is not a number {who}: there is no wave before the first one that `lag(...)` could read, so begin at a later wave or ask with `if(wave > 1, ..., ...)`"
            ),
            true => format!(
                "`{formula}` is not a number {who}: an answer that it reads may be missing, so ask with `missing(...)`"
            ),
            false => format!("`{formula}` is {value} {who}, and that cannot be used here"),
        };
        RunProblem { code: "R0002", message, span }
    }

    pub(super) fn draw_interviewer_effects(&mut self, scratch: &mut Scratch) -> Result<(), RunProblem> {
        for effect in &self.plan.interviewers {
            let mut values = Vec::new();
            for replicate in self.truth.replicates.clone() {
                let lane = Lane { purpose: effect.purpose, occasion: 0, replicate, stratum: stratum("interviewer") };
                let first = values.len();
                values.resize(first + effect.count, 0.0);
                let out = &mut values[first..];
                effect.law.draw(self.streams, &lane, 0, &[], out, &mut scratch.buffers.law).map_err(|p| {
                    let when = When::wave(self.plan, 0);
                    self.problem(&p.argument.text, Some(p.argument.span.clone()), p.value, 0, &when)
                })?;
            }
            self.interviewer_effects.push(values);
        }
        Ok(())
    }
}

/// Adds to a problem with a law's number what would be right.
pub(super) fn wants_count(mut problem: RunProblem, number: f64, what: &str, most: f64) -> RunProblem {
    if !number.is_nan() {
        problem.message += &format!(": a number {what} is a whole one from 0 to {most}");
    }
    problem
}

/// A column where nobody has answered.
pub(super) fn no_answers(coding: &Option<std::sync::Arc<crate::tables::Coding>>, rows: usize) -> AnswerColumn {
    match coding {
        Some(coding) => AnswerColumn::Coded(vec![(coding.values.len() - 1) as u8; rows]),
        None => AnswerColumn::Number(vec![f64::NAN; rows]),
    }
}

/// A true column that is known as it is.
fn as_answers(column: &Column) -> AnswerColumn {
    match column {
        Column::Coded { codes, .. } => AnswerColumn::Coded(codes.clone()),
        Column::Number(values) => AnswerColumn::Number(values.clone()),
    }
}

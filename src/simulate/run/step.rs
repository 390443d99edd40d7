//! One step: every state that changes is worked in turn, chunk of persons by chunk.

use super::super::plan::{Change, Equation};
use super::Scratch;
use super::cohort::{Buffers, Cohort};
use super::problem::{about, bad_value};
use crate::distribution::Law;
use crate::formula::Kind;
use crate::rules::{Chunk, Occasion};
use crate::tables::{Column, RunProblem};
use std::ops::Range;

/// Takes everybody from step `step - 1` to `step`.
pub(super) fn step(cohort: &mut Cohort<'_>, step: u32, scratch: &mut Scratch) -> Result<(), RunProblem> {
    cohort.average_over_sites();
    cohort.step = step;
    let plan = cohort.plan;
    for at in 0..cohort.layout.chunks().len() {
        let chunk = cohort.layout.chunks()[at].clone();
        cohort.fill_buffers(&chunk.rows, &mut scratch.buffers);
        for (k, equation) in plan.equations.iter().enumerate() {
            match &equation.change {
                Change::Rule(rule) => {
                    let mut codes = std::mem::take(&mut scratch.buffers.codes);
                    codes.resize(chunk.rows.len(), 0);
                    let inputs = cohort.inputs(rule.slots(), &chunk.rows, chunk.rows.start, &scratch.buffers);
                    let occasion = Occasion {
                        streams: cohort.streams,
                        number: step,
                        drawn_on: step,
                        segments: cohort.layout.segments_of(&chunk),
                        people: None,
                        batch_rows: cohort.layout.rows(),
                        epoch: scratch.epoch,
                        skip: None,
                    };
                    let decided = rule.decide(&inputs, &occasion, &mut scratch.equations[k], &mut codes);
                    decided.map_err(|bad| {
                        bad_value(cohort, &rule.programs()[bad.formula], bad.value, chunk.rows.start + bad.row)
                    })?;
                    note_onsets(cohort, equation, &chunk.rows, &codes, step);
                    if let Column::Coded { codes: column, .. } = &mut cohort.columns[equation.variable] {
                        column[chunk.rows.clone()].copy_from_slice(&codes);
                    }
                    scratch.buffers.codes = codes;
                }
                Change::Law(law) => draw_law(cohort, equation, law, &chunk, step, &mut scratch.buffers)?,
            }
        }
    }
    // Only now, so that a formula of this step reads the site of the last one, and a record the site of this one.
    cohort.enter_sites();
    Ok(())
}

/// Draws a state from its law for every person of a chunk.
fn draw_law(
    cohort: &mut Cohort<'_>,
    equation: &Equation,
    law: &Law,
    chunk: &Chunk,
    step: u32,
    buffers: &mut Buffers,
) -> Result<(), RunProblem> {
    let mut numbers = std::mem::take(&mut buffers.numbers);
    let mut law_scratch = std::mem::take(&mut buffers.law);
    numbers.resize(chunk.rows.len(), 0.0);
    let purpose = cohort.plan.variables[equation.variable].purpose;
    for segment in cohort.layout.segments_of(chunk) {
        let inputs = cohort.inputs(law.slots(), &segment.rows, chunk.rows.start, buffers);
        let out = &mut numbers[segment.rows.start - chunk.rows.start..segment.rows.end - chunk.rows.start];
        let lane = segment.lane(purpose, step);
        law.draw(cohort.streams, &lane, segment.first, &inputs, out, &mut law_scratch).map_err(|p| {
            about(cohort, &p.argument.text, Some(p.argument.span.clone()), p.value, segment.rows.start + p.row)
        })?;
    }
    match &mut cohort.columns[equation.variable] {
        Column::Number(column) => column[chunk.rows.clone()].copy_from_slice(&numbers),
        Column::Coded { .. } => {
            let is_level = matches!(law.kind(), Kind::Level(_) | Kind::Boolean);
            let mut codes = std::mem::take(&mut buffers.codes);
            codes.clear();
            codes.extend(numbers.iter().map(|n| if is_level { *n as u8 } else { u8::from(*n != 0.0) }));
            note_onsets(cohort, equation, &chunk.rows, &codes, step);
            if let Column::Coded { codes: column, .. } = &mut cohort.columns[equation.variable] {
                column[chunk.rows.clone()].copy_from_slice(&codes);
            }
            buffers.codes = codes;
        }
    }
    buffers.numbers = numbers;
    buffers.law = law_scratch;
    Ok(())
}

/// Notes for whom a timed state becomes true, or changes its level, in this step.
fn note_onsets(cohort: &mut Cohort<'_>, equation: &Equation, rows: &Range<usize>, codes: &[u8], step: u32) {
    let Ok(k) = cohort.plan.timed.binary_search(&equation.variable) else { return };
    let Column::Coded { codes: before, coding } = &cohort.columns[equation.variable] else { return };
    let yes_no = coding.is_yes_no();
    for ((onset, now), before) in cohort.onset[k][rows.clone()].iter_mut().zip(codes).zip(&before[rows.clone()]) {
        if now != before && (!yes_no || *now == 1) {
            *onset = step as i32;
        }
    }
}

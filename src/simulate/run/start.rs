//! The start: attributes, arms, effects, states and sites, in the order that the plan found.

use super::super::plan::{Start, StartItem, Starts};
use super::Scratch;
use super::assign::assign;
use super::cohort::{Cohort, NEVER};
use super::problem::{about, bad_value};
use crate::distribution::Law;
use crate::rules::{Occasion, RuleScratch, Segment};
use crate::streams::{Lane, Purpose, stratum};
use crate::tables::{Column, RunProblem};

/// Starts everybody.
pub(super) fn start(cohort: &mut Cohort<'_>, scratch: &mut Scratch) -> Result<(), RunProblem> {
    let plan = cohort.plan;
    for item in &plan.start_order {
        match item {
            StartItem::Variable(v) => start_variable(*v, cohort, scratch)?,
            StartItem::Sites => start_sites(cohort, scratch)?,
        }
    }
    for (k, state) in plan.timed.iter().enumerate() {
        if let Column::Coded { codes, coding } = &cohort.columns[*state] {
            let from_start = |code: &u8| if coding.is_yes_no() && *code == 0 { NEVER } else { 0 };
            cohort.onset[k] = codes.iter().map(from_start).collect();
        }
    }
    cohort.enter_sites();
    Ok(())
}

fn start_variable(v: usize, cohort: &mut Cohort<'_>, scratch: &mut Scratch) -> Result<(), RunProblem> {
    let plan = cohort.plan;
    match &plan.variables[v].starts {
        Starts::Assigned(assignment) => {
            assign(v, assignment, cohort);
            Ok(())
        }
        Starts::Jointly { component, .. } if *component > 0 => Ok(()),
        Starts::Jointly { .. } => start_jointly(v, cohort, scratch),
        Starts::ByGroup(starts) => {
            scratch.starts.resize_with(plan.variables.len().max(scratch.starts.len()), Vec::new);
            scratch.starts[v].resize_with(starts.len(), RuleScratch::default);
            for at in 0..cohort.layout.segments().len() {
                let segment = cohort.layout.segments()[at].clone();
                start_segment(v, &starts[usize::from(segment.group)], &segment, cohort, scratch)?;
            }
            Ok(())
        }
    }
}

/// Starts a variable for neighbouring persons of one group.
fn start_segment(
    v: usize,
    start: &Start,
    segment: &Segment,
    cohort: &mut Cohort<'_>,
    scratch: &mut Scratch,
) -> Result<(), RunProblem> {
    let rows = segment.rows.clone();
    let lane = segment.lane(cohort.plan.variables[v].purpose, 0);
    match start {
        Start::Fixed(code) => {
            if let Column::Coded { codes, .. } = &mut cohort.columns[v] {
                codes[rows].fill(*code);
            }
            return Ok(());
        }
        Start::Chance(rule) => {
            let mut codes = std::mem::take(&mut scratch.buffers.codes);
            codes.resize(rows.len(), 0);
            let inputs = cohort.inputs(rule.slots(), &rows, rows.start, &scratch.buffers);
            let occasion = Occasion {
                streams: cohort.streams,
                number: 0,
                drawn_on: 0,
                segments: std::slice::from_ref(segment),
                people: None,
                batch_rows: cohort.layout.rows(),
                epoch: scratch.epoch,
                skip: None,
            };
            let rule_scratch = &mut scratch.starts[v][usize::from(segment.group)];
            rule.decide(&inputs, &occasion, rule_scratch, &mut codes)
                .map_err(|bad| bad_value(cohort, &rule.programs()[bad.formula], bad.value, rows.start + bad.row))?;
            if let Column::Coded { codes: column, .. } = &mut cohort.columns[v] {
                column[rows].copy_from_slice(&codes);
            }
            scratch.buffers.codes = codes;
            return Ok(());
        }
        Start::Law(_) | Start::Formula(_) => {}
    }
    let mut numbers = std::mem::take(&mut scratch.buffers.numbers);
    numbers.resize(rows.len(), 0.0);
    match start {
        Start::Law(law) => {
            let mut law_scratch = std::mem::take(&mut scratch.buffers.law);
            let inputs = cohort.inputs(law.slots(), &rows, rows.start, &scratch.buffers);
            law.draw(cohort.streams, &lane, segment.first, &inputs, &mut numbers, &mut law_scratch).map_err(|p| {
                about(cohort, &p.argument.text, Some(p.argument.span.clone()), p.value, rows.start + p.row)
            })?;
            scratch.buffers.law = law_scratch;
        }
        Start::Formula(program) => {
            let mut formula_scratch = std::mem::take(&mut scratch.buffers.formula);
            let inputs = cohort.inputs(program.slots(), &rows, rows.start, &scratch.buffers);
            program.evaluate(&inputs, &mut numbers, &mut formula_scratch);
            scratch.buffers.formula = formula_scratch;
            if let Some(bad) = numbers.iter().position(|n| n.is_nan()) {
                return Err(bad_value(cohort, program, numbers[bad], rows.start + bad));
            }
        }
        Start::Fixed(_) | Start::Chance(_) => {}
    }
    store(&mut cohort.columns[v], rows.start, &numbers);
    scratch.buffers.numbers = numbers;
    Ok(())
}

/// Writes numbers into a column, as codes where the column is coded.
fn store(column: &mut Column, first: usize, numbers: &[f64]) {
    match column {
        Column::Number(values) => values[first..first + numbers.len()].copy_from_slice(numbers),
        Column::Coded { codes, coding } => {
            let mut last = (f64::NAN, 0_u8);
            for (code, number) in codes[first..].iter_mut().zip(numbers) {
                if *number != last.0 {
                    let found = coding.values.iter().position(|v| v == number);
                    last = (*number, found.unwrap_or(0) as u8);
                }
                *code = last.1;
            }
        }
    }
}

fn start_jointly(v: usize, cohort: &mut Cohort<'_>, scratch: &mut Scratch) -> Result<(), RunProblem> {
    let plan = cohort.plan;
    let Starts::Jointly { law, .. } = &plan.variables[v].starts else { return Ok(()) };
    let members: Vec<usize> = (0..plan.variables.len())
        .filter(|m| matches!(&plan.variables[*m].starts, Starts::Jointly { first, .. } if *first == v))
        .collect();
    let mut out = vec![Vec::new(); members.len()];
    let mut law_scratch = std::mem::take(&mut scratch.buffers.law);
    for at in 0..cohort.layout.segments().len() {
        let segment = cohort.layout.segments()[at].clone();
        let rows = segment.rows.clone();
        for column in &mut out {
            column.resize(rows.len(), 0.0);
        }
        let inputs = cohort.inputs(law.slots(), &rows, rows.start, &scratch.buffers);
        let lane = segment.lane(plan.variables[v].purpose, 0);
        law.draw(cohort.streams, &lane, segment.first, &inputs, &mut out, &mut law_scratch)
            .map_err(|p| about(cohort, &p.argument.text, Some(p.argument.span.clone()), p.value, rows.start + p.row))?;
        for (member, column) in members.iter().zip(&out) {
            store(&mut cohort.columns[*member], rows.start, column);
        }
    }
    scratch.buffers.law = law_scratch;
    Ok(())
}

/// Draws each person's site of every kind, and the sites' random effects.
fn start_sites(cohort: &mut Cohort<'_>, scratch: &mut Scratch) -> Result<(), RunProblem> {
    let plan = cohort.plan;
    let replicates = cohort.replicates.clone();
    let rows = cohort.layout.rows();
    for kind in &plan.sites.kinds {
        let mut sites = vec![0_u32; rows];
        let mut words = Vec::new();
        for segment in cohort.layout.segments() {
            words.resize(segment.rows.len(), 0_u64);
            cohort.streams.fill_words(&segment.lane(kind.purpose, 0), segment.first, &mut words);
            let offset = (segment.replicate - replicates.start) as usize * plan.sites.count + kind.first;
            for (site, word) in sites[segment.rows.clone()].iter_mut().zip(&words) {
                *site = offset as u32 + ((u128::from(*word) * kind.count as u128) >> 64) as u32;
            }
        }
        cohort.site_of_kind.push(sites);
    }
    for effect in &plan.sites.effects {
        let values = draw_site_effect(cohort, &effect.laws, scratch)?;
        cohort.site_effects.push(values);
    }
    cohort.enter_sites();
    Ok(())
}

fn draw_site_effect(
    cohort: &Cohort<'_>,
    laws: &[Option<(Purpose, Law)>],
    scratch: &mut Scratch,
) -> Result<Vec<f64>, RunProblem> {
    let count = cohort.plan.sites.count;
    let mut values = vec![0.0; cohort.sites() + 1];
    for (r, replicate) in cohort.replicates.clone().enumerate() {
        for (kind, law) in cohort.plan.sites.kinds.iter().zip(laws) {
            let Some((purpose, law)) = law else { continue };
            let lane = Lane { purpose: *purpose, occasion: 0, replicate, stratum: stratum("site") };
            let first = r * count + kind.first;
            let out = &mut values[first..first + kind.count];
            law.draw(cohort.streams, &lane, 0, &[], out, &mut scratch.buffers.law)
                .map_err(|p| about(cohort, &p.argument.text, Some(p.argument.span.clone()), p.value, 0))?;
        }
    }
    Ok(values)
}

//! Some records of a data set as a data set of their own.

use crate::tables::observed::AnswerColumn;
use crate::tables::{Answers, Observed, ObservedBatch};

/// Takes over the records at these positions, which may repeat; single interviews and comments are left behind.
pub(super) fn gather(into: &mut ObservedBatch, from: &Observed<'_>, members: &[usize]) {
    let schema = from.schema();
    into.replicates = 0..1;
    into.starts.clear();
    into.starts.extend([0, members.len()]);
    pick(&mut into.group, from.group(), members);
    match from.site() {
        [] => into.site.clear(),
        site => pick(&mut into.site, site, members),
    }
    into.baseline.resize_with(schema.baseline.len(), || AnswerColumn::Number(Vec::new()));
    for (k, column) in into.baseline.iter_mut().enumerate() {
        pick_answers(column, &from.baseline(k), members);
    }
    into.attended.resize_with(schema.waves(), Vec::new);
    into.answers.resize_with(schema.items.len(), Vec::new);
    for wave in 0..schema.waves() {
        pick(&mut into.attended[wave], from.attended(wave), members);
        for (k, waves) in into.answers.iter_mut().enumerate() {
            waves.resize_with(schema.waves(), || AnswerColumn::Number(Vec::new()));
            pick_answers(&mut waves[wave], &from.item(k, wave), members);
        }
    }
    each_wave(&mut into.elements, schema.code_elements.len(), schema.waves(), members, |k, w| from.element(k, w));
    each_wave(&mut into.fields, schema.fields.len(), schema.waves(), members, |k, w| from.field(k, w));
    into.weights.resize_with(if schema.weighted { schema.waves() } else { 0 }, Vec::new);
    for (wave, weights) in into.weights.iter_mut().enumerate() {
        pick(weights, from.weights(wave).unwrap_or(&[]), members);
    }
}

/// Columns of several variables at each wave; a variable without rows stays so.
fn each_wave<'a, T: Copy + 'a>(
    into: &mut Vec<Vec<Vec<T>>>,
    variables: usize,
    waves: usize,
    members: &[usize],
    column: impl Fn(usize, usize) -> &'a [T],
) {
    into.resize_with(variables, Vec::new);
    for (k, by_wave) in into.iter_mut().enumerate() {
        by_wave.resize_with(waves, Vec::new);
        for (wave, rows) in by_wave.iter_mut().enumerate() {
            pick(rows, column(k, wave), members);
        }
    }
}

fn pick<T: Copy>(into: &mut Vec<T>, from: &[T], members: &[usize]) {
    into.clear();
    if !from.is_empty() {
        into.extend(members.iter().map(|i| from[*i]));
    }
}

fn pick_answers(into: &mut AnswerColumn, from: &Answers<'_>, members: &[usize]) {
    match (&mut *into, from) {
        (AnswerColumn::Coded(codes), Answers::Coded { codes: all, .. }) => pick(codes, all, members),
        (AnswerColumn::Number(values), Answers::Number(all)) => pick(values, all, members),
        (_, Answers::Coded { codes, .. }) => *into = AnswerColumn::Coded(members.iter().map(|i| codes[*i]).collect()),
        (_, Answers::Number(all)) => *into = AnswerColumn::Number(members.iter().map(|i| all[*i]).collect()),
    }
}

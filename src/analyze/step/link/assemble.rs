//! A data set of interviews that were put together anew.

use super::super::super::Links;
use crate::tables::observed::{AnswerColumn, ObservedVariable};
use crate::tables::{Answers, Observed, ObservedBatch};

/// Puts the interviews together as `links` say. What is known of a record from the start is that of the record of its
/// first interview. Single interviews, comments and answers that were filled in are left behind.
pub(super) fn assemble(into: &mut ObservedBatch, from: &Observed<'_>, links: &Links) {
    let schema = from.schema();
    let records = links.rows.first().map_or(0, Vec::len);
    let first = |record: usize| links.rows.iter().map(|wave| wave[record]).find(|row| *row != u32::MAX);
    let first: Vec<u32> = (0..records).map(|record| first(record).unwrap_or(u32::MAX)).collect();
    into.replicates = 0..1;
    into.starts.clear();
    into.starts.extend([0, records]);
    pick(&mut into.group, from.group(), &first, 0);
    pick(&mut into.site, from.site(), &first, u32::MAX);
    into.baseline.clear();
    into.baseline.extend((0..schema.baseline.len()).map(|k| answers(&from.baseline(k), &first, &schema.baseline[k])));
    into.attended.resize_with(schema.waves(), Vec::new);
    for (attended, rows) in into.attended.iter_mut().zip(&links.rows) {
        attended.clear();
        attended.extend(rows.iter().map(|row| *row != u32::MAX));
    }
    into.answers.clear();
    for (k, variable) in schema.items.iter().enumerate() {
        let column = |(wave, rows): (usize, &Vec<u32>)| answers(&from.item(k, wave), rows, variable);
        into.answers.push(links.rows.iter().enumerate().map(column).collect());
    }
    into.elements = each_wave(schema.code_elements.len(), links, u16::MAX, |k, wave| from.element(k, wave));
    into.fields = each_wave(schema.fields.len(), links, u32::MAX, |k, wave| from.field(k, wave));
    into.weights.clear();
    if schema.weighted {
        // An interview that is not there has no weight.
        let weights = each_wave(1, links, 0.0, |_, wave| from.weights(wave).unwrap_or(&[]));
        into.weights.extend(weights.into_iter().flatten());
    }
}

fn each_wave<'a, T: Copy + 'a>(
    variables: usize,
    links: &Links,
    nobody: T,
    column: impl Fn(usize, usize) -> &'a [T],
) -> Vec<Vec<Vec<T>>> {
    let of_wave = |k: usize, wave: usize, rows: &Vec<u32>| {
        let mut picked = Vec::new();
        pick(&mut picked, column(k, wave), rows, nobody);
        picked
    };
    let of = |k: usize| links.rows.iter().enumerate().map(|(wave, rows)| of_wave(k, wave, rows)).collect();
    (0..variables).map(of).collect()
}

/// The values of these rows; nothing where there are no values at all.
fn pick<T: Copy>(into: &mut Vec<T>, from: &[T], rows: &[u32], nobody: T) {
    into.clear();
    if !from.is_empty() {
        into.extend(rows.iter().map(|row| from.get(*row as usize).copied().unwrap_or(nobody)));
    }
}

fn answers(from: &Answers<'_>, rows: &[u32], variable: &ObservedVariable) -> AnswerColumn {
    match from {
        Answers::Coded { codes, .. } => {
            let none = variable.coding.as_ref().map_or(u8::MAX, |c| c.values.len().saturating_sub(1) as u8);
            let mut picked = Vec::new();
            pick(&mut picked, codes, rows, none);
            AnswerColumn::Coded(picked)
        }
        Answers::Number(values) => {
            let mut picked = Vec::new();
            pick(&mut picked, values, rows, f64::NAN);
            AnswerColumn::Number(picked)
        }
    }
}

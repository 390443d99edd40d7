//! The batch of a pilot as records that are counted, with what only the simulator knows.

use super::links::count_links;
use super::tally::{Cell, Held, ItemShape, Realised, Record, Shape, Tally};
use crate::tables::description::{ItemKind, WaveRow};
use crate::tables::observed::{AnswerColumn, ObservedVariable};
use crate::tables::{Audit, Coding, Column, ObservedBatch, ObservedSchema, Reason, Truth};
use std::sync::Arc;

/// What there is to count in batches with these columns.
#[must_use]
pub fn shape(schema: &ObservedSchema) -> Shape {
    let wave = |(wave, years): (usize, &f64)| WaveRow { number: wave as i64 + 1, years: Some(*years) };
    Shape {
        groups: schema.groups.clone(),
        sites: schema.sites.clone(),
        waves: schema.wave_years.iter().enumerate().map(wave).collect(),
        items: schema.items.iter().map(item_shape).collect(),
        reasons: reasons().map(|reason| reason.words().to_owned()).collect(),
        with_truth: true,
        ..Shape::default()
    }
}

/// Why there can be no answer, in the order of [`Shape::reasons`].
fn reasons() -> impl Iterator<Item = Reason> {
    Reason::ALL.into_iter().filter(|reason| reason.of_missing().is_some())
}

fn item_shape(item: &ObservedVariable) -> ItemShape {
    let (kind, levels) = match item.coding.as_deref() {
        Some(coding) if coding.is_yes_no() => (ItemKind::YesNo, vec!["no".to_owned(), "yes".to_owned()]),
        Some(coding) if !coding.levels.is_empty() => (ItemKind::Levels, coding.levels.clone()),
        _ => (ItemKind::Number, Vec::new()),
    };
    ItemShape { name: item.name.clone(), kind, levels }
}

/// Counts the records of a batch.
#[must_use]
pub fn tally_batch(shape: &Arc<Shape>, batch: &ObservedBatch, audit: &Audit, truth: &Truth) -> Tally {
    let mut tally = Tally::new(shape, batch.replicates.end - batch.replicates.start);
    let view = View::new(shape, batch, audit, truth);
    let mut record = Record::default();
    for row in 0..batch.group.len() {
        view.read(row, &mut record);
        tally.add(&record);
    }
    count_reasons(&mut tally, audit);
    count_truth(&mut tally, &view);
    if !audit.links.is_empty() {
        tally.links = count_links(&audit.links, &batch.attended, 0..batch.group.len(), truth.group.len());
    }
    let realised = audit.mechanisms.iter().map(|m| Realised {
        name: m.name.clone(),
        wave: m.wave,
        counts: [m.at_risk as f64, m.happened as f64],
    });
    tally.mechanisms = realised.collect();
    tally
}

/// The batch, and where its items lie in the truth.
struct View<'a> {
    shape: &'a Shape,
    batch: &'a ObservedBatch,
    links: &'a [Vec<u32>],
    /// Per item and wave the true column.
    truth: Vec<Vec<&'a Column>>,
}

impl<'a> View<'a> {
    fn new(shape: &'a Shape, batch: &'a ObservedBatch, audit: &'a Audit, truth: &'a Truth) -> Self {
        let columns = |item: &ItemShape| match truth.schema.variable(&item.name) {
            Some(variable) => truth.schema.waves.iter().map(|moment| truth.at(variable, *moment)).collect(),
            None => Vec::new(),
        };
        Self { shape, batch, links: &audit.links, truth: shape.items.iter().map(columns).collect() }
    }

    /// The row of the person behind a record at a wave, if there is one.
    fn person(&self, row: usize, wave: usize) -> Option<usize> {
        match self.links.get(wave) {
            None => Some(row),
            Some(links) => links.get(row).filter(|person| **person != u32::MAX).map(|person| *person as usize),
        }
    }

    fn read(&self, row: usize, record: &mut Record) {
        let waves = self.shape.waves.len();
        record.group = Some(usize::from(self.batch.group[row]));
        record.site = self.batch.site.get(row).map(|site| *site as usize);
        record.present.clear();
        record.present.extend(self.batch.attended.iter().map(|wave| wave[row]));
        record.cells.clear();
        record.truth.clear();
        for (k, variable) in self.batch.schema.items.iter().enumerate() {
            let kind = self.shape.items[k].kind;
            let cells = self.batch.answers[k].iter().map(|column| cell(column, row, kind, variable.coding.as_deref()));
            record.cells.extend(cells);
            let mut before: Option<(usize, f64)> = None;
            for wave in 0..waves {
                let person = self.person(row, wave).or(before.map(|(person, _)| person));
                let column = self.truth[k].get(wave);
                let now = person.zip(column).filter(|(p, column)| *p < column.len()).map(|(p, c)| (p, c.value(p)));
                let held = Held {
                    as_before: before.is_some() && before == now,
                    yes: now.is_some_and(|(_, value)| value == 1.0),
                };
                record.truth.push(held);
                before = now;
            }
        }
    }
}

fn cell(column: &AnswerColumn, row: usize, kind: ItemKind, coding: Option<&Coding>) -> Cell {
    let missing = Cell::Missing(Cell::UNTOLD);
    match column {
        AnswerColumn::Coded(codes) => {
            let value = coding.and_then(|c| c.values.get(usize::from(codes[row]))).copied().unwrap_or(f64::NAN);
            match kind {
                _ if value.is_nan() => missing,
                ItemKind::Number => Cell::Number(value),
                _ => Cell::Level(codes[row]),
            }
        }
        AnswerColumn::Number(values) if values[row].is_nan() => missing,
        AnswerColumn::Number(values) => Cell::Number(values[row]),
    }
}

/// Why there are no answers is known from the audit.
fn count_reasons(tally: &mut Tally, audit: &Audit) {
    let width = tally.shape.reasons.len();
    for count in &audit.counts {
        let Some(item) = tally.shape.items.iter().position(|item| item.name == count.item) else { continue };
        let first = usize::from(count.wave).saturating_sub(1) * width;
        for (at, reason) in reasons().enumerate() {
            if let Some(sum) = tally.items[item].missing.get_mut(first + at) {
                *sum += count.cells[reason as usize] as f64;
            }
        }
    }
}

/// True shares and sums over all persons.
fn count_truth(tally: &mut Tally, view: &View<'_>) {
    for ((counts, item), columns) in tally.items.iter_mut().zip(&view.shape.items).zip(&view.truth) {
        let levels = item.levels.len();
        for (wave, column) in columns.iter().enumerate() {
            for row in 0..column.len() {
                let value = column.value(row);
                counts.true_count[wave] += 1.0;
                counts.true_sum[wave] += value;
                if value >= 0.0 && (value as usize) < levels {
                    counts.true_levels[wave * levels + value as usize] += 1.0;
                }
            }
        }
    }
}

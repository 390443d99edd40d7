//! The table of all observed cells that are not the true value.

use super::csv_sink::shortest;
use super::field::{Cells, Field, FieldKind};
use super::folder::Folder;
use super::observed::Survey;
use super::stretch::{Growing, STRETCH};
use crate::tables::observed::AnswerColumn;
use crate::tables::{Coding, Column, Reason, RunProblem, Truth};

/// Rows gathered until they make a stretch.
#[derive(Default)]
struct Rows {
    replicate: Vec<i64>,
    person: Vec<i64>,
    wave: Vec<i64>,
    item: Vec<u32>,
    truth: Vec<String>,
    reported: Vec<String>,
    reason: Vec<u8>,
}

/// Adds a replicate to the table `audit`: a row per cell that is not the true value, with the reason, item by item and
/// wave by wave. `cells[item][wave][row]` are the codes of the reasons.
///
/// # Errors
/// R0021: the file cannot be written.
pub fn write_audit(
    folder: &mut Folder,
    table: &mut Growing,
    survey: &Survey<'_>,
    truth: &Truth,
    cells: &[Vec<Vec<u8>>],
) -> Result<(), RunProblem> {
    let schema = &survey.batch.schema;
    let items: Vec<String> = schema.items.iter().map(|i| i.name.clone()).collect();
    let mut rows = Rows::default();
    for (item, waves) in cells.iter().enumerate().take(items.len()) {
        let coding = schema.items[item].coding.as_deref();
        let variable = truth.schema.variable(&items[item]);
        for (wave, reasons) in waves.iter().enumerate() {
            let true_column = variable.zip(truth.schema.waves.get(wave)).map(|(v, moment)| truth.at(v, *moment));
            let answers = &survey.batch.answers[item][wave];
            let records = survey.record_of(wave, reasons.len());
            for (row, reason) in reasons.iter().enumerate().filter(|(_, reason)| **reason != Reason::AsTrue as u8) {
                rows.replicate.push(survey.replicate());
                rows.person.push((survey.first_person + row) as i64 + 1);
                rows.wave.push(wave as i64 + 1);
                rows.item.push(item as u32);
                rows.truth.push(true_column.map_or(String::new(), |column| true_text(column, row)));
                rows.reported.push(records[row].map_or(String::new(), |record| answer_text(answers, coding, record)));
                rows.reason.push(*reason);
                if rows.reason.len() == STRETCH {
                    rows.flush(folder, table, &items)?;
                }
            }
        }
    }
    rows.flush(folder, table, &items)
}

impl Rows {
    fn flush(&mut self, folder: &mut Folder, table: &mut Growing, items: &[String]) -> Result<(), RunProblem> {
        let columns = [
            Cells::Integers(&self.replicate),
            Cells::Integers(&self.person),
            Cells::Integers(&self.wave),
            Cells::LongCodes(&self.item),
            Cells::Texts(&self.truth),
            Cells::Texts(&self.reported),
            Cells::Codes(&self.reason),
        ];
        table.put(folder, || fields(items), &columns)?;
        *self = Self::default();
        Ok(())
    }
}

fn fields(items: &[String]) -> Vec<Field> {
    let reasons = Reason::ALL.iter().map(|r| r.name().to_owned()).collect();
    vec![
        Field::new("replicate", FieldKind::Integer, "number of the simulated data set").range("from 0"),
        Field::new("person", FieldKind::Integer, "number of the person in the replicate").range("from 1"),
        Field::new("wave", FieldKind::Integer, "number of the wave").range("from 1"),
        Field::new("item", FieldKind::Level(items.to_vec()), "name of the question"),
        Field::new("true", FieldKind::Text, "the true value at the wave"),
        Field::new("reported", FieldKind::Text, "what the survey holds; empty where there is no answer"),
        Field::new("reason", FieldKind::Level(reasons), "why it is not the true value"),
    ]
}

pub(super) fn true_text(column: &Column, row: usize) -> String {
    match column {
        Column::Coded { codes, coding } => coded_text(codes[row], Some(coding)),
        Column::Number(values) => number_text(values[row]),
    }
}

pub(super) fn answer_text(column: &AnswerColumn, coding: Option<&Coding>, row: usize) -> String {
    match column {
        AnswerColumn::Coded(codes) => coded_text(codes[row], coding),
        AnswerColumn::Number(values) => number_text(values[row]),
    }
}

fn coded_text(code: u8, coding: Option<&Coding>) -> String {
    let Some(coding) = coding else { return String::new() };
    let code = usize::from(code);
    match coding.levels.get(code) {
        Some(level) => level.clone(),
        None => number_text(coding.values.get(code).copied().unwrap_or(f64::NAN)),
    }
}

fn number_text(value: f64) -> String {
    let mut text = String::new();
    shortest(value, &mut text);
    text
}

//! The tables of what a survey holds, and the key between records and persons.

use super::field::{Cells, Field, FieldKind};
use super::folder::Folder;
use super::stretch::{Growing, STRETCH, Stretch, field, free_name};
use crate::tables::observed::{AnswerColumn, ObservedVariable};
use crate::tables::{ObservedBatch, ObservedSchema, RunProblem};

/// What the survey holds of one replicate, and the code of each record.
#[derive(Clone, Copy, Debug)]
pub struct Survey<'a> {
    /// A batch of a single replicate.
    pub batch: &'a ObservedBatch,
    /// The code of each row, see [`super::record_codes`].
    pub codes: &'a [u64],
    /// Number of the person in the first row, from 0: not 0 where the rows are a part of the replicate.
    pub first_person: usize,
    /// Row of the person behind each record at each wave; empty where every row is one person.
    pub links: &'a [Vec<u32>],
}

impl Survey<'_> {
    /// Number of the replicate.
    pub(super) fn replicate(&self) -> i64 {
        self.batch.replicates.start as i64
    }

    /// The rows in the order of their codes, which tells nothing of the order of the persons.
    fn order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.codes.len() as u32).collect();
        order.sort_unstable_by_key(|row| self.codes[*row as usize]);
        order
    }

    /// For each person the row of the (first) record with the person's interview of a wave, if there is one.
    pub(super) fn record_of(&self, wave: usize, persons: usize) -> Vec<Option<usize>> {
        let Some(links) = self.links.get(wave) else { return (0..persons).map(Some).collect() };
        let mut records = vec![None; persons];
        for (record, person) in links.iter().enumerate() {
            if let Some(known @ None) = records.get_mut(*person as usize) {
                *known = Some(record);
            }
        }
        records
    }

    fn record(&self, order: &[u32]) -> Vec<u64> {
        order.iter().map(|row| self.codes[*row as usize]).collect()
    }
}

fn answers(column: &AnswerColumn, variable: &ObservedVariable, order: &[u32]) -> Stretch {
    match column {
        AnswerColumn::Coded(codes) => {
            Stretch::coded(order.iter().map(|row| codes[*row as usize]), variable.coding.as_deref())
        }
        AnswerColumn::Number(values) => Stretch::Numbers(order.iter().map(|row| values[*row as usize]).collect()),
    }
}

fn record_fields() -> Vec<Field> {
    vec![
        Field::new("replicate", FieldKind::Integer, "number of the simulated data set").range("from 0"),
        Field::new("record", FieldKind::Record, "code of the record; the table `key` knows the person"),
    ]
}

/// Adds the table `observed` with these replicates: a row per replicate, record and wave, sorted by code.
///
/// # Errors
/// R0021: the file cannot be written.
pub fn write_observed(folder: &mut Folder, table: &mut Growing, survey: &Survey<'_>) -> Result<(), RunProblem> {
    let schema = &survey.batch.schema;
    let order = survey.order();
    for order in order.chunks(STRETCH) {
        let record = survey.record(order);
        let replicate = vec![survey.replicate(); order.len()];
        let group: Vec<u8> = order.iter().map(|row| survey.batch.group[*row as usize]).collect();
        let site: Vec<u32> =
            order.iter().map(|row| survey.batch.site.get(*row as usize).copied().unwrap_or(u32::MAX)).collect();
        let baseline: Vec<Stretch> = (survey.batch.baseline.iter().zip(&schema.baseline))
            .map(|(column, variable)| answers(column, variable, order))
            .collect();
        for (wave, years) in schema.wave_years.iter().enumerate() {
            let wave_number = vec![wave as i64 + 1; order.len()];
            let years = vec![*years; order.len()];
            let attended: Vec<u8> =
                order.iter().map(|row| u8::from(survey.batch.attended[wave][*row as usize])).collect();
            let items: Vec<Stretch> = (survey.batch.answers.iter().zip(&schema.items))
                .map(|(waves, variable)| answers(&waves[wave], variable, order))
                .collect();
            let mut columns = vec![Cells::Integers(&replicate), Cells::Records(&record), Cells::Codes(&group)];
            if !schema.sites.is_empty() {
                columns.push(Cells::LongCodes(&site));
            }
            columns.extend([Cells::Integers(&wave_number), Cells::Numbers(&years), Cells::Codes(&attended)]);
            columns.extend(items.iter().chain(&baseline).map(Stretch::cells));
            table.put(folder, || observed_fields(schema), &columns)?;
        }
    }
    Ok(())
}

fn observed_fields(schema: &ObservedSchema) -> Vec<Field> {
    let mut fields = record_fields();
    fields.push(Field::new("group", FieldKind::Level(schema.groups.clone()), "group of the record"));
    if !schema.sites.is_empty() {
        fields.push(Field::new("site", FieldKind::Level(schema.sites.clone()), "site at the start"));
    }
    fields.push(Field::new("wave", FieldKind::Integer, "number of the wave").range("from 1"));
    fields.push(Field::new("years", FieldKind::Number, "time of the wave since the start").unit("years"));
    fields.push(Field::new("attended", FieldKind::YesNo, "whether the record was interviewed at the wave"));
    for item in &schema.items {
        let about = "answer that stands for the wave; empty where there is none".to_owned();
        let name = free_name(&fields, &item.name, "_asked");
        fields.push(field(name, item.coding.as_deref(), about));
    }
    for variable in &schema.baseline {
        let name = free_name(&fields, &variable.name, "_start");
        fields.push(field(name, variable.coding.as_deref(), "known from the start".to_owned()));
    }
    fields
}

/// Adds the single interviews of a replicate to the table `visits`: a row per interview that took place.
///
/// # Errors
/// R0021: the file cannot be written.
pub fn write_visits(folder: &mut Folder, table: &mut Growing, survey: &Survey<'_>) -> Result<(), RunProblem> {
    let schema = &survey.batch.schema;
    let all = survey.order();
    for visit in &survey.batch.visits {
        let held: Vec<u32> = all.iter().copied().filter(|row| visit.took_place[*row as usize]).collect();
        for order in held.chunks(STRETCH) {
            let record = survey.record(order);
            let replicate = vec![survey.replicate(); order.len()];
            let wave = vec![visit.wave as i64 + 1; order.len()];
            let number = vec![visit.number as i64 + 1; order.len()];
            let years: Vec<f64> = order.iter().map(|row| visit.years[*row as usize]).collect();
            let items: Vec<Stretch> = (visit.answers.iter().zip(&schema.items))
                .map(|(column, variable)| answers(column, variable, order))
                .collect();
            let mut columns = vec![
                Cells::Integers(&replicate),
                Cells::Records(&record),
                Cells::Integers(&wave),
                Cells::Integers(&number),
                Cells::Numbers(&years),
            ];
            columns.extend(items.iter().map(Stretch::cells));
            table.put(folder, || visit_fields(schema), &columns)?;
        }
    }
    Ok(())
}

fn visit_fields(schema: &ObservedSchema) -> Vec<Field> {
    let mut fields = record_fields();
    fields.push(Field::new("wave", FieldKind::Integer, "wave to which the interview belongs").range("from 1"));
    fields.push(Field::new("visit", FieldKind::Integer, "number of the interview in its wave").range("from 1"));
    fields.push(Field::new("years", FieldKind::Number, "time of the interview since the start").unit("years"));
    for item in &schema.items {
        let name = free_name(&fields, &item.name, "_asked");
        fields.push(field(name, item.coding.as_deref(), "answer; empty where there is none".to_owned()));
    }
    fields
}

/// Adds a replicate to the table `key`: the person behind each record, wave by wave where records are not persons.
///
/// # Errors
/// R0021: the file cannot be written.
pub fn write_key(folder: &mut Folder, table: &mut Growing, survey: &Survey<'_>) -> Result<(), RunProblem> {
    let by_wave = !survey.links.is_empty();
    let fields = || {
        let mut fields = record_fields();
        if by_wave {
            fields.push(Field::new("wave", FieldKind::Integer, "number of the wave").range("from 1"));
        }
        fields.push(Field::new("person", FieldKind::Integer, "number of the person").range("from 1"));
        fields
    };
    let all = survey.order();
    for (wave, links) in survey.links.iter().enumerate() {
        let held: Vec<u32> = all.iter().copied().filter(|row| links[*row as usize] != u32::MAX).collect();
        for order in held.chunks(STRETCH) {
            let record = survey.record(order);
            let replicate = vec![survey.replicate(); order.len()];
            let number = vec![wave as i64 + 1; order.len()];
            let person: Vec<i64> = order.iter().map(|row| i64::from(links[*row as usize]) + 1).collect();
            let columns = [
                Cells::Integers(&replicate),
                Cells::Records(&record),
                Cells::Integers(&number),
                Cells::Integers(&person),
            ];
            table.put(folder, fields, &columns)?;
        }
    }
    for order in all.chunks(STRETCH).filter(|_| !by_wave) {
        let record = survey.record(order);
        let replicate = vec![survey.replicate(); order.len()];
        let person: Vec<i64> = order.iter().map(|row| i64::from(*row) + survey.first_person as i64 + 1).collect();
        let columns = [Cells::Integers(&replicate), Cells::Records(&record), Cells::Integers(&person)];
        table.put(folder, fields, &columns)?;
    }
    Ok(())
}

//! The tables `answers`, with a row per record and wave, and `visits`, with a row per interview.

use super::block::{Block, Column, Role, Values};
use super::columns::Names;
use super::records::{Cut, Records, gather};
use crate::release::field::{Field, FieldKind};
use crate::release::stretch::STRETCH;
use crate::tables::observed::VisitColumns;

/// The columns of `answers`.
pub(super) fn answer_columns(names: &Names<'_>) -> Vec<Column> {
    let mut columns = names.lead();
    let attended = Field::new("attended", FieldKind::YesNo, "whether the record was interviewed at the wave");
    columns.extend([
        names.wave(),
        names.years("time of the wave since the start"),
        Column::new(attended, Role::Value).label("interviewed at the wave"),
    ]);
    for item in &names.schema.items {
        names.item(&mut columns, item, None, "answer that stands for the wave");
    }
    columns
}

/// The rows of `answers`, stretch by stretch: record after record, wave after wave.
pub(super) fn answer_blocks<'a>(
    records: &'a Records<'_>,
    several: bool,
    missing_reasons: bool,
) -> impl Iterator<Item = Block> + 'a {
    let batch = records.delivery.batch;
    let schema = records.schema();
    let waves = schema.waves();
    records.order.chunks((STRETCH / waves.max(1)).max(1)).map(move |order| {
        let mut places: Vec<(u32, u32)> = Vec::with_capacity(order.len() * waves);
        for row in order {
            places.extend((0..waves).map(|wave| (*row, wave as u32)));
        }
        let rows: Vec<_> = places.iter().map(|(row, wave)| records.id(*row, Some(*wave as usize), 0)).collect();
        let mut columns = records.lead(several, &rows);
        columns.push(Values::Integers(places.iter().map(|(_, wave)| i64::from(*wave) + 1).collect()));
        columns.push(Values::Numbers(places.iter().map(|(_, wave)| schema.wave_years[*wave as usize]).collect()));
        let attended = |(row, wave): &(u32, u32)| u8::from(batch.attended[*wave as usize][*row as usize]);
        columns.push(Values::Codes(places.iter().map(attended).collect()));
        for (i, (variable, answers)) in schema.items.iter().zip(&batch.answers).enumerate() {
            let by_wave: Vec<_> = (0..waves).map(|wave| answers.get(wave)).collect();
            columns.push(gather(variable, &by_wave, Cut::All(order)));
            if missing_reasons {
                let coding = variable.coding.as_deref();
                let word = |(row, wave): &(u32, u32)| {
                    let wave = *wave as usize;
                    records.reasons.of_cell(i, wave, *row as usize, answers.get(wave), coding)
                };
                columns.push(Values::Codes(places.iter().map(word).collect()));
            }
        }
        Block { rows, columns }
    })
}

/// What is known of interviews beside the answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    pub interviewer: bool,
    pub others_present: bool,
}

/// The columns of `visits`.
pub(super) fn visit_columns(names: &Names<'_>, kept: Kept) -> Vec<Column> {
    let mut columns = names.lead();
    columns.extend([names.wave(), names.visit(), names.years("time of the interview since the start")]);
    if kept.interviewer {
        let about = "number of the interviewer in the team";
        let field = Field::new("interviewer", FieldKind::Number, about);
        let field = field.range(&format!("1 to {}", names.schema.interviewers.max(1)));
        columns.push(Column::new(field, Role::Place).label("number of the interviewer"));
    }
    if kept.others_present {
        let about = "whether others were present at the interview";
        let field = Field::new("others_present", FieldKind::YesNo, about);
        columns.push(Column::new(field, Role::Value).label("others were present"));
    }
    for item in &names.schema.items {
        let mut own = Vec::new();
        names.item(&mut own, item, None, "answer at this interview");
        // Why an answer is missing is known of waves, not of single interviews.
        let mut column = own.swap_remove(0);
        while columns.iter().any(|c| c.field.name == column.field.name) {
            column.field.name.push_str("_asked");
        }
        columns.push(column);
    }
    columns
}

/// One interview occasion: that of a wave, or one of several.
enum Occasion<'a> {
    Wave(usize),
    Visit(&'a VisitColumns),
}

impl Occasion<'_> {
    fn place(&self) -> (usize, usize) {
        match self {
            Self::Wave(wave) => (*wave, 0),
            Self::Visit(visit) => (visit.wave, visit.number),
        }
    }
}

/// The rows of `visits`, stretch by stretch: record after record, in the order of time.
pub(super) fn visit_blocks<'a>(
    records: &'a Records<'_>,
    several: bool,
    kept: Kept,
) -> impl Iterator<Item = Block> + 'a {
    let batch = records.delivery.batch;
    let schema = records.schema();
    let occasions: Vec<Occasion<'_>> = match batch.visits.is_empty() {
        true => (0..schema.waves()).map(Occasion::Wave).collect(),
        false => batch.visits.iter().map(Occasion::Visit).collect(),
    };
    let held = occasions.iter().map(|occasion| match occasion {
        Occasion::Wave(wave) => batch.attended[*wave].as_slice(),
        Occasion::Visit(visit) => visit.took_place.as_slice(),
    });
    let held: Vec<&[bool]> = held.collect();
    let size = (STRETCH / occasions.len().max(1)).max(1);
    records.order.chunks(size).map(move |order| {
        let mut places: Vec<(u32, u32)> = Vec::with_capacity(order.len() * occasions.len());
        for row in order {
            let held = (0..).zip(&held).filter(|(_, held)| held[*row as usize]);
            places.extend(held.map(|(occasion, _)| (*row, occasion)));
        }
        let cut = match places.len() == order.len() * occasions.len() {
            true => Cut::All(order),
            false => Cut::Some(&places),
        };
        let of = |occasion: u32| &occasions[occasion as usize];
        let id = |(row, occasion): &(u32, u32)| {
            let (wave, number) = of(*occasion).place();
            records.id(*row, Some(wave), number as u32)
        };
        let rows: Vec<_> = places.iter().map(id).collect();
        let mut columns = records.lead(several, &rows);
        columns.push(Values::Integers(places.iter().map(|(_, o)| of(*o).place().0 as i64 + 1).collect()));
        columns.push(Values::Integers(places.iter().map(|(_, o)| of(*o).place().1 as i64 + 1).collect()));
        columns.push(Values::Numbers(places.iter().map(|(row, o)| years(&schema.wave_years, of(*o), *row)).collect()));
        if kept.interviewer {
            columns.push(Values::Numbers(places.iter().map(|(row, o)| interviewer(of(*o), *row)).collect()));
        }
        if kept.others_present {
            columns.push(Values::Codes(places.iter().map(|(row, o)| others(of(*o), *row)).collect()));
        }
        for (i, variable) in schema.items.iter().enumerate() {
            let answers = occasions.iter().map(|occasion| match occasion {
                Occasion::Wave(wave) => batch.answers.get(i).and_then(|waves| waves.get(*wave)),
                Occasion::Visit(visit) => visit.answers.get(i),
            });
            let answers: Vec<_> = answers.collect();
            columns.push(gather(variable, &answers, cut));
        }
        Block { rows, columns }
    })
}

fn years(wave_years: &[f64], occasion: &Occasion<'_>, row: u32) -> f64 {
    match occasion {
        Occasion::Wave(wave) => wave_years[*wave],
        Occasion::Visit(visit) => visit.years[row as usize],
    }
}

fn interviewer(occasion: &Occasion<'_>, row: u32) -> f64 {
    match occasion {
        Occasion::Visit(visit) => {
            visit.interviewer.get(row as usize).map_or(f64::NAN, |number| f64::from(*number) + 1.0)
        }
        Occasion::Wave(_) => f64::NAN,
    }
}

fn others(occasion: &Occasion<'_>, row: u32) -> u8 {
    match occasion {
        Occasion::Visit(visit) => visit.others_present.get(row as usize).copied().unwrap_or(u8::MAX),
        Occasion::Wave(_) => u8::MAX,
    }
}

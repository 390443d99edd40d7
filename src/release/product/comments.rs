//! The tables `comments`, with a row per mark that a coder gave, and `links`, with the codes that persons made.

use super::block::{Block, Column, Role, Values};
use super::columns::{Names, free};
use super::records::Records;
use crate::release::field::{Field, FieldKind};
use crate::release::stretch::STRETCH;
use crate::tables::observed::{CodedComments, CommentSchema};

fn level(name: &str, levels: &[String], about: &str) -> Column {
    Column::new(Field::new(name, FieldKind::Level(levels.to_vec()), about), Role::Value)
}

/// The two values of a theme's valence, and the two directions, by code.
pub(super) const VALENCES: [&str; 2] = ["negative", "positive"];
pub(super) const DIRECTIONS: [&str; 2] = ["away", "toward"];

pub(super) fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The columns of `comments`.
pub(super) fn comment_columns(names: &Names<'_>, schema: &CommentSchema) -> Vec<Column> {
    let mut columns = names.lead();
    let number = Field::new("comment", FieldKind::Integer, "number of the comment in the interview").range("from 1");
    columns.extend([names.wave(), names.visit(), Column::new(number, Role::Place)]);
    columns.push(level("coder", &schema.coders, "who coded it"));
    columns.push(level("theme", &schema.themes, "what the coder found it to be about"));
    columns.push(level("valence", &named(&VALENCES), "how the coder found it, where the theme has a valence"));
    columns.push(level(
        "direction",
        &named(&DIRECTIONS),
        "where the coder found it to go, where the theme has directions",
    ));
    columns.push(level("relation", &schema.relations, "about whom, where the theme has relations"));
    columns
}

/// The rows of `comments`, stretch by stretch: record after record.
pub(super) fn comment_blocks<'a>(records: &'a Records<'_>, several: bool) -> impl Iterator<Item = Block> + 'a {
    let comments = &records.delivery.batch.comments;
    records.order.chunks(STRETCH / 4).map(move |order| {
        let marks = order.iter().flat_map(|row| of_row(comments, *row)).collect::<Vec<usize>>();
        let id = |mark: &usize| {
            let at = |list: &[u16]| list.get(*mark).copied().unwrap_or(0);
            let coder = u32::from(comments.coder.get(*mark).copied().unwrap_or(0));
            let place = u32::from(at(&comments.visit)) << 14 ^ u32::from(at(&comments.number)) << 4 ^ coder;
            records.id(comments.row[*mark], Some(usize::from(at(&comments.wave))), place)
        };
        let rows: Vec<_> = marks.iter().map(id).collect();
        let mut columns = records.lead(several, &rows);
        for list in [&comments.wave, &comments.visit, &comments.number] {
            columns.push(Values::Integers(marks.iter().map(|m| i64::from(list[*m]) + 1).collect()));
        }
        let lists = [&comments.coder, &comments.theme, &comments.valence, &comments.direction, &comments.relation];
        for list in lists {
            columns.push(Values::Codes(marks.iter().map(|m| list[*m]).collect()));
        }
        Block { rows, columns }
    })
}

/// Positions of the marks of a record; they are in the order of records.
fn of_row(comments: &CodedComments, row: u32) -> std::ops::Range<usize> {
    let first = comments.row.partition_point(|r| *r < row);
    first..first + comments.row[first..].partition_point(|r| *r == row)
}

/// The columns of `links`.
pub(super) fn link_columns(names: &Names<'_>) -> Vec<Column> {
    let mut columns = names.lead();
    columns.push(names.wave());
    for (element, values) in &names.schema.code_elements {
        let about = "element of the code that the person made, as given in the wave";
        let name = free(&columns, element, "_given");
        let field = Field::new(&name, FieldKind::Number, about);
        columns.push(Column::new(field.range(&format!("0 to {}", values.saturating_sub(1))), Role::Value));
    }
    columns
}

/// The rows of `links`, stretch by stretch: a row per record and wave in which it was interviewed.
pub(super) fn link_blocks<'a>(records: &'a Records<'_>, several: bool) -> impl Iterator<Item = Block> + 'a {
    let batch = records.delivery.batch;
    let waves = records.schema().waves();
    records.order.chunks((STRETCH / waves.max(1)).max(1)).map(move |order| {
        let all = order.iter().flat_map(|row| (0..waves).map(move |wave| (*row, wave)));
        let places: Vec<(u32, usize)> = all.filter(|(row, wave)| batch.attended[*wave][*row as usize]).collect();
        let rows: Vec<_> = places.iter().map(|(row, wave)| records.id(*row, Some(*wave), 0)).collect();
        let mut columns = records.lead(several, &rows);
        columns.push(Values::Integers(places.iter().map(|(_, wave)| *wave as i64 + 1).collect()));
        for element in 0..records.schema().code_elements.len() {
            let given = |(row, wave): &(u32, usize)| {
                let value = batch.elements.get(element).and_then(|e| e.get(*wave)).and_then(|e| e.get(*row as usize));
                value.filter(|value| **value != u16::MAX).map_or(f64::NAN, |value| f64::from(*value))
            };
            columns.push(Values::Numbers(places.iter().map(given).collect()));
        }
        Block { rows, columns }
    })
}

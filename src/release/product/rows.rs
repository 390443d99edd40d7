//! The table `answers` in memory, for tests of what reads it.

use super::answers::{answer_blocks, answer_columns};
use super::columns::Names;
use super::records::{Delivery, Records};
use super::{Setup, Values};
use crate::release::dirty::Page;
use crate::release::field::FieldKind;
use crate::release::record_code::record_text;

/// The table `answers` as it is written into files.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerRows {
    /// Names of the columns, and their cells.
    pub columns: Vec<(String, RowCells)>,
    /// Number of errors of data entry in it.
    pub errors: usize,
}

/// Cells of one column of [`AnswerRows`].
#[derive(Clone, Debug, PartialEq)]
pub enum RowCells {
    /// Numbers, 0 and 1 for no and yes; NaN is "no value".
    Numbers(Vec<f64>),
    /// Codes of records and names of levels; an empty text is "no value".
    Texts(Vec<String>),
}

impl RowCells {
    /// Each cell as something else.
    pub fn map_cells<T>(self, number: impl Fn(f64) -> T, text: impl Fn(String) -> T) -> Vec<T> {
        match self {
            Self::Numbers(values) => values.into_iter().map(number).collect(),
            Self::Texts(texts) => texts.into_iter().map(text).collect(),
        }
    }

    fn extend(&mut self, values: &Values, kind: &FieldKind) {
        match (self, values) {
            (Self::Numbers(all), Values::Integers(values)) => all.extend(values.iter().map(|value| *value as f64)),
            (Self::Numbers(all), Values::Numbers(values)) => all.extend(values),
            (Self::Numbers(all), Values::Codes(codes)) => {
                all.extend(codes.iter().map(|code| if *code < 2 { f64::from(*code) } else { f64::NAN }));
            }
            (Self::Texts(all), Values::Texts(texts)) => all.extend(texts.iter().cloned()),
            (Self::Texts(all), Values::Records(codes)) => all.extend(codes.iter().map(|code| record_text(*code))),
            (Self::Texts(all), Values::Codes(codes)) => {
                let FieldKind::Level(levels) = kind else { return };
                all.extend(codes.iter().map(|code| levels.get(usize::from(*code)).cloned().unwrap_or_default()));
            }
            // The kinds of cells follow from those of the fields.
            _ => {}
        }
    }
}

/// The table `answers` of one replicate, with errors of data entry where the declaration asks for them: cell by cell what
/// a release of it has in `data/answers`.
#[must_use]
pub fn answer_rows(setup: &Setup<'_>, delivery: &Delivery<'_>) -> AnswerRows {
    let Setup { declaration, truth, schema, several, .. } = *setup;
    let names = Names { declaration, schema, truth, several };
    let fields = answer_columns(&names);
    let empty = |kind: &FieldKind| match kind {
        FieldKind::Record | FieldKind::Level(_) | FieldKind::Text => RowCells::Texts(Vec::new()),
        _ => RowCells::Numbers(Vec::new()),
    };
    let mut columns: Vec<_> = fields.iter().map(|c| (c.field.name.clone(), empty(&c.field.kind))).collect();
    let mut errors = Vec::new();
    let records = Records::new(delivery);
    for mut block in answer_blocks(&records, several, declaration.missing_reasons) {
        if let Some(preset) = declaration.dirty {
            block.open(&fields);
            let (draws, waves, errors) = (delivery.draws(), schema.waves(), &mut errors);
            let (table, fields, block) = ("answers", fields.as_slice(), &mut block);
            preset.work(&mut Page { table, fields, block, draws, waves, errors, kind: "" });
        }
        for ((values, field), (_, cells)) in block.columns.iter().zip(&fields).zip(&mut columns) {
            cells.extend(values, &field.field.kind);
        }
    }
    AnswerRows { columns, errors: errors.len() }
}

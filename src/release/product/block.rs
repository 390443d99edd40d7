//! Rows of a table on their way from the survey to the files.

use super::super::csv_sink::shortest;
use super::super::field::{Cells, Field, FieldKind};
use super::super::record_code::record_text;

/// What a column is for, which says what errors can hit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::release) enum Role {
    /// The code of the record.
    Record,
    /// The number of the wave.
    Wave,
    /// The time of the row.
    Date,
    /// Something that is known or was answered.
    Value,
    /// Why the column before has no value.
    Reason,
    /// Anything else: numbers of replicates, visits, comments.
    Place,
}

/// A column of a data table.
#[derive(Clone, Debug)]
pub(in crate::release) struct Column {
    pub field: Field,
    pub role: Role,
    /// The item or baseline variable that it holds, if it does.
    pub variable: Option<String>,
    /// Least value that can be, where it is known.
    pub low: Option<f64>,
    /// Greatest value that can be, where it is known.
    pub high: Option<f64>,
    /// The wave of the column, from 0, where it is about one.
    pub wave: Option<usize>,
}

impl Column {
    pub(in crate::release) fn new(mut field: Field, role: Role) -> Self {
        field.label = field.name.replace('_', " ");
        Self { field, role, variable: None, low: None, high: None, wave: None }
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.field.label = label.into();
        self
    }

    /// Number of levels, yes and no included; 0 for other kinds.
    pub(in crate::release) fn levels(&self) -> usize {
        match &self.field.kind {
            FieldKind::YesNo => 2,
            FieldKind::Level(levels) => levels.len(),
            _ => 0,
        }
    }

    pub(in crate::release) fn is_yes_no(&self) -> bool {
        self.field.kind == FieldKind::YesNo
    }

    /// The column as it is written: with errors in it, 0 and 1 are not all that can be there, names of levels and codes
    /// of records may be misspelt.
    pub(super) fn written(&self, dirty: bool) -> Field {
        let mut field = self.field.clone();
        if dirty {
            field.kind = match (self.role, field.kind) {
                (Role::Value, FieldKind::YesNo) => FieldKind::Number,
                (Role::Value, FieldKind::Level(_)) => FieldKind::Text,
                (_, kind) => kind,
            };
        }
        field
    }
}

/// Cells of one column.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::release) enum Values {
    Integers(Vec<i64>),
    /// NaN is "no value".
    Numbers(Vec<f64>),
    /// A position without a name is "no value".
    Codes(Vec<u8>),
    /// As `Codes`, for many names.
    LongCodes(Vec<u32>),
    /// An empty text is "no value".
    Texts(Vec<String>),
    Records(Vec<u64>),
}

impl Values {
    /// A cell as text; empty where there is no value, and a position where there are codes.
    pub(in crate::release) fn text(&self, row: usize) -> String {
        match self {
            Self::Integers(values) => values[row].to_string(),
            Self::Numbers(values) => {
                let mut text = String::new();
                shortest(values[row], &mut text);
                text
            }
            Self::Codes(codes) => codes[row].to_string(),
            Self::LongCodes(codes) => codes[row].to_string(),
            Self::Texts(texts) => texts[row].clone(),
            Self::Records(codes) => record_text(codes[row]),
        }
    }

    pub(super) fn cells(&self) -> Cells<'_> {
        match self {
            Self::Integers(values) => Cells::Integers(values),
            Self::Numbers(values) => Cells::Numbers(values),
            Self::Codes(codes) => Cells::Codes(codes),
            Self::LongCodes(codes) => Cells::LongCodes(codes),
            Self::Texts(texts) => Cells::Texts(texts),
            Self::Records(codes) => Cells::Records(codes),
        }
    }

    fn select(&mut self, rows: &[usize]) {
        match self {
            Self::Integers(values) => *values = rows.iter().map(|row| values[*row]).collect(),
            Self::Numbers(values) => *values = rows.iter().map(|row| values[*row]).collect(),
            Self::Codes(codes) => *codes = rows.iter().map(|row| codes[*row]).collect(),
            Self::LongCodes(codes) => *codes = rows.iter().map(|row| codes[*row]).collect(),
            Self::Texts(texts) => *texts = rows.iter().map(|row| texts[*row].clone()).collect(),
            Self::Records(codes) => *codes = rows.iter().map(|row| codes[*row]).collect(),
        }
    }

    /// The same cells as texts and numbers, into which errors can be written.
    fn opened(&mut self, column: &Column) {
        let name = |levels: &[String], code: usize| levels.get(code).cloned().unwrap_or_default();
        let number = |code: usize| if code < 2 { code as f64 } else { f64::NAN };
        let opened = match (&*self, column.role, &column.field.kind) {
            (Self::Records(codes), ..) => Self::Texts(codes.iter().map(|code| record_text(*code)).collect()),
            (Self::Codes(codes), Role::Value, FieldKind::Level(levels)) => {
                Self::Texts(codes.iter().map(|code| name(levels, usize::from(*code))).collect())
            }
            (Self::LongCodes(codes), Role::Value, FieldKind::Level(levels)) => {
                Self::Texts(codes.iter().map(|code| name(levels, *code as usize)).collect())
            }
            (Self::Codes(codes), Role::Value, FieldKind::YesNo) => {
                Self::Numbers(codes.iter().map(|code| number(usize::from(*code))).collect())
            }
            _ => return,
        };
        *self = opened;
    }
}

/// Whose row it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::release) struct RowId {
    /// Number of the record in its replicate: the address of its draws.
    pub row: u32,
    /// Code of the record.
    pub code: u64,
    /// Number of the wave, from 1, where the row is about one.
    pub wave: Option<u32>,
    /// Different for all rows of a record in a table.
    pub occasion: u32,
}

/// Some rows of a table.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::release) struct Block {
    pub rows: Vec<RowId>,
    pub columns: Vec<Values>,
}

impl Block {
    /// The rows at these positions, in this order.
    pub(in crate::release) fn select(&mut self, rows: &[usize]) {
        if rows.iter().copied().eq(0..self.rows.len()) {
            return;
        }
        self.rows = rows.iter().map(|row| self.rows[*row]).collect();
        self.columns.iter_mut().for_each(|column| column.select(rows));
    }

    pub(in crate::release) fn open(&mut self, columns: &[Column]) {
        for (values, column) in self.columns.iter_mut().zip(columns) {
            values.opened(column);
        }
    }
}

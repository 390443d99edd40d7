//! The columns of the tables of `data/`: names, labels, units, ranges.

use super::block::{Column, Role};
use super::missing::MISSING_WORDS;
use crate::release::declaration::Declaration;
use crate::release::field::{Field, FieldKind};
use crate::release::stretch::kind;
use crate::tables::observed::ObservedVariable;
use crate::tables::{ObservedSchema, TruthSchema};

/// What the columns are called and mean.
#[derive(Clone, Debug)]
pub(super) struct Names<'a> {
    pub declaration: &'a Declaration,
    pub schema: &'a ObservedSchema,
    pub truth: &'a TruthSchema,
    /// Whether there is more than one replicate.
    pub several: bool,
}

impl Names<'_> {
    /// The columns that begin every table.
    pub(super) fn lead(&self) -> Vec<Column> {
        let replicate = Field::new("replicate", FieldKind::Integer, "number of the simulated data set").range("from 0");
        let record = Field::new("record", FieldKind::Record, "code of the record; no real person has it");
        let replicate = self.several.then(|| Column::new(replicate, Role::Place));
        replicate.into_iter().chain([Column::new(record, Role::Record).label("code of the record")]).collect()
    }

    pub(super) fn wave(&self) -> Column {
        let field = Field::new("wave", FieldKind::Integer, "number of the wave");
        Column::new(field.range(&format!("1 to {}", self.schema.waves())), Role::Wave).label("number of the wave")
    }

    pub(super) fn visit(&self) -> Column {
        let field = Field::new("visit", FieldKind::Integer, "number of the interview in its wave").range("from 1");
        Column::new(field, Role::Place).label("number of the interview in its wave")
    }

    pub(super) fn years(&self, about: &str) -> Column {
        Column::new(Field::new("years", FieldKind::Number, about).unit("years"), Role::Date)
            .label("years since the start")
    }

    /// Group, site and what is known from the start.
    pub(super) fn persons(&self, columns: &mut Vec<Column>) {
        let group = Field::new("group", FieldKind::Level(self.schema.groups.clone()), "group of the record");
        columns.push(Column::new(group, Role::Value));
        if !self.schema.sites.is_empty() {
            let site = Field::new("site", FieldKind::Level(self.schema.sites.clone()), "site at the start");
            columns.push(Column::new(site, Role::Value).label("site at the start"));
        }
        for variable in &self.schema.baseline {
            let mut column = self.variable(columns, variable, "", "known from the start");
            self.bound(&mut column);
            columns.push(column);
        }
    }

    /// The columns of an item at `wave`, or at the wave of the row: its answer and, where it is asked for, the reason of
    /// a missing one.
    pub(super) fn item(&self, columns: &mut Vec<Column>, item: &ObservedVariable, wave: Option<usize>, about: &str) {
        let ending = wave.map_or_else(String::new, |wave| format!("_w{}", wave + 1));
        let about = wave.map_or_else(|| about.to_owned(), |wave| format!("{about}, wave {}", wave + 1));
        let mut column = self.variable(columns, item, &ending, &about);
        column.wave = wave;
        if let Some(wave) = wave {
            column.field.label = format!("{}, wave {}", column.field.label, wave + 1);
        }
        let (name, label) = (column.field.name.clone(), column.field.label.clone());
        columns.push(column);
        if self.declaration.missing_reasons {
            let words = MISSING_WORDS.iter().map(|(word, _)| (*word).to_owned()).collect();
            let about = format!("why `{name}` has no answer; empty where it has one");
            let field = Field::new(free(columns, &format!("{name}_missing"), "_asked"), FieldKind::Level(words), about);
            let mut reason = Column::new(field, Role::Reason).label(format!("why missing: {label}"));
            reason.field.reasons_of = Some(name);
            reason.wave = wave;
            columns.push(reason);
        }
    }

    fn variable(&self, columns: &[Column], variable: &ObservedVariable, ending: &str, about: &str) -> Column {
        let name = free(columns, &format!("{}{ending}", variable.name), "_asked");
        let given = |list: &[(crate::diagnostic::Text, String)]| {
            list.iter().find(|(of, _)| of.text == variable.name).map(|(_, text)| text.clone())
        };
        let unit = given(&self.declaration.units).unwrap_or_default();
        let field = Field::new(name, kind(variable.coding.as_deref()), about).unit(&unit);
        let mut column = Column::new(field, Role::Value);
        column.field.label = given(&self.declaration.labels).unwrap_or_else(|| variable.name.replace('_', " "));
        column.variable = Some(variable.name.clone());
        column
    }

    /// Adds the range of a variable that is known as it is.
    fn bound(&self, column: &mut Column) {
        let name = column.variable.as_deref().unwrap_or_default();
        let Some(variable) = self.truth.variable(name).and_then(|v| self.truth.variables.get(v)) else { return };
        if column.field.kind != FieldKind::Number {
            return;
        }
        column.low = variable.low.is_finite().then_some(variable.low);
        column.high = variable.high.is_finite().then_some(variable.high);
        column.field.range = match (column.low, column.high) {
            (Some(low), Some(high)) => format!("{low} to {high}"),
            (Some(low), None) => format!("{low} or more"),
            (None, Some(high)) => format!("{high} or less"),
            (None, None) => String::new(),
        };
    }
}

/// `name`, or with `more` added where a column of that name is there already.
pub(super) fn free(columns: &[Column], name: &str, more: &str) -> String {
    let mut name = name.to_owned();
    while columns.iter().any(|column| column.field.name == name) {
        name.push_str(more);
    }
    name
}

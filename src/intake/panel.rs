//! From rows to records and waves.

use super::columns::Typed;
use super::rows::{Cell, Raw, Rows};
use super::{Declaration, Intake, problem};
use crate::diagnostic::Text;
use crate::tables::observed::{ObservedVariable, TextField};
use crate::tables::{ObservedBatch, ObservedSchema, RunProblem};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Most waves; a column of dates or of numbers is no column of waves.
const MOST_WAVES: usize = 10_000;

/// Reads tables as `[data]` says. Without a column for the wave, each file is a wave.
///
/// # Errors
/// R0051: a file cannot be read. R0052: a column is missing. R0060: a person has two rows at a wave. R0061: a cell is
/// not what its column must hold. R0062: a column cannot be used as `[data]` says. With the place in the plan, where it
/// is the plan's fault.
pub fn read(paths: &[PathBuf], declaration: &Declaration) -> Result<Intake, RunProblem> {
    let missing: Vec<&str> = declaration.missing.iter().map(|m| m.text.as_str()).collect();
    let as_written: Vec<&str> = declaration.fields.iter().map(|f| f.text.as_str()).collect();
    let rows = Rows::read(paths, &missing, &as_written)?;
    let panel = Panel::place(&rows, declaration)?;
    panel.intake(&rows, declaration)
}

/// Where each row goes.
struct Panel {
    /// Name of each record.
    persons: Vec<String>,
    /// `rows[wave][record]`: the row that holds this wave of the record.
    rows: Vec<Vec<Option<usize>>>,
    /// The first row of each record.
    first: Vec<usize>,
}

fn needed<'r>(rows: &'r Rows, name: &Text) -> Result<&'r Raw, RunProblem> {
    rows.column(&name.text).ok_or_else(|| {
        let known: Vec<&str> = rows.columns.iter().map(|c| c.name.as_str()).collect();
        let message = format!("the table has no column `{}`; its columns: {}", name.text, known.join(", "));
        RunProblem { span: Some(name.span.clone()), ..problem("R0052", message) }
    })
}

fn wrong_cell(rows: &Rows, row: usize, column: &str, cell: &Cell, must_be: &str) -> RunProblem {
    let found = cell.text().map_or("is empty".to_owned(), |text| format!("is `{text}`"));
    problem("R0061", format!("{}: `{column}` {found}, but must be {must_be}", rows.place(row)))
}

impl Panel {
    fn place(rows: &Rows, declaration: &Declaration) -> Result<Self, RunProblem> {
        let ids = declaration.id.as_ref().map(|name| needed(rows, name)).transpose()?;
        let waves = declaration.wave.as_ref().map(|name| needed(rows, name)).transpose()?;
        let mut panel = Self { persons: Vec::new(), rows: Vec::new(), first: Vec::new() };
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for row in 0..rows.places.len() {
            let wave = match waves {
                Some(column) => whole_wave(rows, row, column)?,
                None => rows.places[row].0,
            };
            let record = match ids {
                None => panel.persons.len(),
                Some(column) => {
                    let Some(id) = column.cells[row].text() else {
                        return Err(wrong_cell(rows, row, &column.name, &Cell::None, "the person's number or name"));
                    };
                    *known.entry(id).or_insert(panel.persons.len())
                }
            };
            panel.put(rows, row, wave, record, ids)?;
        }
        // A file without rows is a wave all the same.
        let least = if waves.is_none() { rows.paths.len() } else { 1 };
        if panel.rows.len() < least {
            panel.rows.resize_with(least, Vec::new);
        }
        let records = panel.persons.len();
        panel.rows.iter_mut().for_each(|wave| wave.resize(records, None));
        Ok(panel)
    }

    fn put(
        &mut self,
        rows: &Rows,
        row: usize,
        wave: usize,
        record: usize,
        ids: Option<&Raw>,
    ) -> Result<(), RunProblem> {
        if record == self.persons.len() {
            let name = ids.and_then(|column| column.cells[row].text());
            self.persons.push(name.unwrap_or_else(|| rows.places[row].1.to_string()));
            self.first.push(row);
        }
        if self.rows.len() <= wave {
            self.rows.resize_with(wave + 1, Vec::new);
        }
        let at = &mut self.rows[wave];
        if at.len() <= record {
            at.resize(record + 1, None);
        }
        match at[record].replace(row) {
            None => Ok(()),
            Some(other) => Err(problem(
                "R0060",
                format!(
                    "{}: person `{}` has a row at wave {} already ({})",
                    rows.place(row),
                    self.persons[record],
                    wave + 1,
                    rows.place(other)
                ),
            )),
        }
    }

    fn intake(self, rows: &Rows, declaration: &Declaration) -> Result<Intake, RunProblem> {
        let mut warnings = Vec::new();
        let mut schema = ObservedSchema {
            groups: vec!["all".to_owned()],
            wave_years: vec![0.0; self.rows.len()],
            records: self.persons.len(),
            ..ObservedSchema::default()
        };
        let mut batch = ObservedBatch {
            replicates: 0..1,
            group: vec![0; self.persons.len()],
            attended: self.rows.iter().map(|wave| wave.iter().map(Option::is_some).collect()).collect(),
            ..ObservedBatch::default()
        };
        self.variables(rows, declaration, &mut schema, &mut batch, &mut warnings)?;
        self.roles(rows, declaration, &mut schema, &mut batch)?;
        batch.schema = Arc::new(schema);
        Ok(Intake { batch, persons: self.persons, rows: rows.places.len(), warnings })
    }

    /// Items and what is known from the start.
    fn variables(
        &self,
        rows: &Rows,
        declaration: &Declaration,
        schema: &mut ObservedSchema,
        batch: &mut ObservedBatch,
        warnings: &mut Vec<String>,
    ) -> Result<(), RunProblem> {
        for name in &declaration.baseline {
            let raw = needed(rows, name)?;
            let typed = Typed::of(raw).ok_or_else(|| too_many(name))?;
            let kept: Vec<Option<usize>> = (0..self.persons.len()).map(|r| self.first_value(r, &typed)).collect();
            if let Some(record) = (0..kept.len()).find(|r| self.differs(*r, &typed)) {
                let person = &self.persons[record];
                warnings.push(format!(
                    "`{}` is declared as known from the start, and differs within person `{person}`: the first value \
                     is used.",
                    name.text
                ));
            }
            schema.baseline.push(ObservedVariable { name: name.text.clone(), coding: typed.coding.clone() });
            batch.baseline.push(typed.pick(kept.into_iter()));
        }
        let is_item =
            |raw: &&Raw| !declaration.taken().chain(&declaration.baseline).any(|taken| taken.text == raw.name);
        for raw in rows.columns.iter().filter(is_item) {
            let Some(typed) = Typed::of(raw) else {
                warnings.push(format!(
                    "`{}` has more than 254 different texts and is left out; name it in `fields` to link by it.",
                    raw.name
                ));
                continue;
            };
            schema.items.push(ObservedVariable { name: raw.name.clone(), coding: typed.coding.clone() });
            batch.answers.push(self.rows.iter().map(|wave| typed.pick(wave.iter().copied())).collect());
        }
        Ok(())
    }

    /// The rows of a record in the order of waves.
    fn rows_of(&self, record: usize) -> impl Iterator<Item = usize> {
        self.rows.iter().filter_map(move |wave| wave[record])
    }

    fn first_value(&self, record: usize, typed: &Typed) -> Option<usize> {
        self.rows_of(record).find(|row| !typed.values[*row].is_nan())
    }

    fn differs(&self, record: usize, typed: &Typed) -> bool {
        let mut values = self.rows_of(record).map(|row| typed.values[row]).filter(|v| !v.is_nan());
        let first = values.next();
        first.is_some_and(|first| values.any(|v| v != first))
    }

    /// Columns with a meaning of their own.
    fn roles(
        &self,
        rows: &Rows,
        declaration: &Declaration,
        schema: &mut ObservedSchema,
        batch: &mut ObservedBatch,
    ) -> Result<(), RunProblem> {
        if let Some(name) = &declaration.group {
            let (levels, codes) = self.named(rows, name)?;
            batch.group = codes.iter().map(|c| u8::try_from(*c).unwrap_or(u8::MAX)).collect();
            schema.groups = levels;
        }
        if let Some(name) = &declaration.site {
            (schema.sites, batch.site) = self.named(rows, name)?;
        }
        if let Some(name) = &declaration.attended {
            let column = needed(rows, name)?;
            for (attended, at) in batch.attended.iter_mut().zip(&self.rows) {
                for (attended, row) in attended.iter_mut().zip(at) {
                    let Some(row) = row else { continue };
                    *attended = match column.cells[*row] {
                        Cell::Number(1.0) => true,
                        Cell::Number(0.0) | Cell::None => false,
                        ref other => return Err(wrong_cell(rows, *row, &name.text, other, "0 or 1")),
                    };
                }
            }
        }
        if let Some(name) = &declaration.years {
            schema.wave_years = self.years(rows, name)?;
        }
        if let Some(name) = &declaration.weight {
            schema.weighted = true;
            batch.weights = self.weights(rows, name)?;
        }
        for name in &declaration.fields {
            self.field(needed(rows, name)?, schema, batch);
        }
        Ok(())
    }

    /// Levels of a column by record, from its first value.
    fn named(&self, rows: &Rows, name: &Text) -> Result<(Vec<String>, Vec<u32>), RunProblem> {
        let raw = needed(rows, name)?;
        let first = |record: usize| self.rows_of(record).find_map(|row| raw.cells[row].text());
        let texts: Vec<Option<String>> = (0..self.persons.len()).map(first).collect();
        let mut levels: Vec<String> = texts.iter().flatten().cloned().collect();
        levels.sort_unstable_by(|a, b| match (a.parse::<f64>(), b.parse::<f64>()) {
            (Ok(a), Ok(b)) => a.total_cmp(&b),
            _ => a.cmp(b),
        });
        levels.dedup();
        if levels.len() > 254 {
            return Err(too_many(name));
        }
        let mut codes = Vec::with_capacity(texts.len());
        for (record, text) in texts.iter().enumerate() {
            let code = text.as_ref().and_then(|text| levels.iter().position(|level| level == text));
            let Some(code) = code else {
                let row = self.first[record];
                return Err(wrong_cell(rows, row, &name.text, &Cell::None, "there for every person"));
            };
            codes.push(code as u32);
        }
        Ok((levels, codes))
    }

    /// Years from the start to each wave: the mean over its rows.
    fn years(&self, rows: &Rows, name: &Text) -> Result<Vec<f64>, RunProblem> {
        let raw = needed(rows, name)?;
        let mut years = Vec::with_capacity(self.rows.len());
        for at in &self.rows {
            let (mut sum, mut count) = (0.0, 0.0);
            for row in at.iter().flatten() {
                match raw.cells[*row] {
                    Cell::Number(value) if value.is_finite() => (sum, count) = (sum + value, count + 1.0),
                    Cell::None => {}
                    ref other => return Err(wrong_cell(rows, *row, &name.text, other, "a number of years")),
                }
            }
            years.push(if count > 0.0 { sum / count } else { 0.0 });
        }
        Ok(years)
    }

    fn weights(&self, rows: &Rows, name: &Text) -> Result<Vec<Vec<f64>>, RunProblem> {
        let raw = needed(rows, name)?;
        let mut weights = Vec::with_capacity(self.rows.len());
        for at in &self.rows {
            let mut wave = Vec::with_capacity(at.len());
            for row in at {
                wave.push(match row.map(|row| (row, &raw.cells[row])) {
                    None => 0.0,
                    Some((_, Cell::Number(value))) if value.is_finite() && *value >= 0.0 => *value,
                    Some((row, other)) => {
                        return Err(wrong_cell(rows, row, &name.text, other, "a weight, a number from 0"));
                    }
                });
            }
            weights.push(wave);
        }
        Ok(weights)
    }

    fn field(&self, raw: &Raw, schema: &mut ObservedSchema, batch: &mut ObservedBatch) {
        let mut texts: Vec<String> = raw.cells.iter().filter_map(Cell::text).collect();
        texts.sort_unstable();
        texts.dedup();
        let code = |row: Option<usize>| {
            let text = row.and_then(|row| raw.cells[row].text());
            text.and_then(|text| texts.binary_search(&text).ok()).map_or(u32::MAX, |k| k as u32)
        };
        let codes = self.rows.iter().map(|at| at.iter().map(|row| code(*row)).collect()).collect();
        batch.fields.push(codes);
        // Few texts are a variable too.
        if let Some(typed) = Typed::of(&raw.with_numbers()) {
            schema.items.push(ObservedVariable { name: raw.name.clone(), coding: typed.coding.clone() });
            batch.answers.push(self.rows.iter().map(|wave| typed.pick(wave.iter().copied())).collect());
        }
        schema.fields.push(TextField { name: raw.name.clone(), texts });
    }
}

fn whole_wave(rows: &Rows, row: usize, column: &Raw) -> Result<usize, RunProblem> {
    match column.cells[row] {
        Cell::Number(wave) if wave >= 1.0 && wave <= MOST_WAVES as f64 && wave.fract() == 0.0 => Ok(wave as usize - 1),
        ref other => {
            let must_be = "the number of the wave: 1, 2, 3, ...";
            Err(wrong_cell(rows, row, &column.name, other, must_be))
        }
    }
}

fn too_many(name: &Text) -> RunProblem {
    let message = format!("`{}` has more than 254 different texts", name.text);
    RunProblem { span: Some(name.span.clone()), ..problem("R0062", message) }
}

/// No data at all: for methods whose input is in the plan.
#[must_use]
pub fn nothing() -> Intake {
    let schema = ObservedSchema { groups: vec!["all".to_owned()], wave_years: vec![0.0], ..ObservedSchema::default() };
    let batch = ObservedBatch {
        schema: Arc::new(schema),
        replicates: 0..1,
        attended: vec![Vec::new()],
        ..ObservedBatch::default()
    };
    Intake { batch, persons: Vec::new(), rows: 0, warnings: Vec::new() }
}

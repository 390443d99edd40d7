//! A CSV file as the data set of one replicate.

use crate::tables::observed::{AnswerColumn, ObservedVariable};
use crate::tables::{Coding, ObservedBatch, ObservedSchema};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The cells of a CSV file by column; NaN where empty.
pub(crate) struct Table {
    pub(crate) columns: BTreeMap<String, Vec<f64>>,
    pub(crate) rows: usize,
}

pub(crate) fn read(file: &str) -> Table {
    let path = format!("{}/tests/reference/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut columns: BTreeMap<String, Vec<f64>> = names.iter().map(|n| (n.clone(), Vec::new())).collect();
    let mut rows = 0;
    for record in reader.records() {
        for (name, cell) in names.iter().zip(record.unwrap().iter()) {
            columns.get_mut(name).unwrap().push(cell.parse().unwrap_or(f64::NAN));
        }
        rows += 1;
    }
    Table { columns, rows }
}

/// Few whole numbers become codes, other columns stay numbers.
fn coding(values: &[f64]) -> Option<Arc<Coding>> {
    let mut seen: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    seen.sort_by(f64::total_cmp);
    seen.dedup();
    if seen.iter().all(|v| *v == 0.0 || *v == 1.0) {
        return Some(Arc::new(Coding::yes_no().with_missing()));
    }
    let few = seen.len() <= 20 && seen.iter().all(|v| v.fract() == 0.0);
    few.then(|| Arc::new(Coding { values: seen, levels: Vec::new() }.with_missing()))
}

fn column(values: &[f64], coding: Option<&Arc<Coding>>) -> AnswerColumn {
    let Some(coding) = coding else { return AnswerColumn::Number(values.to_vec()) };
    let missing = coding.values.len() - 1;
    let code = |v: &f64| coding.values.iter().position(|c| c == v).unwrap_or(missing) as u8;
    AnswerColumn::Coded(values.iter().map(code).collect())
}

/// A panel file: a record per person, a wave per value of `wave`; `group` is the group, `age` and `site` are known from
/// the start, every other column is an item.
pub(crate) fn panel(file: &str) -> ObservedBatch {
    let table = read(file);
    let (ids, waves) = (&table.columns["id"], &table.columns["wave"]);
    let mut persons: Vec<f64> = Vec::new();
    ids.iter().for_each(|id| {
        if !persons.contains(id) {
            persons.push(*id)
        }
    });
    let count = waves.iter().copied().fold(0.0, f64::max) as usize;
    let place = |row: usize| (persons.iter().position(|p| *p == ids[row]).unwrap(), waves[row] as usize - 1);
    let mut schema = ObservedSchema {
        groups: vec!["0".to_owned(), "1".to_owned()],
        wave_years: (0..count).map(|w| w as f64).collect(),
        records: persons.len(),
        ..ObservedSchema::default()
    };
    let mut batch = ObservedBatch { replicates: 0..1, group: vec![0; persons.len()], ..ObservedBatch::default() };
    batch.attended = vec![vec![false; persons.len()]; count];
    for (name, values) in table.columns.iter().filter(|(name, _)| !["id", "wave"].contains(&name.as_str())) {
        let mut spread = vec![vec![f64::NAN; persons.len()]; count];
        for (row, value) in values.iter().enumerate() {
            let (person, wave) = place(row);
            spread[wave][person] = *value;
            match name.as_str() {
                "group" => batch.group[person] = *value as u8,
                "responded" => batch.attended[wave][person] = *value == 1.0,
                _ => {}
            }
        }
        if name == "group" {
            continue;
        }
        let coding = coding(values);
        let variable = ObservedVariable { name: name.clone(), coding: coding.clone() };
        if ["age", "site"].contains(&name.as_str()) {
            schema.baseline.push(variable);
            let first: Vec<f64> = (0..persons.len())
                .map(|p| spread.iter().map(|wave| wave[p]).find(|v| !v.is_nan()).unwrap_or(f64::NAN))
                .collect();
            batch.baseline.push(column(&first, coding.as_ref()));
        } else {
            schema.items.push(variable);
            batch.answers.push(spread.iter().map(|wave| column(wave, coding.as_ref())).collect());
        }
    }
    batch.schema = Arc::new(schema);
    batch
}

/// Every row a record with one wave, every column an item (and `group` the group).
pub(crate) fn cross_section(file: &str) -> ObservedBatch {
    let table = read(file);
    let mut schema = ObservedSchema {
        groups: vec!["0".to_owned(), "1".to_owned()],
        wave_years: vec![0.0],
        records: table.rows,
        ..ObservedSchema::default()
    };
    let mut batch = ObservedBatch { replicates: 0..1, group: vec![0; table.rows], ..ObservedBatch::default() };
    batch.attended = vec![vec![true; table.rows]];
    for (name, values) in &table.columns {
        if name == "group" {
            batch.group = values.iter().map(|v| *v as u8).collect();
            continue;
        }
        let coding = coding(values);
        schema.items.push(ObservedVariable { name: name.clone(), coding: coding.clone() });
        batch.answers.push(vec![column(values, coding.as_ref())]);
    }
    batch.schema = Arc::new(schema);
    batch
}

/// A data set of one replicate from items by wave and record (`values[wave][record]`, NaN for no answer).
pub(crate) fn with_items(items: &[(&str, Vec<Vec<f64>>)]) -> ObservedBatch {
    let waves = items.first().map_or(0, |(_, values)| values.len());
    let records = items.first().and_then(|(_, values)| values.first()).map_or(0, Vec::len);
    let mut schema = ObservedSchema {
        groups: vec!["all".to_owned()],
        wave_years: (0..waves).map(|w| w as f64).collect(),
        records,
        ..ObservedSchema::default()
    };
    let mut batch = ObservedBatch { replicates: 0..1, group: vec![0; records], ..ObservedBatch::default() };
    let there = |wave: usize, record: usize| items.iter().any(|(_, values)| !values[wave][record].is_nan());
    batch.attended = (0..waves).map(|w| (0..records).map(|r| there(w, r)).collect()).collect();
    for (name, values) in items {
        let coding = coding(&values.concat());
        schema.items.push(ObservedVariable { name: (*name).to_owned(), coding: coding.clone() });
        batch.answers.push(values.iter().map(|wave| column(wave, coding.as_ref())).collect());
    }
    batch.schema = Arc::new(schema);
    batch
}

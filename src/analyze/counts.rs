//! Numbers that a method is given in its options rather than by a column: counts, tables, p values.

use crate::diagnostic::{Diagnostics, Span};
use crate::options::{OptionValue, Options};

/// A number as written; the texts `missing` and `Infinity` stand for numbers that TOML has other words for.
fn number(value: &OptionValue) -> Option<f64> {
    match value {
        OptionValue::Number(text) => text.text.replace('_', "").parse().ok(),
        OptionValue::Text(text) => match text.text.as_str() {
            "missing" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

fn wrong(key: &str, wanted: &str, found: &OptionValue, problems: &mut Diagnostics) {
    problems.error("S0102", found.span(), format!("`{key}` must be {wanted}, and has {} in it", found.kind()));
}

/// One number under a key.
pub(super) fn one(options: &Options, key: &str, problems: &mut Diagnostics) -> Option<f64> {
    let value = options.get(key)?;
    let found = number(value);
    if found.is_none() {
        wrong(key, "a number", value, problems);
    }
    found
}

/// A wave under a key, counted from 1 there and from 0 here.
pub(super) fn wave(options: &Options, key: &str, problems: &mut Diagnostics) -> Option<usize> {
    let number = one(options, key, problems)?;
    if number >= 1.0 && number.fract() == 0.0 && number < 1e6 {
        return Some(number as usize - 1);
    }
    let span = options.get(key).map_or(&options.span, OptionValue::span);
    problems.error("S0620", span, format!("`{key}` is a wave, a whole number from 1"));
    None
}

/// A list of numbers under a key; empty where it is not there.
pub(super) fn list(options: &Options, key: &str, problems: &mut Diagnostics) -> Vec<f64> {
    options.list(key, problems).map_or_else(Vec::new, |items| row(key, items, problems))
}

fn row(key: &str, items: &[OptionValue], problems: &mut Diagnostics) -> Vec<f64> {
    let mut numbers = Vec::with_capacity(items.len());
    for item in items {
        match number(item) {
            Some(value) => numbers.push(value),
            None => wrong(key, "a list of numbers", item, problems),
        }
    }
    numbers
}

/// A matrix, as a list of rows of the same length.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Matrix {
    /// Row after row.
    pub(super) values: Vec<f64>,
    /// Number of columns.
    pub(super) columns: usize,
}

/// A matrix from the value of a key.
pub(super) fn matrix(key: &str, value: &OptionValue, problems: &mut Diagnostics) -> Option<Matrix> {
    let OptionValue::List(rows, span) = value else {
        wrong(key, "a list of rows", value, problems);
        return None;
    };
    let mut matrix = Matrix::default();
    for (k, each) in rows.iter().enumerate() {
        let OptionValue::List(cells, span) = each else {
            wrong(key, "a list of rows", each, problems);
            return None;
        };
        let cells = row(key, cells, problems);
        if k == 0 {
            matrix.columns = cells.len();
        }
        if cells.len() != matrix.columns {
            let message = format!("`{key}`: row {} has {} cells, the first {}", k + 1, cells.len(), matrix.columns);
            problems.error("S0621", span, message);
            return None;
        }
        matrix.values.extend(cells);
    }
    if matrix.values.is_empty() {
        problems.error("S0621", span, format!("`{key}` is empty"));
        return None;
    }
    Some(matrix)
}

/// A list of tables under a key, each with the same named numbers, and where each stands; empty where it is not there.
pub(super) fn tables<const N: usize>(
    options: &Options,
    key: &str,
    names: [&str; N],
    problems: &mut Diagnostics,
) -> Vec<([f64; N], Span)> {
    let mut tables = Vec::new();
    for item in options.list(key, problems).unwrap_or(&[]) {
        let OptionValue::Table(table) = item else {
            wrong(key, &format!("a list of tables such as {{ {} = ... }}", names.join(" = ..., ")), item, problems);
            continue;
        };
        let mut cells = [f64::NAN; N];
        for (cell, name) in cells.iter_mut().zip(names) {
            match one(table, name, problems) {
                Some(value) => *cell = value,
                None if table.get(name).is_none() => table.missing(name, problems),
                None => {}
            }
        }
        table.finish(problems);
        tables.push((cells, table.span.clone()));
    }
    tables
}

/// Reports a table whose counts cannot be.
pub(super) fn impossible(what: &str, span: &Span, problems: &mut Diagnostics) {
    problems
        .error("S0621", span, format!("{what} cannot be"))
        .help("counts are whole numbers from 0, and no more are counted than there are");
}

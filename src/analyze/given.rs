//! Options that are numbers: counts, shares and tables that a method is given instead of a column.

use crate::diagnostic::{Diagnostics, Span};
use crate::options::{OptionValue, Options};

/// A number as written.
pub(super) fn number(value: &OptionValue) -> Option<f64> {
    match value {
        OptionValue::Number(text) => text.text.parse::<f64>().ok().filter(|v| v.is_finite()),
        _ => None,
    }
}

/// What is wrong with what a method is given (S0660).
pub(super) fn refuse(span: &Span, message: String, problems: &mut Diagnostics) {
    problems.error("S0660", span, message).help("`eclosion explain S0660` shows what methods can be given");
}

/// The number under `key`, if it is there and `fits` (S0660); `wanted` says what fits.
pub(super) fn number_of(
    options: &Options,
    key: &str,
    wanted: &str,
    fits: impl Fn(f64) -> bool,
    problems: &mut Diagnostics,
) -> Option<f64> {
    let value = options.get(key)?;
    let found = number(value).filter(|v| fits(*v));
    if found.is_none() {
        refuse(value.span(), format!("`{key}` must be {wanted}"), problems);
    }
    found
}

/// The tables in the list under `key`, each with its place; anything else in it is refused (S0660).
pub(super) fn rows<'o>(options: &'o Options, key: &str, problems: &mut Diagnostics) -> Option<Vec<&'o Options>> {
    let items = options.list(key, problems)?;
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        match item {
            OptionValue::Table(table) => rows.push(table),
            other => {
                refuse(other.span(), format!("`{key}` is a list of tables, and this is {}", other.kind()), problems)
            }
        }
    }
    (rows.len() == items.len()).then_some(rows)
}

/// A square table of counts, as a list of rows: its width and its counts row after row (S0660).
pub(super) fn square(value: &OptionValue, problems: &mut Diagnostics) -> Option<(usize, Vec<f64>)> {
    let list = |value: &OptionValue| match value {
        OptionValue::List(items, _) => Some(items.clone()),
        _ => None,
    };
    let read = || {
        let rows = list(value)?;
        let mut counts = Vec::new();
        for row in &rows {
            let cells = list(row)?;
            if cells.len() != rows.len() {
                return None;
            }
            for cell in &cells {
                counts.push(number(cell).filter(|count| *count >= 0.0)?);
            }
        }
        Some((rows.len(), counts))
    };
    let found = read();
    if found.is_none() {
        refuse(value.span(), "a table is a list of as many rows as columns, of counts".to_owned(), problems);
    }
    found
}

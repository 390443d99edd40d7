//! The tables of a scenario as texts in one form, so that two scenarios can be compared part by part: comments, spaces and
//! the notation of numbers do not count, the order of tables in a list does.

use crate::options::{OptionValue, Options};
use std::fmt::Write;

/// Tables that decide how much is run and how it is shown, not what comes out.
const OF_THE_RUN: [&str; 11] =
    ["extends", "vary", "grid", "expect", "release", "estimand", "method", "precision", "tables", "table", "prior"];
/// Keys of `[study]` likewise; the seed is compared by itself.
const OF_THE_STUDY: [&str; 5] = ["title", "aims", "seed", "replicates", "time_limit"];

/// Path and text of each table that decides the data: top-level tables and, of a list, each entry.
pub(super) fn declared(root: &Options) -> Vec<(String, String)> {
    let mut list = Vec::new();
    for entry in root.entries.iter().filter(|e| !OF_THE_RUN.contains(&e.key.text.as_str())) {
        let name = entry.key.text.as_str();
        match &entry.value {
            OptionValue::Table(table) if ["parameters", "state", "attribute", "survey"].contains(&name) => {
                list.extend(table.entries.iter().map(|inner| (format!("{name}.{}", inner.key.text), of(&inner.value))));
            }
            OptionValue::Table(table) if name == "study" => {
                let mut study = String::new();
                for inner in table.entries.iter().filter(|e| !OF_THE_STUDY.contains(&e.key.text.as_str())) {
                    line(&mut study, &inner.key.text, &inner.value);
                }
                list.push((name.to_owned(), study));
            }
            OptionValue::List(items, _) => {
                let named = items.iter().enumerate().map(|(k, item)| (format!("{name} {}", title(item, k)), of(item)));
                list.extend(named);
            }
            value => list.push((name.to_owned(), of(value))),
        }
    }
    list
}

/// `[tables]` and the `[[table]]` tables as one text.
pub(super) fn tables(root: &Options) -> String {
    let printed = |name: &str| ["tables", "table"].contains(&name);
    let mut entries: Vec<_> = root.entries.iter().filter(|e| printed(&e.key.text)).collect();
    entries.sort_by(|a, b| a.key.text.cmp(&b.key.text));
    entries.iter().fold(String::new(), |mut out, entry| {
        line(&mut out, &entry.key.text, &entry.value);
        out
    })
}

/// The name of an entry of a list, or its number.
fn title(item: &OptionValue, position: usize) -> String {
    let name = match item {
        OptionValue::Table(table) => table.entries.iter().find(|e| e.key.text == "name"),
        _ => None,
    };
    match name.map(|e| &e.value) {
        Some(OptionValue::Text(text)) => text.text.clone(),
        _ => (position + 1).to_string(),
    }
}

/// A value as text: a table has a line for each key, by name.
fn of(value: &OptionValue) -> String {
    match value {
        OptionValue::Table(table) => text(table),
        other => inline(other),
    }
}

/// A table as text.
pub(super) fn text(table: &Options) -> String {
    without(table, &[])
}

/// A table as text without some of its keys.
pub(super) fn without(table: &Options, keys: &[&str]) -> String {
    let mut entries: Vec<_> = table.entries.iter().filter(|e| !keys.contains(&e.key.text.as_str())).collect();
    entries.sort_by(|a, b| a.key.text.cmp(&b.key.text));
    entries.iter().fold(String::new(), |mut out, entry| {
        line(&mut out, &entry.key.text, &entry.value);
        out
    })
}

fn line(out: &mut String, key: &str, value: &OptionValue) {
    // Writing to a text cannot fail.
    let _ = writeln!(out, "{key} = {}", inline(value));
}

fn inline(value: &OptionValue) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        OptionValue::Text(text) => format!("{:?}", text.text),
        OptionValue::Number(text) => match text.text.parse::<f64>() {
            Ok(number) if text.text.len() < 16 => number.to_string(),
            _ => text.text.clone(),
        },
        OptionValue::Switch(on, _) => on.to_string(),
        OptionValue::List(items, _) => format!("[{}]", joined(items.iter().map(inline).collect())),
        OptionValue::Table(table) => {
            let mut entries: Vec<_> = table.entries.iter().collect();
            entries.sort_by(|a, b| a.key.text.cmp(&b.key.text));
            let parts = entries.iter().map(|e| format!("{} = {}", e.key.text, inline(&e.value)));
            format!("{{ {} }}", joined(parts.collect()))
        }
    }
}

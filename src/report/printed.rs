//! Tables as a study prints them: text for a terminal, CSV with a line for each cell, JSON.

use super::Style;
use super::terminal::bold;
use crate::tables::printed::{Head, PrintedTable};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde_json::{Value, json};
use std::fmt::Write;

/// What every page with numbers about simulated persons says.
pub const SIMULATED: &str = "Simulated persons: no number here is a finding about real people.";

/// Tables as text; `head` says of what they are.
#[must_use]
pub fn printed(head: &str, tables: &[PrintedTable], style: &Style) -> String {
    let mut text = format!("{head}\n");
    for table in tables {
        let _ = writeln!(text, "\n{}", bold(&title(table), style));
        text.push_str(&drawn(table, style));
        if !table.note.is_empty() {
            let _ = writeln!(text, "  {}", table.note);
        }
    }
    text
}

fn title(table: &PrintedTable) -> String {
    let parts = [table.number.as_str(), table.title.as_str()];
    let named: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if named.is_empty() { table.id.clone() } else { named.join(". ") }
}

/// Rows below one another; headings of rows stand on lines of their own, those of columns above them.
fn drawn(table: &PrintedTable, style: &Style) -> String {
    let across = table.columns.len().max(1);
    let mut drawn = Table::new();
    drawn.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    drawn.set_width(style.width.max(60));
    if table.columns.iter().any(|column| !column.heading.is_empty()) {
        drawn.add_row(std::iter::once(String::new()).chain(once_each(&table.columns)));
    }
    if !table.columns.is_empty() {
        drawn.add_row(std::iter::once("").chain(table.columns.iter().map(|column| column.title.as_str())));
    }
    let mut heading = "";
    for (row, cells) in table.rows.iter().zip(table.cells.chunks(across)) {
        if row.heading != heading {
            heading = &row.heading;
            drawn.add_row(vec![heading.to_owned()]);
        }
        let indent = if heading.is_empty() { "" } else { "  " };
        let first = format!("{indent}{}", row.title);
        drawn.add_row(std::iter::once(first).chain(cells.iter().map(|cell| cell.text.clone())));
    }
    for column in drawn.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    drawn.lines().map(|line| format!(" {}\n", line.trim_end())).collect()
}

/// Each heading at the first of the columns that share it.
fn once_each(columns: &[Head]) -> Vec<String> {
    let before = std::iter::once("").chain(columns.iter().map(|column| column.heading.as_str()));
    let heading = |(column, before): (&Head, &str)| match column.heading == before {
        true => String::new(),
        false => column.heading.clone(),
    };
    columns.iter().zip(before).map(heading).collect()
}

/// A line for each cell: `cell,value`; NA and a number that is not there have no value, and a word beside them.
#[must_use]
pub fn printed_csv(tables: &[PrintedTable]) -> String {
    let mut text = "cell,value,printed\n".to_owned();
    for cell in tables.iter().flat_map(|table| &table.cells) {
        let value = cell.value.map(|value| value.to_string()).unwrap_or_default();
        let _ = writeln!(text, "{},{value},{}", cell.id, cell.text);
    }
    text
}

/// Tables as JSON.
#[must_use]
pub fn printed_json(head: &str, tables: &[PrintedTable]) -> String {
    let lines = |heads: &[Head]| -> Vec<Value> {
        heads.iter().map(|h| json!({ "id": h.id, "title": h.title, "heading": h.heading })).collect()
    };
    let tables: Vec<Value> = tables
        .iter()
        .map(|table| {
            let cell = |cell: &crate::tables::printed::PrintedCell| {
                json!({ "id": cell.id, "value": cell.value, "printed": cell.text })
            };
            json!({
                "id": table.id, "number": table.number, "title": table.title, "note": table.note,
                "columns": lines(&table.columns), "rows": lines(&table.rows),
                "cells": table.cells.iter().map(cell).collect::<Vec<_>>(),
            })
        })
        .collect();
    format!("{}\n", json!({ "of": head, "tables": tables }))
}

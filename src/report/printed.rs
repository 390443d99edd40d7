//! Tables as a study prints them: text for a terminal, CSV with a line for each cell, JSON.

use super::Style;
use super::terminal::bold;
use crate::tables::printed::{Head, PrintedTable};
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

/// Rows below one another, headings above the columns that they span; columns that do not fit beside one another follow
/// below, with the heads of the rows again.
fn drawn(table: &PrintedTable, style: &Style) -> String {
    let columns = columns(table);
    let names = names(table);
    let first = names.iter().map(|name| width(name)).max().unwrap_or(0) + 1;
    let room = usize::from(style.width.max(60)).saturating_sub(first);
    let mut text = String::new();
    let mut from = 0;
    while from < columns.len() {
        let mut to = from + 1;
        let mut used = columns[from].width + GAP;
        while to < columns.len() && used + columns[to].width + GAP <= room {
            used += columns[to].width + GAP;
            to += 1;
        }
        // Columns under one heading stay together where they can.
        let begins = |at: usize| columns[at].heading.is_empty() || columns[at].heading != columns[at - 1].heading;
        if let Some(start) = (from + 1..=to).rev().find(|at| *at == columns.len() || begins(*at)) {
            to = start;
        }
        part(&mut text, table, &names, (first, &columns, from..to));
        from = to;
    }
    text
}

/// Spaces between columns.
const GAP: usize = 2;
/// Heads of columns are folded to this width where their words allow it.
const NARROW: usize = 8;

/// A column and the room that it takes.
struct Drawn {
    position: usize,
    title: Vec<String>,
    heading: String,
    width: usize,
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// Lines of at most so many characters, but for words that are longer.
fn folded(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn widest(lines: &[String]) -> usize {
    lines.iter().map(|line| width(line)).max().unwrap_or(0)
}

fn columns(table: &PrintedTable) -> Vec<Drawn> {
    let across = table.columns.len().max(1);
    let one = |position: usize| {
        let head = table.columns.get(position).cloned().unwrap_or_default();
        let cells = table.cells.iter().skip(position).step_by(across);
        let cell = cells.map(|cell| width(&cell.text)).max().unwrap_or(0);
        let title = folded(&head.title, cell.max(NARROW));
        Drawn { position, width: cell.max(widest(&title)), title, heading: head.heading }
    };
    let mut columns: Vec<Drawn> = (0..across).map(one).collect();
    // A heading whose longest word is wider than its columns widens the last of them.
    let mut from = 0;
    while from < columns.len() {
        let same = columns[from..].iter().take_while(|column| column.heading == columns[from].heading).count();
        let span = &mut columns[from..from + same];
        let wide: usize = span.iter().map(|column| column.width + GAP).sum::<usize>() - GAP;
        let needed = span[0].heading.split_whitespace().map(width).max().unwrap_or(0);
        span[same - 1].width += needed.saturating_sub(wide);
        from += same;
    }
    columns
}

/// The head of each row, under its heading with an indent.
fn names(table: &PrintedTable) -> Vec<String> {
    let name = |row: &Head| if row.heading.is_empty() { row.title.clone() } else { format!("  {}", row.title) };
    table.rows.iter().map(name).collect()
}

type Part<'a> = (usize, &'a [Drawn], std::ops::Range<usize>);

fn part(text: &mut String, table: &PrintedTable, names: &[String], (first, columns, range): Part<'_>) {
    let shown = &columns[range];
    for line in headings(shown).into_iter().chain(titles(shown)) {
        let _ = writeln!(text, "  {:first$}{line}", "");
    }
    let across = table.columns.len().max(1);
    let mut heading = "";
    for ((row, name), cells) in table.rows.iter().zip(names).zip(table.cells.chunks(across)) {
        if row.heading != heading {
            heading = &row.heading;
            if !heading.is_empty() {
                let _ = writeln!(text, "  {heading}");
            }
        }
        let mut line = format!("  {name:first$}");
        for column in shown {
            let cell = cells.get(column.position).map_or("", |cell| cell.text.as_str());
            let _ = write!(line, "{:gap$}{cell:>wide$}", "", gap = GAP, wide = column.width);
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// The lines of the headings, each over its columns; none where there is no heading.
fn headings(columns: &[Drawn]) -> Vec<String> {
    let mut spans: Vec<(Vec<String>, usize)> = Vec::new();
    let mut from = 0;
    while from < columns.len() {
        let same = columns[from..].iter().take_while(|column| column.heading == columns[from].heading).count();
        let wide = columns[from..from + same].iter().map(|column| column.width + GAP).sum::<usize>() - GAP;
        spans.push((folded(&columns[from].heading, wide), wide));
        from += same;
    }
    stacked(&spans, true)
}

fn titles(columns: &[Drawn]) -> Vec<String> {
    let heads: Vec<(Vec<String>, usize)> = columns.iter().map(|column| (column.title.clone(), column.width)).collect();
    stacked(&heads, false)
}

/// Blocks of lines beside one another, standing on the same ground line.
fn stacked(blocks: &[(Vec<String>, usize)], left: bool) -> Vec<String> {
    let tall = blocks.iter().map(|(lines, _)| lines.len()).max().unwrap_or(0);
    let line = |at: usize| {
        let mut text = String::new();
        for (lines, wide) in blocks {
            let above = tall - lines.len();
            let here = at.checked_sub(above).and_then(|k| lines.get(k)).map_or("", String::as_str);
            let _ = match left {
                true => write!(text, "{:GAP$}{here:<wide$}", ""),
                false => write!(text, "{:GAP$}{here:>wide$}", ""),
            };
        }
        text.trim_end().to_owned()
    };
    (0..tall).map(line).collect()
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

//! The table as text for a terminal.

use super::view::View;
use super::wide::{EMPTY, Look, Wide, is_empty, wide};
use crate::report::terminal::{FAR, bold, ending, header, one_by_one};
use crate::report::{Style, number, performance};
use crate::tables::{Spent, StudyResult};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::fmt::Write;

/// A table for each group, where the usual report has one for each condition and estimand, and without what that says of
/// mechanisms and differences. `digits`: so many after the point, in place of as many as the error lets a value have.
#[must_use]
pub fn table(result: &StudyResult, view: &View, spent: Option<&Spent>, digits: Option<u8>, style: &Style) -> String {
    let (tables, marked) = wide(result, view, Look { digits, marked: true });
    // A table of estimates belongs to no scenario.
    let is_study = !result.scenario_hash.is_empty();
    let mut text = if is_study { header(result, style) } else { performance::header(result, style) };
    if is_empty(&tables) {
        let _ = writeln!(text, "\n{EMPTY}");
    }
    for table in tables.iter().filter(|table| !table.rows.is_empty()) {
        text.push('\n');
        if let Some((name, value)) = &table.heading {
            let _ = writeln!(text, "{}", bold(&format!("{name}: {value}"), style));
        }
        let width = usize::from(style.width.max(40));
        text.push_str(&side_by_side(table, width).unwrap_or_else(|| narrow(table, width)));
    }
    if marked {
        let _ = writeln!(
            text,
            "\n* more than {FAR} Monte Carlo standard errors from 0 (bias) or {} (coverage)",
            number(result.confidence)
        );
    }
    ending(&mut text, result, spent);
    text
}

/// A line per row, if the terminal is wide enough.
fn side_by_side(table: &Wide, width: usize) -> Option<String> {
    let mut drawn = Table::new();
    drawn.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    drawn.set_header(&table.columns);
    drawn.add_rows(&table.rows);
    for column in drawn.column_iter_mut().skip(table.names) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let lines: Vec<String> = drawn.lines().map(|line| format!(" {}", line.trim_end())).collect();
    lines.iter().all(|line| line.chars().count() <= width).then(|| lines.join("\n") + "\n")
}

/// What a row is, and under it what its line would hold.
fn narrow(table: &Wide, width: usize) -> String {
    let headings: Vec<&str> = table.columns[table.names..].iter().map(String::as_str).collect();
    let rows = table.rows.iter().map(|row| {
        let (names, numbers) = row.split_at(table.names);
        let mut cells = vec![names.join(", ")];
        cells.extend_from_slice(numbers);
        cells
    });
    one_by_one(&headings, &rows.collect::<Vec<_>>(), width)
}

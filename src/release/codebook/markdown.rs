//! `codebook.md`.

use super::words::{kind, missing, summary};
use super::{Codebook, TableEntry};
use crate::release::product::MISSING_WORDS;
use std::fmt::Write as _;

/// Adds a row of a table.
pub(in crate::release) fn row(text: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

pub(super) fn text(codebook: &Codebook<'_>) -> String {
    let title = codebook.about.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = format!("# Codebook: {title}\n\n**Synthetic: no real person.**\n\n");
    for table in &codebook.tables {
        columns(&mut text, table, codebook);
    }
    wave_map(&mut text, codebook);
    if codebook.missing_reasons {
        text.push_str("## Why answers are missing\n\n");
        row(&mut text, &["word", "meaning"]);
        row(&mut text, &["---", "---"]);
        for (word, meaning) in MISSING_WORDS {
            row(&mut text, &[&format!("`{word}`"), meaning]);
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn columns(text: &mut String, table: &TableEntry, codebook: &Codebook<'_>) {
    let _ = write!(text, "## `{}`\n\n{}; {} rows.\n\n", table.name, table.about, table.rows);
    row(text, &["column", "label", "kind", "valid", "missing", "values", "meaning"]);
    row(text, &["---"; 7]);
    for entry in &table.columns {
        let column = &entry.column;
        let mut meaning = column.field.about.clone();
        if let Some(asked) = entry.asked(codebook.schema) {
            let _ = write!(meaning, "; {}", asked.words(("`", "`")));
        }
        let name = format!("`{}`", column.field.name);
        let valid = entry.tally.valid.to_string();
        let cells =
            [&name, &column.field.label, &kind(entry), &valid, &missing(table, entry), &summary(entry), &meaning];
        row(text, &cells.map(String::as_str));
    }
    text.push('\n');
}

fn wave_map(text: &mut String, codebook: &Codebook<'_>) {
    let map = &codebook.wave_map;
    if map.items.is_empty() {
        return;
    }
    text.push_str("## Answers by wave\n\n");
    let years = |(wave, years): (usize, &f64)| format!("wave {} (year {})", wave + 1, super::words::rounded(*years));
    let mut head = vec!["item".to_owned(), "label".to_owned()];
    head.extend(map.years.iter().enumerate().map(years));
    row(text, &head.iter().map(String::as_str).collect::<Vec<_>>());
    row(text, &vec!["---"; head.len()]);
    for (item, label, counts) in &map.items {
        let mut cells = vec![format!("`{item}`"), label.clone()];
        cells.extend(counts.iter().map(|count| super::wave_count(*count)));
        row(text, &cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    text.push('\n');
}

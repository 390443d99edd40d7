//! The table as Markdown, in the form that GitHub and pandoc share; captions as pandoc reads them.

use super::view::View;
use super::wide::{EMPTY, Look, Wide, caption, is_empty, wide};
use crate::tables::StudyResult;
use std::fmt::Write;

/// A table for each group under a heading of its own, with a caption line.
#[must_use]
pub fn markdown(result: &StudyResult, view: &View, digits: Option<u8>) -> String {
    let (tables, _) = wide(result, view, Look { digits, marked: false });
    if is_empty(&tables) {
        return format!("{EMPTY}\n\nTable: {}\n", escaped(&caption(result, None)));
    }
    let parts: Vec<String> = tables.iter().map(|table| one(table, result)).collect();
    parts.join("\n")
}

fn one(table: &Wide, result: &StudyResult) -> String {
    let mut text = String::new();
    if let Some((name, value)) = &table.heading {
        let _ = writeln!(text, "## {}: {}\n", escaped(name), escaped(value));
    }
    let cells: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(|cell| escaped(cell)).collect()).collect();
    let head: Vec<String> = table.columns.iter().map(|column| escaped(column)).collect();
    let width = |k: usize| {
        let all = cells.iter().map(|row| row[k].chars().count());
        all.chain([head[k].chars().count(), 3]).max().unwrap_or(3)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |row: &[String]| {
        let padded = row.iter().zip(&widths).enumerate().map(|(k, (cell, width))| match k < table.names {
            true => format!("{cell:<width$}"),
            false => format!("{cell:>width$}"),
        });
        format!("| {} |\n", padded.collect::<Vec<_>>().join(" | "))
    };
    text.push_str(&line(&head));
    let rule = widths.iter().enumerate().map(|(k, width)| match k < table.names {
        true => format!(":{}", "-".repeat(width - 1)),
        false => format!("{}:", "-".repeat(width - 1)),
    });
    let _ = writeln!(text, "| {} |", rule.collect::<Vec<_>>().join(" | "));
    for row in &cells {
        text.push_str(&line(row));
    }
    let _ = writeln!(text, "\nTable: {}", escaped(&caption(result, table.heading.as_ref())));
    text
}

/// A text whose characters mean nothing but themselves, on one line.
fn escaped(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (at, c) in characters.iter().enumerate() {
        let inside_a_word = || {
            let beside = |k: Option<usize>| k.and_then(|k| characters.get(k)).is_some_and(|c| c.is_alphanumeric());
            beside(at.checked_sub(1)) && beside(Some(at + 1))
        };
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            // An underscore within a word stands for itself.
            '_' if inside_a_word() => out.push('_'),
            '\\' | '|' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '&' | '~' | '$' | '#' | '^' => {
                out.push('\\');
                out.push(*c);
            }
            c => out.push(*c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn characters_stand_for_themselves() {
        assert_eq!(
            escaped("a|b *c* complete_case _d_ [e](f) <g> 5 % \\"),
            r"a\|b \*c\* complete_case \_d\_ \[e\](f) \<g\> 5 % \\"
        );
        assert_eq!(escaped("two\nlines"), "two lines");
    }
}

//! An R script that needs nothing but R.

use super::{levels, one_line, provenance, reasons, table_name};
use crate::release::field::{Field, FieldKind};
use crate::release::folder::Stamp;
use std::fmt::Write as _;

/// A script with a function `read_release(folder)` that gives a list of data frames: names as factors with all their
/// levels, and attributes `label`, `unit`, `description` and `reasons` of the columns. `tables` are names of CSV files
/// and their columns.
#[must_use]
pub fn write(tables: &[(String, Vec<Field>)], stamp: &Stamp) -> String {
    let mut to = String::from(
        "# synthetic: no real person\n# source() this file, then: release <- read_release(\"the folder of this file\")\n",
    );
    for line in provenance(stamp) {
        let _ = writeln!(to, "# {}", ascii(&line));
    }
    to.push_str("\nread_release <- function(folder = \".\") {\n  release <- list()\n");
    to.push_str("  provenance <- c(");
    let pairs = stamp.pairs();
    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{} = {}", quoted(key), quoted(value))).collect();
    let _ = writeln!(to, "{})", pairs.join(", "));
    for (file, fields) in tables {
        table(&mut to, file, fields);
    }
    to.push_str("  release\n}\n");
    to
}

fn table(to: &mut String, file: &str, fields: &[Field]) {
    let _ = writeln!(to, "\n  # {}", ascii(&one_line(file)));
    let kinds: Vec<&str> = fields.iter().map(class).collect();
    let _ =
        writeln!(to, "  data <- read.csv(file.path(folder, {}), check.names = FALSE, na.strings = \"\",", quoted(file));
    to.push_str("    quote = \"\\\"\", comment.char = \"\", strip.white = FALSE, stringsAsFactors = FALSE,\n");
    let _ = writeln!(to, "    encoding = \"UTF-8\", colClasses = c({}))", kinds.join(", "));
    let names: Vec<String> = fields.iter().map(|f| quoted(&f.name)).collect();
    let _ = writeln!(to, "  names(data) <- c({})", names.join(", "));
    for (field, position) in fields.iter().zip(1..) {
        column(to, fields, field, position);
    }
    to.push_str("  attr(data, \"provenance\") <- provenance\n  comment(data) <- \"synthetic: no real person\"\n");
    let _ = writeln!(to, "  release[[{}]] <- data", quoted(table_name(file)));
}

fn class(field: &Field) -> &'static str {
    match &field.kind {
        FieldKind::Integer if field.largest.is_some_and(|l| l <= i64::from(i32::MAX)) => "\"integer\"",
        FieldKind::Integer | FieldKind::Number => "\"numeric\"",
        FieldKind::YesNo => "\"integer\"",
        FieldKind::Level(_) | FieldKind::Text | FieldKind::Record => "\"character\"",
    }
}

fn column(to: &mut String, fields: &[Field], field: &Field, position: usize) {
    let cells = format!("data[[{position}]]");
    if matches!(field.kind, FieldKind::Level(_)) {
        let list = |texts: Vec<String>| format!("c({})", texts.join(", "));
        let stands = list(levels(field).map(|(text, _)| quoted(&text)).collect());
        let is = list(levels(field).map(|(_, level)| quoted(level)).collect());
        let _ = match field.levels().is_empty() {
            true => writeln!(to, "  {cells} <- factor({cells}, levels = character())"),
            false => writeln!(to, "  {cells} <- factor({cells}, levels = {stands},\n    labels = {is})"),
        };
    }
    let companion = reasons(fields, field).map_or("", |p| &fields[p].name);
    let words = [
        ("label", field.caption()),
        ("unit", &field.unit),
        ("range", &field.range),
        ("description", &field.about),
        ("reasons", companion),
        ("reasons_of", field.reasons_of.as_deref().unwrap_or("")),
    ];
    for (what, text) in words.into_iter().filter(|(_, text)| !text.is_empty()) {
        let _ = writeln!(to, "  attr({cells}, \"{what}\") <- {}", quoted(text));
    }
}

/// A text of R, in ASCII whatever it says, so that it is the same in every locale.
fn quoted(text: &str) -> String {
    let mut to = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => to.extend(['\\', c]),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            // R knows no text with a zero in it.
            '\0' => {}
            ' '..='~' => to.push(c),
            _ => {
                let _ = write!(to, "\\U{{{:x}}}", u32::from(c));
            }
        }
    }
    to.push('"');
    to
}

fn ascii(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()
}

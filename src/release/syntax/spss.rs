//! A syntax file for SPSS 21 or later, or PSPP.
//!
//! SPSS takes an end of line in a cell of CSV for the end of the row, quotes or not: tables with such texts are read by
//! the other programs only.

use super::{Names, cut, levels, one_line, provenance, reasons, table_name};
use crate::release::field::{Field, FieldKind};
use crate::release::folder::Stamp;
use crate::release::record_code::TEXT_LENGTH;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Bytes of a text whose length nobody knows.
const TEXT: usize = 255;
/// Codes of reasons in columns of numbers are below this: far from any value.
const FAR: i64 = -999_999_000;

fn reserved(name: &str) -> bool {
    ["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"].contains(&name)
}

const NAMES: Names = Names { longest: 64, blind_to_case: true, reserved };

/// A syntax file that reads each of the tables, names and labels what is in it, gives missing cells the user-missing
/// codes of their reasons, and saves it as a .sav file. `tables` are names of CSV files and their columns.
#[must_use]
pub fn write(tables: &[(String, Vec<Field>)], stamp: &Stamp) -> String {
    let mut to = String::from(
        "* synthetic: no real person.\n* Reads the tables with their labels and saves each as a .sav file.\n",
    );
    to.push_str("* Run it in its own folder (CD 'folder').\nSET DECIMAL=DOT.\n");
    for (file, fields) in tables {
        table(&mut to, file, fields, stamp);
    }
    to
}

fn table(to: &mut String, file: &str, fields: &[Field], stamp: &Stamp) {
    let mut taken = BTreeSet::new();
    let names = NAMES.of(fields.iter().map(|f| f.name.as_str()), &mut taken);
    let raw: Vec<String> = (1..=fields.len()).map(|i| NAMES.free(&format!("raw{i}"), &mut taken)).collect();
    let _ = writeln!(to, "\nGET DATA /TYPE=TXT /FILE={} /ENCODING='UTF8'", quoted(file));
    to.push_str("  /ARRANGEMENT=DELIMITED /DELCASE=LINE /DELIMITERS=\",\" /QUALIFIER='\"' /FIRSTCASE=2\n  /VARIABLES=");
    for (field, (name, raw)) in fields.iter().zip(names.iter().zip(&raw)) {
        let _ = match &field.kind {
            FieldKind::Integer | FieldKind::YesNo => write!(to, "\n  {name} F20.0"),
            FieldKind::Number => write!(to, "\n  {name} F40.0"),
            FieldKind::Record => write!(to, "\n  {name} A{TEXT_LENGTH}"),
            FieldKind::Text => write!(to, "\n  {name} A{TEXT}"),
            FieldKind::Level(_) => {
                let longest = levels(field).map(|(text, _)| text.len()).max();
                write!(to, "\n  {raw} A{}", longest.unwrap_or(0).clamp(1, 32_767))
            }
        };
    }
    to.push_str(".\n");
    for (field, (name, raw)) in fields.iter().zip(names.iter().zip(&raw)) {
        codes(to, field, name, raw);
    }
    for (field, name) in fields.iter().zip(&names) {
        let companion = reasons(fields, field).map(|position| (&fields[position], names[position].as_str()));
        labels(to, field, name, companion);
    }
    to.push_str("FILE LABEL 'synthetic: no real person'.\nADD DOCUMENT");
    for line in provenance(stamp) {
        let mut rest = line.as_str();
        // A line of a document has up to 80 bytes.
        while !rest.is_empty() {
            let part = cut(rest, 76);
            let _ = write!(to, "\n  {}", quoted(part));
            rest = if part.is_empty() { "" } else { &rest[part.len()..] };
        }
    }
    let saved = quoted(&format!("{}.sav", table_name(file)));
    let _ = writeln!(to, ".\nEXECUTE.\nSAVE OUTFILE={saved}\n  /KEEP={}.", names.join("\n  "));
}

/// Codes in place of texts.
fn codes(to: &mut String, field: &Field, name: &str, raw: &str) {
    if !matches!(field.kind, FieldKind::Level(_)) {
        return;
    }
    let _ = writeln!(to, "NUMERIC {name} (F8.0).");
    for ((text, _), code) in levels(field).zip(1..) {
        let _ = writeln!(to, "IF ({raw} = {}) {name} = {code}.", quoted(&text));
    }
}

/// Labels of a column and its values, and the user-missing codes of the reasons. A value, 0 among them, is left as it
/// is.
fn labels(to: &mut String, field: &Field, name: &str, companion: Option<(&Field, &str)>) {
    let caption = one_line(field.caption());
    if !caption.is_empty() {
        let _ = writeln!(to, "VARIABLE LABELS {name}\n  {}.", quoted(cut(&caption, 255)));
    }
    let mut values: Vec<(i64, &str)> = match &field.kind {
        FieldKind::YesNo => vec![(0, "no"), (1, "yes")],
        _ => (1..).zip(field.levels().iter().map(String::as_str)).collect(),
    };
    if let Some((reasons, companion)) = companion.filter(|(reasons, _)| !reasons.levels().is_empty()) {
        let numbers = matches!(field.kind, FieldKind::Number | FieldKind::Integer);
        let first = if numbers { FAR - 1 } else { -1 };
        for (reason, position) in reasons.levels().iter().zip(0..) {
            let code = first - position;
            let _ = writeln!(to, "IF (SYSMIS({name}) AND {companion} = {}) {name} = {code}.", position + 1);
            values.push((code, reason));
        }
        let _ = writeln!(to, "MISSING VALUES {name} (LO THRU {first}).");
    }
    if field.kind == FieldKind::Number {
        let _ = writeln!(to, "FORMATS {name} (F16.6).");
    }
    if !values.is_empty() {
        let _ = write!(to, "VALUE LABELS {name}");
        for (code, text) in values {
            let _ = write!(to, "\n  {code} {}", quoted(cut(&one_line(text), 120)));
        }
        to.push_str(".\n");
    }
    if matches!(field.kind, FieldKind::Level(_) | FieldKind::YesNo) {
        let _ = writeln!(to, "VARIABLE LEVEL {name} (NOMINAL).");
    }
}

/// A text between apostrophes; those in it are doubled. A text of SPSS cannot go over the end of a line.
fn quoted(text: &str) -> String {
    format!("'{}'", one_line(text).replace('\'', "''"))
}

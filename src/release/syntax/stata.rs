//! A do-file for Stata 14 or later.

use super::{Names, cut, levels, one_line, provenance, reasons, table_name};
use crate::release::field::{Field, FieldKind};
use crate::release::folder::Stamp;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Reasons that have a missing code of their own: .a to .z.
const REASONS: usize = 26;

fn reserved(name: &str) -> bool {
    const WORDS: [&str; 10] = ["byte", "double", "float", "if", "in", "int", "long", "strl", "using", "with"];
    let numbered = name.strip_prefix("str").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    WORDS.contains(&name) || numbered
}

const NAMES: Names = Names { longest: 32, blind_to_case: false, reserved };

/// A do-file that reads each of the tables, names and labels what is in it, gives missing cells the codes of their
/// reasons, and saves it as a .dta file. `tables` are names of CSV files and their columns.
#[must_use]
pub fn write(tables: &[(String, Vec<Field>)], stamp: &Stamp) -> String {
    let mut to = String::from(
        "* synthetic: no real person\n* Reads the tables with their labels and saves each as a .dta file.\n",
    );
    to.push_str("* Run it in its own folder. Needs Stata 14 or later.\nversion 14\n");
    for (file, fields) in tables {
        table(&mut to, file, fields, stamp);
    }
    to
}

fn table(to: &mut String, file: &str, fields: &[Field], stamp: &Stamp) {
    let names = NAMES.of(fields.iter().map(|f| f.name.as_str()), &mut BTreeSet::new());
    let is_text = |f: &Field| matches!(f.kind, FieldKind::Level(_) | FieldKind::Text | FieldKind::Record);
    let columns = |option: &str, text: bool| -> String {
        let columns = fields.iter().zip(1..).filter(|(f, _)| is_text(f) == text);
        let columns: Vec<String> = columns.map(|(_, column): (_, usize)| column.to_string()).collect();
        if columns.is_empty() { String::new() } else { format!(" {option}({})", columns.join(" ")) }
    };
    let path = expression(file);
    let _ = writeln!(to, "\nmata: st_local(\"file\", {path})");
    to.push_str(
        "import delimited using `\"`macval(file)'\"', clear delimiters(\",\") varnames(nonames) rowrange(2) ///\n",
    );
    to.push_str("    encoding(\"UTF-8\") bindquotes(strict) stripquotes(yes) asdouble ///\n   ");
    let _ = writeln!(to, "{}{}", columns("stringcols", true), columns("numericcols", false));
    // Levels come in as texts under names of their own and go.
    let mut taken: BTreeSet<String> = names.iter().cloned().collect();
    let raw: Vec<String> = (1..=fields.len()).map(|i| NAMES.free(&format!("raw{i}"), &mut taken)).collect();
    let arrives = fields.iter().zip(names.iter().zip(&raw)).map(|(field, (name, raw))| match field.kind {
        FieldKind::Level(_) => raw.as_str(),
        _ => name.as_str(),
    });
    let numbered: Vec<String> = (1..=fields.len()).map(|i| format!("v{i}")).collect();
    let _ = writeln!(to, "rename ({}) ///\n    ({})", numbered.join(" "), arrives.collect::<Vec<_>>().join(" "));
    for (field, (name, raw)) in fields.iter().zip(names.iter().zip(&raw)) {
        values(to, field, name, raw);
    }
    for (field, name) in fields.iter().zip(&names) {
        if let Some(position) = reasons(fields, field) {
            missing(to, &fields[position], name, &names[position]);
        }
    }
    for (field, name) in fields.iter().zip(&names) {
        describe(to, field, name);
    }
    let _ = writeln!(to, "order {}", names.join(" "));
    to.push_str("label data \"synthetic: no real person\"\n");
    note(to, "_dta", &provenance(stamp));
    let saved = expression(&format!("{}.dta", table_name(file)));
    let _ = writeln!(to, "compress\nmata: st_local(\"file\", {saved})\nsave `\"`macval(file)'\"', replace");
}

/// Codes and value labels.
fn values(to: &mut String, field: &Field, name: &str, raw: &str) {
    if field.kind == FieldKind::YesNo {
        let _ = writeln!(to, "label define {name} 0 \"no\" 1 \"yes\"\nlabel values {name} {name}");
    }
    if !matches!(field.kind, FieldKind::Level(_)) {
        return;
    }
    let _ = writeln!(to, "generate long {name} = .");
    for ((text, level), code) in levels(field).zip(1..) {
        let _ = writeln!(to, "replace {name} = {code} if {raw} == {}", expression(&text));
        label(to, name, &code.to_string(), level);
    }
    if !field.levels().is_empty() {
        let _ = writeln!(to, "label values {name} {name}");
    }
    let _ = writeln!(to, "drop {raw}");
}

/// Missing codes by the column of reasons. A value, 0 among them, is left as it is.
fn missing(to: &mut String, reasons: &Field, name: &str, companion: &str) {
    for ((reason, letter), code) in reasons.levels().iter().take(REASONS).zip('a'..='z').zip(1..) {
        let _ = writeln!(to, "replace {name} = .{letter} if missing({name}) & {companion} == {code}");
        label(to, name, &format!(".{letter}"), reason);
    }
    if !reasons.levels().is_empty() {
        let _ = writeln!(to, "label values {name} {name}");
    }
}

fn label(to: &mut String, name: &str, code: &str, text: &str) {
    let text = expression(text);
    let _ = match text.contains("char(") {
        false => writeln!(to, "label define {name} {code} {text}, modify"),
        true => writeln!(to, "mata: st_vlmodify(\"{name}\", {code}, {text})"),
    };
}

/// The label of a column, and what it means as a note.
fn describe(to: &mut String, field: &Field, name: &str) {
    let caption = one_line(field.caption());
    // Labels of variables have up to 80 characters.
    let shown: String = caption.chars().take(80).collect();
    if !shown.is_empty() {
        let _ = writeln!(to, "mata: st_varlabel(\"{name}\", {})", expression(&shown));
    }
    let mut notes = Vec::new();
    if shown != field.about && !field.about.is_empty() {
        notes.push(one_line(&field.about));
    }
    for (what, text) in [("name", &field.name), ("unit", &field.unit), ("range", &field.range)] {
        if !text.is_empty() && text != name {
            notes.push(one_line(&format!("{what}: {text}")));
        }
    }
    note(to, name, &notes);
}

/// Notes of a variable, or of the data set `_dta`, as the characteristics in which Stata keeps them.
fn note(to: &mut String, of: &str, notes: &[String]) {
    if notes.is_empty() {
        return;
    }
    for (note, number) in notes.iter().zip(1..) {
        let _ = writeln!(to, "mata: st_global(\"{of}[note{number}]\", {})", expression(cut(note, 2000)));
    }
    let _ = writeln!(to, "mata: st_global(\"{of}[note0]\", \"{}\")", notes.len());
}

/// A text as an expression of Stata and of Mata: what either would run or end a text at is written by its number.
fn expression(text: &str) -> String {
    let (mut parts, mut plain) = (Vec::new(), String::new());
    for c in text.chars() {
        // A star after a slash, or two slashes, might begin a comment, whatever stands around them.
        let comment = c == '*' || c == '/' && plain.ends_with('/');
        if comment || c.is_control() || "\"`$\\\u{2028}\u{2029}".contains(c) {
            if !plain.is_empty() {
                parts.push(format!("\"{}\"", std::mem::take(&mut plain)));
            }
            let mut bytes = [0; 4];
            parts.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("char({byte})")));
        } else {
            plain.push(c);
        }
    }
    if !plain.is_empty() || parts.is_empty() {
        parts.push(format!("\"{plain}\""));
    }
    parts.join(" + ")
}

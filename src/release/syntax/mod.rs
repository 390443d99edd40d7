//! Programs that read the tables in CSV with their labels: for Stata, SPSS, R, and pandas or polars.
//!
//! There is no writer of .dta and .sav files here: the crates that are well kept either read only or cannot write value
//! labels, which are the point. These programs make such files where the software is, and anyone can read what they do.
//!
//! Names of files are paths with `/` from the folder of the program to the table.
//!
//! Three things stay apart. A cell without a value is empty in CSV; where a companion column ([`Field::reasons_of`])
//! gives a reason, Stata and SPSS get a missing code that carries it. A 0 whose companion gives a reason (a question
//! that was not asked because the answer is known) stays 0, and the companion is kept. A 0 without is an ordinary 0.

pub mod pandas;
pub mod r;
pub mod spss;
pub mod stata;

use super::csv_sink::harmless;
use super::field::{Field, FieldKind};
use super::folder::Stamp;
use std::collections::BTreeSet;

#[cfg(test)]
mod tests;

/// What a statistics package takes as a name.
struct Names {
    /// Most characters.
    longest: usize,
    /// Whether names that differ in capital letters only are the same.
    blind_to_case: bool,
    /// Words that are no names, in small letters.
    reserved: fn(&str) -> bool,
}

impl Names {
    /// A name for each text, all different and none of `taken`, which they are added to: letters, digits and `_`,
    /// letters first, cut where they are too long, numbered where they would be the same.
    fn of<'a>(&self, texts: impl Iterator<Item = &'a str>, taken: &mut BTreeSet<String>) -> Vec<String> {
        texts.map(|text| self.free(text, taken)).collect()
    }

    fn free(&self, text: &str, taken: &mut BTreeSet<String>) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let mut whole: String = text.chars().map(plain).collect();
        if !whole.starts_with(|c: char| c.is_ascii_alphabetic()) {
            whole.insert(0, 'v');
        }
        for number in 1_usize.. {
            let end = if number == 1 { String::new() } else { format!("_{number}") };
            let kept = self.longest.saturating_sub(end.len()).min(whole.len());
            let name = format!("{}{end}", whole[..kept].trim_end_matches('_'));
            let key = if self.blind_to_case { name.to_ascii_lowercase() } else { name.clone() };
            if !(self.reserved)(&name.to_ascii_lowercase()) && taken.insert(key) {
                return name;
            }
        }
        whole
    }
}

/// What every program says of where the tables come from, line by line.
fn provenance(stamp: &Stamp) -> Vec<String> {
    stamp.pairs().iter().map(|(key, value)| one_line(&format!("{key}: {value}"))).collect()
}

/// The text without ends of lines and other control characters.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || "\u{2028}\u{2029}".contains(c) { ' ' } else { c }).collect()
}

/// The first so many bytes of a text, whole characters only.
fn cut(text: &str, bytes: usize) -> &str {
    let ends = text.char_indices().map(|(start, c)| start + c.len_utf8());
    &text[..ends.take_while(|end| *end <= bytes).last().unwrap_or(0)]
}

/// The names of the levels of a column as they stand in the CSV, and as they are.
fn levels(field: &Field) -> impl Iterator<Item = (String, &str)> {
    field.levels().iter().map(|level| (harmless(level), level.as_str()))
}

/// Position of the column that gives reasons for this one.
fn reasons(fields: &[Field], field: &Field) -> Option<usize> {
    let codes = !matches!(field.kind, FieldKind::Text | FieldKind::Record);
    let gives = |f: &Field| f.reasons_of.as_ref() == Some(&field.name) && matches!(f.kind, FieldKind::Level(_));
    fields.iter().position(gives).filter(|_| codes)
}

/// Name of a table: its file's without folders and ending.
fn table_name(file: &str) -> &str {
    let name = file.rsplit_once('/').map_or(file, |(_, name)| name);
    name.rsplit_once('.').map_or(name, |(name, _)| name)
}

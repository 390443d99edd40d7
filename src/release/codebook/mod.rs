//! What describes the tables of a product, from the same declaration as the tables and from what was counted while
//! they were written. A file per form.

mod branching;
mod ddi;
mod html;
mod json;
mod markdown;
mod redcap;
mod tally;
#[cfg(test)]
mod tests;
mod words;

pub(super) use markdown::row as markdown_row;
pub(super) use tally::Tally;

use super::field::FieldKind;
use super::folder::Folder;
use super::product::{About, Column, MISSING_WORDS, Role};
use crate::tables::RunProblem;

/// The forms of the codebook: file and what reads it.
pub const FORMS: [(&str, &str); 5] = [
    ("codebook.html", "people, in a browser or on paper; needs no network"),
    ("codebook.md", "people, in a repository"),
    ("codebook.json", "programs"),
    ("codebook.ddi.xml", "data archives and catalogues: DDI-Codebook 2.5"),
    ("redcap_data_dictionary.csv", "REDCap, and whoever knows its data dictionary"),
];

/// All that the codebooks tell.
pub(super) struct Codebook<'a> {
    pub about: &'a About<'a>,
    pub tables: Vec<TableEntry>,
    pub wave_map: WaveMap,
    pub missing_reasons: bool,
}

/// A table of `data/`.
pub(super) struct TableEntry {
    pub name: &'static str,
    /// What a row is.
    pub about: &'static str,
    pub rows: u64,
    /// Names of its files, from the folder of the product.
    pub files: Vec<String>,
    pub columns: Vec<Entry>,
}

/// A column with what was counted in it.
pub(super) struct Entry {
    pub column: Column,
    pub tally: Tally,
    /// Values in rows of each wave; zeros where rows have no wave.
    pub by_wave: Vec<u64>,
}

impl TableEntry {
    /// How often each word stands in the column that says why cells of `entry` are missing; without those that do not
    /// occur. Empty where there is no such column.
    pub(super) fn reasons(&self, entry: &Entry) -> Vec<(&'static str, &'static str, u64)> {
        let name = entry.column.field.name.as_str();
        let of = |other: &&Entry| other.column.field.reasons_of.as_deref() == Some(name);
        let Some(companion) = self.columns.iter().find(of) else { return Vec::new() };
        let counts = companion.tally.levels.iter().zip(MISSING_WORDS);
        counts.filter(|(count, _)| **count > 0).map(|(count, (word, meaning))| (word, meaning, *count)).collect()
    }
}

impl Entry {
    /// The levels with their labels and counts: for yes/no 0 and 1.
    pub(super) fn levels(&self) -> Vec<(String, String, u64)> {
        let count = |level: usize| self.tally.levels.get(level).copied().unwrap_or(0);
        match &self.column.field.kind {
            FieldKind::YesNo => {
                let of = |(level, name): (usize, &str)| (level.to_string(), name.to_owned(), count(level));
                ["no", "yes"].into_iter().enumerate().map(of).collect()
            }
            FieldKind::Level(levels) => {
                let meaning = |level: &String| match self.column.role {
                    Role::Reason => MISSING_WORDS
                        .iter()
                        .find(|(word, _)| word == level)
                        .map_or("", |(_, meaning)| meaning)
                        .to_owned(),
                    _ => level.clone(),
                };
                levels.iter().enumerate().map(|(l, level)| (level.clone(), meaning(level), count(l))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The formula of those who are asked, where not everybody is.
    pub(super) fn asked<'a>(&self, about: &'a About<'_>) -> Option<&'a str> {
        let name = self.column.variable.as_deref()?;
        about.asked.iter().find(|(item, _)| item == name && self.column.role == Role::Value).map(|(_, f)| f.as_str())
    }
}

/// In which waves there are answers to which item.
#[derive(Debug, Default, PartialEq)]
pub(super) struct WaveMap {
    /// Years since the start, per wave.
    pub years: Vec<f64>,
    /// Item, label, and answers per wave.
    pub items: Vec<(String, String, Vec<u64>)>,
}

impl WaveMap {
    /// From `answers` where there is such a table, otherwise from `wide`.
    pub(super) fn new(items: &[&str], years: &[f64], tables: &[TableEntry]) -> Self {
        let table = |name: &str| tables.iter().find(|table| table.name == name);
        let mut map = Self { years: years.to_vec(), items: Vec::new() };
        for item in items {
            let of_item =
                |entry: &&Entry| entry.column.variable.as_deref() == Some(*item) && entry.column.role == Role::Value;
            if let Some(entry) = table("answers").and_then(|t| t.columns.iter().find(of_item)) {
                map.items.push((
                    entry.column.field.name.clone(),
                    entry.column.field.label.clone(),
                    entry.by_wave.clone(),
                ));
            } else if let Some(wide) = table("wide") {
                let entries: Vec<&Entry> =
                    wide.columns.iter().filter(of_item).filter(|entry| entry.column.wave.is_some()).collect();
                let label = entries.first().and_then(|entry| entry.column.field.label.split(", wave ").next());
                let counts = entries.iter().map(|entry| entry.tally.valid).collect();
                map.items.push(((*item).to_owned(), label.unwrap_or(item).to_owned(), counts));
            }
        }
        map
    }
}

/// Adds all forms.
pub(super) fn write(folder: &mut Folder, codebook: &Codebook<'_>) -> Result<(), RunProblem> {
    folder.text("codebook/codebook.html", &html::text(codebook))?;
    folder.text("codebook/codebook.md", &markdown::text(codebook))?;
    folder.text("codebook/codebook.json", &json::text(codebook))?;
    folder.text("codebook/codebook.ddi.xml", &ddi::text(codebook))?;
    folder.text("codebook/redcap_data_dictionary.csv", &redcap::text(codebook))
}

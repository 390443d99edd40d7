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
use super::product::{About, Column, MISSING_WORDS, NOT_ASKED, Role};
use crate::tables::{ObservedSchema, RunProblem};

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
    /// What the survey asks, when and of whom.
    pub schema: &'a ObservedSchema,
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
        // Those that have a value all the same are no missing cells.
        let count = |word: &str, count: u64| match word {
            NOT_ASKED => count.saturating_sub(entry.tally.filled_in),
            _ => count,
        };
        let counts = counts.map(|(all, (word, meaning))| (word, meaning, count(word, *all)));
        counts.filter(|(.., count)| *count > 0).collect()
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

    /// Of whom the question is asked and at which waves, where that is not everybody at every wave.
    pub(super) fn asked<'a>(&self, schema: &'a ObservedSchema) -> Option<AskedOf<'a>> {
        let name = self.column.variable.as_deref().filter(|_| self.column.role == Role::Value)?;
        let item = schema.item(name)?;
        let asked = schema.asked.get(item)?;
        let waves = match (self.column.wave, asked.at.iter().all(|at| *at)) {
            (Some(wave), _) if asked.at.get(wave) == Some(&false) => Some(Vec::new()),
            (Some(_), _) | (None, true) => None,
            (None, false) => Some((1..).zip(&asked.at).filter(|(_, at)| **at).map(|(wave, _)| wave).collect()),
        };
        let otherwise = asked.otherwise.map(|value| {
            let coding = schema.items[item].coding.as_deref().filter(|coding| !coding.is_yes_no());
            let level = coding.and_then(|coding| coding.levels.get(value as usize));
            level.cloned().unwrap_or_else(|| value.to_string())
        });
        let of = AskedOf { formula: asked.only_if.as_deref(), waves, otherwise };
        (of.formula.is_some() || of.waves.is_some()).then_some(of)
    }
}

/// Of whom a question is asked, and at which waves.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AskedOf<'a> {
    /// The skip pattern as written.
    pub formula: Option<&'a str>,
    /// Numbers of the waves that have the question; none of them where a column is about a wave without it.
    pub waves: Option<Vec<usize>>,
    /// What is recorded of those who are not asked.
    pub otherwise: Option<String>,
}

impl AskedOf<'_> {
    /// The same in words; `quote` stands around the formula.
    pub(super) fn words(&self, quote: (&str, &str)) -> String {
        let mut words = String::new();
        match self.waves.as_deref() {
            None => {}
            Some([]) => return "not asked in this wave".to_owned(),
            Some([wave]) => words = format!("asked in wave {wave}"),
            Some(waves) => {
                let waves: Vec<String> = waves.iter().map(usize::to_string).collect();
                words = format!("asked in waves {}", waves.join(", "));
            }
        }
        if let Some(formula) = self.formula {
            words.push_str(if words.is_empty() { "asked where " } else { ", where " });
            words.extend([quote.0, formula, quote.1]);
        }
        if let Some(value) = &self.otherwise {
            words.extend(["; otherwise ", value, " is filled in"]);
        }
        words
    }
}

/// In which waves there are answers to which item.
#[derive(Debug, Default, PartialEq)]
pub(super) struct WaveMap {
    /// Years since the start, per wave.
    pub years: Vec<f64>,
    /// Item, label, and answers per wave; `None` where the instrument of a wave does not have the question.
    pub items: Vec<(String, String, Vec<Option<u64>>)>,
}

impl WaveMap {
    /// From `answers` where there is such a table, otherwise from `wide`.
    pub(super) fn new(schema: &ObservedSchema, tables: &[TableEntry]) -> Self {
        let table = |name: &str| tables.iter().find(|table| table.name == name);
        let mut map = Self { years: schema.wave_years.clone(), items: Vec::new() };
        for (number, item) in schema.items.iter().enumerate() {
            let of_item =
                |entry: &&Entry| entry.column.variable.as_ref() == Some(&item.name) && entry.column.role == Role::Value;
            let (name, label, counts) =
                if let Some(entry) = table("answers").and_then(|t| t.columns.iter().find(of_item)) {
                    (&entry.column.field.name, entry.column.field.label.as_str(), entry.by_wave.clone())
                } else if let Some(wide) = table("wide") {
                    let entries: Vec<&Entry> =
                        wide.columns.iter().filter(of_item).filter(|entry| entry.column.wave.is_some()).collect();
                    let label = entries.first().and_then(|entry| entry.column.field.label.split(", wave ").next());
                    (&item.name, label.unwrap_or(&item.name), entries.iter().map(|entry| entry.tally.valid).collect())
                } else {
                    continue;
                };
            let asked = |wave: usize| schema.asked.get(number).and_then(|a| a.at.get(wave)).copied().unwrap_or(true);
            // Errors of data entry can put an answer where nobody was asked.
            let count = |(wave, count): (usize, u64)| (asked(wave) || count > 0).then_some(count);
            map.items.push((name.clone(), label.to_owned(), counts.into_iter().enumerate().map(count).collect()));
        }
        map
    }
}

/// A count of the wave map; what it says where the question is not asked.
fn wave_count(count: Option<u64>) -> String {
    count.map_or_else(|| "not asked".to_owned(), |count| count.to_string())
}

/// Adds all forms.
pub(super) fn write(folder: &mut Folder, codebook: &Codebook<'_>) -> Result<(), RunProblem> {
    folder.text("codebook/codebook.html", &html::text(codebook))?;
    folder.text("codebook/codebook.md", &markdown::text(codebook))?;
    folder.text("codebook/codebook.json", &json::text(codebook))?;
    folder.text("codebook/codebook.ddi.xml", &ddi::text(codebook))?;
    folder.text("codebook/redcap_data_dictionary.csv", &redcap::text(codebook))
}

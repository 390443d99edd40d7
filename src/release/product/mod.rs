//! A data set that a team can put into a repository: tables, codebook, syntax, provenance, and the truth apart.

mod answers;
mod block;
mod columns;
mod comments;
mod missing;
mod persons;
mod provenance;
mod readme;
mod records;
mod rows;
mod sheet;
mod spread;
#[cfg(test)]
mod tests;
mod truth;

pub use missing::MISSING_WORDS;
pub(in crate::release) use missing::NOT_ASKED;
pub use provenance::{About, Assumed};
pub use records::Delivery;
pub use rows::{AnswerRows, RowCells, answer_rows};

#[cfg(test)]
pub(in crate::release) use block::RowId;
pub(in crate::release) use block::{Block, Column, Role, Values};
pub(in crate::release) use spread::Spread;

use super::codebook::{self, Codebook, TableEntry, WaveMap};
use super::declaration::Declaration;
use super::field::Field;
use super::folder::Folder;
use super::syntax;
use super::table::Format;
use crate::tables::{ObservedSchema, RunProblem, TruthSchema};
use answers::Kept;
use columns::Names;
use records::Records;
use sheet::{Sheet, Style};
use truth::TruthFolder;

/// The tables of `data/` in their order: name, what a row is, and when the table is there.
pub const TABLES: [(&str, &str, &str); 6] = [
    ("persons", "a row per record: group, site, what is known from the start", "always"),
    ("visits", "a row per interview that was held: the answers that were given at it", "always"),
    ("answers", "a row per record and wave: the answers that stand for the wave", "`shape` has \"long\""),
    (
        "wide",
        "a row per record: the columns of persons, and the answers of all waves beside one another",
        "`shape` has \"wide\"",
    ),
    ("comments", "a row per mark that a coder gave to a comment in an interview", "the survey has comments"),
    (
        "links",
        "a row per record and wave with an interview: the code that the person made",
        "the survey has such codes",
    ),
];

/// What a product is made of.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'a> {
    /// `[release]`, with what the command line puts in its place.
    pub declaration: &'a Declaration,
    /// What the columns of the truth mean.
    pub truth: &'a TruthSchema,
    /// What the columns of the survey mean.
    pub schema: &'a ObservedSchema,
    /// Whether there is more than one replicate; all tables then begin with its number.
    pub several: bool,
    /// Whether the truth is added in a folder of its own.
    pub with_truth: bool,
}

/// The programs of `syntax/`: file, and what runs it.
pub const PROGRAMS: [(&str, &str); 4] = [
    ("stata.do", "Stata 14 or later: labels, missing codes with their reasons, .dta files"),
    ("spss.sps", "SPSS or PSPP: labels, user-missing codes with their reasons, .sav files"),
    ("load.R", "R: data frames with factors, labels and units"),
    ("load.py", "Python: pandas or polars with types, levels and labels"),
];

/// Adds the programs that read the CSV files, where there are any.
fn programs(folder: &mut Folder, codebook: &Codebook<'_>, declaration: &Declaration) -> Result<(), RunProblem> {
    if !declaration.formats.contains(&Format::Csv) {
        return Ok(());
    }
    let fields = |table: &TableEntry| {
        table.columns.iter().map(|entry| entry.column.written(declaration.dirty.is_some())).collect()
    };
    let tables: Vec<(String, Vec<Field>)> =
        codebook.tables.iter().map(|table| (format!("../data/{}.csv", table.name), fields(table))).collect();
    let stamp = codebook.about.stamp;
    let texts = [syntax::stata::write, syntax::spss::write, syntax::r::write, syntax::pandas::write];
    for ((file, _), text) in PROGRAMS.into_iter().zip(texts) {
        folder.text(&format!("syntax/{file}"), &text(&tables, stamp))?;
    }
    Ok(())
}

/// A product that is being written.
pub struct Product<'a> {
    names: Names<'a>,
    style: Style,
    kept: Kept,
    /// In the order of [`TABLES`]; made when the first rows come.
    sheets: Vec<Option<Sheet>>,
    truth: Option<TruthFolder>,
}

impl<'a> Product<'a> {
    /// A product without rows.
    ///
    /// # Errors
    /// R0021: a file cannot be written.
    pub fn open(folder: &mut Folder, setup: &Setup<'a>) -> Result<Self, RunProblem> {
        let Setup { declaration, truth, schema, several, with_truth } = *setup;
        let dirty = declaration.dirty;
        let style = Style { formats: declaration.formats.clone(), dirty, waves: schema.waves() };
        let truth_folder = match with_truth {
            true => Some(TruthFolder::open(folder, &style.formats, truth, schema, dirty.is_some())?),
            false => None,
        };
        let kept = Kept { interviewer: false, others_present: false };
        let names = Names { declaration, schema, truth, several };
        Ok(Self { names, style, kept, sheets: Vec::new(), truth: truth_folder })
    }

    /// Adds a replicate, or a part of it.
    ///
    /// # Errors
    /// R0021: a file cannot be written.
    pub fn add(&mut self, folder: &mut Folder, delivery: &Delivery<'_>) -> Result<(), RunProblem> {
        if self.sheets.is_empty() {
            self.sheets = self.open_sheets(folder, delivery)?;
        }
        let records = Records::new(delivery);
        let (several, reasons, kept) = (self.names.several, self.names.declaration.missing_reasons, self.kept);
        let mut errors = Vec::new();
        for (position, sheet) in self.sheets.iter_mut().enumerate() {
            let Some(sheet) = sheet else { continue };
            let blocks: Box<dyn Iterator<Item = Block>> = match position {
                0 => Box::new(persons::person_blocks(&records, several)),
                1 => Box::new(answers::visit_blocks(&records, several, kept)),
                2 => Box::new(answers::answer_blocks(&records, several, reasons)),
                3 => Box::new(persons::wide_blocks(&records, several, reasons)),
                4 => Box::new(comments::comment_blocks(&records, several)),
                _ => Box::new(comments::link_blocks(&records, several)),
            };
            for block in blocks {
                sheet.put(folder, block, delivery.draws(), &mut errors)?;
            }
        }
        match &mut self.truth {
            Some(truth) => truth.add(folder, &records, &errors),
            None => Ok(()),
        }
    }

    fn open_sheets(&mut self, folder: &mut Folder, delivery: &Delivery<'_>) -> Result<Vec<Option<Sheet>>, RunProblem> {
        let visits = &delivery.batch.visits;
        self.kept = Kept {
            interviewer: visits.iter().any(|visit| !visit.interviewer.is_empty()),
            others_present: visits.iter().any(|visit| !visit.others_present.is_empty()),
        };
        let (names, declaration) = (&self.names, self.names.declaration);
        let columns = [
            Some(persons::person_columns(names)),
            Some(answers::visit_columns(names, self.kept)),
            declaration.long.then(|| answers::answer_columns(names)),
            declaration.wide.then(|| persons::wide_columns(names)),
            names.schema.comments.as_ref().map(|schema| comments::comment_columns(names, schema)),
            (!names.schema.code_elements.is_empty()).then(|| comments::link_columns(names)),
        ];
        let tables = columns.into_iter().zip(TABLES);
        tables
            .map(|(columns, (name, about, _))| {
                columns.map(|columns| Sheet::open(folder, name, about, columns, &self.style)).transpose()
            })
            .collect()
    }

    /// Ends all tables without what describes them: for test data, of which there are many small folders.
    ///
    /// # Errors
    /// R0021: a file cannot be written.
    pub fn close_tables(self, folder: &mut Folder) -> Result<(), RunProblem> {
        for sheet in self.sheets.into_iter().flatten() {
            sheet.close(folder)?;
        }
        match self.truth {
            Some(truth) => truth.close(folder),
            None => Ok(()),
        }
    }

    /// Ends all tables and adds what describes them: codebooks, `README.md`, `provenance.json`, the scenario.
    ///
    /// # Errors
    /// R0021: a file cannot be written.
    pub fn close(self, folder: &mut Folder, about: &About<'_>) -> Result<(), RunProblem> {
        let mut tables: Vec<TableEntry> = Vec::new();
        for sheet in self.sheets.into_iter().flatten() {
            tables.push(sheet.close(folder)?);
        }
        if let Some(truth) = self.truth {
            truth.close(folder)?;
        }
        let schema = self.names.schema;
        let wave_map = WaveMap::new(schema, &tables);
        let missing_reasons = self.names.declaration.missing_reasons;
        let codebook = Codebook { about, schema, tables, wave_map, missing_reasons };
        codebook::write(folder, &codebook)?;
        readme::write(folder, &codebook)?;
        programs(folder, &codebook, self.names.declaration)?;
        provenance::write(folder, about, self.names.declaration)
    }
}

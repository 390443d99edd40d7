//! The table of true histories, written one moment at a time.

use super::field::{Cells, Field, FieldKind};
use super::folder::Folder;
use super::product::Spread;
use super::stretch::{Stretch, field, free_name, stretches};
use super::table::Format;
use crate::tables::{Column, RunProblem, Truth, TruthSchema};
use std::ops::Range;

/// The true state of some persons of one replicate at one wave: rows `rows` of columns that may hold more.
#[derive(Clone, Debug)]
pub struct TrueMoment<'a> {
    /// Number of the replicate, from 0.
    pub replicate: u64,
    /// Position of the wave, from 0.
    pub wave: usize,
    /// Years from the start.
    pub years: f64,
    /// The rows of the columns that are meant.
    pub rows: Range<usize>,
    /// The person of the first of these rows, from 0.
    pub first_person: usize,
    /// Group of each row.
    pub group: &'a [u8],
    /// Site of each row, if there are sites.
    pub site: Option<&'a [u32]>,
    /// One column per variable of the schema.
    pub columns: Vec<&'a Column>,
}

/// The table `truth`: a row per replicate, wave and person, in that order.
pub struct TruthTable {
    table: Spread,
    sites: bool,
    variables: usize,
}

impl TruthTable {
    const NAME: &'static str = "truth";

    /// A table without rows for truths of this kind.
    ///
    /// # Errors
    /// R0021: the file cannot be written.
    pub fn create(folder: &mut Folder, schema: &TruthSchema) -> Result<Self, RunProblem> {
        Self::create_as(folder, Self::NAME, &[], schema)
    }

    /// The same under another name and in these formats.
    pub(super) fn create_as(
        folder: &mut Folder,
        name: &str,
        formats: &[Format],
        schema: &TruthSchema,
    ) -> Result<Self, RunProblem> {
        let mut fields = vec![
            Field::new("replicate", FieldKind::Integer, "number of the simulated data set").range("from 0"),
            Field::new("person", FieldKind::Integer, "number of the person in the replicate").range("from 1"),
            Field::new("wave", FieldKind::Integer, "number of the wave").range("from 1"),
            Field::new("years", FieldKind::Number, "time since the start").unit("years").range("0 or more"),
            Field::new("group", FieldKind::Level(schema.groups.clone()), "group of the person"),
        ];
        if !schema.sites.is_empty() {
            fields.push(Field::new("site", FieldKind::Level(schema.sites.clone()), "site of the person at the wave"));
        }
        for variable in &schema.variables {
            let what = if variable.changes { "true state at the wave" } else { "attribute, drawn at the start" };
            let about = if variable.latent { format!("{what}; nobody can observe it") } else { what.to_owned() };
            let name = free_name(&fields, &variable.name, "_true");
            fields.push(field(name, variable.coding.as_deref(), about));
        }
        let table = Spread::open(folder, name, formats, &fields)?;
        Ok(Self { table, sites: !schema.sites.is_empty(), variables: schema.variables.len() })
    }

    /// Adds the persons of a moment, stretch by stretch.
    ///
    /// # Errors
    /// R0021: the file cannot be written.
    pub fn write(&mut self, folder: &Folder, moment: &TrueMoment<'_>) -> Result<(), RunProblem> {
        debug_assert_eq!(moment.columns.len(), self.variables);
        for rows in stretches(moment.rows.clone()) {
            let first = (moment.first_person + rows.start - moment.rows.start) as i64;
            let replicate = vec![moment.replicate as i64; rows.len()];
            let person: Vec<i64> = (first + 1..=first + rows.len() as i64).collect();
            let wave = vec![moment.wave as i64 + 1; rows.len()];
            let years = vec![moment.years; rows.len()];
            let variables: Vec<Stretch> = moment.columns.iter().map(|c| true_stretch(c, rows.clone())).collect();
            let mut columns = vec![
                Cells::Integers(&replicate),
                Cells::Integers(&person),
                Cells::Integers(&wave),
                Cells::Numbers(&years),
                Cells::Codes(&moment.group[rows.clone()]),
            ];
            if self.sites {
                let site = moment.site.and_then(|s| s.get(rows.clone())).unwrap_or(&[]);
                columns.push(Cells::LongCodes(site));
            }
            columns.extend(variables.iter().map(Stretch::cells));
            self.table.write(folder, &columns)?;
        }
        Ok(())
    }

    /// Adds the recorded waves of all replicates of a truth; `first_person`, from 0, is the first person of each.
    ///
    /// # Errors
    /// R0021: the file cannot be written.
    pub fn write_part(&mut self, folder: &Folder, truth: &Truth, first_person: usize) -> Result<(), RunProblem> {
        let schema = &truth.schema;
        let persons = truth.group.len() / truth.replicates.clone().count().max(1);
        for (position, replicate) in truth.replicates.clone().enumerate() {
            for (wave, moment) in schema.waves.iter().enumerate() {
                let moment = TrueMoment {
                    replicate,
                    wave,
                    years: schema.years(*moment),
                    rows: position * persons..(position + 1) * persons,
                    first_person,
                    group: &truth.group,
                    site: truth.site_at(*moment),
                    columns: (0..schema.variables.len()).map(|v| truth.at(v, *moment)).collect(),
                };
                self.write(folder, &moment)?;
            }
        }
        Ok(())
    }

    /// Ends the table.
    ///
    /// # Errors
    /// R0021: the file cannot be written.
    pub fn close(self, folder: &mut Folder) -> Result<(), RunProblem> {
        self.table.close(folder).map(|_| ())
    }
}

fn true_stretch(column: &Column, rows: Range<usize>) -> Stretch {
    match column {
        Column::Coded { codes, coding } => Stretch::coded(codes[rows].iter().copied(), Some(coding)),
        Column::Number(values) => Stretch::Numbers(values[rows].to_vec()),
    }
}

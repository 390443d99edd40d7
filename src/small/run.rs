//! A small study as data in memory.

use super::{Cell, Column, Dirt, Panel, SmallStudy, Trouble};
use crate::observe::{self, Keep};
use crate::release::{AnswerRows, Declaration, Delivery, Setup, answer_rows, record_codes};
use crate::scenario::{Prepared, Scenario, load_text};
use crate::simulate;
use crate::streams::{Space, Streams};
use crate::study::Part;
use crate::tables::{RunProblem, Truth};

/// A small study whose scenario has no error.
#[derive(Debug)]
pub struct Ready {
    /// The scenario.
    pub scenario: Scenario,
    /// Its only condition.
    pub prepared: Prepared,
    /// The draws of its seed.
    pub streams: Streams,
}

/// A simulated data set of a small study.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// The study.
    pub study: SmallStudy,
    /// What is true: a row per person and wave.
    pub truth: Panel,
    /// What the survey holds: a row per record and wave. Records that were never interviewed have none.
    pub observed: Panel,
    /// The same with errors of data entry, if the study has such.
    pub dirty: Panel,
    /// Number of errors that were put into `dirty`.
    pub errors: usize,
}

impl SmallStudy {
    /// Loads and checks the study's scenario as it would be from a file.
    ///
    /// # Errors
    /// The scenario has errors: never for what [`SmallStudy::fitted`] gives.
    pub fn ready(&self, title: &str) -> Result<Ready, Trouble> {
        Ready::of_text(&self.to_toml(title))
    }

    /// Simulates one data set.
    ///
    /// # Errors
    /// As [`SmallStudy::ready`], and what a run can find.
    pub fn simulate(&self) -> Result<Simulated, Trouble> {
        let ready = self.ready("A small study")?;
        let part = ready.part()?;
        let (observed, _) = ready.answers(&part, Dirt::Clean);
        let (dirty, errors) = match self.dirt {
            Dirt::Clean => (observed.clone(), 0),
            dirt => ready.answers(&part, dirt),
        };
        let truth = self.truth_panel(&part.truth);
        Ok(Simulated { study: self.clone(), truth, observed, dirty, errors })
    }

    fn truth_panel(&self, truth: &Truth) -> Panel {
        let schema = &truth.schema;
        let waves = || schema.waves.iter().enumerate();
        let number = |value: f64| Some(Cell::Number(value));
        let by_row = |of: &dyn Fn(usize, usize, usize) -> Option<Cell>| -> Vec<Option<Cell>> {
            (0..schema.persons).flat_map(|row| waves().map(move |(wave, moment)| of(row, wave, *moment))).collect()
        };
        let group = |row: usize| schema.groups.get(usize::from(*truth.group.get(row)?)).cloned().map(Cell::Text);
        let mut columns = vec![
            ("person".to_owned(), by_row(&|row, _, _| number(row as f64 + 1.0))),
            ("wave".to_owned(), by_row(&|_, wave, _| number(wave as f64 + 1.0))),
            ("years".to_owned(), by_row(&|_, _, moment| number(schema.years(moment)))),
            ("group".to_owned(), by_row(&|row, _, _| group(row))),
        ];
        let names = (0..self.items.len()).map(|position| self.item_name(position));
        for (variable, name) in names.filter_map(|name| Some((schema.variable(&name)?, name))) {
            let levels = schema.variables[variable].coding.as_ref().map_or(&[][..], |coding| &coding.levels);
            let value = |row: usize, moment: usize| {
                let value = truth.at(variable, moment).value(row);
                levels.get(value as usize).cloned().map_or(Cell::Number(value), Cell::Text)
            };
            columns.push((name, by_row(&|row, _, moment| Some(value(row, moment)))));
        }
        Panel { columns: columns.into_iter().map(|(name, cells)| Column { name, cells }).collect() }
    }
}

impl Ready {
    /// Loads and checks the text of a small study.
    ///
    /// # Errors
    /// The scenario has errors.
    pub fn of_text(text: &str) -> Result<Self, Trouble> {
        let loaded = load_text("scenario.toml", text, &[]);
        let mut problems = loaded.problems;
        let ready = loaded.scenario.and_then(|scenario| {
            let (_, prepared) = scenario.check_all(&mut problems)?.into_iter().next()?;
            let streams = Streams::new(scenario.study.seed, Space::Study);
            Some(Self { scenario, prepared, streams })
        });
        match ready {
            Some(ready) if !problems.has_errors() => Ok(ready),
            _ => Err(Trouble::Refused(problems, loaded.sources)),
        }
    }

    /// Simulates and observes the first replicate.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used.
    pub fn part(&self) -> Result<Part, RunProblem> {
        let truth = self.prepared.truth.simulate(&self.streams, 0..1, &mut simulate::Scratch::default())?;
        let mut scratch = observe::Scratch::default();
        let (observed, audit) = self.prepared.survey.observe(&truth, &self.streams, Keep::Cells, &mut scratch)?;
        Ok(Part { persons: 0..truth.group.len(), truth, observed, audit })
    }

    /// The codes of the records of the first replicate.
    #[must_use]
    pub fn codes(&self, part: &Part) -> Vec<u64> {
        record_codes(&self.streams, 0, part.observed.group.len())
    }

    /// The table `answers` with errors of data entry, and the number of these.
    #[must_use]
    pub fn answers(&self, part: &Part, dirt: Dirt) -> (Panel, usize) {
        let codes = self.codes(part);
        let delivery = self.delivery(part, &codes);
        let dirty = dirt.preset().and_then(crate::release::dirty::Preset::named);
        let declaration = Declaration { dirty, ..self.scenario.release.clone() };
        let AnswerRows { columns, errors } = answer_rows(&self.setup(&declaration), &delivery);
        let columns = columns.into_iter().map(|(name, cells)| Column { name, cells: cells.map_cells(cell, text) });
        (Panel { columns: columns.collect() }, errors)
    }

    /// How a release of the data is set up, with the truth apart.
    #[must_use]
    pub fn setup<'a>(&'a self, declaration: &'a Declaration) -> Setup<'a> {
        let (truth, schema) = (self.prepared.truth.schema(), self.prepared.survey.schema());
        Setup { declaration, truth, schema, several: false, with_truth: true }
    }

    /// The data for a release.
    #[must_use]
    pub fn delivery<'a>(&'a self, part: &'a Part, codes: &'a [u64]) -> Delivery<'a> {
        let Part { truth, observed: batch, audit, .. } = part;
        Delivery { batch, audit, truth, codes, first_person: part.persons.start, streams: &self.streams }
    }
}

fn cell(value: f64) -> Option<Cell> {
    (!value.is_nan()).then_some(Cell::Number(value))
}

fn text(text: String) -> Option<Cell> {
    (!text.is_empty()).then_some(Cell::Text(text))
}

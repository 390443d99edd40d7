//! The tables beside the answers: persons, visits, comments.

use super::answers::Answers;
use super::names::Names;
use super::{cell, problem, whole, whole_or_0};
use crate::disk::Source;
use crate::tables::RunProblem;
use std::collections::BTreeMap;
use std::path::Path;

/// Most coders and themes; more means that the columns hold something else.
const MOST: usize = 60;

/// What the other tables hold.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// Interviews by replicate and number of the wave.
    pub(super) visits: BTreeMap<(i64, i64), f64>,
    pub(super) themes: Names,
    pub(super) coders: Names,
    /// Sorted, without repetitions.
    pub(super) marks: Vec<Mark>,
    /// What is known of each record from the start, by name.
    pub(super) baseline: Vec<String>,
}

/// A coder gave a comment a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    pub(super) record: u32,
    /// Wave, visit and number of the comment.
    pub(super) comment: [i64; 3],
    pub(super) theme: u8,
    pub(super) coder: u8,
}

impl Beside {
    pub(super) fn read(base: &Path, answers: &mut Answers) -> Result<Self, RunProblem> {
        let mut beside = Self::default();
        if let Some(persons) = Source::find(base, "persons")? {
            beside.persons(&persons, answers)?;
        }
        if let Some(visits) = Source::find(base, "visits")? {
            beside.count_visits(&visits)?;
        }
        if let Some(comments) = Source::find(base, "comments")? {
            beside.comments(&comments, answers)?;
        }
        Ok(beside)
    }

    fn persons(&mut self, source: &Source, answers: &mut Answers) -> Result<(), RunProblem> {
        let (record, replicate) = (source.needed("record")?, source.column("replicate"));
        let (group, site) = (source.column("group"), source.column("site"));
        let own = [Some(record), replicate, group, site];
        let others = source.columns().iter().enumerate().filter(|(at, _)| !own.contains(&Some(*at)));
        self.baseline = others.map(|(_, name)| name.clone()).collect();
        let mut met = vec![false; answers.ids.len()];
        source.each_row(&mut |place, values| {
            let code = cell(values, Some(record));
            let number = answers.record_of(code, replicate, place, values)?;
            met.resize(answers.ids.len(), false);
            if std::mem::replace(&mut met[number as usize], true) {
                return Err(problem("R0053", format!("{place}: record `{}` is there twice", code.text())));
            }
            answers.put(number, cell(values, group), cell(values, site));
            Ok(())
        })
    }

    fn count_visits(&mut self, source: &Source) -> Result<(), RunProblem> {
        source.needed("record")?;
        let (wave, replicate) = (source.needed("wave")?, source.column("replicate"));
        source.each_row(&mut |place, values| {
            let replicate = whole_or_0(values, replicate, "replicate", place)?;
            let wave = whole(cell(values, Some(wave)), "wave", place)?;
            *self.visits.entry((replicate, wave)).or_insert(0.0) += 1.0;
            Ok(())
        })
    }

    fn comments(&mut self, source: &Source, answers: &mut Answers) -> Result<(), RunProblem> {
        let (record, wave) = (source.needed("record")?, source.needed("wave")?);
        let (comment, coder, theme) = (source.needed("comment")?, source.needed("coder")?, source.needed("theme")?);
        let (replicate, visit) = (source.column("replicate"), source.column("visit"));
        source.each_row(&mut |place, values| {
            let record = answers.record_of(cell(values, Some(record)), replicate, place, values)?;
            let comment = [
                whole(cell(values, Some(wave)), "wave", place)?,
                whole_or_0(values, visit, "visit", place)?,
                whole(cell(values, Some(comment)), "comment", place)?,
            ];
            let coder = self.coders.number(&cell(values, Some(coder)).text());
            let theme = self.themes.number(&cell(values, Some(theme)).text());
            if self.coders.list.len() > MOST || self.themes.list.len() > MOST {
                let message = format!("{place}: there are more than {MOST} coders or themes; each must have a name");
                return Err(problem("R0054", message));
            }
            self.marks.push(Mark { record, comment, theme: theme as u8, coder: coder as u8 });
            Ok(())
        })?;
        self.marks.sort_unstable();
        self.marks.dedup();
        Ok(())
    }
}

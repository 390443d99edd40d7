//! The tables of a release, or anybody's own of that form, as what an analyst holds: records, interviews, comments.
//!
//! What columns mean is known from a scenario: its questions, what is known from the start, themes, relations, coders. Only
//! columns that somebody reads must be there.

use crate::disk::{Place, Source, Value};
use crate::tables::observed::{AnswerColumn, ObservedBatch, ObservedSchema, ObservedVariable, VisitColumns};
use crate::tables::{Coding, RunProblem};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// What is read of the tables: positions in the schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// Questions.
    pub items: Vec<usize>,
    /// What is known from the start.
    pub baseline: Vec<usize>,
    /// Whether comments are read.
    pub comments: bool,
}

/// Most interviews of a record in a wave.
const MOST_VISITS: i64 = 255;

/// Reads `persons`, `visits` (or `answers`, where there is one interview a wave) and `comments` of a folder. Of tables with a
/// column `replicate` the rows of one replicate are read.
///
/// # Errors
/// R0051: a table cannot be read. R0052: a table or a column is missing. R0053: a record is there twice. R0054: a cell holds
/// what it cannot.
pub fn fieldwork(
    folder: &Path,
    schema: &Arc<ObservedSchema>,
    wanted: &Wanted,
    replicate: u64,
) -> Result<ObservedBatch, RunProblem> {
    // A release has its tables in a folder of their own.
    let below = folder.join("data");
    let folder = if below.is_dir() { below.as_path() } else { folder };
    let mut reading = Reading { schema, wanted, replicate, records: BTreeMap::new(), batch: ObservedBatch::default() };
    reading.persons(folder)?;
    reading.interviews(folder)?;
    if wanted.comments {
        reading.comments(folder)?;
    }
    let mut batch = reading.batch;
    let records = batch.group.len();
    batch.schema = Arc::new(ObservedSchema { records, ..ObservedSchema::clone(schema) });
    batch.replicates = 0..1;
    Ok(batch)
}

struct Reading<'a> {
    schema: &'a ObservedSchema,
    wanted: &'a Wanted,
    replicate: u64,
    records: BTreeMap<String, usize>,
    batch: ObservedBatch,
}

impl Reading<'_> {
    fn persons(&mut self, folder: &Path) -> Result<(), RunProblem> {
        let source = found(folder, "persons")?;
        let (record, replicate) = (source.needed("record")?, source.column("replicate"));
        let (group, site) = (source.column("group"), source.column("site"));
        let columns = columns(&source, &self.schema.baseline, &self.wanted.baseline)?;
        let mut baseline: Vec<AnswerColumn> = self.schema.baseline.iter().map(empty).collect();
        source.each_row(&mut |place, values| {
            if !self.is_wanted(replicate, values, place)? {
                return Ok(());
            }
            let row = self.records.len();
            let code = text(values, record);
            if self.records.insert(code.clone(), row).is_some() {
                return Err(problem("R0053", format!("{place}: record `{code}` is there twice")));
            }
            self.batch.group.push(named(values, group, &self.schema.groups, "group", place)?.unwrap_or(0) as u8);
            let at = named(values, site, &self.schema.sites, "site", place)?;
            self.batch.site.push(at.map_or(u32::MAX, |at| at as u32));
            for (k, column) in baseline.iter_mut().enumerate() {
                push(column);
                if let Some(at) = columns[k] {
                    put(column, row, values, at, &self.schema.baseline[k], place)?;
                }
            }
            Ok(())
        })?;
        self.batch.baseline = baseline;
        Ok(())
    }

    /// Interviews, and the answer that stands for each wave: the last one given in it.
    fn interviews(&mut self, folder: &Path) -> Result<(), RunProblem> {
        let source = match Source::find(folder, "visits")? {
            Some(source) => source,
            None => found(folder, "answers").map_err(|_| {
                let message = format!("`{}` has no table `visits` and no `answers`", folder.display());
                problem("R0052", message)
            })?,
        };
        let (record, wave) = (source.needed("record")?, source.needed("wave")?);
        let (visit, years) = (source.column("visit"), source.column("years"));
        let (attended, replicate) = (source.column("attended"), source.column("replicate"));
        let columns = columns(&source, &self.schema.items, &self.wanted.items)?;
        let (rows, waves) = (self.batch.group.len(), self.schema.waves());
        self.batch.attended = vec![vec![false; rows]; waves];
        let blank = |variable: &ObservedVariable| {
            let mut column = empty(variable);
            (0..rows).for_each(|_| push(&mut column));
            column
        };
        let all: Vec<AnswerColumn> = self.schema.items.iter().map(blank).collect();
        self.batch.answers = all.iter().map(|column| vec![column.clone(); waves]).collect();
        let mut visits: BTreeMap<(usize, usize), VisitColumns> = BTreeMap::new();
        let mut last: BTreeMap<(usize, usize, usize), usize> = BTreeMap::new();
        source.each_row(&mut |place, values| {
            let held = attended.is_none_or(|at| values.get(at).and_then(|value| value.number()) != Some(0.0));
            if !held || !self.is_wanted(replicate, values, place)? {
                return Ok(());
            }
            let row = self.row(values, record, place)?;
            let at = (self.wave(values, wave, place)?, self.visit(values, visit, place)?);
            let (wave, number) = at;
            let columns_of = visits.entry(at).or_insert_with(|| VisitColumns {
                wave,
                number,
                took_place: vec![false; rows],
                years: vec![f64::NAN; rows],
                answers: all.clone(),
                ..VisitColumns::default()
            });
            if std::mem::replace(&mut columns_of.took_place[row], true) {
                let code = text(values, record);
                return Err(problem("R0053", format!("{place}: this interview of record `{code}` is there twice")));
            }
            columns_of.years[row] = years
                .and_then(|at| values.get(at).and_then(|value| value.number()))
                .or_else(|| self.schema.wave_years.get(wave).copied())
                .unwrap_or(f64::NAN);
            self.batch.attended[wave][row] = true;
            for (k, column) in columns.iter().enumerate() {
                let Some(column) = column.filter(|at| values.get(*at).is_some_and(|v| *v != Value::None)) else {
                    continue;
                };
                let variable = &self.schema.items[k];
                put(&mut columns_of.answers[k], row, values, column, variable, place)?;
                let latest = last.entry((k, wave, row)).or_insert(number);
                if number >= *latest {
                    *latest = number;
                    put(&mut self.batch.answers[k][wave], row, values, column, variable, place)?;
                }
            }
            Ok(())
        })?;
        self.batch.visits = visits.into_values().collect();
        Ok(())
    }

    fn comments(&mut self, folder: &Path) -> Result<(), RunProblem> {
        let (source, schema) = (found(folder, "comments")?, self.schema);
        let Some(known) = &schema.comments else { return Ok(()) };
        let (record, wave) = (source.needed("record")?, source.needed("wave")?);
        let (theme, number) = (source.needed("theme")?, source.needed("comment")?);
        let (coder, visit, replicate) = (source.column("coder"), source.column("visit"), source.column("replicate"));
        let (valence, direction) = (source.column("valence"), source.column("direction"));
        let relation = source.column("relation");
        let mut marks: Vec<([u32; 4], [u8; 5])> = Vec::new();
        source.each_row(&mut |place, values| {
            if !self.is_wanted(replicate, values, place)? {
                return Ok(());
            }
            let sign = |at: Option<usize>, no: &str, yes: &str| -> Result<u8, RunProblem> {
                let words = [no.to_owned(), yes.to_owned()];
                Ok(named(values, at, &words, no, place)?.map_or(u8::MAX, |k| k as u8))
            };
            let theme_of = named(values, Some(theme), &known.themes, "theme", place)?;
            let Some(theme_of) = theme_of else { return Ok(()) };
            marks.push((
                [
                    self.row(values, record, place)? as u32,
                    self.wave(values, wave, place)? as u32,
                    self.visit(values, visit, place)? as u32,
                    whole(values, number, "comment", place)?.clamp(0, 65_535) as u32,
                ],
                [
                    named(values, coder, &known.coders, "coder", place)?.unwrap_or(0) as u8,
                    theme_of as u8,
                    sign(valence, "negative", "positive")?,
                    sign(direction, "away", "toward")?,
                    named(values, relation, &known.relations, "relation", place)?.map_or(u8::MAX, |k| k as u8),
                ],
            ));
            Ok(())
        })?;
        marks.sort_unstable();
        let comments = &mut self.batch.comments;
        for ([row, wave, visit, number], [coder, theme, valence, direction, relation]) in marks {
            comments.row.push(row);
            comments.wave.push(wave as u16);
            comments.visit.push(visit as u16);
            comments.number.push(number as u16);
            comments.coder.push(coder);
            comments.theme.push(theme);
            comments.valence.push(valence);
            comments.direction.push(direction);
            comments.relation.push(relation);
        }
        Ok(())
    }

    fn is_wanted(&self, at: Option<usize>, values: &[Value<'_>], place: Place<'_>) -> Result<bool, RunProblem> {
        match at {
            None => Ok(true),
            Some(at) => Ok(whole(values, at, "replicate", place)? == self.replicate as i64),
        }
    }

    fn row(&self, values: &[Value<'_>], at: usize, place: Place<'_>) -> Result<usize, RunProblem> {
        let code = text(values, at);
        self.records
            .get(&code)
            .copied()
            .ok_or_else(|| problem("R0054", format!("{place}: record `{code}` is not among the persons")))
    }

    /// Position of a wave.
    fn wave(&self, values: &[Value<'_>], at: usize, place: Place<'_>) -> Result<usize, RunProblem> {
        let (wave, waves) = (whole(values, at, "wave", place)?, self.schema.waves());
        match usize::try_from(wave - 1) {
            Ok(position) if position < waves => Ok(position),
            _ => Err(problem("R0054", format!("{place}: there are waves 1 to {waves}, and no {wave}"))),
        }
    }

    /// Number of a visit, from 0.
    fn visit(&self, values: &[Value<'_>], at: Option<usize>, place: Place<'_>) -> Result<usize, RunProblem> {
        let Some(at) = at else { return Ok(0) };
        let number = whole(values, at, "visit", place)?;
        match (1..=MOST_VISITS).contains(&number) {
            true => Ok(number as usize - 1),
            false => Err(problem("R0054", format!("{place}: a visit cannot have the number {number}"))),
        }
    }
}

fn found(folder: &Path, name: &str) -> Result<Source, RunProblem> {
    let message = || format!("`{}` has no table `{name}` (`{name}.csv` or `{name}.parquet`)", folder.display());
    Source::find(folder, name)?.ok_or_else(|| problem("R0052", message()))
}

/// The column of each variable; those that are wanted must be there.
fn columns(
    source: &Source,
    variables: &[ObservedVariable],
    wanted: &[usize],
) -> Result<Vec<Option<usize>>, RunProblem> {
    let column = |(k, variable): (usize, &ObservedVariable)| match wanted.contains(&k) {
        true => source.needed(&variable.name).map(Some),
        false => Ok(source.column(&variable.name)),
    };
    variables.iter().enumerate().map(column).collect()
}

fn empty(variable: &ObservedVariable) -> AnswerColumn {
    match variable.coding {
        Some(_) => AnswerColumn::Coded(Vec::new()),
        None => AnswerColumn::Number(Vec::new()),
    }
}

/// Adds "no answer"; codes get theirs by [`put`], until then one that stands for nothing.
fn push(column: &mut AnswerColumn) {
    match column {
        AnswerColumn::Coded(codes) => codes.push(u8::MAX),
        AnswerColumn::Number(values) => values.push(f64::NAN),
    }
}

fn put(
    column: &mut AnswerColumn,
    row: usize,
    values: &[Value<'_>],
    at: usize,
    variable: &ObservedVariable,
    place: Place<'_>,
) -> Result<(), RunProblem> {
    let value = values.get(at).copied().unwrap_or(Value::None);
    if value == Value::None {
        return Ok(());
    }
    let wrong = |wants: &str| {
        let message = format!("{place}: `{}` is `{}`, and must be {wants}", variable.name, value.text());
        problem("R0054", message)
    };
    match (column, &variable.coding) {
        (AnswerColumn::Coded(codes), Some(coding)) => {
            codes[row] = code(value, coding).ok_or_else(|| wrong(&known(coding)))?;
        }
        (AnswerColumn::Number(numbers), _) => numbers[row] = value.number().ok_or_else(|| wrong("a number"))?,
        (AnswerColumn::Coded(_), None) => {}
    }
    Ok(())
}

/// The code of a level by name, of yes and no by 1 and 0 or in words, of other values by number.
fn code(value: Value<'_>, coding: &Coding) -> Option<u8> {
    let text = value.text();
    if let Some(level) = coding.levels.iter().position(|level| *level == text) {
        return Some(level as u8);
    }
    let word = |yes: &str| text.eq_ignore_ascii_case(yes) && coding.is_yes_no();
    let number = match () {
        () if word("yes") || word("true") => Some(1.0),
        () if word("no") || word("false") => Some(0.0),
        () if coding.levels.is_empty() => value.number(),
        () => None,
    };
    number.and_then(|number| coding.values.iter().position(|known| *known == number)).map(|code| code as u8)
}

fn known(coding: &Coding) -> String {
    match coding.levels.as_slice() {
        [] if coding.is_yes_no() => "0 or 1".to_owned(),
        [] => "one of the values that the scenario gives it".to_owned(),
        levels => format!("one of: {}", levels.join(", ")),
    }
}

/// Position of a name in a list; nothing for an empty cell or a column that is not there.
fn named(
    values: &[Value<'_>],
    at: Option<usize>,
    names: &[String],
    what: &str,
    place: Place<'_>,
) -> Result<Option<usize>, RunProblem> {
    let Some(value) = at.and_then(|at| values.get(at)).filter(|value| **value != Value::None) else { return Ok(None) };
    let text = value.text();
    match names.iter().position(|name| *name == text) {
        Some(position) => Ok(Some(position)),
        None => {
            Err(problem("R0054", format!("{place}: {what}: `{text}` is not known; known are: {}", names.join(", "))))
        }
    }
}

fn text(values: &[Value<'_>], at: usize) -> String {
    values.get(at).map(|value| value.text()).unwrap_or_default()
}

fn whole(values: &[Value<'_>], at: usize, what: &str, place: Place<'_>) -> Result<i64, RunProblem> {
    let number = values.get(at).and_then(|value| value.number()).filter(|n| n.fract() == 0.0 && n.abs() < 1e15);
    number.map(|n| n as i64).ok_or_else(|| {
        problem("R0054", format!("{place}: `{what}` is `{}`, and must be a whole number", text(values, at)))
    })
}

fn problem(code: &'static str, message: String) -> RunProblem {
    RunProblem { code, message, span: None }
}

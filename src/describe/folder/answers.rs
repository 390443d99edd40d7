//! The table of answers in few bytes: numbers of records and waves, and a column for each item.

use super::column::ColumnStore;
use super::ids::Ids;
use super::names::Names;
use super::{cell, not_a, problem, whole, whole_or_0};
use crate::disk::{Place, Source, Value};
use crate::tables::RunProblem;
use std::collections::BTreeMap;

/// Most waves; more means that the column holds something else.
const MOST_WAVES: usize = 1000;
/// Columns that are no items.
const OWN: [&str; 8] = ["replicate", "record", "wave", "years", "attended", "group", "site", "person"];
/// What is added to an item's name for the column that says why there is no answer.
const WHY: &str = "_missing";
/// Stands for a group or site that is not known.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// The table of answers.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) ids: Ids,
    /// Record of each row.
    pub(super) record: Vec<u32>,
    /// Wave of each row, in the order in which waves were met.
    pub(super) wave: Vec<u16>,
    /// Whether it is an interview, by row.
    pub(super) attended: Vec<bool>,
    /// Numbers of the waves, and the order in which they were met.
    pub(super) waves: BTreeMap<i64, u16>,
    /// Years of the waves as met; NaN where they differ or are not known.
    pub(super) years: Vec<f64>,
    pub(super) groups: Names,
    pub(super) sites: Names,
    /// Group and site of each record, [`UNKNOWN`] where they are not known.
    pub(super) group: Vec<u32>,
    pub(super) site: Vec<u32>,
    pub(super) items: Vec<Item>,
}

/// A column with answers.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) cells: ColumnStore,
    /// Why there is no answer.
    pub(super) why: Option<ColumnStore>,
    at: usize,
    why_at: Option<usize>,
}

/// Where the columns of the table are.
struct Columns {
    record: usize,
    wave: usize,
    replicate: Option<usize>,
    years: Option<usize>,
    attended: Option<usize>,
    group: Option<usize>,
    site: Option<usize>,
}

impl Answers {
    pub(super) fn read(source: &Source) -> Result<Self, RunProblem> {
        let columns = Columns {
            record: source.needed("record")?,
            wave: source.needed("wave")?,
            replicate: source.column("replicate"),
            years: source.column("years"),
            attended: source.column("attended"),
            group: source.column("group"),
            site: source.column("site"),
        };
        let mut answers = Self { items: items(source), ..Self::default() };
        source.each_row(&mut |place, values| answers.row(&columns, place, values))?;
        Ok(answers)
    }

    fn row(&mut self, columns: &Columns, place: Place<'_>, values: &[Value<'_>]) -> Result<(), RunProblem> {
        if self.record.len() >= u32::MAX as usize {
            return Err(problem("R0054", format!("{place}: there are too many rows to be counted")));
        }
        let record = self.record_of(cell(values, Some(columns.record)), columns.replicate, place, values)?;
        let wave = whole(cell(values, Some(columns.wave)), "wave", place)?;
        let years = cell(values, columns.years).number().unwrap_or(f64::NAN);
        let next = self.waves.len() as u16;
        let met = *self.waves.entry(wave).or_insert(next);
        if met == next {
            self.years.push(years);
        }
        if self.waves.len() > MOST_WAVES {
            let message =
                format!("{place}: `wave` has more than {MOST_WAVES} values; it must be the number of the wave");
            return Err(problem("R0054", message));
        }
        if let Some(known) = self.years.get_mut(usize::from(met)).filter(|known| **known != years) {
            *known = f64::NAN;
        }
        let attended = match columns.attended {
            None => true,
            Some(at) => yes_or_no(cell(values, Some(at)), "attended", place)?,
        };
        self.record.push(record);
        self.wave.push(met);
        self.attended.push(attended);
        self.put(record, cell(values, columns.group), cell(values, columns.site));
        for item in &mut self.items {
            item.cells.push(cell(values, Some(item.at)));
            if let Some(why) = &mut item.why {
                why.push(cell(values, item.why_at));
            }
        }
        Ok(())
    }

    /// The number of the record in a row of any table.
    pub(super) fn record_of(
        &mut self,
        code: Value<'_>,
        replicate: Option<usize>,
        place: Place<'_>,
        values: &[Value<'_>],
    ) -> Result<u32, RunProblem> {
        let replicate = whole_or_0(values, replicate, "replicate", place)?;
        let known = match code {
            Value::None => return Err(not_a("the code of a record", "record", code, place)),
            Value::Text(text) => self.ids.number(replicate, text),
            number => self.ids.number(replicate, &number.text()),
        };
        let record = known.ok_or_else(|| problem("R0054", format!("{place}: there are too many records")))?;
        self.group.resize(self.ids.len(), UNKNOWN);
        self.site.resize(self.ids.len(), UNKNOWN);
        Ok(record)
    }

    /// Notes the group and site of a record, if they are given. The first ones stay.
    pub(super) fn put(&mut self, record: u32, group: Value<'_>, site: Value<'_>) {
        let places = [(group, &mut self.groups, &mut self.group), (site, &mut self.sites, &mut self.site)];
        for (value, names, known) in places {
            if let Some(known) = known.get_mut(record as usize).filter(|known| **known == UNKNOWN) {
                match value {
                    Value::None => {}
                    Value::Text(text) => *known = names.number(text),
                    number => *known = names.number(&number.text()),
                }
            }
        }
    }
}

/// The columns that are items.
fn items(source: &Source) -> Vec<Item> {
    let why_of = |name: &str| source.column(&format!("{name}{WHY}"));
    let is_why = |name: &str| name.strip_suffix(WHY).is_some_and(|item| source.column(item).is_some());
    let named = source.columns().iter().enumerate();
    let own = named.filter(|(_, name)| !name.is_empty() && !OWN.contains(&name.as_str()) && !is_why(name));
    own.map(|(at, name)| Item {
        name: name.clone(),
        cells: ColumnStore::default(),
        why: why_of(name).map(|_| ColumnStore::default()),
        at,
        why_at: why_of(name),
    })
    .collect()
}

fn yes_or_no(value: Value<'_>, column: &str, place: Place<'_>) -> Result<bool, RunProblem> {
    match (value, value.number()) {
        (_, Some(0.0)) => Ok(false),
        (_, Some(1.0)) => Ok(true),
        (Value::Text(text), None) if ["no", "false"].iter().any(|no| text.eq_ignore_ascii_case(no)) => Ok(false),
        (Value::Text(text), None) if ["yes", "true"].iter().any(|yes| text.eq_ignore_ascii_case(yes)) => Ok(true),
        _ => Err(not_a("0 or 1", column, value, place)),
    }
}

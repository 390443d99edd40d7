//! The units of each level in a batch, and the columns that formulas read of them.

use super::Plan;
use super::level::Level;
use super::scope::Meaning;
use crate::tables::observed::{AnswerColumn, ObservedBatch, ObservedVariable};

/// What there is of each level. Years are wave after wave, in each all persons; interviews wave after wave, visit after
/// visit; comments person after person.
#[derive(Debug, Default)]
pub(super) struct Units {
    pub persons: usize,
    /// Interviews.
    pub interviews: Vec<Interview>,
    /// Comments.
    pub comments: Vec<Comment>,
    /// The unit above: `above[level][upper]`, for levels below persons.
    above: [[Vec<u32>; 3]; 4],
}

/// An interview that was held.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interview {
    pub row: u32,
    /// Position of its wave among those that count.
    pub year: u32,
    /// Position in the batch's list of visits; `u32::MAX` where there is one interview a wave, whose answers are the wave's.
    pub visit: u32,
}

/// A comment that the coder marked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment {
    /// Position of the mark.
    pub mark: u32,
    /// Position of the interview.
    pub interview: u32,
}

/// Stands for no interview.
const NONE: u32 = u32::MAX;

impl Units {
    pub fn new(plan: &Plan, batch: &ObservedBatch) -> Self {
        let persons = batch.group.len();
        let mut units = Self { persons, ..Self::default() };
        for (year, wave) in plan.waves.iter().enumerate() {
            units.meet(batch, year as u32, *wave);
        }
        units.listen(plan, batch);
        units.join(plan.waves.len());
        units
    }

    /// Adds the interviews of a wave.
    fn meet(&mut self, batch: &ObservedBatch, year: u32, wave: usize) {
        let mut held = |took_place: &[bool], visit: u32| {
            let rows = took_place.iter().enumerate().filter(|(_, held)| **held);
            self.interviews.extend(rows.map(|(row, _)| Interview { row: row as u32, year, visit }));
        };
        if batch.visits.is_empty() {
            if let Some(attended) = batch.attended.get(wave) {
                held(attended, NONE);
            }
            return;
        }
        for (position, visit) in batch.visits.iter().enumerate().filter(|(_, visit)| visit.wave == wave) {
            held(&visit.took_place, position as u32);
        }
    }

    /// Adds the comments that the coder marked in these interviews.
    fn listen(&mut self, plan: &Plan, batch: &ObservedBatch) {
        let marks = &batch.comments;
        if marks.row.is_empty() {
            return;
        }
        let visits = batch.visits.iter().map(|visit| visit.number + 1).max().unwrap_or(1);
        let slot = |year: usize, visit: usize, row: usize| (year * visits + visit) * self.persons + row;
        let mut at = vec![NONE; plan.waves.len() * visits * self.persons];
        for (position, interview) in self.interviews.iter().enumerate() {
            let number = batch.visits.get(interview.visit as usize).map_or(0, |visit| visit.number);
            at[slot(interview.year as usize, number, interview.row as usize)] = position as u32;
        }
        let year_of = |wave: u16| plan.waves.iter().position(|known| *known == usize::from(wave));
        for mark in (0..marks.row.len()).filter(|mark| marks.coder[*mark] == plan.coder) {
            let Some(year) = year_of(marks.wave[mark]) else { continue };
            let here = slot(year, usize::from(marks.visit[mark]), marks.row[mark] as usize);
            if let Some(interview) = at.get(here).copied().filter(|interview| *interview != NONE) {
                self.comments.push(Comment { mark: mark as u32, interview });
            }
        }
    }

    fn join(&mut self, waves: usize) {
        let persons = self.persons as u32;
        let [person, year, interview, comment] = &mut self.above;
        let _ = person;
        year[0] = (0..waves as u32 * persons).map(|unit| unit % persons).collect();
        interview[0] = self.interviews.iter().map(|i| i.row).collect();
        interview[1] = self.interviews.iter().map(|i| i.year * persons + i.row).collect();
        for upper in 0..2 {
            let of_interview = &interview[upper];
            comment[upper] = self.comments.iter().map(|c| of_interview[c.interview as usize]).collect();
        }
        comment[2] = self.comments.iter().map(|c| c.interview).collect();
    }

    /// Number of units of a level.
    pub fn len(&self, level: Level) -> usize {
        match level {
            Level::Person => self.persons,
            Level::Year => self.above[1][0].len(),
            Level::Interview => self.interviews.len(),
            Level::Comment => self.comments.len(),
        }
    }

    /// For each unit of a level the unit of a level above it.
    pub fn above(&self, level: Level, upper: Level) -> &[u32] {
        &self.above[level as usize][upper as usize]
    }

    /// The person of a unit.
    pub fn person(&self, level: Level, unit: usize) -> usize {
        match level {
            Level::Person => unit,
            _ => self.above(level, Level::Person)[unit] as usize,
        }
    }

    /// A column that is no definition, over the units of a level.
    pub fn column(&self, plan: &Plan, batch: &ObservedBatch, level: Level, meaning: Meaning) -> Vec<f64> {
        let schema = &batch.schema;
        let by_person = |of: &dyn Fn(usize) -> f64| -> Vec<f64> {
            (0..self.len(level)).map(|unit| of(self.person(level, unit))).collect()
        };
        match meaning {
            Meaning::Group => by_person(&|row| f64::from(batch.group[row])),
            Meaning::Site => {
                let known = |row: usize| batch.site.get(row).copied().filter(|site| *site != NONE);
                by_person(&|row| known(row).map_or(f64::NAN, f64::from))
            }
            Meaning::Baseline(k) => {
                let read = Reader::new(&batch.baseline[k], &schema.baseline[k]);
                by_person(&|row| read.get(row))
            }
            Meaning::Wave => self.by_year(plan, level, |wave| wave as f64 + 1.0),
            Meaning::Time if level == Level::Year || batch.visits.is_empty() => {
                self.by_year(plan, level, |wave| schema.wave_years.get(wave).copied().unwrap_or(f64::NAN))
            }
            Meaning::Time => self.by_interview(level, |i| batch.visits[i.visit as usize].years[i.row as usize]),
            Meaning::Attended if level == Level::Year => {
                let attended = |wave: usize| batch.attended[wave].iter().map(|held| f64::from(u8::from(*held)));
                plan.waves.iter().flat_map(|wave| attended(*wave)).collect()
            }
            Meaning::Attended => vec![1.0; self.len(level)],
            Meaning::Item(k) => self.item(plan, batch, level, k),
            Meaning::Theme => self.marks(|mark| batch.comments.theme[mark]),
            Meaning::Relation => self.marks(|mark| batch.comments.relation[mark]),
            Meaning::Positive => self.marks(|mark| batch.comments.valence[mark]),
            Meaning::Toward => self.marks(|mark| batch.comments.direction[mark]),
            // These are worked where definitions are.
            Meaning::Definition(_) | Meaning::Aggregate(..) => Vec::new(),
        }
    }

    /// The answers to an item.
    fn item(&self, plan: &Plan, batch: &ObservedBatch, level: Level, k: usize) -> Vec<f64> {
        let variable = &batch.schema.items[k];
        let waves: Vec<Reader<'_>> =
            plan.waves.iter().map(|wave| Reader::new(&batch.answers[k][*wave], variable)).collect();
        if level == Level::Year {
            return waves.iter().flat_map(|read| (0..self.persons).map(|row| read.get(row))).collect();
        }
        let visits: Vec<Reader<'_>> =
            batch.visits.iter().map(|visit| Reader::new(&visit.answers[k], variable)).collect();
        self.by_interview(level, |i| match visits.get(i.visit as usize) {
            Some(read) => read.get(i.row as usize),
            None => waves[i.year as usize].get(i.row as usize),
        })
    }

    fn by_year(&self, plan: &Plan, level: Level, of: impl Fn(usize) -> f64) -> Vec<f64> {
        let values: Vec<f64> = plan.waves.iter().map(|wave| of(*wave)).collect();
        let year = |unit: usize| match level {
            Level::Year => unit / self.persons.max(1),
            _ => self.above(level, Level::Year)[unit] as usize / self.persons.max(1),
        };
        (0..self.len(level)).map(|unit| values[year(unit)]).collect()
    }

    fn by_interview(&self, level: Level, of: impl Fn(&Interview) -> f64) -> Vec<f64> {
        match level {
            Level::Comment => self.comments.iter().map(|c| of(&self.interviews[c.interview as usize])).collect(),
            _ => self.interviews.iter().map(of).collect(),
        }
    }

    fn marks(&self, of: impl Fn(usize) -> u8) -> Vec<f64> {
        let value = |code: u8| if code == u8::MAX { f64::NAN } else { f64::from(code) };
        self.comments.iter().map(|comment| value(of(comment.mark as usize))).collect()
    }
}

/// A column of answers as numbers.
struct Reader<'a> {
    column: &'a AnswerColumn,
    values: &'a [f64],
}

impl<'a> Reader<'a> {
    fn new(column: &'a AnswerColumn, variable: &'a ObservedVariable) -> Self {
        Self { column, values: variable.coding.as_ref().map_or(&[], |coding| &coding.values) }
    }

    fn get(&self, row: usize) -> f64 {
        match self.column {
            AnswerColumn::Coded(codes) => self.values.get(usize::from(codes[row])).copied().unwrap_or(f64::NAN),
            AnswerColumn::Number(values) => values[row],
        }
    }
}

//! From the rows of a table to records that are counted.

use super::answers::{Answers, Item, UNKNOWN};
use super::beside::{Beside, Mark};
use super::column::Reading;
use super::names::Names;
use super::problem;
use crate::describe::tally::{Cell, Record, Shape, Tally};
use crate::tables::RunProblem;
use crate::tables::description::WaveRow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most blocks of replicates whose scatter gives the Monte Carlo standard errors.
const BLOCKS: usize = 40;
/// Why there is no answer where no table says it.
const PLAIN: [&str; 3] = ["no row for the wave", "not interviewed", "no answer"];
/// Most reasons that are told apart.
const MOST_REASONS: usize = 200;

/// Counts all records, in blocks of whole replicates; and the columns that could not be counted.
pub(super) fn tally(answers: &Answers, beside: &Beside) -> Result<(Vec<Tally>, Vec<String>), RunProblem> {
    let all = Rows::new(answers, beside);
    let replicates: BTreeSet<i64> = answers.ids.replicate.iter().copied().collect();
    let replicates: Vec<i64> = replicates.into_iter().collect();
    let n = replicates.len().clamp(1, BLOCKS);
    let block = |replicate: i64| replicates.binary_search(&replicate).unwrap_or(0) * n / replicates.len().max(1);
    let mut sizes = vec![0; n];
    replicates.iter().for_each(|replicate| sizes[block(*replicate)] += 1);
    let mut blocks: Vec<Tally> = sizes.into_iter().map(|size| Tally::new(&all.shape, size)).collect();
    all.count(&mut blocks, &|record| block(answers.ids.replicate[record]))?;
    for ((replicate, wave), visits) in &beside.visits {
        let wave = all.shape.waves.iter().position(|row| row.number == *wave);
        if let Some(sum) = wave.and_then(|wave| blocks[block(*replicate)].visits.get_mut(wave)) {
            *sum += visits;
        }
    }
    count_marks(beside, &mut blocks, &|record| block(answers.ids.replicate[record]));
    Ok((blocks, all.left_out))
}

/// The answers, and what their columns mean.
struct Rows<'a> {
    answers: &'a Answers,
    shape: Arc<Shape>,
    /// For each wave as met its place in order.
    waves: Vec<usize>,
    groups: Vec<usize>,
    sites: Vec<usize>,
    items: Vec<(Reading<'a>, Option<Reading<'a>>)>,
    /// Place of each reason.
    reasons: BTreeMap<String, u8>,
    left_out: Vec<String>,
}

impl<'a> Rows<'a> {
    fn new(answers: &'a Answers, beside: &Beside) -> Self {
        let mut waves = vec![0; answers.waves.len()];
        let mut shape = Shape::default();
        for (place, (number, met)) in answers.waves.iter().enumerate() {
            waves[usize::from(*met)] = place;
            let years = answers.years[usize::from(*met)];
            shape.waves.push(WaveRow { number: *number, years: Some(years).filter(|y| !y.is_nan()) });
        }
        let (groups, group_places) = answers.groups.in_order();
        let (sites, site_places) = answers.sites.in_order();
        (shape.groups, shape.sites) = (groups, sites);
        (shape.themes, shape.coders) = (beside.themes.list.clone(), beside.coders.list.clone());
        let mut left_out = Vec::new();
        let mut items = Vec::new();
        for item in &answers.items {
            match item.cells.read(&item.name) {
                _ if is_known_from_the_start(answers, item) => shape.known_from_the_start.push(item.name.clone()),
                None => left_out.push(item.name.clone()),
                Some(reading) => items.push((reading, item.why.as_ref().and_then(|why| why.read(&item.name)))),
            }
        }
        shape.known_from_the_start.extend(beside.baseline.iter().cloned());
        shape.items = items.iter().map(|(reading, _)| reading.shape.clone()).collect();
        let mut reasons = Names::default();
        for words in PLAIN.into_iter().chain(items.iter().flat_map(|(_, why)| words(why.as_ref()))) {
            if reasons.list.len() < MOST_REASONS {
                reasons.number(words);
            }
        }
        shape.reasons = reasons.list;
        let reasons = shape.reasons.iter().enumerate().map(|(place, words)| (words.clone(), place as u8)).collect();
        let shape = Arc::new(shape);
        Self { answers, shape, waves, groups: group_places, sites: site_places, items, reasons, left_out }
    }

    /// Hands over all records, each with all its rows.
    fn count(&self, blocks: &mut [Tally], block: &dyn Fn(usize) -> usize) -> Result<(), RunProblem> {
        let answers = self.answers;
        let place = |row: u32| {
            let row = row as usize;
            (answers.record[row], self.waves[usize::from(answers.wave[row])])
        };
        let mut order: Vec<u32> = (0..answers.record.len() as u32).collect();
        order.sort_unstable_by_key(|row| (place(*row), *row));
        if let Some(pair) = order.windows(2).find(|pair| place(pair[0]) == place(pair[1])) {
            let wave = self.shape.waves[place(pair[0]).1].number;
            let message = format!(
                "rows {} and {} of the answers are both of one record at wave {wave}",
                u64::from(pair[0]) + 1,
                u64::from(pair[1]) + 1
            );
            return Err(problem("R0053", message));
        }
        let mut rest = order.as_slice();
        let mut record = Record::default();
        for number in 0..answers.ids.len() {
            let own = rest.partition_point(|row| answers.record[*row as usize] as usize <= number);
            let (rows, later) = rest.split_at(own);
            rest = later;
            self.fill(number, rows, &mut record);
            blocks[block(number)].add(&record);
        }
        Ok(())
    }

    fn fill(&self, number: usize, rows: &[u32], record: &mut Record) {
        let waves = self.waves.len();
        let known = |list: &[u32], places: &[usize]| {
            list.get(number).filter(|n| **n != UNKNOWN).and_then(|n| places.get(*n as usize)).copied()
        };
        record.group = known(&self.answers.group, &self.groups);
        record.site = known(&self.answers.site, &self.sites);
        record.present.clear();
        record.present.resize(waves, false);
        record.cells.clear();
        record.cells.resize(waves * self.items.len(), Cell::Missing(0));
        for row in rows.iter().map(|row| *row as usize) {
            let wave = self.waves[usize::from(self.answers.wave[row])];
            let attended = self.answers.attended[row];
            record.present[wave] = attended;
            for (k, (reading, why)) in self.items.iter().enumerate() {
                let given = reading.cell(row);
                record.cells[k * waves + wave] = given.unwrap_or_else(|| {
                    let told = why.as_ref().and_then(|why| self.reason(why, row));
                    Cell::Missing(told.unwrap_or(if attended { 2 } else { 1 }))
                });
            }
        }
    }

    fn reason(&self, why: &Reading<'_>, row: usize) -> Option<u8> {
        match why.cell(row)? {
            Cell::Level(level) => self.reasons.get(why.shape.levels.get(usize::from(level))?).copied(),
            _ => None,
        }
    }
}

/// The reasons that a column names.
fn words<'a>(why: Option<&'a Reading<'_>>) -> impl Iterator<Item = &'a str> {
    why.into_iter().flat_map(|why| why.shape.levels.iter().map(String::as_str))
}

/// Whether a column holds what is known of each record whether or not it is interviewed.
fn is_known_from_the_start(answers: &Answers, item: &Item) -> bool {
    let away = || (0..answers.attended.len()).filter(|row| !answers.attended[*row]);
    let (n, known) = away().fold((0_u64, 0_u64), |(n, known), row| (n + 1, known + u64::from(item.cells.has(row))));
    n > 0 && 2 * known >= n
}

/// Counts marks and agreement. The comments are those that anybody marked.
fn count_marks(beside: &Beside, blocks: &mut [Tally], block: &dyn Fn(usize) -> usize) {
    let (themes, coders) = (beside.themes.list.len(), beside.coders.list.len());
    let pairs = coders * coders.saturating_sub(1) / 2;
    let mut comments = vec![0.0; blocks.len()];
    for marks in beside.marks.chunk_by(|a, b| (a.record, a.comment) == (b.record, b.comment)) {
        let number = block(marks[0].record as usize);
        comments[number] += 1.0;
        let tally = &mut blocks[number];
        for marks in marks.chunk_by(|a, b| a.theme == b.theme) {
            let theme = usize::from(marks[0].theme);
            let gave = |coder: usize| marks.iter().any(|m: &Mark| usize::from(m.coder) == coder);
            let mut pair = theme * pairs;
            for first in 0..coders {
                tally.marks[theme * coders + first] += f64::from(u8::from(gave(first)));
                for second in first + 1..coders {
                    let cell = 2 * usize::from(!gave(first)) + usize::from(!gave(second));
                    tally.pairs[4 * pair + cell] += 1.0;
                    pair += 1;
                }
            }
        }
    }
    // Themes that a comment was not given by anybody.
    for (tally, comments) in blocks.iter_mut().zip(comments) {
        for cells in tally.pairs.chunks_mut(4).take(themes * pairs) {
            cells[3] += comments - cells.iter().sum::<f64>();
        }
    }
}

//! Counts over records. What they are counted from need not be known here: a [`Record`] is handed over, one by one.

use crate::tables::description::{ItemKind, WaveRow};
use std::sync::Arc;

/// Most levels of an item whose successive answers are compared: the table of pairs grows with their square.
const MOST_COMPARED: usize = 20;

/// What is counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// Names of the groups.
    pub groups: Vec<String>,
    /// Names of the sites.
    pub sites: Vec<String>,
    /// The waves, in order.
    pub waves: Vec<WaveRow>,
    /// The questions.
    pub items: Vec<ItemShape>,
    /// Why there is no answer, in words.
    pub reasons: Vec<String>,
    /// What coders look for in comments.
    pub themes: Vec<String>,
    /// Who codes them.
    pub coders: Vec<String>,
    /// What is known of each record from the start, by name.
    pub known_from_the_start: Vec<String>,
    /// Whether records come with the truth.
    pub with_truth: bool,
}

/// A question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemShape {
    /// Its name.
    pub name: String,
    /// What its answers can be.
    pub kind: ItemKind,
    /// Names of the levels by code; no and yes; none for numbers.
    pub levels: Vec<String>,
}

impl ItemShape {
    /// Whether successive answers are compared.
    #[must_use]
    pub fn is_compared(&self) -> bool {
        self.kind != ItemKind::Number && self.levels.len() <= MOST_COMPARED
    }
}

/// What a record holds for an item at a wave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    /// No answer, for the reason at this position of [`Shape::reasons`]; with [`Cell::UNTOLD`] as the reason it is
    /// counted elsewhere.
    Missing(u8),
    /// A level, by code.
    Level(u8),
    /// A number.
    Number(f64),
}

impl Cell {
    /// Stands for a reason that is counted elsewhere.
    pub const UNTOLD: u8 = u8::MAX;
}

/// What is true of an item at a wave, as far as answers are compared with it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Held {
    /// Whether it is as at the wave before, of the same person.
    pub as_before: bool,
    /// Whether it is yes.
    pub yes: bool,
}

/// One record with all its waves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Group by position; absent where it is not known.
    pub group: Option<usize>,
    /// Site at the start by position; absent where it is not known.
    pub site: Option<usize>,
    /// Whether it was interviewed, by wave.
    pub present: Vec<bool>,
    /// What it holds, `cells[item * waves + wave]`.
    pub cells: Vec<Cell>,
    /// What is true, in the same order; empty where nobody knows.
    pub truth: Vec<Held>,
}

/// Records of places, and those interviewed there.
#[derive(Clone, Debug)]
pub(super) struct Places {
    pub records: Vec<f64>,
    /// Place after place, in each wave after wave.
    pub present: Vec<f64>,
}

impl Places {
    fn new(places: usize, waves: usize) -> Self {
        Self { records: vec![0.0; places], present: vec![0.0; places * waves] }
    }

    fn add(&mut self, place: Option<usize>, present: &[bool]) {
        let Some(records) = place.and_then(|p| self.records.get_mut(p)) else { return };
        *records += 1.0;
        let first = place.unwrap_or(0) * present.len();
        for (sum, present) in self.present[first..].iter_mut().zip(present) {
            *sum += f64::from(u8::from(*present));
        }
    }
}

/// Records, by what their successive answers show.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown {
    Twice,
    Changed,
    Contradicted,
    YesAgain,
    YesThenNo,
    Recanted,
    NoAgain,
    NoThenYes,
    Disclosed,
}

impl Shown {
    const COUNT: usize = Shown::Disclosed as usize + 1;
}

#[derive(Clone, Debug)]
pub(super) struct ItemTally {
    /// By wave.
    pub answered: Vec<f64>,
    /// Wave after wave, in each level after level.
    pub levels: Vec<f64>,
    pub sum: Vec<f64>,
    pub squares: Vec<f64>,
    /// Wave after wave, in each reason after reason.
    pub missing: Vec<f64>,
    /// By the wave of the later answer: the earlier level, then the later level.
    pub pairs: Vec<f64>,
    /// By [`Shown`].
    pub shown: Vec<f64>,
    /// Persons by wave, and how many have each level in truth.
    pub true_count: Vec<f64>,
    pub true_levels: Vec<f64>,
    pub true_sum: Vec<f64>,
}

impl ItemTally {
    fn new(shape: &Shape, item: &ItemShape) -> Self {
        let (waves, levels) = (shape.waves.len(), item.levels.len());
        let squared = if item.is_compared() { levels * levels } else { 0 };
        let zeros = |n: usize| vec![0.0; n];
        Self {
            answered: zeros(waves),
            levels: zeros(waves * levels),
            sum: zeros(waves),
            squares: zeros(waves),
            missing: zeros(waves * shape.reasons.len()),
            pairs: zeros(waves * squared),
            shown: zeros(Shown::COUNT),
            true_count: zeros(waves),
            true_levels: zeros(waves * levels),
            true_sum: zeros(waves),
        }
    }

    fn add(&mut self, item: &ItemShape, reasons: usize, cells: &[Cell], truth: &[Held]) {
        let levels = item.levels.len();
        for (wave, cell) in cells.iter().enumerate() {
            match *cell {
                Cell::Missing(reason) => {
                    let reason = usize::from(reason);
                    if reason < reasons {
                        self.missing[wave * reasons + reason] += 1.0;
                    }
                }
                Cell::Level(level) => {
                    self.answered[wave] += 1.0;
                    if let Some(sum) = self.levels[wave * levels..].get_mut(usize::from(level)) {
                        *sum += 1.0;
                    }
                }
                Cell::Number(value) => {
                    self.answered[wave] += 1.0;
                    self.sum[wave] += value;
                    self.squares[wave] += value * value;
                }
            }
        }
        if item.is_compared() {
            self.compare(item, cells, truth);
        }
    }

    /// Compares each answer with the next one of the record.
    fn compare(&mut self, item: &ItemShape, cells: &[Cell], truth: &[Held]) {
        let levels = item.levels.len();
        let yes_no = item.kind == ItemKind::YesNo;
        let mut shown = [false; Shown::COUNT];
        let mut last: Option<u8> = None;
        // Whether the truth has been the same since the last answer.
        let mut same = false;
        for (wave, cell) in cells.iter().enumerate() {
            let held = truth.get(wave).copied().unwrap_or_default();
            same &= held.as_before;
            let Cell::Level(now) = *cell else { continue };
            if let Some(before) = last {
                let place = (wave * levels + usize::from(before)) * levels + usize::from(now);
                if let Some(pair) = self.pairs.get_mut(place) {
                    *pair += 1.0;
                }
                let differs = before != now;
                shown[Shown::Twice as usize] = true;
                shown[Shown::Changed as usize] |= differs;
                shown[Shown::Contradicted as usize] |= differs && same;
                let (again, then, told) = match before {
                    1 => (Shown::YesAgain, Shown::YesThenNo, Shown::Recanted),
                    _ => (Shown::NoAgain, Shown::NoThenYes, Shown::Disclosed),
                };
                shown[again as usize] |= yes_no;
                shown[then as usize] |= yes_no && differs;
                shown[told as usize] |= yes_no && differs && same && (before == 1 || held.yes);
            }
            last = Some(now);
            same = true;
        }
        for (sum, shown) in self.shown.iter_mut().zip(shown) {
            *sum += f64::from(u8::from(shown));
        }
    }
}

/// What a mechanism did at a wave.
#[derive(Clone, Debug)]
pub(super) struct Realised {
    pub name: String,
    pub wave: u16,
    pub counts: [f64; 2],
}

/// Counts of links, see [`LinkRow`](crate::tables::description::LinkRow).
#[derive(Clone, Copy, Debug)]
pub(super) enum Linked {
    Waves,
    Twice,
    Again,
    Missed,
    Added,
    False,
}

impl Linked {
    pub const COUNT: usize = Linked::False as usize + 1;
}

/// Counts over the records of some replicates.
#[derive(Clone, Debug)]
pub struct Tally {
    pub(super) shape: Arc<Shape>,
    pub(super) replicates: f64,
    pub(super) all: Places,
    pub(super) groups: Places,
    pub(super) sites: Places,
    pub(super) items: Vec<ItemTally>,
    pub(super) mechanisms: Vec<Realised>,
    /// By [`Linked`]; all 0 where records are persons.
    pub(super) links: Vec<f64>,
    /// Single interviews by wave.
    pub(super) visits: Vec<f64>,
    /// Theme after theme, in each coder after coder.
    pub(super) marks: Vec<f64>,
    /// Theme after theme, in each the pairs (first, second) with first < second, in each: both, only the first, only
    /// the second, neither.
    pub(super) pairs: Vec<f64>,
}

impl Tally {
    /// No record of so many replicates.
    #[must_use]
    pub fn new(shape: &Arc<Shape>, replicates: u64) -> Self {
        let waves = shape.waves.len();
        let coders = shape.coders.len();
        Self {
            shape: shape.clone(),
            replicates: replicates as f64,
            all: Places::new(1, waves),
            groups: Places::new(shape.groups.len(), waves),
            sites: Places::new(shape.sites.len(), waves),
            items: shape.items.iter().map(|item| ItemTally::new(shape, item)).collect(),
            mechanisms: Vec::new(),
            links: vec![0.0; Linked::COUNT],
            visits: vec![0.0; waves],
            marks: vec![0.0; shape.themes.len() * coders],
            pairs: vec![0.0; shape.themes.len() * (coders * coders.saturating_sub(1) / 2) * 4],
        }
    }

    /// Counts a record.
    pub fn add(&mut self, record: &Record) {
        let waves = self.shape.waves.len();
        self.all.add(Some(0), &record.present);
        self.groups.add(record.group, &record.present);
        self.sites.add(record.site, &record.present);
        let reasons = self.shape.reasons.len();
        for (k, (tally, item)) in self.items.iter_mut().zip(&self.shape.items).enumerate() {
            let own = k * waves..(k + 1) * waves;
            let cells = record.cells.get(own.clone()).unwrap_or(&[]);
            tally.add(item, reasons, cells, record.truth.get(own).unwrap_or(&[]));
        }
    }

    /// Adds (`sign` 1) or takes away (-1) the counts of other replicates.
    pub(super) fn combine(&mut self, other: &Tally, sign: f64) {
        if self.mechanisms.is_empty() {
            self.mechanisms.clone_from(&other.mechanisms);
            self.mechanisms.iter_mut().for_each(|m| m.counts = [0.0; 2]);
        }
        let mut other = other.clone();
        for (mine, theirs) in self.numbers().into_iter().zip(other.numbers()) {
            for (a, b) in mine.iter_mut().zip(theirs) {
                *a += sign * *b;
            }
        }
    }

    fn numbers(&mut self) -> Vec<&mut [f64]> {
        let mut all = vec![std::slice::from_mut(&mut self.replicates)];
        for places in [&mut self.all, &mut self.groups, &mut self.sites] {
            all.extend([&mut *places.records, &mut *places.present]);
        }
        for item in &mut self.items {
            all.extend([
                &mut *item.answered,
                &mut *item.levels,
                &mut *item.sum,
                &mut *item.squares,
                &mut *item.missing,
                &mut *item.pairs,
                &mut *item.shown,
                &mut *item.true_count,
                &mut *item.true_levels,
                &mut *item.true_sum,
            ]);
        }
        all.extend([&mut *self.links, &mut *self.visits, &mut *self.marks, &mut *self.pairs]);
        all.extend(self.mechanisms.iter_mut().map(|m| &mut m.counts[..]));
        all
    }
}

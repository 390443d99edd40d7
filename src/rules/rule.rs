//! Deciding outcomes for all rows of a chunk.

use super::layout::{Segment, fill_chance};
use super::lookup::{climb, compare, entries as entries_of, entry, thresholds};
use super::shape::Shape;
use super::table::{Axis, Buffers, Recipe, Table, evaluate_all, push_thresholds};
use crate::formula::{Input, Program};
use crate::streams::{Chance, Person, Purpose, Streams};
use std::collections::BTreeMap;

/// Formulas, how they become probabilities, and for which purpose is drawn.
#[derive(Clone, Debug)]
pub struct Rule {
    shape: Shape,
    programs: Vec<Program>,
    slots: Vec<u32>,
    positions: Vec<Vec<usize>>,
    selector: Option<usize>,
    purpose: Purpose,
}

/// A formula's value that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BadValue {
    /// Row within the chunk.
    pub row: usize,
    /// Position of the formula in the rule.
    pub formula: usize,
    /// Its value.
    pub value: f64,
}

/// Buffers of one rule, kept between chunks and batches so that tables are made once.
#[derive(Clone, Debug, Default)]
pub struct RuleScratch {
    buffers: Buffers,
    draws: Vec<u16>,
    index: Vec<u16>,
    high: Vec<u16>,
    axes: Vec<Option<Axis>>,
    /// Tables for rules that read nothing that differs between batches, by what is the same for all rows (such as the
    /// time): a rule that reads nothing of that kind has one table for all occasions.
    lasting: BTreeMap<Vec<(usize, u64)>, Table>,
    /// The table of the present occasion, for rules that read values of sites.
    passing: Table,
    passing_is_for: Option<(u64, u32)>,
    probabilities: Vec<f64>,
    values: Vec<f64>,
    chances: Vec<Chance>,
}

/// Largest table that is kept for an occasion.
const LASTING_ENTRIES: usize = 4096;

/// Largest table: entries are counted in 16 bits.
const MOST_ENTRIES: usize = 1 << 16;

/// A table must have at most one entry for so many rows of the batch to be worth making for one batch.
const ROWS_PER_ENTRY: usize = 2;

/// Where and when a rule is applied.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The draws.
    pub streams: &'a Streams,
    /// Number of the step, wave or visit.
    pub number: u32,
    /// Number in the addresses of the draws: `number`, or another one where a draw lasts longer than an occasion.
    pub drawn_on: u32,
    /// The rows.
    pub segments: &'a [Segment],
    /// Whose rows they are, where they are no neighbours; the segments are then not looked at.
    pub people: Option<&'a [Person]>,
    /// Rows in the whole batch.
    pub batch_rows: usize,
    /// A number that is the same for all chunks of a batch and occasion and different for every other.
    pub epoch: u64,
    /// Rows that are not 0 here do not count, and a formula may fail on them. Absent: all count.
    pub skip: Option<&'a [u8]>,
}

impl Rule {
    /// A rule. `selector_slot` must be given if the shape has a selector.
    #[must_use]
    pub fn new(shape: Shape, programs: Vec<Program>, selector_slot: Option<u32>, purpose: Purpose) -> Self {
        let mut slots: Vec<u32> = programs.iter().flat_map(|p| p.slots().iter().copied()).collect();
        slots.extend(selector_slot);
        slots.sort_unstable();
        slots.dedup();
        let position = |slot: &u32| slots.binary_search(slot).expect("slots holds the slots of all programs");
        let positions = programs.iter().map(|p| p.slots().iter().map(position).collect()).collect();
        let selector = selector_slot.map(|s| position(&s));
        Self { shape, positions, selector, slots, programs, purpose }
    }

    /// The slots that it reads, each once, in ascending order.
    #[must_use]
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// Its formulas.
    #[must_use]
    pub fn programs(&self) -> &[Program] {
        &self.programs
    }

    /// How its formulas become probabilities.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Position of the selector among the slots.
    #[must_use]
    pub fn selector(&self) -> Option<usize> {
        self.selector
    }

    /// The outcome of every row of a chunk. `inputs[k]` is the column of slot `k` over the rows of the chunk.
    ///
    /// # Errors
    /// The first row that counts for which a formula gave a value that cannot be used.
    pub fn decide(
        &self,
        inputs: &[Input<'_>],
        occasion: &Occasion<'_>,
        scratch: &mut RuleScratch,
        out: &mut [u8],
    ) -> Result<(), BadValue> {
        if out.is_empty() {
            return Ok(());
        }
        // A table of one occasion only is not worth making where it has more entries than there are rows.
        let one_occasion = inputs.iter().any(|input| matches!(input, Input::Constant(_)));
        match self.axes(inputs, occasion.batch_rows, &mut scratch.axes) {
            Some(entries) if !one_occasion || entries <= occasion.batch_rows => {
                self.decide_by_table(inputs, entries, occasion, scratch, out)
            }
            _ => self.decide_by_block(inputs, occasion, scratch, out),
        }
    }

    /// The probability of each outcome for one row: `row[k]` is the value of slot `slots()[k]`. Absent where a formula
    /// gives a value that cannot be used.
    #[must_use]
    pub fn probabilities(&self, row: &[f64]) -> Option<Vec<f64>> {
        let value = |(program, positions): (&Program, &Vec<usize>)| {
            let own: Vec<f64> = positions.iter().map(|k| row[*k]).collect();
            program.evaluate_one(&own)
        };
        let values: Vec<f64> = self.programs.iter().zip(&self.positions).map(value).collect();
        let selector = self.selector.map_or(0, |k| row[k] as usize);
        let mut out = vec![0.0; self.shape.levels()];
        self.shape.probabilities(selector, &values, &mut out).ok()?;
        Some(out)
    }

    /// The upper bits of the draw of each of so many rows.
    fn draw<'a>(&self, occasion: &Occasion<'_>, rows: usize, draws: &'a mut Vec<u16>) -> &'a [u16] {
        draws.resize(rows.max(draws.len()), 0);
        let draws = &mut draws[..rows];
        match occasion.people {
            Some(people) => occasion.streams.pick_chance(people, self.purpose, occasion.drawn_on, draws),
            None => fill_chance(occasion.streams, occasion.segments, self.purpose, occasion.drawn_on, draws),
        }
        draws
    }

    fn recipe(&self) -> Recipe<'_> {
        Recipe { shape: &self.shape, programs: &self.programs, positions: &self.positions, selector: self.selector }
    }

    /// The number of combinations of the inputs' values, if they are few enough for a table.
    fn axes(&self, inputs: &[Input<'_>], batch_rows: usize, axes: &mut Vec<Option<Axis>>) -> Option<usize> {
        axes.clear();
        let mut entries = 1_usize;
        let mut site_stride = None;
        for input in inputs {
            let axis = match input {
                Input::Constant(_) => None,
                Input::Number(_) => return None,
                Input::Coded(_, values) => {
                    let axis = Axis { len: values.len(), stride: entries };
                    entries = entries.checked_mul(axis.len)?;
                    Some(axis)
                }
                // All values of sites go by the same number of the person's site: one axis.
                Input::Indexed(_, values) => Some(*site_stride.get_or_insert_with(|| {
                    let axis = Axis { len: values.len(), stride: entries };
                    entries = entries.saturating_mul(axis.len);
                    axis
                })),
            };
            axes.push(axis);
        }
        let lasting = site_stride.is_none() && entries <= LASTING_ENTRIES;
        (lasting || (entries <= MOST_ENTRIES && entries * ROWS_PER_ENTRY <= batch_rows)).then_some(entries)
    }

    fn decide_by_table(
        &self,
        inputs: &[Input<'_>],
        entries: usize,
        occasion: &Occasion<'_>,
        scratch: &mut RuleScratch,
        out: &mut [u8],
    ) -> Result<(), BadValue> {
        let rows = out.len();
        let RuleScratch { buffers, draws, index, high, axes, lasting, passing, passing_is_for, .. } = scratch;
        let has_sites = inputs.iter().any(|i| matches!(i, Input::Indexed(..)));
        index.resize(rows.max(index.len()), 0);
        let index = &mut index[..rows];
        let table = if has_sites || entries > LASTING_ENTRIES {
            if *passing_is_for != Some((occasion.epoch, occasion.number)) {
                passing.fill(&self.recipe(), inputs, axes, entries, buffers);
                *passing_is_for = Some((occasion.epoch, occasion.number));
            }
            &*passing
        } else {
            let fixed = |(k, input): (usize, &Input<'_>)| match input {
                Input::Constant(value) => Some((k, value.to_bits())),
                _ => None,
            };
            let few_rows = entries > occasion.batch_rows;
            let table = lasting.entry(inputs.iter().enumerate().filter_map(fixed).collect()).or_insert_with(|| {
                if few_rows {
                    return Table::open(&self.shape, entries);
                }
                let mut table = Table::default();
                table.fill(&self.recipe(), inputs, axes, entries, buffers);
                table
            });
            if table.is_open() {
                entries_of(inputs, axes, index);
                table.complete(&self.recipe(), inputs, index, buffers);
            }
            &*table
        };
        if !table.bad.is_empty() {
            entries_of(inputs, axes, index);
            first_bad(table, index, occasion.skip)?;
        }
        let steps = self.shape.levels() - 1;
        if steps == 1 {
            high.resize(rows.max(high.len()), 0);
            let high = &mut high[..rows];
            thresholds(table, inputs, axes, index, high);
            if table.certain {
                out.iter_mut().zip(high).for_each(|(out, high)| *out = u8::from(*high != 0));
                return Ok(());
            }
            let draws = self.draw(occasion, rows, draws);
            if compare(draws, high, out) {
                for row in (0..rows).filter(|row| draws[*row] == high[*row]) {
                    let chance = table.chances[entry(inputs, axes, row)];
                    out[row] = u8::from(happens(chance, draws[row], row, self.purpose, occasion));
                }
            }
        } else {
            entries_of(inputs, axes, index);
            if table.certain {
                // Thresholds are 0 or at their greatest: any draw between them will do.
                draws.clear();
                draws.resize(rows, 1);
                climb(table, index, steps, draws, out);
                return Ok(());
            }
            let draws = self.draw(occasion, rows, draws);
            if climb(table, index, steps, draws, out) {
                for (i, level) in out.iter_mut().enumerate() {
                    let entry = usize::from(index[i]) * steps;
                    let own = &table.chances[entry..entry + steps];
                    if own.iter().any(|chance| chance.high() == draws[i]) {
                        *level = ladder(own, draws[i], i, self.purpose, occasion);
                    }
                }
            }
        }
        Ok(())
    }

    fn decide_by_block(
        &self,
        inputs: &[Input<'_>],
        occasion: &Occasion<'_>,
        scratch: &mut RuleScratch,
        out: &mut [u8],
    ) -> Result<(), BadValue> {
        let rows = out.len();
        let RuleScratch { buffers, draws, probabilities, values, chances, .. } = scratch;
        let draws = self.draw(occasion, rows, draws);
        evaluate_all(&self.recipe(), inputs, rows, &mut buffers.formula, &mut buffers.values);
        let levels = self.shape.levels();
        probabilities.resize(levels, 0.0);
        values.resize(self.programs.len(), 0.0);
        for (i, outcome) in out.iter_mut().enumerate() {
            if occasion.skip.is_some_and(|skip| skip[i] != 0) {
                *outcome = 0;
                continue;
            }
            for (v, column) in values.iter_mut().zip(&buffers.values) {
                *v = column[i];
            }
            let selector = self.selector.map_or(0, |k| value_at(&inputs[k], i) as usize);
            self.shape.probabilities(selector, values, probabilities).map_err(|formula| BadValue {
                row: i,
                formula,
                value: values[formula],
            })?;
            *outcome = if let [_, yes] = probabilities[..] {
                u8::from(happens(Chance::new(yes), draws[i], i, self.purpose, occasion))
            } else {
                chances.clear();
                push_thresholds(probabilities, chances);
                ladder(chances, draws[i], i, self.purpose, occasion)
            };
        }
        Ok(())
    }
}

/// The value of an input in a row.
#[must_use]
pub fn value_at(input: &Input<'_>, row: usize) -> f64 {
    match input {
        Input::Constant(value) => *value,
        Input::Number(values) => values[row],
        Input::Coded(codes, values) => values[usize::from(codes[row])],
        Input::Indexed(index, values) => values[index[row] as usize],
    }
}

fn first_bad(table: &Table, index: &[u16], skip: Option<&[u8]>) -> Result<(), BadValue> {
    let is_bad = |entry: &u16| table.is_bad.get(usize::from(*entry)).is_some_and(|bad| *bad);
    for (row, entry) in index.iter().enumerate().filter(|(_, entry)| is_bad(entry)) {
        if skip.is_some_and(|skip| skip[row] != 0) {
            continue;
        }
        if let Ok(k) = table.bad.binary_search_by_key(&usize::from(*entry), |(e, _, _)| *e) {
            let (_, formula, value) = table.bad[k];
            return Err(BadValue { row, formula, value });
        }
    }
    Ok(())
}

/// Whether an event happens for a draw, all 64 bits considered.
fn happens(chance: Chance, draw: u16, row: usize, purpose: Purpose, occasion: &Occasion<'_>) -> bool {
    if draw != chance.high() {
        return draw < chance.high();
    }
    if let Some(person) = occasion.people.and_then(|people| people.get(row)) {
        return chance.settle(occasion.streams, &person.lane(purpose, occasion.drawn_on), person.index);
    }
    let start = occasion.segments[0].rows.start;
    let at = occasion.segments.partition_point(|s| s.rows.start - start <= row) - 1;
    let segment = &occasion.segments[at];
    chance.settle(occasion.streams, &segment.lane(purpose, occasion.drawn_on), segment.index(start + row))
}

/// The first level whose cumulative threshold the draw is below.
fn ladder(chances: &[Chance], draw: u16, row: usize, purpose: Purpose, occasion: &Occasion<'_>) -> u8 {
    let level = chances.iter().position(|c| happens(*c, draw, row, purpose, occasion));
    level.unwrap_or(chances.len()) as u8
}

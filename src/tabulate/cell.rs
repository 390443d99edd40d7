//! Filling cells: units for which the conditions of table, row and column hold, replicate after replicate.

use super::level::Level;
use super::run::{Scratch, Work};
use crate::formula::Program;
use std::collections::BTreeMap;

/// How a cell is filled.
#[derive(Clone, Debug)]
pub(super) enum CellFill {
    /// There can be no number.
    NotApplicable,
    /// A number of the design.
    Fixed(f64),
    /// What is found among units of a level for which all conditions hold.
    Found {
        level: Level,
        /// Positions in the plan's list of conditions, those of the table before those of the row and the column.
        conditions: Vec<usize>,
        what: What,
    },
}

/// What of the units is wanted.
#[derive(Clone, Debug)]
pub(super) enum What {
    Count,
    /// Persons with one or more of them.
    Persons,
    Percent(Program),
    Mean(Program),
    Min(Program),
    Max(Program),
    Total(Program),
}

impl What {
    /// The formula of the value.
    fn program(&self) -> Option<&Program> {
        match self {
            Self::Count | Self::Persons => None,
            Self::Percent(p) | Self::Mean(p) | Self::Min(p) | Self::Max(p) | Self::Total(p) => Some(p),
        }
    }
}

/// What a replicate's units have given so far.
#[derive(Clone, Copy, Debug)]
struct Sum {
    n: f64,
    /// Units that have a value.
    valued: f64,
    total: f64,
    least: f64,
    greatest: f64,
    /// The last person counted.
    person: usize,
}

const NOTHING: Sum =
    Sum { n: 0.0, valued: 0.0, total: 0.0, least: f64::INFINITY, greatest: f64::NEG_INFINITY, person: usize::MAX };

/// All cells, replicate after replicate.
pub(super) fn fill(work: &mut Work<'_>, scratch: &mut Scratch) -> Vec<f64> {
    let plan = work.plan;
    let replicate_of = replicates(work);
    let replicates = (work.batch.replicates.end - work.batch.replicates.start) as usize;
    let cells = plan.cells.len();
    let mut out = vec![f64::NAN; replicates * cells];
    let mut known = Conditions::default();
    for (position, fill) in plan.fills.iter().enumerate() {
        let mut put = |values: &dyn Fn(usize) -> f64| {
            (0..replicates).for_each(|r| out[r * cells + position] = values(r));
        };
        match fill {
            CellFill::NotApplicable => {}
            CellFill::Fixed(value) => put(&|_| *value),
            CellFill::Found { level, conditions, what } => {
                let sums = sums(work, *level, conditions, what, (&replicate_of, replicates), &mut known, scratch);
                put(&|r| result(what, &sums[r]));
            }
        }
    }
    out
}

/// The replicate of each person.
fn replicates(work: &Work<'_>) -> Vec<u32> {
    let batch = work.batch;
    let mut of = vec![0; work.units.persons];
    for r in 0..(batch.replicates.end - batch.replicates.start) as usize {
        let (_, rows) = batch.replicate(r).batch();
        of[rows].fill(r as u32);
    }
    of
}

/// For which units conditions hold, one after another: rows share those of their table, columns those of their row.
#[derive(Debug, Default)]
struct Conditions {
    /// By condition: whether it holds for each unit.
    holds: BTreeMap<usize, Vec<bool>>,
    /// By several conditions: the units for which all of them hold.
    holding: BTreeMap<Vec<usize>, Vec<u32>>,
}

fn sums(
    work: &mut Work<'_>,
    level: Level,
    conditions: &[usize],
    what: &What,
    (replicate_of, replicates): (&[u32], usize),
    known: &mut Conditions,
    scratch: &mut Scratch,
) -> Vec<Sum> {
    known.provide(work, level, conditions, scratch);
    let units = known.units(conditions);
    let values = what.program().map(|program| work.evaluate(program, level, scratch));
    let mut sums = vec![NOTHING; replicates];
    let all = 0..work.units.len(level) as u32;
    let each: &mut dyn Iterator<Item = u32> = match units {
        Some(units) => &mut units.iter().copied(),
        None => &mut all.into_iter(),
    };
    for unit in each {
        let unit = unit as usize;
        let person = work.units.person(level, unit);
        let sum = &mut sums[replicate_of[person] as usize];
        if matches!(what, What::Persons) && sum.person == person {
            continue;
        }
        sum.person = person;
        sum.n += 1.0;
        let value = values.as_ref().map_or(f64::NAN, |values| values[unit]);
        if !value.is_nan() {
            sum.valued += 1.0;
            sum.total += value;
            sum.least = sum.least.min(value);
            sum.greatest = sum.greatest.max(value);
        }
    }
    sums
}

impl Conditions {
    /// The units for which these conditions hold; absent: there are no conditions.
    fn units(&self, conditions: &[usize]) -> Option<&Vec<u32>> {
        self.holding.get(conditions)
    }

    /// Works out [`units`](Self::units) for conditions, and for those that come first among them.
    fn provide(&mut self, work: &mut Work<'_>, level: Level, conditions: &[usize], scratch: &mut Scratch) {
        let plan = work.plan;
        for end in 1..=conditions.len() {
            let (wanted, before, last) = (&conditions[..end], &conditions[..end - 1], conditions[end - 1]);
            if self.holding.contains_key(wanted) {
                continue;
            }
            let new = || work.holds(&plan.conditions[last], level, scratch);
            let holds = self.holds.entry(last).or_insert_with(new);
            let units = match self.holding.get(before) {
                Some(before) => before.iter().copied().filter(|unit| holds[*unit as usize]).collect(),
                None => (0..).zip(holds.iter()).filter(|(_, holds)| **holds).map(|(unit, _)| unit).collect(),
            };
            self.holding.insert(wanted.to_vec(), units);
        }
    }
}

fn result(what: &What, sum: &Sum) -> f64 {
    match what {
        What::Count | What::Persons => sum.n,
        What::Percent(_) if sum.valued > 0.0 => 100.0 * sum.total / sum.valued,
        What::Mean(_) if sum.valued > 0.0 => sum.total / sum.valued,
        What::Min(_) if sum.valued > 0.0 => sum.least,
        What::Max(_) if sum.valued > 0.0 => sum.greatest,
        What::Total(_) => sum.total,
        What::Percent(_) | What::Mean(_) | What::Min(_) | What::Max(_) => f64::NAN,
    }
}

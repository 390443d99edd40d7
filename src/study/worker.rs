//! What a thread does with a batch: true histories, their values, the survey, the methods.

use super::Cell;
use super::batch::Todo;
use super::crew::{Halt, Pulse};
use super::fits::{Fits, Pair};
use crate::observe::{self, Keep};
use crate::scenario::MethodDeclaration;
use crate::streams::{Space, Streams};
use crate::tables::{Audit, EstimateRow, Pairs, RunProblem, Spent, TrueValueRow, Truth};
use crate::{simulate, tabulate};
use std::ops::Range;
use std::time::{Duration, Instant};

/// What a batch gave.
pub(super) struct BatchResult {
    /// Replicate after replicate, in each pair after pair.
    pub(super) rows: Vec<EstimateRow>,
    /// Counts only.
    pub(super) audit: Audit,
    /// Per estimand the true value of each replicate; empty where all replicates have the same.
    pub(super) cohort: Vec<Vec<f64>>,
}

/// Conditions whose buffers and bound methods a thread keeps; with more, they are made anew from time to time.
const KEPT: usize = 64;

/// A thread's buffers and bound methods for one condition.
struct Kept<'a> {
    simulate: simulate::Scratch,
    observe: observe::Scratch,
    tabulate: tabulate::Scratch,
    fits: Fits<'a>,
    /// Whether a method of `pairs` reads the tables that the study prints.
    prints: bool,
    /// What `fits` are bound to.
    pairs: Pairs,
}

/// A thread's buffers and bound methods.
pub(super) struct Worker<'a> {
    methods: &'a [MethodDeclaration],
    cells: &'a [Cell],
    seed: u64,
    kept: Vec<Option<Kept<'a>>>,
    live: usize,
    /// The longest that a fit may take.
    limit: Option<Duration>,
}

impl<'a> Worker<'a> {
    pub(super) fn new(methods: &'a [MethodDeclaration], cells: &'a [Cell], seed: u64, limit: Option<Duration>) -> Self {
        Self { methods, cells, seed, kept: std::iter::repeat_with(|| None).take(cells.len()).collect(), live: 0, limit }
    }

    /// Makes some data sets of a block and asks the methods; says where the time went. `fixed` are the true values that all
    /// replicates share.
    pub(super) fn work(
        &mut self,
        todo: &Todo,
        replicates: Range<u64>,
        fixed: &[Option<TrueValueRow>],
        pulse: &mut Pulse,
    ) -> Result<(BatchResult, Spent), Halt> {
        let cells = self.cells;
        let cell = &cells[todo.condition];
        let study = Streams::new(cell.seed(self.seed), Space::Study);
        let number = replicates.end - replicates.start;

        let mut clock = Instant::now();
        let kept = self.kept(todo)?;
        let mut spent = Spent { methods: lap(&mut clock), ..Spent::default() };
        let truth = cell.prepared.truth.simulate(&study, replicates, &mut kept.simulate)?;
        spent.simulate = lap(&mut clock);
        let cohort = cohort_values(cell, &truth, number as usize, fixed)?;
        spent.true_values = lap(&mut clock);
        // Tables need single interviews and comments.
        let keep = if kept.prints { Keep::Interviews } else { Keep::Answers };
        let (mut observed, audit) = cell.prepared.survey.observe(&truth, &study, keep, &mut kept.observe)?;
        drop(truth);
        if let (true, Some(tables)) = (kept.prints, &cell.prepared.tables) {
            observed.cells = tables.cells_of(&observed, &mut kept.tabulate);
        }
        spent.observe = lap(&mut clock);
        let true_value = |estimand: u32, position: usize| {
            let estimand = estimand as usize;
            match fixed.get(estimand).copied().flatten() {
                Some(row) => row.true_value,
                None => cohort[estimand].get(position).copied().unwrap_or(f64::NAN),
            }
        };
        let rows = kept.fits.answer(cell.number, &observed, &audit.links, true_value, pulse)?;
        spent.methods += lap(&mut clock);
        Ok((BatchResult { rows, audit, cohort }, spent))
    }

    fn kept(&mut self, todo: &Todo) -> Result<&mut Kept<'a>, RunProblem> {
        let condition = todo.condition;
        if self.kept[condition].is_none() && self.live == KEPT {
            self.kept.iter_mut().for_each(|kept| *kept = None);
            self.live = 0;
        }
        let cell = &self.cells[condition];
        let streams = Streams::new(cell.seed(self.seed), Space::Method);
        match &mut self.kept[condition] {
            Some(kept) => {
                if kept.pairs != todo.pairs {
                    kept.fits = bound(self.methods, cell, &todo.pairs, streams, self.limit)?;
                    kept.prints = prints(self.methods, &todo.pairs);
                    kept.pairs = todo.pairs.clone();
                }
                Ok(kept)
            }
            empty => {
                self.live += 1;
                Ok(empty.insert(Kept {
                    simulate: simulate::Scratch::default(),
                    observe: observe::Scratch::default(),
                    tabulate: tabulate::Scratch::default(),
                    prints: prints(self.methods, &todo.pairs),
                    fits: bound(self.methods, cell, &todo.pairs, streams, self.limit)?,
                    pairs: todo.pairs.clone(),
                }))
            }
        }
    }
}

fn cohort_values(
    cell: &Cell,
    truth: &Truth,
    replicates: usize,
    fixed: &[Option<TrueValueRow>],
) -> Result<Vec<Vec<f64>>, RunProblem> {
    let mut values = vec![Vec::new(); cell.prepared.estimands.len()];
    for ((plan, values), fixed) in cell.prepared.estimands.iter().zip(&mut values).zip(fixed) {
        if fixed.is_none() {
            for position in 0..replicates {
                values.push(plan.value(truth, truth.rows(position))?);
            }
        }
    }
    Ok(values)
}

/// Whether a method of these pairs reads the tables that the study prints.
fn prints(methods: &[MethodDeclaration], pairs: &Pairs) -> bool {
    pairs.iter().any(|(_, method)| methods[*method as usize].method.reads_cells())
}

fn bound<'a>(
    methods: &'a [MethodDeclaration],
    cell: &'a Cell,
    pairs: &Pairs,
    streams: Streams,
    limit: Option<Duration>,
) -> Result<Fits<'a>, RunProblem> {
    let pairs = pairs.iter().map(|(estimand, method)| {
        let declared = &methods[*method as usize];
        Pair {
            estimand: *estimand,
            method: *method,
            name: &declared.name.text,
            how: &declared.method,
            target: &cell.prepared.targets[*estimand as usize],
        }
    });
    Fits::bind(pairs, cell.prepared.survey.schema(), streams, limit)
}

fn lap(clock: &mut Instant) -> f64 {
    let now = Instant::now();
    let seconds = now.duration_since(*clock).as_secs_f64();
    *clock = now;
    seconds
}

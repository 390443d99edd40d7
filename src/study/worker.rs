//! What a thread does with a batch: true histories, their values, the survey, the methods.

use super::Cell;
use super::batch::Task;
use super::fits::{Fits, Pair};
use crate::scenario::MethodDeclaration;
use crate::streams::{Space, Streams};
use crate::tables::{Audit, EstimateRow, RunProblem, Spent, TrueValueRow, Truth};
use crate::{observe, simulate};
use std::time::Instant;

/// What a batch gave.
pub(super) struct BatchResult {
    /// Number of replicates.
    pub(super) replicates: u64,
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
    fits: Fits<'a>,
}

/// A thread's buffers and bound methods.
pub(super) struct Worker<'a> {
    methods: &'a [MethodDeclaration],
    cells: &'a [Cell],
    study: Streams,
    method: Streams,
    kept: Vec<Option<Kept<'a>>>,
    live: usize,
    /// Where this thread's time went.
    pub(super) spent: Spent,
}

impl<'a> Worker<'a> {
    pub(super) fn new(methods: &'a [MethodDeclaration], cells: &'a [Cell], seed: u64) -> Self {
        Self {
            methods,
            cells,
            study: Streams::new(seed, Space::Study),
            method: Streams::new(seed, Space::Method),
            kept: std::iter::repeat_with(|| None).take(cells.len()).collect(),
            live: 0,
            spent: Spent::default(),
        }
    }

    /// Makes the data sets of a batch and asks every method. `fixed` are the true values that all replicates share.
    pub(super) fn work(&mut self, task: &Task, fixed: &[Option<TrueValueRow>]) -> Result<BatchResult, RunProblem> {
        let (cells, study) = (self.cells, self.study);
        let cell = &cells[task.condition];
        let replicates = task.replicates.end - task.replicates.start;

        let mut clock = Instant::now();
        let kept = self.kept(task.condition)?;
        let mut spent = Spent { methods: lap(&mut clock), ..Spent::default() };
        let truth = cell.prepared.truth.simulate(&study, task.replicates.clone(), &mut kept.simulate)?;
        spent.simulate = lap(&mut clock);
        let cohort = cohort_values(cell, &truth, replicates as usize, fixed)?;
        spent.true_values = lap(&mut clock);
        let (observed, audit) = cell.prepared.survey.observe(&truth, &study, false, &mut kept.observe)?;
        drop(truth);
        spent.observe = lap(&mut clock);
        let true_value = |estimand: u32, position: usize| {
            let estimand = estimand as usize;
            match fixed.get(estimand).copied().flatten() {
                Some(row) => row.true_value,
                None => cohort[estimand].get(position).copied().unwrap_or(f64::NAN),
            }
        };
        let rows = kept.fits.answer(cell.number, &observed, &audit.links, true_value)?;
        spent.methods += lap(&mut clock);
        self.spent.add(&spent);
        Ok(BatchResult { replicates, rows, audit, cohort })
    }

    fn kept(&mut self, condition: usize) -> Result<&mut Kept<'a>, RunProblem> {
        if self.kept[condition].is_none() && self.live == KEPT {
            self.kept.iter_mut().for_each(|kept| *kept = None);
            self.live = 0;
        }
        match &mut self.kept[condition] {
            Some(kept) => Ok(kept),
            empty => {
                self.live += 1;
                Ok(empty.insert(Kept {
                    simulate: simulate::Scratch::default(),
                    observe: observe::Scratch::default(),
                    fits: bound(self.methods, &self.cells[condition], self.method)?,
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

fn bound<'a>(methods: &'a [MethodDeclaration], cell: &'a Cell, streams: Streams) -> Result<Fits<'a>, RunProblem> {
    let pairs = cell.prepared.pairs.iter().map(|(estimand, method)| {
        let declared = &methods[*method];
        Pair {
            estimand: *estimand as u32,
            method: *method as u32,
            name: &declared.name.text,
            how: &declared.method,
            target: &cell.prepared.targets[*estimand],
        }
    });
    Fits::bind(pairs, cell.prepared.survey.schema(), streams)
}

fn lap(clock: &mut Instant) -> f64 {
    let now = Instant::now();
    let seconds = now.duration_since(*clock).as_secs_f64();
    *clock = now;
    seconds
}

//! Tables of many simulated studies.

use super::in_order::{cores, in_order};
use super::{Progress, Watch};
use crate::observe::{self, Keep};
use crate::scenario::{Prepared, Press};
use crate::streams::{Space, Streams};
use crate::tables::{ObservedBatch, RunProblem};
use crate::{simulate, tabulate};
use std::ops::Range;

/// Rows that a batch aims at: fewer than in a study, since every step of a history is kept for interviews between waves.
const ROWS: u64 = 2048;

/// Buffers for filling the tables of simulated studies; for one condition only.
#[derive(Debug, Default)]
pub struct PrintScratch {
    simulate: simulate::Scratch,
    observe: observe::Scratch,
    tabulate: tabulate::Scratch,
}

impl PrintScratch {
    /// What of these buffers may be used with another plan.
    #[must_use]
    pub fn for_another_plan(self) -> Self {
        Self { simulate: self.simulate.for_another_plan(), ..Self::default() }
    }
}

/// The cells of the tables of some replicates, replicate after replicate; none where no tables are declared.
///
/// # Errors
/// A formula gave a value that cannot be used.
pub fn print(
    (truth, survey, tables): Press<'_>,
    streams: &Streams,
    replicates: Range<u64>,
    scratch: &mut PrintScratch,
) -> Result<Vec<f64>, RunProblem> {
    let Some(tables) = tables else { return Ok(Vec::new()) };
    let truth = truth.simulate(streams, replicates, &mut scratch.simulate)?;
    let (observed, _) = survey.observe(&truth, streams, Keep::Tables, &mut scratch.observe)?;
    scratch.simulate.take_back(truth);
    Ok(tables.cells_of(&observed, &mut scratch.tabulate))
}

/// What the survey holds of some replicates, single interviews and comments with it.
///
/// # Errors
/// A formula gave a value that cannot be used.
pub fn observe_interviews(
    prepared: &Prepared,
    streams: &Streams,
    replicates: Range<u64>,
) -> Result<ObservedBatch, RunProblem> {
    let truth = prepared.truth.simulate(streams, replicates, &mut simulate::Scratch::default())?;
    let (observed, _) = prepared.survey.observe(&truth, streams, Keep::Interviews, &mut observe::Scratch::default())?;
    Ok(observed)
}

/// Tables of many simulated studies.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    /// Studies that were made: the first ones.
    pub replicates: u64,
    /// Their cells, study after study.
    pub cells: Vec<f64>,
}

/// The tables of the replicates of a condition: the same studies that `simulate` writes, at any number of threads (0: as
/// many as cores).
///
/// # Errors
/// A formula gave a value that cannot be used, or no threads could be started (R0012).
pub fn printed(
    prepared: &Prepared,
    seed: u64,
    replicates: u64,
    threads: usize,
    watch: &Watch<'_>,
) -> Result<Printed, RunProblem> {
    let threads = if threads == 0 { cores() } else { threads };
    let streams = Streams::new(seed, Space::Study);
    let persons = prepared.truth.schema().persons as u64;
    let size = (ROWS / persons.max(1)).clamp(1, replicates.div_ceil(8 * threads as u64).max(1));
    let tasks = replicates.div_ceil(size) as usize;
    let (done, _) = in_order(threads, tasks, watch.stop, PrintScratch::default, |scratch, task| {
        let first = task as u64 * size;
        let batch = first..(first + size).min(replicates);
        let n = batch.end - batch.start;
        let cells = print(prepared.press(), &streams, batch, scratch)?;
        (watch.progress)(Progress::DataSets(n));
        Ok((n, cells))
    })?;
    let mut all = Printed::default();
    // What is done without a gap from the first study on.
    for (n, cells) in done.into_iter().map_while(|batch| batch) {
        all.replicates += n;
        all.cells.extend(cells);
    }
    Ok(all)
}

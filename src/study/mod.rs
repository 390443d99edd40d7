//! The replicate loop: the only room with threads. What it returns is the same, byte for byte, at any number of them.

mod analysis;
mod assemble;
mod batch;
mod blocks;
mod crew;
mod expectations;
mod fits;
mod gather;
mod identity;
mod in_order;
mod keepers;
mod left;
mod link_quality;
mod missing;
mod parts;
mod pilot;
mod precision;
mod printed;
mod results;
pub mod solve;
mod temporary;
mod true_values;
mod worker;

pub use analysis::analyze;
pub use assemble::Rows;
pub use expectations::{Expectation, Verdict, expectations, verdicts};
pub use identity::identity;
pub use in_order::in_order;
pub use missing::Stretch;
pub use parts::{PART, Part, PartScratch, each_part};
pub use pilot::{Pilot, pilot, pilot_replicates};
pub use precision::{FIRST, Until, extend_until, until};
pub use printed::{PrintScratch, Printed, observe_interviews, print, printed};
pub use results::{Memory, Results, Sink};
pub use temporary::Temporary;

use crate::observe::Missingness;
use crate::scenario::{Condition, Prepared, Scenario};
use crate::streams::{Space, Streams};
use crate::tables::{EstimateRow, Pairs, RunProblem, Spent, StudyResult, TrueValueRow};
use blocks::Blocks;
use gather::Gather;
use in_order::cores;
use missing::missing;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Most data sets of a study; more is a slip of the pen.
const MOST_DATA_SETS: u64 = 100_000_000;
/// Most rows of estimates.
const MOST_ROWS: u64 = 1_000_000_000;

/// A condition with all that it needs to run.
#[derive(Debug)]
pub struct Cell {
    /// Number, from 0.
    pub number: u32,
    /// Varied parameters and their values as written.
    pub factors: Vec<(String, String)>,
    /// Its checked mechanisms, targets and methods.
    pub prepared: Prepared,
    /// Whether its draws are its own; otherwise all conditions share theirs (common random numbers).
    pub independent: bool,
}

impl Cell {
    /// A condition that is ready to run.
    #[must_use]
    pub fn new(condition: Condition, prepared: Prepared, independent: bool) -> Self {
        Self { number: condition.number, factors: condition.factors, prepared, independent }
    }

    /// The pairs of estimand and method that are asked.
    fn pairs(&self) -> Pairs {
        self.prepared.pairs.iter().map(|(estimand, method)| (*estimand as u32, *method as u32)).collect()
    }

    /// The seed of its draws in a study with this seed: for a condition of its own a hash of the seed and the factors, so
    /// that a further condition changes no other one.
    #[must_use]
    pub fn seed(&self, seed: u64) -> u64 {
        if !self.independent {
            return seed;
        }
        let mut hasher = Sha256::new();
        hasher.update(seed.to_le_bytes());
        for text in self.factors.iter().flat_map(|(name, value)| [name, value]) {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        let hash = hasher.finalize();
        hash.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
    }
}

/// How much to run, and on how many threads.
#[derive(Clone, Copy, Debug)]
pub struct RunOptions {
    /// Seed of all draws.
    pub seed: u64,
    /// Replicates per condition.
    pub replicates: u64,
    /// Threads; 0 for as many as the machine has cores. No result depends on it.
    pub threads: usize,
}

/// What is told to whoever waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// True values have been reckoned for one more set of conditions with the same truth.
    TrueValues,
    /// So many more data sets have been made and analysed.
    DataSets(u64),
}

/// How a running study is watched and stopped.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Once set, no further batch is begun.
    pub stop: &'a AtomicBool,
    /// Called as the work goes on.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// A study whose replicates are done piece by piece.
pub struct Study<'a> {
    scenario: &'a Scenario,
    cells: &'a Arc<[Cell]>,
    seed: u64,
    /// True values that all replicates of a condition share; absent where the study was stopped before.
    fixed: FixedValues,
    /// Threads whose fit overran its time.
    left: crew::Left,
    start: Instant,
    spent: Spent,
}

/// Runs a study in memory: every replicate of every condition, every method on each data set.
///
/// After a stop the result holds the replicates `0..n` of each condition that were done, and `interrupted` is set.
///
/// # Errors
/// A formula gave a value that cannot be used, a method refused its target (R0010), the study is too large (R0011), no
/// threads could be started (R0012), or too many fits have overrun their time and are still at work (R0013).
pub fn run(
    scenario: &Scenario,
    cells: &Arc<[Cell]>,
    options: &RunOptions,
    watch: &Watch<'_>,
) -> Result<(StudyResult, Spent), RunProblem> {
    let memory = Memory::default();
    let mut study = Study::begin(scenario, cells, options, watch)?;
    study.extend(&vec![options.replicates; cells.len()], &memory, watch)?;
    let mut result = study.result(options.replicates, &memory)?;
    study.each_estimate(&memory, &mut |rows| {
        result.estimates.extend_from_slice(rows);
        Ok(())
    })?;
    Ok((result, study.spent()))
}

impl<'a> Study<'a> {
    /// Reckons the true values. The conditions are shared, since a thread whose fit never ends keeps them.
    ///
    /// # Errors
    /// As for [`run`].
    pub fn begin(
        scenario: &'a Scenario,
        cells: &'a Arc<[Cell]>,
        options: &RunOptions,
        watch: &Watch<'_>,
    ) -> Result<Self, RunProblem> {
        check_size(cells, options)?;
        let start = Instant::now();
        let threads = match options.threads {
            0 => cores(),
            n => n,
        };
        let mut spent = Spent { threads, ..Spent::default() };
        let fixed = true_values_of(threads, cells, options, watch, &mut spent)?;
        Ok(Self { scenario, cells, seed: options.seed, fixed, left: crew::Left::default(), start, spent })
    }

    /// Does what is missing of the first `replicates[condition]` replicates of each condition.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used, a method refused its target, or a block cannot be kept.
    pub fn extend(&mut self, replicates: &[u64], results: &dyn Results, watch: &Watch<'_>) -> Result<(), RunProblem> {
        let todo = self.todo(replicates, results)?;
        self.work(&todo, results, watch)
    }

    /// The answers of these replicates of the condition at this position alone.
    ///
    /// # Errors
    /// As for [`run`].
    pub fn window(
        &mut self,
        condition: usize,
        replicates: Range<u64>,
        watch: &Watch<'_>,
    ) -> Result<Vec<EstimateRow>, RunProblem> {
        if self.fixed.iter().any(Option::is_none) {
            return Ok(Vec::new());
        }
        let memory = Memory::default();
        let todo = batch::Todo { condition, replicates, pairs: self.cells[condition].pairs(), counted: false };
        self.work(&[todo], &memory, watch)?;
        let mut rows = Vec::new();
        memory.each(condition, &mut |block| {
            rows.extend_from_slice(&block.rows);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Does what is listed.
    fn work(&mut self, todo: &[batch::Todo], results: &dyn Results, watch: &Watch<'_>) -> Result<(), RunProblem> {
        let persons: Vec<usize> = self.cells.iter().map(|c| c.prepared.truth.schema().persons).collect();
        todo.iter().try_for_each(|wanted| results.announce(&wanted.pairs))?;
        let (threads, limit) = (self.spent.threads, self.scenario.study.time_limit);
        let shared: Arc<[batch::Todo]> = todo.into();
        let job = Arc::new(Blocks {
            methods: self.scenario.methods.clone(),
            limit,
            cells: self.cells.clone(),
            seed: self.seed,
            fixed: self.fixed.clone(),
            tasks: batch::tasks(todo, &persons),
            gather: Gather::new(shared.clone()),
            todo: shared,
        });
        let (left, spent) = (&mut self.left, &mut self.spent);
        let (ended, seconds) = keepers::keeping(results, threads, |keep| {
            crew::run(&job, threads, limit, left, watch.stop, &mut |batch| {
                spent.add(&batch.spent);
                let kept = batch.block.map_or(ControlFlow::Continue(()), &mut *keep);
                (watch.progress)(Progress::DataSets(batch.data_sets));
                kept
            })
        })?;
        self.spent.write += seconds;
        self.spent.methods += std::mem::take(&mut self.left.seconds);
        // Whatever ended it, nothing that is done gets lost.
        job.gather.rest().into_iter().try_for_each(|block| results.keep(block)).and(ended)
    }

    /// The blocks that are missing, each time the first ones of all conditions before the second ones.
    fn todo(&self, replicates: &[u64], results: &dyn Results) -> Result<Vec<batch::Todo>, RunProblem> {
        if self.fixed.iter().any(Option::is_none) {
            return Ok(Vec::new());
        }
        let size = results.block_size().unwrap_or_else(|| block_size(self.cells));
        let mut todo = Vec::new();
        for ((condition, cell), wanted) in self.cells.iter().enumerate().zip(replicates) {
            todo.extend(missing(condition, &cell.pairs(), &results.known(condition)?, *wanted, size));
        }
        todo.sort_by_key(|t| (t.replicates.start / size.max(1), t.condition, t.replicates.start));
        Ok(todo)
    }

    /// The answers of one replicate of the condition at this position, made anew.
    ///
    /// # Errors
    /// As for [`run`].
    pub fn replay(&mut self, condition: usize, replicate: u64) -> Result<Vec<EstimateRow>, RunProblem> {
        if condition >= self.cells.len() {
            return Ok(Vec::new());
        }
        let watch = Watch { stop: &AtomicBool::new(false), progress: &|_| {} };
        self.window(condition, replicate..replicate.saturating_add(1), &watch)
    }

    /// Number of conditions.
    #[must_use]
    pub fn conditions(&self) -> usize {
        self.cells.len()
    }

    /// Where the time has gone so far.
    #[must_use]
    pub fn spent(&self) -> Spent {
        Spent { wall: self.start.elapsed().as_secs_f64(), ..self.spent }
    }
}

/// Replicates in a block of this study, where nothing else has been decided.
#[must_use]
pub fn block_size(cells: &[Cell]) -> u64 {
    let persons = cells.iter().map(|c| c.prepared.truth.schema().persons).max();
    batch::block_size(persons.unwrap_or(1) as u64)
}

fn check_size(cells: &[Cell], options: &RunOptions) -> Result<(), RunProblem> {
    let data_sets = options.replicates.saturating_mul(cells.len() as u64);
    let pairs: u64 = cells.iter().map(|c| c.prepared.pairs.len() as u64).sum();
    let rows = options.replicates.saturating_mul(pairs);
    if data_sets <= MOST_DATA_SETS && rows <= MOST_ROWS {
        return Ok(());
    }
    Err(RunProblem {
        code: "R0011",
        message: format!(
            "{} conditions of {} replicates make {data_sets} data sets and {rows} estimates; \
             at most {MOST_DATA_SETS} and {MOST_ROWS} are done in one study",
            cells.len(),
            options.replicates
        ),
        span: None,
    })
}

type FixedValues = Vec<Option<Vec<Option<TrueValueRow>>>>;

fn true_values_of(
    threads: usize,
    cells: &[Cell],
    options: &RunOptions,
    watch: &Watch<'_>,
    spent: &mut Spent,
) -> Result<FixedValues, RunProblem> {
    let population = Streams::new(options.seed, Space::Population);
    // Conditions whose truth reads the same values have the same population.
    let mut groups: BTreeMap<&[(String, u64)], Vec<usize>> = BTreeMap::new();
    for (number, cell) in cells.iter().enumerate() {
        groups.entry(&cell.prepared.truth_reads).or_default().push(number);
    }
    let groups: Vec<Vec<usize>> = groups.into_values().collect();
    let (found, seconds) = in_order(
        threads,
        groups.len(),
        watch.stop,
        || 0.0,
        |seconds, number| {
            let start = Instant::now();
            let values = true_values::fixed(&cells[groups[number][0]].prepared, &population)?;
            *seconds += start.elapsed().as_secs_f64();
            (watch.progress)(Progress::TrueValues);
            Ok(values)
        },
    )?;
    spent.true_values += seconds.iter().sum::<f64>();
    let mut values = vec![None; cells.len()];
    for (group, found) in groups.iter().zip(found) {
        for number in group {
            values[*number].clone_from(&found);
        }
    }
    Ok(values)
}

/// `MCAR`, `MAR` or `MNAR`.
#[must_use]
pub fn missingness_word(missingness: Missingness) -> &'static str {
    match missingness {
        Missingness::Mcar => "MCAR",
        Missingness::Mar => "MAR",
        Missingness::Mnar => "MNAR",
    }
}

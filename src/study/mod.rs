//! The replicate loop: the only room with threads. What it returns is the same, byte for byte, at any number of them.

mod analysis;
mod batch;
mod expectations;
mod fits;
mod in_order;
mod link_quality;
mod parts;
mod pilot;
mod true_values;
mod worker;

pub use analysis::analyze;
pub use expectations::{Expectation, Verdict, expectations, verdicts};
pub use parts::{PART, Part, PartScratch, each_part};
pub use pilot::{Pilot, pilot, pilot_replicates};

use crate::observe::Missingness;
use crate::scenario::{Prepared, Scenario};
use crate::streams::{Space, Streams};
use crate::tables::{
    Audit, ConditionResult, EstimateRow, FailureCount, MechanismRow, RunProblem, Spent, StudyResult, TrueValueRow,
    TruthSource,
};
use batch::Batches;
use in_order::in_order;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::time::Instant;
use worker::{BatchResult, Worker};

/// Most data sets of a study; more is a slip of the pen.
const MOST_DATA_SETS: u64 = 100_000_000;
/// Most rows of estimates, which are held in memory.
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
    /// Called from all threads.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// Runs a study: every replicate of every condition, every method on each data set. Performance is not yet reckoned.
///
/// After a stop the result holds the replicates `0..n` of each condition that were done, and `interrupted` is set.
///
/// # Errors
/// A formula gave a value that cannot be used, a method refused its target (R0010), the study is too large to be held
/// (R0011), or no threads could be started (R0012).
pub fn run(
    scenario: &Scenario,
    cells: &[Cell],
    options: &RunOptions,
    watch: &Watch<'_>,
) -> Result<(StudyResult, Spent), RunProblem> {
    check_size(cells, options)?;
    let methods = scenario.methods.as_slice();
    let start = Instant::now();
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        n => n,
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|e| RunProblem {
        code: "R0012",
        message: format!("{threads} threads could not be started: {e}"),
        span: None,
    })?;
    let mut spent = Spent { threads, ..Spent::default() };
    let fixed = true_values_of(&pool, cells, options, watch, &mut spent)?;
    let persons: Vec<usize> = cells.iter().map(|c| c.prepared.truth.schema().persons).collect();
    let all_fixed: Vec<&[Option<TrueValueRow>]> = fixed.iter().flatten().map(Vec::as_slice).collect();
    let batches = Batches::cut(&persons, if all_fixed.len() == cells.len() { options.replicates } else { 0 });
    let (done, workers) = in_order(
        &pool,
        batches.len(),
        watch.stop,
        || Worker::new(methods, cells, options.seed),
        |worker, number| {
            let task = batches.task(number);
            let result = worker.work(task, all_fixed[task.condition])?;
            (watch.progress)(Progress::DataSets(task.replicates.end - task.replicates.start));
            Ok(result)
        },
    )?;
    for worker in &workers {
        spent.add(&worker.spent);
    }
    let kept = batches.in_conditions(done, cells.len());
    let result = assemble(scenario, cells, options, &fixed, kept);
    spent.wall = start.elapsed().as_secs_f64();
    Ok((result, spent))
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
             at most {MOST_DATA_SETS} and {MOST_ROWS} can be held",
            cells.len(),
            options.replicates
        ),
        span: None,
    })
}

type FixedValues = Vec<Option<Vec<Option<TrueValueRow>>>>;

fn true_values_of(
    pool: &rayon::ThreadPool,
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
        pool,
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

fn assemble(
    scenario: &Scenario,
    cells: &[Cell],
    options: &RunOptions,
    fixed: &FixedValues,
    kept: Vec<Vec<BatchResult>>,
) -> StudyResult {
    let mut result = StudyResult {
        title: scenario.study.title.clone(),
        aims: scenario.study.aims.clone(),
        seed: options.seed,
        scenario_hash: scenario.hash.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        confidence: scenario.study.confidence,
        replicates_asked: options.replicates,
        methods: scenario.methods.iter().map(|m| m.name.text.clone()).collect(),
        estimands: cells.first().map_or(Vec::new(), |c| c.prepared.targets.iter().map(|t| t.name.clone()).collect()),
        nulls: cells.first().map_or(Vec::new(), |c| c.prepared.targets.iter().map(|t| t.null).collect()),
        ..StudyResult::default()
    };
    for ((cell, fixed), batches) in cells.iter().zip(fixed).zip(kept) {
        let mut audit = Audit::default();
        let mut cohort = vec![Vec::new(); cell.prepared.targets.len()];
        let mut replicates = 0;
        for batch in batches {
            replicates += batch.replicates;
            audit.add_counts(&batch.audit);
            for (all, values) in cohort.iter_mut().zip(&batch.cohort) {
                all.extend_from_slice(values);
            }
            result.estimates.extend(batch.rows);
        }
        result.interrupted |= replicates < options.replicates;
        result.conditions.push(ConditionResult {
            number: cell.number,
            factors: cell.factors.clone(),
            replicates,
            persons: cell.prepared.truth.schema().persons as u64,
            true_values: summary(fixed.as_deref(), &cohort),
            mechanisms: mechanisms(cell),
            audit: audit.counts,
        });
    }
    result.failures = count_failures(&result.estimates);
    result
}

/// One true value per estimand; the mean over the replicates where each has its own.
fn summary(fixed: Option<&[Option<TrueValueRow>]>, cohort: &[Vec<f64>]) -> Vec<TrueValueRow> {
    let known = |position: usize| fixed.and_then(|f| f.get(position).copied().flatten());
    let of_cohort = |values: &[f64]| {
        let (true_value, mcse) = true_values::mean_and_error(values);
        TrueValueRow { source: TruthSource::Cohort, true_value, mcse }
    };
    cohort.iter().enumerate().map(|(e, values)| known(e).unwrap_or_else(|| of_cohort(values))).collect()
}

fn mechanisms(cell: &Cell) -> Vec<MechanismRow> {
    let rows = cell.prepared.survey.mechanisms().iter().map(|m| MechanismRow {
        name: m.name.clone(),
        reads: m.reads.clone(),
        missingness: m.missingness.map(missingness_word),
    });
    rows.collect()
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

/// Failed fits by condition, estimand, method and reason, in that order.
fn count_failures(rows: &[EstimateRow]) -> Vec<FailureCount> {
    let mut counts = BTreeMap::new();
    for row in rows {
        if let Err(failure) = &row.result {
            let key = (row.condition, row.estimand, row.method, failure.kind);
            counts.entry(key).or_insert((0_u64, &failure.detail)).0 += 1;
        }
    }
    let list = counts.into_iter().map(|((condition, estimand, method, kind), (count, detail))| FailureCount {
        condition,
        estimand,
        method,
        kind,
        count,
        example: detail.clone(),
    });
    list.collect()
}

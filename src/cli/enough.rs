//! When a study has run for long enough: replicates, precision, time.

use super::progress::Bar;
use super::{interrupt, output};
use crate::diagnostic::{Diagnostics, Sources, Span, Text};
use crate::numeric::time;
use crate::report;
use crate::scenario::{Precision as Written, Scenario};
use crate::study::{FIRST, Progress, Results, Study, Until, Watch, extend_until, until};
use crate::tables::RunProblem;
use crate::tables::precision::Precision;
use clap::Args;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Replicates of a condition at which a study gives up becoming as precise as it was asked to.
pub(super) const MOST: u64 = 1_000_000;

/// How long a study runs.
#[derive(Args, Debug)]
pub(super) struct Enough {
    /// Replicates for each condition, in place of the scenario's and of its [precision]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "until")]
    pub(super) replicates: Option<u64>,
    /// Add replicates to each condition until Monte Carlo errors are this small: "mcse(coverage) <= 0.005"; in place of
    /// `until` of [precision]
    #[arg(long, value_name = "DEMAND")]
    until: Option<String>,
    /// Most replicates of a condition with --until or [precision] [default: 1000000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "replicates")]
    max_replicates: Option<u64>,
    /// End after this time with what is done until then: "10 minutes"
    #[arg(long, value_name = "TIME", value_parser = budget)]
    budget: Option<Duration>,
}

/// A length of time such as `10 minutes`.
fn budget(text: &str) -> Result<Duration, String> {
    time::parse(text).map_err(|why| format!("{why} (R0046)"))
}

/// Why a study has ended.
#[derive(Debug, Default)]
pub(super) struct Ended {
    /// What became of `--until`.
    pub(super) precision: Option<Precision>,
    /// Whether the budget ended it.
    pub(super) by_budget: bool,
    /// Most replicates that were asked of a condition.
    pub(super) asked: u64,
}

/// How long the study runs, from the command line and the scenario.
pub(super) struct Goal {
    until: Option<Until>,
    /// Replicates of each condition that are certain from the start.
    pub(super) first: u64,
    most: u64,
    budget: Option<Duration>,
}

impl Enough {
    /// What is asked; the command line goes before `[precision]`, which `--replicates` switches off. Problems are printed.
    pub(super) fn goal(&self, scenario: &Scenario) -> Result<Goal, ()> {
        let off = Written::default();
        let written = if self.replicates.is_some() { &off } else { &scenario.precision };
        let until = match (&self.until, &written.until) {
            (Some(text), _) => Some(from_command_line(text)?),
            (None, Some(text)) => Some(until(text, &mut Diagnostics::new()).ok_or(())?),
            (None, None) => None,
        };
        if self.max_replicates.is_some() && until.is_none() {
            output::error("--max-replicates goes with --until, or with `until` in [precision] of the scenario");
            return Err(());
        }
        let most = self.max_replicates.or(written.max_replicates).unwrap_or(MOST);
        let first = match until {
            Some(_) => FIRST.min(most),
            None => self.replicates.unwrap_or(scenario.study.replicates),
        };
        Ok(Goal { until, first, most, budget: self.budget.or(written.budget) })
    }
}

/// The demand of `--until`; its problems are printed.
fn from_command_line(text: &str) -> Result<Until, ()> {
    let span = Span { file: 0, bytes: 0..text.len() };
    let sources = Sources { files: vec![("--until".to_owned(), text.into())] };
    let mut problems = Diagnostics::new();
    let checked = until(&Text { text: text.to_owned(), span }, &mut problems);
    output::problems(&problems, &sources);
    checked.ok_or(())
}

impl Goal {
    /// Does what is missing of a study that has begun; `start` is when the budget began to be spent.
    pub(super) fn extend(
        &self,
        study: &mut Study<'_>,
        results: &dyn Results,
        bar: &Bar,
        start: Instant,
    ) -> Result<Ended, RunProblem> {
        let stop = AtomicBool::new(false);
        let interrupted = interrupt::stop_flag();
        let step = |progress: Progress| {
            bar.step(progress);
            if interrupted.load(Ordering::Relaxed) || self.is_spent(start) {
                stop.store(true, Ordering::Relaxed);
            }
        };
        let watch = Watch { stop: &stop, progress: &step };
        stop.store(interrupted.load(Ordering::Relaxed) || self.is_spent(start), Ordering::Relaxed);
        let first = vec![self.first; study.conditions()];
        // What a store has is not done again.
        bar.expect(study.left(&first, results)?);
        let Some(until) = &self.until else {
            study.extend(&first, results, &watch)?;
            let by_budget = stop.load(Ordering::Relaxed) && !interrupted.load(Ordering::Relaxed);
            return Ok(Ended { precision: None, by_budget, asked: self.first });
        };
        let known = study.known(results)?;
        let precision = extend_until(study, until, self.most, results, &watch, &mut |first| {
            let more = first.conditions.iter().zip(&known).map(|(c, known)| {
                // Where nothing of the demand is defined, it ends here.
                let least = if c.slowest.is_none() { c.replicates } else { self.most };
                let needed = c.needed.unwrap_or(least).max(c.replicates);
                needed.saturating_sub(c.replicates.max(*known))
            });
            let (more, done): (u64, u64) = (more.sum(), bar.done());
            bar.expect(done.saturating_add(more));
            let spent = start.elapsed().as_secs_f64();
            let left = if done == 0 { 0.0 } else { spent / done as f64 * more as f64 };
            bar.tell(&report::precision_plan(first, left));
        })?;
        let asked = precision.conditions.iter().map(|c| c.replicates).max().unwrap_or(0);
        let by_budget = stop.load(Ordering::Relaxed) && !interrupted.load(Ordering::Relaxed);
        Ok(Ended { precision: Some(precision), by_budget, asked })
    }

    fn is_spent(&self, start: Instant) -> bool {
        self.budget.is_some_and(|budget| start.elapsed() >= budget)
    }
}

#[cfg(test)]
mod tests {
    use super::budget;
    use std::time::Duration;

    #[test]
    fn a_budget_is_a_length_of_time() {
        assert_eq!(budget("10 minutes"), Ok(Duration::from_secs(600)));
        assert_eq!(budget("10"), Err("write a unit: seconds, minutes or hours (R0046)".to_owned()));
    }
}

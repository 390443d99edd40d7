//! When a study has run for long enough: replicates, precision, time.

use super::progress::Bar;
use super::{interrupt, output};
use crate::diagnostic::{Diagnostics, Sources, Span, Text};
use crate::numeric::time;
use crate::report;
use crate::study::{FIRST, Progress, Results, Study, Until, Watch, extend_until, until};
use crate::tables::RunProblem;
use crate::tables::precision::Precision;
use clap::Args;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Replicates of a condition at which a study gives up becoming as precise as it was asked to.
const MOST: u64 = 1_000_000;

/// How long a study runs.
#[derive(Args, Debug)]
pub(super) struct Enough {
    /// Replicates for each condition, in place of the scenario's
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "until")]
    pub(super) replicates: Option<u64>,
    /// Add replicates to each condition until Monte Carlo errors are this small: "mcse(coverage) <= 0.005"
    #[arg(long, value_name = "DEMAND")]
    until: Option<String>,
    /// Most replicates of a condition with --until [default: 1000000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), requires = "until")]
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

impl Enough {
    /// The demand on precision; its problems are printed.
    pub(super) fn until(&self) -> Result<Option<Until>, ()> {
        let Some(text) = &self.until else { return Ok(None) };
        let span = Span { file: 0, bytes: 0..text.len() };
        let sources = Sources { files: vec![("--until".to_owned(), text.as_str().into())] };
        let mut problems = Diagnostics::new();
        let checked = until(&Text { text: text.clone(), span }, &mut problems);
        output::problems(&problems, &sources);
        checked.map(Some).ok_or(())
    }

    /// Replicates that are certain from the start.
    pub(super) fn first(&self, of_scenario: u64) -> u64 {
        match self.until {
            Some(_) => FIRST.min(self.max_replicates.unwrap_or(MOST)),
            None => self.replicates.unwrap_or(of_scenario),
        }
    }

    /// Does what is missing of a study that has begun; `start` is when the budget began to be spent.
    pub(super) fn extend(
        &self,
        study: &mut Study<'_>,
        until: Option<&Until>,
        of_scenario: u64,
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
        let conditions = study.conditions();
        let Some(until) = until else {
            let asked = self.first(of_scenario);
            study.extend(&vec![asked; conditions], results, &watch)?;
            let by_budget = stop.load(Ordering::Relaxed) && !interrupted.load(Ordering::Relaxed);
            return Ok(Ended { precision: None, by_budget, asked });
        };
        let most = self.max_replicates.unwrap_or(MOST);
        let precision = extend_until(study, until, most, results, &watch, &mut |first| {
            let all: u64 = first.conditions.iter().map(|c| c.needed.unwrap_or(most).max(c.replicates)).sum();
            bar.expect(all);
            let spent = start.elapsed().as_secs_f64();
            let done: u64 = first.conditions.iter().map(|c| c.replicates).sum();
            let left = spent / done.max(1) as f64 * all.saturating_sub(done) as f64;
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

//! `eclosion solve`: which design is enough.

use super::load::ScenarioArguments;
use super::{Exit, interrupt, output};
use crate::diagnostic::Sources;
use crate::evaluate;
use crate::report::{self, Solved};
use crate::scenario::load;
use crate::study::solve::{Found, Look, SCAN, Search, search};
use crate::study::{Cell, RunOptions, Study, Watch};
use crate::tables::{Among, EstimateRow, RunProblem, Target};
use clap::Args;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Arguments of `eclosion solve`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// What is varied: a parameter or a key of the file, such as group.size
    #[arg(long, value_name = "NAME")]
    vary: String,
    /// Least and greatest value; whole numbers are varied in whole steps
    #[arg(long, value_name = "LOW..HIGH", value_parser = between)]
    between: Between,
    /// What must be reached: a performance measure and its value, such as "power >= 0.8"
    #[arg(long = "for", value_name = "DEMAND", value_parser = goal)]
    goal: Goal,
    /// Method that must reach it [default: the only one]
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,
    /// Estimand for which it must [default: the only one]
    #[arg(long, value_name = "ESTIMAND")]
    estimand: Option<String>,
    /// Replicates of each look at a value
    #[arg(long, value_name = "N", default_value_t = 250, value_parser = clap::value_parser!(u64).range(10..))]
    replicates: u64,
    /// Monte Carlo standard error of the measure at the answer with which the search ends
    #[arg(long, value_name = "MCSE", default_value_t = 0.01, value_parser = positive)]
    precision: f64,
    /// Most replicates in all
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    max_replicates: u64,
    /// Seed of all draws, in place of the scenario's
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Threads; no result depends on it [default: as many as cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

/// A range of values as written.
#[derive(Clone, Debug)]
struct Between {
    low: f64,
    high: f64,
    whole: bool,
}

/// Most values that are told apart.
const MOST: usize = 2_000;

impl Between {
    /// The values to search, ascending.
    fn candidates(&self) -> Vec<f64> {
        let width = self.high - self.low;
        let step = if self.whole { (width / MOST as f64).ceil().max(1.0) } else { width / MOST as f64 };
        let steps = (width / step).floor() as usize;
        let mut list: Vec<f64> = (0..=steps).map(|k| self.low + step * k as f64).collect();
        if list.last().is_some_and(|last| *last < self.high) {
            list.push(self.high);
        }
        list
    }

    fn written(&self, value: f64) -> String {
        if self.whole { format!("{value:.0}") } else { value.to_string() }
    }
}

fn between(text: &str) -> Result<Between, String> {
    let ends = text.split_once("..").ok_or("write it as 20..400")?;
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite() && n.abs() < 1e15);
    match (number(ends.0), number(ends.1)) {
        (Some(low), Some(high)) if low < high => {
            Ok(Between { low, high, whole: ![ends.0, ends.1].iter().any(|end| end.contains(['.', 'e', 'E'])) })
        }
        (Some(_), Some(_)) => Err("the first number must be less than the second".to_owned()),
        _ => Err("two numbers with .. between them, such as 20..400".to_owned()),
    }
}

/// A measure and its target.
#[derive(Clone, Debug)]
struct Goal {
    measure: &'static str,
    at_least: bool,
    target: f64,
    text: String,
}

fn goal(text: &str) -> Result<Goal, String> {
    let shape = "a measure, >= or <=, and a number, such as \"power >= 0.8\"";
    let (name, at_least, target) = match (text.split_once(">="), text.split_once("<=")) {
        (Some((name, target)), None) => (name, true, target),
        (None, Some((name, target))) => (name, false, target),
        _ => return Err(shape.to_owned()),
    };
    let name = if name.trim() == "power" { "rejection" } else { name.trim() };
    let entry = evaluate::catalogue().iter().find(|entry| entry.name == name);
    let entry = entry.ok_or_else(|| format!("`{name}` is no performance measure (R0042)"))?;
    let target = target.trim().parse::<f64>().ok().filter(|t| t.is_finite()).ok_or(shape)?;
    Ok(Goal { measure: entry.name, at_least, target, text: text.trim().to_owned() })
}

fn positive(text: &str) -> Result<f64, String> {
    text.parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0).ok_or_else(|| "a number above 0".to_owned())
}

/// Searches for the value and reports it.
pub fn run(arguments: &Arguments) -> Exit {
    let plan = Search {
        candidates: arguments.between.candidates(),
        replicates: arguments.replicates,
        precision: arguments.precision,
        most: arguments.max_replicates,
    };
    let least = plan.replicates.saturating_mul(SCAN as u64 + 1);
    if plan.most < least {
        let looks = format!("the first {SCAN} looks and one more take --max-replicates {least}");
        output::error(&format!("{looks}; or look with fewer --replicates"));
        return Exit::Usage;
    }
    let mut asked = None;
    match search(&plan, &mut |value, replicates| arguments.look(value, replicates, &mut asked)) {
        Ok(found) => arguments.report(&found, asked.as_ref()),
        Err(Refused::Told) => Exit::Failed,
        Err(Refused::Problem(problem, sources)) => {
            output::run_problem(&problem, &sources);
            Exit::Failed
        }
    }
}

/// Why a value could not be looked at.
enum Refused {
    /// The problems have been printed.
    Told,
    Problem(RunProblem, Sources),
}

impl Arguments {
    /// Runs some replicates with a value; nothing where the program was interrupted.
    fn look(
        &self,
        value: f64,
        replicates: Range<u64>,
        asked: &mut Option<(String, String)>,
    ) -> Result<Option<Look>, Refused> {
        let mut settings = self.scenario.set.clone();
        settings.push((self.vary.clone(), self.between.written(value)));
        let loaded = load(&self.scenario.file, &settings);
        let mut problems = loaded.problems;
        let first = asked.is_none();
        let ready = loaded.scenario.and_then(|scenario| Some((scenario.check_all(&mut problems)?, scenario)));
        let Some((mut conditions, scenario)) = ready.filter(|(conditions, _)| !conditions.is_empty()) else {
            output::problems(&problems, &loaded.sources);
            return Err(Refused::Told);
        };
        let blame = |problem| Refused::Problem(problem, scenario.sources.clone());
        if first && conditions.len() > 1 {
            let factors: Vec<String> = conditions[0].0.factors.iter().map(|(n, v)| format!("{n} = {v}")).collect();
            let which = factors.join(", ");
            output::complain(&format!(
                "note: only the first condition is solved, {which}; --set NAME=VALUE chooses another\n"
            ));
        }
        let (condition, prepared) = conditions.swap_remove(0);
        let cell = Cell::new(condition, prepared, false);
        let methods: Vec<&str> = scenario.methods.iter().map(|m| m.name.text.as_str()).collect();
        let pair = self.pair(&cell, &methods).map_err(blame)?;
        let targets = &cell.prepared.targets;
        asked.get_or_insert_with(|| (targets[pair.0].name.clone(), methods[pair.1].to_owned()));
        let options = RunOptions {
            seed: self.seed.unwrap_or(scenario.study.seed),
            replicates: replicates.end,
            threads: self.threads.map_or(0, usize::from),
        };
        let watch = Watch { stop: interrupt::stop_flag(), progress: &|_| {} };
        let cells: Arc<[Cell]> = Arc::new([cell]);
        let mut study = Study::begin(&scenario, &cells, &options, &watch).map_err(blame)?;
        let rows = study.window(0, replicates.clone(), &watch).map_err(blame)?;
        if watch.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        self.measured(value, &rows, pair, &cells[0].prepared.targets).map(Some).map_err(blame)
    }

    /// The only pair of estimand and method, or the one that is named.
    fn pair(&self, cell: &Cell, methods: &[&str]) -> Result<(usize, usize), RunProblem> {
        let name = |pair: &(usize, usize)| (cell.prepared.targets[pair.0].name.as_str(), methods[pair.1]);
        let wanted = |asked: &Option<String>, name: &str| asked.as_deref().is_none_or(|asked| asked == name);
        let fits = |pair: &&(usize, usize)| wanted(&self.estimand, name(pair).0) && wanted(&self.method, name(pair).1);
        let found: Vec<_> = cell.prepared.pairs.iter().filter(fits).copied().collect();
        if let [pair] = found[..] {
            return Ok(pair);
        }
        let all: Vec<String> = cell
            .prepared
            .pairs
            .iter()
            .map(|p| format!("\n  --estimand \"{}\" --method \"{}\"", name(p).0, name(p).1))
            .collect();
        let many = if found.is_empty() { "no estimand and method are" } else { "several estimands and methods are" };
        let message = format!("{many} meant; choose one of:{}", all.concat());
        Err(RunProblem { code: "R0047", message, span: None })
    }

    fn measured(
        &self,
        value: f64,
        rows: &[EstimateRow],
        pair: (usize, usize),
        targets: &[Target],
    ) -> Result<Look, RunProblem> {
        let performance = evaluate::performance(rows, |_| targets);
        let row = performance.iter().find(|row| {
            row.measure == self.goal.measure
                && row.among == Among::Own
                && (row.estimand as usize, row.method as usize) == pair
        });
        let error = row.map_or(f64::NAN, evaluate::cautious_mcse);
        match row.and_then(|row| Some((row.measured.value?, row.replicates))) {
            Some((measure, replicates)) if error.is_finite() => {
                Ok(Look { at: value, replicates, excess: measure - self.goal.target, mcse: error })
            }
            _ => {
                let (measure, at) = (self.goal.measure, self.between.written(value));
                let message = format!("`{measure}` is undefined where {} = {at}", self.vary);
                Err(RunProblem { code: "R0048", message, span: None })
            }
        }
    }

    fn report(&self, found: &Found, asked: Option<&(String, String)>) -> Exit {
        let (estimand, method) = asked.cloned().unwrap_or_default();
        let solved = Solved {
            vary: self.vary.clone(),
            goal: self.goal.text.clone(),
            measure: self.goal.measure.to_owned(),
            at_least: self.goal.at_least,
            target: self.goal.target,
            whole: self.between.whole,
            estimand,
            method,
            rises: found.rises,
            precise: found.precise,
            replicates: found.replicates,
            root: found.root.map(|root| (root.at, root.interval, root.mcse)),
            looks: found.looks.iter().map(|l| (l.at, l.replicates, l.excess + self.goal.target, l.mcse)).collect(),
        };
        let printed = match self.json {
            true => output::result(&report::solved_json(&solved)),
            false => output::result(&report::solved(&solved, &output::style())),
        };
        match (interrupt::stop_flag().load(Ordering::Relaxed), found.root) {
            (true, _) => Exit::Interrupted,
            (_, None) => Exit::Failed,
            _ => printed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_goals() {
        let range = between("20..400").unwrap();
        assert!(range.whole && range.candidates().len() == 381 && range.written(25.0) == "25");
        let range = between("0.0..0.5").unwrap();
        assert!(!range.whole && range.candidates().last() == Some(&0.5));
        assert_eq!(between("1..100000").unwrap().candidates().last(), Some(&100_000.0));
        for bad in ["20", "a..b", "4..4", "5..4", "1..inf", "..", "1..2..3"] {
            assert!(between(bad).is_err(), "{bad}");
        }
        assert_eq!(goal("power >= 0.8").unwrap().measure, "rejection");
        assert!(!goal("bias <= 0.01").unwrap().at_least);
        for bad in ["power", "power > 0.8", "pwer >= 0.8", "power >= x", "0 <= power <= 1"] {
            assert!(goal(bad).is_err(), "{bad}");
        }
    }
}

//! From parameters to the cells of a simulated study.

use super::Prior;
use crate::diagnostic::Diagnostics;
use crate::scenario::{Condition, PreparedTables, Scenario, load_recorded};
use crate::streams::{Space, Streams};
use crate::study::{PrintScratch, print};
use std::cell::RefCell;

/// A scenario of its own for one thread, and buffers.
pub struct Simulator {
    scenario: Option<(Scenario, Condition)>,
    /// What was prepared for the last study: much of it is the same for the next.
    before: RefCell<Option<PreparedTables>>,
    scratch: RefCell<PrintScratch>,
    /// Position of each fitted parameter among the scenario's.
    positions: Vec<usize>,
    streams: Streams,
}

impl Simulator {
    /// A simulator of the scenario that was read from these files, settings included, under its first condition.
    #[must_use]
    pub fn new(files: &[(String, String)], priors: &[Prior], seed: u64) -> Self {
        let scenario = load_recorded(files).scenario.and_then(|scenario| {
            let mut conditions = scenario.conditions(&mut Diagnostics::new());
            let mut condition = (!conditions.is_empty()).then(|| conditions.swap_remove(0))?;
            // Most formulas read none of the fitted parameters.
            condition.parameters.keep_compiled();
            Some((scenario, condition))
        });
        let position = |prior: &Prior| {
            let list = scenario.as_ref().map_or(&[][..], |(_, condition)| condition.parameters.list());
            list.iter().position(|parameter| parameter.name.text == prior.name).unwrap_or(usize::MAX)
        };
        let positions = priors.iter().map(position).collect();
        Self {
            scenario,
            before: RefCell::default(),
            scratch: RefCell::default(),
            positions,
            streams: Streams::new(seed, Space::Calibration),
        }
    }

    /// The cells of the study with this number under these values of the fitted parameters; NaN where there is no number.
    ///
    /// # Errors
    /// What is wrong with the scenario under these values.
    pub fn study(&self, values: &[f64], number: u64) -> Result<Vec<f64>, String> {
        let Some((scenario, condition)) = &self.scenario else { return Err("the scenario cannot be read".to_owned()) };
        let changes: Vec<(usize, f64)> = self.positions.iter().copied().zip(values.iter().copied()).collect();
        let mut problems = Diagnostics::new();
        let before = self.before.take();
        let Some(prepared) = scenario.prepare_tables(&condition.with(&changes), before.as_ref(), &mut problems) else {
            let first = problems.list().iter().find(|problem| problem.severity == crate::diagnostic::Severity::Error);
            return Err(first.map_or_else(String::new, |problem| format!("{}: {}", problem.code, problem.message)));
        };
        let mut scratch = self.scratch.take().for_another_plan();
        let cells = print(prepared.press(), &self.streams, number..number + 1, &mut scratch);
        self.scratch.replace(scratch);
        self.before.replace(Some(prepared));
        cells.map_err(|problem| format!("{}: {}", problem.code, problem.message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::priors;
    use std::sync::Arc;

    /// Tables of studies whose plans are taken in part from the plans before are those of plans made from nothing.
    #[test]
    fn what_is_kept_from_study_to_study_changes_no_cell() {
        let files =
            vec![("scenarios/butterfly.toml".to_owned(), include_str!("../../scenarios/butterfly.toml").to_owned())];
        let fresh = || load_recorded(&files).scenario.expect("a scenario");
        let scenario = fresh();
        let priors = priors(&scenario, &mut Diagnostics::new()).expect("priors");
        let base: Vec<f64> = priors.iter().map(|prior| prior.value).collect();
        let simulator = Simulator::new(&files, &priors, 5);
        let (mut seen, mut changed_one, mut tables) = (Vec::new(), base.clone(), Vec::new());
        changed_one[1] += 0.25;
        let all: Vec<f64> = base.iter().map(|value| value * 0.875).collect();
        for (number, values) in [&base, &changed_one, &all, &base, &all].into_iter().enumerate() {
            let scenario = fresh();
            let condition = scenario.conditions(&mut Diagnostics::new()).swap_remove(0);
            let changes: Vec<(usize, f64)> = simulator.positions.iter().copied().zip(values.iter().copied()).collect();
            let prepared =
                scenario.prepare_tables(&condition.with(&changes), None, &mut Diagnostics::new()).expect("a plan");
            let number = number as u64;
            let cells = print(prepared.press(), &simulator.streams, number..number + 1, &mut PrintScratch::default());
            let bits = |cells: Vec<f64>| cells.into_iter().map(f64::to_bits).collect::<Vec<u64>>();
            let cells = bits(cells.expect("tables"));
            assert_eq!(bits(simulator.study(values, number).expect("tables")), cells, "study {number}");
            assert!(!cells.is_empty() && !seen.contains(&cells), "every study is another one");
            seen.push(cells);
            tables.extend(simulator.before.borrow().as_ref().and_then(|before| before.tables.clone()));
        }
        assert!(
            tables.len() == 5 && tables.iter().all(|plan| Arc::ptr_eq(plan, &tables[0])),
            "the tables are planned once"
        );
    }
}

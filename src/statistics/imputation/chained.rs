//! Chained equations: each variable with missing values imputed in turn, given the others, until the chain has
//! forgotten where it began; in one pass where the pattern of missing values is monotone.
//!
//! Data are wide: a row a person, a column a variable, NaN where missing. Source: van Buuren 2007, Multiple imputation
//! of discrete and continuous data by fully conditional specification (doi:10.1177/0962280206074463); van Buuren 2018,
//! Flexible Imputation of Missing Data, 2nd ed., 4.3 and 4.5 (doi:10.1201/9780429492259).

mod plan;
mod work;

pub use plan::{ChainedFailure, Factor, Kind, Plan, Target, Term, WhenCollinear};

use super::{ImputationFailure, Incomplete};
use crate::statistics::draws::Draws;
use work::Work;

/// How imputations went, since the data were loaded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Whether one pass in the order of visits sufficed.
    pub one_pass: bool,
    /// For each target, how many fits there were.
    pub fits: Vec<u64>,
    /// For each target, how many of them had pseudo-rows.
    pub augmented: Vec<u64>,
    /// For each target and each of its predictors, from how many fits it was left out as collinear.
    pub left_out: Vec<Vec<u64>>,
}

/// Chained equations over one data set after the other. Buffers are used again.
#[derive(Clone, Debug, Default)]
pub struct Chained {
    plan: Plan,
    rows: usize,
    /// The data as they are, column after column, and as they are completed.
    data: Vec<f64>,
    complete: Vec<f64>,
    /// What is added to imputations, like the data; empty for nothing.
    shift: Vec<f64>,
    works: Vec<Work>,
    one_pass: bool,
    observed: Vec<f64>,
    missing: Vec<f64>,
    shifts: Vec<f64>,
    imputed: Vec<f64>,
    trace: Vec<f64>,
}

impl Chained {
    /// Chained equations by a plan.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        Self { plan, ..Self::default() }
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Goes by another plan from the next [`load`](Self::load) on.
    pub fn replan(&mut self, plan: Plan) {
        self.plan = plan;
    }

    /// How many rows of a target are missing.
    #[must_use]
    pub fn missing(&self, target: usize) -> usize {
        self.works.get(target).map_or(0, |work| work.missing.len())
    }

    /// Takes a data set: columns of `rows` values, one after the other, NaN where missing. Forgets shifts and counts.
    ///
    /// # Errors
    /// The plan does not fit the data: a column that is not there or a target twice, a target among its own predictors
    /// or never observed, an incomplete predictor that is no target, an infinite value.
    pub fn load(&mut self, data: &[f64], rows: usize) -> Result<(), ChainedFailure> {
        self.plan.check(data, rows)?;
        self.rows = rows;
        self.data.clear();
        self.data.extend_from_slice(data);
        self.shift.clear();
        self.one_pass = self.plan.one_pass && self.plan.is_monotone(data, rows);
        self.works.resize_with(self.plan.targets.len(), Work::default);
        for (k, work) in self.works.iter_mut().enumerate() {
            work.load(&self.plan, k, data, rows, self.one_pass);
        }
        Ok(())
    }

    /// Sets what is added to imputations, laid out like the data: to a value of a normal or matched variable, to the
    /// logit of a yes/no variable, to x b of an ordered one. It is added at every visit, so what is imputed later is
    /// imputed given shifted values. An unordered variable takes no shift.
    ///
    /// # Errors
    /// Not as many numbers as the data have.
    pub fn set_shift(&mut self, shift: &[f64]) -> Result<(), ChainedFailure> {
        if shift.len() != self.data.len() {
            return Err(ChainedFailure::Shape);
        }
        self.shift.clear();
        self.shift.extend_from_slice(shift);
        Ok(())
    }

    /// Whether one pass in the order of visits suffices for the data.
    #[must_use]
    pub fn one_pass(&self) -> bool {
        self.one_pass
    }

    /// Makes one completed data set, laid out like the data. Columns that are no target stay as they are.
    ///
    /// Draws, when one pass does not suffice: for each target in order and each missing row in order, the observed row
    /// its chain begins with (a number below how many are observed). Then, in each sweep and for each target with
    /// missing values in order, what its model asks for: parameters, then values.
    ///
    /// # Errors
    /// The first target that could not be drawn, and why.
    pub fn impute(&mut self, draws: &mut dyn Draws) -> Result<&[f64], ChainedFailure> {
        self.complete.clear();
        self.complete.extend_from_slice(&self.data);
        self.trace.clear();
        let sweeps = if self.one_pass { 1 } else { self.plan.sweeps.max(1) };
        if !self.one_pass {
            self.begin(draws);
        }
        for _ in 0..sweeps {
            for k in 0..self.works.len() {
                self.visit(k, draws).map_err(|failure| self.blame(k, failure))?;
            }
        }
        Ok(&self.complete)
    }

    /// The last completed data set.
    #[must_use]
    pub fn completed(&self) -> &[f64] {
        &self.complete
    }

    /// Means of the imputed values in the last data set, sweep after sweep, in each a number for each target; NaN for a
    /// target with nothing missing.
    #[must_use]
    pub fn trace(&self) -> &[f64] {
        &self.trace
    }

    /// How the imputations since the data were loaded went.
    #[must_use]
    pub fn report(&self) -> Report {
        Report {
            one_pass: self.one_pass,
            fits: self.works.iter().map(|w| w.fits).collect(),
            augmented: self.works.iter().map(|w| w.augmented).collect(),
            left_out: self.works.iter().map(|w| w.left_out.clone()).collect(),
        }
    }

    fn begin(&mut self, draws: &mut dyn Draws) {
        for work in &self.works {
            let start = work.column * self.rows;
            for row in &work.missing {
                let donor = work.observed.get(draws.below(work.observed.len().max(1))).copied().unwrap_or(*row);
                self.complete[start + row] = self.data[start + donor];
            }
        }
    }

    /// Draws the missing values of one target.
    fn visit(&mut self, k: usize, draws: &mut dyn Draws) -> Result<(), ImputationFailure> {
        let Self { works, complete, observed, missing, shift, shifts, imputed, rows, .. } = self;
        let (work, rows) = (&mut works[k], *rows);
        if work.missing.is_empty() {
            self.trace.push(f64::NAN);
            return Ok(());
        }
        work.fit(self.plan.when_collinear, complete, rows, observed, missing)?;
        work.design(complete, rows, &work.missing, missing);
        shifts.clear();
        if let Some(column) = shift.get(work.column * rows..(work.column + 1) * rows) {
            shifts.extend(work.missing.iter().filter_map(|row| column.get(*row)));
        }
        work.draw(missing, shifts, draws, imputed);
        if imputed.len() != work.missing.len() || imputed.iter().any(|v| !v.is_finite()) {
            return Err(ImputationFailure::NotFinite);
        }
        for (row, value) in work.missing.iter().zip(imputed.iter()) {
            complete[work.column * rows + row] = *value;
        }
        self.trace.push(imputed.iter().sum::<f64>() / imputed.len() as f64);
        Ok(())
    }

    /// A failure with the target it belongs to; the column of a design becomes the position of a predictor.
    fn blame(&self, target: usize, failure: ImputationFailure) -> ChainedFailure {
        match failure {
            ImputationFailure::Collinear { column } => {
                let used = self.works.get(target).and_then(|w| w.used.get(column.checked_sub(1)?)).copied();
                used.map_or(ChainedFailure::Draw { target, failure }, |p| ChainedFailure::Collinear {
                    target,
                    predictor: p,
                })
            }
            failure => ChainedFailure::Draw { target, failure },
        }
    }
}

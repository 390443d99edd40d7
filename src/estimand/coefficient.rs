//! A coefficient among rows: the regression of the true values of all persons at one wave, or pooled over several. Pooled
//! it solves the estimating equations of a marginal model with independence as working correlation.

use super::bound::{BLOCK, Work};
use super::condition::Condition;
use super::model::Design;
use super::regression::Groups;
use super::scope::Name;
use crate::statistics::regression::Model;
use crate::tables::RunProblem;
use std::ops::Range;

/// A regression bound to the columns of the truth, and the coefficient that is asked for.
#[derive(Clone, Debug)]
pub(super) struct Coefficient {
    /// Where its rows come from.
    pub waves: Vec<AtWave>,
    /// The model.
    pub design: Design,
    /// The family and its link.
    pub model: Model,
}

/// The rows of a wave.
#[derive(Clone, Debug)]
pub(super) struct AtWave {
    /// The wave, counted from 0.
    pub wave: usize,
    /// Its moment.
    pub moment: usize,
    /// The condition on persons, as it reads at this wave.
    pub restrict: Option<Condition>,
}

impl Coefficient {
    /// What it reads.
    pub fn names(&self) -> impl Iterator<Item = Name> + '_ {
        let conditions = self.waves.iter().filter_map(|at| at.restrict.as_ref());
        self.design.names().chain(conditions.flat_map(Condition::names))
    }

    /// The rows of persons at all waves, those with the same predictors taken together.
    fn grouped(&self, work: &Work<'_>, rows: &Range<usize>) -> Result<Groups, RunProblem> {
        let width = self.design.width();
        let (mut groups, mut columns) = (Groups::new(width), vec![Vec::new(); width]);
        let mut y = [0.0; BLOCK];
        for at in &self.waves {
            work.blocks(rows.clone(), at.restrict.as_ref(), |block, weights, _| {
                let outcome = &mut y[..block.len()];
                self.design.fill(work.truth, at.wave, &block, &mut columns);
                // As for a method, a row in which the model is undefined does not count.
                for (row, weight) in weights.iter_mut().enumerate() {
                    if columns.iter().any(|column| column[row].is_nan()) {
                        *weight = 0.0;
                    }
                }
                work.outcome.fill(work.truth, at.moment, block, outcome);
                groups.add(&columns, outcome, weights);
                Ok(())
            })?;
        }
        Ok(groups)
    }

    /// The coefficient among rows; NaN where the regression has no finite unique solution.
    pub fn value(&self, work: &Work<'_>, rows: Range<usize>) -> Result<f64, RunProblem> {
        let fitted = self.grouped(work, &rows)?.fit(self.model);
        Ok(fitted.and_then(|fitted| fitted.coefficient(self.design.wanted)).unwrap_or(f64::NAN))
    }

    /// The coefficient over all of `parts`, and without each of them in turn.
    pub fn leave_one_out(&self, work: &Work<'_>, parts: &[Range<usize>]) -> Result<(f64, Vec<f64>), RunProblem> {
        let rows = parts.first().map_or(0, |p| p.start)..parts.last().map_or(0, |p| p.end);
        let wanted = self.design.wanted;
        let groups = self.grouped(work, &rows)?;
        let fitted = groups.fit(self.model);
        let Some((fitted, value)) = fitted.and_then(|f| f.coefficient(wanted).map(|value| (f, value))) else {
            return Ok((f64::NAN, vec![f64::NAN; parts.len()]));
        };
        let all = fitted.equations(&groups);
        let mut rest = Vec::with_capacity(parts.len());
        for part in parts {
            let part = fitted.equations(&self.grouped(work, part)?);
            rest.push(fitted.without(&part, &all, wanted));
        }
        Ok((value, rest))
    }
}

//! The true value of each target quantity, from true histories only.
//!
//! [`declare`] reads an `[[estimand]]` table, [`plan`] binds it to the columns of the truth, and the [`Plan`] reckons
//! the quantity among rows: the persons of one replicate (a cohort's own truth), a large cohort that stands for the
//! population ([`Plan::value_with_error`]), or the list of all possible histories with their probabilities (exact).

mod bound;
mod coefficient;
mod condition;
mod declare;
mod error;
mod model;
mod outcome;
mod regression;
mod scope;
#[cfg(test)]
mod tests;

use crate::diagnostic::{Diagnostics, Text};
use crate::formula::Parameters;
use crate::options::Options;
use crate::statistics::regression::Model;
use crate::tables::{Quantity, RunProblem, Target, Truth, TruthSchema};
use bound::{Bound, Contrast, Work};
use coefficient::{AtWave, Coefficient};
use condition::Condition;
use model::Design;
use outcome::Outcome;
use scope::Name;
use std::ops::Range;

/// Reads an `[[estimand]]` table under the parameters of one condition. `confidence` is the study's level.
pub fn declare(
    options: &Options,
    confidence: f64,
    parameters: &Parameters,
    truth: &TruthSchema,
    problems: &mut Diagnostics,
) -> Option<Target> {
    declare::declare(options, confidence, parameters, truth, problems)
}

/// A target quantity bound to the columns of the truth.
#[derive(Clone, Debug)]
pub struct Plan {
    outcome: Outcome,
    restrict: Option<Condition>,
    bound: Bound,
}

/// Binds a target to the columns of the truth.
pub fn plan(target: &Target, truth: &TruthSchema, parameters: &Parameters, problems: &mut Diagnostics) -> Option<Plan> {
    let variable = declare::variable(&target.of, truth, problems)?;
    let moment = |wave: usize| truth.waves.get(wave).copied();
    let last = moment(target.quantity.last_wave());
    let until = |by: usize| truth.waves.get(..=by).map(<[usize]>::to_vec);
    let mut compile = |text: &Text| Condition::compile(text, last?, truth, parameters, problems);
    let restrict = target.restrict.as_ref().map(&mut compile);
    let compare = target.compare.as_ref().map(|(one, other)| (compile(one), compile(other)));
    let mut restrict = match restrict {
        Some(condition) => Some(condition?),
        None => None,
    };
    let bound = match &target.quantity {
        Quantity::Prevalence { wave } | Quantity::Mean { wave } => Bound::At(moment(*wave)?),
        Quantity::Ever { by } => Bound::Among { moments: until(*by)?, at_least: 1, consecutive: false },
        Quantity::Years { at_least, consecutive, by } => {
            Bound::Among { moments: until(*by)?, at_least: *at_least, consecutive: *consecutive }
        }
        Quantity::Difference { wave } | Quantity::RiskRatio { wave } | Quantity::OddsRatio { wave } => {
            let (one, other) = compare?;
            let contrast = match &target.quantity {
                Quantity::RiskRatio { .. } => Contrast::RiskRatio,
                Quantity::OddsRatio { .. } => Contrast::OddsRatio,
                _ => Contrast::Difference,
            };
            Bound::Compared { moment: moment(*wave)?, compare: Box::new([one?, other?]), contrast }
        }
        Quantity::Transition { from, to, entering } => {
            Bound::Transition { from: moment(*from)?, to: moment(*to)?, entering: *entering }
        }
        Quantity::Cooccurrence { wave, with, with_level } => {
            let other = declare::variable(with, truth, problems)?;
            Bound::Both { moment: moment(*wave)?, with: Outcome::new(truth, other, with_level.as_deref()) }
        }
        Quantity::Coefficient { waves, model, term, family, link } => {
            let condition = restrict.take();
            let at = |wave: &usize| {
                let moment = moment(*wave)?;
                Some(AtWave { wave: *wave, moment, restrict: condition.as_ref().map(|c| c.at(moment, truth)) })
            };
            let rows = waves.iter().map(at).collect::<Option<Vec<AtWave>>>()?;
            let design = Design::new(&target.of.text, model, term, truth, waves, problems)?;
            Bound::Coefficient(Box::new(Coefficient { waves: rows, design, model: Model::new(*family, *link)? }))
        }
        // Its true value is a constant of the file: no rows are asked.
        Quantity::Finding { .. } => Bound::At(0),
    };
    Some(Plan { outcome: Outcome::new(truth, variable, target.level.as_deref()), restrict, bound })
}

/// A true value, with its Monte Carlo standard error where it was reckoned from a large cohort.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrueValue {
    /// The value; NaN where it is undefined.
    pub value: f64,
    /// Its Monte Carlo standard error; 0 where the value is exact, NaN where nothing tells it.
    pub mcse: f64,
}

impl Plan {
    /// The quantity among these rows of a truth (with the truth's weights, if it has any). NaN where it is
    /// undefined: a share of nobody, a regression without a finite unique solution. A known constant as the true value
    /// is not looked at here.
    ///
    /// # Errors
    /// R0030: `where` or `compare` has no value for a person.
    pub fn value(&self, truth: &Truth, rows: Range<usize>) -> Result<f64, RunProblem> {
        let end = rows.end.min(truth.group.len());
        self.work(truth).value(rows.start.min(end)..end)
    }

    /// The quantity among all rows of a truth, as the population's value. With weights the rows are the whole
    /// population and the value is exact. Without, the truth holds many replicates of the declared study, and the
    /// Monte Carlo standard error is that of the jackknife which leaves out one of up to 100 blocks of replicates at a
    /// time (Busing, Meijer and van der Leeden 1999, doi:10.1023/A:1008800423698). It needs two replicates, and holds
    /// whatever persons of one replicate have in common; with few blocks it is itself uncertain, by 1/sqrt(2 blocks).
    ///
    /// # Errors
    /// R0030: `where` or `compare` has no value for a person.
    pub fn value_with_error(&self, truth: &Truth) -> Result<TrueValue, RunProblem> {
        if truth.weights.is_some() {
            return Ok(TrueValue { value: self.value(truth, 0..truth.group.len())?, mcse: 0.0 });
        }
        let blocks = error::blocks(truth);
        let (value, rest) = self.work(truth).leave_one_out(&blocks)?;
        Ok(TrueValue { value, mcse: error::jackknife(value, &rest, &blocks) })
    }

    /// Positions in [`TruthSchema::variables`] of all variables that the quantity and its conditions read, ascending.
    #[must_use]
    pub fn variables(&self) -> Vec<usize> {
        let mut names: Vec<Name> = self.restrict.iter().flat_map(Condition::names).collect();
        match &self.bound {
            Bound::Compared { compare, .. } => names.extend(compare.iter().flat_map(Condition::names)),
            Bound::Coefficient(coefficient) => names.extend(coefficient.names()),
            Bound::Both { with, .. } => names.push(Name::Variable(with.variable())),
            Bound::At(_) | Bound::Among { .. } | Bound::Transition { .. } => {}
        }
        let mut variables = vec![self.outcome.variable()];
        variables.extend(names.into_iter().filter_map(|name| match name {
            Name::Variable(variable) => Some(variable),
            Name::Group | Name::Site => None,
        }));
        variables.sort_unstable();
        variables.dedup();
        variables
    }

    fn work<'a>(&'a self, truth: &'a Truth) -> Work<'a> {
        Work { outcome: &self.outcome, restrict: self.restrict.as_ref(), bound: &self.bound, truth }
    }
}

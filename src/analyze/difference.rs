//! Differences of two means or shares under the simple handlings, and the two sets of records that they compare.

use super::CannotAnswer;
use super::Fit;
use super::filter::Filter;
use super::outcome::{Number, YesNo};
use super::simple::{Common, read_number};
use super::two_sample::{Comparison, Sample};
use crate::streams::Own;
use crate::tables::{Estimate, FitFailure, Observed, ObservedSchema, Target};

/// A difference of two means or shares.
pub(super) struct DifferenceFit {
    common: Common,
    comparison: Comparison,
    outcome: Number,
    wave: usize,
    groups: Groups,
    now: Vec<f64>,
    values: Vec<f64>,
}

impl DifferenceFit {
    pub(super) fn new(
        comparison: Comparison,
        common: Common,
        target: &Target,
        wave: usize,
        schema: &ObservedSchema,
    ) -> Result<Self, CannotAnswer> {
        let outcome = Number::of(target, schema)?;
        if let (Some(word), Err(_)) = (comparison.for_shares(), YesNo::of(target, schema)) {
            return Err(CannotAnswer { why: format!("`{word}` is for shares, and `{}` is a number", target.of.text) });
        }
        let groups = Groups::new(target, schema, wave)?;
        Ok(Self { common, comparison, outcome, wave, groups, now: Vec::new(), values: Vec::new() })
    }
}

impl Fit for DifferenceFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        read_number(&mut self.common, &self.outcome, observed, self.wave, &mut self.now, &mut self.values);
        self.groups.read(observed, self.wave);
        let (answered, groups) = (&self.common.answered, &self.groups);
        let first = Sample::of(&self.values, |i| answered[i] & groups.first[i] == 1);
        let second = Sample::of(&self.values, |i| answered[i] & groups.second[i] == 1);
        self.comparison.estimate(first, second, &mut self.common.critical)
    }
}

/// The two sets of records that a difference compares.
#[derive(Debug)]
pub(super) struct Groups {
    conditions: (Filter, Filter),
    /// 1 for the records of the first set.
    pub(super) first: Vec<u8>,
    /// 1 for the records of the second set.
    pub(super) second: Vec<u8>,
}

impl Groups {
    pub(super) fn new(target: &Target, schema: &ObservedSchema, wave: usize) -> Result<Self, CannotAnswer> {
        let Some((first, second)) = &target.compare else {
            return Err(CannotAnswer { why: "the estimand names no two groups to compare".to_owned() });
        };
        let conditions = (Filter::new(first, target, schema, wave)?, Filter::new(second, target, schema, wave)?);
        Ok(Self { conditions, first: Vec::new(), second: Vec::new() })
    }

    pub(super) fn read(&mut self, observed: &Observed<'_>, wave: usize) {
        self.conditions.0.apply(observed, wave, &mut self.first);
        self.conditions.1.apply(observed, wave, &mut self.second);
    }
}

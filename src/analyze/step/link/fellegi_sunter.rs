#![doc = include_str!("../../pages/link_fellegi_sunter.md")]

use super::columns::{Chosen, blocks, choices};
use super::deterministic::{keys_of, pairs_in_blocks};
use super::mixture::{Fitted, Mixture};
use super::{Fields, Linker, OneToOne, Rule};
use crate::analyze::CannotAnswer;
use crate::analyze::step::{Step, StepEntry};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::linkage::Pair;
use crate::statistics::linkage::assignment::Candidate;
use crate::statistics::linkage::blocking::every_pair;
use crate::statistics::linkage::compare::Comparison;
use crate::statistics::linkage::fellegi_sunter::{Compared, Em, MISSING, Patterns, weight_of};
use crate::tables::{Finding, FitFailure, Record};
use std::collections::BTreeMap;

/// The line of the catalogue.
pub(in crate::analyze::step) const ENTRY: StepEntry = StepEntry {
    name: "link.fellegi_sunter",
    summary: "links interviews anew by weights that it learns from all pairs (Fellegi and Sunter)",
    page: include_str!("../../pages/link_fellegi_sunter.md"),
    declare,
};

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Step>> {
    let before = problems.list().len();
    let fields = choices(options, "fields", problems);
    let blocks = blocks(options, problems);
    let mixture = Mixture::declare(options, problems);
    if problems.list().len() > before {
        return None;
    }
    super::declare(options, (Box::new(Probabilistic { mixture }), fields, blocks), OneToOne::Optimal, problems)
}

#[derive(Debug)]
struct Probabilistic {
    mixture: Mixture,
}

impl Rule for Probabilistic {
    fn bind(&self, fields: &[Chosen]) -> Result<Box<dyn Linker>, CannotAnswer> {
        let comparisons: Vec<Comparison> = fields.iter().map(|f| f.comparison.clone()).collect();
        let levels: Vec<usize> = comparisons.iter().map(Comparison::levels).collect();
        if let Some(given) = self.mixture.levels().filter(|given| *given != levels) {
            let why = format!("`start` has levels {given:?}, and the fields have {levels:?}");
            return Err(CannotAnswer { why });
        }
        let why = || CannotAnswer { why: "there are more fields or levels than can be counted".to_owned() };
        let compared = Compared::new(&comparisons).ok_or_else(why)?;
        let shape = Patterns::new(&levels);
        Ok(Box::new(Weighing {
            mixture: self.mixture.clone(),
            comparisons,
            patterns: shape.clone(),
            shape,
            compared,
            em: Em::default(),
            fitted: None,
            weights: BTreeMap::new(),
        }))
    }
}

struct Weighing {
    mixture: Mixture,
    comparisons: Vec<Comparison>,
    /// The fields, without any patterns.
    shape: Patterns,
    compared: Compared,
    em: Em,
    /// Patterns of the pairs from which the mixture was learnt.
    patterns: Patterns,
    fitted: Option<Fitted>,
    /// Weights of patterns by their numbers, as they are met.
    weights: BTreeMap<u128, Option<f64>>,
}

impl Linker for Weighing {
    fn learns(&self) -> bool {
        true
    }

    fn learn(&mut self, pairs_of_waves: &[(Fields, Fields)]) -> Result<(), FitFailure> {
        self.fitted = None;
        self.weights.clear();
        self.compared.clear();
        for (a, b) in pairs_of_waves {
            let keys = keys_of(&self.comparisons, a, b);
            each_pair(a, b, |pair| {
                let number = self.compared.number(&keys, pair);
                self.compared.add(number);
            });
        }
        self.patterns = self.compared.patterns();
        self.fitted = Some(self.mixture.fit(&mut self.em, &self.patterns)?);
        Ok(())
    }

    /// Pairs from the upper threshold on; what speaks for them is how far their weight is above it.
    fn candidates(&mut self, a: &Fields, b: &Fields) -> Vec<Candidate> {
        let Self { comparisons, shape, compared, fitted, weights, .. } = self;
        let Some(fitted) = fitted else { return Vec::new() };
        let Some(limits) = fitted.thresholds else { return Vec::new() };
        let keys = keys_of(comparisons, a, b);
        let mut found = Vec::new();
        each_pair(a, b, |pair| {
            let number = compared.number(&keys, pair);
            let weight = weights
                .entry(number)
                .or_insert_with(|| weight_of(shape, &compared.levels(number), &fitted.fit.parameters));
            if let Some(weight) = weight.filter(|w| *w >= limits.upper) {
                found.push(Candidate { pair, gain: weight - limits.upper });
            }
        });
        found
    }

    fn findings(&self, values: &mut Record) {
        values.set("rule", "fellegi_sunter");
        let Some(fitted) = &self.fitted else { return };
        fitted.findings(&self.patterns, values);
        let level = |level: &u8| if *level == MISSING { Finding::None } else { Finding::from(usize::from(*level)) };
        let pattern = |k: usize| Finding::List(self.patterns.levels(k).iter().map(level).collect());
        values.set("patterns", Finding::List((0..self.patterns.len()).map(pattern).collect()));
        values.set("pairs_compared", self.patterns.counts());
    }
}

/// Every pair, or every pair in the same block.
fn each_pair(a: &Fields, b: &Fields, work: impl FnMut(Pair)) {
    match pairs_in_blocks(a, b) {
        Some(pairs) => pairs.into_iter().for_each(work),
        None => {
            let records = |fields: &Fields| fields.compared.first().map_or(0, |field| field.len());
            every_pair(records(a), records(b)).for_each(work);
        }
    }
}

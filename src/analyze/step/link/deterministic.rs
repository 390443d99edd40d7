#![doc = include_str!("../../pages/link_deterministic.md")]

use super::columns::{Chosen, blocks, choices};
use super::{Fields, Linker, OneToOne, Rule, read};
use crate::analyze::CannotAnswer;
use crate::analyze::step::{Step, StepEntry};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::linkage::Pair;
use crate::statistics::linkage::assignment::Candidate;
use crate::statistics::linkage::blocking::in_any_pass;
use crate::statistics::linkage::compare::{Comparison, Key};
use crate::statistics::linkage::deterministic::{links, links_among};
use crate::tables::Record;

/// The line of the catalogue.
pub(in crate::analyze::step) const ENTRY: StepEntry = StepEntry {
    name: "link.deterministic",
    summary: "links interviews anew that agree on at least so many keys, each with a tolerance",
    page: include_str!("../../pages/link_deterministic.md"),
    declare,
};

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Step>> {
    let before = problems.list().len();
    let fields = choices(options, "fields", problems);
    let blocks = blocks(options, problems);
    let words = ("a whole number of at least 1", "`at_least = 6` of seven keys lets one of them differ");
    let at_least = read::value(options, "at_least", |value| read::whole(value, 1), words, problems);
    if problems.list().len() > before {
        return None;
    }
    let rule = Box::new(Deterministic { at_least });
    super::declare(options, (rule, fields, blocks), OneToOne::Unambiguous, problems)
}

#[derive(Debug)]
struct Deterministic {
    /// `None`: all but one.
    at_least: Option<usize>,
}

impl Rule for Deterministic {
    fn bind(&self, fields: &[Chosen]) -> Result<Box<dyn Linker>, CannotAnswer> {
        let count = fields.len();
        let at_least = self.at_least.unwrap_or(count.saturating_sub(1).max(1));
        if at_least > count {
            return Err(CannotAnswer { why: format!("{at_least} keys cannot agree, because there are {count}") });
        }
        let comparisons = fields.iter().map(|f| f.comparison.clone()).collect();
        Ok(Box::new(Agreeing { at_least, comparisons }))
    }
}

struct Agreeing {
    at_least: usize,
    comparisons: Vec<Comparison>,
}

impl Linker for Agreeing {
    fn candidates(&mut self, a: &Fields, b: &Fields) -> Vec<Candidate> {
        let keys = keys_of(&self.comparisons, a, b);
        let found = match pairs_in_blocks(a, b) {
            Some(pairs) => links_among(&keys, self.at_least, pairs.into_iter()),
            None => links(&keys, self.at_least),
        };
        found.into_iter().map(|link| Candidate { pair: link.pair, gain: link.agreeing as f64 }).collect()
    }

    fn findings(&self, values: &mut Record) {
        values.set("rule", "deterministic").set("at_least", self.at_least);
    }
}

/// The fields that are compared, of two lists of interviews.
pub(super) fn keys_of<'f>(comparisons: &[Comparison], a: &'f Fields, b: &'f Fields) -> Vec<Key<'f>> {
    let fields = a.compared.iter().zip(&b.compared).zip(comparisons);
    fields.map(|((a, b), comparison)| Key { a, b, comparison: comparison.clone() }).collect()
}

/// Pairs in the same block of some pass; `None` without blocks.
pub(super) fn pairs_in_blocks(a: &Fields, b: &Fields) -> Option<Vec<Pair>> {
    if a.blocks.is_empty() {
        return None;
    }
    let passes = a.blocks.iter().zip(&b.blocks);
    let passes: Vec<_> = passes.map(|(a, b)| (a.iter().collect(), b.iter().collect())).collect();
    Some(in_any_pass(&passes))
}

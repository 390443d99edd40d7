#![doc = include_str!("../../pages/link_exact.md")]

use super::columns::{Chosen, choices};
use super::{Fields, Linker, OneToOne, Rule};
use crate::analyze::CannotAnswer;
use crate::analyze::step::{Step, StepEntry};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::linkage::assignment::Candidate;
use crate::statistics::linkage::blocking::keys;
use crate::statistics::linkage::compare::{Comparison, Field};
use crate::statistics::linkage::exact::all_pairs;
use crate::tables::Record;

/// The line of the catalogue.
pub(in crate::analyze::step) const ENTRY: StepEntry = StepEntry {
    name: "link.exact",
    summary: "links interviews anew whose keys are equal",
    page: include_str!("../../pages/link_exact.md"),
    declare,
};

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Step>> {
    let before = problems.list().len();
    let fields = choices(options, "fields", problems);
    if problems.list().len() > before {
        return None;
    }
    super::declare(options, (Box::new(Exact), fields, Vec::new()), OneToOne::Unambiguous, problems)
}

#[derive(Clone, Copy, Debug)]
struct Exact;

impl Rule for Exact {
    fn bind(&self, fields: &[Chosen]) -> Result<Box<dyn Linker>, CannotAnswer> {
        match fields.iter().find(|f| f.comparison != Comparison::Equal) {
            Some(field) => {
                let why = format!("`{}` is to be similar or near; `link.exact` wants equal values", field.name);
                Err(CannotAnswer { why })
            }
            None => Ok(Box::new(Exact)),
        }
    }
}

impl Linker for Exact {
    fn candidates(&mut self, a: &Fields, b: &Fields) -> Vec<Candidate> {
        let key = |fields: &Fields| keys(&fields.compared.iter().collect::<Vec<&Field>>());
        let equal = all_pairs(&key(a), &key(b));
        equal.into_iter().map(|pair| Candidate { pair, gain: 1.0 }).collect()
    }

    fn findings(&self, values: &mut Record) {
        values.set("rule", "exact");
    }
}

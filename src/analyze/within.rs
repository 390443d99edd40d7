//! Any method, restricted to the records of an analysis set.

use super::{CannotAnswer, Fit, Method};
use crate::streams::Own;
use crate::tables::observed::AnswerColumn;
use crate::tables::{Answers, Estimate, FailureKind, FitFailure, Observed, ObservedBatch, ObservedSchema, Target};
use std::sync::Arc;

/// A method that sees the records of an analysis set only.
#[derive(Debug)]
pub struct Within {
    /// Name of the set: a baseline variable that is yes for its records.
    set: String,
    method: Box<dyn Method>,
}

impl Within {
    /// The method on the records of the set.
    #[must_use]
    pub fn new(set: String, method: Box<dyn Method>) -> Self {
        Self { set, method }
    }
}

impl Method for Within {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let set = schema.baseline(&self.set);
        let set = set.ok_or_else(|| CannotAnswer { why: format!("there is no analysis set `{}`", self.set) })?;
        let fit = self.method.bind(target, schema)?;
        let records = ObservedBatch { schema: Arc::new(schema.clone()), ..ObservedBatch::default() };
        Ok(Box::new(WithinFit { name: self.set.clone(), set, fit, members: Vec::new(), records }))
    }
}

struct WithinFit {
    name: String,
    set: usize,
    fit: Box<dyn Fit>,
    /// Positions of the records in the set.
    members: Vec<usize>,
    /// These records as a data set of their own.
    records: ObservedBatch,
}

impl Fit for WithinFit {
    fn fit(&mut self, observed: &Observed<'_>, stream: &mut Own) -> Result<Estimate, FitFailure> {
        let inside = observed.baseline(self.set);
        self.members.clear();
        self.members.extend((0..observed.records()).filter(|i| inside.get(*i) == Some(1.0)));
        if self.members.is_empty() {
            let why = format!("no record is in the analysis set `{}`", self.name);
            return Err(FitFailure::new(FailureKind::NoData, why));
        }
        gather(&mut self.records, observed, &self.members);
        self.fit.fit(&self.records.replicate(0), stream)
    }
}

/// Takes over the records at these positions.
fn gather(into: &mut ObservedBatch, from: &Observed<'_>, members: &[usize]) {
    let schema = from.schema();
    into.replicates = 0..1;
    into.starts.clear();
    into.starts.extend([0, members.len()]);
    pick(&mut into.group, from.group(), members);
    match from.site() {
        [] => into.site.clear(),
        site => pick(&mut into.site, site, members),
    }
    into.baseline.resize_with(schema.baseline.len(), || AnswerColumn::Number(Vec::new()));
    for (k, column) in into.baseline.iter_mut().enumerate() {
        pick_answers(column, &from.baseline(k), members);
    }
    into.attended.resize_with(schema.waves(), Vec::new);
    into.answers.resize_with(schema.items.len(), Vec::new);
    for wave in 0..schema.waves() {
        pick(&mut into.attended[wave], from.attended(wave), members);
        for (k, waves) in into.answers.iter_mut().enumerate() {
            waves.resize_with(schema.waves(), || AnswerColumn::Number(Vec::new()));
            pick_answers(&mut waves[wave], &from.item(k, wave), members);
        }
    }
}

fn pick<T: Copy>(into: &mut Vec<T>, from: &[T], members: &[usize]) {
    into.clear();
    into.extend(members.iter().map(|i| from[*i]));
}

fn pick_answers(into: &mut AnswerColumn, from: &Answers<'_>, members: &[usize]) {
    match (&mut *into, from) {
        (AnswerColumn::Coded(codes), Answers::Coded { codes: all, .. }) => pick(codes, all, members),
        (AnswerColumn::Number(values), Answers::Number(all)) => pick(values, all, members),
        (_, Answers::Coded { codes, .. }) => *into = AnswerColumn::Coded(members.iter().map(|i| codes[*i]).collect()),
        (_, Answers::Number(all)) => *into = AnswerColumn::Number(members.iter().map(|i| all[*i]).collect()),
    }
}

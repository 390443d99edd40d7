//! Any method, restricted to the records of an analysis set.

use super::gather::gather;
use super::{CannotAnswer, Fit, Links, Method, NoReport};
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, Findings, FitFailure, Observed, ObservedBatch, ObservedSchema, Target};
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

impl Within {
    fn position(&self, schema: &ObservedSchema) -> Result<usize, CannotAnswer> {
        let found = schema.baseline(&self.set);
        found.ok_or_else(|| CannotAnswer { why: format!("there is no analysis set `{}`", self.set) })
    }
}

impl Method for Within {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let members = Members::new(&self.set, self.position(schema)?, schema);
        Ok(Box::new(WithinFit { fit: self.method.bind(target, &members.records.schema)?, members, links: None }))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, stream: &mut Own) -> Result<Findings, NoReport> {
        let schema = observed.schema();
        let mut members = Members::new(&self.set, self.position(schema)?, schema);
        let inside = members.of(observed)?;
        self.method.report(&inside, confidence, stream)
    }

    fn takes_weights(&self) -> bool {
        self.method.takes_weights()
    }
}

/// The records of a set as a data set of their own.
struct Members {
    name: String,
    set: usize,
    rows: Vec<usize>,
    records: ObservedBatch,
}

impl Members {
    fn new(name: &str, set: usize, schema: &ObservedSchema) -> Self {
        // The tables count whom they say, not the members of a set.
        let schema = ObservedSchema { cells: Vec::new(), ..schema.clone() };
        let records = ObservedBatch { schema: Arc::new(schema), ..ObservedBatch::default() };
        Self { name: name.to_owned(), set, rows: Vec::new(), records }
    }

    fn of(&mut self, observed: &Observed<'_>) -> Result<Observed<'_>, FitFailure> {
        let inside = observed.baseline(self.set);
        self.rows.clear();
        self.rows.extend((0..observed.records()).filter(|i| inside.get(*i) == Some(1.0)));
        if self.rows.is_empty() {
            let why = format!("no record is in the analysis set `{}`", self.name);
            return Err(FitFailure::new(FailureKind::NoData, why));
        }
        gather(&mut self.records, observed, &self.rows);
        Ok(self.records.replicate(0))
    }
}

struct WithinFit {
    fit: Box<dyn Fit>,
    members: Members,
    links: Option<Links>,
}

impl Fit for WithinFit {
    fn fit(&mut self, observed: &Observed<'_>, stream: &mut Own) -> Result<Estimate, FitFailure> {
        let estimate = self.fit.fit(&self.members.of(observed)?, stream);
        // Positions among the members become positions in the data set as it came.
        let members = &self.members.rows;
        let whole = |row: &u32| members.get(*row as usize).and_then(|r| u32::try_from(*r).ok()).unwrap_or(u32::MAX);
        self.links = self
            .fit
            .links()
            .map(|links| Links { rows: links.rows.iter().map(|wave| wave.iter().map(whole).collect()).collect() });
        estimate
    }

    fn links(&self) -> Option<&Links> {
        self.links.as_ref()
    }
}

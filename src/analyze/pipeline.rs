//! Steps and the method behind them, as one method.

use super::step::{Answer, Bound, RunStep, Step};
use super::{CannotAnswer, Fit, Links, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::streams::Own;
use crate::tables::{
    Estimate, FailureKind, Finding, Findings, FitFailure, NamedEstimate, Observed, ObservedSchema, Quantity, Record,
    Target, WarningKind,
};
use std::sync::Arc;

/// Binds a method to a target. A target that asks for a named finding is answered from the method's report.
///
/// # Errors
/// Why the method cannot answer this target.
pub fn bind(method: &Arc<dyn Method>, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
    match &target.quantity {
        Quantity::Finding { name } => Ok(Box::new(ReportFit {
            method: Arc::clone(method),
            name: name.clone(),
            confidence: target.level_of_confidence,
        })),
        _ => method.bind(target, schema),
    }
}

/// The estimate of a name in a method's report.
#[derive(Debug)]
pub struct ReportFit {
    method: Arc<dyn Method>,
    name: String,
    confidence: f64,
}

impl Fit for ReportFit {
    fn fit(&mut self, observed: &Observed<'_>, stream: &mut Own) -> Result<Estimate, FitFailure> {
        let findings = self.method.report(observed, self.confidence, stream).map_err(|none| match none {
            NoReport::Failed(failure) => failure,
            NoReport::CannotAnswer(cannot) => FitFailure::new(FailureKind::NoData, cannot.why),
        })?;
        let found = findings.estimates.iter().find(|e| e.name == self.name).map(|e| e.estimate);
        found.ok_or_else(|| {
            let names: Vec<&str> = findings.estimates.iter().map(|e| e.name.as_str()).collect();
            let detail = format!("the method reports no `{}`; it reports {}", self.name, names.join(", "));
            FitFailure::new(FailureKind::NoData, detail)
        })
    }
}

/// A method with steps before it; without a method it reports what the last step does.
#[derive(Debug)]
pub struct Pipeline {
    steps: Vec<(&'static str, Box<dyn Step>)>,
    method: Option<Arc<dyn Method>>,
}

impl Pipeline {
    /// The steps with their names, in order, and the method behind them.
    #[must_use]
    pub fn new(steps: Vec<(&'static str, Box<dyn Step>)>, method: Option<Arc<dyn Method>>) -> Self {
        Self { steps, method }
    }

    fn bind_steps(&self, schema: &ObservedSchema, confidence: f64) -> Result<Steps, CannotAnswer> {
        let mut schema = schema.clone();
        if !self.steps.is_empty() {
            // Steps make other records; the tables count those of the study.
            schema.cells.clear();
        }
        let mut steps = Vec::with_capacity(self.steps.len());
        for (name, step) in &self.steps {
            let Bound { step, schema: after } = step
                .bind(&schema, confidence)
                .map_err(|cannot| CannotAnswer { why: format!("step `{name}`: {}", cannot.why) })?;
            schema = after;
            steps.push(step);
        }
        if schema.weighted && self.method.as_ref().is_some_and(|m| !m.takes_weights()) {
            let why = "the method takes no weights, and a step before it gives the records weights".to_owned();
            return Err(CannotAnswer { why });
        }
        Ok(Steps { steps, schema })
    }
}

/// Bound steps, and the columns behind the last one.
struct Steps {
    steps: Vec<Box<dyn RunStep>>,
    schema: ObservedSchema,
}

impl Method for Pipeline {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let Some(method) = &self.method else {
            return Err(CannotAnswer { why: "there is no method behind its steps".to_owned() });
        };
        let Steps { steps, schema } = self.bind_steps(schema, target.level_of_confidence)?;
        Ok(Box::new(PipelineFit { steps, fit: bind(method, target, &schema)? }))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, stream: &mut Own) -> Result<Findings, NoReport> {
        let mut bound = self.bind_steps(observed.schema(), confidence)?;
        // What the method said of the last data set that the steps made; and what is no fit but a wrong question.
        let (mut last, mut runs, mut cannot) = (Findings::default(), 0_usize, None);
        let mut rest = |observed: &Observed<'_>, stream: &mut Own| {
            runs += 1;
            let Some(method) = &self.method else { return Ok(Answer::default()) };
            match method.report(observed, confidence, stream) {
                Ok(findings) => {
                    let estimates = findings.estimates.iter().map(|e| e.estimate).collect();
                    let covariance = findings.covariance.clone();
                    last = findings;
                    Ok(Answer { estimates, covariance })
                }
                Err(NoReport::Failed(failure)) => Err(failure),
                Err(NoReport::CannotAnswer(why)) => {
                    cannot.get_or_insert(why);
                    Err(FitFailure::new(FailureKind::NoData, "the question does not fit"))
                }
            }
        };
        let answer = run(&mut bound.steps, observed, stream, &mut rest);
        if let Some(cannot) = cannot {
            return Err(cannot.into());
        }
        let answer = answer?;
        Ok(self.joined(&bound.steps, answer, last, runs))
    }

    fn takes_weights(&self) -> bool {
        self.method.as_ref().is_none_or(|method| method.takes_weights())
    }

    fn reads_cells(&self) -> bool {
        self.steps.is_empty() && self.method.as_ref().is_some_and(|method| method.reads_cells())
    }

    fn check(&self, schema: &ObservedSchema, problems: &mut Diagnostics) {
        if let (true, Some(method)) = (self.steps.is_empty(), &self.method) {
            method.check(schema, problems);
        }
    }
}

impl Pipeline {
    /// The pooled estimates under the method's names, what each step says, and, where the method ran once, what it says
    /// beside its estimates.
    fn joined(&self, steps: &[Box<dyn RunStep>], answer: Answer, mut last: Findings, runs: usize) -> Findings {
        let mut joined = Findings { covariance: answer.covariance, ..Findings::default() };
        let names = last.estimates.drain(..).map(|e| e.name);
        joined.estimates =
            names.zip(answer.estimates).map(|(name, estimate)| NamedEstimate { name, estimate }).collect();
        let alone = self.method.is_none() && steps.len() == 1;
        for ((name, _), step) in self.steps.iter().zip(steps) {
            let own = step.findings();
            if alone {
                return own;
            }
            joined.values.set(*name, own.values);
            joined.warnings.extend(own.warnings);
            if self.method.is_none() {
                joined.estimates.extend(own.estimates);
            }
        }
        joined.values.set("runs", runs);
        if runs == 1 {
            joined.values.set("method", Finding::Record(std::mem::take(&mut last.values)));
        } else {
            let pooled: Vec<Finding> = joined.estimates.iter().map(|e| Finding::Record(values_of(e))).collect();
            joined.values.set("pooled", Finding::List(pooled));
        }
        joined.warnings.extend(last.warnings);
        joined
    }
}

fn values_of(named: &NamedEstimate) -> Record {
    let Estimate { estimate, model_se, df, interval, warning } = named.estimate;
    let mut record = Record::new();
    record.set("name", named.name.as_str()).set("estimate", estimate).set("se", model_se).set("df", df);
    record.set("ci", interval).set("warning", warning.map(WarningKind::name));
    record
}

/// Runs the steps one inside the other, and the method innermost.
fn run(
    steps: &mut [Box<dyn RunStep>],
    observed: &Observed<'_>,
    stream: &mut Own,
    method: &mut super::step::Rest<'_>,
) -> Result<Answer, FitFailure> {
    match steps.split_first_mut() {
        None => method(observed, stream),
        Some((first, others)) => {
            first.run(observed, stream, &mut |observed, stream| run(others, observed, stream, method))
        }
    }
}

struct PipelineFit {
    steps: Vec<Box<dyn RunStep>>,
    fit: Box<dyn Fit>,
}

impl Fit for PipelineFit {
    fn fit(&mut self, observed: &Observed<'_>, stream: &mut Own) -> Result<Estimate, FitFailure> {
        let Self { steps, fit } = self;
        let mut innermost = |observed: &Observed<'_>, stream: &mut Own| {
            fit.fit(observed, stream).map(|estimate| Answer { estimates: vec![estimate], covariance: None })
        };
        let answer = run(steps, observed, stream, &mut innermost)?;
        let estimate = answer.estimates.first().copied();
        estimate.ok_or_else(|| FitFailure::new(FailureKind::NoData, "a step gave no answer"))
    }

    fn links(&self) -> Option<&Links> {
        self.steps.iter().rev().find_map(|step| step.links())
    }
}

#[cfg(test)]
mod tests;

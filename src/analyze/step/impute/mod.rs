#![doc = include_str!("../../pages/impute_mice.md")]

mod declare;
mod layout;
mod pooling;
mod report;

use super::{Answer, Bound, Rest, RunStep, Step, StepEntry};
use crate::analyze::CannotAnswer;
use crate::analyze::gather::gather;
use crate::statistics::FromStream;
use crate::statistics::imputation::{Augmentation, Chained, chained::WhenCollinear};
use crate::streams::Own;
use crate::tables::{FailureKind, Findings, FitFailure, Observed, ObservedBatch, ObservedSchema};
use declare::Wanted;
use layout::Layout;
use pooling::Pooling;
use report::Means;
use std::sync::Arc;

/// The line of the catalogue.
pub(super) const ENTRY: StepEntry = StepEntry {
    name: "impute.mice",
    summary: "multiple imputation by chained equations, answers pooled by Rubin's rules",
    page: include_str!("../../pages/impute_mice.md"),
    declare: declare::declare,
};

/// Multiple imputation as declared.
#[derive(Clone, Debug)]
struct Imputing {
    m: usize,
    sweeps: usize,
    variables: Vec<Wanted>,
    /// Names of what is known from the start and predicts; `None` for the group, if there is one.
    baseline: Option<Vec<String>>,
    /// Variable whose products with the other predictors are predictors too.
    interaction: Option<String>,
    /// Variable whose two values are compared in a report.
    by: Option<String>,
    later_waves: bool,
    one_pass: bool,
    augmentation: Augmentation,
    when_collinear: WhenCollinear,
}

impl Step for Imputing {
    fn bind(&self, schema: &ObservedSchema, confidence: f64) -> Result<Bound, CannotAnswer> {
        let layout = Layout::new(self, schema)?;
        let schema = layout.schema_after(schema);
        let batch = ObservedBatch { schema: Arc::new(schema.clone()), ..ObservedBatch::default() };
        let step = Imputation {
            declared: self.clone(),
            layout,
            confidence,
            chained: Chained::default(),
            data: Vec::new(),
            batch,
            members: Vec::new(),
            pooling: Pooling::default(),
            means: Means::default(),
            traces: Vec::new(),
        };
        Ok(Bound { step: Box::new(step), schema })
    }
}

/// Multiple imputation at work.
struct Imputation {
    declared: Imputing,
    layout: Layout,
    confidence: f64,
    chained: Chained,
    data: Vec<f64>,
    batch: ObservedBatch,
    members: Vec<usize>,
    pooling: Pooling,
    means: Means,
    /// Means of the imputed values, imputation after imputation, as the chain tells them.
    traces: Vec<f64>,
}

impl RunStep for Imputation {
    fn run(&mut self, observed: &Observed<'_>, stream: &mut Own, rest: &mut Rest<'_>) -> Result<Answer, FitFailure> {
        let records = observed.records();
        if records == 0 {
            return Err(FitFailure::new(FailureKind::NoData, "there is no record"));
        }
        self.layout.read(observed, &mut self.data);
        let plan = self.layout.plan(&self.declared, &self.data, records);
        self.chained.replan(plan);
        let failed = |layout: &Layout, chained: &Chained, failure| layout.failure(chained.plan(), failure);
        self.chained.load(&self.data, records).map_err(|f| failed(&self.layout, &self.chained, f))?;
        if let Some(shift) = self.layout.shift(observed, &self.data) {
            self.chained.set_shift(&shift).map_err(|f| failed(&self.layout, &self.chained, f))?;
        }
        self.members.clear();
        self.members.extend(0..records);
        gather(&mut self.batch, observed, &self.members);
        self.pooling.clear();
        self.means.clear();
        self.traces.clear();
        for k in 0..self.declared.m {
            if let Err(failure) = self.chained.impute(&mut FromStream(stream)) {
                return Err(failed(&self.layout, &self.chained, failure));
            }
            self.traces.extend_from_slice(self.chained.trace());
            self.layout.write(self.chained.completed(), records, &mut self.batch);
            let answer = rest(&self.batch.replicate(0), stream).map_err(|failure| FitFailure {
                kind: failure.kind,
                detail: format!("imputation {}: {}", k + 1, failure.detail),
            })?;
            if answer.estimates.is_empty() {
                self.means.add(&self.layout, self.chained.completed(), records);
            }
            self.pooling.add(answer)?;
        }
        Ok(self.pooling.answer(self.confidence)?.warned(report::warning(self)))
    }

    fn findings(&self) -> Findings {
        report::findings(self)
    }
}

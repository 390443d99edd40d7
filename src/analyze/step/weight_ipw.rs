#![doc = include_str!("../pages/weight.ipw.md")]

use super::{Answer, Bound, Rest, RunStep, Step, StepEntry};
use crate::analyze::CannotAnswer;
use crate::analyze::dropout::{Declared, Dropout};
use crate::analyze::following::{Following, Panel};
use crate::analyze::gather::gather;
use crate::analyze::variable::Variable;
use crate::options::Options;
use crate::statistics::weighting::{WeightSummary, weights_by_wave};
use crate::streams::Own;
use crate::tables::{Findings, FitFailure, Observed, ObservedBatch, ObservedSchema};
use std::sync::Arc;

/// The line of the catalogue.
pub(super) const ENTRY: StepEntry = StepEntry {
    name: "weight.ipw",
    summary: "gives every record at every wave the inverse of its probability of still answering as weight",
    page: include_str!("../pages/weight.ipw.md"),
    declare,
};

#[derive(Debug)]
struct WeightIpw {
    weights: Declared,
    outcome: Option<String>,
}

fn declare(options: &Options, problems: &mut crate::diagnostic::Diagnostics) -> Option<Box<dyn Step>> {
    let weights = Declared::read(options, problems);
    let outcome = options.text("outcome", problems).map(|t| t.text);
    Some(Box::new(WeightIpw { weights: weights?, outcome }))
}

impl Step for WeightIpw {
    fn bind(&self, schema: &ObservedSchema, _confidence: f64) -> Result<Bound, CannotAnswer> {
        if schema.weighted {
            return Err(CannotAnswer { why: "the records have weights already".to_owned() });
        }
        let last = schema.waves().saturating_sub(1);
        let designs = self.weights.designs(schema, last)?;
        let outcome = self.outcome.as_ref().map(|name| Variable::need(name, schema)).transpose()?;
        let weighted = ObservedSchema { weighted: true, ..schema.clone() };
        let records = ObservedBatch { schema: Arc::new(weighted.clone()), ..ObservedBatch::default() };
        let panel = Panel::new(Following::new(outcome, &designs), last);
        let dropout = Dropout::new(designs, self.weights.pooling, self.weights.cut);
        let step = RunWeightIpw { panel, dropout, members: Vec::new(), records };
        Ok(Bound { step: Box::new(step), schema: weighted })
    }
}

struct RunWeightIpw {
    panel: Panel,
    dropout: Dropout,
    members: Vec<usize>,
    records: ObservedBatch,
}

impl RunStep for RunWeightIpw {
    fn run(&mut self, observed: &Observed<'_>, stream: &mut Own, rest: &mut Rest<'_>) -> Result<Answer, FitFailure> {
        self.panel.read(observed)?;
        self.dropout.fit(observed, &self.panel)?;
        self.members.clear();
        self.members.extend(0..observed.records());
        gather(&mut self.records, observed, &self.members);
        self.records.weights.resize_with(self.panel.last + 1, Vec::new);
        for (wave, weights) in self.records.weights.iter_mut().enumerate() {
            weights.clear();
            // Who no longer answers stands for nobody.
            weights.extend(self.dropout.weighting.at(wave).iter().map(|w| if w.is_nan() { 0.0 } else { *w }));
        }
        Ok(rest(&self.records.replicate(0), stream)?.warned(self.dropout.warning()))
    }

    fn findings(&self) -> Findings {
        let mut findings = Findings::default();
        let weights = self.dropout.weighting.weights();
        if let Some(w) = WeightSummary::of(weights) {
            let values = &mut findings.values;
            values.set("n", w.n).set("mean", w.mean).set("sd", w.sd).set("min", w.min).set("max", w.max);
            values.set("p99", w.p99).set("ess", w.ess).set("cut_at", self.dropout.bounds);
            values.set("mean_by_wave", weights_by_wave(weights, self.panel.histories.persons()));
            values.set("answers_after_a_gap", self.panel.histories.discarded());
        }
        if self.panel.histories.discarded() > 0 {
            let count = self.panel.histories.discarded();
            findings.warnings.push(format!("{count} interviews came after a missed wave and have weight 0."));
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::Method;
    use crate::analyze::pipeline::Pipeline;
    use crate::analyze::tests::{loader::panel, options, stream};
    use crate::diagnostic::Diagnostics;
    use crate::tables::Finding;

    /// The unstabilised weights of the reference case ipw_15.
    #[test]
    fn weights_of_a_reference_case() {
        let batch = panel("panel_15x3.csv");
        let pairs = [("dropout_model", "y"), ("outcome", "y")];
        let step = declare(&options(&pairs), &mut Diagnostics::new()).unwrap();
        let pipeline = Pipeline::new(vec![("weight.ipw", step)], None);
        let findings = pipeline.report(&batch.replicate(0), 0.95, &mut stream()).unwrap();
        let Some(Finding::List(means)) = findings.values.get("mean_by_wave") else { panic!("{findings:?}") };
        for (got, want) in means.iter().zip([1.0, 1.293_75, 1.642_031_25]) {
            let Finding::Number(got) = got else { panic!("{got:?}") };
            assert!((got - want).abs() < 1e-9, "{got} {want}");
        }
        assert_eq!(means.len(), 3);
    }
}

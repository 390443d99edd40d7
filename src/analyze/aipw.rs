#![doc = include_str!("pages/aipw.md")]

use super::critical::Critical;
use super::dropout::{self, Dropout};
use super::expectation::{Asked, Declared, Expectation, groups_of, link_of, with_error};
use super::following::{Following, Panel};
use super::outcome::Number;
use super::variable::Variable;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::statistics::weighting::{Link, ModelState, augmented_mean, hajek_mean};
use crate::streams::Own;
use crate::tables::{Estimate, Finding, Findings, FitFailure, Observed, ObservedSchema, Record, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "aipw",
    summary: "share, mean or difference at a wave, doubly robust: weighted and predicted",
    page: include_str!("pages/aipw.md"),
    declare: |options, problems| {
        let (weights, outcome) =
            (dropout::Declared::unstabilised(options, problems), Declared::read(options, problems));
        options.finish(problems);
        Some(Box::new(Aipw { weights: weights?, outcome: outcome? }))
    },
};

#[derive(Debug)]
struct Aipw {
    weights: dropout::Declared,
    outcome: Declared,
}

/// Both sets of models on the columns of a data set.
struct Models {
    panel: Panel,
    dropout: Dropout,
    expectation: Expectation,
}

impl Aipw {
    fn models(
        &self,
        variable: &Variable,
        outcome: Number,
        link: Link,
        wave: usize,
        schema: &ObservedSchema,
    ) -> Result<Models, CannotAnswer> {
        let designs = self.weights.designs(schema, wave)?;
        let (expectation, mut following): (_, Following) =
            Expectation::new(&self.outcome, variable, outcome, link, schema)?;
        designs.iter().flat_map(|d| &d.variables).for_each(|v| following.need(v));
        let dropout = Dropout::new(designs, self.weights.pooling, None);
        Ok(Models { panel: Panel::new(following, wave), dropout, expectation })
    }
}

impl Models {
    fn fit(&mut self, observed: &Observed<'_>) -> Result<(), FitFailure> {
        self.panel.read_to_last(observed)?;
        self.dropout.fit(observed, &self.panel)?;
        self.expectation.fit(observed, &self.panel)
    }

    /// The mean over `counts`; `scale` times what each record adds goes to `influence`.
    fn mean(
        &self,
        counts: &[u8],
        scale: f64,
        influence: &mut [f64],
    ) -> Option<crate::statistics::weighting::AugmentedMean> {
        let weights = self.dropout.weighting.weights();
        augmented_mean(&self.expectation.ice, &self.panel.histories, weights, counts, scale, influence)
    }
}

impl Method for Aipw {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let asked = Asked::new(target, schema)?;
        let variable = Variable::need(&target.of.text, schema)?;
        let (outcome, link) = (Number::of(target, schema)?, link_of(target, &variable));
        let models = self.models(&variable, outcome, link, asked.wave, schema)?;
        let z = Critical::new(target.level_of_confidence).z;
        Ok(Box::new(AipwFit { asked, models, z, influence: Vec::new() }))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _stream: &mut Own) -> Result<Findings, NoReport> {
        let schema = observed.schema();
        let (variable, wave) = (self.outcome.report_outcome(schema)?, self.outcome.report_wave(schema)?);
        let link = if variable.is_yes_no() { Link::Logit } else { Link::Identity };
        let mut models = self.models(&variable, Number::plain(&variable)?, link, wave, schema)?;
        let by = self.outcome.by.as_ref();
        let groups = by.map(|by| groups_of(by, observed)).transpose()?.unwrap_or_default();
        models.fit(observed)?;
        let mut findings = Findings::default();
        let (records, z) = (observed.records(), Critical::new(confidence).z);
        let name = format!("mean at wave {}", wave + 1);
        let mut influence = vec![0.0; records];
        if let Some(all) = models.mean(&vec![1; records], 1.0, &mut influence) {
            let estimate = with_error(all.mean, &influence, z)?;
            let values = &mut findings.values;
            values.set("mean", all.mean).set("se", all.se).set("ci", estimate.interval);
            values.set("outcome_regression", all.outcome_regression).set("n", all.persons);
            findings.estimate(name.clone(), estimate);
        }
        let weights = models.dropout.weighting.at(wave);
        let (outcomes, counts) = (models.expectation.outcomes(wave, records), models.panel.histories.at(wave));
        findings.values.set("ipw_hajek", hajek_mean(weights, outcomes, counts, 1.0, &mut influence));
        let mut list = Vec::new();
        for (level, counts) in groups {
            influence.fill(0.0);
            let Some(mean) = models.mean(&counts, 1.0, &mut influence) else { continue };
            let mut record = Record::new();
            record.set("level", level.clone()).set("mean", mean.mean).set("se", mean.se);
            list.push(Finding::Record(record));
            findings.estimate(format!("{name}, {level}"), with_error(mean.mean, &influence, z)?);
        }
        findings.values.set("groups", Finding::List(list));
        describe(&models, wave, &mut findings.values);
        findings.warned(models.dropout.warning());
        Ok(findings)
    }
}

/// The coefficients of both sets of models.
fn describe(models: &Models, wave: usize, values: &mut Record) {
    let (dropout, expectation) = (&models.dropout, &models.expectation);
    let propensities = dropout.weighting.models().iter().map(|model| {
        let fitted = matches!(model.state, ModelState::Fitted(_)).then(|| model.fit().coefficients());
        let mut record = Record::new();
        record.set("first_wave", model.first + 1).set("last_wave", model.last + 1).set("n_at_risk", model.at_risk());
        record.set("terms", dropout.designs().first().map(|d| d.names.clone())).set("coef", fitted);
        Finding::Record(record)
    });
    values.set("propensity", Finding::List(propensities.collect()));
    let outcomes = (1..=wave).rev().filter_map(|w| {
        let (coefficients, n) = expectation.ice.step_at(w)?;
        let mut record = Record::new();
        record.set("wave", w + 1).set("n", n).set("terms", expectation.terms(w)).set("coef", coefficients);
        Some(Finding::Record(record))
    });
    values.set("steps", Finding::List(outcomes.collect()));
    values.set("answers_after_a_gap", models.panel.histories.discarded());
}

struct AipwFit {
    asked: Asked,
    models: Models,
    z: f64,
    influence: Vec<f64>,
}

impl Fit for AipwFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        let Self { asked, models, influence, .. } = self;
        models.fit(observed)?;
        influence.clear();
        influence.resize(observed.records(), 0.0);
        let estimate =
            asked.sum(observed, |counts, sign| models.mean(counts, sign, influence).map(|found| found.mean))?;
        Ok(with_error(estimate, influence, self.z)?.warned(models.dropout.warning()))
    }
}

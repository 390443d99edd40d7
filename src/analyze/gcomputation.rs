#![doc = include_str!("pages/gcomputation.md")]

use super::critical::Critical;
use super::expectation::{Asked, Declared, Expectation, groups_of, link_of, with_error};
use super::following::Panel;
use super::outcome::Number;
use super::variable::Variable;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::statistics::weighting::Link;
use crate::streams::Own;
use crate::tables::{Estimate, Finding, Findings, FitFailure, Observed, ObservedSchema, Record, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "gcomputation",
    summary: "share, mean or difference at a wave, predicted from the past for those who are lost",
    page: include_str!("pages/gcomputation.md"),
    declare: |options, problems| {
        let declared = Declared::read(options, problems);
        options.finish(problems);
        Some(Box::new(Gcomputation(declared?)))
    },
};

#[derive(Debug)]
struct Gcomputation(Declared);

impl Method for Gcomputation {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let asked = Asked::new(target, schema)?;
        let variable = Variable::need(&target.of.text, schema)?;
        let (outcome, link) = (Number::of(target, schema)?, link_of(target, &variable));
        let (expectation, following) = Expectation::new(&self.0, &variable, outcome, link, schema)?;
        Ok(Box::new(GcomputationFit {
            panel: Panel::new(following, asked.wave),
            asked,
            expectation,
            z: Critical::new(target.level_of_confidence).z,
            influence: Vec::new(),
        }))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _stream: &mut Own) -> Result<Findings, NoReport> {
        let schema = observed.schema();
        let (variable, wave) = (self.0.report_outcome(schema)?, self.0.report_wave(schema)?);
        let link = if variable.is_yes_no() { Link::Logit } else { Link::Identity };
        let outcome = Number::plain(&variable)?;
        let (mut expectation, following) = Expectation::new(&self.0, &variable, outcome, link, schema)?;
        let groups = self.0.by.as_ref().map(|by| groups_of(by, observed)).transpose()?.unwrap_or_default();
        let mut panel = Panel::new(following, wave);
        panel.read_to_last(observed)?;
        expectation.fit(observed, &panel)?;
        let mut findings = Findings::default();
        let z = Critical::new(confidence).z;
        let mut mean_of = |counts: &[u8]| -> Result<Option<Estimate>, FitFailure> {
            let mut influence = vec![0.0; observed.records()];
            expectation.influence(&panel, counts, 1.0, &mut influence);
            expectation.ice.mean(counts).map(|mean| with_error(mean, &influence, z)).transpose()
        };
        let name = format!("mean at wave {}", wave + 1);
        if let Some(all) = mean_of(&vec![1; observed.records()])? {
            findings.values.set("mean", all.estimate).set("se", all.model_se).set("ci", all.interval);
            findings.estimate(name.clone(), all);
        }
        let mut list = Vec::new();
        for (level, counts) in groups {
            let Some(mean) = mean_of(&counts)? else { continue };
            let mut record = Record::new();
            record.set("level", level.clone()).set("mean", mean.estimate).set("se", mean.model_se);
            list.push(Finding::Record(record));
            findings.estimate(format!("{name}, {level}"), mean);
        }
        let steps = (1..=wave).rev().filter_map(|w| {
            let (coefficients, n) = expectation.ice.step_at(w)?;
            let mut record = Record::new();
            record.set("wave", w + 1).set("n", n).set("terms", expectation.terms(w)).set("coef", coefficients);
            Some(Finding::Record(record))
        });
        findings.values.set("groups", Finding::List(list)).set("steps", Finding::List(steps.collect()));
        findings.values.set("answers_after_a_gap", panel.histories.discarded());
        Ok(findings)
    }
}

struct GcomputationFit {
    asked: Asked,
    panel: Panel,
    expectation: Expectation,
    z: f64,
    influence: Vec<f64>,
}

impl Fit for GcomputationFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        let Self { asked, panel, expectation, influence, .. } = self;
        panel.read_to_last(observed)?;
        expectation.fit(observed, panel)?;
        influence.clear();
        influence.resize(observed.records(), 0.0);
        let estimate = asked.sum(observed, |counts, sign| {
            expectation.influence(panel, counts, sign, influence);
            expectation.ice.mean(counts)
        })?;
        with_error(estimate, influence, self.z)
    }
}

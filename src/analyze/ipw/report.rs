//! Everything of a weighted analysis over all waves: models, weights, regressions, means at the last wave.

use super::coefficient::Weighted;
use super::{Errors, Ipw, Mean};
use crate::analyze::clusters::{Clusters, standard_error};
use crate::analyze::critical::Critical;
use crate::analyze::dropout::Dropout;
use crate::analyze::following::{Following, Panel};
use crate::analyze::outcome::Number;
use crate::analyze::variable::Variable;
use crate::analyze::warning::{EXTREME, extreme};
use crate::analyze::{CannotAnswer, NoReport};
use crate::statistics::weighting::{
    DropoutModel, Link, ModelState, Pooling, WeightSummary, hajek_mean, horvitz_thompson_mean, weights_by_wave,
};
use crate::tables::{Estimate, Finding, Findings, FitFailure, Observed, Record};

/// What a report holds while it is made.
struct Making<'a> {
    observed: &'a Observed<'a>,
    panel: Panel,
    dropout: Dropout,
    outcome: Number,
    weighted: Option<Weighted>,
    clusters: Option<Clusters>,
    estimated: bool,
    z: f64,
    findings: Findings,
}

pub(super) fn report(method: &Ipw, observed: &Observed<'_>, confidence: f64) -> Result<Findings, NoReport> {
    let schema = observed.schema();
    let Some(outcome) = &method.outcome else {
        let why = "a report needs `outcome`, the column that is weighted".to_owned();
        return Err(CannotAnswer { why }.into());
    };
    let variable = Variable::need(&outcome.text, schema)?;
    let number = Number::plain(&variable)?;
    let link = method.link.unwrap_or(if variable.is_yes_no() { Link::Logit } else { Link::Identity });
    let last = schema.waves().saturating_sub(1);
    let designs = method.weights.designs(schema, last)?;
    let weighted = method.pooled_design(schema, last).transpose()?;
    let mut making = Making {
        observed,
        panel: Panel::new(Following::new(Some(variable), &designs), last),
        dropout: Dropout::new(designs, method.weights.pooling, method.weights.cut),
        weighted: weighted.map(|design| Weighted::new(design, number.clone(), link, (0..=last).collect())),
        outcome: number,
        clusters: method.clusters(schema)?,
        estimated: method.errors == Errors::EstimatedWeights,
        z: Critical::new(confidence).z,
        findings: Findings::default(),
    };
    making.panel.read(observed)?;
    making.run(method)?;
    Ok(making.findings)
}

impl Making<'_> {
    fn run(&mut self, method: &Ipw) -> Result<(), FitFailure> {
        if let Some(weighted) = &mut self.weighted {
            weighted.read(self.observed, &mut []);
            self.findings.values.set("terms_outcome", weighted.design.names.clone());
        }
        let stabilised = method.weights.numerator_model.is_some();
        let mut fits = Record::new();
        let answering = self.panel.histories.answering().iter();
        let ones: Vec<f64> = answering.map(|a| if *a == 1 { 1.0 } else { f64::NAN }).collect();
        fits.set("unweighted", self.part(&ones, false)?);
        // This reads the rows of the models, and cuts the weights as well.
        self.dropout.fit(self.observed, &self.panel)?;
        self.describe_models(method.weights.pooling);
        let cut = self.dropout.bounds;
        let cut_weights = self.dropout.weighting.weights().to_vec();
        let mut main = if stabilised { "stabilised" } else { "unstabilised" };
        let mut estimates = Vec::new();
        for (name, wanted) in [("unstabilised", false), ("stabilised", true)] {
            if wanted && !stabilised {
                continue;
            }
            self.dropout.weigh(&self.panel, wanted)?;
            let weights = self.dropout.weighting.weights().to_vec();
            fits.set(name, self.part(&weights, true)?);
            if name == main && cut.is_none() {
                estimates = self.estimates(&weights, method.mean);
            }
        }
        self.findings.values.set("fits", fits);
        if let Some(bounds) = cut {
            main = "cut";
            // Once more with the weights as cut, which is what `errors` and the estimates are for.
            self.dropout.fit(self.observed, &self.panel)?;
            let Finding::Record(mut part) = self.part(&cut_weights, true)? else { return Ok(()) };
            part.set("bounds", bounds);
            let ess = WeightSummary::of(&cut_weights).map(|w| w.ess);
            part.set("ess", ess);
            self.findings.values.set("truncated", part);
            estimates = self.estimates(&cut_weights, method.mean);
        }
        self.findings.values.set("estimates_of", main);
        estimates.into_iter().for_each(|(name, estimate)| {
            self.findings.estimate(name, estimate);
        });
        self.findings.warned(extreme(cut_weights.iter())).warned(self.dropout.warning());
        self.warn(&cut_weights);
        Ok(())
    }

    /// Coefficients, weights and the last wave's mean under given weights.
    fn part(&mut self, weights: &[f64], from_models: bool) -> Result<Finding, FitFailure> {
        let mut part = Record::new();
        let (records, last) = (self.observed.records(), self.panel.last);
        if let Some(weighted) = &mut self.weighted {
            weighted.fit(weights, records)?;
            let width = weighted.design.width();
            part.set("coef", weighted.regression.regression().coefficients());
            let clusters = self.clusters.as_mut().map(|c| c.read(self.observed));
            let mut covariance = Vec::new();
            let roots = |c: &[f64]| (0..width).map(|k| libm::sqrt(c[k * width + k])).collect::<Vec<_>>();
            weighted.regression.covariance_known_weights(clusters, &mut covariance);
            part.set("se_known_weights", roots(&covariance));
            if from_models {
                let weighting = &mut self.dropout.weighting;
                weighted.regression.covariance_estimated_weights(weighting, clusters, &mut covariance);
                part.set("se_estimated_weights", roots(&covariance));
                part.set("vcov_estimated_weights", Finding::matrix(&covariance, width));
            }
        }
        part.set("weights", described(weights, records));
        let at_last = weights.get(last * records..).unwrap_or(&[]);
        let mut values = Vec::new();
        self.outcome.read(self.observed, last, &mut values);
        let mut influence = vec![0.0; records];
        let counts = self.panel.histories.at(last);
        let mean = hajek_mean(at_last, &values, counts, 1.0, &mut influence);
        let mut hajek = Record::new();
        let se = standard_error(self.clusters.as_mut(), self.observed, &influence);
        hajek.set("mean", mean).set("se_known_weights", mean.map(|_| se));
        if from_models {
            let slopes = influence.clone();
            self.dropout.add_uncertainty(&slopes, last, &mut influence);
            let se = standard_error(self.clusters.as_mut(), self.observed, &influence);
            hajek.set("se_estimated_weights", mean.map(|_| se));
        }
        part.set("last_wave_hajek", hajek);
        Ok(part.into())
    }

    /// The coefficients, or the mean at the last wave without a regression, as the options want them.
    fn estimates(&mut self, weights: &[f64], mean: Mean) -> Vec<(String, Estimate)> {
        let (records, last, z) = (self.observed.records(), self.panel.last, self.z);
        let with_se = |estimate: f64, se: f64| Estimate {
            estimate,
            model_se: Some(se),
            interval: Some((estimate - z * se, estimate + z * se)),
            ..Estimate::default()
        };
        if let Some(weighted) = &mut self.weighted {
            let clusters = self.clusters.as_mut().map(|c| c.read(self.observed));
            let mut covariance = Vec::new();
            match self.estimated {
                true => {
                    let weighting = &mut self.dropout.weighting;
                    weighted.regression.covariance_estimated_weights(weighting, clusters, &mut covariance)
                }
                false => weighted.regression.covariance_known_weights(clusters, &mut covariance),
            };
            let width = weighted.design.width();
            let coefficients = weighted.regression.regression().coefficients().iter().enumerate();
            let all = coefficients.map(|(k, b)| with_se(*b, libm::sqrt(covariance[k * width + k])));
            self.findings.covariance = Some(covariance.clone());
            return weighted.design.names.iter().cloned().zip(all).collect();
        }
        let mut values = Vec::new();
        self.outcome.read(self.observed, last, &mut values);
        let at_last = weights.get(last * records..).unwrap_or(&[]);
        let (mut influence, mut slopes) = (vec![0.0; records], vec![0.0; records]);
        let histories = &self.panel.histories;
        let (counts, everyone) = (histories.at(last), histories.at(0));
        let estimate = match mean {
            Mean::Hajek => hajek_mean(at_last, &values, counts, 1.0, &mut influence),
            Mean::HorvitzThompson => {
                horvitz_thompson_mean(at_last, &values, counts, everyone, 1.0, &mut influence, &mut slopes)
            }
        };
        if mean == Mean::Hajek {
            slopes.clone_from(&influence);
        }
        if self.estimated {
            self.dropout.add_uncertainty(&slopes, last, &mut influence);
        }
        let se = standard_error(self.clusters.as_mut(), self.observed, &influence);
        let name = format!("mean at wave {}", last + 1);
        estimate.into_iter().map(|m| (name.clone(), with_se(m, se))).collect()
    }

    /// The models of still answering. One of them stands alone under the names of the reference cases.
    fn describe_models(&mut self, pooling: Pooling) {
        let values = &mut self.findings.values;
        let designs = self.dropout.designs();
        let mut list = Vec::new();
        for model in self.dropout.weighting.models() {
            let names = designs.get(usize::from(model.numerator)).map_or(&[][..], |d| &d.names);
            let (coef, se) = estimates_of(model);
            if pooling == Pooling::Pooled {
                let part = if model.numerator { "numerator" } else { "denominator" };
                values.set(format!("terms_{part}"), names);
                values.set(format!("{part}_coef"), coef.clone()).set(format!("{part}_se"), se.clone());
                if !model.numerator {
                    values.set("denominator_loglik", coef.is_some().then(|| model.fit().log_likelihood()));
                    values.set("n_at_risk", model.at_risk());
                }
            }
            let mut own = Record::new();
            own.set("numerator", model.numerator).set("first_wave", model.first + 1).set("last_wave", model.last + 1);
            own.set("state", state_of(model.state)).set("n_at_risk", model.at_risk());
            own.set("terms", names).set("coef", coef).set("se", se);
            list.push(Finding::Record(own));
        }
        values.set("models", Finding::List(list));
        values.set("answers_after_a_gap", self.panel.histories.discarded());
        values.set("never_answered_at_first", self.panel.histories.never());
    }

    fn warn(&mut self, weights: &[f64]) {
        let discarded = self.panel.histories.discarded();
        if discarded > 0 {
            self.findings.warnings.push(format!(
                "{discarded} answers came after a missed wave and are left out: dropout is made monotone."
            ));
        }
        if let Some(summary) = WeightSummary::of(weights)
            && summary.max > EXTREME
        {
            self.findings.warnings.push(format!(
                "The greatest weight is {:.1}, and {} weights count as {:.1}: somebody's probability of staying is near 0.",
                summary.max, summary.n, summary.ess
            ));
        }
    }
}

fn described(weights: &[f64], records: usize) -> Record {
    let mut record = Record::new();
    if let Some(w) = WeightSummary::of(weights) {
        record.set("n", w.n).set("mean", w.mean).set("sd", w.sd).set("min", w.min).set("max", w.max);
        record.set("p99", w.p99).set("ess", w.ess).set("mean_by_wave", weights_by_wave(weights, records));
    }
    record
}

/// Coefficients and standard errors of a model that was fitted.
fn estimates_of(model: &DropoutModel) -> (Option<Vec<f64>>, Option<Vec<f64>>) {
    let ModelState::Fitted(_) = model.state else { return (None, None) };
    let coefficients = model.fit().coefficients().to_vec();
    let mut column = vec![0.0; coefficients.len()];
    let mut errors = Vec::new();
    for k in 0..coefficients.len() {
        model.fit().covariance_column(k, &mut column);
        errors.push(libm::sqrt(column[k]));
    }
    (Some(coefficients), Some(errors))
}

fn state_of(state: ModelState) -> &'static str {
    match state {
        ModelState::Fitted(_) => "converged",
        ModelState::NobodyLost => "nobody_lost",
        ModelState::EverybodyLost => "everybody_lost",
        ModelState::NobodyAtRisk => "nobody_at_risk",
    }
}

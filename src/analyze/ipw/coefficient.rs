//! Coefficients of weighted regressions, at one wave or over all waves up to it.

use super::mean::finite;
use super::{Errors, Ipw};
use crate::analyze::clusters::Clusters;
use crate::analyze::critical::Critical;
use crate::analyze::design::{Design, Waves};
use crate::analyze::dropout::Dropout;
use crate::analyze::failure;
use crate::analyze::filter::Filter;
use crate::analyze::following::{Following, Panel};
use crate::analyze::outcome::{Number, YesNo};
use crate::analyze::variable::Variable;
use crate::analyze::{CannotAnswer, Fit};
use crate::statistics::weighting::{Link, OutcomeRegression};
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, FitFailure, Observed, ObservedSchema, Target};

/// A weighted regression of an outcome over waves, on the columns of a data set.
pub(super) struct Weighted {
    pub(super) design: Design,
    pub(super) outcome: Number,
    pub(super) link: Link,
    /// First and last wave of the regression.
    pub(super) waves: (usize, usize),
    pub(super) regression: OutcomeRegression,
    rows: Vec<f64>,
    one_wave: Vec<f64>,
    pub(super) values: Vec<f64>,
}

impl Weighted {
    pub(super) fn new(design: Design, outcome: Number, link: Link, waves: (usize, usize)) -> Self {
        Self {
            design,
            outcome,
            link,
            waves,
            regression: OutcomeRegression::default(),
            rows: Vec::new(),
            one_wave: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Reads predictors and outcome. `keep`: the records that count at the last wave (all if there is none).
    pub(super) fn read(&mut self, observed: &Observed<'_>, keep: Option<&[u8]>) {
        let (records, width) = (observed.records(), self.design.width());
        self.rows.clear();
        self.values.clear();
        self.rows.resize(self.waves.0 * records * width, f64::NAN);
        self.values.resize(self.waves.0 * records, f64::NAN);
        for wave in self.waves.0..=self.waves.1 {
            self.design.rows(observed, wave, wave - self.waves.0, &mut self.one_wave);
            self.rows.extend_from_slice(&self.one_wave);
            self.outcome.read(observed, wave, &mut self.one_wave);
            self.values.extend_from_slice(&self.one_wave);
        }
        if let Some(keep) = keep {
            let last = self.waves.1 * records;
            self.values[last..].iter_mut().zip(keep).filter(|(_, k)| **k == 0).for_each(|(v, _)| *v = f64::NAN);
        }
    }

    /// Fits the regression with weights.
    pub(super) fn fit(&mut self, weights: &[f64], records: usize) -> Result<(), FitFailure> {
        let width = self.design.width();
        let fitted = self.regression.fit((&self.rows, width), &self.values, weights, records, self.link);
        let regression = self.regression.regression();
        let n = regression.rows();
        if n > 0 && n < width {
            return Err(FitFailure::new(FailureKind::TooFew, format!("{n} answers for {width} coefficients")));
        }
        fitted.map_err(|f| failure::logistic(f, "weighted regression", &self.design.names, regression.patterns()))
    }
}

pub(super) fn bind(
    method: &Ipw,
    target: &Target,
    schema: &ObservedSchema,
    wave: usize,
    (model, term): (&str, &str),
    link: Link,
) -> Result<Box<dyn Fit>, CannotAnswer> {
    if link == Link::Logit {
        YesNo::of(target, schema)?;
    }
    let (design, first) = match method.pooled_design(schema, wave) {
        Some(design) => (design?, 0),
        None => (Design::new(model, schema, Waves::One(wave))?, wave),
    };
    if first == 0 && wave > 0 && target.restrict.is_some() {
        let why = "with `outcome_model` it fits all waves, and a `where` holds at one".to_owned();
        return Err(CannotAnswer { why });
    }
    let outcome = Variable::need(&target.of.text, schema)?;
    let models = method.weights.designs(schema, wave)?;
    Ok(Box::new(CoefficientFit {
        column: design.column(term)?,
        restrict: target.restrict.as_ref().map(|text| Filter::new(text, target, schema, wave)).transpose()?,
        mask: Vec::new(),
        weighted: Weighted::new(design, Number::of(target, schema)?, link, (first, wave)),
        panel: Panel::new(Following::new(Some(outcome), &models), wave),
        dropout: Dropout::new(models, method.weights.pooling, method.weights.cut),
        estimated: method.errors == Errors::EstimatedWeights,
        clusters: method.clusters(schema)?,
        z: Critical::new(target.level_of_confidence).z,
        covariance: Vec::new(),
    }))
}

struct CoefficientFit {
    column: usize,
    restrict: Option<Filter>,
    mask: Vec<u8>,
    weighted: Weighted,
    panel: Panel,
    dropout: Dropout,
    estimated: bool,
    clusters: Option<Clusters>,
    z: f64,
    covariance: Vec<f64>,
}

impl Fit for CoefficientFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        self.panel.read_to_last(observed)?;
        self.dropout.fit(observed, &self.panel)?;
        let keep = self.restrict.as_mut().map(|filter| {
            filter.apply(observed, self.panel.last, &mut self.mask);
            self.mask.as_slice()
        });
        self.weighted.read(observed, keep);
        self.weighted.fit(self.dropout.weighting.weights(), observed.records())?;
        let clusters = self.clusters.as_mut().map(|clusters| clusters.read(observed));
        let (regression, covariance) = (&mut self.weighted.regression, &mut self.covariance);
        match self.estimated {
            true => regression.covariance_estimated_weights(&mut self.dropout.weighting, clusters, covariance),
            false => regression.covariance_known_weights(clusters, covariance),
        };
        let width = self.weighted.design.width();
        let estimate = self.weighted.regression.regression().coefficients()[self.column];
        let se = libm::sqrt(covariance[self.column * width + self.column]);
        finite(estimate, se)?;
        let interval = Some((estimate - self.z * se, estimate + self.z * se));
        Ok(Estimate { estimate, model_se: Some(se), df: None, interval })
    }
}

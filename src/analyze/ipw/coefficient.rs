//! Coefficients of weighted regressions, at one wave or over several.

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
use crate::tables::{Estimate, FailureKind, FitFailure, Observed, ObservedSchema, Target, WarningKind};

/// A weighted regression of an outcome over waves, on the columns of a data set.
pub(super) struct Weighted {
    pub(super) design: Design,
    pub(super) outcome: Number,
    pub(super) link: Link,
    /// The waves of the regression, ascending.
    waves: Vec<usize>,
    pub(super) regression: OutcomeRegression,
    rows: Vec<f64>,
    one_wave: Vec<f64>,
    mask: Vec<u8>,
    pub(super) values: Vec<f64>,
}

impl Weighted {
    pub(super) fn new(design: Design, outcome: Number, link: Link, waves: Vec<usize>) -> Self {
        Self {
            design,
            outcome,
            link,
            waves,
            regression: OutcomeRegression::default(),
            rows: Vec::new(),
            one_wave: Vec::new(),
            mask: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Reads predictors and outcome. `filters`: for each wave the condition on the rows of that wave; none if all count.
    pub(super) fn read(&mut self, observed: &Observed<'_>, filters: &mut [Filter]) {
        let (records, width) = (observed.records(), self.design.width());
        let until = self.waves.last().map_or(0, |last| last + 1);
        self.rows.clear();
        self.values.clear();
        for wave in 0..until {
            let Some(place) = self.waves.iter().position(|w| *w == wave) else {
                self.rows.resize((wave + 1) * records * width, f64::NAN);
                self.values.resize((wave + 1) * records, f64::NAN);
                continue;
            };
            self.design.rows(observed, wave, place, &mut self.one_wave);
            self.rows.extend_from_slice(&self.one_wave);
            self.outcome.read(observed, wave, &mut self.one_wave);
            if let Some(filter) = filters.get_mut(place) {
                filter.apply(observed, wave, &mut self.mask);
                let left_out = self.one_wave.iter_mut().zip(&self.mask).filter(|(_, counts)| **counts == 0);
                left_out.for_each(|(value, _)| *value = f64::NAN);
            }
            self.values.extend_from_slice(&self.one_wave);
        }
    }

    /// What is to be said of the last fit.
    pub(super) fn warning(&self) -> Option<WarningKind> {
        WarningKind::FittedAtEdge.when(self.link == Link::Logit && self.regression.regression().is_at_edge())
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
    waves: &[usize],
    (model, term): (&str, &str),
    link: Link,
) -> Result<Box<dyn Fit>, CannotAnswer> {
    if link == Link::Logit {
        YesNo::of(target, schema)?;
    }
    let wave = target.quantity.last_wave();
    let (design, waves) = match (waves, method.pooled_design(schema, wave)) {
        ([_], Some(design)) => (design?, (0..=wave).collect()),
        ([wave], None) => (Design::new(model, schema, Waves::One(*wave))?, vec![*wave]),
        (waves, None) => (Design::new(model, schema, Waves::List(waves))?, waves.to_vec()),
        (_, Some(_)) => {
            let why = "the estimand has a model of several waves of its own: leave out `outcome_model`".to_owned();
            return Err(CannotAnswer { why });
        }
    };
    design.answers(&target.of.text)?;
    if method.outcome_model.is_some() && wave > 0 && target.restrict.is_some() {
        let why = "with `outcome_model` it fits all waves, and a `where` holds at one".to_owned();
        return Err(CannotAnswer { why });
    }
    let filters =
        target.restrict.iter().flat_map(|text| waves.iter().map(|wave| Filter::new(text, target, schema, *wave)));
    let filters = filters.collect::<Result<Vec<Filter>, CannotAnswer>>()?;
    let outcome = Variable::need(&target.of.text, schema)?;
    let models = method.weights.designs(schema, wave)?;
    Ok(Box::new(CoefficientFit {
        column: design.column(term)?,
        filters,
        weighted: Weighted::new(design, Number::of(target, schema)?, link, waves),
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
    /// The condition on rows, one for each wave; none if all count.
    filters: Vec<Filter>,
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
        self.weighted.read(observed, &mut self.filters);
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
        let found = Estimate { estimate, model_se: Some(se), interval, ..Estimate::default() };
        Ok(found.warned(self.weighted.warning()).warned(self.dropout.warning()))
    }
}

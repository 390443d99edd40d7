#![doc = include_str!("../pages/ipw.md")]

mod coefficient;
mod mean;
mod report;
mod weights;

use super::clusters::Clusters;
use super::design::{Design, Waves};
use super::difference::Groups;
use super::dropout::{Declared, Dropout, check_model};
use super::filter::Filter;
use super::following::{Following, Panel};
use super::outcome::{Number, YesNo};
use super::simple::check_waves;
use super::variable::Variable;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::{Diagnostics, Text};
use crate::options::Options;
use crate::statistics::regression;
use crate::statistics::weighting::{Link, Pooling};
use crate::streams::Own;
use crate::tables::{Findings, Observed, ObservedSchema, Quantity, Target};
use mean::{IpwFit, Source};
use weights::Weights;

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "ipw",
    summary: "share, mean, difference or regression, weighted by the inverse probability of still answering",
    page: include_str!("../pages/ipw.md"),
    declare,
};

/// Standard errors of what is weighted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Errors {
    /// The weights are taken as known.
    #[default]
    KnownWeights,
    /// The models of still answering are part of the estimating equations.
    EstimatedWeights,
}

impl Errors {
    const WORDS: [&'static str; 2] = ["known_weights", "estimated_weights"];
    const ALL: [Self; 2] = [Self::KnownWeights, Self::EstimatedWeights];
}

/// Which weighted mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mean {
    /// Divided by the sum of the weights.
    #[default]
    Hajek,
    /// Divided by the number of records at the first wave.
    HorvitzThompson,
}

impl Mean {
    const WORDS: [&'static str; 2] = ["hajek", "horvitz_thompson"];
    const ALL: [Self; 2] = [Self::Hajek, Self::HorvitzThompson];
}

#[derive(Debug)]
struct Ipw {
    weights: Declared,
    errors: Errors,
    mean: Mean,
    cluster: Option<String>,
    /// The right-hand side of a regression over all waves.
    outcome_model: Option<String>,
    /// The outcome and its link, for a report.
    outcome: Option<Text>,
    link: Option<Link>,
}

const LINKS: [&str; 2] = ["logit", "identity"];

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let weights = Declared::read(options, problems);
    let errors = options.choice("errors", &Errors::WORDS, problems).map(|k| Errors::ALL[k]);
    let mean = options.choice("mean", &Mean::WORDS, problems).map(|k| Mean::ALL[k]);
    let cluster = options.text("cluster", problems).map(|t| t.text);
    let outcome_model = options.formula("outcome_model", problems);
    outcome_model.iter().for_each(|text| check_model(text, problems));
    let outcome = options.text("outcome", problems);
    let link = options.choice("link", &LINKS, problems).map(|k| [Link::Logit, Link::Identity][k]);
    options.finish(problems);
    Some(Box::new(Ipw {
        weights: weights?,
        errors: errors.unwrap_or_default(),
        mean: mean.unwrap_or_default(),
        cluster,
        outcome_model: outcome_model.map(|t| t.text),
        outcome,
        link,
    }))
}

impl Method for Ipw {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        check_waves(target, schema)?;
        match &target.quantity {
            Quantity::Prevalence { wave } => {
                YesNo::of(target, schema)?;
                self.bind_mean(target, schema, *wave, None)
            }
            Quantity::Mean { wave } => self.bind_mean(target, schema, *wave, None),
            Quantity::Difference { wave } => {
                self.bind_mean(target, schema, *wave, Some(Groups::new(target, schema, *wave)?))
            }
            Quantity::Coefficient { waves, model, term, family, link } => {
                let link = match (family, link) {
                    (regression::Family::Gaussian, _) => Link::Identity,
                    (regression::Family::Binomial, regression::Link::Logit) => Link::Logit,
                    _ => return Err(CannotAnswer { why: "it fits linear and logistic regressions only".to_owned() }),
                };
                coefficient::bind(self, target, schema, waves, (&model.text, term), link)
            }
            _ => {
                let why = "it answers shares, means and differences at a wave, and coefficients".to_owned();
                Err(CannotAnswer { why })
            }
        }
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _stream: &mut Own) -> Result<Findings, NoReport> {
        report::report(self, observed, confidence)
    }
}

impl Ipw {
    fn bind_mean(
        &self,
        target: &Target,
        schema: &ObservedSchema,
        wave: usize,
        groups: Option<Groups>,
    ) -> Result<Box<dyn Fit>, CannotAnswer> {
        let restrict = target.restrict.as_ref().map(|text| Filter::new(text, target, schema, wave)).transpose()?;
        if self.mean == Mean::HorvitzThompson {
            let answers = restrict.as_ref().is_some_and(Filter::reads_answers);
            self.refuse_horvitz_thompson(answers || groups.as_ref().is_some_and(Groups::read_answers))?;
        }
        let designs = self.weights.designs(schema, wave)?;
        let outcome = Variable::need(&target.of.text, schema)?;
        let source = match self.weights.pooling {
            Pooling::Pooled => Source::Cells(Box::new(Weights::new(outcome, wave, designs, self.weights.cut))),
            Pooling::PerWave => Source::Rows(
                Box::new(Panel::new(Following::new(Some(outcome), &designs), wave)),
                Box::new(Dropout::new(designs, self.weights.pooling, self.weights.cut)),
            ),
        };
        Ok(Box::new(IpwFit {
            wave,
            outcome: Number::of(target, schema)?,
            restrict,
            groups,
            estimated: self.errors == Errors::EstimatedWeights,
            mean: self.mean,
            clusters: self.clusters(schema)?,
            source,
            z: super::critical::Critical::new(target.level_of_confidence).z,
            work: mean::Work::default(),
        }))
    }

    fn refuse_horvitz_thompson(&self, reads_answers: bool) -> Result<(), CannotAnswer> {
        let why = if self.weights.numerator_model.is_some() {
            "stabilised weights do not sum to the number of records: leave out `numerator_model`, or use `hajek`"
        } else if reads_answers {
            "a Horvitz-Thompson mean counts those who are lost, who have no answers: compare by what is known from the \
             start, or use `hajek`"
        } else {
            return Ok(());
        };
        Err(CannotAnswer { why: why.to_owned() })
    }

    fn clusters(&self, schema: &ObservedSchema) -> Result<Option<Clusters>, CannotAnswer> {
        self.cluster.as_ref().map(|name| Clusters::new(name, schema)).transpose()
    }

    /// The regression over all waves up to one, if there is one.
    fn pooled_design(&self, schema: &ObservedSchema, last: usize) -> Option<Result<Design, CannotAnswer>> {
        let text = self.outcome_model.as_ref()?;
        Some(Design::new(text, schema, Waves::Pooled { first: 0, last }))
    }
}

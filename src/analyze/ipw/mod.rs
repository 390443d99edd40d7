#![doc = include_str!("../pages/ipw.md")]

mod weights;

use super::critical::Critical;
use super::design::{Design, Waves};
use super::difference::Groups;
use super::filter::Filter;
use super::outcome::{Number, YesNo};
use super::simple::check_waves;
use super::variable::Variable;
use super::{CannotAnswer, Entry, Fit, Method};
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::parse_model;
use crate::options::{OptionValue, Options};
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, FitFailure, Observed, ObservedSchema, Quantity, Target};
use weights::Weights;

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "ipw",
    summary: "share, mean or difference at a wave, weighted by the inverse probability of still answering",
    page: include_str!("../pages/ipw.md"),
    declare,
};

/// Standard errors of a weighted mean.
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

#[derive(Debug)]
struct Ipw {
    dropout_model: String,
    numerator_model: Option<String>,
    truncate: Option<f64>,
    errors: Errors,
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    // `1` may be written without quotation marks.
    let dropout_model = options.formula("dropout_model", problems);
    if options.get("dropout_model").is_none() {
        options.missing("dropout_model", problems);
    }
    let numerator_model = options.formula("numerator_model", problems);
    for text in [&dropout_model, &numerator_model].into_iter().flatten() {
        check_model(text, problems);
    }
    let truncate = options.get("truncate").and_then(|value| truncation(value, problems));
    let errors = options.choice("errors", &Errors::WORDS, problems).map(|k| Errors::ALL[k]);
    options.finish(problems);
    Some(Box::new(Ipw {
        dropout_model: dropout_model?.text,
        numerator_model: numerator_model.map(|t| t.text),
        truncate,
        errors: errors.unwrap_or_default(),
    }))
}

fn check_model(text: &Text, problems: &mut Diagnostics) {
    let (model, mut found) = parse_model(&text.text);
    found.extend(model.beyond_terms().filter(|_| found.is_empty()));
    for problem in found {
        problems
            .error("S0605", &text.span.within(&problem.range), problem.message)
            .help(format!("{}; such as `well + factor(wave) + age`", problem.help));
    }
}

fn truncation(value: &OptionValue, problems: &mut Diagnostics) -> Option<f64> {
    let number = match value {
        OptionValue::Number(text) => text.text.parse::<f64>().ok(),
        _ => None,
    };
    let share = number.filter(|share| (0.0..0.5).contains(share));
    if share.is_none() {
        problems
            .error("S0606", value.span(), "`truncate` must be a number from 0 to below 0.5")
            .help("`truncate = 0.01` cuts the weights at their 1st and 99th percentile");
    }
    share
}

impl Method for Ipw {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        check_waves(target, schema)?;
        let (wave, groups) = match &target.quantity {
            Quantity::Prevalence { wave } => {
                YesNo::of(target, schema)?;
                (*wave, None)
            }
            Quantity::Mean { wave } => (*wave, None),
            Quantity::Difference { wave } => (*wave, Some(Groups::new(target, schema, *wave)?)),
            _ => {
                let why = "it answers shares, means and differences at one wave only".to_owned();
                return Err(CannotAnswer { why });
            }
        };
        let pooled = Waves::Pooled { first: 1, last: wave.max(1) };
        let mut designs = vec![Design::new(&self.dropout_model, schema, pooled)?];
        if let Some(text) = &self.numerator_model {
            designs.push(Design::new(text, schema, pooled)?);
        }
        if designs.iter().any(|d| d.depends_on_data() || d.variables.iter().any(|v| v.lagged)) {
            let why =
                "a model of still answering reads the wave before as it is: it takes no `lag`, spline or polynomial";
            return Err(CannotAnswer { why: why.to_owned() });
        }
        let outcome = Variable::need(&target.of.text, schema)?;
        Ok(Box::new(IpwFit {
            wave,
            outcome: Number::of(target, schema)?,
            restrict: target.restrict.as_ref().map(|text| Filter::new(text, target, schema, wave)).transpose()?,
            groups,
            errors: self.errors,
            weights: Weights::new(outcome, wave, designs, self.truncate),
            z: Critical::new(target.level_of_confidence).z,
            values: Vec::new(),
            mask: Vec::new(),
            influence: Vec::new(),
        }))
    }
}

struct IpwFit {
    wave: usize,
    outcome: Number,
    restrict: Option<Filter>,
    groups: Option<Groups>,
    errors: Errors,
    weights: Weights,
    z: f64,
    values: Vec<f64>,
    mask: Vec<u8>,
    /// What each record adds to the estimate's error.
    influence: Vec<f64>,
}

impl Fit for IpwFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        self.weights.work_out(observed)?;
        self.outcome.read(observed, self.wave, &mut self.values);
        self.mask.clear();
        match &mut self.restrict {
            Some(filter) => filter.apply(observed, self.wave, &mut self.mask),
            None => self.mask.resize(observed.records(), 1),
        }
        self.mask.iter_mut().zip(self.weights.answering()).for_each(|(m, a)| *m &= a);
        self.influence.clear();
        self.influence.resize(observed.records(), 0.0);
        let (weight, values, mask) = (self.weights.weight(), &self.values, &self.mask);
        let estimate = match &mut self.groups {
            None => weighted_mean(weight, values, mask, None, 1.0, &mut self.influence)
                .ok_or_else(|| super::failure::no_rows(self.wave))?,
            Some(groups) => {
                groups.read(observed, self.wave);
                let mut side = |group: &[u8], sign: f64, which: &str| {
                    weighted_mean(weight, values, mask, Some(group), sign, &mut self.influence).ok_or_else(|| {
                        let detail = format!("nobody in the {which} group still answers at wave {}", self.wave + 1);
                        FitFailure::new(FailureKind::EmptyGroup, detail)
                    })
                };
                side(&groups.first, 1.0, "first")? - side(&groups.second, -1.0, "second")?
            }
        };
        if self.errors == Errors::EstimatedWeights {
            self.weights.add_uncertainty(&mut self.influence);
        }
        let se = libm::sqrt(self.influence.iter().map(|v| v * v).sum());
        if !(estimate.is_finite() && se.is_finite()) {
            return Err(FitFailure::new(FailureKind::NotFinite, format!("estimate {estimate}, standard error {se}")));
        }
        let interval = Some((estimate - self.z * se, estimate + self.z * se));
        Ok(Estimate { estimate, model_se: Some(se), df: None, interval })
    }
}

/// The weighted mean of the records that count, and what each adds to its error (times `sign`). Nothing if none do.
fn weighted_mean(
    weight: &[f64],
    values: &[f64],
    mask: &[u8],
    group: Option<&[u8]>,
    sign: f64,
    influence: &mut [f64],
) -> Option<f64> {
    let counts = |i: usize| mask[i] & group.map_or(1, |g| g[i]) == 1;
    let (mut total, mut sum) = (0.0, 0.0);
    for (i, (w, y)) in weight.iter().zip(values).enumerate() {
        if counts(i) {
            total += w;
            sum += w * y;
        }
    }
    if total.is_nan() || total <= 0.0 {
        return None;
    }
    let mean = sum / total;
    for (i, (w, y)) in weight.iter().zip(values).enumerate() {
        if counts(i) {
            influence[i] += sign * w * (y - mean) / total;
        }
    }
    Some(mean)
}

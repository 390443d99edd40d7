//! The expectation of an outcome at a wave given the past, for the methods `gcomputation` and `aipw`: what their options
//! say, and the regressions on the columns of a data set.

use super::CannotAnswer;
use super::design::{Design, Waves};
use super::difference::Groups;
use super::dropout::check_model;
use super::failure;
use super::filter::Filter;
use super::following::{Following, Panel};
use super::outcome::{Number, YesNo};
use super::simple::check_waves;
use super::variable::Variable;
use super::warning::no_spread;
use crate::diagnostic::{Diagnostics, Text};
use crate::options::Options;
use crate::statistics::weighting::{IteratedExpectation, Link, Predictors, history_rows};
use crate::tables::{Estimate, FailureKind, FitFailure, Observed, ObservedSchema, Quantity, Target};

/// The regressions of the outcome, as declared.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    baseline_model: String,
    history: Vec<Text>,
    /// How many waves back answers are regressors; all if there is none.
    lags: Option<usize>,
    /// The outcome, the column whose values are compared and the wave, for a report.
    pub(super) outcome: Option<Text>,
    pub(super) by: Option<Text>,
    pub(super) wave: Option<usize>,
}

impl Declared {
    /// Reads `baseline_model`, `history`, `lags`, `outcome`, `by`, `wave`.
    pub(super) fn read(options: &Options, problems: &mut Diagnostics) -> Option<Self> {
        let baseline_model = options.formula("baseline_model", problems);
        baseline_model.iter().for_each(|text| check_model(text, problems));
        let history = options.texts("history", problems).unwrap_or_default();
        let outcome = options.text("outcome", problems);
        let by = options.text("by", problems);
        let lags = match options.formula("lags", problems) {
            None => None,
            Some(text) => match text.text.parse::<usize>() {
                Ok(lags) => Some(lags),
                Err(_) => {
                    problems.error("S0102", &text.span, "`lags` must be a whole number of waves");
                    return None;
                }
            },
        };
        let wave = match options.formula("wave", problems) {
            None => None,
            Some(text) => match text.text.parse::<usize>() {
                Ok(wave) if wave > 0 => Some(wave - 1),
                _ => {
                    problems.error("S0102", &text.span, "`wave` must be the number of a wave: 1, 2, 3, ...");
                    return None;
                }
            },
        };
        let baseline_model = baseline_model.map_or_else(|| "1".to_owned(), |text| text.text);
        Some(Self { baseline_model, history, lags, outcome, by, wave })
    }

    /// The wave of a report: the one declared, or the last.
    pub(super) fn report_wave(&self, schema: &ObservedSchema) -> Result<usize, CannotAnswer> {
        let waves = schema.waves();
        let wave = self.wave.unwrap_or(waves.saturating_sub(1));
        match wave < waves {
            true => Ok(wave),
            false => Err(CannotAnswer { why: format!("there is no wave {}; the data have {waves}", wave + 1) }),
        }
    }

    /// The outcome of a report as a variable.
    pub(super) fn report_outcome(&self, schema: &ObservedSchema) -> Result<Variable, CannotAnswer> {
        let outcome = self.outcome.as_ref();
        let why = "a report needs `outcome`, the column whose mean is estimated".to_owned();
        Variable::need(&outcome.ok_or(CannotAnswer { why })?.text, schema)
    }
}

/// Which side of a comparison a mean is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Everyone,
    First,
    Second,
}

/// What a target asks for: a mean, or the difference of two.
pub(super) struct Asked {
    pub(super) wave: usize,
    restrict: Option<Filter>,
    groups: Option<Groups>,
    mask: Vec<u8>,
    counts: Vec<u8>,
}

impl Asked {
    /// Shares, means and differences at a wave; conditions on what is known from the start.
    pub(super) fn new(target: &Target, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
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
        let restrict = target.restrict.as_ref().map(|text| Filter::new(text, target, schema, wave)).transpose()?;
        if restrict.as_ref().is_some_and(Filter::reads_answers) || groups.as_ref().is_some_and(Groups::read_answers) {
            let why = "its mean is over all who answered at wave 1, and those who are lost have no answers later: a \
                       condition can read only what is known from the start"
                .to_owned();
            return Err(CannotAnswer { why });
        }
        Ok(Self { wave, restrict, groups, mask: Vec::new(), counts: Vec::new() })
    }

    /// The sum over the sides of what `side` gives for those who count (with the sign of the side).
    pub(super) fn sum(
        &mut self,
        observed: &Observed<'_>,
        mut side: impl FnMut(&[u8], f64) -> Option<f64>,
    ) -> Result<f64, FitFailure> {
        let Self { wave, restrict, groups, mask, counts } = self;
        match restrict {
            Some(filter) => filter.apply(observed, *wave, mask),
            None => {
                mask.clear();
                mask.resize(observed.records(), 1);
            }
        }
        let sides: &[(Side, f64)] = match groups {
            None => &[(Side::Everyone, 1.0)],
            Some(groups) => {
                groups.read(observed, *wave);
                &[(Side::First, 1.0), (Side::Second, -1.0)]
            }
        };
        let mut sum = 0.0;
        for (which, sign) in sides {
            let group = match (which, &*groups) {
                (Side::First, Some(groups)) => Some(&groups.first),
                (Side::Second, Some(groups)) => Some(&groups.second),
                _ => None,
            };
            counts.clone_from(mask);
            group.into_iter().for_each(|g| counts.iter_mut().zip(g).for_each(|(c, g)| *c &= g));
            let value = side(counts, *sign).ok_or_else(|| nobody(*which))?;
            sum += sign * value;
        }
        Ok(sum)
    }
}

fn nobody(side: Side) -> FitFailure {
    match side {
        Side::Everyone => FitFailure::new(FailureKind::NoData, "nobody who counts answered at wave 1"),
        Side::First => FitFailure::new(FailureKind::EmptyGroup, "nobody in the first group answered at wave 1"),
        Side::Second => FitFailure::new(FailureKind::EmptyGroup, "nobody in the second group answered at wave 1"),
    }
}

/// A yes/no outcome is regressed with the logit, a number by least squares.
pub(super) fn link_of(target: &Target, variable: &Variable) -> Link {
    let share = variable.is_yes_no() || variable.is_named() || target.level.is_some();
    if share { Link::Logit } else { Link::Identity }
}

/// The regressions on the columns of a data set.
pub(super) struct Expectation {
    baseline: Design,
    outcome: Number,
    history: Vec<Number>,
    names: Vec<String>,
    lags: usize,
    link: Link,
    pub(super) ice: IteratedExpectation,
    /// Values of the outcome, then of each further question, wave after wave.
    values: Vec<Vec<f64>>,
    rows: Vec<(Vec<f64>, usize)>,
    work: Vec<f64>,
}

impl Expectation {
    /// Binds the regressions, and says what a record must answer.
    pub(super) fn new(
        declared: &Declared,
        variable: &Variable,
        outcome: Number,
        link: Link,
        schema: &ObservedSchema,
    ) -> Result<(Self, Following), CannotAnswer> {
        let baseline = Design::new(&declared.baseline_model, schema, Waves::One(0))?;
        let mut following = Following::new(Some(variable.clone()), [&baseline]);
        let (mut history, mut names) = (Vec::new(), vec![variable.name.clone()]);
        for text in &declared.history {
            let question = Variable::need(&text.text, schema)?;
            history.push(Number::plain(&question)?);
            names.push(question.name.clone());
            following.need(&question);
        }
        let (ice, lags) = (IteratedExpectation::default(), declared.lags.unwrap_or(usize::MAX));
        let (values, rows, work) = (Vec::new(), Vec::new(), Vec::new());
        Ok((Self { baseline, outcome, history, names, lags, link, ice, values, rows, work }, following))
    }

    /// Names of the coefficients at a wave (counted from 0).
    pub(super) fn terms(&self, wave: usize) -> Vec<String> {
        let first = wave.saturating_sub(self.lags) + 1;
        let earlier = self.names.iter().flat_map(|name| (first..=wave).map(move |w| format!("{name} at wave {w}")));
        self.baseline.names.iter().cloned().chain(earlier).collect()
    }

    /// Fits the regressions of a panel.
    pub(super) fn fit(&mut self, observed: &Observed<'_>, panel: &Panel) -> Result<(), FitFailure> {
        let (records, last) = (observed.records(), panel.last);
        self.values.resize(1 + self.history.len(), Vec::new());
        for (values, question) in self.values.iter_mut().zip([&self.outcome].into_iter().chain(&self.history)) {
            values.clear();
            for wave in 0..=last {
                question.read(observed, wave, &mut self.work);
                values.extend_from_slice(&self.work);
            }
        }
        self.rows.resize(last, (Vec::new(), 0));
        for (before, (rows, width)) in self.rows.iter_mut().enumerate() {
            self.baseline.rows(observed, 0, 0, rows);
            *width = self.baseline.width();
            let first = (before + 1).saturating_sub(self.lags);
            for values in &self.values {
                std::mem::swap(rows, &mut self.work);
                let known = values.get(first * records..).unwrap_or(&[]);
                *width = history_rows(&self.work, *width, known, records, before + 1 - first, rows);
            }
        }
        let Self { ice, rows, values, link, .. } = self;
        let designs: Vec<Predictors<'_>> =
            rows.iter().map(|(rows, width)| Predictors { rows, width: *width }).collect();
        ice.fit(&panel.histories, &values[0], &designs, *link).map_err(|failed| {
            let what = format!("regression of the outcome at wave {}", failed.wave + 1);
            let (rows, _) = &self.rows[failed.wave - 1];
            failure::logistic(failed.why, &what, &self.terms(failed.wave), rows)
        })
    }

    /// Adds what each record adds to the error of the mean over `counts`, times `scale`.
    pub(super) fn influence(&mut self, panel: &Panel, counts: &[u8], scale: f64, influence: &mut [f64]) {
        let Self { ice, rows, .. } = self;
        let designs: Vec<Predictors<'_>> =
            rows.iter().map(|(rows, width)| Predictors { rows, width: *width }).collect();
        ice.influence(&panel.histories, &designs, counts, scale, influence);
    }

    /// The values of the outcome at a wave.
    pub(super) fn outcomes(&self, wave: usize, records: usize) -> &[f64] {
        self.values.first().and_then(|v| v.get(wave * records..(wave + 1) * records)).unwrap_or(&[])
    }
}

/// An estimate with its z interval, or that it is no number.
pub(super) fn with_error(estimate: f64, influence: &[f64], z: f64) -> Result<Estimate, FitFailure> {
    let se = libm::sqrt(influence.iter().map(|u| u * u).sum());
    if !(estimate.is_finite() && se.is_finite()) {
        return Err(FitFailure::new(FailureKind::NotFinite, crate::analyze::failure::not_finite(estimate, se)));
    }
    let interval = Some((estimate - z * se, estimate + z * se));
    let warning = no_spread(estimate, se);
    Ok(Estimate { estimate, model_se: Some(se), interval, warning, ..Estimate::default() })
}

/// The levels of a column known from the start, each with its name and 1 for the records that have it.
pub(super) fn groups_of(by: &Text, observed: &Observed<'_>) -> Result<Vec<(String, Vec<u8>)>, CannotAnswer> {
    use super::variable::Cells;
    let variable = Variable::need(&by.text, observed.schema())?;
    if !variable.is_coded() || super::design::changes(&variable) {
        let why = format!("`by` needs a column known from the start with few values, and `{}` is none", by.text);
        return Err(CannotAnswer { why });
    }
    let level = |code: usize| match variable.levels.get(code) {
        Some(name) => name.clone(),
        None => variable.values[code].to_string(),
    };
    let is = |code: usize| -> Vec<u8> {
        match variable.source.cells(observed, 0) {
            Cells::Codes(codes) => codes.iter().map(|c| u8::from(usize::from(*c) == code)).collect(),
            Cells::Positions(codes) => codes.iter().map(|c| u8::from(*c as usize == code)).collect(),
            _ => Vec::new(),
        }
    };
    Ok((0..variable.values.len()).map(|code| (level(code), is(code))).collect())
}

//! Weights for dropout, record by record: what the options say of them, and the models on the columns of a data set.

use super::CannotAnswer;
use super::design::{Design, Waves};
use super::failure;
use super::following::Panel;
use super::variable::Source;
use super::warning::{at_edge, extreme};
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::parse_model;
use crate::options::{OptionValue, Options};
use crate::statistics::weighting::{DropoutModel, ModelState, Pooling, Predictors, Weighting, WeightingFailure};
use crate::tables::{FitFailure, Observed, ObservedSchema, WarningKind};

/// How weights are made, as declared.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) dropout_model: String,
    pub(super) numerator_model: Option<String>,
    pub(super) pooling: Pooling,
    pub(super) cut: Option<Cut>,
}

/// Where weights are cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cut {
    /// At this percentile of all weights, and its mirror.
    Percentile(f64),
    /// At these weights.
    Given(f64, f64),
}

const POOLING: [&str; 2] = ["pooled", "per_wave"];

impl Declared {
    /// Reads `dropout_model`, `models`, and what concerns weights: `numerator_model`, `truncate`, `trim`.
    pub(super) fn read(options: &Options, problems: &mut Diagnostics) -> Option<Self> {
        let declared = Self::unstabilised(options, problems);
        let numerator_model = options.formula("numerator_model", problems);
        numerator_model.iter().for_each(|text| check_model(text, problems));
        let percentile = options.get("truncate").and_then(|value| truncation(value, problems));
        let given = options.list("trim", problems).map(<[OptionValue]>::to_vec);
        let given = given.and_then(|list| trimming(&list, options, problems));
        if options.get("truncate").is_some() && options.get("trim").is_some() {
            problems.error("S0606", &options.span, "`truncate` and `trim` both say where weights are cut");
        }
        Some(Self {
            numerator_model: numerator_model.map(|t| t.text),
            cut: percentile.map(Cut::Percentile).or(given),
            ..declared?
        })
    }

    /// Reads `dropout_model` and `models` only.
    pub(super) fn unstabilised(options: &Options, problems: &mut Diagnostics) -> Option<Self> {
        // `1` may be written without quotation marks.
        let dropout_model = options.formula("dropout_model", problems);
        if options.get("dropout_model").is_none() {
            options.missing("dropout_model", problems);
        }
        dropout_model.iter().for_each(|text| check_model(text, problems));
        let pooling = match options.choice("models", &POOLING, problems) {
            Some(1) => Pooling::PerWave,
            _ => Pooling::Pooled,
        };
        Some(Self { dropout_model: dropout_model?.text, numerator_model: None, pooling, cut: None })
    }

    /// The designs of the models, the denominator's first.
    pub(super) fn designs(&self, schema: &ObservedSchema, last: usize) -> Result<Vec<Design>, CannotAnswer> {
        let waves = Waves::Pooled { first: 1, last: last.max(1) };
        let texts = [Some(&self.dropout_model), self.numerator_model.as_ref()];
        let designs = texts.into_iter().flatten().map(|text| Design::new(text, schema, waves));
        let designs = designs.collect::<Result<Vec<_>, _>>()?;
        let reads_wave = designs.iter().flat_map(|d| &d.variables).any(|v| v.source == Source::Wave);
        if self.pooling == Pooling::PerWave && reads_wave {
            let why = "with a model for each wave the models cannot read `wave`".to_owned();
            return Err(CannotAnswer { why });
        }
        Ok(designs)
    }
}

/// Reports what is wrong with a right-hand side.
pub(super) fn check_model(text: &Text, problems: &mut Diagnostics) {
    let (model, mut found) = parse_model(&text.text);
    found.extend(model.beyond_terms().filter(|_| found.is_empty()));
    for problem in found {
        problems
            .error("S0605", &text.span.within(&problem.range), problem.message)
            .help(format!("{}; such as `well + factor(wave) + age`", problem.help));
    }
}

fn number(value: &OptionValue) -> Option<f64> {
    match value {
        OptionValue::Number(text) => text.text.parse::<f64>().ok(),
        _ => None,
    }
}

fn truncation(value: &OptionValue, problems: &mut Diagnostics) -> Option<f64> {
    let share = number(value).filter(|share| (0.0..0.5).contains(share));
    if share.is_none() {
        problems
            .error("S0606", value.span(), "`truncate` must be a number from 0 to below 0.5")
            .help("`truncate = 0.01` cuts the weights at their 1st and 99th percentile");
    }
    share
}

fn trimming(list: &[OptionValue], options: &Options, problems: &mut Diagnostics) -> Option<Cut> {
    let numbers: Vec<f64> = list.iter().filter_map(number).collect();
    match numbers[..] {
        [low, high] if list.len() == 2 && 0.0 <= low && low <= high => Some(Cut::Given(low, high)),
        _ => {
            let span = options.get("trim").map_or(&options.span, OptionValue::span);
            problems
                .error("S0606", span, "`trim` must be two numbers from 0 on, the lower one first")
                .help("`trim = [0.1, 10]` replaces weights below 0.1 by 0.1 and those above 10 by 10");
            None
        }
    }
}

/// Weights for dropout of a data set, by models with a row for each record.
///
/// The method `ipw` has faster models of its own for means with pooled models, which count records in the same cell
/// (`ipw/weights.rs`): a study fits them thousands of times. Here every record has its row, for all that is asked
/// seldom or needs every wave: models for each wave, regressions, reports, the step `weight.ipw`, the doubly robust mean.
pub(super) struct Dropout {
    designs: Vec<Design>,
    pooling: Pooling,
    cut: Option<Cut>,
    /// Where the weights of the last data set were cut.
    pub(super) bounds: Option<(f64, f64)>,
    pub(super) weighting: Weighting,
    rows: Vec<Vec<f64>>,
    one_wave: Vec<f64>,
}

impl Dropout {
    pub(super) fn new(designs: Vec<Design>, pooling: Pooling, cut: Option<Cut>) -> Self {
        let rows = vec![Vec::new(); designs.len()];
        let weighting = Weighting::default();
        Self { designs, pooling, cut, bounds: None, weighting, rows, one_wave: Vec::new() }
    }

    pub(super) fn designs(&self) -> &[Design] {
        &self.designs
    }

    /// Fits the models and works out the weights at all waves up to the panel's last.
    pub(super) fn fit(&mut self, observed: &Observed<'_>, panel: &Panel) -> Result<(), FitFailure> {
        for (design, rows) in self.designs.iter().zip(&mut self.rows) {
            rows.clear();
            for wave in 1..=panel.last {
                design.rows(observed, wave - 1, wave - 1, &mut self.one_wave);
                rows.extend_from_slice(&self.one_wave);
            }
        }
        self.weigh(panel, self.designs.len() > 1)?;
        self.bounds = match self.cut {
            None => None,
            Some(Cut::Percentile(share)) => self.weighting.truncate(share, 1.0 - share),
            Some(Cut::Given(low, high)) => self.weighting.trim(low, high).then_some((low, high)),
        };
        Ok(())
    }

    /// What is to be said of the models and weights of the last data set.
    pub(super) fn warning(&self) -> Option<WarningKind> {
        let fitted = self.weighting.models().iter().filter(|m| matches!(m.state, ModelState::Fitted(_)));
        at_edge(fitted.map(DropoutModel::fit)).or_else(|| extreme(self.weighting.weights().iter()))
    }

    /// Weights from the rows as they are, stabilised or not, and not cut.
    pub(super) fn weigh(&mut self, panel: &Panel, stabilised: bool) -> Result<(), FitFailure> {
        let mut models = self.designs.iter().zip(&self.rows).map(|(d, rows)| Predictors { rows, width: d.width() });
        let denominator = models.next().unwrap_or(Predictors { rows: &[], width: 0 });
        let numerator = models.next().filter(|_| stabilised);
        let fitted = self.weighting.fit(&panel.histories, denominator, numerator, self.pooling);
        fitted.map_err(|failed| self.failure(failed))
    }

    fn failure(&self, failed: WeightingFailure) -> FitFailure {
        let of = if failed.numerator { "numerator's model of still answering" } else { "model of still answering" };
        let what = failed.wave.map_or_else(|| of.to_owned(), |wave| format!("{of} at wave {}", wave + 1));
        let names = self.designs.get(usize::from(failed.numerator)).map_or(&[][..], |d| &d.names);
        let rows = self.weighting.models().last().map_or(&[][..], |model| model.fit().patterns());
        failure::logistic(failed.why, &what, names, rows)
    }

    /// Adds what the estimation of the weights adds, for an estimate that uses the last wave's weights only. `slopes`
    /// is its slope in their logarithms.
    pub(super) fn add_uncertainty(&mut self, slopes: &[f64], last: usize, influence: &mut [f64]) {
        self.one_wave.clear();
        self.one_wave.resize(last * slopes.len(), 0.0);
        self.one_wave.extend_from_slice(slopes);
        self.weighting.add_uncertainty(&self.one_wave, influence);
    }
}

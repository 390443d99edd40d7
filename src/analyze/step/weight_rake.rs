#![doc = include_str!("../pages/weight_rake.md")]

use super::{Answer, Bound, Rest, RunStep, Step, StepEntry};
use crate::analyze::gather::gather;
use crate::analyze::variable::{Cells, Variable};
use crate::analyze::warning::extreme_for_mean;
use crate::analyze::{CannotAnswer, counts};
use crate::diagnostic::{Diagnostics, Text};
use crate::options::{OptionValue, Options};
use crate::statistics::raking::{Margin, RakingFailure, WeightSummary, rake};
use crate::streams::Own;
use crate::tables::{FailureKind, Finding, Findings, FitFailure, Observed, ObservedBatch, ObservedSchema, Record};
use std::sync::Arc;

/// The line of the catalogue.
pub(super) const ENTRY: StepEntry = StepEntry {
    name: "weight.rake",
    summary: "weights the records of each wave so that their totals agree with known margins",
    page: include_str!("../pages/weight_rake.md"),
    declare: |options, problems| {
        let margins = margins(options, problems);
        let base_weight = options.text("base_weight", problems);
        options.finish(problems);
        Some(Box::new(Raking { margins: margins?, base_weight }))
    },
};

/// A margin as declared.
#[derive(Clone, Debug)]
struct Known {
    variable: Text,
    /// The levels as written, in the order of the totals; all that the variable has where none are written.
    levels: Option<Vec<String>>,
    totals: Vec<f64>,
}

#[derive(Debug)]
struct Raking {
    margins: Vec<Known>,
    base_weight: Option<Text>,
}

fn margins(options: &Options, problems: &mut Diagnostics) -> Option<Vec<Known>> {
    let Some(items) = options.list("margins", problems) else {
        if options.get("margins").is_none() {
            options.missing("margins", problems);
        }
        return None;
    };
    let span = options.get("margins").map_or(&options.span, OptionValue::span);
    let known: Vec<Known> = items.iter().filter_map(|item| margin(item, problems)).collect();
    if items.is_empty() {
        problems.error("S0623", span, "`margins` is empty").help("name a variable and the totals of its levels");
    }
    let sum = |margin: &Known| margin.totals.iter().sum::<f64>();
    let first = known.first().map_or(0.0, sum);
    if let Some(other) = known.iter().find(|margin| (sum(margin) - first).abs() > 1e-9 * first) {
        let message =
            format!("the totals of `margins` sum to {first} and, for `{}`, to {}", other.variable.text, sum(other));
        problems.error("S0623", &other.variable.span, message).help("all margins are of the same population");
    }
    if known.len() == items.len() && !known.is_empty() { Some(known) } else { None }
}

fn margin(item: &OptionValue, problems: &mut Diagnostics) -> Option<Known> {
    let OptionValue::Table(table) = item else {
        let message = format!("`margins` must be a list of tables, and has {} in it", item.kind());
        problems.error("S0102", item.span(), message);
        return None;
    };
    let variable = table.text("variable", problems);
    let levels = table.texts("levels", problems);
    let totals = counts::list(table, "totals", problems);
    for key in ["variable", "totals"].into_iter().filter(|key| table.get(key).is_none()) {
        table.missing(key, problems);
    }
    table.finish(problems);
    let levels: Option<Vec<String>> = levels.map(|list| list.into_iter().map(|level| level.text).collect());
    if let Some(levels) = levels.as_ref().filter(|levels| levels.len() != totals.len()) {
        let message = format!("{} levels have {} totals", levels.len(), totals.len());
        problems.error("S0623", &table.span, message);
        return None;
    }
    if totals.is_empty() || totals.iter().any(|total| !(*total >= 0.0 && total.is_finite())) {
        problems.error("S0623", &table.span, "totals are numbers from 0, at least one of them");
        return None;
    }
    Some(Known { variable: variable?, levels, totals })
}

impl Step for Raking {
    fn bind(&self, schema: &ObservedSchema, _confidence: f64) -> Result<Bound, CannotAnswer> {
        let margins = self.margins.iter().map(|margin| BoundMargin::new(margin, schema)).collect::<Result<_, _>>()?;
        let base = self.base_weight.as_ref().map(|name| Variable::need(&name.text, schema)).transpose()?;
        if let Some(base) = base.as_ref().filter(|base| base.is_named()) {
            return Err(CannotAnswer { why: format!("`{}` has levels and can be no weight", base.name) });
        }
        let after = ObservedSchema { weighted: true, ..schema.clone() };
        let batch = ObservedBatch { schema: Arc::new(after.clone()), ..ObservedBatch::default() };
        let step = RunRaking { margins, base, rows: Vec::new(), batch, waves: Vec::new() };
        Ok(Bound { step: Box::new(step), schema: after })
    }
}

/// A margin whose variable is known.
#[derive(Debug)]
struct BoundMargin {
    variable: Variable,
    /// Names of the levels, for messages.
    levels: Vec<String>,
    /// Values of the levels.
    values: Vec<f64>,
    totals: Vec<f64>,
}

impl BoundMargin {
    fn new(margin: &Known, schema: &ObservedSchema) -> Result<Self, CannotAnswer> {
        let variable = Variable::need(&margin.variable.text, schema)?;
        let name = &variable.name;
        let own = |code: usize| variable.levels.get(code).cloned().unwrap_or_else(|| variable.values[code].to_string());
        let levels = match &margin.levels {
            Some(levels) => levels.clone(),
            None => (0..variable.values.len()).map(own).collect(),
        };
        if levels.len() != margin.totals.len() {
            let why =
                format!("`{name}` has {} levels and {} totals; write `levels`", levels.len(), margin.totals.len());
            return Err(CannotAnswer { why });
        }
        let value = |level: &String| match variable.levels.iter().position(|known| known == level) {
            Some(code) => Ok(variable.values.get(code).copied().unwrap_or(code as f64)),
            None if variable.is_named() => Err(CannotAnswer {
                why: format!("`{name}` has no level `{level}`; it has {}", variable.levels.join(", ")),
            }),
            None => level.parse().map_err(|_| CannotAnswer { why: format!("`{level}` is no value of `{name}`") }),
        };
        let values = levels.iter().map(value).collect::<Result<_, _>>()?;
        Ok(Self { levels, values, totals: margin.totals.clone(), variable })
    }

    /// The level of each record at a wave; `Err` is a value without a total.
    fn read(&self, observed: &Observed<'_>, wave: usize) -> Result<Margin, f64> {
        let mut levels = Vec::with_capacity(observed.records());
        for value in numbers(&self.variable, observed, wave) {
            let level = self.values.iter().position(|known| *known == value);
            if level.is_none() && !value.is_nan() {
                return Err(value);
            }
            levels.push(level);
        }
        Ok(Margin { levels, totals: self.totals.clone() })
    }

    /// The name of a value.
    fn shown(&self, value: f64) -> String {
        let code = self.variable.values.iter().position(|v| *v == value);
        code.and_then(|code| self.variable.levels.get(code).cloned()).unwrap_or_else(|| value.to_string())
    }
}

/// The value of each record at a wave, NaN where there is none.
fn numbers(variable: &Variable, observed: &Observed<'_>, wave: usize) -> Vec<f64> {
    let of = |code: usize| variable.values.get(code).copied().unwrap_or(f64::NAN);
    match variable.source.cells(observed, wave) {
        Cells::Codes(codes) => codes.iter().map(|c| of(usize::from(*c))).collect(),
        Cells::Positions(codes) => codes.iter().map(|c| of(*c as usize)).collect(),
        Cells::Numbers(values) => values.to_vec(),
        Cells::Same | Cells::Absent => vec![f64::NAN; observed.records()],
    }
}

/// What became of one wave.
#[derive(Debug)]
struct RakedWave {
    wave: usize,
    weights: Vec<f64>,
    cycles: usize,
    summary: WeightSummary,
}

struct RunRaking {
    margins: Vec<BoundMargin>,
    base: Option<Variable>,
    rows: Vec<usize>,
    /// The data set with its weights.
    batch: ObservedBatch,
    /// Waves that have weights.
    waves: Vec<RakedWave>,
}

impl RunStep for RunRaking {
    fn run(&mut self, observed: &Observed<'_>, stream: &mut Own, rest: &mut Rest<'_>) -> Result<Answer, FitFailure> {
        self.waves.clear();
        for wave in 0..observed.schema().waves() {
            self.waves.extend(self.rake_wave(observed, wave)?);
        }
        if self.waves.is_empty() {
            return Err(FitFailure::new(FailureKind::NoData, "no record has all the variables of the margins"));
        }
        self.rows.clear();
        self.rows.extend(0..observed.records());
        gather(&mut self.batch, observed, &self.rows);
        // A record without a weight counts nothing.
        self.batch.weights = vec![vec![0.0; observed.records()]; observed.schema().waves()];
        for raked in &self.waves {
            let known = |w: &f64| if w.is_nan() { 0.0 } else { *w };
            self.batch.weights[raked.wave] = raked.weights.iter().map(known).collect();
        }
        let warning = self.waves.iter().find_map(|raked| extreme_for_mean(&raked.weights));
        Ok(rest(&self.batch.replicate(0), stream)?.warned(warning))
    }

    fn findings(&self) -> Findings {
        let mut findings = Findings::default();
        match &self.waves[..] {
            [one] => findings.values = values(one),
            several => {
                let records = several.iter().map(|wave| Finding::Record(values(wave))).collect();
                findings.values.set("waves", Finding::List(records));
            }
        }
        for raked in self.waves.iter().filter(|raked| raked.summary.design_effect > 2.0) {
            findings.warnings.push(format!(
                "At wave {} the weights are so unequal that {} records tell as much as {:.0} with equal weights.",
                raked.wave + 1,
                raked.summary.rows,
                raked.summary.effective_size
            ));
        }
        findings
    }
}

fn values(raked: &RakedWave) -> Record {
    let mut record = Record::new();
    record
        .set("wave", raked.wave + 1)
        .set("weights", raked.weights.clone())
        .set("n", raked.summary.rows as usize)
        .set("sum", raked.summary.sum)
        .set("ess", raked.summary.effective_size)
        .set("kish_deff", raked.summary.design_effect)
        .set("cycles", raked.cycles);
    record
}

impl RunRaking {
    /// The weights of a wave; nothing where no record has what is needed.
    fn rake_wave(&self, observed: &Observed<'_>, wave: usize) -> Result<Option<RakedWave>, FitFailure> {
        let mut base = match &self.base {
            Some(variable) => numbers(variable, observed, wave),
            None => observed.weights(wave).map_or_else(|| vec![1.0; observed.records()], <[f64]>::to_vec),
        };
        for (weight, attended) in base.iter_mut().zip(observed.attended(wave)) {
            *weight = if *attended { *weight } else { f64::NAN };
        }
        let mut margins = Vec::with_capacity(self.margins.len());
        for margin in &self.margins {
            margins.push(margin.read(observed, wave).map_err(|value| {
                let (name, shown) = (&margin.variable.name, margin.shown(value));
                let detail = format!("wave {}: `{name}` is {shown} in a record, and {shown} has no total", wave + 1);
                FitFailure::new(FailureKind::EmptyGroup, detail)
            })?);
        }
        match rake(Some(&base), &margins) {
            Ok(raked) => {
                let summary = WeightSummary::new(&raked.weights);
                let raked = |summary| RakedWave { wave, weights: raked.weights, cycles: raked.cycles, summary };
                Ok(summary.map(raked))
            }
            Err(RakingFailure::NoRows) => Ok(None),
            Err(failure) => Err(self.explain(failure, wave)),
        }
    }

    fn explain(&self, failure: RakingFailure, wave: usize) -> FitFailure {
        let name = |margin: usize| self.margins.get(margin).map_or("", |m| m.variable.name.as_str());
        let (kind, detail) = match failure {
            RakingFailure::EmptyLevel { margin, level } => {
                let level = self.margins.get(margin).and_then(|m| m.levels.get(level)).map_or("", String::as_str);
                let detail = format!("no record with a weight has `{}` at {level}, which has a total", name(margin));
                (FailureKind::EmptyGroup, detail + "; join it with another level")
            }
            RakingFailure::NotReproduced { margin } => (
                FailureKind::NotConverged,
                format!("no weights of these records reproduce the totals of `{}`", name(margin)),
            ),
            RakingFailure::NotConverged { movement } => {
                (FailureKind::NotConverged, format!("weights still move by {movement:e} of their size in a cycle"))
            }
            RakingFailure::TotalsDiffer { margin } => {
                (FailureKind::NotConverged, format!("the totals of `{}` have another sum", name(margin)))
            }
            RakingFailure::NoRows => (FailureKind::NoData, "no record has all the variables of the margins".to_owned()),
            RakingFailure::Malformed => {
                (FailureKind::NotFinite, "a weight at the start is negative or infinite".to_owned())
            }
        };
        FitFailure::new(kind, format!("wave {}: {detail}", wave + 1))
    }
}

//! Tables that are counted from columns.

use super::super::asked::{self, Asked};
use super::super::outcome::YesNo;
use super::super::variable::{Cells, Variable};
use super::super::{CannotAnswer, NoReport, counts};
use super::Tables;
use crate::diagnostic::{Diagnostics, Text};
use crate::options::Options;
use crate::statistics::table::trend::Group;
use crate::statistics::table::{Strata, Stratum};
use crate::tables::{FailureKind, FitFailure, Observed, ObservedSchema};

/// Which columns: `of` at all waves, between `from` and `to`, over `score`, or in two sets within `strata`.
#[derive(Debug)]
pub(super) struct Columns {
    asked: Asked,
    from: Option<usize>,
    to: Option<usize>,
    score: Option<Text>,
    by: Option<Text>,
}

impl Columns {
    /// The options of columns; nothing without `of`.
    pub(super) fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Self> {
        let asked = Asked::declare_comparing(options, problems);
        let (from, to) = (counts::wave(options, "from", problems), counts::wave(options, "to", problems));
        let (score, by) = (options.text("score", problems), options.text("by", problems));
        Some(Self { asked: asked?, from, to, score, by })
    }

    /// All tables that these columns make.
    pub(super) fn read(&self, observed: &Observed<'_>) -> Result<Tables, NoReport> {
        let schema = observed.schema();
        let mut tables = Tables::default();
        let outcome = self.asked.outcome(schema);
        if let (Ok(outcome), true) = (&outcome, schema.waves() > 1) {
            tables.occasions = Some(occasions(outcome, observed));
        }
        if schema.waves() > 1 {
            tables.square = Some(self.square(observed)?);
        }
        if let Some(score) = &self.score {
            tables.trend = Some(self.trend(&outcome.clone()?, score, observed)?);
        }
        if let Some(by) = &self.by {
            tables.strata = Some(self.strata(&outcome.clone()?, by, observed)?);
        }
        if schema.waves() < 2 && self.score.is_none() && self.by.is_none() {
            let why = "with one wave it needs `score` for a trend, or `compare` and `by` for strata".to_owned();
            return Err(CannotAnswer { why }.into());
        }
        Ok(tables)
    }

    /// Records by the value at `from` and at `to`.
    fn square(&self, observed: &Observed<'_>) -> Result<(Vec<f64>, usize), NoReport> {
        let schema = observed.schema();
        let variable = Variable::need(self.asked.name(), schema)?;
        let from = asked::there(self.from.unwrap_or(0), schema)?;
        let to = asked::there(self.to.unwrap_or(schema.waves().saturating_sub(1)), schema)?;
        let k = variable.values.len();
        if k < 2 {
            let why = format!("`{}` has no levels that could be crossed between waves", self.asked.name());
            return Err(CannotAnswer { why }.into());
        }
        let (before, after) = (codes(&variable, observed, from), codes(&variable, observed, to));
        let mut table = vec![0.0; k * k];
        for (a, b) in before.into_iter().zip(after) {
            if let Some(cell) = a.zip(b).and_then(|(a, b)| table.get_mut(a * k + b)) {
                *cell += 1.0;
            }
        }
        Ok((table, k))
    }

    /// Yes and answers at the wave for each value of the score.
    fn trend(&self, outcome: &YesNo, score: &Text, observed: &Observed<'_>) -> Result<Vec<Group>, NoReport> {
        let schema = observed.schema();
        let wave = self.asked.wave_in(schema)?;
        let variable = coded(score, schema)?;
        let mut groups: Vec<Group> =
            variable.values.iter().map(|score| Group { x: 0.0, n: 0.0, score: *score }).collect();
        let scores = codes(&variable, observed, wave);
        for (answer, group) in outcome.codes(observed, wave).iter().zip(scores) {
            let group = group.and_then(|g| groups.get_mut(g)).filter(|_| outcome.is_answer(*answer) == 1);
            if let Some(group) = group {
                group.x += f64::from(outcome.is_yes(*answer));
                group.n += 1.0;
            }
        }
        groups.retain(|g| g.n > 0.0);
        if groups.is_empty() {
            let detail = format!("no record has `{}` and `{}` at wave {}", self.asked.name(), score.text, wave + 1);
            return Err(FitFailure::new(FailureKind::NoData, detail).into());
        }
        Ok(groups)
    }

    /// The compared sets at the wave within each value of a variable.
    fn strata(&self, outcome: &YesNo, by: &Text, observed: &Observed<'_>) -> Result<Strata, NoReport> {
        let schema = observed.schema();
        let wave = self.asked.wave_in(schema)?;
        let variable = coded(by, schema)?;
        let mut groups = self.asked.groups(schema, wave)?.ok_or_else(|| CannotAnswer {
            why: "`by` makes strata, and `compare` does not say which records are compared in them".to_owned(),
        })?;
        groups.read(observed, wave);
        let mut strata = vec![Stratum { a: 0.0, b: 0.0, c: 0.0, d: 0.0 }; variable.values.len()];
        let places = codes(&variable, observed, wave);
        let sets = groups.first.iter().zip(&groups.second);
        let rows = outcome.codes(observed, wave).iter().zip(places).zip(sets);
        for ((answer, place), (first, second)) in rows.filter(|((answer, _), _)| outcome.is_answer(**answer) == 1) {
            let Some(stratum) = place.and_then(|p| strata.get_mut(p)) else { continue };
            let yes = f64::from(outcome.is_yes(*answer));
            stratum.a += f64::from(*first) * yes;
            stratum.b += f64::from(*first) * (1.0 - yes);
            stratum.c += f64::from(*second) * yes;
            stratum.d += f64::from(*second) * (1.0 - yes);
        }
        let empty = || FitFailure::new(FailureKind::NoData, "no record counts in any stratum");
        Ok(Strata::new(&strata).ok_or_else(empty)?)
    }
}

/// A variable with few values.
fn coded(name: &Text, schema: &ObservedSchema) -> Result<Variable, CannotAnswer> {
    let variable = Variable::need(&name.text, schema)?;
    if variable.is_coded() {
        return Ok(variable);
    }
    Err(CannotAnswer { why: format!("`{}` is a number, and must have few values", name.text) })
}

/// Answers 1 and 0 record after record, at all waves; NaN where there is none.
fn occasions(outcome: &YesNo, observed: &Observed<'_>) -> (Vec<f64>, usize) {
    let waves = observed.schema().waves();
    let mut answers = vec![f64::NAN; observed.records() * waves];
    for wave in 0..waves {
        let cells = answers.iter_mut().skip(wave).step_by(waves.max(1));
        for (cell, code) in cells.zip(outcome.codes(observed, wave)) {
            if outcome.is_answer(*code) == 1 {
                *cell = f64::from(outcome.is_yes(*code));
            }
        }
    }
    (answers, waves)
}

/// The code of each record, where it has one.
fn codes(variable: &Variable, observed: &Observed<'_>, wave: usize) -> Vec<Option<usize>> {
    let known = |code: usize| if code < variable.values.len() { Some(code) } else { None };
    match variable.source.cells(observed, wave) {
        Cells::Codes(codes) => codes.iter().map(|c| known(usize::from(*c))).collect(),
        Cells::Positions(codes) => codes.iter().map(|c| known(*c as usize)).collect(),
        Cells::Numbers(_) | Cells::Same | Cells::Absent => vec![None; observed.records()],
    }
}

//! A model in R's notation, as columns of a design over the truth.

use super::scope::{Name, fill, names};
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::formula::{Expression, ModelColumns, ModelPart, ModelValues, ModelVariable, parse_model};
use crate::tables::{Truth, TruthSchema};
use std::ops::Range;

/// A design, row by row of any wave.
#[derive(Clone, Debug)]
pub(super) struct Design {
    coded: ModelColumns,
    /// What the variables of the columns are.
    variables: Vec<Variable>,
    /// Position of the column whose coefficient is asked for.
    pub wanted: usize,
}

/// A variable of a model.
#[derive(Clone, Debug)]
struct Variable {
    /// What it stands for; none for the number of the wave.
    name: Option<Name>,
    /// Whether it is the value at the wave before.
    lagged: bool,
    /// Its values, if it has few.
    values: Vec<f64>,
}

impl Design {
    /// Reads a model of the outcome `of` (S0511) and looks up the wanted term (S0512). `waves` are those
    /// that rows come from, ascending; with several, `wave` is a variable.
    pub fn new(
        of: &str,
        model: &Text,
        term: &str,
        truth: &TruthSchema,
        waves: &[usize],
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let (read, mut unreadable) = parse_model(&model.text);
        unreadable.extend(read.beyond_terms().filter(|_| unreadable.is_empty()));
        for problem in &unreadable {
            let span = model.span.within(&problem.range);
            problems.error("S0511", &span, problem.message.clone()).help(problem.help.clone());
        }
        if let Some(response) = read.response.as_ref().filter(|r| r.name != of) {
            let message = format!("the model is of `{}`, and the estimand of `{of}`", response.name);
            let help = format!("write `{of} ~ ...`, or the terms only");
            problems.error("S0511", &model.span.within(&response.range), message).help(help);
            return None;
        }
        let mut lookup = Lookup { truth, waves, found: Vec::new(), unknown: Vec::new() };
        let coded = match read.columns(&mut |variable| lookup.values(variable)) {
            Ok(coded) => coded,
            Err(found) => {
                for problem in found {
                    let code = if lookup.unknown.contains(&problem.range) { "S0501" } else { "S0511" };
                    let said = problems.error(code, &model.span.within(&problem.range), problem.message);
                    if !problem.help.is_empty() {
                        said.help(problem.help);
                    }
                }
                return None;
            }
        };
        if !unreadable.is_empty() {
            return None;
        }
        if let Some(basis) = coded.bases.first() {
            let message = format!("the columns of `{}` depend on the data, so their coefficients do too", basis.text);
            problems
                .error("S0511", &model.span, message)
                .help("write powers, `x + I(x^2)`, or a factor, which mean the same in every data set");
            return None;
        }
        let Some(wanted) = coded.find(term) else {
            let known: Vec<&str> = coded.columns.iter().map(|c| c.name.as_str()).collect();
            problems
                .error("S0512", &model.span, format!("the model has no single coefficient `{term}`"))
                .help(format!("its coefficients are: {}", known.join(", ")));
            return None;
        };
        let variables = coded.variables.iter().filter_map(|v| lookup.of(v)).collect();
        Some(Self { coded, variables, wanted })
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.coded.columns.len()
    }

    /// What it reads.
    pub fn names(&self) -> impl Iterator<Item = Name> + '_ {
        self.variables.iter().filter_map(|v| v.name)
    }

    /// Writes the columns at these rows at a wave into `out`, one vector per column; NaN where a value is undefined.
    pub fn fill(&self, truth: &Truth, wave: usize, rows: &Range<usize>, out: &mut [Vec<f64>]) {
        let mut read = vec![vec![f64::NAN; rows.len()]; self.variables.len()];
        let mut growth = vec![0.0; self.variables.len()];
        for ((variable, values), growth) in self.variables.iter().zip(&mut read).zip(&mut growth) {
            let Some(name) = variable.name else {
                values.fill(number_of(wave));
                continue;
            };
            let moment = wave.checked_sub(usize::from(variable.lagged)).and_then(|w| truth.schema.waves.get(w));
            if let Some(moment) = moment {
                fill(name, 0.0, truth, *moment, rows.clone(), values);
                *growth = name.growth(&truth.schema, *moment);
            }
        }
        for (column, out) in self.coded.columns.iter().zip(out) {
            out.clear();
            out.resize(rows.len(), 1.0);
            for (row, out) in out.iter_mut().enumerate() {
                let raw = |v: usize| read.get(v).and_then(|values| values.get(row)).copied().unwrap_or(f64::NAN);
                for part in &column.parts {
                    *out *= match part {
                        ModelPart::Value(of) => value(of, |v| raw(v) + growth.get(v).copied().unwrap_or(0.0)),
                        ModelPart::Levels { variable, values } => self.level(*variable, raw(*variable), values),
                        ModelPart::Basis { .. } => f64::NAN,
                    };
                }
            }
        }
    }

    /// The number that belongs to a value of a variable.
    fn level(&self, variable: usize, value: f64, numbers: &[f64]) -> f64 {
        let known = self.variables.get(variable).map_or(&[][..], |v| &v.values);
        let position = known.iter().position(|v| *v == value);
        position.and_then(|k| numbers.get(k)).copied().unwrap_or(f64::NAN)
    }
}

fn value(of: &Expression<usize>, read: impl Fn(usize) -> f64) -> f64 {
    of.value(&|v: &usize| read(*v))
}

/// The number that a formula reads as `wave`.
fn number_of(wave: usize) -> f64 {
    wave as f64 + 1.0
}

/// What the names of a model are looked up in.
struct Lookup<'a> {
    truth: &'a TruthSchema,
    waves: &'a [usize],
    found: Vec<(ModelVariable, Variable)>,
    /// Places of names that stand for nothing.
    unknown: Vec<Range<usize>>,
}

impl Lookup<'_> {
    /// What values a variable has, or why there is none.
    fn values(&mut self, wanted: &ModelVariable) -> Result<ModelValues, (String, String)> {
        let (truth, word) = (self.truth, wanted.name.as_str());
        if word == "wave" && self.waves.len() > 1 {
            return self.wave(wanted);
        }
        let Some(name) = Name::find(truth, word) else {
            self.unknown.push(wanted.range.clone());
            let near = || near_miss(word, names(truth)).map(|near| format!("did you mean `{near}`?"));
            let several = "it is a variable where the estimand is over several `waves`".to_owned();
            let help = if word == "wave" { Some(several) } else { near() };
            return Err((format!("there is no variable `{word}`"), help.unwrap_or_default()));
        };
        if wanted.lagged && self.waves.first() == Some(&0) {
            let help = "ask for later waves, or leave `lag` out".to_owned();
            return Err(("there is no wave before the first".to_owned(), help));
        }
        let (levels, values) = (name.levels(truth), name.values(truth));
        let kind = match (&values, levels.is_empty()) {
            (_, false) => ModelValues::Named(levels.to_vec()),
            (Some(values), true) => ModelValues::Few(values.clone()),
            (None, true) => ModelValues::Number,
        };
        let variable = Variable { name: Some(name), lagged: wanted.lagged, values: values.unwrap_or_default() };
        self.found.push((wanted.clone(), variable));
        Ok(kind)
    }

    /// The number of the wave.
    fn wave(&mut self, wanted: &ModelVariable) -> Result<ModelValues, (String, String)> {
        if wanted.lagged {
            return Err(("the wave before a wave needs no `lag`".to_owned(), "write `I(wave - 1)`".to_owned()));
        }
        let values: Vec<f64> = self.waves.iter().map(|wave| number_of(*wave)).collect();
        self.found.push((wanted.clone(), Variable { name: None, lagged: false, values: values.clone() }));
        Ok(ModelValues::Few(values))
    }

    fn of(&self, wanted: &ModelVariable) -> Option<Variable> {
        self.found.iter().find(|(v, _)| v == wanted).map(|(_, variable)| variable.clone())
    }
}

//! The columns of a regression: from a model to numbers, either record by record or, where every variable has few
//! values, cell by cell.
//!
//! A cell is a combination of values; its number is a mixed-radix code of the variables' codes. Records in the same
//! cell have the same row of predictors, so a logistic fit needs the counts per cell only.
//!
//! The columns of splines and polynomials depend on the data: [`Design::prepare`] works them out over the rows that
//! count, before [`Design::rows`] is called.

mod cells;
mod components;
mod lookup;

#[cfg(test)]
mod tests;

pub(super) use cells::CellRows;
pub(super) use lookup::Waves;

use super::CannotAnswer;
use super::variable::{Cells, Source, Variable};
use crate::formula::{Expression, Model, ModelColumns, RandomTerm, parse_model};
use crate::numeric::basis::Basis;
use crate::tables::{FailureKind, FitFailure, Observed, ObservedSchema};
use components::Component;
use lookup::Lookup;

/// Columns of a regression, the intercept first if there is one.
#[derive(Clone, Debug)]
pub(super) struct Design {
    /// The variables, each once.
    pub(super) variables: Vec<Variable>,
    /// Names of the columns in R's manner: `(Intercept)`, `age`, `factor(wave)3`.
    pub(super) names: Vec<String>,
    /// The rows of all cells, if there are few enough.
    pub(super) cells: Option<CellRows>,
    /// Terms such as `(1 | id)`, for methods that fit them.
    #[allow(dead_code, reason = "for methods that fit several waves at once")]
    pub(super) random: Vec<RandomTerm>,
    /// The outcome that the model names, if it names one.
    response: Option<String>,
    coded: ModelColumns,
    /// For each column its factors.
    columns: Vec<Vec<Component>>,
    /// Those factors that may have no value where their variables have one, such as `log(x)`.
    partial: Vec<Component>,
    bases: Vec<Basis>,
    /// The values that a basis is fitted to.
    buffer: Vec<f64>,
}

impl Design {
    /// The design of a model with terms only.
    ///
    /// # Errors
    /// Why there is none, also for a model with an offset or a random term.
    pub(super) fn new(text: &str, schema: &ObservedSchema, waves: Waves<'_>) -> Result<Self, CannotAnswer> {
        let model = read(text)?;
        match model.beyond_terms() {
            None => Self::of(&model, schema, waves),
            Some(problem) => {
                Err(CannotAnswer { why: format!("model `{text}`: {}; {}", problem.message, problem.help) })
            }
        }
    }

    /// The design of a model that may have offsets and random terms, for methods that can use them: see
    /// [`offset`](Self::offset) and [`random`](Self::random).
    ///
    /// # Errors
    /// Why there is none.
    #[allow(dead_code, reason = "for methods that fit several waves at once")]
    pub(super) fn whole(text: &str, schema: &ObservedSchema, waves: Waves<'_>) -> Result<Self, CannotAnswer> {
        Self::of(&read(text)?, schema, waves)
    }

    /// The columns whose coefficients differ from group to group in a random term.
    ///
    /// # Errors
    /// Why there are none.
    #[allow(dead_code, reason = "for methods that fit several waves at once")]
    pub(super) fn of_random(
        term: &RandomTerm,
        schema: &ObservedSchema,
        waves: Waves<'_>,
    ) -> Result<Self, CannotAnswer> {
        Self::of(&Model { intercept: term.intercept, terms: term.terms.clone(), ..Model::default() }, schema, waves)
    }

    fn of(model: &Model, schema: &ObservedSchema, waves: Waves<'_>) -> Result<Self, CannotAnswer> {
        let mut lookup = Lookup { schema, waves, found: Vec::new() };
        let coded = model.columns(&mut |variable| lookup.values(variable)).map_err(|problems| CannotAnswer {
            why: problems.first().map_or_else(String::new, |problem| problem.message.clone()),
        })?;
        if coded.columns.is_empty() {
            return Err(CannotAnswer {
                why: "the model has no column: it has neither a term nor an intercept".to_owned(),
            });
        }
        let mut design = Self {
            variables: lookup.in_order(&coded.variables),
            names: coded.columns.iter().map(|c| c.name.clone()).collect(),
            cells: None,
            random: model.random.clone(),
            response: model.response.as_ref().map(|r| r.name.clone()),
            columns: Vec::new(),
            partial: Vec::new(),
            bases: vec![Basis::default(); coded.bases.len()],
            buffer: Vec::new(),
            coded,
        };
        design.make_components();
        design.cells = design.cell_rows();
        Ok(design)
    }

    /// Number of columns.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The column that a term of an estimand names: a column's own name, or the name of a term with one column.
    pub(super) fn column(&self, term: &str) -> Result<usize, CannotAnswer> {
        self.coded.find(term).ok_or_else(|| CannotAnswer {
            why: format!("no single coefficient `{term}`; the model has {}", self.names.join(", ")),
        })
    }

    /// Whether the model is one of this outcome, or names none.
    ///
    /// # Errors
    /// The model names another outcome.
    pub(super) fn answers(&self, of: &str) -> Result<(), CannotAnswer> {
        match &self.response {
            Some(response) if response != of => {
                Err(CannotAnswer { why: format!("the model is of `{response}`, and the estimand of `{of}`") })
            }
            _ => Ok(()),
        }
    }

    /// Whether the model has an offset.
    pub(super) fn has_offset(&self) -> bool {
        !self.coded.offsets.is_empty()
    }

    /// Works out the columns that depend on the data, before [`rows`](Self::rows), over the rows that count: `present` holds 1 for those, wave after
    /// wave of `waves`, record after record. Does nothing for other models.
    ///
    /// # Errors
    /// A variable has too few different values for its spline or polynomial.
    pub(super) fn prepare(
        &mut self,
        observed: &Observed<'_>,
        waves: &[usize],
        present: &[u8],
    ) -> Result<(), FitFailure> {
        let records = observed.records();
        let Self { variables, coded, bases, buffer, .. } = self;
        for (basis, form) in bases.iter_mut().zip(&coded.bases) {
            buffer.clear();
            for (k, wave) in waves.iter().enumerate() {
                let here = present.get(k * records..(k + 1) * records).unwrap_or(&[]);
                let counted = here.iter().enumerate().filter(|(_, p)| **p == 1);
                buffer.extend(counted.map(|(record, _)| value(&form.of, variables, observed, (*wave, k), record)));
            }
            if !components::fit(basis, form, buffer) && !buffer.is_empty() {
                let detail = format!("`{}` needs a variable with more different values", form.text);
                return Err(FitFailure::new(FailureKind::TooFew, detail));
            }
        }
        Ok(())
    }

    /// Clears `present` where a variable has no value at a wave, which is the one at position `after_first` of those
    /// pooled, or where a part of the model such as `log(x)` has none.
    pub(super) fn require(&self, observed: &Observed<'_>, wave: usize, after_first: usize, present: &mut [u8]) {
        for variable in &self.variables {
            require(variable, observed, wave, present);
        }
        let at = (wave, after_first);
        for part in &self.partial {
            for (record, counts) in present.iter_mut().enumerate().filter(|(_, p)| **p == 1) {
                *counts = u8::from(!self.component_value(part, observed, at, record).is_nan());
            }
        }
        for offset in &self.coded.offsets {
            for (record, counts) in present.iter_mut().enumerate().filter(|(_, p)| **p == 1) {
                *counts = u8::from(!value(offset, &self.variables, observed, at, record).is_nan());
            }
        }
    }

    /// The rows of all records at a wave, record after record; NaN where a value is missing.
    pub(super) fn rows(&self, observed: &Observed<'_>, wave: usize, after_first: usize, out: &mut Vec<f64>) {
        let (records, width) = (observed.records(), self.width());
        out.clear();
        out.resize(records * width, 1.0);
        for (k, column) in self.columns.iter().enumerate() {
            for part in column {
                self.multiply(part, observed, (wave, after_first), out.iter_mut().skip(k).step_by(width));
            }
        }
    }

    /// What the model's offsets add to the linear predictor of each record at a wave; 0 without offsets, NaN where a
    /// value is missing.
    #[allow(dead_code, reason = "for methods that fit several waves at once")]
    pub(super) fn offset(&self, observed: &Observed<'_>, wave: usize, after_first: usize, out: &mut Vec<f64>) {
        out.clear();
        out.resize(observed.records(), 0.0);
        for offset in &self.coded.offsets {
            for (record, sum) in out.iter_mut().enumerate() {
                *sum += value(offset, &self.variables, observed, (wave, after_first), record);
            }
        }
    }
}

/// Reads a model.
fn read(text: &str) -> Result<Model, CannotAnswer> {
    let (model, problems) = parse_model(text);
    match problems.first() {
        Some(problem) => Err(CannotAnswer { why: format!("model `{text}`: {}; {}", problem.message, problem.help) }),
        None => Ok(model),
    }
}

/// The value of an expression for one record at a wave (the one at the second position of those pooled).
fn value(
    of: &Expression<usize>,
    variables: &[Variable],
    observed: &Observed<'_>,
    (wave, after_first): (usize, usize),
    record: usize,
) -> f64 {
    of.value(&|v| variables.get(*v).map_or(f64::NAN, |v| v.number(observed, wave, after_first, record)))
}

/// Clears `present` where a variable has no value at a wave.
pub(super) fn require(variable: &Variable, observed: &Observed<'_>, wave: usize, present: &mut [u8]) {
    match variable.cells(observed, wave) {
        Cells::Codes(codes) => {
            let missing = variable.missing_code();
            present.iter_mut().zip(codes).for_each(|(p, c)| *p &= u8::from(*c < missing));
        }
        Cells::Numbers(values) => present.iter_mut().zip(values).for_each(|(p, v)| *p &= u8::from(!v.is_nan())),
        Cells::Positions(codes) => {
            let count = variable.values.len();
            present.iter_mut().zip(codes).for_each(|(p, c)| *p &= u8::from((*c as usize) < count));
        }
        Cells::Same => {}
        Cells::Absent => present.fill(0),
    }
}

/// Whether a variable can change from wave to wave.
pub(super) fn changes(variable: &Variable) -> bool {
    matches!(variable.source, Source::Item(_))
}

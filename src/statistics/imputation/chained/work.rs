//! One target at work: its rows, its model, and whether its fit can be kept.

use super::plan::{Kind, Plan, Term, WhenCollinear};
use super::{ImputationFailure, Incomplete};
use crate::statistics::draws::Draws;
use crate::statistics::imputation::logreg::LogisticModel;
use crate::statistics::imputation::norm::NormalModel;
use crate::statistics::imputation::ordinal::OrdinalModel;
use crate::statistics::imputation::pmm::MatchingModel;
use crate::statistics::imputation::polytomous::MultinomialModel;

/// A target, its data and its model. The model that its kind asks for is the only one used.
#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    pub(super) column: usize,
    kind: Option<Kind>,
    terms: Vec<Term>,
    /// Position of each term among the plan's predictors.
    positions: Vec<usize>,
    /// Terms in the current fit, as positions in `terms`; and as positions among the plan's predictors.
    active: Vec<usize>,
    pub(super) used: Vec<usize>,
    pub(super) observed: Vec<usize>,
    pub(super) missing: Vec<usize>,
    outcome: Vec<f64>,
    /// No fitted row has a predictor that is imputed, so the fit is the same every time.
    fixed: bool,
    fitted: bool,
    pub(super) fits: u64,
    pub(super) augmented: u64,
    pub(super) left_out: Vec<u64>,
    normal: NormalModel,
    matching: MatchingModel,
    logistic: LogisticModel,
    multinomial: MultinomialModel,
    ordinal: OrdinalModel,
}

impl Work {
    /// Takes the rows of target `k`.
    pub(super) fn load(&mut self, plan: &Plan, k: usize, data: &[f64], rows: usize, one_pass: bool) {
        let target = &plan.targets[k];
        (self.column, self.kind) = (target.column, Some(target.kind));
        let later = |column: usize| plan.targets[k..].iter().any(|t| t.column == column);
        self.terms.clear();
        self.positions.clear();
        for (position, term) in target.predictors.iter().enumerate() {
            if !(one_pass && term.columns().any(later)) {
                self.terms.push(*term);
                self.positions.push(position);
            }
        }
        let column = &data[self.column * rows..(self.column + 1) * rows];
        self.observed.clear();
        self.missing.clear();
        self.outcome.clear();
        for (row, value) in column.iter().enumerate() {
            if value.is_nan() {
                self.missing.push(row);
            } else {
                self.observed.push(row);
                self.outcome.push(*value);
            }
        }
        let known = |row: &usize| self.terms.iter().all(|t| !t.value_is_missing(data, rows, *row));
        self.fixed = self.observed.iter().all(known);
        self.fitted = false;
        (self.fits, self.augmented) = (0, 0);
        self.left_out.clear();
        self.left_out.resize(target.predictors.len(), 0);
    }

    /// Rows of the active terms after an intercept, for some rows of the data.
    pub(super) fn design(&self, data: &[f64], rows: usize, which: &[usize], out: &mut Vec<f64>) {
        out.clear();
        for row in which {
            out.push(1.0);
            out.extend(self.active.iter().map(|t| self.terms[*t].value(data, rows, *row)));
        }
    }

    /// Fits the model to the completed data, unless the last fit still holds.
    pub(super) fn fit(
        &mut self,
        when: WhenCollinear,
        data: &[f64],
        rows: usize,
        observed: &mut Vec<f64>,
        missing: &mut Vec<f64>,
    ) -> Result<(), ImputationFailure> {
        if self.fixed && self.fitted {
            return Ok(());
        }
        self.active.clear();
        self.active.extend(0..self.terms.len());
        loop {
            self.used.clear();
            self.used.extend(self.active.iter().map(|t| self.positions[*t]));
            self.design(data, rows, &self.observed, observed);
            self.design(data, rows, &self.missing, missing);
            match (self.fit_model(observed, missing), when) {
                (Err(ImputationFailure::Collinear { column }), WhenCollinear::LeaveOut)
                    if (1..=self.active.len()).contains(&column) =>
                {
                    let term = self.active.remove(column - 1);
                    self.left_out[self.positions[term]] += 1;
                }
                (Err(failure), _) => return Err(failure),
                (Ok(augmented), _) => {
                    self.fits += 1;
                    self.augmented += u64::from(augmented);
                    // Pseudo-rows depend on the rows to impute, whose predictors change.
                    self.fitted = !augmented;
                    return Ok(());
                }
            }
        }
    }

    /// Fits; says whether with pseudo-rows.
    fn fit_model(&mut self, observed: &[f64], missing: &[f64]) -> Result<bool, ImputationFailure> {
        let data = Incomplete { columns: self.active.len() + 1, observed, outcome: &self.outcome, missing };
        match self.kind {
            Some(Kind::Normal) => self.normal.fit(&data).map(|()| false),
            Some(Kind::Matching { .. }) => self.matching.fit(&data).map(|()| false),
            Some(Kind::Logistic(augmentation)) => {
                self.logistic.fit(&data, augmentation)?;
                Ok(self.logistic.augmented())
            }
            Some(Kind::Multinomial { categories, augmentation }) => {
                self.multinomial.fit(&data, categories, augmentation)?;
                Ok(self.multinomial.augmented())
            }
            Some(Kind::Ordinal { categories, augmentation }) => {
                self.ordinal.fit(&data, categories, augmentation)?;
                Ok(self.ordinal.augmented())
            }
            None => Err(ImputationFailure::NothingObserved),
        }
    }

    /// Draws parameters, then a value for each row to impute, into `out`.
    pub(super) fn draw(&mut self, missing: &[f64], shift: &[f64], draws: &mut dyn Draws, out: &mut Vec<f64>) {
        let data = Incomplete { columns: self.active.len() + 1, observed: &[], outcome: &[], missing };
        match self.kind {
            Some(Kind::Normal) => {
                self.normal.draw(draws);
                self.normal.impute(&data, shift, draws, out);
            }
            Some(Kind::Matching { donors }) => {
                self.matching.draw(draws);
                self.matching.impute(&data, donors, shift, draws, out);
            }
            Some(Kind::Logistic(_)) => {
                self.logistic.draw(draws);
                self.logistic.impute(&data, shift, draws, out);
            }
            Some(Kind::Multinomial { .. }) => {
                self.multinomial.draw(draws);
                self.multinomial.impute(&data, draws, out);
            }
            Some(Kind::Ordinal { .. }) => {
                self.ordinal.draw(draws);
                self.ordinal.impute(&data, shift, draws, out);
            }
            None => out.clear(),
        }
    }
}

impl Term {
    /// Whether a column it needs is missing in a row.
    fn value_is_missing(&self, data: &[f64], rows: usize, row: usize) -> bool {
        self.columns().any(|column| data[column * rows + row].is_nan())
    }
}

//! What is imputed, by which model, given what, and whether the data allow it.

use crate::statistics::imputation::{Augmentation, ImputationFailure};

/// How many visits, to what, in which order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The variables to impute, in the order of visits.
    pub targets: Vec<Target>,
    /// Sweeps over all targets for each completed data set, where one pass does not suffice; at least 1.
    pub sweeps: usize,
    /// Whether to impute in one pass, each target given complete columns and targets visited before it, where the
    /// pattern is monotone in the order of visits. Later targets among the predictors are then not used: wherever a
    /// value is missing, they are missing too.
    pub one_pass: bool,
    /// What to do about a predictor that depends on the ones before it.
    pub when_collinear: WhenCollinear,
}

/// What to do about a predictor that is a linear combination of the intercept and the predictors before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenCollinear {
    /// The draw fails and names it.
    #[default]
    Fail,
    /// It is left out of that fit, which is counted in the report. (The R package mice leaves out silently.)
    LeaveOut,
}

/// A variable to impute.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its column.
    pub column: usize,
    /// Its model.
    pub kind: Kind,
    /// Its predictors, after an intercept.
    pub predictors: Vec<Term>,
}

/// The model of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Normal linear regression, of a continuous variable.
    Normal,
    /// Predictive mean matching among this many donors, of a continuous variable.
    Matching {
        /// Nearest observed rows among which one is picked.
        donors: usize,
    },
    /// Logistic regression, of a variable with the values 0 and 1.
    Logistic(Augmentation),
    /// Multinomial logistic regression, of a variable with the values 0, 1, ... below `categories`.
    Multinomial {
        /// Number of declared categories.
        categories: usize,
        /// When pseudo-rows are added.
        augmentation: Augmentation,
    },
    /// Proportional odds model, of a variable with the ordered values 0, 1, ... below `categories`.
    Ordinal {
        /// Number of declared categories.
        categories: usize,
        /// When pseudo-rows are added.
        augmentation: Augmentation,
    },
}

/// A column of a design: one factor, or the product of two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// The factor.
    pub first: Factor,
    /// What it is multiplied with.
    pub second: Option<Factor>,
}

/// A column of the data, or whether it has a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    /// The column.
    pub column: usize,
    /// With a level: 1 where the column is equal to it, else 0.
    pub level: Option<f64>,
}

impl Factor {
    /// The values of a column.
    #[must_use]
    pub fn of(column: usize) -> Self {
        Self { column, level: None }
    }

    #[inline]
    pub(super) fn value(self, data: &[f64], rows: usize, row: usize) -> f64 {
        let value = data[self.column * rows + row];
        self.level.map_or(value, |level| f64::from(u8::from(value == level)))
    }
}

impl Term {
    /// The values of a column.
    #[must_use]
    pub fn of(column: usize) -> Self {
        Self { first: Factor::of(column), second: None }
    }

    /// The product of two columns.
    #[must_use]
    pub fn product(a: usize, b: usize) -> Self {
        Self { first: Factor::of(a), second: Some(Factor::of(b)) }
    }

    /// The columns it needs.
    pub fn columns(&self) -> impl Iterator<Item = usize> {
        [Some(self.first.column), self.second.map(|f| f.column)].into_iter().flatten()
    }

    #[inline]
    pub(super) fn value(&self, data: &[f64], rows: usize, row: usize) -> f64 {
        let first = self.first.value(data, rows, row);
        self.second.map_or(first, |second| first * second.value(data, rows, row))
    }
}

/// Why there are no completed data sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainedFailure {
    /// The data do not have the length that their columns need, or a plan names a column that is not there.
    Shape,
    /// Two targets are the same column.
    TwiceATarget {
        /// The column.
        column: usize,
    },
    /// A target is among its own predictors.
    OwnPredictor {
        /// Position of the target.
        target: usize,
    },
    /// A predictor has missing values and is no target itself.
    IncompletePredictor {
        /// Position of the target.
        target: usize,
        /// The predictor's column.
        column: usize,
    },
    /// A value is infinite.
    NotFinite {
        /// Its column.
        column: usize,
    },
    /// A predictor depends on the intercept and the predictors before it.
    Collinear {
        /// Position of the target.
        target: usize,
        /// Position among its predictors.
        predictor: usize,
    },
    /// A target could not be drawn.
    Draw {
        /// Position of the target.
        target: usize,
        /// Why.
        failure: ImputationFailure,
    },
}

impl Plan {
    /// Whether the plan can work on these data.
    pub(super) fn check(&self, data: &[f64], rows: usize) -> Result<(), ChainedFailure> {
        let columns = data.len().checked_div(rows).unwrap_or(0);
        let inside = |c: usize| c < columns;
        let named = || self.targets.iter().flat_map(|t| t.predictors.iter().flat_map(Term::columns).chain([t.column]));
        if columns * rows != data.len() || !named().all(inside) {
            return Err(ChainedFailure::Shape);
        }
        if let Some(column) = named().find(|c| values(data, rows, *c).any(f64::is_infinite)) {
            return Err(ChainedFailure::NotFinite { column });
        }
        for (target, t) in self.targets.iter().enumerate() {
            self.check_target(target, t, data, rows)?;
        }
        Ok(())
    }

    fn check_target(&self, target: usize, t: &Target, data: &[f64], rows: usize) -> Result<(), ChainedFailure> {
        if self.targets[..target].iter().any(|u| u.column == t.column) {
            return Err(ChainedFailure::TwiceATarget { column: t.column });
        }
        if rows > 0 && values(data, rows, t.column).all(f64::is_nan) {
            return Err(ChainedFailure::Draw { target, failure: ImputationFailure::NothingObserved });
        }
        for column in t.predictors.iter().flat_map(Term::columns) {
            if column == t.column {
                return Err(ChainedFailure::OwnPredictor { target });
            }
            if !self.targets.iter().any(|u| u.column == column) && values(data, rows, column).any(f64::is_nan) {
                return Err(ChainedFailure::IncompletePredictor { target, column });
            }
        }
        Ok(())
    }

    /// Whether in every row, once a target is missing, all targets visited after it are missing.
    pub(super) fn is_monotone(&self, data: &[f64], rows: usize) -> bool {
        (0..rows).all(|row| {
            let mut states = self.targets.iter().map(|t| data[t.column * rows + row].is_nan());
            // No observed target after a missing one.
            !(states.any(|missing| missing) && states.any(|missing| !missing))
        })
    }
}

fn values(data: &[f64], rows: usize, column: usize) -> impl Iterator<Item = f64> {
    data.iter().skip(column * rows).take(rows).copied()
}

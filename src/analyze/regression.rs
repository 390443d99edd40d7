#![doc = include_str!("pages/regression.md")]

use super::critical::Critical;
use super::design::{Design, Waves};
use super::difference::Groups;
use super::failure::{collinear, no_rows};
use super::filter::Filter;
use super::outcome::Number;
use super::simple::{check_waves, one_wave};
use super::two_sample::finish;
use super::{CannotAnswer, Entry, Fit, Method};
use crate::numeric::linear::Orthogonal;
use crate::statistics::regression::{Family, Link};
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, FitFailure, Observed, ObservedSchema, Quantity, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "regression",
    summary: "linear regression by least squares on the records that answered at the wave",
    page: include_str!("pages/regression.md"),
    declare: |options, problems| {
        let errors = options.choice("errors", &Errors::WORDS, problems).map(|k| Errors::ALL[k]);
        options.finish(problems);
        Some(Box::new(Regression { errors: errors.unwrap_or_default() }))
    },
};

/// Standard errors of least squares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Errors {
    /// One variance for all records.
    #[default]
    Classical,
    /// The sandwich.
    Hc0,
    /// The sandwich times n / (n - p).
    Hc1,
    /// Squared residuals divided by 1 - leverage.
    Hc2,
    /// Squared residuals divided by (1 - leverage) squared.
    Hc3,
}

impl Errors {
    const WORDS: [&'static str; 5] = ["classical", "hc0", "hc1", "hc2", "hc3"];
    const ALL: [Self; 5] = [Self::Classical, Self::Hc0, Self::Hc1, Self::Hc2, Self::Hc3];
}

#[derive(Debug)]
struct Regression {
    errors: Errors,
}

impl Method for Regression {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        check_waves(target, schema)?;
        let (wave, predictors, column) = match &target.quantity {
            Quantity::Coefficient { waves, model, term, family: Family::Gaussian, .. } => {
                let wave = one_wave(waves)?;
                let design = Design::new(&model.text, schema, Waves::One(wave))?;
                design.answers(&target.of.text)?;
                let column = design.column(term)?;
                (wave, Predictors::Design(Box::new(design)), column)
            }
            Quantity::Difference { wave } => {
                (*wave, Predictors::Groups(Box::new(Groups::new(target, schema, *wave)?)), 1)
            }
            Quantity::Coefficient { family: Family::Binomial, link: Link::Logit, .. } => {
                return Err(CannotAnswer {
                    why: "the estimand is of a logistic regression; use `logistic`".to_owned(),
                });
            }
            _ => {
                let why = "it answers coefficients of linear regressions and differences only".to_owned();
                return Err(CannotAnswer { why });
            }
        };
        Ok(Box::new(RegressionFit {
            errors: self.errors,
            outcome: Number::of(target, schema)?,
            wave,
            predictors,
            column,
            restrict: target.restrict.as_ref().map(|text| Filter::new(text, target, schema, wave)).transpose()?,
            critical: Critical::new(target.level_of_confidence),
            work: Work::default(),
        }))
    }
}

/// Where the predictors come from.
enum Predictors {
    /// A model.
    Design(Box<Design>),
    /// Being in the first of two groups, among the records in either.
    Groups(Box<Groups>),
}

struct RegressionFit {
    errors: Errors,
    outcome: Number,
    wave: usize,
    predictors: Predictors,
    column: usize,
    restrict: Option<Filter>,
    critical: Critical,
    work: Work,
}

#[derive(Default)]
struct Work {
    mask: Vec<u8>,
    all_rows: Vec<f64>,
    rows: Vec<f64>,
    outcome: Vec<f64>,
    residuals: Vec<f64>,
    coefficients: Vec<f64>,
    inverse_row: Vec<f64>,
    solver: Orthogonal,
}

impl Fit for RegressionFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        let width = self.collect(observed)?;
        let work = &mut self.work;
        let n = work.residuals.len();
        if n == 0 {
            return Err(no_rows(self.wave));
        }
        if n <= width {
            return Err(FitFailure::new(FailureKind::TooFew, format!("{n} records for {width} coefficients")));
        }
        work.solver.decompose(&work.rows, width).map_err(|column| {
            let groups = ["(Intercept)".to_owned(), "the comparison".to_owned()];
            match &self.predictors {
                Predictors::Design(design) => collinear(&design.names, column, &work.rows),
                Predictors::Groups(_) => collinear(&groups, column, &work.rows),
            }
        })?;
        work.solver.coefficients(&mut work.residuals, &mut work.coefficients);
        work.solver.inverse_row(self.column, &mut work.inverse_row);
        let variance = variance(self.errors, work, width)?;
        finish(work.coefficients[self.column], libm::sqrt(variance), (n - width) as f64, &mut self.critical)
    }
}

impl RegressionFit {
    /// Puts the rows that count into the buffers; gives the number of columns.
    fn collect(&mut self, observed: &Observed<'_>) -> Result<usize, FitFailure> {
        let work = &mut self.work;
        self.outcome.read(observed, self.wave, &mut work.outcome);
        match &mut self.restrict {
            Some(filter) => filter.apply(observed, self.wave, &mut work.mask),
            None => {
                work.mask.clear();
                work.mask.resize(observed.records(), 1);
            }
        }
        let width = match &mut self.predictors {
            Predictors::Design(design) => {
                if design.depends_on_data() {
                    work.mask.iter_mut().zip(&work.outcome).for_each(|(m, y)| *m &= u8::from(!y.is_nan()));
                    design.require(observed, self.wave, 0, &mut work.mask);
                    design.prepare(observed, &[self.wave], &work.mask)?;
                }
                design.rows(observed, self.wave, 0, &mut work.all_rows);
                design.width()
            }
            Predictors::Groups(groups) => {
                groups.read(observed, self.wave);
                work.all_rows.clear();
                for (i, (first, second)) in groups.first.iter().zip(&groups.second).enumerate() {
                    work.mask[i] &= first | second;
                    work.all_rows.extend([1.0, f64::from(*first)]);
                }
                2
            }
        };
        work.rows.clear();
        work.residuals.clear();
        for ((row, y), counts) in work.all_rows.chunks_exact(width).zip(&work.outcome).zip(&work.mask) {
            if *counts == 1 && !y.is_nan() && !row.iter().any(|v| v.is_nan()) {
                work.rows.extend_from_slice(row);
                work.residuals.push(*y);
            }
        }
        Ok(width)
    }
}

/// The variance of the coefficient whose row of the inverse of R is in the buffers.
fn variance(errors: Errors, work: &Work, width: usize) -> Result<f64, FitFailure> {
    let n = work.residuals.len();
    let df = (n - width) as f64;
    if errors == Errors::Classical {
        let squares: f64 = work.residuals.iter().map(|e| e * e).sum();
        let unscaled: f64 = work.inverse_row.iter().map(|v| v * v).sum();
        return Ok(squares / df * unscaled);
    }
    let mut sum = 0.0;
    for (i, residual) in work.residuals.iter().enumerate() {
        let (mut influence, mut leverage) = (0.0, 0.0);
        for (k, factor) in work.inverse_row.iter().enumerate() {
            let q = work.solver.q(k)[i];
            influence += q * factor;
            leverage += q * q;
        }
        let left = 1.0 - leverage;
        let divisor = match errors {
            Errors::Hc2 => left,
            Errors::Hc3 => left * left,
            _ => 1.0,
        };
        if left < 1e-10 && divisor < 1e-10 {
            let detail = "a record determines its own fit (leverage 1), so hc2 and hc3 are undefined";
            return Err(FitFailure::new(FailureKind::TooFew, detail));
        }
        sum += influence * influence * residual * residual / divisor;
    }
    Ok(if errors == Errors::Hc1 { sum * n as f64 / df } else { sum })
}

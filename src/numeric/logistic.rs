//! Maximum likelihood of a logistic regression on grouped rows: Newton's method (iteratively reweighted least
//! squares) with step halving.
//!
//! A row is a pattern of predictors with `successes` out of `total`; both may be multiplied by a weight. Buffers are
//! kept from fit to fit, so that after the first one nothing is allocated.
//!
//! Source: McCullagh and Nelder 1989, Generalized Linear Models, 2.5 and 4.4 (doi:10.1007/978-1-4899-3242-6).

use super::expit::residuals;
use super::linear::{Orthogonal, cholesky, cholesky_inverse_column, cholesky_solve};
use super::separation::{Separation, separation};

/// Why there is no fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogisticFailure {
    /// There are no rows.
    NoRows,
    /// All outcomes are the same.
    OneOutcome,
    /// This column is a linear combination of the ones before it.
    Collinear {
        /// Position of the column.
        column: usize,
    },
    /// A hyperplane separates the outcomes: no finite maximum.
    CompleteSeparation,
    /// A hyperplane separates some of the outcomes, the others lie on it: no finite maximum.
    QuasiSeparation,
    /// The steps did not become small, or only where the information was used up by rounding.
    NotConverged,
    /// A predictor or a weight is not finite.
    NotFinite,
}

/// How a fit went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogisticSummary {
    /// Newton steps taken.
    pub iterations: u32,
    /// Greatest absolute change of a coefficient in the last step.
    pub last_step: f64,
}

/// The greatest last step of a fit that converged: its length in standard errors, squared (Newton's decrement). It is the
/// same for predictors on any scale.
const CONVERGED: f64 = 1e-20;
/// What is left of a column's information, as a share of what it had at the start, below which rounding decides.
const EXHAUSTED: f64 = 1e-12;
/// Newton steps before giving up.
const MAX_ITERATIONS: u32 = 100;
/// Newton steps after which separation is looked for even if nothing else hints at it.
const PATIENCE: u32 = 12;
/// logit(1 - 1e-6): fitted probabilities beyond hint at separation.
const FAR: f64 = 13.815_509_557_963_774;
/// logit(1 - 10 epsilon), epsilon = 2^-52: beyond, a fitted probability is numerically 0 or 1. R's `glm.fit` warns from
/// there on.
const EDGE: f64 = 33.741_068_296_122_97;
/// A pivot below this share of its diagonal element calls for a careful look at the rank.
const NEARLY_SINGULAR: f64 = 1e-9;

/// A logistic regression to be fitted: rows, then the results, in buffers that are used again.
#[derive(Clone, Debug, Default)]
pub struct LogisticProblem {
    columns: usize,
    x: Vec<f64>,
    successes: Vec<f64>,
    totals: Vec<f64>,
    linear_predictor: Vec<f64>,
    residual: Vec<f64>,
    variance: Vec<f64>,
    coefficients: Vec<f64>,
    trial: Vec<f64>,
    step: Vec<f64>,
    gradient: Vec<f64>,
    information: Vec<f64>,
    at_start: Vec<f64>,
    rank: Orthogonal,
}

impl LogisticProblem {
    /// Forgets the rows; the next ones have this many columns (with the intercept's, if there is one).
    pub fn clear(&mut self, columns: usize) {
        self.columns = columns;
        self.x.clear();
        self.successes.clear();
        self.totals.clear();
    }

    /// Adds a row. Rows with a total of 0 say nothing and must be left out.
    pub fn push(&mut self, pattern: &[f64], successes: f64, total: f64) {
        debug_assert_eq!(pattern.len(), self.columns);
        self.x.extend_from_slice(pattern);
        self.successes.push(successes);
        self.totals.push(total);
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.totals.len()
    }

    /// The patterns of the rows, one after the other.
    #[must_use]
    pub fn patterns(&self) -> &[f64] {
        &self.x
    }

    /// The coefficients of the last fit.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The linear predictor of each row at the coefficients of the last fit.
    #[must_use]
    pub fn linear_predictor(&self) -> &[f64] {
        &self.linear_predictor
    }

    /// Whether a probability of the last fit is numerically 0 or 1.
    #[must_use]
    pub fn is_at_edge(&self) -> bool {
        self.linear_predictor.iter().any(|eta| eta.abs() > EDGE)
    }

    /// The Cholesky factor of the information (lower triangle, row after row) of the last fit.
    #[must_use]
    pub fn information_factor(&self) -> &[f64] {
        &self.information
    }

    /// A column of the inverse information of the last fit, the covariance of the coefficients.
    pub fn covariance_column(&self, column: usize, out: &mut [f64]) {
        cholesky_inverse_column(&self.information, self.columns, column, out);
    }

    /// The log-likelihood of the last fit, a success or failure at a time (no constants of grouping).
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        let rows = self.linear_predictor.iter().zip(self.successes.iter().zip(&self.totals));
        rows.map(|(eta, (s, n))| s * eta - n * (eta.max(0.0) + libm::log1p(libm::exp(-eta.abs())))).sum()
    }

    /// Finds the coefficients with the greatest likelihood.
    ///
    /// # Errors
    /// Why there are none; see [`LogisticFailure`].
    pub fn fit(&mut self) -> Result<LogisticSummary, LogisticFailure> {
        let total: f64 = self.totals.iter().sum();
        let successes: f64 = self.successes.iter().sum();
        if self.totals.is_empty() {
            return Err(LogisticFailure::NoRows);
        }
        if !total.is_finite() || !successes.is_finite() {
            return Err(LogisticFailure::NotFinite);
        }
        if successes <= 0.0 || self.successes.iter().zip(&self.totals).all(|(s, n)| s >= n) {
            return Err(LogisticFailure::OneOutcome);
        }
        let p = self.columns;
        for buffer in [&mut self.coefficients, &mut self.trial, &mut self.step, &mut self.gradient] {
            buffer.clear();
            buffer.resize(p, 0.0);
        }
        self.information.clear();
        self.information.resize(p * p, 0.0);
        for buffer in [&mut self.linear_predictor, &mut self.residual, &mut self.variance] {
            buffer.clear();
            buffer.resize(self.totals.len(), 0.0);
        }
        self.start()?;
        self.iterate()
    }

    /// Weighted least squares of the empirical logits.
    fn start(&mut self) -> Result<(), LogisticFailure> {
        let p = self.columns;
        self.gradient.fill(0.0);
        self.information.fill(0.0);
        let (mut last, mut logit) = ((f64::NAN, f64::NAN), 0.0);
        for ((row, s), n) in self.x.chunks_exact(p.max(1)).zip(&self.successes).zip(&self.totals) {
            let (yes, no) = (s + 0.5, n - s + 0.5);
            if last != (yes, no) {
                logit = libm::log(yes / no);
                last = (yes, no);
            }
            let weight = yes * no / (n + 1.0);
            for (i, xi) in row.iter().enumerate() {
                self.gradient[i] += weight * logit * xi;
                for (h, xj) in self.information[i * p..=i * p + i].iter_mut().zip(row) {
                    *h += weight * xi * xj;
                }
            }
        }
        self.at_start.clear();
        self.at_start.extend((0..p).map(|j| self.information[j * p + j]));
        match cholesky(&mut self.information, p) {
            Ok(least) if least > NEARLY_SINGULAR => {}
            _ => self.check_rank()?,
        }
        cholesky_solve(&self.information, p, &mut self.gradient);
        if self.gradient.iter().any(|v| !v.is_finite()) {
            return Err(LogisticFailure::NotFinite);
        }
        self.coefficients.copy_from_slice(&self.gradient);
        Ok(())
    }

    fn check_rank(&mut self) -> Result<(), LogisticFailure> {
        if self.x.iter().any(|v| !v.is_finite()) {
            return Err(LogisticFailure::NotFinite);
        }
        let (x, p) = (&self.x, self.columns);
        self.rank.decompose(x, p).map_err(|column| LogisticFailure::Collinear { column })
    }

    fn iterate(&mut self) -> Result<LogisticSummary, LogisticFailure> {
        let mut checked = false;
        let mut furthest = self.accumulate(At::Coefficients);
        for iterations in 1..=MAX_ITERATIONS {
            if !checked && (furthest > FAR || iterations > PATIENCE) {
                self.refuse_separation()?;
                checked = true;
            }
            if cholesky(&mut self.information, self.columns).is_err() {
                if !checked {
                    self.refuse_separation()?;
                }
                return Err(LogisticFailure::NotConverged);
            }
            self.step.copy_from_slice(&self.gradient);
            cholesky_solve(&self.information, self.columns, &mut self.step);
            let last_step = self.step.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
            if !last_step.is_finite() {
                return Err(LogisticFailure::NotFinite);
            }
            if dot(&self.gradient, &self.step) < CONVERGED {
                if self.is_exhausted() {
                    return Err(LogisticFailure::NotConverged);
                }
                self.coefficients.iter_mut().zip(&self.step).for_each(|(b, s)| *b += s);
                return Ok(LogisticSummary { iterations, last_step });
            }
            furthest = self.advance()?;
        }
        Err(LogisticFailure::NotConverged)
    }

    /// Whether the rows have next to no information left on some column: not separated, but not to be told from it.
    fn is_exhausted(&self) -> bool {
        let p = self.columns;
        self.at_start.iter().enumerate().any(|(j, first)| {
            let root = self.information[j * p + j];
            root * root < EXHAUSTED * first
        })
    }

    /// Goes along the step, halved until the likelihood no longer falls steeply at its end. Gives the greatest
    /// absolute linear predictor there.
    fn advance(&mut self) -> Result<f64, LogisticFailure> {
        let mut slope_before = dot(&self.gradient, &self.step);
        for _ in 0..40 {
            for (trial, (b, s)) in self.trial.iter_mut().zip(self.coefficients.iter().zip(&self.step)) {
                *trial = b + s;
            }
            let furthest = self.accumulate(At::Trial);
            // The log-likelihood is concave: while its slope at the end is not far below 0, the step went up on the
            // whole and Newton's method goes on from here.
            if dot(&self.gradient, &self.step) >= -0.5 * slope_before {
                std::mem::swap(&mut self.trial, &mut self.coefficients);
                return Ok(furthest);
            }
            self.step.iter_mut().for_each(|s| *s *= 0.5);
            slope_before *= 0.5;
        }
        Err(LogisticFailure::NotConverged)
    }

    /// Gradient and information at the coefficients or at the trial ones, and the greatest absolute linear predictor.
    fn accumulate(&mut self, at: At) -> f64 {
        match self.columns {
            1 => self.accumulate_fixed::<1>(at),
            2 => self.accumulate_fixed::<2>(at),
            3 => self.accumulate_fixed::<3>(at),
            4 => self.accumulate_fixed::<4>(at),
            5 => self.accumulate_fixed::<5>(at),
            6 => self.accumulate_fixed::<6>(at),
            7 => self.accumulate_fixed::<7>(at),
            8 => self.accumulate_fixed::<8>(at),
            _ => self.accumulate_any(at),
        }
    }

    /// Linear predictors, then residuals and variances; gives the greatest absolute linear predictor.
    fn predict(&mut self, at: At) -> f64 {
        let beta = if at == At::Trial { &self.trial } else { &self.coefficients };
        let rows = self.x.chunks_exact(self.columns.max(1));
        let mut furthest = 0.0_f64;
        for (eta, row) in self.linear_predictor.iter_mut().zip(rows) {
            *eta = dot(row, beta);
            furthest = furthest.max(eta.abs());
        }
        let Self { linear_predictor, successes, totals, residual, variance, .. } = self;
        residuals(linear_predictor, successes, totals, residual, variance);
        furthest
    }

    /// As [`accumulate_any`](Self::accumulate_any), with a number of columns that the compiler knows.
    fn accumulate_fixed<const P: usize>(&mut self, at: At) -> f64 {
        let mut beta = [0.0; P];
        beta.copy_from_slice(if at == At::Trial { &self.trial } else { &self.coefficients });
        let rows = self.x.as_chunks::<P>().0;
        let mut furthest = 0.0_f64;
        for (eta, x) in self.linear_predictor.iter_mut().zip(rows) {
            let mut sum = 0.0;
            for k in 0..P {
                sum += x[k] * beta[k];
            }
            *eta = sum;
            furthest = furthest.max(sum.abs());
        }
        residuals(&self.linear_predictor, &self.successes, &self.totals, &mut self.residual, &mut self.variance);
        let (mut gradient, mut information) = ([0.0; P], [[0.0; P]; P]);
        for (x, (residual, variance)) in rows.iter().zip(self.residual.iter().zip(&self.variance)) {
            for i in 0..P {
                gradient[i] += residual * x[i];
                let weighted = variance * x[i];
                for k in 0..=i {
                    information[i][k] += weighted * x[k];
                }
            }
        }
        self.gradient.copy_from_slice(&gradient);
        self.information.copy_from_slice(information.as_flattened());
        furthest
    }

    fn accumulate_any(&mut self, at: At) -> f64 {
        let furthest = self.predict(at);
        let p = self.columns;
        self.gradient.fill(0.0);
        self.information.fill(0.0);
        let rows = self.x.chunks_exact(p.max(1));
        for (x, (residual, variance)) in rows.zip(self.residual.iter().zip(&self.variance)) {
            for (i, xi) in x.iter().enumerate() {
                self.gradient[i] += residual * xi;
                let weighted = variance * xi;
                for (h, xk) in self.information[i * p..=i * p + i].iter_mut().zip(x) {
                    *h += weighted * xk;
                }
            }
        }
        furthest
    }

    fn refuse_separation(&self) -> Result<(), LogisticFailure> {
        match separation(&self.x, self.columns, &self.successes, &self.totals) {
            Ok(Separation::None) => Ok(()),
            Ok(Separation::Quasi) => Err(LogisticFailure::QuasiSeparation),
            Ok(Separation::Complete) => Err(LogisticFailure::CompleteSeparation),
            Err(column) => Err(LogisticFailure::Collinear { column }),
        }
    }
}

/// Where gradient and information are worked out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Coefficients,
    Trial,
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests;

//! Logistic regression with Firth's penalty: finite where the likelihood has no maximum, and with less bias elsewhere.
//!
//! Newton's method on the exact Hessian of the penalised likelihood, with limited steps. Standard errors are the roots
//! of the inverse information of the likelihood without the penalty, at the penalised estimate. Tests and limits come
//! from the profile of the penalised likelihood, whose penalty is the determinant of the whole information with the
//! coefficient in question held.
//!
//! Sources: Firth 1993 (doi:10.1093/biomet/80.1.27); Heinze and Schemper 2002 (doi:10.1002/sim.1047).

use super::basis::zeros;
use super::penalised::Penalised;
use super::{Failure, Rows};
use crate::numeric::ChiSquare;
use crate::numeric::linear::{Orthogonal, cholesky, cholesky_inverse_column, cholesky_solve};

/// What a fit found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FirthFit {
    /// Trials with a positive weight: the sum of totals.
    pub n: f64,
    /// One coefficient a column.
    pub coefficients: Vec<f64>,
    /// Steps taken.
    pub iterations: u32,
    /// Greatest absolute change of a coefficient in the last step.
    pub last_step: f64,
    /// Log-likelihood with the penalty.
    pub penalised_loglik: f64,
    /// Log-likelihood without it, at the same coefficients.
    pub loglik: f64,
}

/// A test by the penalised likelihood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LikelihoodRatio {
    /// Twice the fall of the penalised log-likelihood with the coefficient at 0.
    pub chi_square: f64,
    /// Its p value, with one degree of freedom.
    pub p: f64,
}

/// A penalised logistic regression: rows, then the results, in buffers that are used again.
#[derive(Clone, Debug, Default)]
pub struct Firth {
    pub(super) at: Penalised,
    pub(super) fit: FirthFit,
    /// Covariance of the coefficients.
    covariance: Vec<f64>,
    /// Curvature at the estimate.
    pub(super) top: Vec<f64>,
    pub(super) point: Vec<f64>,
    pub(super) trial: Vec<f64>,
    pub(super) step: Vec<f64>,
    pub(super) solve: Vec<f64>,
    pub(super) kept: Vec<f64>,
    rank: Orthogonal,
    pub(super) fitted: bool,
}

/// The greatest last step of a fit that converged: its length in standard errors, squared (Newton's decrement). It is the
/// same for predictors on any scale.
const CONVERGED: f64 = 1e-20;
/// Steps before giving up.
pub(super) const MAX_ITERATIONS: u32 = 200;
/// No step may change a linear predictor by more.
const LONGEST: f64 = 5.0;

impl Firth {
    /// Forgets the rows; the next ones have this many columns (with the intercept's).
    pub fn clear(&mut self, columns: usize) {
        self.at.p = columns;
        self.at.x.clear();
        self.at.successes.clear();
        self.at.totals.clear();
        self.fitted = false;
    }

    /// Adds a row: a pattern with so many successes of so many trials, both possibly times a weight. Rows of the
    /// wrong length, and those with no trials, are left out.
    pub fn push(&mut self, pattern: &[f64], successes: f64, total: f64) {
        if pattern.len() == self.at.p && total > 0.0 {
            self.at.x.extend_from_slice(pattern);
            self.at.successes.push(successes);
            self.at.totals.push(total);
        }
    }

    /// Fits rows with outcomes 0 or 1; weights count a row more than once. Offsets are not taken.
    ///
    /// # Errors
    /// [`Failure::Shape`], also where an offset is given; [`Failure::Outcome`]; as [`fit_pushed`](Self::fit_pushed).
    pub fn fit(&mut self, rows: &Rows<'_>) -> Result<&FirthFit, Failure> {
        let n = rows.outcome.len();
        let shape = rows.columns.checked_mul(n) == Some(rows.x.len()) && rows.weights.is_none_or(|w| w.len() == n);
        if !shape || rows.offset.is_some() || rows.columns == 0 {
            return Err(Failure::Shape);
        }
        self.clear(rows.columns);
        for (i, (row, y)) in rows.x.chunks_exact(rows.columns).zip(rows.outcome).enumerate() {
            if !(0.0..=1.0).contains(y) {
                return Err(if y.is_finite() { Failure::Outcome { row: i } } else { Failure::NotFinite });
            }
            let weight = rows.weights.map_or(1.0, |w| w[i]);
            if !(weight >= 0.0 && weight.is_finite()) {
                return Err(Failure::NotFinite);
            }
            self.push(row, weight * y, weight);
        }
        self.fit_pushed()
    }

    /// Fits the rows pushed.
    ///
    /// # Errors
    /// [`Failure::NoRows`], [`Failure::NotFinite`], [`Failure::Collinear`], [`Failure::NotConverged`].
    pub fn fit_pushed(&mut self) -> Result<&FirthFit, Failure> {
        self.fitted = false;
        let p = self.at.p;
        if self.at.totals.is_empty() || p == 0 {
            return Err(Failure::NoRows);
        }
        let finite = |values: &[f64]| values.iter().all(|v| v.is_finite());
        if !(finite(&self.at.x) && finite(&self.at.successes) && finite(&self.at.totals)) {
            return Err(Failure::NotFinite);
        }
        self.at.prepare();
        for buffer in [&mut self.point, &mut self.trial, &mut self.step, &mut self.kept] {
            zeros(buffer, p);
        }
        if !self.at.evaluate(&self.point) || self.nearly_singular() {
            self.rank.decompose(&self.at.x, p).map_err(|column| Failure::Collinear { column })?;
            if !self.at.evaluate(&self.point) {
                return Err(Failure::NotPositiveDefinite);
            }
        }
        let (iterations, last_step) = self.maximise(None)?;
        let fit = &mut self.fit;
        fit.coefficients.clear();
        fit.coefficients.extend_from_slice(&self.point);
        (fit.iterations, fit.last_step) = (iterations, last_step);
        (fit.penalised_loglik, fit.loglik) = (self.at.value, self.at.loglik);
        fit.n = self.at.totals.iter().sum();
        self.top.clone_from(&self.at.curvature);
        zeros(&mut self.covariance, p * p);
        for k in 0..p {
            cholesky_inverse_column(&self.at.factor, p, k, &mut self.covariance[k * p..(k + 1) * p]);
        }
        self.fitted = true;
        Ok(&self.fit)
    }

    /// Whether a column is all but a combination of those before it, by the factor at hand.
    fn nearly_singular(&self) -> bool {
        let (p, l) = (self.at.p, &self.at.factor);
        (0..p).any(|i| {
            let row = &l[i * p..=i * p + i];
            let whole: f64 = row.iter().map(|v| v * v).sum();
            row[i] * row[i] < 1e-9 * whole
        })
    }

    /// What the last fit found.
    #[must_use]
    pub fn result(&self) -> &FirthFit {
        &self.fit
    }

    /// The inverse information of the likelihood without the penalty, row after row; empty without a fit.
    #[must_use]
    pub fn covariance(&self) -> &[f64] {
        if self.fitted { &self.covariance } else { &[] }
    }

    /// The test of one coefficient.
    ///
    /// # Errors
    /// [`Failure::NoRows`] without a fit, [`Failure::Shape`] without such a column, [`Failure::NotConverged`].
    pub fn likelihood_ratio(&mut self, column: usize) -> Result<LikelihoodRatio, Failure> {
        self.ready(column)?;
        let fall = self.fall_at(column, 0.0)?;
        Ok(LikelihoodRatio { chi_square: fall, p: ChiSquare { df: 1.0 }.upper_tail(fall) })
    }

    pub(super) fn ready(&self, column: usize) -> Result<(), Failure> {
        match (self.fitted, column < self.at.p) {
            (false, _) => Err(Failure::NoRows),
            (true, false) => Err(Failure::Shape),
            _ => Ok(()),
        }
    }

    /// Twice the fall of the penalised log-likelihood where a coefficient is held at a value, the others at their best.
    pub(super) fn fall_at(&mut self, column: usize, value: f64) -> Result<f64, Failure> {
        let p = self.at.p;
        self.point.copy_from_slice(&self.fit.coefficients);
        // The others go along the ridge of the quadratic approximation.
        let away = value - self.point[column];
        self.solve.clear();
        self.solve.extend_from_slice(&self.top);
        self.step.copy_from_slice(&self.top[column * p..(column + 1) * p]);
        if self.solve_others(column) {
            self.point.iter_mut().zip(&self.step).for_each(|(b, s)| *b -= s * away);
        }
        self.point[column] = value;
        if !self.at.evaluate(&self.point) {
            self.point.fill(0.0);
            self.point[column] = value;
            if !self.at.evaluate(&self.point) {
                return Err(Failure::NotConverged);
            }
        }
        self.maximise(Some(column))?;
        Ok((2.0 * (self.fit.penalised_loglik - self.at.value)).max(0.0))
    }

    /// Newton's method from `point`, where the derivatives have been worked out; leaves both at the top.
    fn maximise(&mut self, held: Option<usize>) -> Result<(u32, f64), Failure> {
        for iterations in 1..=MAX_ITERATIONS {
            self.find_step(held)?;
            let last_step = self.step.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
            if !last_step.is_finite() {
                return Err(Failure::NotFinite);
            }
            let decrement: f64 = self.at.score.iter().zip(&self.step).map(|(g, s)| g * s).sum();
            if decrement < CONVERGED {
                self.point.iter_mut().zip(&self.step).for_each(|(b, s)| *b += s);
                return Ok((iterations, last_step));
            }
            self.limit_step();
            self.advance()?;
        }
        Err(Failure::NotConverged)
    }

    /// The step by the exact Hessian, or by the information where that is not positive definite.
    fn find_step(&mut self, held: Option<usize>) -> Result<(), Failure> {
        let p = self.at.p;
        self.solve.clear();
        self.solve.extend_from_slice(&self.at.curvature);
        self.step.copy_from_slice(&self.at.score);
        let solved = match held {
            Some(column) => self.solve_others(column),
            None => {
                let found = cholesky(&mut self.solve, p).is_ok();
                if found {
                    cholesky_solve(&self.solve, p, &mut self.step);
                }
                found
            }
        };
        if solved {
            return Ok(());
        }
        self.step.copy_from_slice(&self.at.score);
        match held {
            None => cholesky_solve(&self.at.factor, p, &mut self.step),
            Some(column) => {
                let l = &self.at.factor;
                for i in 0..p {
                    for j in 0..p {
                        self.solve[i * p + j] = (0..=i.min(j)).map(|k| l[i * p + k] * l[j * p + k]).sum();
                    }
                }
                if !self.solve_others(column) {
                    return Err(Failure::NotPositiveDefinite);
                }
            }
        }
        Ok(())
    }

    /// Solves for all but one coefficient with the matrix in `solve` and the right-hand side in `step`; that
    /// coefficient's step is 0.
    pub(super) fn solve_others(&mut self, column: usize) -> bool {
        let p = self.at.p;
        for k in 0..p {
            self.solve[column * p + k] = 0.0;
            self.solve[k * p + column] = 0.0;
        }
        self.solve[column * p + column] = 1.0;
        self.step[column] = 0.0;
        let found = cholesky(&mut self.solve, p).is_ok();
        if found {
            cholesky_solve(&self.solve, p, &mut self.step);
        }
        found
    }

    pub(super) fn limit_step(&mut self) {
        let mut furthest = 0.0_f64;
        for row in self.at.x.chunks_exact(self.at.p) {
            furthest = furthest.max(super::basis::dot(row, &self.step).abs());
        }
        if furthest > LONGEST {
            self.step.iter_mut().for_each(|s| *s *= LONGEST / furthest);
        }
    }

    /// Goes along the step, halved until the penalised likelihood is not lower.
    fn advance(&mut self) -> Result<(), Failure> {
        let before = self.at.value;
        for _ in 0..60 {
            self.trial.iter_mut().zip(self.point.iter().zip(&self.step)).for_each(|(t, (b, s))| *t = b + s);
            if self.at.evaluate(&self.trial) && self.at.value >= before - 1e-12 * before.abs().max(1.0) {
                std::mem::swap(&mut self.trial, &mut self.point);
                return Ok(());
            }
            self.step.iter_mut().for_each(|s| *s *= 0.5);
        }
        Err(Failure::NotConverged)
    }
}

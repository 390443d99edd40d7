//! Regression of counts that vary more than Poisson variables: variance mu + mu^2 / theta, logarithmic link, maximum
//! likelihood in the coefficients and theta together.
//!
//! Newton's method in the coefficients and log(theta) on the observed Hessian, from the Poisson fit and theta by moments.
//! Sums over j below a count, which make up the gamma functions, are taken over j once for all rows.
//!
//! Sources: Lawless 1987 (doi:10.2307/3314912); Hilbe 2011, Negative Binomial Regression (doi:10.1017/CBO9780511973420).

use super::basis::{Basis, dot, zeros};
use super::family::{Family, Link};
use super::glm::Glm;
use super::rows::Prepared;
use super::{Failure, Rows};
use crate::numeric::linear::{cholesky, cholesky_inverse_column, cholesky_solve};

/// What a fit found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NegativeBinomialFit {
    /// Rows with a positive weight.
    pub n: usize,
    /// One coefficient a column.
    pub coefficients: Vec<f64>,
    /// The variance is mu + mu^2 / theta.
    pub theta: f64,
    /// Standard error of theta from its own observed information, the coefficients taken as known.
    pub se_theta: f64,
    /// The same with the coefficients estimated too.
    pub se_theta_joint: f64,
    /// Steps taken.
    pub iterations: u32,
    /// Greatest absolute change of a coefficient or of log(theta) in the last step.
    pub last_step: f64,
    /// Log-likelihood with its constants.
    pub loglik: f64,
    /// That of the Poisson model with the same columns.
    pub poisson_loglik: f64,
    /// -2 loglik + 2 (p + 1).
    pub aic: f64,
    /// -2 loglik + (p + 1) log n.
    pub bic: f64,
}

/// A negative binomial regression, with buffers that are used again.
#[derive(Clone, Debug, Default)]
pub struct NegativeBinomial {
    poisson: Option<Glm>,
    data: Prepared,
    basis: Basis,
    /// Weight of the rows with a count above j, for j = 1, 2, ...
    tails: Vec<f64>,
    /// Sum of weights times log(y!).
    constants: f64,
    /// Coefficients of the orthonormal columns, then log(theta).
    point: Vec<f64>,
    trial: Vec<f64>,
    step: Vec<f64>,
    score: Vec<f64>,
    /// Minus the observed Hessian in `point`, then its factor.
    hessian: Vec<f64>,
    /// The expected information about the coefficients alone.
    expected: Vec<f64>,
    loglik: f64,
    /// Minus the second derivative in theta alone.
    own_information: f64,
    carried: Vec<f64>,
    work: Vec<f64>,
    covariance: Vec<f64>,
    observed: Vec<f64>,
    fit: NegativeBinomialFit,
}

/// The greatest last step of a fit that converged, relative to coefficients above 1, both in orthonormal columns: so for
/// predictors on any scale.
const CONVERGED: f64 = 1e-10;
const MAX_ITERATIONS: u32 = 200;
/// log(theta) beyond which the counts are Poisson to every digit that matters.
const FLAT: f64 = 16.0;
/// Counts above this are refused: the sums over j below a count would take too long.
const MOST: f64 = 1e6;

impl NegativeBinomial {
    /// Finds coefficients and theta with the greatest likelihood.
    ///
    /// # Errors
    /// Shapes and values, also counts that are not whole or above a million; what keeps the Poisson model from being
    /// fitted; [`Failure::NotOverdispersed`] where theta is infinite; [`Failure::NotConverged`].
    pub fn fit(&mut self, rows: &Rows<'_>) -> Result<&NegativeBinomialFit, Failure> {
        self.covariance.clear();
        self.observed.clear();
        self.data.read(rows)?;
        let (n, p) = (self.data.rows(), self.data.columns);
        let whole = |y: f64| (0.0..=MOST).contains(&y) && libm::floor(y) == y;
        if let Some(k) = self.data.outcome.iter().position(|y| !whole(*y)) {
            return Err(Failure::Outcome { row: self.data.order[k] });
        }
        if n <= p {
            return Err(Failure::TooFewRows { rows: n, coefficients: p });
        }
        self.basis.decompose(&self.data.x, p)?;
        for buffer in [&mut self.point, &mut self.trial, &mut self.step, &mut self.score] {
            zeros(buffer, p + 1);
        }
        zeros(&mut self.hessian, (p + 1) * (p + 1));
        zeros(&mut self.expected, p * p);
        self.count();
        self.start(rows)?;
        self.iterate()?;
        self.summarise()?;
        Ok(&self.fit)
    }

    /// The tails and the constants.
    fn count(&mut self) {
        self.tails.clear();
        self.constants = 0.0;
        for (y, w) in self.data.outcome.iter().zip(&self.data.weights) {
            // A count of y has the terms j = 1 to y - 1.
            let last = (*y as usize).saturating_sub(1);
            if self.tails.len() < last {
                self.tails.resize(last, 0.0);
            }
            if let Some(tail) = last.checked_sub(1).and_then(|k| self.tails.get_mut(k)) {
                *tail += w;
            }
            self.constants += w * libm::lgamma(y + 1.0);
        }
        for k in (1..self.tails.len()).rev() {
            self.tails[k - 1] += self.tails[k];
        }
    }

    /// The Poisson fit, and theta by moments.
    fn start(&mut self, rows: &Rows<'_>) -> Result<(), Failure> {
        if self.poisson.is_none() {
            self.poisson = Glm::new(Family::Poisson, Link::Log);
        }
        let Some(poisson) = &mut self.poisson else { return Err(Failure::Shape) };
        let poisson_loglik = poisson.fit(rows)?.loglik;
        self.fit.poisson_loglik = poisson_loglik.ok_or(Failure::NotFinite)?;
        let p = self.data.columns;
        let (mut excess, mut squares) = (0.0, 0.0);
        for (k, row) in self.data.x.chunks_exact(p).enumerate() {
            let eta = dot(row, &poisson.result().coefficients) + self.data.offset[k];
            let (y, w, mean) = (self.data.outcome[k], self.data.weights[k], libm::exp(eta));
            // Twice the derivative of the likelihood in 1 / theta at 0.
            excess += w * ((y - mean) * (y - mean) - y);
            squares += w * mean * mean;
            let linear = eta - self.data.offset[k];
            let along = self.basis.q[k * p..(k + 1) * p].iter();
            self.point.iter_mut().zip(along).for_each(|(b, q)| *b += q * linear);
        }
        if excess <= 0.0 || excess.is_nan() {
            return Err(Failure::NotOverdispersed);
        }
        self.point[p] = libm::log(squares / excess).clamp(-8.0, 12.0);
        Ok(())
    }

    fn iterate(&mut self) -> Result<(), Failure> {
        let p = self.data.columns;
        self.trial.copy_from_slice(&self.point);
        self.accumulate();
        for iterations in 1..=MAX_ITERATIONS {
            self.find_step()?;
            self.basis.carry_back(&self.point[..p], &mut self.fit.coefficients);
            self.basis.carry_back(&self.step[..p], &mut self.carried);
            let own = self.step[p].abs();
            let last_step = self.carried.iter().fold(own, |m, s| m.max(s.abs()));
            if !last_step.is_finite() || self.step.iter().any(|s| s.is_nan()) {
                return Err(Failure::NotFinite);
            }
            let inner_step = self.step.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
            let size = self.point.iter().fold(1.0_f64, |m, b| m.max(b.abs()));
            if inner_step < CONVERGED * size {
                (self.fit.iterations, self.fit.last_step) = (iterations, last_step);
                return Ok(());
            }
            let scale = (2.0 / own).min(1.0);
            self.step.iter_mut().for_each(|s| *s *= scale);
            self.advance()?;
            if self.point[p] > FLAT {
                return Err(Failure::NotOverdispersed);
            }
        }
        Err(Failure::NotConverged)
    }

    /// The step by the observed Hessian, or by the expected information where that is not positive definite.
    fn find_step(&mut self) -> Result<(), Failure> {
        let p = self.data.columns;
        self.work.clear();
        self.work.extend_from_slice(&self.hessian);
        self.step.copy_from_slice(&self.score);
        if cholesky(&mut self.work, p + 1).is_ok() {
            cholesky_solve(&self.work, p + 1, &mut self.step);
            return Ok(());
        }
        self.work.clear();
        self.work.extend_from_slice(&self.expected);
        cholesky(&mut self.work, p).map_err(|_| Failure::NotPositiveDefinite)?;
        cholesky_solve(&self.work, p, &mut self.step[..p]);
        let own = self.hessian[(p + 1) * (p + 1) - 1].abs().max(1e-3 * self.score[p].abs()).max(1e-12);
        self.step[p] = self.score[p] / own;
        Ok(())
    }

    /// Goes along the step, halved until the likelihood is not lower.
    fn advance(&mut self) -> Result<(), Failure> {
        let before = self.loglik;
        for _ in 0..60 {
            self.trial.iter_mut().zip(self.point.iter().zip(&self.step)).for_each(|(t, (b, s))| *t = b + s);
            self.accumulate();
            if self.loglik >= before - 1e-12 * before.abs().max(1.0) {
                self.point.copy_from_slice(&self.trial);
                return Ok(());
            }
            self.step.iter_mut().for_each(|s| *s *= 0.5);
        }
        Err(Failure::NotConverged)
    }

    /// Likelihood, score and Hessian at the trial values.
    fn accumulate(&mut self) {
        let p = self.data.columns;
        let theta = libm::exp(self.trial[p]);
        self.score.fill(0.0);
        self.hessian.fill(0.0);
        self.expected.fill(0.0);
        let (mut value, mut first, mut second) = (-self.constants, 0.0, 0.0);
        for (k, tail) in self.tails.iter().enumerate() {
            let j = (k + 1) as f64;
            let inverse = 1.0 / (theta * (theta + j));
            value += tail * libm::log1p(j / theta);
            first -= tail * j * inverse;
            second += tail * j * (2.0 * theta + j) * inverse * inverse;
        }
        for (k, row) in self.basis.q.chunks_exact(p).enumerate() {
            let (y, w) = (self.data.outcome[k], self.data.weights[k]);
            let eta = dot(row, &self.trial[..p]) + self.data.offset[k];
            let mean = libm::exp(eta);
            let whole = theta + mean;
            let log = libm::log1p(mean / theta);
            value += w * (y * eta - (y + theta) * log);
            first += w * ((y + theta) * mean / (theta * whole) - log);
            let bend = (theta * whole - (y + theta) * (2.0 * theta + mean)) / (theta * theta * whole * whole);
            second += w * mean * (1.0 / (theta * whole) + bend);
            let slope = w * theta * (y - mean) / whole;
            let observed = w * (y + theta) * mean * theta / (whole * whole);
            let expected = w * mean * theta / whole;
            // In log(theta).
            let cross = -w * theta * (y - mean) * mean / (whole * whole);
            for i in 0..p {
                self.score[i] += slope * row[i];
                self.hessian[p * (p + 1) + i] += cross * row[i];
                for j in 0..=i {
                    let pair = row[i] * row[j];
                    self.hessian[i * (p + 1) + j] += observed * pair;
                    self.expected[i * p + j] += expected * pair;
                }
            }
        }
        self.loglik = value;
        self.score[p] = theta * first;
        self.own_information = -second;
        self.hessian[(p + 1) * (p + 1) - 1] = -theta * theta * second - theta * first;
    }

    fn summarise(&mut self) -> Result<(), Failure> {
        let (n, p) = (self.data.rows() as f64, self.data.columns);
        let m = p + 1;
        self.fit.n = self.data.rows();
        self.fit.theta = libm::exp(self.point[p]);
        self.fit.loglik = self.loglik;
        self.fit.aic = -2.0 * self.loglik + 2.0 * m as f64;
        self.fit.bic = -2.0 * self.loglik + m as f64 * libm::log(n);
        cholesky(&mut self.hessian, m).map_err(|_| Failure::NotPositiveDefinite)?;
        cholesky(&mut self.expected, p).map_err(|_| Failure::NotPositiveDefinite)?;
        zeros(&mut self.work, p * p);
        for k in 0..p {
            cholesky_inverse_column(&self.expected, p, k, &mut self.work[k * p..(k + 1) * p]);
        }
        self.basis.carry_covariance(&self.work, &mut self.covariance);
        for k in 0..p {
            cholesky_inverse_column(&self.hessian, m, k, &mut self.trial);
            self.work[k * p..(k + 1) * p].copy_from_slice(&self.trial[..p]);
        }
        self.basis.carry_covariance(&self.work, &mut self.observed);
        cholesky_inverse_column(&self.hessian, m, p, &mut self.trial);
        self.fit.se_theta_joint = self.fit.theta * libm::sqrt(self.trial[p]);
        self.fit.se_theta = libm::sqrt(1.0 / self.own_information);
        if self.fit.se_theta.is_finite() { Ok(()) } else { Err(Failure::NotPositiveDefinite) }
    }

    /// What the last fit found.
    #[must_use]
    pub fn result(&self) -> &NegativeBinomialFit {
        &self.fit
    }

    /// The inverse expected information about the coefficients with theta taken as known, row after row; empty without
    /// a fit.
    #[must_use]
    pub fn covariance_expected(&self) -> &[f64] {
        &self.covariance
    }

    /// The part for the coefficients of the inverse observed information about coefficients and theta; empty without a
    /// fit.
    #[must_use]
    pub fn covariance_observed(&self) -> &[f64] {
        &self.observed
    }
}

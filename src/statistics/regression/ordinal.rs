//! Proportional odds: logit P(Y <= j) = threshold_j - x'b for ordered categories. Positive coefficients go with higher
//! categories.
//!
//! Newton's method on the observed Hessian; the log-likelihood is concave. The columns hold no intercept: the thresholds
//! are one each.
//!
//! Sources: McCullagh 1980 (doi:10.1111/j.2517-6161.1980.tb01109.x); Pratt 1981 (doi:10.1080/01621459.1981.10477613)
//! for concavity.

use super::basis::{Basis, dot, zeros};
use super::rows::Prepared;
use super::{Failure, Rows};
use crate::numeric::linear::{cholesky, cholesky_inverse_column, cholesky_solve};
use crate::numeric::matrix::{multiply, transpose};
use crate::numeric::{Separation, expit, separation};

/// What a fit found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrdinalFit {
    /// Rows with a positive weight.
    pub n: usize,
    /// One coefficient a column.
    pub coefficients: Vec<f64>,
    /// One threshold fewer than categories, ascending.
    pub thresholds: Vec<f64>,
    /// Steps taken.
    pub iterations: u32,
    /// Greatest absolute change of a coefficient or threshold in the last step.
    pub last_step: f64,
    /// Log-likelihood.
    pub loglik: f64,
    /// The same without columns.
    pub null_loglik: f64,
    /// -2 loglik + 2 (coefficients and thresholds).
    pub aic: f64,
}

/// A proportional-odds regression, with buffers that are used again.
#[derive(Clone, Debug, Default)]
pub struct OrdinalLogistic {
    data: Prepared,
    /// A column of ones, then the columns.
    wide: Vec<f64>,
    basis: Basis,
    categories: usize,
    /// Thresholds, then coefficients of the orthonormal columns.
    point: Vec<f64>,
    trial: Vec<f64>,
    step: Vec<f64>,
    score: Vec<f64>,
    information: Vec<f64>,
    loglik: f64,
    furthest: f64,
    lines: (Vec<f64>, Vec<f64>),
    /// The thresholds and coefficients as a linear map of `point`.
    map: Vec<f64>,
    work: (Vec<f64>, Vec<f64>, Vec<f64>),
    covariance: Vec<f64>,
    fit: OrdinalFit,
}

/// The greatest last step of a fit that converged, relative to coefficients above 1, both in orthonormal columns: so for
/// predictors on any scale.
const CONVERGED: f64 = 1e-10;
const MAX_ITERATIONS: u32 = 100;
const PATIENCE: u32 = 12;
/// Linear predictors beyond hint that the maximum is at infinity.
const FAR: f64 = 13.8;

/// Where an outcome lies between two thresholds: log-probability and what its derivatives are made of.
struct Between {
    loglik: f64,
    upper: f64,
    lower: f64,
    upper_twice: f64,
    lower_twice: f64,
    both: f64,
}

impl OrdinalLogistic {
    /// Finds thresholds and coefficients with the greatest likelihood. Outcomes are 0, 1, ..., `categories` - 1.
    ///
    /// # Errors
    /// Shapes and values; [`Failure::OneOutcome`] for fewer than two categories; [`Failure::EmptyCategory`];
    /// [`Failure::Collinear`], also for a constant column; separation; [`Failure::NotConverged`].
    pub fn fit(&mut self, rows: &Rows<'_>, categories: usize) -> Result<&OrdinalFit, Failure> {
        self.covariance.clear();
        self.data.read(rows)?;
        if categories < 2 {
            return Err(Failure::OneOutcome);
        }
        let (p, m) = (self.data.columns, categories - 1);
        self.categories = categories;
        let whole = |y: f64| y >= 0.0 && y <= m as f64 && libm::floor(y) == y;
        if let Some(k) = self.data.outcome.iter().position(|y| !whole(*y)) {
            return Err(Failure::Outcome { row: self.data.order[k] });
        }
        self.wide.clear();
        for row in self.data.x.chunks_exact(p) {
            self.wide.push(1.0);
            self.wide.extend_from_slice(row);
        }
        self.basis.decompose(&self.wide, p + 1).map_err(|failure| match failure {
            Failure::Collinear { column } => Failure::Collinear { column: column.saturating_sub(1) },
            other => other,
        })?;
        for buffer in [&mut self.point, &mut self.trial, &mut self.step, &mut self.score] {
            zeros(buffer, m + p);
        }
        zeros(&mut self.lines.0, m + p);
        zeros(&mut self.lines.1, m + p);
        zeros(&mut self.information, (m + p) * (m + p));
        self.start()?;
        self.make_map();
        self.iterate()?;
        Ok(&self.fit)
    }

    /// Thresholds at the cumulative shares.
    fn start(&mut self) -> Result<(), Failure> {
        let m = self.categories - 1;
        let weight: f64 = self.data.weights.iter().sum();
        for (y, w) in self.data.outcome.iter().zip(&self.data.weights) {
            self.score.iter_mut().take(m).skip(*y as usize).for_each(|s| *s += w / weight);
        }
        let mut before = 0.0;
        for category in 0..m {
            let share = self.score[category];
            if share <= before {
                return Err(Failure::EmptyCategory { category });
            }
            before = share;
            self.point[category] = libm::log(share / (1.0 - share));
        }
        // Shares are sums of rounded parts: whether anybody is in the last category is counted, not subtracted.
        if !self.data.outcome.iter().any(|y| *y as usize == m) {
            return Err(Failure::EmptyCategory { category: m });
        }
        Ok(())
    }

    /// How thresholds and coefficients follow from those of the orthonormal columns, which leave out the mean.
    fn make_map(&mut self) {
        let (m, p) = (self.categories - 1, self.data.columns);
        let all = m + p;
        zeros(&mut self.map, all * all);
        for i in 0..m {
            self.map[i * all + i] = 1.0;
            for j in 0..p {
                self.map[i * all + m + j] = -self.basis.inverse[j + 1];
            }
        }
        for i in 0..p {
            for j in 0..p {
                self.map[(m + i) * all + m + j] = self.basis.inverse[(i + 1) * (p + 1) + j + 1];
            }
        }
    }

    fn iterate(&mut self) -> Result<(), Failure> {
        let all = self.point.len();
        self.trial.copy_from_slice(&self.point);
        if !self.accumulate() {
            return Err(Failure::NotFinite);
        }
        self.fit.null_loglik = self.loglik;
        let mut checked = false;
        for iterations in 1..=MAX_ITERATIONS {
            if !checked && (self.furthest > FAR || iterations > PATIENCE) {
                self.refuse_separation()?;
                checked = true;
            }
            if cholesky(&mut self.information, all).is_err() {
                if !checked {
                    self.refuse_separation()?;
                }
                return Err(Failure::NotPositiveDefinite);
            }
            self.step.copy_from_slice(&self.score);
            cholesky_solve(&self.information, all, &mut self.step);
            multiply(&self.map, &self.step, all, all, 1, &mut self.work.0);
            multiply(&self.map, &self.point, all, all, 1, &mut self.work.1);
            let last_step = self.work.0.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
            let inner_step = self.step.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
            let size = self.point.iter().fold(1.0_f64, |m, b| m.max(b.abs()));
            if !last_step.is_finite() || self.step.iter().any(|s| s.is_nan()) {
                return Err(Failure::NotFinite);
            }
            if inner_step < CONVERGED * size {
                (self.fit.iterations, self.fit.last_step) = (iterations, last_step);
                self.finish();
                return Ok(());
            }
            self.advance()?;
        }
        Err(Failure::NotConverged)
    }

    fn finish(&mut self) {
        let (m, all) = (self.categories - 1, self.point.len());
        let fit = &mut self.fit;
        fit.n = self.data.rows();
        fit.thresholds.clear();
        fit.thresholds.extend_from_slice(&self.work.1[..m]);
        fit.coefficients.clear();
        fit.coefficients.extend_from_slice(&self.work.1[m..]);
        fit.loglik = self.loglik;
        fit.aic = -2.0 * self.loglik + 2.0 * all as f64;
        let (inverse, product, turned) = (&mut self.work.0, &mut self.work.1, &mut self.work.2);
        zeros(inverse, all * all);
        for k in 0..all {
            cholesky_inverse_column(&self.information, all, k, &mut inverse[k * all..(k + 1) * all]);
        }
        multiply(&self.map, inverse, all, all, all, product);
        transpose(&self.map, all, all, turned);
        multiply(product, turned, all, all, all, &mut self.covariance);
    }

    /// Goes along the step, halved until the thresholds ascend and the likelihood is not lower.
    fn advance(&mut self) -> Result<(), Failure> {
        let before = self.loglik;
        for _ in 0..60 {
            self.trial.iter_mut().zip(self.point.iter().zip(&self.step)).for_each(|(t, (b, s))| *t = b + s);
            if self.accumulate() && self.loglik >= before - 1e-12 * before.abs().max(1.0) {
                self.point.copy_from_slice(&self.trial);
                return Ok(());
            }
            self.step.iter_mut().for_each(|s| *s *= 0.5);
        }
        Err(Failure::NotConverged)
    }

    /// Likelihood, score and information at the trial values; false where thresholds do not ascend.
    fn accumulate(&mut self) -> bool {
        let (m, p, all) = (self.categories - 1, self.data.columns, self.trial.len());
        if self.trial[..m].windows(2).any(|pair| pair[0] >= pair[1]) {
            return false;
        }
        self.score.fill(0.0);
        self.information.fill(0.0);
        (self.loglik, self.furthest) = (0.0, 0.0);
        for (k, wide) in self.basis.q.chunks_exact(p + 1).enumerate() {
            let q = &wide[1..];
            let linear = dot(q, &self.trial[m..]);
            self.furthest = self.furthest.max(linear.abs());
            let (category, w) = (self.data.outcome[k] as usize, self.data.weights[k]);
            let eta = linear + self.data.offset[k];
            let upper = self.trial[..m].get(category).map(|t| t - eta);
            let lower = category.checked_sub(1).and_then(|c| self.trial[..m].get(c)).map(|t| t - eta);
            let at = between(upper, lower);
            self.loglik += w * at.loglik;
            // How the two distances follow the parameters.
            let (high, low) = (&mut self.lines.0, &mut self.lines.1);
            line(high, q, m, Some(category).filter(|c| *c < m));
            line(low, q, m, category.checked_sub(1));
            for i in 0..all {
                self.score[i] += w * (at.upper * high[i] + at.lower * low[i]);
                let (a, b) = (at.upper_twice * high[i] - at.both * low[i], at.lower_twice * low[i] - at.both * high[i]);
                for j in 0..=i {
                    self.information[i * all + j] += w * (a * high[j] + b * low[j]);
                }
            }
        }
        self.loglik.is_finite()
    }

    /// Whether the likelihood grows for ever in some direction: the rows are the directions in which the distance to a
    /// threshold grows on the right side.
    fn refuse_separation(&self) -> Result<(), Failure> {
        let (m, p) = (self.categories - 1, self.data.columns);
        let (mut rows, mut line_of) = (Vec::new(), vec![0.0; m + p]);
        for (wide, y) in self.basis.q.chunks_exact(p + 1).zip(&self.data.outcome) {
            let category = *y as usize;
            if category < m {
                line(&mut line_of, &wide[1..], m, Some(category));
                rows.extend_from_slice(&line_of);
            }
            if let Some(below) = category.checked_sub(1) {
                line(&mut line_of, &wide[1..], m, Some(below));
                rows.extend(line_of.iter().map(|v| -v));
            }
        }
        let ones = vec![1.0; rows.len() / (m + p)];
        match separation(&rows, m + p, &ones, &ones) {
            Ok(Separation::None) => Ok(()),
            Ok(Separation::Quasi) => Err(Failure::QuasiSeparation),
            Ok(Separation::Complete) => Err(Failure::CompleteSeparation),
            Err(column) => Err(Failure::Collinear { column: column.saturating_sub(m) }),
        }
    }

    /// What the last fit found.
    #[must_use]
    pub fn result(&self) -> &OrdinalFit {
        &self.fit
    }

    /// The covariance of thresholds, then coefficients, row after row; empty without a fit.
    #[must_use]
    pub fn covariance(&self) -> &[f64] {
        &self.covariance
    }
}

/// The derivative of a threshold less the linear predictor; zero where there is no threshold.
fn line(out: &mut [f64], q: &[f64], m: usize, threshold: Option<usize>) {
    out.fill(0.0);
    if let Some(position) = threshold {
        out[position] = 1.0;
        out[m..].iter_mut().zip(q).for_each(|(o, v)| *o = -v);
    }
}

/// The logistic probability between two distances. With F(u) - F(l) = F(u) (1 - F(l)) (1 - exp(l - u)) nothing is
/// subtracted that is nearly equal.
fn between(upper: Option<f64>, lower: Option<f64>) -> Between {
    let (mut ratio, mut both, mut gap_log) = (0.0, 0.0, 0.0);
    if let (Some(u), Some(l)) = (upper, lower) {
        let (small, gap) = (libm::exp(l - u), -libm::expm1(l - u));
        ratio = small / gap;
        both = small / (gap * gap);
        gap_log = libm::log(gap);
    }
    let log_expit = |x: f64| x.min(0.0) - libm::log1p(libm::exp(-x.abs()));
    let variance = |x: f64| expit(x) * expit(-x);
    Between {
        loglik: upper.map_or(0.0, log_expit) + lower.map_or(0.0, |l| log_expit(-l)) + gap_log,
        upper: upper.map_or(0.0, |u| expit(-u) + ratio),
        lower: lower.map_or(0.0, |l| -expit(l) - ratio),
        upper_twice: upper.map_or(0.0, |u| variance(u) + both),
        lower_twice: lower.map_or(0.0, |l| variance(l) + both),
        both,
    }
}

//! Generalised linear models by iteratively reweighted least squares on the expected information (Fisher scoring), with
//! step halving.
//!
//! All families here have, with their links, a log-likelihood that is concave in the linear predictor, so that the slope
//! along a step tells whether the step was too long, and a maximum that is found is the only one.
//!
//! Sources: McCullagh and Nelder 1989, Generalized Linear Models (doi:10.1007/978-1-4899-3242-6); for the sandwich Liang
//! and Zeger 1986 (doi:10.1093/biomet/73.1.13); for separated counts Correia, Guimaraes and Zylkin 2019
//! (arXiv:1903.01633).

mod summary;

use super::basis::{Basis, dot, zeros};
use super::family::{Family, Link, Model};
use super::rows::Prepared;
use super::{Failure, Rows};
use crate::numeric::linear::{cholesky, cholesky_inverse_column, cholesky_solve};
use crate::numeric::matrix::add_outer;
use crate::numeric::{Separation, separation};

/// Which covariance of the coefficients of a generalised linear model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GlmCovariance {
    /// The inverse expected information, times the dispersion of a Gaussian outcome.
    #[default]
    Model,
    /// The sandwich with the expected information, by cluster if there are clusters, else by row; no factor.
    Robust,
    /// The same times G / (G - 1), with G the number of clusters or rows.
    RobustCr1,
}

/// What a fit found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GlmFit {
    /// Rows with a positive weight.
    pub n: usize,
    /// Clusters; `None` without.
    pub clusters: Option<usize>,
    /// One coefficient a column.
    pub coefficients: Vec<f64>,
    /// Steps taken.
    pub iterations: u32,
    /// Greatest absolute change of a coefficient in the last step.
    pub last_step: f64,
    /// Log-likelihood with its constants, weights multiplying the rows' parts; `None` for a Gaussian outcome fitted
    /// perfectly. Trials of a weighted share count as single ones (no binomial coefficients).
    pub loglik: Option<f64>,
    /// Twice the distance of the log-likelihood from the greatest possible.
    pub deviance: f64,
    /// The deviance of a model with nothing but a constant (and the offset); `None` where that has no maximum.
    pub null_deviance: Option<f64>,
    /// Sum of squared Pearson residuals.
    pub pearson: f64,
    /// The Pearson sum over n - p; `None` for n = p. Only a Gaussian outcome's standard errors use it.
    pub dispersion: Option<f64>,
    /// -2 loglik + 2p, p counting the variance of a Gaussian outcome.
    pub aic: Option<f64>,
    /// -2 loglik + p log n.
    pub bic: Option<f64>,
}

/// A generalised linear model, with buffers that are used again.
#[derive(Clone, Debug)]
pub struct Glm {
    model: Model,
    data: Prepared,
    basis: Basis,
    eta: Vec<f64>,
    /// Score of each row at `eta`, times its weight.
    scores: Vec<f64>,
    /// Coefficients of the orthonormal columns.
    inner: Vec<f64>,
    trial: Vec<f64>,
    step: Vec<f64>,
    gradient: Vec<f64>,
    /// The information, then its Cholesky factor, in the orthonormal columns.
    information: Vec<f64>,
    carried: Vec<f64>,
    fit: GlmFit,
    meat: Vec<f64>,
    covariance: Vec<f64>,
    fitted: bool,
}

/// The greatest last step of a fit that converged, relative to coefficients above 1, both in orthonormal columns: so for
/// predictors on any scale.
const CONVERGED: f64 = 1e-10;
/// Steps before giving up.
const MAX_ITERATIONS: u32 = 200;
/// Steps after which separation is looked for even if nothing else hints at it.
const PATIENCE: u32 = 12;
/// A linear predictor beyond hints at separation: logit(1 - 1e-6) for a logit.
const FAR: f64 = 13.8;
/// A mean this near the edge of its range, in a fit that goes nowhere, is at the edge.
const EDGE: f64 = 1e-5;
/// A fitted probability this near 0 or 1, or a rate this near 0, is numerically at the edge: R's `glm.fit` warns of it.
const NUMERICALLY: f64 = 10.0 * f64::EPSILON;

impl Glm {
    /// A model; `None` where the link is not one of the family's: binomial takes all, Poisson log and identity,
    /// Gaussian identity.
    #[must_use]
    pub fn new(family: Family, link: Link) -> Option<Self> {
        let model = Model::new(family, link)?;
        Some(Self {
            model,
            data: Prepared::default(),
            basis: Basis::default(),
            eta: Vec::new(),
            scores: Vec::new(),
            inner: Vec::new(),
            trial: Vec::new(),
            step: Vec::new(),
            gradient: Vec::new(),
            information: Vec::new(),
            carried: Vec::new(),
            fit: GlmFit::default(),
            meat: Vec::new(),
            covariance: Vec::new(),
            fitted: false,
        })
    }

    /// Finds the coefficients with the greatest likelihood.
    ///
    /// # Errors
    /// Shapes and values; [`Failure::OneOutcome`], separation and [`Failure::Boundary`] where there is no maximum
    /// inside; [`Failure::NotConverged`].
    pub fn fit(&mut self, rows: &Rows<'_>) -> Result<&GlmFit, Failure> {
        self.fitted = false;
        self.data.read(rows)?;
        let (n, p) = (self.data.rows(), self.data.columns);
        if let Some(k) = self.data.outcome.iter().position(|y| !self.model.allows(*y)) {
            return Err(Failure::Outcome { row: self.data.order[k] });
        }
        if n < p || (n == p && self.model.family == Family::Gaussian) {
            return Err(Failure::TooFewRows { rows: n, coefficients: p });
        }
        self.basis.decompose(&self.data.x, p)?;
        for buffer in [&mut self.inner, &mut self.trial, &mut self.step, &mut self.gradient] {
            zeros(buffer, p);
        }
        zeros(&mut self.information, p * p);
        zeros(&mut self.eta, n);
        zeros(&mut self.scores, n);
        self.start()?;
        self.iterate()?;
        self.summarise();
        self.fitted = self.fit.coefficients.iter().all(|b| b.is_finite());
        if self.fitted { Ok(&self.fit) } else { Err(Failure::NotFinite) }
    }

    /// The projection of the constant whose model has the overall mean.
    fn start(&mut self) -> Result<(), Failure> {
        let weight: f64 = self.data.weights.iter().sum();
        let mean = dot(&self.data.weights, &self.data.outcome) / weight;
        let constant = match self.model.family {
            Family::Binomial if mean <= 0.0 || mean >= 1.0 => return Err(Failure::OneOutcome),
            Family::Poisson if mean <= 0.0 => return Err(Failure::OneOutcome),
            Family::Poisson if self.model.link == Link::Log => {
                let exposure = self.data.weights.iter().zip(&self.data.offset).map(|(w, o)| w * libm::exp(*o));
                self.model.link(mean * weight / exposure.sum::<f64>())
            }
            _ => {
                let offset = dot(&self.data.weights, &self.data.offset) / weight;
                self.model.link(mean) - offset
            }
        };
        for row in self.basis.q.chunks_exact(self.data.columns) {
            self.inner.iter_mut().zip(row).for_each(|(b, v)| *b += constant * v);
        }
        Ok(())
    }

    fn iterate(&mut self) -> Result<(), Failure> {
        let mut checked = self.model.family == Family::Gaussian || !self.model.is_unbounded();
        self.trial.copy_from_slice(&self.inner);
        let Some(mut furthest) = self.accumulate() else { return Err(Failure::Boundary) };
        for iterations in 1..=MAX_ITERATIONS {
            if !checked && (furthest > FAR || iterations > PATIENCE) {
                self.refuse_separation()?;
                checked = true;
            }
            if cholesky(&mut self.information, self.data.columns).is_err() {
                if !checked {
                    self.refuse_separation()?;
                }
                return Err(self.stuck(Failure::NotPositiveDefinite));
            }
            self.step.copy_from_slice(&self.gradient);
            cholesky_solve(&self.information, self.data.columns, &mut self.step);
            self.basis.carry_back(&self.inner, &mut self.fit.coefficients);
            self.basis.carry_back(&self.step, &mut self.carried);
            let last_step = largest(&self.carried);
            if !last_step.is_finite() {
                return Err(Failure::NotFinite);
            }
            if largest(&self.step) < CONVERGED * largest(&self.inner).max(1.0) {
                (self.fit.iterations, self.fit.last_step) = (iterations, last_step);
                return self.finish();
            }
            furthest = self.advance()?;
        }
        Err(self.stuck(Failure::NotConverged))
    }

    /// Takes the last step, and leaves score and the factor of the information at the end.
    fn finish(&mut self) -> Result<(), Failure> {
        self.fit.coefficients.iter_mut().zip(&self.carried).for_each(|(b, s)| *b += s);
        self.trial.iter_mut().zip(self.inner.iter().zip(&self.step)).for_each(|(t, (b, s))| *t = b + s);
        self.accumulate().ok_or(Failure::Boundary)?;
        self.inner.copy_from_slice(&self.trial);
        cholesky(&mut self.information, self.data.columns).map_err(|_| Failure::NotPositiveDefinite)?;
        Ok(())
    }

    /// Goes along the step, halved until all means are in their range and the likelihood no longer falls steeply at
    /// its end. Gives the greatest absolute linear predictor there.
    fn advance(&mut self) -> Result<f64, Failure> {
        let mut slope_before = dot(&self.gradient, &self.step);
        for _ in 0..60 {
            self.trial.iter_mut().zip(self.inner.iter().zip(&self.step)).for_each(|(t, (b, s))| *t = b + s);
            let inside = self.accumulate();
            if let Some(furthest) = inside
                && dot(&self.gradient, &self.step) >= -0.5 * slope_before
            {
                self.inner.copy_from_slice(&self.trial);
                return Ok(furthest);
            }
            self.step.iter_mut().for_each(|s| *s *= 0.5);
            slope_before *= 0.5;
        }
        self.trial.copy_from_slice(&self.inner);
        self.accumulate();
        Err(self.stuck(Failure::NotConverged))
    }

    /// Score and information at the trial coefficients, and the greatest absolute linear predictor without its
    /// offset; `None` where a mean is not inside its range.
    fn accumulate(&mut self) -> Option<f64> {
        let p = self.data.columns;
        self.gradient.fill(0.0);
        self.information.fill(0.0);
        let mut furthest = 0.0_f64;
        for (k, row) in self.basis.q.chunks_exact(p).enumerate() {
            let linear = dot(row, &self.trial);
            furthest = furthest.max(linear.abs());
            let eta = linear + self.data.offset[k];
            if !self.model.is_inside(eta) {
                return None;
            }
            let at = self.model.at(eta, self.data.outcome[k]);
            let (score, information) = (self.data.weights[k] * at.score, self.data.weights[k] * at.information);
            (self.eta[k], self.scores[k]) = (eta, score);
            for (i, xi) in row.iter().enumerate() {
                self.gradient[i] += score * xi;
                let weighted = information * xi;
                for (h, xj) in self.information[i * p..=i * p + i].iter_mut().zip(row) {
                    *h += weighted * xj;
                }
            }
        }
        Some(furthest)
    }

    /// Why a fit that goes nowhere does so.
    fn stuck(&self, otherwise: Failure) -> Failure {
        let least = self.eta.iter().map(|e| self.model.room(*e)).fold(f64::INFINITY, f64::min);
        if least < EDGE { Failure::Boundary } else { otherwise }
    }

    /// Whether the maximum is at infinity.
    fn refuse_separation(&mut self) -> Result<(), Failure> {
        let counts = self.model.family == Family::Poisson;
        // Rows with a positive count hold the direction at 0 on them, as rows with both outcomes do.
        let shares: Vec<f64> = if counts {
            self.data.outcome.iter().map(|y| if *y > 0.0 { 0.5 } else { 0.0 }).collect()
        } else {
            self.data.outcome.clone()
        };
        match separation(&self.data.x, self.data.columns, &shares, &vec![1.0; shares.len()]) {
            Ok(Separation::None) => Ok(()),
            Ok(Separation::Quasi) => Err(Failure::QuasiSeparation),
            Ok(Separation::Complete) => Err(Failure::CompleteSeparation),
            Err(column) => Err(Failure::Collinear { column }),
        }
    }

    /// What the last fit found.
    #[must_use]
    pub fn result(&self) -> &GlmFit {
        &self.fit
    }

    /// The fitted mean of each row of the last fit, in the order given; NaN for rows with weight 0.
    pub fn means(&self, rows: usize, out: &mut Vec<f64>) {
        out.clear();
        out.resize(rows, f64::NAN);
        for (i, eta) in self.data.order.iter().zip(&self.eta) {
            if let Some(mean) = out.get_mut(*i).filter(|_| self.fitted) {
                *mean = self.model.mean(*eta);
            }
        }
    }

    /// Whether a mean of the last fit is numerically at the edge of its range: a probability 0 or 1, a rate 0.
    #[must_use]
    pub fn is_at_edge(&self) -> bool {
        // Means rise with the linear predictor in every link.
        let least = self.model.mean(self.eta.iter().copied().fold(f64::INFINITY, f64::min));
        let most = self.model.mean(self.eta.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        self.fitted
            && match self.model.family {
                Family::Binomial => least < NUMERICALLY || most > 1.0 - NUMERICALLY,
                Family::Poisson => least < NUMERICALLY,
                Family::Gaussian => false,
            }
    }

    /// The covariance of the coefficients of the last fit, row after row.
    ///
    /// # Errors
    /// [`Failure::NoRows`] without a fit, [`Failure::TooFewClusters`] for the sandwich,
    /// [`Failure::TooFewRows`] where the dispersion of a Gaussian outcome is not known.
    pub fn covariance(&mut self, kind: GlmCovariance) -> Result<&[f64], Failure> {
        if !self.fitted {
            return Err(Failure::NoRows);
        }
        let p = self.data.columns;
        if kind == GlmCovariance::Model {
            zeros(&mut self.meat, p * p);
            for k in 0..p {
                cholesky_inverse_column(&self.information, p, k, &mut self.meat[k * p..(k + 1) * p]);
            }
            if self.model.family == Family::Gaussian {
                let few = Failure::TooFewRows { rows: self.fit.n, coefficients: p };
                let dispersion = self.fit.dispersion.ok_or(few)?;
                self.meat.iter_mut().for_each(|v| *v *= dispersion);
            }
        } else {
            self.robust(kind)?;
        }
        self.basis.carry_covariance(&self.meat, &mut self.covariance);
        Ok(&self.covariance)
    }

    /// The sandwich in the orthonormal columns.
    fn robust(&mut self, kind: GlmCovariance) -> Result<(), Failure> {
        let p = self.data.columns;
        let groups = if self.data.clusters().is_some() { self.data.need_clusters()? } else { self.fit.n };
        if groups < 2 {
            return Err(Failure::TooFewClusters { clusters: groups });
        }
        zeros(&mut self.meat, p * p);
        let mut add = |from: usize, to: usize| {
            self.step.fill(0.0);
            for k in from..to {
                let row = &self.basis.q[k * p..(k + 1) * p];
                self.step.iter_mut().zip(row).for_each(|(s, v)| *s += self.scores[k] * v);
            }
            // Each score times the bread first: fewer digits are lost, and the result is symmetric.
            cholesky_solve(&self.information, p, &mut self.step);
            add_outer(&mut self.meat, &self.step, 1.0);
        };
        if self.data.starts.is_empty() {
            (0..self.fit.n).for_each(|k| add(k, k + 1));
        } else {
            self.data.starts.windows(2).for_each(|ends| add(ends[0], ends[1]));
        }
        if kind == GlmCovariance::RobustCr1 {
            let factor = groups as f64 / (groups as f64 - 1.0);
            self.meat.iter_mut().for_each(|v| *v *= factor);
        }
        Ok(())
    }
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0_f64, |m, v| if v.is_nan() { f64::NAN } else { m.max(v.abs()) })
}

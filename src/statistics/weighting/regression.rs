//! A weighted regression with independent rows: the working fit of every estimator in this room.
//!
//! Source: McCullagh and Nelder 1989, Generalized Linear Models, 2.5 (doi:10.1007/978-1-4899-3242-6); for outcomes
//! between 0 and 1 Papke and Wooldridge 1996
//! (doi:10.1002/(SICI)1099-1255(199611)11:6<619::AID-JAE418>3.0.CO;2-1).

use crate::numeric::linear::{Orthogonal, cholesky};
use crate::numeric::{LogisticFailure, LogisticProblem, expit};

/// How the mean of an outcome hangs on its linear predictor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// mean = expit(x'b), for outcomes from 0 to 1: yes and no, or shares (the fractional logit).
    #[default]
    Logit,
    /// mean = x'b.
    Identity,
}

/// A weighted regression: rows, then results, in buffers that are used again. Solves
/// `sum of w (y - mean(x'b)) x = 0`.
#[derive(Clone, Debug, Default)]
pub struct WeightedRegression {
    columns: usize,
    link: Link,
    x: Vec<f64>,
    y: Vec<f64>,
    w: Vec<f64>,
    problem: LogisticProblem,
    decomposition: Orthogonal,
    scaled: Vec<f64>,
    scaled_y: Vec<f64>,
    coefficients: Vec<f64>,
    fitted: Vec<f64>,
    factor: Vec<f64>,
}

impl WeightedRegression {
    /// Forgets the rows; the next ones have this many columns (with the intercept's, if there is one).
    pub fn clear(&mut self, columns: usize) {
        self.columns = columns;
        self.x.clear();
        self.y.clear();
        self.w.clear();
    }

    /// Adds a row. A row with weight 0 says nothing and is left out; so is one with the wrong number of columns.
    pub fn push(&mut self, x: &[f64], y: f64, weight: f64) {
        if weight != 0.0 && x.len() == self.columns {
            self.x.extend_from_slice(x);
            self.y.push(y);
            self.w.push(weight);
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.y.len()
    }

    /// Number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The predictors, row after row.
    #[must_use]
    pub fn patterns(&self) -> &[f64] {
        &self.x
    }

    /// The coefficients of the last fit.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The mean of each row at the last fit.
    #[must_use]
    pub fn fitted(&self) -> &[f64] {
        &self.fitted
    }

    /// Whether a fitted probability is numerically 0 or 1, by the measure of R's `glm.fit`. Meant for the logit.
    #[must_use]
    pub fn is_at_edge(&self) -> bool {
        let edge = 10.0 * f64::EPSILON;
        self.fitted.iter().any(|mean| *mean < edge || *mean > 1.0 - edge)
    }

    /// The Cholesky factor (lower triangle, row after row) of the sum of `w v x x'` at the last fit, where v is the
    /// slope of the mean: mean (1 - mean) for the logit, 1 for the identity.
    #[must_use]
    pub fn information_factor(&self) -> &[f64] {
        &self.factor
    }

    /// `w (y - mean)` of a row at the last fit.
    #[must_use]
    pub fn weighted_residual(&self, row: usize) -> f64 {
        match (self.w.get(row), self.y.get(row), self.fitted.get(row)) {
            (Some(w), Some(y), Some(mean)) => w * (y - mean),
            _ => f64::NAN,
        }
    }

    /// The mean at a row of predictors; NaN if one is missing, or without a fit.
    #[must_use]
    pub fn predict(&self, x: &[f64]) -> f64 {
        if self.coefficients.len() != x.len() {
            return f64::NAN;
        }
        let eta: f64 = x.iter().zip(&self.coefficients).map(|(x, b)| x * b).sum();
        match self.link {
            // The exponential in `expit` is for finite numbers.
            _ if eta.is_nan() => f64::NAN,
            Link::Logit => expit(eta),
            Link::Identity => eta,
        }
    }

    /// Fits the rows.
    ///
    /// # Errors
    /// Why there is no fit. An outcome that is not finite or, with the logit, not from 0 to 1, a weight below 0 and
    /// anything else not finite are [`LogisticFailure::NotFinite`].
    pub fn fit(&mut self, link: Link) -> Result<(), LogisticFailure> {
        self.link = link;
        self.coefficients.clear();
        self.fitted.clear();
        if self.y.is_empty() {
            return Err(LogisticFailure::NoRows);
        }
        let possible = |y: &f64| match link {
            Link::Logit => (0.0..=1.0).contains(y),
            Link::Identity => y.is_finite(),
        };
        let weighable = |w: &f64| *w > 0.0 && w.is_finite();
        if !(self.y.iter().all(possible) && self.w.iter().all(weighable) && self.x.iter().all(|x| x.is_finite())) {
            return Err(LogisticFailure::NotFinite);
        }
        match link {
            Link::Logit => self.fit_logit(),
            Link::Identity => self.fit_identity(),
        }
    }

    fn fit_logit(&mut self) -> Result<(), LogisticFailure> {
        self.problem.clear(self.columns);
        for ((x, y), w) in self.x.chunks_exact(self.columns.max(1)).zip(&self.y).zip(&self.w) {
            self.problem.push(x, w * y, *w);
        }
        self.problem.fit()?;
        self.coefficients.extend_from_slice(self.problem.coefficients());
        self.fill_fitted();
        self.factor.clear();
        self.factor.extend_from_slice(self.problem.information_factor());
        Ok(())
    }

    fn fit_identity(&mut self) -> Result<(), LogisticFailure> {
        let p = self.columns;
        self.scaled.clear();
        self.scaled_y.clear();
        for ((x, y), w) in self.x.chunks_exact(p.max(1)).zip(&self.y).zip(&self.w) {
            let root = libm::sqrt(*w);
            self.scaled.extend(x.iter().map(|x| root * x));
            self.scaled_y.push(root * y);
        }
        self.decomposition.decompose(&self.scaled, p).map_err(|column| LogisticFailure::Collinear { column })?;
        self.decomposition.coefficients(&mut self.scaled_y, &mut self.coefficients);
        self.fill_fitted();
        self.factor.clear();
        self.factor.resize(p * p, 0.0);
        for x in self.scaled.chunks_exact(p.max(1)) {
            for i in 0..p {
                for k in 0..=i {
                    self.factor[i * p + k] += x[i] * x[k];
                }
            }
        }
        cholesky(&mut self.factor, p).map(|_| ()).map_err(|column| LogisticFailure::Collinear { column })
    }

    fn fill_fitted(&mut self) {
        let mut fitted = std::mem::take(&mut self.fitted);
        fitted.clear();
        fitted.extend(self.x.chunks_exact(self.columns.max(1)).map(|x| self.predict(x)));
        self.fitted = fitted;
    }
}

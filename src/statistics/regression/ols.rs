//! Least squares with the classical covariance, those robust to unequal variances (HC0-HC3) and those robust to
//! clusters (CR0-CR3, with the degrees of freedom of CR2).
//!
//! Sources: MacKinnon and White 1985 (doi:10.1016/0304-4076(85)90158-7) for HC0-HC3; Bell and McCaffrey 2002, Survey
//! Methodology 28(2), 169-181, and Pustejovsky and Tipton 2018 (doi:10.1080/07350015.2016.1247004) for CR2.

use super::basis::{Basis, dot, zeros};
use super::cluster_robust::ClusterWork;
use super::rows::Prepared;
use super::{Failure, Rows};

/// Which covariance of least-squares coefficients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Covariance {
    /// One variance for all rows (divided by their weights).
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
    /// The sandwich with scores summed in each cluster.
    Cr0,
    /// CR0 times G / (G - 1).
    Cr1,
    /// CR0 times G / (G - 1) times (n - 1) / (n - p).
    Cr1s,
    /// Bell and McCaffrey's correction under an identity working model, with the symmetric root and the generalised
    /// inverse.
    Cr2,
    /// The jackknife-like correction by the inverse of I - H of each cluster.
    Cr3,
}

/// What least squares found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinearFit {
    /// Rows with a positive weight.
    pub n: usize,
    /// Number of clusters; `None` without.
    pub clusters: Option<usize>,
    /// One coefficient a column.
    pub coefficients: Vec<f64>,
    /// Rows less coefficients.
    pub df_residual: usize,
    /// Weighted sum of squared residuals; 0 where the fit is perfect but for rounding.
    pub residual_sum: f64,
    /// Residual standard deviation, with n - p.
    pub sigma: f64,
    /// Whether the columns make up a constant.
    pub has_intercept: bool,
    /// Share of the variance explained (about the mean if there is an intercept, else about 0); `None` where the
    /// outcome has none.
    pub r_squared: Option<f64>,
    /// The same corrected for the number of coefficients.
    pub adjusted_r_squared: Option<f64>,
    /// The F statistic of all slopes, with its numerator's degrees of freedom (the denominator's are `df_residual`).
    pub f: Option<(f64, usize)>,
    /// Normal log-likelihood at its maximum; `None` for a perfect fit.
    pub loglik: Option<f64>,
    /// -2 loglik + 2 (p + 1).
    pub aic: Option<f64>,
    /// -2 loglik + (p + 1) log n.
    pub bic: Option<f64>,
}

/// Least squares, with buffers that are used again.
#[derive(Clone, Debug, Default)]
pub struct LeastSquares {
    data: Prepared,
    basis: Basis,
    scaled: Vec<f64>,
    /// Residuals times the root of their weights.
    residuals: Vec<f64>,
    fit: LinearFit,
    meat: Vec<f64>,
    covariance: Vec<f64>,
    cluster: ClusterWork,
    /// Whether the last fit succeeded.
    fitted: bool,
}

/// Residuals this small beside the outcomes are rounding error.
const PERFECT: f64 = 1e-13;

impl LeastSquares {
    /// Fits by QR. An offset is taken from the outcome first.
    ///
    /// # Errors
    /// Shapes, values that are not finite, [`Failure::TooFewRows`] unless n > p, [`Failure::Collinear`].
    pub fn fit(&mut self, rows: &Rows<'_>) -> Result<&LinearFit, Failure> {
        self.fitted = false;
        self.data.read(rows)?;
        let (n, p) = (self.data.rows(), self.data.columns);
        if n <= p {
            return Err(Failure::TooFewRows { rows: n, coefficients: p });
        }
        self.scale();
        self.basis.decompose(&self.scaled, p)?;
        let largest = self.residuals.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let squares = dot(&self.residuals, &self.residuals);
        let total = self.total(squares);
        self.basis.least_squares(&mut self.residuals, &mut self.fit.coefficients);
        let mut residual_sum = dot(&self.residuals, &self.residuals);
        if self.residuals.iter().all(|e| e.abs() <= PERFECT * largest) {
            residual_sum = 0.0;
        }
        self.summarise(residual_sum, total);
        self.fitted = self.fit.coefficients.iter().all(|b| b.is_finite()) && residual_sum.is_finite();
        if self.fitted { Ok(&self.fit) } else { Err(Failure::NotFinite) }
    }

    /// Rows and outcomes times the root of the weight.
    fn scale(&mut self) {
        let p = self.data.columns;
        self.scaled.clear();
        self.scaled.extend_from_slice(&self.data.x);
        self.residuals.clear();
        self.residuals.extend(self.data.outcome.iter().zip(&self.data.offset).map(|(y, o)| y - o));
        if self.data.weighted {
            for (k, weight) in self.data.weights.iter().enumerate() {
                let root = libm::sqrt(*weight);
                self.scaled[k * p..(k + 1) * p].iter_mut().for_each(|v| *v *= root);
                self.residuals[k] *= root;
            }
        }
    }

    /// The sum of squares to be explained; notes whether it is about the mean.
    fn total(&mut self, squares: f64) -> f64 {
        let p = self.data.columns;
        let weights = &self.data.weights;
        let weight: f64 = weights.iter().sum();
        // What Q leaves of a constant.
        zeros(&mut self.meat, p);
        for (q, w) in self.basis.q.chunks_exact(p).zip(weights) {
            let root = libm::sqrt(*w);
            self.meat.iter_mut().zip(q).for_each(|(a, v)| *a += root * v);
        }
        self.fit.has_intercept = (weight - dot(&self.meat, &self.meat)).abs() <= 1e-12 * weight;
        if !self.fit.has_intercept {
            return squares;
        }
        let plain = self.data.outcome.iter().zip(&self.data.offset).map(|(y, o)| y - o);
        let mean = plain.clone().zip(weights).map(|(y, w)| w * y).sum::<f64>() / weight;
        plain.zip(weights).map(|(y, w)| w * (y - mean) * (y - mean)).sum()
    }

    fn summarise(&mut self, residual_sum: f64, total: f64) {
        let (n, p) = (self.data.rows(), self.data.columns);
        let fit = &mut self.fit;
        (fit.n, fit.clusters, fit.df_residual) = (n, self.data.clusters(), n - p);
        fit.residual_sum = residual_sum;
        let variance = residual_sum / fit.df_residual as f64;
        fit.sigma = libm::sqrt(variance);
        let slopes = p - usize::from(fit.has_intercept);
        let varies = total > 0.0 && total > residual_sum * 1e-12;
        fit.r_squared = varies.then(|| 1.0 - residual_sum / total);
        let free = (n - usize::from(fit.has_intercept)) as f64;
        fit.adjusted_r_squared = varies.then(|| 1.0 - residual_sum / total * free / fit.df_residual as f64);
        fit.f = (varies && residual_sum > 0.0 && slopes > 0)
            .then(|| ((total - residual_sum) / slopes as f64 / variance, slopes));
        let count = n as f64;
        let logs: f64 = if self.data.weighted { self.data.weights.iter().map(|w| libm::log(*w)).sum() } else { 0.0 };
        let two_pi = 2.0 * std::f64::consts::PI;
        fit.loglik = (residual_sum > 0.0)
            .then(|| 0.5 * (logs - count * (libm::log(two_pi) + 1.0 + libm::log(residual_sum / count))));
        let parameters = (p + 1) as f64;
        fit.aic = fit.loglik.map(|l| -2.0 * l + 2.0 * parameters);
        fit.bic = fit.loglik.map(|l| -2.0 * l + parameters * libm::log(count));
    }

    /// What the last fit found.
    #[must_use]
    pub fn result(&self) -> &LinearFit {
        &self.fit
    }

    /// The residual of a row of the last fit, by its position in the rows given; `None` for rows that did not count.
    #[must_use]
    pub fn residual(&self, row: usize) -> Option<f64> {
        let k = self.data.order.iter().position(|i| *i == row).filter(|_| self.fitted)?;
        Some(self.residuals.get(k)? / libm::sqrt(*self.data.weights.get(k)?))
    }

    /// The covariance of the coefficients of the last fit, row after row.
    ///
    /// # Errors
    /// [`Failure::NoRows`] without a fit, [`Failure::Leverage`] for HC2, HC3 and CR3, [`Failure::TooFewClusters`] for CR0 to CR3.
    pub fn covariance(&mut self, kind: Covariance) -> Result<&[f64], Failure> {
        let (n, p) = (self.data.rows() as f64, self.data.columns);
        if !self.fitted {
            return Err(Failure::NoRows);
        }
        let df = self.fit.df_residual as f64;
        zeros(&mut self.meat, p * p);
        let factor = match kind {
            Covariance::Classical => {
                (0..p).for_each(|k| self.meat[k * p + k] = 1.0);
                self.fit.residual_sum / df
            }
            Covariance::Hc0 | Covariance::Hc1 | Covariance::Hc2 | Covariance::Hc3 => {
                self.rows_meat(kind)?;
                if kind == Covariance::Hc1 { n / df } else { 1.0 }
            }
            _ => {
                let clusters = self.data.need_clusters()? as f64;
                self.cluster.meat(&self.data, &self.basis.q, &self.residuals, kind, &mut self.meat)?;
                match kind {
                    Covariance::Cr1 => clusters / (clusters - 1.0),
                    Covariance::Cr1s => clusters / (clusters - 1.0) * (n - 1.0) / df,
                    _ => 1.0,
                }
            }
        };
        self.meat.iter_mut().for_each(|v| *v *= factor);
        self.basis.carry_covariance(&self.meat, &mut self.covariance);
        Ok(&self.covariance)
    }

    /// Satterthwaite's degrees of freedom of a combination of coefficients with [`Covariance::Cr2`]: twice the square
    /// of the mean over the variance of its variance estimate, under an identity working model.
    ///
    /// # Errors
    /// [`Failure::TooFewClusters`]; [`Failure::Shape`] unless there is one factor a coefficient;
    /// [`Failure::NotFinite`] where no cluster says anything.
    pub fn satterthwaite(&mut self, combination: &[f64]) -> Result<f64, Failure> {
        let p = self.data.columns;
        if combination.len() != p {
            return Err(Failure::Shape);
        }
        if !self.fitted {
            return Err(Failure::NoRows);
        }
        // The combination in the orthonormal columns.
        zeros(&mut self.meat, p);
        for (row, factor) in self.basis.inverse.chunks_exact(p).zip(combination) {
            self.meat.iter_mut().zip(row).for_each(|(m, v)| *m += factor * v);
        }
        self.satterthwaite_along()
    }

    /// As [`satterthwaite`](Self::satterthwaite) for one coefficient.
    ///
    /// # Errors
    /// As there.
    pub fn satterthwaite_of(&mut self, column: usize) -> Result<f64, Failure> {
        if column >= self.data.columns {
            return Err(Failure::Shape);
        }
        self.meat.clear();
        self.meat.extend_from_slice(self.basis.inverse_row(column));
        self.satterthwaite_along()
    }

    /// Degrees of freedom of the direction in `meat`.
    fn satterthwaite_along(&mut self) -> Result<f64, Failure> {
        if !self.fitted {
            return Err(Failure::NoRows);
        }
        self.data.need_clusters()?;
        let df = self.cluster.satterthwaite(&self.data, &self.basis.q, &self.meat)?;
        if df.is_finite() && df > 0.0 { Ok(df) } else { Err(Failure::NotFinite) }
    }

    /// Sum over rows of squared residual times the outer product of the row of Q.
    fn rows_meat(&mut self, kind: Covariance) -> Result<(), Failure> {
        let p = self.data.columns;
        for (k, (q, e)) in self.basis.q.chunks_exact(p).zip(&self.residuals).enumerate() {
            let left = 1.0 - dot(q, q);
            let divisor = match kind {
                Covariance::Hc2 => left,
                Covariance::Hc3 => left * left,
                _ => 1.0,
            };
            if left < 1e-10 && divisor < 1.0 {
                return Err(Failure::Leverage { row: self.data.order[k] });
            }
            crate::numeric::matrix::add_outer(&mut self.meat, q, e * e / divisor);
        }
        Ok(())
    }
}

//! Generalised estimating equations: marginal regressions of answers that come in clusters (the waves of a person).
//!
//! `sum of D' V^-1 (y - mu) = 0` with `V = scale A^1/2 W^-1/2 R W^-1/2 A^1/2`: A the variance function, W the prior
//! weights, R the working correlation. Scale and correlation are moment estimates of the Pearson residuals; each step
//! of Gauss and Newton is followed by new ones. Rows are divided by their standard deviation and whitened by R, so that
//! a cluster's share of the equations is `Z'e` and of their derivative `Z'Z`, whatever the family and the correlation.
//!
//! Sources: Liang and Zeger 1986, Longitudinal data analysis using generalized linear models
//! (doi:10.1093/biomet/73.1.13); for the covariances see [`Covariance`].

mod correlation;
mod criterion;
mod equations;
mod family;
mod rows;
mod sandwich;
mod settings;
mod solve;

pub use correlation::Correlation;
pub use criterion::QuasiCriterion;
pub use family::{Family, Link};
pub use rows::Row;
pub use sandwich::{Covariance, CovarianceFailure};
pub use settings::{DfRule, Failure, Settings, Summary};

use crate::numeric::linear::Orthogonal;
use correlation::Working;
use rows::Rows;

/// A marginal regression to be fitted: rows, then the results, in buffers that are used again. After the first fit
/// of a size nothing is allocated.
#[derive(Clone, Debug, Default)]
pub struct Gee {
    rows: Rows,
    settings: Settings,
    /// Whether what is below belongs to the rows.
    fitted: bool,
    working: Working,
    scale: f64,
    /// The least variance of an outcome at its fitted mean.
    least_variance: f64,
    eta: Vec<f64>,
    slope: Vec<f64>,
    residual: Vec<f64>,
    /// The rows of a cluster, scaled and whitened, each with its residual behind it.
    whitened: Vec<f64>,
    /// `D' V^-1 D` at scale 1 of each cluster, one after the other.
    information: Vec<f64>,
    /// `D' V^-1 (y - mu)` at scale 1 of each cluster.
    score: Vec<f64>,
    /// Room for the cross products of a cluster with many columns.
    sums: Vec<f64>,
    total_information: Vec<f64>,
    total_score: Vec<f64>,
    /// Cholesky factor of the total information.
    factor: Vec<f64>,
    coefficients: Vec<f64>,
    before: Vec<f64>,
    step: Vec<f64>,
    rank: Orthogonal,
    sandwich: sandwich::Work,
}

impl Gee {
    /// Forgets the rows; the next ones have this many columns (with the intercept's, if there is one).
    pub fn clear(&mut self, columns: usize) {
        self.fitted = false;
        self.rows.clear(columns);
    }

    /// Adds a row, in any order. Rows of weight 0 do not count.
    pub fn push(&mut self, row: &Row<'_>) {
        self.fitted = false;
        if row.weight != 0.0 {
            self.rows.push(row);
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Number of clusters of the last fit.
    #[must_use]
    pub fn clusters(&self) -> usize {
        self.rows.clusters()
    }

    /// Whether a mean of the last fit is numerically at the edge of its range: a probability 0 or 1, a rate 0 (R's
    /// `glm.fit` warns of both).
    #[must_use]
    pub fn is_at_edge(&self) -> bool {
        self.fitted && self.settings.family != Family::Gaussian && self.least_variance < 10.0 * f64::EPSILON
    }

    /// The coefficients of the last fit.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The parameters of the working correlation: none for independence; one for exchangeable and AR(1), undefined if
    /// every cluster has one row; for the unstructured one of each pair of waves in the order 12, 13, 23, 14, ...,
    /// undefined for waves at which no cluster was seen both times.
    #[must_use]
    pub fn alpha(&self) -> &[Option<f64>] {
        &self.working.alpha
    }

    /// The waves at which there are rows, ascending.
    #[must_use]
    pub fn waves(&self) -> &[i32] {
        &self.rows.waves
    }

    /// The working correlation between the waves, row after row; undefined as in [`alpha`](Self::alpha).
    #[must_use]
    pub fn working_correlation(&self) -> Vec<Option<f64>> {
        let m = self.rows.waves.len();
        (0..m * m).map(|k| self.working.between(&self.rows, k / m, k % m)).collect()
    }

    /// The degrees of freedom of a t test: clusters less coefficients; none if that is not above 0.
    #[must_use]
    pub fn degrees_of_freedom(&self) -> Option<f64> {
        let left = self.rows.clusters().checked_sub(self.rows.columns)?;
        (left > 0).then_some(left as f64)
    }

    /// Solves the estimating equations.
    ///
    /// # Errors
    /// Why there is no solution; see [`Failure`].
    pub fn fit(&mut self, settings: &Settings) -> Result<Summary, Failure> {
        (self.settings, self.fitted) = (*settings, false);
        self.rows.arrange()?;
        self.refuse_outcomes()?;
        let reduced = self.reduced();
        if self.rows.len() <= reduced {
            return Err(Failure::TooFewRows);
        }
        self.allocate();
        let why =
            match self.solve(settings.correlation) {
                Err(
                    why @ (Failure::NotPositiveDefinite | Failure::TooFewPairs { .. } | Failure::RepeatedWave { .. }),
                ) if settings.fall_back && settings.correlation != Correlation::Exchangeable => why,
                other => return other,
            };
        let summary = self.solve(Correlation::Exchangeable)?;
        Ok(Summary { fell_back: Some(why), ..summary })
    }

    fn reduced(&self) -> usize {
        if self.settings.df_rule == DfRule::NMinusP { self.rows.columns } else { 0 }
    }

    fn refuse_outcomes(&self) -> Result<(), Failure> {
        let (outcome, offset) = (&self.rows.outcome, &self.rows.offset);
        if !self.settings.family.allows(self.settings.link) {
            return Err(Failure::LinkNotForFamily);
        }
        if !outcome.iter().all(|y| self.settings.family.holds(*y)) {
            return Err(Failure::OutcomeOutOfRange);
        }
        let constant = |list: &[f64]| list.windows(2).all(|w| w[0] == w[1]);
        if constant(outcome) && constant(offset) { Err(Failure::ConstantOutcome) } else { Ok(()) }
    }

    fn allocate(&mut self) {
        let (n, p, k) = (self.rows.len(), self.rows.columns, self.rows.clusters());
        let sizes = [
            (&mut self.eta, n),
            (&mut self.slope, n),
            (&mut self.residual, n),
            (&mut self.whitened, self.rows.largest() * (p + 1)),
            (&mut self.information, k * p * p),
            (&mut self.score, k * p),
            (&mut self.sums, (p + 1) * (p + 1)),
            (&mut self.total_information, p * p),
            (&mut self.total_score, p),
            (&mut self.factor, p * p),
            (&mut self.coefficients, p),
            (&mut self.before, p),
            (&mut self.step, p),
        ];
        for (buffer, size) in sizes {
            buffer.clear();
            buffer.resize(size, 0.0);
        }
    }
}

#[inline(always)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests;

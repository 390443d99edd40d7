//! Imputation of a continuous variable by a normal linear regression.
//!
//! Source: Rubin 1987, Multiple Imputation for Nonresponse in Surveys, p. 167 (doi:10.1002/9780470316696).

use super::factor::draw_around;
use super::least_squares::LeastSquares;
use super::{ImputationFailure, Incomplete, dot};
use crate::statistics::draws::Draws;

/// A normal linear regression: fitted, then parameters drawn, then values. Buffers are used again.
#[derive(Clone, Debug, Default)]
pub struct NormalModel {
    fit: LeastSquares,
    df: f64,
    sigma: f64,
    beta: Vec<f64>,
    z: Vec<f64>,
}

impl NormalModel {
    /// Fits the regression to the rows with an observed value.
    ///
    /// # Errors
    /// Nothing observed, no more rows than columns, all values the same, a dependent column.
    pub fn fit(&mut self, data: &Incomplete) -> Result<(), ImputationFailure> {
        data.check()?;
        let observed = data.outcome.len();
        if observed <= data.columns {
            return Err(ImputationFailure::TooFew { observed, needed: data.columns + 1 });
        }
        if data.is_constant() {
            return Err(ImputationFailure::OneValue);
        }
        self.df = (observed - data.columns) as f64;
        self.fit.fit(data)
    }

    /// Draws the parameters: a chi-square number with [`df`](Self::df) degrees of freedom, sigma* = sqrt(RSS / chi2);
    /// then a normal number for each coefficient, beta* = b + sigma* L z.
    pub fn draw(&mut self, draws: &mut dyn Draws) {
        self.sigma = libm::sqrt(self.fit.rss() / draws.chi_square(self.df));
        draw_around(self.fit.coefficients(), self.fit.factor(), self.sigma, draws, &mut self.z, &mut self.beta);
    }

    /// Draws a value for each row to impute, into `out`: x beta* + sigma* e, one normal number a row, in order. The
    /// shift of a row is added (0 where `shift` ends).
    pub fn impute(&self, data: &Incomplete, shift: &[f64], draws: &mut dyn Draws, out: &mut Vec<f64>) {
        out.clear();
        let shifts = shift.iter().copied().chain(std::iter::repeat(0.0));
        out.extend(
            data.missing_rows().zip(shifts).map(|(row, s)| dot(row, &self.beta) + self.sigma * draws.normal() + s),
        );
    }

    /// The fit.
    #[must_use]
    pub fn least_squares(&self) -> &LeastSquares {
        &self.fit
    }

    /// Residual degrees of freedom: rows with an observed value less columns.
    #[must_use]
    pub fn df(&self) -> f64 {
        self.df
    }

    /// The drawn standard deviation.
    #[must_use]
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// The drawn coefficients.
    #[must_use]
    pub fn beta(&self) -> &[f64] {
        &self.beta
    }
}

//! Least squares for an imputation model: coefficients, residual sum of squares, and the lower Cholesky factor of the
//! inverse of `X'X`.

use super::factor::inverse_factor;
use super::{ImputationFailure, Incomplete, dot};
use crate::numeric::linear::Orthogonal;

/// A pivot below this share of its diagonal element calls for an orthogonal decomposition instead of normal equations.
const NEARLY_SINGULAR: f64 = 1e-9;

/// A least-squares fit in buffers that are used again.
#[derive(Clone, Debug, Default)]
pub struct LeastSquares {
    coefficients: Vec<f64>,
    factor: Vec<f64>,
    rss: f64,
    gram: Vec<f64>,
    cross: Vec<f64>,
    half: Vec<f64>,
    orthogonal: Orthogonal,
}

impl LeastSquares {
    /// Fits the rows with an observed value.
    ///
    /// # Errors
    /// The first column that depends on the ones before it, or a number that is not finite.
    pub fn fit(&mut self, data: &Incomplete) -> Result<(), ImputationFailure> {
        self.accumulate(data);
        let p = data.columns;
        match inverse_factor(&mut self.gram, p, &mut self.factor) {
            Some(least) if least > NEARLY_SINGULAR => self.solve(p),
            _ => self.fit_carefully(data)?,
        }
        if self.coefficients.iter().any(|b| !b.is_finite()) {
            return Err(ImputationFailure::NotFinite);
        }
        let residual = |(row, y): (&[f64], &f64)| y - dot(row, &self.coefficients);
        self.rss = data.observed_rows().zip(data.outcome).map(residual).map(|e| e * e).sum();
        Ok(())
    }

    /// The coefficients, the intercept first.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The lower Cholesky factor of `(X'X)^-1`, row after row.
    #[must_use]
    pub fn factor(&self) -> &[f64] {
        &self.factor
    }

    /// The residual sum of squares.
    #[must_use]
    pub fn rss(&self) -> f64 {
        self.rss
    }

    fn accumulate(&mut self, data: &Incomplete) {
        let p = data.columns;
        self.gram.clear();
        self.gram.resize(p * p, 0.0);
        self.cross.clear();
        self.cross.resize(p, 0.0);
        for (row, y) in data.observed_rows().zip(data.outcome) {
            for (i, xi) in row.iter().enumerate() {
                self.cross[i] += xi * y;
                for (g, xj) in self.gram[i * p..=i * p + i].iter_mut().zip(row) {
                    *g += xi * xj;
                }
            }
        }
    }

    /// b = L (L' X'y).
    fn solve(&mut self, p: usize) {
        self.half.clear();
        self.half.extend((0..p).map(|j| (j..p).map(|i| self.factor[i * p + j] * self.cross[i]).sum::<f64>()));
        self.coefficients.clear();
        let rows = self.factor.chunks_exact(p.max(1));
        self.coefficients.extend(rows.map(|row| dot(row, &self.half)));
    }

    /// By `X P = Q R`, where P turns the order of the columns round: then `L = P R^-1 P`.
    fn fit_carefully(&mut self, data: &Incomplete) -> Result<(), ImputationFailure> {
        let p = data.columns;
        if data.observed.iter().chain(data.outcome).any(|v| !v.is_finite()) {
            return Err(ImputationFailure::NotFinite);
        }
        // In the given order first, so that the column named is the one that depends on those before it.
        let collinear = |column| ImputationFailure::Collinear { column };
        self.orthogonal.decompose(data.observed, p).map_err(collinear)?;
        let reversed: Vec<f64> = data.observed_rows().flat_map(|row| row.iter().rev()).copied().collect();
        self.orthogonal.decompose(&reversed, p).map_err(|column| collinear(p - 1 - column))?;
        let mut outcome = data.outcome.to_vec();
        self.orthogonal.coefficients(&mut outcome, &mut self.coefficients);
        self.coefficients.reverse();
        self.factor.clear();
        for i in 0..p {
            self.orthogonal.inverse_row(p - 1 - i, &mut self.half);
            self.factor.extend(self.half.iter().rev());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_give_the_same() {
        let x = [1.0, 0.0, 2.0, 1.0, 1.0, 5.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.5, 1.0, 1.0, 4.0];
        let y = [1.0, 3.0, 2.0, 0.0, 4.5];
        let data = Incomplete { columns: 3, observed: &x, outcome: &y, missing: &[] };
        let (mut quick, mut careful) = (LeastSquares::default(), LeastSquares::default());
        quick.fit(&data).unwrap();
        careful.fit_carefully(&data).unwrap();
        let close = |a: &[f64], b: &[f64]| {
            assert_eq!(a.len(), b.len());
            a.iter().zip(b).for_each(|(x, y)| assert!((x - y).abs() < 1e-13, "{a:?} {b:?}"));
        };
        close(quick.coefficients(), careful.coefficients());
        close(quick.factor(), careful.factor());
    }

    #[test]
    fn a_far_away_origin_is_fitted_carefully() {
        // y = 3 + 2 t at t = 1e6 + (0, 1, 2, 3): a year counted from far away. The share of the pivot is 1e-12.
        let x: Vec<f64> = (0..4).flat_map(|t| [1.0, 1e6 + f64::from(t)]).collect();
        let y: Vec<f64> = (0..4).map(|t| 3.0 + 2.0 * (1e6 + f64::from(t))).collect();
        let mut fit = LeastSquares::default();
        fit.fit(&Incomplete { columns: 2, observed: &x, outcome: &y, missing: &[] }).unwrap();
        assert!((fit.coefficients()[1] - 2.0).abs() < 1e-8, "{:?}", fit.coefficients());
        // The variance of the slope is 1 / sum of (t - mean)^2 = 1/5: the last row of L has (0, 1/sqrt(5)) but for the
        // first, whose square and the last's add up to the variance of the slope.
        let row = &fit.factor()[2..4];
        assert!((dot(row, row) - 0.2).abs() < 1e-7, "{row:?}");
    }

    #[test]
    fn the_dependent_column_is_named() {
        let x = [1.0, 2.0, 2.0, 1.0, 3.0, 3.0, 1.0, 5.0, 5.0, 1.0, 7.0, 7.0];
        let data = Incomplete { columns: 3, observed: &x, outcome: &[1.0, 2.0, 0.0, 1.0], missing: &[] };
        assert_eq!(LeastSquares::default().fit(&data), Err(ImputationFailure::Collinear { column: 2 }));
    }
}

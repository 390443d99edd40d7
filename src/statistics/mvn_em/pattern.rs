//! Rows with the same variables observed: their sums, and what they expect of the rest.

use crate::numeric::linear::{cholesky, cholesky_solve};

/// Rows with the same variables observed, as their number, means and scatter: EM needs no more of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Pattern {
    /// Observed variables, ascending.
    pub(super) observed: Vec<usize>,
    /// The others.
    missing: Vec<usize>,
    pub(super) rows: f64,
    mean: Vec<f64>,
    /// Sums of products about `mean`, over observed variables.
    scatter: Vec<f64>,
}

/// Buffers shared by patterns.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    factor: Vec<f64>,
    /// Sum of deviations from the current means, and products about them, over observed variables.
    pub(super) deviation: Vec<f64>,
    pub(super) about: Vec<f64>,
    /// Regressions of the missing variables on the observed ones, a row each.
    slopes: Vec<f64>,
    column: Vec<f64>,
    /// Regressions times products.
    half: Vec<f64>,
}

impl Pattern {
    /// Takes the rows.
    pub(super) fn take<'a>(&mut self, rows: impl Iterator<Item = &'a [f64]> + Clone, variables: usize) {
        let first = rows.clone().next().unwrap_or(&[]);
        let is_observed = |j: &usize| first.get(*j).is_some_and(|v| !v.is_nan());
        self.observed.clear();
        self.observed.extend((0..variables).filter(is_observed));
        self.missing.clear();
        self.missing.extend((0..variables).filter(|j| !is_observed(j)));
        let k = self.observed.len();
        self.rows = rows.clone().count() as f64;
        self.mean.clear();
        self.mean.extend(self.observed.iter().map(|j| rows.clone().map(|r| r[*j]).sum::<f64>() / self.rows));
        self.scatter.clear();
        self.scatter.resize(k * k, 0.0);
        for row in rows {
            for (a, i) in self.observed.iter().enumerate() {
                for (b, j) in self.observed.iter().enumerate() {
                    self.scatter[a * k + b] += (row[*i] - self.mean[a]) * (row[*j] - self.mean[b]);
                }
            }
        }
    }

    /// Number, mean and sum of squares of a variable, if it is observed here.
    pub(super) fn moments_of(&self, variable: usize) -> Option<(f64, f64, f64)> {
        let a = self.observed.iter().position(|j| *j == variable)?;
        Some((self.rows, self.mean[a], self.scatter[a * self.observed.len() + a]))
    }

    /// Adds the expected sums of deviations from `mean` and of their products, given what is observed, to `sum` and to
    /// `products` (both triangles). Gives the log-likelihood; `None` where the covariance is not positive definite.
    pub(super) fn expect(
        &self,
        p: usize,
        mean: &[f64],
        covariance: &[f64],
        sum: &mut [f64],
        products: &mut [f64],
        scratch: &mut Scratch,
    ) -> Option<f64> {
        let k = self.observed.len();
        self.factorise(p, covariance, scratch)?;
        self.shift(mean, scratch);
        let log = self.log_likelihood(scratch);
        let Scratch { factor, deviation, about, slopes, column, half } = scratch;
        slopes.clear();
        half.clear();
        for m in &self.missing {
            column.clear();
            column.extend(self.observed.iter().map(|j| covariance[m * p + j]));
            cholesky_solve(factor, k, column);
            slopes.extend_from_slice(column);
            half.extend((0..k).map(|b| (0..k).map(|a| column[a] * about[a * k + b]).sum::<f64>()));
        }
        for (a, i) in self.observed.iter().enumerate() {
            sum[*i] += deviation[a];
            for (b, j) in self.observed.iter().enumerate() {
                products[i * p + j] += about[a * k + b];
            }
        }
        for (r, m) in self.missing.iter().enumerate() {
            let slope = &slopes[r * k..(r + 1) * k];
            sum[*m] += dot(slope, deviation);
            for (b, j) in self.observed.iter().enumerate() {
                products[m * p + j] += half[r * k + b];
                products[j * p + m] += half[r * k + b];
            }
            for (s, l) in self.missing.iter().enumerate() {
                // The expected product and the variance that is left.
                let fitted = dot(&half[r * k..(r + 1) * k], &slopes[s * k..(s + 1) * k]);
                let explained: f64 = slope.iter().zip(&self.observed).map(|(b, j)| b * covariance[l * p + j]).sum();
                products[m * p + l] += fitted + self.rows * (covariance[m * p + l] - explained);
            }
        }
        Some(log)
    }

    /// The squared Mahalanobis distance of the pattern's mean from the current one, times its rows.
    pub(super) fn distance(&self, p: usize, mean: &[f64], covariance: &[f64], scratch: &mut Scratch) -> Option<f64> {
        self.factorise(p, covariance, scratch)?;
        self.shift(mean, scratch);
        scratch.column.clear();
        scratch.column.extend_from_slice(&scratch.deviation);
        cholesky_solve(&scratch.factor, self.observed.len(), &mut scratch.column);
        Some(dot(&scratch.column, &scratch.deviation) / self.rows)
    }

    /// The Cholesky factor of the observed variables' covariance.
    fn factorise(&self, p: usize, covariance: &[f64], scratch: &mut Scratch) -> Option<()> {
        let entries = self.observed.iter().flat_map(|i| self.observed.iter().map(move |j| covariance[i * p + j]));
        scratch.factor.clear();
        scratch.factor.extend(entries);
        cholesky(&mut scratch.factor, self.observed.len()).ok().map(|_| ())
    }

    /// Sums of deviations and products about the current means.
    pub(super) fn shift(&self, mean: &[f64], scratch: &mut Scratch) {
        let k = self.observed.len();
        scratch.deviation.clear();
        scratch.deviation.extend(self.observed.iter().zip(&self.mean).map(|(j, m)| self.rows * (m - mean[*j])));
        scratch.about.clear();
        scratch.about.extend_from_slice(&self.scatter);
        for a in 0..k {
            for b in 0..k {
                scratch.about[a * k + b] += scratch.deviation[a] * scratch.deviation[b] / self.rows;
            }
        }
    }

    /// The inverse of the observed variables' covariance, row after row, into `out`.
    pub(super) fn precision(
        &self,
        p: usize,
        covariance: &[f64],
        scratch: &mut Scratch,
        out: &mut Vec<f64>,
    ) -> Option<()> {
        let k = self.observed.len();
        self.factorise(p, covariance, scratch)?;
        out.clear();
        for c in 0..k {
            scratch.column.clear();
            scratch.column.resize(k, 0.0);
            scratch.column[c] = 1.0;
            cholesky_solve(&scratch.factor, k, &mut scratch.column);
            out.extend_from_slice(&scratch.column);
        }
        Some(())
    }

    /// -(n k log 2 pi + n log det S + tr(S^-1 D)) / 2.
    fn log_likelihood(&self, scratch: &mut Scratch) -> f64 {
        let k = self.observed.len();
        let log_determinant: f64 = (0..k).map(|a| 2.0 * libm::log(scratch.factor[a * k + a])).sum();
        let mut trace = 0.0;
        for a in 0..k {
            scratch.column.clear();
            scratch.column.extend((0..k).map(|b| scratch.about[b * k + a]));
            cholesky_solve(&scratch.factor, k, &mut scratch.column);
            trace += scratch.column[a];
        }
        let constant = k as f64 * libm::log(2.0 * std::f64::consts::PI);
        -0.5 * (self.rows * (constant + log_determinant) + trace)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

//! Maximum likelihood for incomplete multivariate normal data: means and covariances by the EM algorithm over patterns
//! of missing values, the observed-data log-likelihood, standard errors of the means from the observed information, and
//! Little's test of MCAR.
//!
//! Valid when values are missing at random. Sources: Dempster, Laird and Rubin 1977
//! (doi:10.1111/j.2517-6161.1977.tb01600.x); Little and Rubin 2019, Statistical Analysis with Missing Data, 3rd ed.,
//! 11.2 (doi:10.1002/9781119482260); Little 1988, A test of missing completely at random
//! (doi:10.1080/01621459.1988.10478722); Kenward and Molenberghs 1998, on why the observed information is used
//! (doi:10.1214/ss/1028905830).

mod information;
mod pattern;

#[cfg(test)]
mod tests;

use crate::numeric::ChiSquare;
use crate::numeric::linear::cholesky;
use pattern::{Pattern, Scratch};

/// Relative change of the log-likelihood below which EM may stop.
const LOG_LIKELIHOOD_CHANGE: f64 = 1e-12;
/// Greatest change of a mean or covariance below which it may stop, in standard deviations. EM can creep, so a small
/// change of the likelihood alone says little.
const PARAMETER_CHANGE: f64 = 1e-10;
/// Iterations before giving up.
const MAX_ITERATIONS: u32 = 20_000;
/// A variance given the variables before it below this share of the variance means dependent variables.
const SINGULAR: f64 = 1e-10;

/// Why there is no estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MvnFailure {
    /// The number of values is not a multiple of the number of variables, or there are no variables.
    Shape,
    /// A value is infinite.
    NotFinite,
    /// This variable is never observed.
    NothingObserved {
        /// Its position.
        variable: usize,
    },
    /// All observed values of this variable are the same.
    OneValue {
        /// Its position.
        variable: usize,
    },
    /// These two variables are never observed together, so the data say nothing about their covariance.
    NeverTogether {
        /// Position of the first.
        first: usize,
        /// Position of the second.
        second: usize,
    },
    /// The estimated covariance became singular: too few rows, or variables that depend on each other.
    Singular,
    /// The iterations did not come to an end.
    NotConverged,
}

/// Little's test that values are missing completely at random.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Little {
    /// The statistic with the covariance scaled by n / (n - 1).
    pub chi_square: f64,
    /// The statistic with the maximum likelihood covariance. Implementations differ in which they report.
    pub chi_square_ml: f64,
    /// Degrees of freedom: observed variables summed over patterns, less variables.
    pub df: usize,
    /// The p value of `chi_square`; `None` without degrees of freedom.
    pub p: Option<f64>,
    /// Number of patterns of observed variables.
    pub patterns: usize,
}

/// Incomplete normal data and their estimates, in buffers that are used again.
#[derive(Clone, Debug, Default)]
pub struct MvnEm {
    variables: usize,
    rows: usize,
    patterns: Vec<Pattern>,
    used: usize,
    mean: Vec<f64>,
    covariance: Vec<f64>,
    log_likelihood: f64,
    iterations: u32,
    last_step: f64,
    sum: Vec<f64>,
    products: Vec<f64>,
    scratch: Scratch,
    order: Vec<usize>,
    factor: Vec<f64>,
}

impl MvnEm {
    /// Fits `data`, row after row with `variables` values each, NaN where missing. Rows in which everything is missing
    /// are left out.
    ///
    /// # Errors
    /// See [`MvnFailure`].
    pub fn fit(&mut self, data: &[f64], variables: usize) -> Result<(), MvnFailure> {
        self.take(data, variables)?;
        self.start();
        let mut before = f64::NEG_INFINITY;
        for iterations in 1..=MAX_ITERATIONS {
            self.iterations = iterations;
            let current = self.expect()?;
            let settled = (current - before).abs() <= LOG_LIKELIHOOD_CHANGE * (1.0 + current.abs());
            (self.log_likelihood, before) = (current, current);
            self.last_step = self.maximise();
            self.refuse_singular()?;
            if settled && self.last_step < PARAMETER_CHANGE {
                // Of the estimates that are given, not of those one step before.
                self.log_likelihood = self.expect()?;
                return Ok(());
            }
        }
        Err(MvnFailure::NotConverged)
    }

    /// Rows in which something is observed.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The estimated means.
    #[must_use]
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// The estimated covariance (maximum likelihood, divisor n), row after row.
    #[must_use]
    pub fn covariance(&self) -> &[f64] {
        &self.covariance
    }

    /// The log-likelihood of what is observed.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// EM iterations taken.
    #[must_use]
    pub fn iterations(&self) -> u32 {
        self.iterations
    }

    /// Greatest change of an estimate in the last iteration, in standard deviations.
    #[must_use]
    pub fn last_step(&self) -> f64 {
        self.last_step
    }

    /// The covariance of the estimated means, row after row: a block of the inverse of the observed information of
    /// means and covariances together. `None` where the information is not positive definite.
    #[must_use]
    pub fn covariance_of_means(&mut self) -> Option<Vec<f64>> {
        let (used, p) = (self.used, self.variables);
        information::covariance_of_means(&mut self.patterns[..used], p, &self.mean, &self.covariance, &mut self.scratch)
    }

    /// Little's test at the estimates.
    #[must_use]
    pub fn little(&mut self) -> Option<Little> {
        let mut ml = 0.0;
        let (mut df, mut patterns) = (0, 0);
        for pattern in &mut self.patterns[..self.used] {
            ml += pattern.distance(self.variables, &self.mean, &self.covariance, &mut self.scratch)?;
            df += pattern.observed.len();
            patterns += 1;
        }
        let df = df.saturating_sub(self.variables);
        let n = self.rows as f64;
        let chi_square = ml * (n - 1.0) / n;
        let p = (df > 0).then(|| ChiSquare { df: df as f64 }.upper_tail(chi_square));
        Some(Little { chi_square, chi_square_ml: ml, df, p, patterns })
    }

    /// Sorts the rows into patterns.
    fn take(&mut self, data: &[f64], variables: usize) -> Result<(), MvnFailure> {
        if variables == 0 || !data.len().is_multiple_of(variables) {
            return Err(MvnFailure::Shape);
        }
        if data.iter().any(|v| v.is_infinite()) {
            return Err(MvnFailure::NotFinite);
        }
        self.variables = variables;
        let row = |i: usize| &data[i * variables..(i + 1) * variables];
        let seen = |i: usize| row(i).iter().map(|v| !v.is_nan());
        self.order.clear();
        self.order.extend((0..data.len() / variables).filter(|i| seen(*i).any(|s| s)));
        self.rows = self.order.len();
        // Complete rows first, then by the variable first missing; rows of a pattern in the order of the data.
        self.order.sort_by(|a, b| seen(*b).cmp(seen(*a)));
        self.used = 0;
        for run in self.order.chunk_by(|a, b| seen(*a).eq(seen(*b))) {
            if self.used == self.patterns.len() {
                self.patterns.push(Pattern::default());
            }
            self.patterns[self.used].take(run.iter().map(|i| row(*i)), variables);
            self.used += 1;
        }
        self.refuse_unidentified(data)
    }

    fn refuse_unidentified(&self, data: &[f64]) -> Result<(), MvnFailure> {
        let p = self.variables;
        let patterns = &self.patterns[..self.used];
        for variable in 0..p {
            let mut values = data.iter().skip(variable).step_by(p).filter(|v| !v.is_nan());
            let first = values.next().ok_or(MvnFailure::NothingObserved { variable })?;
            if values.all(|v| v == first) {
                return Err(MvnFailure::OneValue { variable });
            }
        }
        for variable in 0..p {
            for second in variable + 1..p {
                let together = |q: &Pattern| q.observed.contains(&variable) && q.observed.contains(&second);
                if !patterns.iter().any(together) {
                    return Err(MvnFailure::NeverTogether { first: variable, second });
                }
            }
        }
        Ok(())
    }

    /// Means and variances of what is observed, no correlation.
    fn start(&mut self) {
        let p = self.variables;
        for buffer in [&mut self.mean, &mut self.sum] {
            buffer.clear();
            buffer.resize(p, 0.0);
        }
        for buffer in [&mut self.covariance, &mut self.products] {
            buffer.clear();
            buffer.resize(p * p, 0.0);
        }
        for j in 0..p {
            let parts = || self.patterns[..self.used].iter().filter_map(move |q| q.moments_of(j));
            let n: f64 = parts().map(|(n, ..)| n).sum();
            let mean = parts().map(|(n, m, _)| n * m).sum::<f64>() / n;
            let squares: f64 = parts().map(|(n, m, s)| s + n * (m - mean) * (m - mean)).sum();
            self.mean[j] = mean;
            self.covariance[j * p + j] = squares / n;
        }
    }

    /// The E step: expected sums and products about the current means. Gives the log-likelihood there.
    fn expect(&mut self) -> Result<f64, MvnFailure> {
        self.sum.fill(0.0);
        self.products.fill(0.0);
        let mut log = 0.0;
        for pattern in &mut self.patterns[..self.used] {
            let part = pattern.expect(
                self.variables,
                &self.mean,
                &self.covariance,
                &mut self.sum,
                &mut self.products,
                &mut self.scratch,
            );
            log += part.ok_or(MvnFailure::Singular)?;
        }
        Ok(log)
    }

    /// The M step. Gives the greatest change, in standard deviations.
    fn maximise(&mut self) -> f64 {
        let (p, n) = (self.variables, self.rows as f64);
        let mut change = 0.0_f64;
        self.sum.iter_mut().for_each(|s| *s /= n);
        let variance = |c: &[f64], i: usize| c[i * p + i].max(f64::MIN_POSITIVE);
        for i in 0..p {
            for j in 0..=i {
                let value = self.products[i * p + j] / n - self.sum[i] * self.sum[j];
                let scale = libm::sqrt(variance(&self.covariance, i)) * libm::sqrt(variance(&self.covariance, j));
                change = change.max((value - self.covariance[i * p + j]).abs() / scale);
                // Stored above the diagonal, so that the variances of the step before stay to the end.
                self.products[j * p + i] = value;
            }
            change = change.max(self.sum[i].abs() / libm::sqrt(variance(&self.covariance, i)));
        }
        for i in 0..p {
            self.mean[i] += self.sum[i];
            for j in i..p {
                let value = self.products[i * p + j];
                (self.covariance[i * p + j], self.covariance[j * p + i]) = (value, value);
            }
        }
        change
    }

    fn refuse_singular(&mut self) -> Result<(), MvnFailure> {
        self.factor.clear();
        self.factor.extend_from_slice(&self.covariance);
        match cholesky(&mut self.factor, self.variables) {
            Ok(least) if least > SINGULAR => Ok(()),
            _ => Err(MvnFailure::Singular),
        }
    }
}

//! Imputation of a variable with unordered categories by a multinomial logistic regression.
//!
//! Source: Agresti 2013, Categorical Data Analysis, 3rd ed., 8.1 (ISBN 9780470463635), for the likelihood; parameters
//! are drawn as in Rubin 1987, p. 170. (The R package mice does not draw them in `polyreg`.)

use super::augment::Augmentation;
use super::factor::draw_around;
use super::newton::{FAR, Newton, Weighted};
use super::{ImputationFailure, Incomplete, dot};
use crate::statistics::draws::Draws;

/// A multinomial logistic regression: fitted, then coefficients drawn, then values. Buffers are used again.
///
/// Categories are 0, 1, ... below their number. One that is never observed is never imputed, unless pseudo-rows are
/// added.
#[derive(Clone, Debug, Default)]
pub struct MultinomialModel {
    rows: Weighted,
    newton: Newton,
    augmented: bool,
    beta: Vec<f64>,
    z: Vec<f64>,
    chance: Vec<f64>,
}

impl MultinomialModel {
    /// Fits the regression to the rows with an observed value.
    ///
    /// # Errors
    /// Nothing observed, a value that is no category, a dependent column, no convergence, and, unless pseudo-rows are
    /// added, separation or values that are all the same.
    pub fn fit(&mut self, data: &Incomplete, categories: usize, when: Augmentation) -> Result<(), ImputationFailure> {
        data.check()?;
        let plain = if when == Augmentation::Always {
            Err(ImputationFailure::Separated)
        } else {
            self.fit_rows(data, categories, false)
        };
        match (plain, when) {
            (Err(ImputationFailure::Separated | ImputationFailure::OneValue), w) if w != Augmentation::Never => {
                self.fit_rows(data, categories, true)
            }
            (plain, _) => plain,
        }
    }

    fn fit_rows(&mut self, data: &Incomplete, categories: usize, augmented: bool) -> Result<(), ImputationFailure> {
        self.augmented = augmented;
        self.rows.take(data, categories, augmented)?;
        let (p, others) = (data.columns, self.rows.present.len() - 1);
        self.newton.theta.clear();
        self.newton.theta.resize(p * others, 0.0);
        // The intercepts of the model without predictors.
        for k in 0..others {
            self.newton.theta[k * p] = libm::log(self.rows.totals[k + 1] / self.rows.totals[0]);
        }
        let rows = &self.rows;
        let chance = &mut self.chance;
        let found = self.newton.maximise(|theta, gradient, information| {
            let mut log = 0.0;
            for (x, category, weight) in rows.rows() {
                probabilities(x, theta, chance);
                log += weight * libm::log(*chance.get(category)?);
                accumulate(x, category, weight, chance, gradient, information);
            }
            Some(log)
        });
        found.map_err(|failure| if self.furthest() > FAR { ImputationFailure::Separated } else { failure })
    }

    fn furthest(&self) -> f64 {
        let etas = |x| self.newton.theta.chunks_exact(self.rows.columns.max(1)).map(move |b| dot(x, b).abs());
        self.rows.rows().flat_map(|(x, ..)| etas(x)).fold(0.0, f64::max)
    }

    /// Draws the coefficients: a normal number for each, category after category, beta* = b + L z.
    pub fn draw(&mut self, draws: &mut dyn Draws) {
        draw_around(&self.newton.theta, &self.newton.factor, 1.0, draws, &mut self.z, &mut self.beta);
    }

    /// Draws a category for each row to impute, into `out`: one uniform number u a row, in order, and the first
    /// category at which the sum of the probabilities reaches u.
    pub fn impute(&mut self, data: &Incomplete, draws: &mut dyn Draws, out: &mut Vec<f64>) {
        out.clear();
        let Self { rows, beta, chance, .. } = self;
        for row in data.missing_rows() {
            probabilities(row, beta, chance);
            let mut left = draws.uniform();
            let position = chance.iter().position(|p| {
                left -= p;
                left <= 0.0
            });
            let category = position.and_then(|k| rows.present.get(k)).or(rows.present.last());
            out.push(category.map_or(f64::NAN, |k| *k as f64));
        }
    }

    /// The fitted coefficients of each category in the fit but the first, one category after the other.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.newton.theta
    }

    /// The lower Cholesky factor of the covariance of the fitted coefficients.
    #[must_use]
    pub fn factor(&self) -> &[f64] {
        &self.newton.factor
    }

    /// The log-likelihood of the fit.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.newton.log_likelihood
    }

    /// Whether the last fit had pseudo-rows.
    #[must_use]
    pub fn augmented(&self) -> bool {
        self.augmented
    }
}

/// The probability of each category at a row, the first one's linear predictor being 0.
fn probabilities(x: &[f64], theta: &[f64], out: &mut Vec<f64>) {
    out.clear();
    out.push(0.0);
    out.extend(theta.chunks_exact(x.len().max(1)).map(|b| dot(x, b)));
    let largest = out.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    out.iter_mut().for_each(|eta| *eta = libm::exp(*eta - largest));
    let total: f64 = out.iter().sum();
    out.iter_mut().for_each(|p| *p /= total);
}

/// Adds a row's part of the gradient and of the lower triangle of the information.
fn accumulate(x: &[f64], category: usize, weight: f64, chance: &[f64], gradient: &mut [f64], information: &mut [f64]) {
    let p = x.len();
    let size = gradient.len();
    for (k, pk) in chance.iter().skip(1).enumerate() {
        let residual = weight * (f64::from(u8::from(category == k + 1)) - pk);
        for (g, xi) in gradient[k * p..].iter_mut().zip(x) {
            *g += residual * xi;
        }
        for (l, pl) in chance.iter().skip(1).take(k + 1).enumerate() {
            let factor = weight * pk * (f64::from(u8::from(k == l)) - pl);
            for (i, xi) in x.iter().enumerate() {
                let start = (k * p + i) * size + l * p;
                for (h, xj) in information[start..].iter_mut().zip(x) {
                    *h += factor * xi * xj;
                }
            }
        }
    }
}

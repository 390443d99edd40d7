//! Imputation of a yes/no variable by a logistic regression.
//!
//! Source: Rubin 1987, Multiple Imputation for Nonresponse in Surveys, pp. 169-170 (doi:10.1002/9780470316696).

use super::augment::{Augmentation, PseudoRows};
use super::factor::{draw_around, inverse_factor};
use super::{ImputationFailure, Incomplete, dot};
use crate::numeric::{LogisticProblem, expit};
use crate::statistics::draws::Draws;

/// A logistic regression: fitted, then coefficients drawn, then values. Buffers are used again.
#[derive(Clone, Debug, Default)]
pub struct LogisticModel {
    problem: LogisticProblem,
    pseudo: PseudoRows,
    augmented: bool,
    factor: Vec<f64>,
    work: Vec<f64>,
    beta: Vec<f64>,
    z: Vec<f64>,
}

impl LogisticModel {
    /// Fits the regression to the rows with an observed value, which must be 0 or 1.
    ///
    /// # Errors
    /// Nothing observed, a value that is neither 0 nor 1, a dependent column, and, unless pseudo-rows are added,
    /// separation or values that are all the same.
    pub fn fit(&mut self, data: &Incomplete, augmentation: Augmentation) -> Result<(), ImputationFailure> {
        data.check()?;
        if data.outcome.iter().any(|y| *y != 0.0 && *y != 1.0) {
            return Err(ImputationFailure::NotACategory);
        }
        let plain = if augmentation == Augmentation::Always {
            Err(ImputationFailure::Separated)
        } else {
            self.fit_rows(data, false)
        };
        match (plain, augmentation) {
            // A fit that rounding keeps from its maximum is as good as separated.
            (
                Err(ImputationFailure::Separated | ImputationFailure::OneValue | ImputationFailure::NotConverged),
                Augmentation::OnSeparation | Augmentation::Always,
            ) => self.fit_rows(data, true),
            (plain, _) => plain,
        }
    }

    fn fit_rows(&mut self, data: &Incomplete, augmented: bool) -> Result<(), ImputationFailure> {
        self.augmented = augmented;
        self.problem.clear(data.columns);
        for (row, y) in data.observed_rows().zip(data.outcome) {
            self.problem.push(row, *y, 1.0);
        }
        if augmented {
            self.pseudo.make(data, 2);
            let weight = self.pseudo.weight();
            for successes in [0.0, weight] {
                self.pseudo.rows().for_each(|row| self.problem.push(row, successes, weight));
            }
        }
        self.problem.fit()?;
        self.invert(data.columns)
    }

    /// The lower Cholesky factor of the inverse information, from that of the information.
    fn invert(&mut self, p: usize) -> Result<(), ImputationFailure> {
        let l = self.problem.information_factor();
        self.work.clear();
        self.work.resize(p * p, 0.0);
        for i in 0..p {
            for j in 0..=i {
                self.work[i * p + j] = dot(&l[i * p..=i * p + j], &l[j * p..=j * p + j]);
            }
        }
        inverse_factor(&mut self.work, p, &mut self.factor).map(|_| ()).ok_or(ImputationFailure::NotConverged)
    }

    /// Draws the coefficients: a normal number for each, beta* = b + L z.
    pub fn draw(&mut self, draws: &mut dyn Draws) {
        draw_around(self.problem.coefficients(), &self.factor, 1.0, draws, &mut self.z, &mut self.beta);
    }

    /// Draws a value for each row to impute, into `out`: one uniform number u a row, in order, and 1 when u is at most
    /// the probability. The shift of a row is added to its logit (0 where `shift` ends).
    pub fn impute(&self, data: &Incomplete, shift: &[f64], draws: &mut dyn Draws, out: &mut Vec<f64>) {
        out.clear();
        let shifts = shift.iter().copied().chain(std::iter::repeat(0.0));
        out.extend(data.missing_rows().zip(shifts).map(|(row, s)| {
            let yes = draws.uniform() <= self.probability(row, s);
            f64::from(u8::from(yes))
        }));
    }

    /// The probability of a 1 at a row of predictors, with the drawn coefficients and a shift of the logit.
    #[must_use]
    pub fn probability(&self, row: &[f64], shift: f64) -> f64 {
        expit(dot(row, &self.beta) + shift)
    }

    /// The fitted coefficients, the intercept first.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        self.problem.coefficients()
    }

    /// The lower Cholesky factor of the covariance of the fitted coefficients.
    #[must_use]
    pub fn factor(&self) -> &[f64] {
        &self.factor
    }

    /// The drawn coefficients.
    #[must_use]
    pub fn beta(&self) -> &[f64] {
        &self.beta
    }

    /// Whether the last fit had pseudo-rows.
    #[must_use]
    pub fn augmented(&self) -> bool {
        self.augmented
    }

    /// The pseudo-rows of the last fit that had some.
    #[must_use]
    pub fn pseudo_rows(&self) -> &PseudoRows {
        &self.pseudo
    }
}

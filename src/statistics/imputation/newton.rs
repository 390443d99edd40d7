//! Newton's method for a concave log-likelihood, with step halving, in buffers that are used again.

use super::factor::inverse_factor;
use super::{ImputationFailure, dot};

/// The greatest last step of a fit that converged: its length in standard errors, squared (Newton's decrement). It is the
/// same for predictors on any scale.
const CONVERGED: f64 = 1e-20;
/// What is left of a parameter's information, as a share of what it had at the start, below which rounding decides.
const EXHAUSTED: f64 = 1e-12;
/// Steps before giving up.
const MAX_ITERATIONS: u32 = 100;

/// A point, and what is known there.
#[derive(Clone, Debug, Default)]
pub struct Newton {
    /// The parameters: set before [`maximise`](Self::maximise), the maximum after it.
    pub theta: Vec<f64>,
    /// The lower Cholesky factor of the inverse information at the maximum.
    pub factor: Vec<f64>,
    /// Steps taken.
    pub iterations: u32,
    /// The log-likelihood at the parameters.
    pub log_likelihood: f64,
    gradient: Vec<f64>,
    information: Vec<f64>,
    at_start: Vec<f64>,
    trial: Vec<f64>,
    step: Vec<f64>,
    half: Vec<f64>,
}

impl Newton {
    /// Finds the maximum. `evaluate` gets parameters, adds to a gradient and to the lower triangle of an information
    /// matrix (minus the second derivatives) that are zero, and gives the log-likelihood, or `None` where it has none.
    ///
    /// # Errors
    /// The steps did not become small, or the information is not positive definite on the way.
    pub fn maximise(
        &mut self,
        mut evaluate: impl FnMut(&[f64], &mut [f64], &mut [f64]) -> Option<f64>,
    ) -> Result<(), ImputationFailure> {
        let p = self.theta.len();
        let failed = ImputationFailure::NotConverged;
        self.log_likelihood = self.at(p, false, &mut evaluate).ok_or(failed)?;
        self.at_start.clear();
        self.at_start.extend((0..p).map(|j| self.information[j * p + j]));
        for iterations in 1..=MAX_ITERATIONS {
            self.iterations = iterations;
            inverse_factor(&mut self.information, p, &mut self.factor).ok_or(failed)?;
            self.solve(p);
            let decrement = dot(&self.gradient, &self.step);
            if !decrement.is_finite() {
                return Err(ImputationFailure::NotFinite);
            }
            if decrement < CONVERGED {
                // `inverse_factor` leaves the roots of the pivots on the diagonal.
                let pivots = (0..p).map(|j| self.information[j * p + j]);
                if pivots.zip(&self.at_start).any(|(root, first)| root * root < EXHAUSTED * first) {
                    return Err(failed);
                }
                self.theta.iter_mut().zip(&self.step).for_each(|(b, s)| *b += s);
                return Ok(());
            }
            self.advance(p, &mut evaluate)?;
        }
        Err(failed)
    }

    /// Goes along the step, halved until the likelihood does not fall by more than rounding.
    fn advance(
        &mut self,
        p: usize,
        evaluate: &mut impl FnMut(&[f64], &mut [f64], &mut [f64]) -> Option<f64>,
    ) -> Result<(), ImputationFailure> {
        for _ in 0..40 {
            self.trial.clear();
            self.trial.extend(self.theta.iter().zip(&self.step).map(|(b, s)| b + s));
            if let Some(value) = self.at(p, true, evaluate)
                && value >= self.log_likelihood - 1e-12 * (1.0 + self.log_likelihood.abs())
            {
                self.log_likelihood = value;
                std::mem::swap(&mut self.theta, &mut self.trial);
                return Ok(());
            }
            self.step.iter_mut().for_each(|s| *s *= 0.5);
        }
        Err(ImputationFailure::NotConverged)
    }

    /// step = L L' gradient.
    fn solve(&mut self, p: usize) {
        self.half.clear();
        self.half.extend((0..p).map(|j| (j..p).map(|i| self.factor[i * p + j] * self.gradient[i]).sum::<f64>()));
        self.step.clear();
        self.step.extend(self.factor.chunks_exact(p.max(1)).map(|row| dot(row, &self.half)));
    }

    fn at(
        &mut self,
        p: usize,
        trial: bool,
        evaluate: &mut impl FnMut(&[f64], &mut [f64], &mut [f64]) -> Option<f64>,
    ) -> Option<f64> {
        self.gradient.clear();
        self.gradient.resize(p, 0.0);
        self.information.clear();
        self.information.resize(p * p, 0.0);
        let point = if trial { &self.trial } else { &self.theta };
        evaluate(point, &mut self.gradient, &mut self.information).filter(|value| value.is_finite())
    }
}

/// Linear predictors beyond logit(1 - 1e-6) in a fit that did not converge mean separation.
pub(crate) const FAR: f64 = 13.815_509_557_963_774;

/// The rows of a categorical outcome with weights, pseudo-rows included.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weighted {
    pub(crate) columns: usize,
    pub(crate) x: Vec<f64>,
    /// Position of the category among those in the fit.
    pub(crate) category: Vec<usize>,
    pub(crate) weight: Vec<f64>,
    /// The declared categories that are in the fit, ascending.
    pub(crate) present: Vec<usize>,
    /// Weight of each.
    pub(crate) totals: Vec<f64>,
    pseudo: super::augment::PseudoRows,
    orthogonal: crate::numeric::linear::Orthogonal,
}

impl Weighted {
    /// Takes the rows of a variable whose values are 0, 1, ... below `categories`. Categories without an observed row
    /// are left out, unless pseudo-rows are added: every declared category gets those.
    pub(crate) fn take(
        &mut self,
        data: &super::Incomplete,
        categories: usize,
        augmented: bool,
    ) -> Result<(), ImputationFailure> {
        self.columns = data.columns;
        self.present.clear();
        for k in 0..categories {
            if augmented || data.outcome.contains(&(k as f64)) {
                self.present.push(k);
            }
        }
        self.x.clear();
        self.category.clear();
        self.weight.clear();
        for (row, y) in data.observed_rows().zip(data.outcome) {
            let position = self.present.iter().position(|k| *k as f64 == *y);
            self.x.extend_from_slice(row);
            self.category.push(position.ok_or(ImputationFailure::NotACategory)?);
            self.weight.push(1.0);
        }
        if augmented {
            self.pseudo.make(data, categories);
            for k in 0..categories {
                for row in self.pseudo.rows() {
                    self.x.extend_from_slice(row);
                    self.category.push(k);
                    self.weight.push(self.pseudo.weight());
                }
            }
        }
        self.totals.clear();
        self.totals.resize(self.present.len(), 0.0);
        for (k, w) in self.category.iter().zip(&self.weight) {
            self.totals[*k] += w;
        }
        if self.totals.iter().filter(|w| **w > 0.0).count() < 2 {
            return Err(ImputationFailure::OneValue);
        }
        self.orthogonal.decompose(&self.x, self.columns).map_err(|column| ImputationFailure::Collinear { column })
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = (&[f64], usize, f64)> {
        let rows = self.x.chunks_exact(self.columns.max(1)).zip(&self.category).zip(&self.weight);
        rows.map(|((x, k), w)| (x, *k, *w))
    }
}

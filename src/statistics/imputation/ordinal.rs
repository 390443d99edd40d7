//! Imputation of a variable with ordered categories by a proportional odds model.
//!
//! P(y <= k) = expit(alpha_k - x b), with x without the intercept. Source: McCullagh 1980, Regression models for ordinal
//! data (doi:10.1111/j.2517-6161.1980.tb01109.x). Parameters are drawn as in Rubin 1987, p. 170, but on the scale of the
//! first threshold and the logarithms of the gaps between thresholds, on which every draw is in order. (The R package
//! mice does not draw them in `polr`.)

use super::augment::Augmentation;
use super::factor::draw_around;
use super::newton::{FAR, Newton, Weighted};
use super::{ImputationFailure, Incomplete, dot};
use crate::numeric::expit;
use crate::statistics::draws::Draws;

/// A proportional odds model: fitted, then parameters drawn, then values. Buffers are used again.
///
/// Categories are 0, 1, ... below their number. One that is never observed is never imputed, unless pseudo-rows are
/// added.
#[derive(Clone, Debug, Default)]
pub struct OrdinalModel {
    rows: Weighted,
    newton: Newton,
    augmented: bool,
    /// First threshold, logarithms of the gaps, slopes; and the lower Cholesky factor of their covariance.
    centre: Vec<f64>,
    factor: Vec<f64>,
    drawn: Vec<f64>,
    z: Vec<f64>,
    /// Weights of the two ends of a category's interval.
    ends: [Vec<f64>; 2],
}

impl OrdinalModel {
    /// Fits the model to the rows with an observed value.
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
        let thresholds = self.rows.present.len() - 1;
        self.start(thresholds, thresholds + data.columns - 1);
        let (rows, ends) = (&self.rows, &mut self.ends);
        let found = self.newton.maximise(|theta, gradient, information| {
            let mut log = 0.0;
            for (x, category, weight) in rows.rows() {
                log += accumulate(&x[1..], category, weight, theta, thresholds, ends, gradient, information)?;
            }
            Some(log)
        });
        found
            .map_err(|failure| if self.furthest(thresholds) > FAR { ImputationFailure::Separated } else { failure })?;
        self.transform(thresholds);
        Ok(())
    }

    /// The thresholds of the model without predictors, slopes 0.
    fn start(&mut self, thresholds: usize, parameters: usize) {
        let total: f64 = self.rows.totals.iter().sum();
        let mut below = 0.0;
        self.newton.theta.clear();
        for weight in self.rows.totals.iter().take(thresholds) {
            below += weight;
            self.newton.theta.push(libm::log(below / (total - below)));
        }
        self.newton.theta.resize(parameters, 0.0);
        self.ends.iter_mut().for_each(|e| {
            e.clear();
            e.resize(parameters, 0.0);
        });
    }

    fn furthest(&self, thresholds: usize) -> f64 {
        let (alpha, slopes) = self.newton.theta.split_at(thresholds);
        let etas = |x: &[f64]| {
            let eta = dot(&x[1..], slopes);
            alpha.iter().map(|a| (a - eta).abs()).fold(0.0, f64::max)
        };
        self.rows.rows().map(|(x, ..)| etas(x)).fold(0.0, f64::max)
    }

    /// To the scale of log gaps. d(log gap) = (d alpha_k - d alpha_(k-1)) / gap: a lower triangular matrix with a
    /// positive diagonal, so that its product with the Cholesky factor is again one.
    fn transform(&mut self, thresholds: usize) {
        let (theta, factor) = (&self.newton.theta, &self.newton.factor);
        let p = theta.len();
        self.centre.clear();
        self.centre.extend_from_slice(theta);
        self.factor.clear();
        self.factor.extend_from_slice(factor);
        for k in 1..thresholds {
            let gap = theta[k] - theta[k - 1];
            self.centre[k] = libm::log(gap);
            for c in 0..p {
                self.factor[k * p + c] = (factor[k * p + c] - factor[(k - 1) * p + c]) / gap;
            }
        }
    }

    /// Draws the parameters: a normal number for each (first threshold, log gaps, slopes), g* = g + L z.
    pub fn draw(&mut self, draws: &mut dyn Draws) {
        draw_around(&self.centre, &self.factor, 1.0, draws, &mut self.z, &mut self.drawn);
        for k in 1..self.rows.present.len().saturating_sub(1) {
            self.drawn[k] = self.drawn[k - 1] + libm::exp(self.drawn[k]);
        }
    }

    /// Draws a category for each row to impute, into `out`: one uniform number u a row, in order, and the first
    /// category with P(y <= category) at least u. The shift of a row is added to its x b (0 where `shift` ends): a
    /// positive one makes higher categories likelier.
    pub fn impute(&self, data: &Incomplete, shift: &[f64], draws: &mut dyn Draws, out: &mut Vec<f64>) {
        out.clear();
        let thresholds = self.rows.present.len().saturating_sub(1);
        let (alpha, slopes) = self.drawn.split_at(thresholds.min(self.drawn.len()));
        let shifts = shift.iter().copied().chain(std::iter::repeat(0.0));
        out.extend(data.missing_rows().zip(shifts).map(|(row, s)| {
            let eta = dot(row.get(1..).unwrap_or(&[]), slopes) + s;
            let u = draws.uniform();
            let position = alpha.iter().position(|a| u <= expit(a - eta)).unwrap_or(thresholds);
            self.rows.present.get(position).map_or(f64::NAN, |k| *k as f64)
        }));
    }

    /// The fitted thresholds, then the slopes.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.newton.theta
    }

    /// The lower Cholesky factor of the covariance of thresholds and slopes.
    #[must_use]
    pub fn factor(&self) -> &[f64] {
        &self.newton.factor
    }

    /// The drawn thresholds, then the slopes.
    #[must_use]
    pub fn drawn(&self) -> &[f64] {
        &self.drawn
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

/// Adds a row's part of gradient and information; gives its part of the log-likelihood, `None` where thresholds are
/// not in order.
///
/// With a and b the upper and lower end on the logit scale, F = expit, f = F (1 - F), pi = F(a) - F(b): the
/// log-likelihood log pi has d/da = f(a)/pi, d/db = -f(b)/pi, d2/da2 = f'(a)/pi - (f(a)/pi)^2,
/// d2/db2 = -f'(b)/pi - (f(b)/pi)^2, d2/dadb = f(a) f(b) / pi^2, with f' = f (1 - 2 F).
#[expect(clippy::too_many_arguments, reason = "what a row of a likelihood needs, in one loop")]
fn accumulate(
    x: &[f64],
    category: usize,
    weight: f64,
    theta: &[f64],
    thresholds: usize,
    ends: &mut [Vec<f64>; 2],
    gradient: &mut [f64],
    information: &mut [f64],
) -> Option<f64> {
    let (alpha, slopes) = theta.split_at(thresholds);
    let eta = dot(x, slopes);
    let upper = alpha.get(category).map(|a| a - eta);
    let lower = category.checked_sub(1).and_then(|k| alpha.get(k)).map(|a| a - eta);
    let pi = match (lower, upper) {
        (None, Some(a)) => expit(a),
        (Some(b), None) => expit(-b),
        // On the side where both are small, so that nothing cancels against 1.
        (Some(b), Some(a)) if b > 0.0 => expit(-b) - expit(-a),
        (Some(b), Some(a)) => expit(a) - expit(b),
        (None, None) => return None,
    };
    if pi.is_nan() || pi <= 0.0 {
        return None;
    }
    let density = |end: Option<f64>| end.map_or((0.0, 0.0), |e| (expit(e) * expit(-e), expit(-e) - expit(e)));
    let ((fa, bend_a), (fb, bend_b)) = (density(upper), density(lower));
    let (da, db) = (fa / pi, fb / pi);
    let (haa, hbb, hab) = (da * bend_a - da * da, -db * bend_b - db * db, da * db);
    for (end, at) in ends.iter_mut().zip([upper.map(|_| category), lower.map(|_| category - 1)]) {
        end[..thresholds].fill(0.0);
        end[thresholds..].iter_mut().zip(x).for_each(|(e, v)| *e = if at.is_some() { -v } else { 0.0 });
        if let Some(k) = at {
            end[k] = 1.0;
        }
    }
    let p = theta.len();
    let [va, vb] = ends;
    for i in 0..p {
        gradient[i] += weight * (da * va[i] - db * vb[i]);
        for j in 0..=i {
            let second = haa * va[i] * va[j] + hbb * vb[i] * vb[j] + hab * (va[i] * vb[j] + vb[i] * va[j]);
            information[i * p + j] -= weight * second;
        }
    }
    Some(weight * libm::log(pi))
}

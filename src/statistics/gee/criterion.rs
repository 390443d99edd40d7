//! How well marginal models with other predictors or correlations suit the same answers, and whether a correlation is
//! possible at all between binary answers.

use super::{Covariance, Family, Gee};

/// The quasi-likelihood information criteria; less is better.
///
/// Source: Pan 2001, Akaike's information criterion in generalized estimating equations
/// (doi:10.1111/j.0006-341X.2001.00120.x).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuasiCriterion {
    /// `-2 Q + 2 trace(Omega V)`: Q the quasi-likelihood under independence at the coefficients, without terms of the
    /// outcome alone; Omega the inverse of the model-based covariance under independence; V the robust covariance. For
    /// choosing a working correlation.
    pub qic: f64,
    /// `-2 Q + 2 p`. For choosing predictors.
    pub qicu: f64,
}

impl Gee {
    /// The criteria of the last fit for a scale. Models that are compared need the same one: 1 for counts and binary
    /// answers, else that of the model with the most predictors. With each model's own scale a criterion of gaussian
    /// models would say nothing, for `-2 Q` would be the number of rows.
    ///
    /// `None` without a fit, or for a scale that is not above 0.
    pub fn quasi_criterion(&mut self, scale: f64, work: &mut Vec<f64>) -> Option<QuasiCriterion> {
        self.covariance(Covariance::Robust, work).ok()?;
        let (p, settings) = (self.rows.columns, self.settings);
        let (mut quasi_likelihood, mut trace) = (0.0, 0.0);
        let rows = self.rows.x.chunks_exact(p).zip(&self.slope).zip(&self.eta);
        for (((x, slope), eta), (y, weight)) in rows.zip(self.rows.outcome.iter().zip(&self.rows.weight)) {
            quasi_likelihood += weight * settings.family.quasi_likelihood(settings.link, *eta, *y);
            trace += slope * slope * crate::numeric::matrix::quadratic(work, x);
        }
        let fit = -2.0 * quasi_likelihood / scale;
        let qic = fit + 2.0 * trace / scale;
        (scale > 0.0 && qic.is_finite()).then_some(QuasiCriterion { qic, qicu: fit + 2.0 * p as f64 })
    }

    /// In how many of the pairs of binary answers of a cluster the working correlation is one that no two binary
    /// answers with the fitted means can have, and the number of pairs; `None` for other families.
    ///
    /// Source: Prentice 1988, Correlated binary regression with covariates specific to each binary observation, sect. 2
    /// (doi:10.2307/2531733).
    #[must_use]
    pub fn impossible_pairs(&self) -> Option<(usize, usize)> {
        if !self.fitted || self.settings.family != Family::Binomial {
            return None;
        }
        let root_odds = |eta: &f64| {
            let mean = self.settings.link.inverse(*eta);
            libm::sqrt(mean / (1.0 - mean))
        };
        let odds: Vec<f64> = self.eta.iter().map(root_odds).collect();
        let (mut impossible, mut pairs) = (0, 0);
        for r in self.rows.ranges() {
            for j in r.clone() {
                for i in r.start..j {
                    let Some(alpha) = self.working.between(&self.rows, self.rows.level[i], self.rows.level[j]) else {
                        continue;
                    };
                    let (ratio, product) = (odds[i] / odds[j], odds[i] * odds[j]);
                    let (least, most) = (-product.min(1.0 / product), ratio.min(1.0 / ratio));
                    pairs += 1;
                    impossible += usize::from(alpha < least || alpha > most);
                }
            }
        }
        Some((impossible, pairs))
    }
}

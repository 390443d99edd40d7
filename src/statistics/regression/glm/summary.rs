//! What is said of a fit beside its coefficients.

use super::super::basis::dot;
use super::super::family::Family;
use super::{CONVERGED, Glm, MAX_ITERATIONS};

impl Glm {
    /// Likelihood, deviance and what follows from them, at the linear predictors of the fit.
    pub(super) fn summarise(&mut self) {
        let (n, p) = (self.data.rows(), self.data.columns);
        let model = self.model;
        let rows = self.data.outcome.iter().zip(&self.data.weights).zip(&self.eta);
        let (mut loglik, mut deviance, mut pearson) = (0.0, 0.0, 0.0);
        for ((y, w), eta) in rows {
            let own = model.loglik(*eta, *y);
            loglik += w * own;
            deviance += 2.0 * w * (model.saturated(*y) - own);
            let residual = y - model.mean(*eta);
            // A residual of 0 stays so where the variance vanishes too.
            pearson += if residual == 0.0 { 0.0 } else { w * residual * residual / model.variance(*eta) };
        }
        let count = n as f64;
        let mut parameters = p as f64;
        let mut known = true;
        if model.family == Family::Gaussian {
            parameters += 1.0;
            known = deviance > 0.0;
            let logs: f64 = self.data.weights.iter().map(|w| libm::log(*w)).sum();
            loglik = 0.5 * (logs - count * (libm::log(2.0 * std::f64::consts::PI * deviance / count) + 1.0));
        }
        let null_deviance = self.null_deviance();
        let fit = &mut self.fit;
        (fit.n, fit.clusters, fit.deviance, fit.pearson) = (n, self.data.clusters(), deviance, pearson);
        fit.null_deviance = null_deviance;
        fit.dispersion = (n > p).then(|| pearson / (n - p) as f64);
        fit.loglik = known.then_some(loglik);
        fit.aic = fit.loglik.map(|l| -2.0 * l + 2.0 * parameters);
        fit.bic = fit.loglik.map(|l| -2.0 * l + parameters * libm::log(count));
    }

    /// The deviance of a constant and the offset.
    fn null_deviance(&self) -> Option<f64> {
        let data = &self.data;
        let weight: f64 = data.weights.iter().sum();
        let mut constant = self.model.link(dot(&data.weights, &data.outcome) / weight);
        let rows = || data.outcome.iter().zip(&data.weights).zip(&data.offset);
        let mut settled = !data.has_offset;
        for _ in 0..MAX_ITERATIONS {
            if settled {
                break;
            }
            let (mut score, mut information) = (0.0, 0.0);
            for ((y, w), o) in rows() {
                if !self.model.is_inside(constant + o) {
                    return None;
                }
                let at = self.model.at(constant + o, *y);
                score += w * at.score;
                information += w * at.information;
            }
            // One unit at most, so that a start far off does not run away.
            let step = (score / information).clamp(-1.0, 1.0);
            constant += step;
            settled = step.abs() < CONVERGED * constant.abs().max(1.0);
        }
        let own = rows().map(|((y, w), o)| 2.0 * w * (self.model.saturated(*y) - self.model.loglik(constant + o, *y)));
        settled.then(|| own.sum()).filter(|d: &f64| d.is_finite())
    }
}

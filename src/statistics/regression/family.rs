//! Families of outcomes and their links: what one row adds to likelihood, score and expected information.

use crate::numeric::expit::exp_of_negative;
use crate::numeric::{normal_cdf, normal_quantile};

/// The distribution of an outcome given its mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// 0 or 1, or a share of trials that the weight counts.
    Binomial,
    /// Counts.
    Poisson,
    /// Numbers with one variance.
    Gaussian,
}

/// What of the mean is linear in the predictors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// log(p / (1 - p)); binomial.
    Logit,
    /// The normal quantile; binomial.
    Probit,
    /// log(-log(1 - p)); binomial.
    Cloglog,
    /// Logarithm; binomial (ratios of risks) or Poisson.
    Log,
    /// The mean itself; any family.
    Identity,
}

/// One row at a linear predictor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct At {
    /// Derivative of the log-likelihood with respect to the linear predictor.
    pub(super) score: f64,
    /// Expected information about the linear predictor.
    pub(super) information: f64,
}

impl Family {
    /// The link whose estimating equations are the sums of `(y - mean) x`.
    #[must_use]
    pub fn canonical(self) -> Link {
        match self {
            Self::Binomial => Link::Logit,
            Self::Poisson => Link::Log,
            Self::Gaussian => Link::Identity,
        }
    }
}

/// A family with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    pub(super) family: Family,
    pub(super) link: Link,
}

impl Model {
    /// `None` where the link is not one of the family's: binomial takes all, Poisson log and identity, Gaussian identity.
    #[must_use]
    pub fn new(family: Family, link: Link) -> Option<Self> {
        let known = match family {
            Family::Binomial => true,
            Family::Poisson => matches!(link, Link::Log | Link::Identity),
            Family::Gaussian => link == Link::Identity,
        };
        known.then_some(Self { family, link })
    }

    /// The family and the link.
    #[must_use]
    pub fn parts(self) -> (Family, Link) {
        (self.family, self.link)
    }

    /// Whether an outcome is one that the family has.
    pub(super) fn allows(self, y: f64) -> bool {
        match self.family {
            Family::Binomial => (0.0..=1.0).contains(&y),
            Family::Poisson => y >= 0.0,
            Family::Gaussian => true,
        }
    }

    /// Whether the mean stays in its range at every linear predictor.
    pub(super) fn is_unbounded(self) -> bool {
        match self.family {
            Family::Binomial => !matches!(self.link, Link::Log | Link::Identity),
            Family::Poisson => self.link == Link::Log,
            Family::Gaussian => true,
        }
    }

    /// Whether a linear predictor gives a mean inside its range.
    pub(super) fn is_inside(self, eta: f64) -> bool {
        match (self.family, self.link) {
            (Family::Binomial, Link::Log) => eta < 0.0,
            (Family::Binomial, Link::Identity) => eta > 0.0 && eta < 1.0,
            (Family::Poisson, Link::Identity) => eta > 0.0,
            _ => eta.is_finite(),
        }
    }

    /// How near the mean is to the edge of its range, for links that allow it to leave; infinite for others.
    pub(super) fn room(self, eta: f64) -> f64 {
        match (self.family, self.link) {
            (Family::Binomial, Link::Log) => -eta,
            (Family::Binomial, Link::Identity) => eta.min(1.0 - eta),
            (Family::Poisson, Link::Identity) => eta,
            _ => f64::INFINITY,
        }
    }

    /// The linear predictor of a mean inside its range.
    pub(super) fn link(self, mean: f64) -> f64 {
        match self.link {
            Link::Logit => libm::log(mean / (1.0 - mean)),
            Link::Probit => normal_quantile(mean),
            Link::Cloglog => libm::log(-libm::log1p(-mean)),
            Link::Log => libm::log(mean),
            Link::Identity => mean,
        }
    }

    /// The mean.
    pub(super) fn mean(self, eta: f64) -> f64 {
        match self.link {
            Link::Logit => crate::numeric::expit(eta),
            Link::Probit => normal_cdf(eta),
            Link::Cloglog => -libm::expm1(-libm::exp(eta)),
            Link::Log => libm::exp(eta),
            Link::Identity => eta,
        }
    }

    /// The variance of an outcome with this linear predictor, but for the dispersion.
    pub(super) fn variance(self, eta: f64) -> f64 {
        let mean = self.mean(eta);
        match self.family {
            Family::Binomial => mean * self.complement(eta),
            Family::Poisson => mean,
            Family::Gaussian => 1.0,
        }
    }

    /// 1 - mean of a probability, without cancellation.
    fn complement(self, eta: f64) -> f64 {
        match self.link {
            Link::Logit => crate::numeric::expit(-eta),
            Link::Probit => normal_cdf(-eta),
            Link::Cloglog => libm::exp(-libm::exp(eta)),
            Link::Log => -libm::expm1(eta),
            Link::Identity => 1.0 - eta,
        }
    }

    /// Score and expected information.
    pub(super) fn at(self, eta: f64, y: f64) -> At {
        match (self.family, self.link) {
            (Family::Binomial, Link::Logit) => {
                let small = exp_of_negative(-eta.abs());
                let near = 1.0 / (1.0 + small);
                let far = small * near;
                At { score: y - if eta >= 0.0 { near } else { far }, information: near * far }
            }
            (Family::Binomial, Link::Probit) => {
                let (below, above) = (hazard(eta), hazard(-eta));
                At { score: y * below - (1.0 - y) * above, information: below * above }
            }
            (Family::Binomial, Link::Cloglog) => {
                let rate = libm::exp(eta.min(700.0));
                let mean = -libm::expm1(-rate);
                // rate / mean tends to 1 where both vanish.
                let ratio = if rate < 1e-12 { 1.0 } else { rate / mean };
                At { score: y * ratio - rate, information: ratio * rate * libm::exp(-rate) }
            }
            (Family::Binomial, Link::Log) => {
                let (mean, left) = (libm::exp(eta), -libm::expm1(eta));
                At { score: (y - mean) / left, information: mean / left }
            }
            (Family::Binomial, Link::Identity) => {
                let variance = eta * (1.0 - eta);
                At { score: (y - eta) / variance, information: 1.0 / variance }
            }
            (Family::Poisson, Link::Identity) => At { score: (y - eta) / eta, information: 1.0 / eta },
            (Family::Poisson, _) => {
                let mean = libm::exp(eta.min(700.0));
                At { score: y - mean, information: mean }
            }
            (Family::Gaussian, _) => At { score: y - eta, information: 1.0 },
        }
    }

    /// Derivative of the log-likelihood of an outcome with respect to the linear predictor.
    #[must_use]
    pub fn score(self, eta: f64, y: f64) -> f64 {
        self.at(eta, y).score
    }

    /// Observed information of an outcome about the linear predictor: minus the derivative of the score, never
    /// negative. For the canonical link it is the expected one, whatever the outcome.
    #[must_use]
    pub fn curvature(self, eta: f64, y: f64) -> f64 {
        match (self.family, self.link) {
            (Family::Binomial, Link::Probit) => {
                let (below, above) = (hazard(eta), hazard(-eta));
                y * below * (eta + below) + (1.0 - y) * above * (above - eta)
            }
            (Family::Binomial, Link::Cloglog) => {
                let rate = libm::exp(eta.min(700.0));
                let ratio = if rate < 1e-12 { 1.0 } else { rate / -libm::expm1(-rate) };
                y * ratio * libm::exp(-rate) * (ratio - 1.0) + (1.0 - y) * rate
            }
            (Family::Binomial, Link::Log) => {
                let left = -libm::expm1(eta);
                (1.0 - y) * libm::exp(eta) / (left * left)
            }
            (Family::Binomial, Link::Identity) => y / (eta * eta) + (1.0 - y) / ((1.0 - eta) * (1.0 - eta)),
            (Family::Poisson, Link::Identity) => y / (eta * eta),
            _ => self.at(eta, y).information,
        }
    }

    /// Logarithm of the probability of an outcome (for a Gaussian one minus half the squared residual).
    pub(super) fn loglik(self, eta: f64, y: f64) -> f64 {
        match self.family {
            Family::Binomial => times(y, self.log_mean(eta)) + times(1.0 - y, self.log_complement(eta)),
            Family::Poisson => times(y, self.log_mean(eta)) - self.mean(eta) - libm::lgamma(y + 1.0),
            Family::Gaussian => -0.5 * (y - eta) * (y - eta),
        }
    }

    /// The greatest that [`loglik`](Self::loglik) can be for an outcome.
    pub(super) fn saturated(self, y: f64) -> f64 {
        match self.family {
            Family::Binomial => times(y, libm::log(y)) + times(1.0 - y, libm::log1p(-y)),
            Family::Poisson => times(y, libm::log(y)) - y - libm::lgamma(y + 1.0),
            Family::Gaussian => 0.0,
        }
    }

    fn log_mean(self, eta: f64) -> f64 {
        match self.link {
            Link::Logit => eta.min(0.0) - libm::log1p(libm::exp(-eta.abs())),
            Link::Probit => log_normal_cdf(eta),
            Link::Cloglog => {
                let rate = libm::exp(eta);
                // log(1 - exp(-r)) = log r - r/2 + ... where r is small.
                if rate < 1e-12 { eta } else { libm::log(-libm::expm1(-rate)) }
            }
            Link::Log => eta,
            Link::Identity => libm::log(eta),
        }
    }

    fn log_complement(self, eta: f64) -> f64 {
        match self.link {
            Link::Logit => (-eta).min(0.0) - libm::log1p(libm::exp(-eta.abs())),
            Link::Probit => log_normal_cdf(-eta),
            Link::Cloglog => -libm::exp(eta),
            Link::Log => libm::log(-libm::expm1(eta)),
            Link::Identity => libm::log1p(-eta),
        }
    }
}

/// A product that is 0 where the first factor is.
fn times(a: f64, b: f64) -> f64 {
    if a == 0.0 { 0.0 } else { a * b }
}

/// Density over distribution function of the normal distribution.
fn hazard(z: f64) -> f64 {
    if z < -30.0 {
        // Mills' ratio: -z / (1 - 1/z^2 + 3/z^4 - 15/z^6).
        let s = 1.0 / (z * z);
        return -z / (1.0 - s * (1.0 - s * (3.0 - 15.0 * s)));
    }
    const FACTOR: f64 = 0.398_942_280_401_432_7;
    FACTOR * libm::exp(-0.5 * z * z) / normal_cdf(z)
}

/// Logarithm of the normal distribution function.
fn log_normal_cdf(z: f64) -> f64 {
    if z > -30.0 {
        return libm::log(normal_cdf(z));
    }
    const LOG_FACTOR: f64 = -0.918_938_533_204_672_8;
    LOG_FACTOR - 0.5 * z * z - libm::log(hazard(z))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(Family, Link, [f64; 3]); 8] = [
        (Family::Binomial, Link::Logit, [-3.0, 0.2, 4.0]),
        (Family::Binomial, Link::Probit, [-5.0, 0.2, 2.0]),
        (Family::Binomial, Link::Cloglog, [-4.0, 0.2, 1.2]),
        (Family::Binomial, Link::Log, [-4.0, -1.0, -0.1]),
        (Family::Binomial, Link::Identity, [0.1, 0.5, 0.9]),
        (Family::Poisson, Link::Log, [-2.0, 0.0, 3.0]),
        (Family::Poisson, Link::Identity, [0.1, 1.0, 9.0]),
        (Family::Gaussian, Link::Identity, [-2.0, 0.0, 3.0]),
    ];

    #[test]
    fn scores_are_derivatives_and_informations_their_variances() {
        for (family, link, etas) in ALL {
            let model = Model::new(family, link).unwrap();
            for eta in etas {
                for y in [0.0, 0.3, 1.0] {
                    let h = 1e-5;
                    let slope = (model.loglik(eta + h, y) - model.loglik(eta - h, y)) / (2.0 * h);
                    let got = model.at(eta, y).score;
                    assert!((got - slope).abs() < 1e-5 * (1.0 + slope.abs()), "{link:?} {eta} {y} {got} {slope}");
                }
                for y in [0.0, 0.3, 1.0] {
                    let h = 1e-5;
                    let slope = (model.score(eta - h, y) - model.score(eta + h, y)) / (2.0 * h);
                    let got = model.curvature(eta, y);
                    assert!((got - slope).abs() < 1e-5 * (1.0 + slope.abs()), "{link:?} {eta} {y} {got} {slope}");
                }
                // Scores are linear in the outcome: the information is their slope squared times the variance.
                let slope = model.at(eta, 1.0).score - model.at(eta, 0.0).score;
                let want = slope * slope * model.variance(eta);
                let got = model.at(eta, 0.0).information;
                assert!((got - want).abs() < 1e-9 * want.max(1.0), "{family:?} {link:?} {eta}: {got} {want}");
                assert!((model.link(model.mean(eta)) - eta).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn far_out_nothing_is_undefined() {
        for (family, link, _) in ALL {
            let model = Model::new(family, link).unwrap();
            for eta in [-800.0, -300.0, -31.0, -29.0, 29.0, 31.0, 300.0] {
                if model.is_inside(eta) && model.is_unbounded() {
                    let at = model.at(eta, 1.0);
                    assert!(at.score.is_finite() && at.information.is_finite(), "{link:?} {eta}");
                    assert!(!model.loglik(eta, 1.0).is_nan(), "{link:?} {eta}");
                }
            }
        }
        // Where the formulas change over they agree.
        assert!((hazard(-30.0 - 1e-9) / hazard(-30.0 + 1e-9) - 1.0).abs() < 1e-9);
        assert!((log_normal_cdf(-30.0 - 1e-9) / log_normal_cdf(-30.0 + 1e-9) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_share_has_its_greatest_likelihood_at_itself() {
        let model = Model::new(Family::Binomial, Link::Identity).unwrap();
        assert!((model.saturated(0.3) - model.loglik(0.3, 0.3)).abs() < 1e-15);
        assert_eq!((model.saturated(0.0), model.saturated(1.0)), (0.0, 0.0));
        assert!(Model::new(Family::Poisson, Link::Logit).is_none());
    }
}

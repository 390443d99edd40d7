//! Families of outcomes and their links, as far as marginal models use them.
//!
//! Source: McCullagh and Nelder 1989, Generalized Linear Models, 2.2 and 9.2 (doi:10.1007/978-1-4899-3242-6).

use crate::numeric::expit::exp_of_negative;
use crate::numeric::{normal_cdf, normal_quantile};

/// What kind of outcome it is: fixes the variance as a function of the mean, up to the scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Family {
    /// Any number; variance 1.
    Gaussian,
    /// 0, 1 or a share between them; variance mean (1 - mean).
    #[default]
    Binomial,
    /// A count of at least 0; variance equal to the mean.
    Poisson,
}

/// How the mean depends on the linear predictor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// The mean itself.
    Identity,
    /// log(mean / (1 - mean)).
    #[default]
    Logit,
    /// The standard normal quantile of the mean.
    Probit,
    /// log(-log(1 - mean)).
    Cloglog,
    /// log(mean).
    Log,
}

/// A mean at a linear predictor.
#[derive(Clone, Copy, Debug)]
struct Mean {
    mean: f64,
    /// 1 - mean, without cancellation where the mean is near 1.
    complement: f64,
    /// The derivative of the mean by the linear predictor.
    slope: f64,
}

impl Family {
    /// Whether the family is fitted with this link: gaussian with identity and log, binomial with all, Poisson with
    /// identity and log.
    #[must_use]
    pub fn allows(self, link: Link) -> bool {
        self == Self::Binomial || matches!(link, Link::Identity | Link::Log)
    }

    /// Whether an outcome can come from the family.
    #[must_use]
    pub fn holds(self, outcome: f64) -> bool {
        match self {
            Self::Gaussian => outcome.is_finite(),
            Self::Binomial => (0.0..=1.0).contains(&outcome),
            Self::Poisson => outcome.is_finite() && outcome >= 0.0,
        }
    }

    /// The variance at a mean; `None` where the mean is outside of the range of the family or at its end.
    #[inline(always)]
    fn variance(self, at: &Mean) -> Option<f64> {
        let variance = match self {
            Self::Gaussian => 1.0,
            Self::Binomial if at.mean <= 0.0 || at.complement <= 0.0 => return None,
            Self::Binomial => at.mean * at.complement,
            Self::Poisson => at.mean,
        };
        (variance > 0.0 && variance.is_finite() && at.mean.is_finite()).then_some(variance)
    }

    /// Quasi-likelihood of an outcome at a linear predictor for scale 1, without the terms that depend on the outcome
    /// only (McCullagh and Nelder 1989, table 9.1).
    pub(super) fn quasi_likelihood(self, link: Link, eta: f64, outcome: f64) -> f64 {
        let at = link.mean(eta);
        let term = |factor: f64, log_of: f64| if factor == 0.0 { 0.0 } else { factor * libm::log(log_of) };
        match self {
            Self::Gaussian => -0.5 * (outcome - at.mean) * (outcome - at.mean),
            Self::Binomial => term(outcome, at.mean) + term(1.0 - outcome, at.complement),
            Self::Poisson => term(outcome, at.mean) - at.mean,
        }
    }
}

impl Link {
    /// The linear predictor of a mean.
    #[must_use]
    pub fn of(self, mean: f64) -> f64 {
        match self {
            Self::Identity => mean,
            Self::Logit => libm::log(mean / (1.0 - mean)),
            Self::Probit => normal_quantile(mean),
            Self::Cloglog => libm::log(-libm::log1p(-mean)),
            Self::Log => libm::log(mean),
        }
    }

    #[inline(always)]
    fn mean(self, eta: f64) -> Mean {
        match self {
            Self::Identity => Mean { mean: eta, complement: 1.0 - eta, slope: 1.0 },
            Self::Logit => {
                let small = exp_of_negative(-eta.abs());
                let near = 1.0 / (1.0 + small);
                let far = small * near;
                let (mean, complement) = if eta >= 0.0 { (near, far) } else { (far, near) };
                Mean { mean, complement, slope: near * far }
            }
            Self::Probit => {
                let slope = libm::exp(-0.5 * eta * eta) / libm::sqrt(2.0 * std::f64::consts::PI);
                Mean { mean: normal_cdf(eta), complement: normal_cdf(-eta), slope }
            }
            Self::Cloglog => {
                let hazard = libm::exp(eta);
                let complement = libm::exp(-hazard);
                Mean { mean: -libm::expm1(-hazard), complement, slope: hazard * complement }
            }
            Self::Log => {
                let mean = libm::exp(eta);
                Mean { mean, complement: -libm::expm1(eta), slope: mean }
            }
        }
    }

    /// The mean at a linear predictor.
    #[must_use]
    pub fn inverse(self, eta: f64) -> f64 {
        self.mean(eta).mean
    }
}

/// A row of a weighted regression: the slope of the mean and the residual, both over the standard deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scaled {
    /// Slope of the mean times sqrt(weight / variance).
    pub(super) slope: f64,
    /// (outcome - mean) times sqrt(weight / variance): the Pearson residual.
    pub(super) residual: f64,
    /// The variance at scale 1 and weight 1.
    pub(super) variance: f64,
}

/// A row at a linear predictor, with the root of its weight; `None` where the mean is not inside of the range of the
/// family.
#[inline(always)]
pub(super) fn scaled(family: Family, link: Link, eta: f64, outcome: f64, root_weight: f64) -> Option<Scaled> {
    let at = link.mean(eta);
    let variance = family.variance(&at)?;
    let factor = root_weight / libm::sqrt(variance);
    // For the binomial family the difference is written without cancellation near 0 and 1.
    let difference = match family {
        Family::Binomial => outcome * at.complement - (1.0 - outcome) * at.mean,
        Family::Gaussian | Family::Poisson => outcome - at.mean,
    };
    Some(Scaled { slope: at.slope * factor, residual: difference * factor, variance })
}

/// As [`scaled`] for binary outcomes with the logit link, without roots and branches: with `h = exp(-|eta| / 2)` the
/// standard deviation is `h / (1 + h^2)`, and the Pearson residual `exp(-eta / 2)` of a 1 and `-exp(eta / 2)` of a 0.
#[inline(always)]
pub(super) fn scaled_logit(eta: f64, outcome: f64, root_weight: f64) -> Scaled {
    let h = exp_of_negative(-0.5 * eta.abs());
    let deviation = h / (1.0 + h * h);
    let (of_one, of_zero) = if eta >= 0.0 { (h, 1.0 / h) } else { (1.0 / h, h) };
    let residual = outcome * of_one - (1.0 - outcome) * of_zero;
    Scaled { slope: root_weight * deviation, residual: root_weight * residual, variance: deviation * deviation }
}

/// A mean near the outcome at which the iterations can begin; `None` if there is none inside of the range.
pub(super) fn starting_mean(family: Family, link: Link, outcome: f64, weight: f64) -> Option<f64> {
    match family {
        Family::Gaussian if link == Link::Log && outcome <= 0.0 => None,
        Family::Gaussian => Some(outcome),
        Family::Binomial => Some((weight * outcome + 0.5) / (weight + 1.0)),
        Family::Poisson => Some(outcome + 0.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINKS: [Link; 5] = [Link::Identity, Link::Logit, Link::Probit, Link::Cloglog, Link::Log];

    #[test]
    fn links_and_their_inverses() {
        for link in LINKS {
            for mean in [1e-9, 0.1, 0.5, 0.75, 0.999] {
                assert!((link.inverse(link.of(mean)) - mean).abs() <= 1e-13, "{link:?} {mean}");
            }
        }
    }

    #[test]
    fn slopes_are_derivatives() {
        for link in LINKS {
            for eta in [-2.0, -0.4, -0.05] {
                let h = 1e-6;
                let quotient = (link.inverse(eta + h) - link.inverse(eta - h)) / (2.0 * h);
                assert!((link.mean(eta).slope - quotient).abs() < 1e-9, "{link:?} {eta}");
                let at = link.mean(eta);
                assert!((at.mean + at.complement - 1.0).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn a_binomial_row_by_hand() {
        // Mean 0.8 at logit(0.8): variance 0.16, slope 0.16, sqrt(4 / 0.16) = 5.
        let row = scaled(Family::Binomial, Link::Logit, libm::log(4.0), 1.0, 2.0).unwrap();
        assert!((row.slope - 0.8).abs() < 1e-14 && (row.residual - 1.0).abs() < 1e-14, "{row:?}");
    }

    #[test]
    fn both_ways_to_a_logit_row_agree() {
        for eta in [-30.0, -3.0, -0.2, 0.0, 0.7, 5.0, 30.0] {
            for (outcome, weight) in [(0.0, 1.0), (1.0, 2.0), (0.25, 0.5)] {
                let got = scaled_logit(eta, outcome, weight);
                let want = scaled(Family::Binomial, Link::Logit, eta, outcome, weight).unwrap();
                for (g, w) in [(got.slope, want.slope), (got.residual, want.residual), (got.variance, want.variance)] {
                    assert!((g - w).abs() <= 1e-13 * w.abs(), "{eta} {outcome} {weight}: {got:?} {want:?}");
                }
            }
        }
    }

    #[test]
    fn means_outside_of_the_range() {
        assert_eq!(scaled(Family::Binomial, Link::Identity, 1.2, 1.0, 1.0), None);
        assert_eq!(scaled(Family::Binomial, Link::Log, 0.0, 1.0, 1.0), None);
        assert_eq!(scaled(Family::Poisson, Link::Identity, -0.5, 1.0, 1.0), None);
        assert_eq!(scaled(Family::Poisson, Link::Log, f64::NAN, 1.0, 1.0), None);
        assert_eq!(scaled(Family::Gaussian, Link::Log, 1e9, 1.0, 1.0), None);
    }
}

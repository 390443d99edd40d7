//! Laws of priors, and the way from a standard normal number to a parameter and back.
//!
//! A parameter is the quantile of its law at the probability that a standard normal variable is below `z`. In the upper
//! half the way goes over the probability above, so that no digits are lost in either tail. Everything rests on `libm` and
//! on iterations from fixed starts, so that a parameter has the same bits on any processor.

mod tail;

#[cfg(test)]
mod tests;

use super::failure::AbcFailure;
use crate::numeric::normal_cdf;
use crate::streams::normal_quantile;
use tail::{beta_quantile, beta_tails, gamma_quantile, gamma_tails, log_normal_tail};

/// A law of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// All numbers between two with the same density.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end, above `low`.
        high: f64,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, above 0.
        sd: f64,
    },
    /// Normal given that it is between two numbers.
    TruncatedNormal {
        /// Mean of the normal law before it is cut.
        mean: f64,
        /// Its standard deviation, above 0.
        sd: f64,
        /// Lower end; minus infinity where there is none.
        low: f64,
        /// Upper end, above `low`; infinite where there is none.
        high: f64,
    },
    /// The exponential of a normal number.
    LogNormal {
        /// Mean of the logarithm.
        meanlog: f64,
        /// Standard deviation of the logarithm, above 0.
        sdlog: f64,
    },
    /// Beta, between 0 and 1.
    Beta {
        /// First shape, above 0: large values push towards 1.
        a: f64,
        /// Second shape, above 0: large values push towards 0.
        b: f64,
    },
    /// Gamma, above 0, with mean `shape * scale`.
    Gamma {
        /// Shape, above 0.
        shape: f64,
        /// Scale, above 0.
        scale: f64,
    },
    /// Exponential, above 0, with mean `1 / rate`.
    Exponential {
        /// Rate, above 0.
        rate: f64,
    },
}

impl Law {
    /// Holds the arguments to their ranges.
    ///
    /// # Errors
    /// The first argument that is not in its range, or ends between which the law has no probability.
    pub fn check(&self) -> Result<(), AbcFailure> {
        match *self {
            Self::Uniform { low, high } => {
                finite("low", low)?;
                finite("high", high)?;
                above_low(low, high)?;
                finite("high", high - low)
            }
            Self::Normal { mean, sd } => finite("mean", mean).and_then(|()| positive("sd", sd)),
            Self::TruncatedNormal { mean, sd, low, high } => {
                finite("mean", mean)?;
                positive("sd", sd)?;
                above_low(low, high)?;
                let value = Cut::new(mean, sd, low, high).inside;
                let range = "so that the normal law has probability between `low` and `high`";
                if value > 0.0 { Ok(()) } else { Err(AbcFailure::Setting { name: "mean", value: mean, range }) }
            }
            Self::LogNormal { meanlog, sdlog } => finite("meanlog", meanlog).and_then(|()| positive("sdlog", sdlog)),
            Self::Beta { a, b } => positive("a", a).and_then(|()| positive("b", b)),
            Self::Gamma { shape, scale } => positive("shape", shape).and_then(|()| positive("scale", scale)),
            Self::Exponential { rate } => positive("rate", rate),
        }
    }

    /// The parameter at a standard normal number. It rises with `z`. NaN for NaN, or for arguments that
    /// [`check`](Self::check) refuses; ends of the support can come out for `z` beyond about 8, where the space between
    /// neighbouring numbers is wider than what is left.
    #[must_use]
    pub fn value(&self, z: f64) -> f64 {
        if z.is_nan() || self.check().is_err() {
            return f64::NAN;
        }
        match *self {
            Self::Uniform { low, high } if z > 0.0 => high - (high - low) * normal_cdf(-z),
            Self::Uniform { low, high } => low + (high - low) * normal_cdf(z),
            Self::Normal { mean, sd } => mean + sd * z,
            Self::TruncatedNormal { mean, sd, low, high } => Cut::new(mean, sd, low, high).value(z),
            Self::LogNormal { meanlog, sdlog } => libm::exp(meanlog + sdlog * z),
            Self::Beta { a, b } if z > 0.0 => 1.0 - beta_quantile(b, a, log_normal_tail(z)),
            Self::Beta { a, b } => beta_quantile(a, b, log_normal_tail(-z)),
            Self::Gamma { shape, scale } => scale * gamma_quantile(shape, z),
            Self::Exponential { rate } if z > 0.0 => -log_normal_tail(z) / rate,
            Self::Exponential { rate } => -libm::log1p(-normal_cdf(z)) / rate,
        }
    }

    /// The standard normal number at which the parameter has this value. `None` outside the support and at its ends, where
    /// there is none.
    #[must_use]
    pub fn z(&self, value: f64) -> Option<f64> {
        if !value.is_finite() || self.check().is_err() {
            return None;
        }
        let z = match *self {
            Self::Uniform { low, high } => from_tails((value - low) / (high - low), (high - value) / (high - low)),
            Self::Normal { mean, sd } => (value - mean) / sd,
            Self::TruncatedNormal { mean, sd, low, high } => Cut::new(mean, sd, low, high).z((value - mean) / sd),
            Self::LogNormal { meanlog, sdlog } if value > 0.0 => (libm::log(value) - meanlog) / sdlog,
            Self::LogNormal { .. } => f64::NAN,
            Self::Beta { a, b } => {
                let (below, above) = beta_tails(a, b, value);
                from_tails(below, above)
            }
            Self::Gamma { shape, scale } => {
                let (below, above) = gamma_tails(shape, value / scale);
                from_tails(below, above)
            }
            Self::Exponential { rate } => from_tails(-libm::expm1(-rate * value), libm::exp(-rate * value)),
        };
        z.is_finite().then_some(z)
    }

    /// The number that is not exceeded with probability `p`; NaN where `p` is not between 0 and 1.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        if p > 0.0 && p < 1.0 { self.value(normal_quantile(p)) } else { f64::NAN }
    }

    /// The ends of the support, infinite where there is none.
    #[must_use]
    pub fn support(&self) -> (f64, f64) {
        match *self {
            Self::Uniform { low, high } | Self::TruncatedNormal { low, high, .. } => (low, high),
            Self::Normal { .. } => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Beta { .. } => (0.0, 1.0),
            Self::LogNormal { .. } | Self::Gamma { .. } | Self::Exponential { .. } => (0.0, f64::INFINITY),
        }
    }

    /// The mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Uniform { low, high } => low + 0.5 * (high - low),
            Self::Normal { mean, .. } => mean,
            Self::TruncatedNormal { .. } => self.moments().0,
            Self::LogNormal { meanlog, sdlog } => libm::exp(meanlog + 0.5 * sdlog * sdlog),
            Self::Beta { a, b } => a / (a + b),
            Self::Gamma { shape, scale } => shape * scale,
            Self::Exponential { rate } => 1.0 / rate,
        }
    }

    /// The standard deviation.
    #[must_use]
    pub fn sd(&self) -> f64 {
        match *self {
            Self::Uniform { low, high } => (high - low) / libm::sqrt(12.0),
            Self::Normal { sd, .. } => sd,
            Self::TruncatedNormal { .. } => self.moments().1,
            Self::LogNormal { meanlog, sdlog } => {
                let square = sdlog * sdlog;
                libm::exp(meanlog + 0.5 * square) * libm::sqrt(libm::expm1(square))
            }
            Self::Beta { a, b } => libm::sqrt(a * b / (a + b + 1.0)) / (a + b),
            Self::Gamma { shape, scale } => libm::sqrt(shape) * scale,
            Self::Exponential { rate } => 1.0 / rate,
        }
    }

    /// Mean and standard deviation as integrals over `z`. The trapezoidal rule has no error worth speaking of for smooth
    /// functions under a normal density (Trefethen and Weideman 2014, doi:10.1137/130932132).
    fn moments(&self) -> (f64, f64) {
        const STEP: f64 = 0.125;
        let nodes = || (-72..=72).map(|k| f64::from(k) * STEP);
        let density = |z: f64| STEP * libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * std::f64::consts::PI);
        let mean: f64 = nodes().map(|z| density(z) * self.value(z)).sum();
        let off = |z: f64| self.value(z) - mean;
        let variance: f64 = nodes().map(|z| density(z) * off(z) * off(z)).sum();
        (mean, libm::sqrt(variance))
    }
}

fn finite(name: &'static str, value: f64) -> Result<(), AbcFailure> {
    if value.is_finite() { Ok(()) } else { Err(AbcFailure::Setting { name, value, range: "a finite number" }) }
}

fn positive(name: &'static str, value: f64) -> Result<(), AbcFailure> {
    let fits = value > 0.0 && value.is_finite();
    if fits { Ok(()) } else { Err(AbcFailure::Setting { name, value, range: "a finite number above 0" }) }
}

fn above_low(low: f64, high: f64) -> Result<(), AbcFailure> {
    // Also refuses NaN.
    if low < high { Ok(()) } else { Err(AbcFailure::Setting { name: "high", value: high, range: "above `low`" }) }
}

/// The standard normal number with these probabilities below and above; not finite, or NaN, where one is not above 0.
fn from_tails(below: f64, above: f64) -> f64 {
    match () {
        () if !(below > 0.0 && above > 0.0) => f64::NAN,
        () if below <= above => normal_quantile(below),
        () => -normal_quantile(above),
    }
}

/// A standard normal law cut at both ends. One that lies above 0 is worked as its mirror image, whose probabilities
/// do not cancel.
struct Cut {
    mean: f64,
    sd: f64,
    low: f64,
    high: f64,
    /// Ends in standard deviations from the mean, after mirroring.
    ends: (f64, f64),
    mirrored: bool,
    /// Probability between the ends.
    inside: f64,
}

impl Cut {
    fn new(mean: f64, sd: f64, low: f64, high: f64) -> Self {
        let (a, b) = ((low - mean) / sd, (high - mean) / sd);
        let mirrored = a > 0.0;
        let ends = if mirrored { (-b, -a) } else { (a, b) };
        Self { mean, sd, low, high, ends, mirrored, inside: normal_cdf(ends.1) - normal_cdf(ends.0) }
    }

    fn value(&self, z: f64) -> f64 {
        let z = if self.mirrored { -z } else { z };
        let below = normal_cdf(self.ends.0) + self.inside * normal_cdf(z);
        let above = normal_cdf(-self.ends.1) + self.inside * normal_cdf(-z);
        let cut = if below <= above { lower_quantile(below) } else { -lower_quantile(above) };
        let cut = if self.mirrored { -cut } else { cut };
        // Rounding may leave the ends by a bit.
        (self.mean + self.sd * cut).clamp(self.low, self.high)
    }

    fn z(&self, standard: f64) -> f64 {
        let x = if self.mirrored { -standard } else { standard };
        if !(x > self.ends.0 && x < self.ends.1) {
            return f64::NAN;
        }
        let below = between(self.ends.0, x) / self.inside;
        let above = between(x, self.ends.1) / self.inside;
        let z = from_tails(below, above);
        if self.mirrored { -z } else { z }
    }
}

/// Probability between two standard normal numbers, the smaller first.
fn between(low: f64, high: f64) -> f64 {
    if low > 0.0 { normal_cdf(-low) - normal_cdf(-high) } else { normal_cdf(high) - normal_cdf(low) }
}

/// The standard normal quantile of a probability of at most about 1/2; minus infinity at 0.
fn lower_quantile(p: f64) -> f64 {
    if p > 0.0 { normal_quantile(p) } else { f64::NEG_INFINITY }
}

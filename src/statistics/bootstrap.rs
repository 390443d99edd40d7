//! The nonparametric bootstrap of persons: samples with replacement, and intervals from what an estimator gave in them.
//!
//! A person is drawn with all its rows, and one drawn twice counts as two persons. Estimating in each sample is the
//! caller's business; here are the draws and what is made of the replicates.
//!
//! Sources: Efron and Tibshirani 1993, An Introduction to the Bootstrap (doi:10.1201/9780429246593); Davison and Hinkley
//! 1997, Bootstrap Methods and their Application, ch. 5 (doi:10.1017/CBO9780511802843).

use super::draws::Draws;
use crate::numeric::quantile::type_7;
use crate::numeric::{normal_cdf, normal_quantile};

/// Draws as many persons as there are, with replacement, into `out` (numbers from 0).
pub fn resample(persons: usize, draws: &mut dyn Draws, out: &mut Vec<usize>) {
    out.clear();
    out.extend((0..persons).map(|_| draws.below(persons)));
}

/// How an interval is made of replicates. With level 1 - a, estimate t and replicates t*; q(p) is the quantile of the
/// replicates at rank (R + 1) p, interpolated on the normal scale (Davison and Hinkley 5.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BootstrapInterval {
    /// q(a/2), q(1 - a/2).
    Percentile,
    /// 2t - q(1 - a/2), 2t - q(a/2).
    Basic,
    /// The estimate less the bias, and z standard errors to each side.
    Normal,
    /// Bias-corrected and accelerated, with the acceleration from leaving out one person after the other (Efron 1987,
    /// doi:10.1080/01621459.1987.10478410).
    Bca,
    /// t - se q*(1 - a/2), t - se q*(a/2), where q* are quantiles of (t* - t) / se*.
    Studentised,
    /// The percentile interval with quantiles of type 7.
    PercentileType7,
}

/// Why there is no interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoInterval {
    /// The estimate itself is undefined, or the level is not between 0 and 1.
    NoEstimate,
    /// Fewer than two replicates have a value.
    TooFewReplicates,
    /// All replicates have the same value.
    AllEqual,
    /// No replicate, or every one, is below the estimate: the bias correction is infinite.
    InfiniteCorrection,
    /// The values without each person are not all there, or all the same: the acceleration is undefined.
    NoAcceleration,
    /// The acceleration is so large that the corrected level is undefined.
    Acceleration,
    /// There are no standard errors above 0 to studentise with.
    NoStandardErrors,
}

/// What an estimator gave in the samples of a bootstrap.
#[derive(Clone, Debug, Default)]
pub struct Bootstrap {
    estimate: f64,
    /// In ascending order.
    values: Vec<f64>,
    undefined: usize,
    mean: f64,
    sd: f64,
    acceleration: Option<f64>,
    /// The estimate's standard error, and the studentised replicates in ascending order.
    standard_error: f64,
    studentised: Vec<f64>,
    without_error: usize,
}

impl Bootstrap {
    /// Takes the estimate of the sample itself and those of the replicates. One that is not finite is undefined:
    /// dropped and counted. Forgets what was set before.
    pub fn set(&mut self, estimate: f64, replicates: &[f64]) {
        self.estimate = estimate;
        self.values.clear();
        self.values.extend(replicates.iter().filter(|v| v.is_finite()));
        self.undefined = replicates.len() - self.values.len();
        self.values.sort_unstable_by(f64::total_cmp);
        let n = self.values.len() as f64;
        self.mean = self.values.iter().sum::<f64>() / n;
        let squares: f64 = self.values.iter().map(|v| (v - self.mean) * (v - self.mean)).sum();
        self.sd = if n < 2.0 { f64::NAN } else { libm::sqrt(squares / (n - 1.0)) };
        self.acceleration = None;
        self.studentised.clear();
        self.without_error = replicates.len();
    }

    /// Takes the estimates without each person in turn, for the acceleration `sum L^3 / (6 (sum L^2)^1.5)` with
    /// `L = (n - 1)(mean - value)`. It is undefined if one of them is, or all are the same.
    pub fn set_jackknife(&mut self, values: &[f64]) {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let (mut squares, mut cubes) = (0.0, 0.0);
        // The factor n - 1 cancels.
        for l in values.iter().map(|v| mean - v) {
            squares += l * l;
            cubes += l * l * l;
        }
        let acceleration = cubes / (6.0 * squares * libm::sqrt(squares));
        let ends = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (v.min(l), v.max(h)));
        self.acceleration = (!all_equal(ends.0, ends.1) && acceleration.is_finite()).then_some(acceleration);
    }

    /// Takes the standard error of the estimate, and for each replicate, in the order in which they were
    /// [`set`](Self::set), its value and standard error. A replicate whose value is not finite or whose error is not a
    /// number above 0 is dropped and counted.
    pub fn set_standard_errors(&mut self, standard_error: f64, replicates: &[(f64, f64)]) {
        self.standard_error = standard_error;
        self.studentised.clear();
        let there = |se: f64| se > 0.0 && se.is_finite();
        let values = replicates.iter().filter(|(v, se)| v.is_finite() && there(*se));
        self.studentised.extend(values.map(|(v, se)| (v - self.estimate) / se).filter(|t| t.is_finite()));
        self.without_error = replicates.len() - self.studentised.len();
        self.studentised.sort_unstable_by(f64::total_cmp);
        if !there(standard_error) {
            self.studentised.clear();
        }
    }

    /// Replicates with a value.
    #[must_use]
    pub fn used(&self) -> usize {
        self.values.len()
    }

    /// Replicates without a value.
    #[must_use]
    pub fn undefined(&self) -> usize {
        self.undefined
    }

    /// Replicates that cannot be studentised.
    #[must_use]
    pub fn without_standard_error(&self) -> usize {
        self.without_error
    }

    /// Mean of the replicates.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        Some(self.mean).filter(|m| m.is_finite())
    }

    /// Mean of the replicates less the estimate.
    #[must_use]
    pub fn bias(&self) -> Option<f64> {
        Some(self.mean - self.estimate).filter(|b| b.is_finite())
    }

    /// The bootstrap's standard error: the standard deviation of the replicates, with divisor R - 1.
    #[must_use]
    pub fn se(&self) -> Option<f64> {
        Some(self.sd).filter(|sd| sd.is_finite())
    }

    /// The bias correction: the normal quantile of the share of replicates strictly below the estimate. Nothing where it
    /// is infinite.
    #[must_use]
    pub fn z0(&self) -> Option<f64> {
        let below = self.values.partition_point(|v| *v < self.estimate);
        (0 < below && below < self.values.len()).then(|| normal_quantile(below as f64 / self.values.len() as f64))
    }

    /// The acceleration, if there is one.
    #[must_use]
    pub fn acceleration(&self) -> Option<f64> {
        self.acceleration
    }

    /// An interval at a level, such as 0.95.
    ///
    /// # Errors
    /// Why there is none.
    pub fn interval(&self, kind: BootstrapInterval, level: f64) -> Result<(f64, f64), NoInterval> {
        if !(self.estimate.is_finite() && level > 0.0 && level < 1.0) {
            return Err(NoInterval::NoEstimate);
        }
        match self.values[..] {
            [] | [_] => return Err(NoInterval::TooFewReplicates),
            [first, .., last] if all_equal(first, last) => return Err(NoInterval::AllEqual),
            _ => {}
        }
        let tail = (1.0 - level) / 2.0;
        let (low, high) = (tail, 1.0 - tail);
        let at = |share: f64| normal_scale_quantile(&self.values, share);
        let t = self.estimate;
        Ok(match kind {
            BootstrapInterval::Percentile => (at(low), at(high)),
            BootstrapInterval::Basic => (2.0 * t - at(high), 2.0 * t - at(low)),
            BootstrapInterval::Normal => {
                let (centre, half) = (2.0 * t - self.mean, -normal_quantile(tail) * self.sd);
                (centre - half, centre + half)
            }
            BootstrapInterval::Bca => (at(self.corrected(low)?), at(self.corrected(high)?)),
            BootstrapInterval::Studentised => self.studentised_interval(low, high)?,
            BootstrapInterval::PercentileType7 => (type_7(&self.values, low), type_7(&self.values, high)),
        })
    }

    /// The level of the replicates that stands for a level of the interval: Phi(z0 + w / (1 - a w)), w = z0 + z.
    fn corrected(&self, share: f64) -> Result<f64, NoInterval> {
        let z0 = self.z0().ok_or(NoInterval::InfiniteCorrection)?;
        let a = self.acceleration.ok_or(NoInterval::NoAcceleration)?;
        let w = z0 + normal_quantile(share);
        let below = 1.0 - a * w;
        if below <= 0.0 {
            return Err(NoInterval::Acceleration);
        }
        Ok(normal_cdf(z0 + w / below))
    }

    fn studentised_interval(&self, low: f64, high: f64) -> Result<(f64, f64), NoInterval> {
        if self.studentised.len() < 2 {
            return Err(NoInterval::NoStandardErrors);
        }
        let at = |share: f64| self.estimate - self.standard_error * normal_scale_quantile(&self.studentised, share);
        Ok((at(high), at(low)))
    }
}

/// Whether values between these two are the same but for rounding.
fn all_equal(least: f64, greatest: f64) -> bool {
    greatest - least <= 1e-13 * least.abs().max(greatest.abs())
}

/// The quantile of sorted values at rank (R + 1) p; between two of them interpolated on the normal scale (Davison and
/// Hinkley 1997, 5.8). Below rank 1 the least, above rank R the greatest. NaN without values.
#[must_use]
pub fn normal_scale_quantile(sorted: &[f64], share: f64) -> f64 {
    let (Some(least), Some(greatest)) = (sorted.first(), sorted.last()) else { return f64::NAN };
    let positions = sorted.len() as f64 + 1.0;
    let rank = positions * share;
    let below = rank as usize;
    if below == 0 {
        return *least;
    }
    let (Some(low), Some(high)) = (sorted.get(below - 1), sorted.get(below)) else { return *greatest };
    let whole = below as f64;
    if rank == whole {
        return *low;
    }
    let (from, to) = (normal_quantile(whole / positions), normal_quantile((whole + 1.0) / positions));
    low + (normal_quantile(share) - from) / (to - from) * (high - low)
}

#[cfg(test)]
mod tests;

//! Somebody's own stream as the source of numbers that procedures ask for.

use super::draws::Draws;
use crate::streams::{Own, normal_quantile, open_unit};
use rand::TryRng;

/// Draws from an addressed stream.
#[derive(Debug)]
pub struct FromStream<'a>(pub &'a mut Own);

impl Draws for FromStream<'_> {
    fn uniform(&mut self) -> f64 {
        match self.0.try_next_u64() {
            Ok(word) => open_unit(word),
            Err(never) => match never {},
        }
    }

    fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    /// Twice a gamma number of shape `df / 2` (Marsaglia and Tsang 2000, doi:10.1145/358407.358414).
    fn chi_square(&mut self, df: f64) -> f64 {
        let shape = 0.5 * df;
        // A shape below 1 is raised by 1 and the number multiplied by a power of a uniform one.
        let boost = if shape < 1.0 { libm::pow(self.uniform(), 1.0 / shape) } else { 1.0 };
        let d = shape + if shape < 1.0 { 1.0 } else { 0.0 } - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let x = self.normal();
            let t = 1.0 + c * x;
            if t <= 0.0 {
                continue;
            }
            let v = t * t * t;
            if libm::log(self.uniform()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return 2.0 * d * v * boost;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::{Lane, Purpose, Space, Streams};

    #[test]
    fn moments_of_the_draws() {
        let lane = Lane { purpose: Purpose::named("draws"), occasion: 0, replicate: 0, stratum: 0 };
        let mut own = Streams::new(1, Space::Method).own(&lane, 0);
        let mut draws = FromStream(&mut own);
        let n = 40_000;
        for df in [0.7, 1.0, 5.0, 40.0] {
            let values: Vec<f64> = (0..n).map(|_| draws.chi_square(df)).collect();
            let mean = values.iter().sum::<f64>() / f64::from(n);
            let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / f64::from(n - 1);
            // Mean df, variance 2 df, fourth central moment 12 df^2 + 48 df.
            assert!((mean - df).abs() < 4.0 * libm::sqrt(2.0 * df / f64::from(n)), "{df}: {mean}");
            let error = libm::sqrt((12.0 * df * df + 48.0 * df - 4.0 * df * df) / f64::from(n));
            assert!((variance - 2.0 * df).abs() < 4.0 * error, "{df}: {variance}");
        }
        let mean = (0..n).map(|_| draws.below(7) as f64).sum::<f64>() / f64::from(n);
        assert!((mean - 3.0).abs() < 4.0 * 2.0 / 200.0);
    }
}

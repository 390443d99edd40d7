//! Means and spreads that stay accurate when the numbers are many or far from 0.

use crate::numeric::sum::sum;

/// Number, mean and sum of squares about the mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moments {
    /// How many numbers.
    pub n: usize,
    /// Their mean; NaN of none.
    pub mean: f64,
    /// Sum of squared deviations from the mean.
    pub squares: f64,
}

impl Moments {
    /// Reckons them in two passes. Sums run over differences to the first number, so that equal numbers have exactly
    /// their own mean and a spread of exactly 0.
    pub fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let Some(first) = values.clone().next() else {
            return Self { n: 0, mean: f64::NAN, squares: f64::NAN };
        };
        let mut n = 0;
        let beyond_first = sum(values.clone().inspect(|_| n += 1).map(|x| x - first));
        let mean = first + beyond_first / n as f64;
        let squares = sum(values.map(|x| (x - mean) * (x - mean)));
        Self { n, mean, squares }
    }

    /// The same with a spread of exactly 0, if the spread is no more than the rounding of numbers of this size.
    pub fn without_rounding(mut self, size: f64) -> Self {
        let rounding = 4.0 * f64::EPSILON * size;
        // By roots: the square of a great size overflows, and would take every spread for rounding.
        if self.squares.sqrt() <= (self.n as f64).sqrt() * rounding {
            self.squares = 0.0;
        }
        self
    }

    /// Variance with divisor n - 1; NaN of fewer than two numbers.
    pub fn variance(&self) -> f64 {
        if self.n < 2 { f64::NAN } else { self.squares / (self.n - 1) as f64 }
    }

    /// Standard deviation with divisor n - 1; NaN of fewer than two numbers.
    pub fn sd(&self) -> f64 {
        self.variance().sqrt()
    }

    /// Standard error of the mean.
    pub fn se_of_mean(&self) -> f64 {
        (self.variance() / self.n as f64).sqrt()
    }
}

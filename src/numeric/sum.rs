//! Sums that do not lose the small addends beside the large ones.

/// A running sum that carries what rounding cuts off (Neumaier 1974, doi:10.1002/zamm.19740540106). The error of the
/// total is about one rounding, whatever the number of addends.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    total: f64,
    carry: f64,
}

impl Sum {
    /// Adds a number.
    pub fn add(&mut self, x: f64) {
        let next = self.total + x;
        self.carry += if self.total.abs() >= x.abs() { (self.total - next) + x } else { (x - next) + self.total };
        self.total = next;
    }

    /// The sum so far.
    #[must_use]
    pub fn total(&self) -> f64 {
        // Once the sum is infinite the carry is NaN and says nothing.
        if self.total.is_finite() { self.total + self.carry } else { self.total }
    }
}

/// The sum of these numbers, with the error of one rounding.
#[must_use]
pub fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut sum = Sum::default();
    values.for_each(|x| sum.add(x));
    sum.total()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_addends_survive_large_ones() {
        assert_eq!(sum([1.0, 1e100, 1.0, -1e100].into_iter()), 2.0);
        assert_eq!(sum(std::iter::empty()), 0.0);
        assert_eq!(sum([f64::INFINITY, 1.0].into_iter()), f64::INFINITY);
        assert!(sum([f64::NAN, 1.0].into_iter()).is_nan());
    }

    #[test]
    fn ten_million_tenths_are_a_million() {
        assert_eq!(sum(std::iter::repeat_n(0.1, 10_000_000)), 1e6);
    }
}

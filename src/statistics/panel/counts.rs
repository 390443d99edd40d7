//! Counts, such as the comments that a person made at a wave.

use crate::statistics::confidence::Confidence;
use crate::statistics::share::rate::Events;

/// What persons' counts over waves come to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CountSummary {
    /// All that was counted.
    pub total: u64,
    /// Persons with a count at one wave or more.
    pub persons: usize,
    /// Persons whose counts add up to 1 or more.
    pub persons_with_any: usize,
    /// Person-waves with a count: person-years where waves are a year apart.
    pub person_waves: usize,
    /// The largest total of a person; 0 without persons.
    pub most: u64,
    /// Sum over persons of the squared distance of their total from the mean total.
    squares: f64,
}

impl CountSummary {
    /// Counts persons by waves, a person's waves side by side; `None` for a wave at which nothing was counted. `None`
    /// where there is no wave or the cells do not fill the grid.
    #[must_use]
    pub fn of(waves: usize, cells: &[Option<u32>]) -> Option<Self> {
        if waves == 0 || !cells.len().is_multiple_of(waves) {
            return None;
        }
        let seen = || cells.chunks_exact(waves).filter(|row| row.iter().any(Option::is_some));
        let total_of = |row: &[Option<u32>]| row.iter().flatten().map(|n| u64::from(*n)).sum::<u64>();
        let mut summary = Self { person_waves: cells.iter().flatten().count(), ..Self::default() };
        for row in seen() {
            let total = total_of(row);
            summary.total += total;
            summary.persons += 1;
            summary.persons_with_any += usize::from(total > 0);
            summary.most = summary.most.max(total);
        }
        let mean = summary.mean().unwrap_or(0.0);
        summary.squares = seen().map(|row| total_of(row) as f64 - mean).map(|d| d * d).sum();
        Some(summary)
    }

    /// Count per observed person-wave, `None` where there is none.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        (self.person_waves > 0).then(|| self.total as f64 / self.person_waves as f64)
    }

    /// Garwood's exact limits of the rate at a level such as 0.95. They take all that was counted as independent and
    /// are too narrow where counts cluster in persons, which [`Self::dispersion`] shows.
    #[must_use]
    pub fn rate_limits(&self, level: f64) -> Option<(f64, f64)> {
        Some(Events::new(self.total as f64, self.person_waves as f64)?.exact(&Confidence::new(level)?))
    }

    /// Mean total of the persons with a count at one wave or more, `None` where there are none.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.persons > 0).then(|| self.total as f64 / self.persons as f64)
    }

    /// Variance of persons' totals (divisor: persons less one) by their mean: about 1 for independent counts, more where
    /// they cluster. `None` for fewer than two persons or a total of 0.
    #[must_use]
    pub fn dispersion(&self) -> Option<f64> {
        let mean = self.mean().filter(|mean| *mean > 0.0)?;
        (self.persons > 1).then(|| self.squares / (self.persons - 1) as f64 / mean)
    }
}

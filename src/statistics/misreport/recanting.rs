//! Persons who take back what they reported: answers to whether something has ever happened.

use crate::statistics::panel::Grid;
use crate::statistics::share::ShareInterval;

/// Counts of contradictions in a lifetime item. Such an item, once yes, cannot truly become no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recanting {
    /// Persons with a yes at one wave or more.
    pub ever_yes: usize,
    /// Of these, persons with a further answer after their first yes.
    pub eligible: usize,
    /// Of these, persons with a no at any wave after their first yes.
    pub recanted: usize,
    /// Of these, persons with a yes again after that no.
    pub reaffirmed: usize,
    /// Yeses with an answer at the next scheduled wave.
    pub adjacent_yes: usize,
    /// Of these, yeses with a no at that wave.
    pub adjacent_yes_then_no: usize,
    /// Persons with both a yes and a no, in whichever order.
    pub inconsistent: usize,
}

impl Recanting {
    /// Counts a grid.
    #[must_use]
    pub fn of(grid: &Grid<'_>) -> Self {
        let mut counts = Self::default();
        grid.rows().for_each(|row| counts.add(row));
        counts
    }

    fn add(&mut self, row: &[Option<bool>]) {
        for pair in row.windows(2) {
            self.adjacent_yes += usize::from(matches!(pair, [Some(true), Some(_)]));
            self.adjacent_yes_then_no += usize::from(matches!(pair, [Some(true), Some(false)]));
        }
        let mut answers = row.iter().flatten().copied();
        self.inconsistent += usize::from(row.contains(&Some(true)) && row.contains(&Some(false)));
        if !answers.any(|yes| yes) {
            return;
        }
        self.ever_yes += 1;
        // What is left of the answers are those after the first yes, then those after the first no after that.
        self.eligible += usize::from(answers.clone().next().is_some());
        if answers.any(|yes| !yes) {
            self.recanted += 1;
            self.reaffirmed += usize::from(answers.any(|yes| yes));
        }
    }

    /// Share of recanting persons among the eligible, `None` where there are none.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        (self.eligible > 0).then(|| self.recanted as f64 / self.eligible as f64)
    }

    /// Wilson limits of the rate at a level such as 0.95.
    #[must_use]
    pub fn rate_wilson(&self, level: f64) -> Option<(f64, f64)> {
        ShareInterval::Wilson.at_level(self.recanted as f64, self.eligible as f64, level)
    }
}

//! How often two items are reported together.

use super::Grid;

/// Two yes/no items crossed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Together {
    /// Yes to both.
    pub both: usize,
    /// Yes to the first only.
    pub first_only: usize,
    /// Yes to the second only.
    pub second_only: usize,
    /// Yes to neither.
    pub neither: usize,
}

impl Together {
    /// Person-waves at which both items were answered. `None` where the grids differ in shape.
    #[must_use]
    pub fn by_person_wave(a: &Grid<'_>, b: &Grid<'_>) -> Option<Self> {
        if (a.waves(), a.persons()) != (b.waves(), b.persons()) {
            return None;
        }
        let mut table = Self::default();
        for (a, b) in a.cells().iter().zip(b.cells()) {
            if let (Some(a), Some(b)) = (a, b) {
                table.add(*a, *b);
            }
        }
        Some(table)
    }

    /// Persons who answered each item at least once, by whether they ever said yes to it. `None` where the numbers of
    /// persons differ.
    #[must_use]
    pub fn by_person(a: &Grid<'_>, b: &Grid<'_>) -> Option<Self> {
        if a.persons() != b.persons() {
            return None;
        }
        let ever = |row: &[Option<bool>]| {
            let answered = row.iter().any(Option::is_some);
            answered.then(|| row.contains(&Some(true)))
        };
        let mut table = Self::default();
        for (a, b) in a.rows().zip(b.rows()) {
            if let (Some(a), Some(b)) = (ever(a), ever(b)) {
                table.add(a, b);
            }
        }
        Some(table)
    }

    /// Counts one person or person-wave more.
    pub fn add(&mut self, first: bool, second: bool) {
        match (first, second) {
            (true, true) => self.both += 1,
            (true, false) => self.first_only += 1,
            (false, true) => self.second_only += 1,
            (false, false) => self.neither += 1,
        }
    }

    /// All persons or person-waves that count.
    #[must_use]
    pub fn total(&self) -> usize {
        self.both + self.first_only + self.second_only + self.neither
    }

    /// Jaccard's index: yes to both among yes to either. `None` where nobody said yes to either.
    #[must_use]
    pub fn jaccard(&self) -> Option<f64> {
        let either = self.both + self.first_only + self.second_only;
        (either > 0).then(|| self.both as f64 / either as f64)
    }

    /// Phi, the correlation of the two items. `None` where one of them has one value only.
    #[must_use]
    pub fn phi(&self) -> Option<f64> {
        let [a, b, c, d] = [self.both, self.first_only, self.second_only, self.neither].map(|n| n as f64);
        let margins = (a + b) * (c + d) * (a + c) * (b + d);
        (margins > 0.0).then(|| (a * d - b * c) / libm::sqrt(margins))
    }
}

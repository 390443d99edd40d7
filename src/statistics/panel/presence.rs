//! Who was seen when.

use super::Pattern;
use super::sequence::counted;

/// Counts of presence: persons by waves, whatever was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Persons enrolled.
    pub persons: usize,
    /// Persons seen at each wave.
    pub responses: Vec<usize>,
    /// Persons seen at every wave.
    pub completers: usize,
    /// Persons never seen.
    pub never: usize,
    /// Persons who were not seen again after the first wave they missed.
    pub monotone: usize,
    /// Patterns of presence, `O` where seen and `.` where missed: the most frequent first, then by text.
    pub patterns: Vec<Pattern>,
}

impl Presence {
    /// Counts persons by waves, a person's waves side by side. `None` where there is no wave or the cells do not fill
    /// the grid.
    #[must_use]
    pub fn of(waves: usize, seen: &[bool]) -> Option<Self> {
        if waves == 0 || !seen.len().is_multiple_of(waves) {
            return None;
        }
        let mut presence = Self { persons: seen.len() / waves, responses: vec![0; waves], ..Self::default() };
        for row in seen.chunks_exact(waves) {
            presence.responses.iter_mut().zip(row).for_each(|(n, seen)| *n += usize::from(*seen));
            presence.completers += usize::from(row.iter().all(|seen| *seen));
            presence.never += usize::from(row.iter().all(|seen| !*seen));
            presence.monotone += usize::from(row.windows(2).all(|pair| pair != [false, true]));
        }
        let text = |row: &[bool]| row.iter().map(|seen| if *seen { 'O' } else { '.' }).collect();
        presence.patterns = counted(seen.chunks_exact(waves).map(text));
        Some(presence)
    }

    /// Observed person-waves: one observed wave is one person-year where waves are a year apart.
    #[must_use]
    pub fn person_waves(&self) -> usize {
        self.responses.iter().sum()
    }

    /// Persons seen at each wave per person seen at the first; `None` where nobody was. Above 1 where more were seen
    /// later than at the first wave.
    #[must_use]
    pub fn retention(&self) -> Option<Vec<f64>> {
        let first = *self.responses.first().filter(|first| **first > 0)?;
        Some(self.responses.iter().map(|n| *n as f64 / first as f64).collect())
    }
}

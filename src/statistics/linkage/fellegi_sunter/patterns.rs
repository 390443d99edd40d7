//! Comparison patterns with the number of pairs that have each.

use std::ops::Range;

/// Stands for the level of a field that cannot be compared.
pub const MISSING: u8 = u8::MAX;

/// Comparison patterns: a level per field, and the number of pairs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patterns {
    /// First position of each field in a list of all levels of all fields, and the length of that list.
    starts: Vec<usize>,
    /// Levels, pattern after pattern.
    cells: Vec<u8>,
    counts: Vec<f64>,
}

/// Why a pattern is not taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PatternProblem {
    /// It has not one level for each field.
    Fields,
    /// The field (by position) has no such level.
    Level(usize),
    /// The number of pairs is negative or not finite.
    Count,
}

impl Patterns {
    /// No patterns yet. `levels`: number of levels of each field, "disagree" among them; at most 255.
    #[must_use]
    pub fn new(levels: &[usize]) -> Self {
        let mut starts = vec![0];
        for count in levels {
            starts.push(starts.last().copied().unwrap_or(0) + (*count).min(usize::from(MISSING)));
        }
        Self { starts, ..Self::default() }
    }

    /// Takes all patterns out and keeps the fields.
    pub fn clear(&mut self) {
        self.cells.clear();
        self.counts.clear();
    }

    /// Adds a pattern. `levels`: level of each field from 0, or [`MISSING`]; `count`: number of pairs.
    ///
    /// # Errors
    /// See [`PatternProblem`]; nothing is added then.
    pub fn push(&mut self, levels: &[u8], count: f64) -> Result<(), PatternProblem> {
        if levels.len() != self.fields() {
            return Err(PatternProblem::Fields);
        }
        let is_wrong = |k: &usize| levels[*k] != MISSING && usize::from(levels[*k]) >= self.field(*k).len();
        if let Some(field) = (0..levels.len()).find(is_wrong) {
            return Err(PatternProblem::Level(field));
        }
        if !(count >= 0.0 && count.is_finite()) {
            return Err(PatternProblem::Count);
        }
        self.cells.extend_from_slice(levels);
        self.counts.push(count);
        Ok(())
    }

    /// Number of fields.
    #[must_use]
    pub fn fields(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Number of patterns.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there are no patterns.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Number of pairs of each pattern.
    #[must_use]
    pub fn counts(&self) -> &[f64] {
        &self.counts
    }

    /// Positions of a field's levels in a list of all levels of all fields, as in
    /// [`Parameters::m`](super::Parameters::m).
    #[must_use]
    pub fn field(&self, field: usize) -> Range<usize> {
        match self.starts.get(field..field + 2) {
            Some(ends) => ends[0]..ends[1],
            None => 0..0,
        }
    }

    /// Number of levels of all fields together.
    #[must_use]
    pub fn all_levels(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Level of each field in a pattern, [`MISSING`] where it cannot be compared.
    #[must_use]
    pub fn levels(&self, pattern: usize) -> &[u8] {
        let fields = self.fields();
        self.cells.get(pattern * fields..(pattern + 1) * fields).unwrap_or(&[])
    }

    /// Of a pattern, the fields that could be compared and the position of the level in a list of all levels.
    pub(super) fn compared(&self, pattern: usize) -> impl Iterator<Item = (usize, usize)> {
        let compared = self.levels(pattern).iter().enumerate().filter(|(_, level)| **level != MISSING);
        compared.map(|(field, level)| (field, self.starts[field] + usize::from(*level)))
    }
}

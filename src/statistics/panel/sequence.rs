//! Persons' reports as sequences.

use super::Grid;
use std::collections::BTreeMap;

/// A sequence written as text, and how many persons have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// One character a wave.
    pub text: String,
    /// Persons.
    pub persons: usize,
}

/// Distinct texts with their counts: the most frequent first, then by text.
pub(super) fn counted(texts: impl Iterator<Item = String>) -> Vec<Pattern> {
    let mut counts = BTreeMap::<String, usize>::new();
    texts.for_each(|text| *counts.entry(text).or_default() += 1);
    let mut patterns: Vec<Pattern> = counts.into_iter().map(|(text, persons)| Pattern { text, persons }).collect();
    // The sort is stable and the texts are in order already.
    patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.persons));
    patterns
}

/// Distinct sequences of reports, `1` for yes, `0` for no, `.` where there is none: the most frequent first, then by
/// text.
#[must_use]
pub fn sequences(grid: &Grid<'_>) -> Vec<Pattern> {
    let sign = |report: &Option<bool>| match report {
        Some(true) => '1',
        Some(false) => '0',
        None => '.',
    };
    counted(grid.rows().map(|row| row.iter().map(sign).collect()))
}

/// How often a person's report differs from the one before it; waves without a report are passed over.
#[must_use]
pub fn changes(row: &[Option<bool>]) -> usize {
    let later = row.iter().flatten().skip(1);
    row.iter().flatten().zip(later).filter(|(before, after)| before != after).count()
}

/// Persons by the number of changes in their reports, from 0 up to one less than the number of waves.
#[must_use]
pub fn by_changes(grid: &Grid<'_>) -> Vec<usize> {
    let mut persons = vec![0; grid.waves()];
    for row in grid.rows() {
        if let Some(n) = persons.get_mut(changes(row)) {
            *n += 1;
        }
    }
    persons
}

//! When a formula is evaluated, and for which rows.

use super::super::plan::Plan;
use std::ops::Range;

/// When a formula is evaluated.
#[derive(Clone, Copy, Debug)]
pub(super) struct When<'a> {
    /// The wave, from 0.
    pub wave: usize,
    /// Number of the occasion in addresses of draws: wave and visit.
    pub occasion: u32,
    /// The occasion in addresses of draws where a draw lasts longer than an occasion.
    pub drawn_on: Option<u32>,
    /// The recorded moment of the truth, if it is the same for all rows of the chunk.
    pub moment: usize,
    /// The recorded moment of each row of the chunk, where they differ.
    pub moments: Option<&'a [u32]>,
}

/// Most visits in a wave that an address can tell apart.
pub(super) const MOST_VISITS: usize = 255;

impl When<'_> {
    /// At a wave, for everybody.
    pub fn wave(plan: &Plan, wave: usize) -> When<'static> {
        When { wave, occasion: (wave << 8) as u32, drawn_on: None, moment: plan.truth.waves[wave], moments: None }
    }
}

/// Positions of a range within another that contains it.
pub(super) fn local(rows: &Range<usize>, chunk: &Range<usize>) -> Range<usize> {
    rows.start - chunk.start..rows.end - chunk.start
}

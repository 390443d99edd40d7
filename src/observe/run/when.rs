//! When a formula is evaluated, and for which rows.

use super::super::plan::Plan;

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
    /// Positions within the chunk of those whom it concerns, where these are few; one may stand there several times.
    pub here: Option<&'a [u32]>,
}

/// Most visits in a wave that an address can tell apart.
pub(super) const MOST_VISITS: usize = 255;

impl<'a> When<'a> {
    /// At a wave, for everybody.
    pub fn wave(plan: &Plan, wave: usize) -> When<'static> {
        let moment = plan.truth.waves[wave];
        When { wave, occasion: (wave << 8) as u32, drawn_on: None, moment, moments: None, here: None }
    }

    /// The same for some rows of the chunk only.
    pub fn only<'b>(self, here: &'b [u32]) -> When<'b>
    where
        'a: 'b,
    {
        When { here: Some(here), ..self }
    }

    /// The recorded moment of row `i` of the chunk.
    pub fn moment_of(&self, i: usize) -> usize {
        self.moments.map_or(self.moment, |moments| moments[i] as usize)
    }

    /// Positions within a chunk of so many rows of those whom it concerns.
    pub fn members(&self, rows: usize) -> impl Iterator<Item = usize> + use<'a> {
        let here = self.here;
        (0..here.map_or(rows, <[u32]>::len)).map(move |k| here.map_or(k, |here| here[k] as usize))
    }
}

/// Those of a chunk who are not away, if they are few enough to be worked on apart from the others.
pub(super) fn few(away: &[u8]) -> Option<Vec<u32>> {
    let number = away.iter().map(|away| usize::from(*away == 0)).sum::<usize>();
    (number * 4 < away.len() * 3).then(|| present(away))
}

/// Positions of those who are not away.
pub(super) fn present(away: &[u8]) -> Vec<u32> {
    (0..).zip(away).filter(|(_, away)| **away == 0).map(|(i, _)| i).collect()
}

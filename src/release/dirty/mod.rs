//! Errors of data entry and data handling that are put into tables on purpose, for testing pipelines that clean data.
//!
//! They come after the survey and have nothing to do with it: the kinds of error are worked one after another in the
//! order of [`KINDS`], whole rows first and single cells after them, as pseudopeople does (Haddock et al. 2024,
//! doi:10.12688/gatesopenres.15418.1). Each error that is made is told, so that truth, audit and errors together
//! explain every cell.

mod blank;
mod code_typos;
mod duplicates;
mod impossible;
mod level_typos;
mod omitted;
mod page;
mod swapped_dates;
#[cfg(test)]
mod tests;
mod wave_mix_ups;

pub(super) use page::{DataError, Draws, Page};

/// A kind of error.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Name, as in the table `errors`.
    pub name: &'static str,
    /// What it does, a sentence.
    pub summary: &'static str,
    /// What the rate counts: `row` or `cell`.
    pub per: &'static str,
    /// Probability per row or cell under each of [`PRESETS`]; assumed.
    pub rates: [f64; PRESETS.len()],
    work: fn(&mut Page<'_>, f64),
}

/// All kinds in the order in which they are worked.
pub const KINDS: [Kind; 8] = [
    omitted::KIND,
    duplicates::KIND,
    wave_mix_ups::KIND,
    swapped_dates::KIND,
    blank::KIND,
    impossible::KIND,
    level_typos::KIND,
    code_typos::KIND,
];

/// How dirty the data is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Name, as in `[release] dirty` and `--dirty`.
    pub name: &'static str,
    /// What it is for, a sentence.
    pub summary: &'static str,
    position: usize,
}

/// All presets.
pub const PRESETS: [Preset; 2] = [
    Preset { name: "light", summary: "a careful team: a few errors in a thousand", position: 0 },
    Preset { name: "heavy", summary: "many hands and no checks: a few errors in a hundred", position: 1 },
];

impl Preset {
    /// The preset with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Preset> {
        const ALL: &[Preset] = &PRESETS;
        ALL.iter().find(|preset| preset.name == name)
    }

    /// Works all kinds of error on a stretch of a table.
    pub(super) fn work(&self, page: &mut Page<'_>) {
        for kind in &KINDS {
            page.kind = kind.name;
            (kind.work)(page, kind.rates[self.position]);
        }
    }
}

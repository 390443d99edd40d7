//! Variants: the declarations of a scenario under other values of its keys. Parameters need none, since formulas read
//! them when a condition is prepared.

use super::design::Levels;
use super::lower;
use super::path::{self, Path};
use super::prepare::{ENOUGH_PROBLEMS, in_cell};
use super::settings::Settings;
use super::{Condition, Grid, Scenario, Varied, Vary};
use crate::diagnostic::{Diagnostic, Diagnostics, Sources};
use crate::options::{OptionValue, Options};
use crate::{observe, simulate};
use std::collections::BTreeMap;

/// What a file declares where some of its keys have other values.
#[derive(Debug)]
pub(super) struct Variant {
    truth: simulate::declaration::Declaration,
    survey: observe::declaration::Declaration,
    estimands: Vec<Options>,
}

/// The declarations that hold under a condition.
pub(super) struct World<'a> {
    pub(super) truth: &'a simulate::declaration::Declaration,
    pub(super) survey: &'a observe::declaration::Declaration,
    pub(super) estimands: &'a [Options],
}

/// The variants of all cells, each once; what is wrong with one of them, and not with the file as it is, is reported with
/// the values that bring it about.
pub(super) fn variants(
    root: &Options,
    vary: &[Vary],
    grid: &mut Grid,
    settings: &Settings,
    sources: &Sources,
    problems: &mut Diagnostics,
) -> Vec<Variant> {
    let mut known: BTreeMap<Levels, usize> = BTreeMap::new();
    let mut variants = Vec::new();
    let mut seen: Vec<Diagnostic> = problems.list().to_vec();
    let before = seen.len();
    grid.variants = Vec::with_capacity(grid.cells.len());
    for levels in &grid.cells {
        let keys = key_levels(vary, levels);
        if keys.iter().all(Option::is_none) {
            grid.variants.push(None);
            continue;
        }
        if let Some(position) = known.get(&keys) {
            grid.variants.push(Some(*position));
            continue;
        }
        let mut own = Diagnostics::new();
        let tree = path::with(root, &values(vary, &keys, settings));
        let declared = lower::declared(&tree, settings, sources, &mut own);
        for problem in own.list() {
            if !seen.contains(problem) {
                seen.push(problem.clone());
                problems.repeat(&in_cell(problem, named(vary, &keys)));
            }
        }
        let position = variants.len();
        variants.push(Variant { truth: declared.truth, survey: declared.survey, estimands: declared.estimands });
        known.insert(keys, position);
        grid.variants.push(Some(position));
        if seen.len() >= before + ENOUGH_PROBLEMS {
            break;
        }
    }
    variants
}

/// The levels of the factors that vary keys; of the others none.
fn key_levels(vary: &[Vary], levels: &Levels) -> Levels {
    vary.iter().zip(levels).map(|(factor, level)| level.filter(|_| matches!(factor.of, Varied::Key(_)))).collect()
}

/// The values of keys in a cell, after those that `--set` gives.
pub(super) fn values<'a>(vary: &'a [Vary], levels: &Levels, settings: &'a Settings) -> Vec<(Path, &'a OptionValue)> {
    let of_cell = vary.iter().zip(levels).filter_map(|(factor, level)| match &factor.of {
        Varied::Key(path) => Some((path.clone(), factor.given.get((*level)?)?)),
        Varied::Parameter(_) | Varied::Persons => None,
    });
    settings.keys().chain(of_cell).collect()
}

fn named<'a>(vary: &'a [Vary], levels: &'a Levels) -> impl Iterator<Item = (&'a str, &'a str)> {
    vary.iter().zip(levels).filter_map(|(factor, level)| {
        let value = factor.values.get((*level)?)?;
        Some((factor.name.text.as_str(), value.text.as_str()))
    })
}

impl Scenario {
    /// The declarations that hold under a condition.
    pub(super) fn world(&self, condition: &Condition) -> World<'_> {
        self.world_of(condition.variant)
    }

    /// The declarations of a variant; of the file as it is where there is none.
    pub(super) fn world_of(&self, variant: Option<usize>) -> World<'_> {
        match variant.and_then(|position| self.variants.get(position)) {
            Some(Variant { truth, survey, estimands }) => World { truth, survey, estimands },
            None => World { truth: &self.truth, survey: &self.survey, estimands: &self.estimands },
        }
    }

    /// A number that conditions with the same declarations of truth and estimands share; none where no key varies.
    pub(super) fn truth_number(&self, condition: &Condition) -> Option<u64> {
        let own = self.world(condition);
        let is_same = |v: &Variant| v.truth == *own.truth && v.estimands == own.estimands;
        match self.variants.is_empty() {
            true => None,
            false if *own.truth == self.truth && *own.estimands == self.estimands => Some(0),
            false => self.variants.iter().position(is_same).map(|position| position as u64 + 1),
        }
    }
}

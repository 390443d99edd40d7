//! What results belong to, and where its parts are in a manifest.

use crate::tables::Pairs;
use std::collections::BTreeMap;

/// What decides a study's results, from its scenario.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// Version of the program.
    pub version: String,
    /// Seed of all draws.
    pub seed: u64,
    /// Whether each condition has draws of its own.
    pub independent: bool,
    /// Path and text of each table of the scenario that decides the data.
    pub declared: Vec<(String, String)>,
    /// Name and text of each estimand.
    pub estimands: Vec<(String, String)>,
    /// Name and text of each method.
    pub methods: Vec<(String, String)>,
    /// Factors and their values under each condition.
    pub conditions: Vec<Vec<(String, String)>>,
    /// Name and text of the scenario's files, and the settings from the command line.
    pub files: Vec<(String, String)>,
    /// SHA-256 of these.
    pub scenario_hash: String,
}

/// Where the parts of a scenario are in a manifest.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    pub(super) conditions: Vec<usize>,
    pub(super) estimands: Vec<usize>,
    pub(super) methods: Vec<usize>,
    estimand_of: BTreeMap<u32, u32>,
    method_of: BTreeMap<u32, u32>,
}

impl Places {
    pub(super) fn new(conditions: Vec<usize>, estimands: Vec<usize>, methods: Vec<usize>) -> Self {
        let turned =
            |list: &[usize]| list.iter().enumerate().map(|(here, there)| (*there as u32, here as u32)).collect();
        let (estimand_of, method_of) = (turned(&estimands), turned(&methods));
        Self { conditions, estimands, methods, estimand_of, method_of }
    }

    /// Pairs of the manifest as pairs of the scenario; those that it no longer has are left out.
    pub(super) fn pairs_here(&self, stored: &[(u32, u32)]) -> Pairs {
        let mut pairs: Vec<(u32, u32)> = stored.iter().filter_map(|pair| self.pair_here(*pair)).collect();
        pairs.sort_unstable();
        pairs.into()
    }

    pub(super) fn pair_here(&self, (estimand, method): (u32, u32)) -> Option<(u32, u32)> {
        Some((*self.estimand_of.get(&estimand)?, *self.method_of.get(&method)?))
    }

    /// A pair of the scenario as one of the manifest.
    pub(super) fn pair_there(&self, (estimand, method): (u32, u32)) -> Option<(u32, u32)> {
        let there = |list: &[usize], here: u32| list.get(here as usize).map(|p| *p as u32);
        Some((there(&self.estimands, estimand)?, there(&self.methods, method)?))
    }

    /// A set of pairs of the scenario as one of the manifest.
    pub(super) fn set_there(&self, pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let mut there: Vec<(u32, u32)> = pairs.iter().filter_map(|pair| self.pair_there(*pair)).collect();
        there.sort_unstable();
        there
    }
}

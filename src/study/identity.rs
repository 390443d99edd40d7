//! What the results of a study belong to.

use super::Cell;
use crate::scenario::{MethodDeclaration, Scenario};
use crate::store::Identity;

/// What a store must know to tell whether its results are those of this study.
#[must_use]
pub fn identity(scenario: &Scenario, cells: &[Cell], seed: u64) -> Identity {
    Identity {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        seed,
        independent: cells.iter().any(|cell| cell.independent),
        declared: scenario.declared.clone(),
        estimands: scenario.declared_estimands(),
        methods: scenario.methods.iter().map(|m| (m.name.text.clone(), declared(m, scenario))).collect(),
        conditions: cells.iter().map(|cell| cell.factors.clone()).collect(),
        files: scenario.sources.files.iter().map(|(name, text)| (name.clone(), text.to_string())).collect(),
        scenario_hash: scenario.hash.clone(),
    }
}

/// A method as text: with the tables that the study prints, where it reads their cells.
fn declared(method: &MethodDeclaration, scenario: &Scenario) -> String {
    match method.method.reads_cells() {
        true => format!("{}{}", method.declared, scenario.declared_tables),
        false => method.declared.clone(),
    }
}

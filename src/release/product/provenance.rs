//! Where a product comes from.

use crate::release::declaration::Declaration;
use crate::release::dirty::Preset;
use crate::release::folder::{Folder, Stamp};
use crate::release::study::copy_scenario;
use crate::tables::RunProblem;
use serde_json::{Value, json};

/// What is told of a study in the texts of its product.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// Title of the study.
    pub title: &'a str,
    /// Aims of the study.
    pub aims: &'a str,
    /// Version, scenario and seed.
    pub stamp: &'a Stamp,
    /// Number of replicates.
    pub replicates: u64,
    /// Persons in a replicate.
    pub persons: u64,
    /// Whether the groups have other sizes than in the scenario.
    pub scaled: bool,
    /// Varied parameters of the condition and their values.
    pub factors: &'a [(String, String)],
    /// Names and texts of the scenario's files; those called `--set` are settings.
    pub sources: Vec<(&'a str, &'a str)>,
    /// Parameters for whose value there is no source.
    pub assumed: Vec<Assumed>,
    /// Whether the truth is there.
    pub with_truth: bool,
    /// Errors that were put into the tables.
    pub dirty: Option<&'static Preset>,
}

/// A parameter for whose value there is no source.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumed {
    /// Name.
    pub name: String,
    /// Value as text.
    pub value: String,
    /// What it means.
    pub about: String,
    /// What the scenario says of its source.
    pub source: String,
}

/// Adds `provenance.json` and the scenario.
pub(super) fn write(folder: &mut Folder, about: &About<'_>, declaration: &Declaration) -> Result<(), RunProblem> {
    let (files, settings) = copy_scenario(folder, about.sources.iter().copied())?;
    let formats: Vec<&str> = declaration.formats.iter().map(|format| format.name()).collect();
    let factors: Vec<Value> =
        about.factors.iter().map(|(name, value)| json!({ "parameter": name, "value": value })).collect();
    let provenance = json!({
        "program": "eclosion",
        "version": about.stamp.version,
        "scenario_hash": about.stamp.scenario_hash,
        "seed": about.stamp.seed,
        "replicates": about.replicates,
        "persons": about.persons,
        "groups_scaled": about.scaled,
        "condition": factors,
        "formats": formats,
        "dirty": about.dirty.map(|preset| preset.name),
        "with_truth": about.with_truth,
        "scenario_files": files,
        "settings": settings,
        "note": "synthetic: no real person. In CSV files an apostrophe stands before a text that a spreadsheet would \
                 take for a formula.",
    });
    folder.text("provenance.json", &format!("{provenance:#}\n"))
}

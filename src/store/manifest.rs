//! `manifest.json`: what the results of a store belong to, and which blocks it has.

use super::identity::{Identity, Places};
use super::log::Entry;
use super::{cannot_write, damaged, problem};
use crate::tables::RunProblem;
use serde::{Deserialize, Serialize};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Name of the file, and of the one that becomes it.
const NAME: &str = "manifest.json";
pub(super) const PART: &str = "manifest.json.part";
/// Version of the layout.
const LAYOUT: u32 = 2;
/// Most differences that are listed.
const LISTED: usize = 5;

type Named = Vec<(String, String)>;

/// What a store says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    layout: u32,
    /// Version of the program that wrote it.
    pub version: String,
    /// SHA-256 of the scenario as it was read last, in hexadecimal.
    pub scenario_hash: String,
    /// Seed of all draws.
    pub seed: u64,
    /// Whether each condition has draws of its own.
    pub independent: bool,
    /// Replicates in a block.
    pub block: u64,
    /// Factors and their values under each condition.
    pub conditions: Vec<Named>,
    /// Estimands: name and text.
    pub estimands: Named,
    /// Methods: name and text.
    pub methods: Named,
    /// Sets of pairs of estimand and method, by position in the two lists.
    pub sets: Vec<Vec<(u32, u32)>>,
    /// Tables of the scenario that decide the data: path and text.
    pub declared: Named,
    /// Files of the scenario: name and text.
    pub files: Named,
    blocks: Vec<Entry>,
}

impl Manifest {
    /// The manifest of a store without blocks.
    pub(super) fn begin(identity: &Identity, block: u64) -> Self {
        Self {
            layout: LAYOUT,
            version: identity.version.clone(),
            scenario_hash: identity.scenario_hash.clone(),
            seed: identity.seed,
            independent: identity.independent,
            block: block.max(1),
            conditions: Vec::new(),
            estimands: Vec::new(),
            methods: Vec::new(),
            sets: Vec::new(),
            declared: identity.declared.clone(),
            files: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// The manifest of a folder with its list of blocks; nothing where the folder has none.
    pub(super) fn read(folder: &Path) -> Result<Option<(Self, Vec<Entry>)>, RunProblem> {
        let path = folder.join(NAME);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(damaged(&path, e)),
        };
        let mut manifest: Self = serde_json::from_str(&text).map_err(|e| damaged(&path, e))?;
        if manifest.layout != LAYOUT || manifest.block == 0 {
            return Err(damaged(&path, format!("its layout is {}, and this program knows {LAYOUT}", manifest.layout)));
        }
        let entries = std::mem::take(&mut manifest.blocks);
        Ok(Some((manifest, entries)))
    }

    /// Writes the manifest with a list of blocks, at once under its final name.
    pub(super) fn write(&self, folder: &Path, blocks: &[Entry]) -> Result<(), RunProblem> {
        let (part, path) = (folder.join(PART), folder.join(NAME));
        let whole = Self { blocks: blocks.to_vec(), ..self.clone() };
        let written = serde_json::to_string_pretty(&whole).map_err(std::io::Error::other).and_then(|text| {
            let mut file = std::fs::File::create(&part)?;
            file.write_all(text.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            std::fs::rename(&part, &path)
        });
        written.map_err(|e| cannot_write(&path, e))
    }

    /// Adds what a scenario has beyond the store; refuses a scenario whose results would be others (R0071).
    pub(super) fn admit(&mut self, identity: Identity, folder: &Path) -> Result<Places, RunProblem> {
        let mut differences = self.differences(&identity);
        let estimands = admitted(&mut self.estimands, &identity.estimands, "estimand", &mut differences);
        let methods = admitted(&mut self.methods, &identity.methods, "method", &mut differences);
        if !differences.is_empty() {
            return Err(other_study(folder, &differences));
        }
        let place = |factors: &Named| match self.conditions.iter().position(|known| known == factors) {
            Some(place) => place,
            None => {
                self.conditions.push(factors.clone());
                self.conditions.len() - 1
            }
        };
        let conditions = identity.conditions.iter().map(place).collect();
        self.files = identity.files;
        self.scenario_hash = identity.scenario_hash;
        Ok(Places::new(conditions, estimands, methods))
    }

    /// What of the study differs, in words.
    fn differences(&self, identity: &Identity) -> Vec<String> {
        let mut list = Vec::new();
        if self.version != identity.version {
            list.push(format!("version {} of the program there, {} here", self.version, identity.version));
        }
        if self.seed != identity.seed {
            list.push(format!("seed {} there, {} here", self.seed, identity.seed));
        }
        if self.independent != identity.independent {
            let words = |independent| if independent { "have draws of their own" } else { "share their draws" };
            list.push(format!("conditions {} there, {} here", words(self.independent), words(identity.independent)));
        }
        for (path, text) in &self.declared {
            match identity.declared.iter().find(|(other, _)| other == path) {
                None => list.push(format!("[{path}] is there only")),
                Some((_, other)) if other != text => list.push(change(path, text, other)),
                Some(_) => {}
            }
        }
        let new = identity.declared.iter().filter(|(path, _)| !self.declared.iter().any(|(known, _)| known == path));
        list.extend(new.map(|(path, _)| format!("[{path}] is here only")));
        if list.is_empty() && self.declared != identity.declared {
            list.push("the tables of the scenario stand in another order".to_owned());
        }
        list
    }
}

/// The places of named parts in a list, to which new ones are added.
fn admitted(known: &mut Named, parts: &Named, what: &str, differences: &mut Vec<String>) -> Vec<usize> {
    let mut places = Vec::with_capacity(parts.len());
    for (name, text) in parts {
        let place = known.iter().position(|(other, _)| other == name);
        if let Some((_, before)) = place.and_then(|p| known.get(p)).filter(|(_, before)| before != text) {
            differences.push(change(&format!("{what} {name}"), before, text));
        }
        places.push(place.unwrap_or(known.len()));
        if place.is_none() {
            known.push((name.clone(), text.clone()));
        }
    }
    places
}

/// A table that differs, with the first of its lines that does.
fn change(path: &str, there: &str, here: &str) -> String {
    let differing = there.lines().zip(here.lines()).find(|(a, b)| a != b);
    match differing {
        Some((a, b)) => format!("[{path}] has `{a}` there, `{b}` here"),
        None => format!("[{path}] has {} keys there, {} here", there.lines().count(), here.lines().count()),
    }
}

fn other_study(folder: &Path, differences: &[String]) -> RunProblem {
    let mut message = format!("`{}` holds the results of another study:", folder.display());
    for difference in differences.iter().take(LISTED) {
        message.push_str(&format!("\n  {difference}"));
    }
    if differences.len() > LISTED {
        message.push_str(&format!("\n  and {} more", differences.len() - LISTED));
    }
    problem("R0071", message)
}

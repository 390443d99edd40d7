//! The published numbers that a command needs: those of the command line, else those that the scenario names.

use super::{Exit, output};
use crate::published::Published;
use crate::scenario::{Scenario, load_published};
use std::path::{Path, PathBuf};

/// The published numbers; `None` where neither the command line nor the scenario names any.
pub(super) fn published(named: Option<&Path>, scenario: &Scenario) -> Result<Option<Published>, Exit> {
    let Some(path) = named.map(Path::to_path_buf).or_else(|| of_scenario(scenario)) else { return Ok(None) };
    let loaded = load_published(&path);
    output::problems(&loaded.problems, &loaded.sources);
    loaded.published.map(Some).ok_or(Exit::Failed)
}

/// The file that `[tables]` names, beside the file in which it stands.
fn of_scenario(scenario: &Scenario) -> Option<PathBuf> {
    let named = scenario.tables.published.as_ref()?;
    let beside = scenario.sources.files.get(named.span.file).map(|(shown, _)| Path::new(shown));
    let folder = beside.and_then(Path::parent).unwrap_or(Path::new(""));
    Some(folder.join(&named.text))
}

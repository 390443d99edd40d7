//! The published numbers that a command needs: those of the command line, else those that the scenario names.

use super::load::{Ready, ScenarioArguments, first_of, ready};
use super::{Exit, output};
use crate::published::Published;
use crate::scenario::{Prepared, Scenario, load_published};
use std::path::{Path, PathBuf};

/// A scenario with the published numbers that its tables are held against.
pub(super) struct Beside {
    pub(super) scenario: Scenario,
    pub(super) published: Published,
    /// The first condition; it has tables.
    pub(super) prepared: Prepared,
}

/// Reads a scenario and published numbers; problems are printed. `used`: what is done with the first condition only.
pub(super) fn beside(arguments: &ScenarioArguments, named: Option<&Path>, used: &str) -> Result<Beside, Exit> {
    let Ready { scenario, conditions } = ready(arguments)?;
    let Some(published) = published(named, &scenario)? else {
        output::error("there are no published numbers: name a file with --published, or in [tables] (R0081)");
        return Err(Exit::Failed);
    };
    let (_, prepared) = first_of(conditions, used)?;
    if prepared.tables.is_none() {
        output::error("the scenario declares no tables (R0080)");
        return Err(Exit::Failed);
    }
    Ok(Beside { scenario, published, prepared })
}

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

//! From a file name to cells that can run, with all problems printed.

use super::{Exit, output};
use crate::diagnostic::{Diagnostics, Sources};
use crate::scenario::{Condition, Prepared, Scenario, load};
use clap::Args;
use std::path::PathBuf;

/// The scenario, and settings that go before what is written in it.
#[derive(Args, Clone, Debug)]
pub struct ScenarioArguments {
    /// The scenario file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Give a parameter, or a key by its path, another value; a [[vary]] of it is then left out
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,
}

fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write it as name=value".to_owned()),
    }
}

/// A scenario with its conditions, each with all that it needs to run.
pub(super) struct Ready {
    pub(super) scenario: Scenario,
    pub(super) conditions: Vec<(Condition, Prepared)>,
}

/// What a file gave: if it is not ready, one of the problems is an error.
pub(super) struct Read {
    pub(super) ready: Option<Ready>,
    pub(super) problems: Diagnostics,
    pub(super) sources: Sources,
}

/// Reads and checks a scenario under all its conditions.
pub(super) fn read(arguments: &ScenarioArguments) -> Read {
    let loaded = load(&arguments.file, &arguments.set);
    let mut problems = loaded.problems;
    let ready = loaded.scenario.and_then(|scenario| {
        let conditions = scenario.check_all(&mut problems);
        let _ = crate::calibrate::priors(&scenario, &mut problems);
        crate::study::expectations(&scenario.expect, &mut problems);
        scenario.precision.until.as_ref().map(|demand| crate::study::until(demand, &mut problems));
        let conditions = conditions.filter(|_| !problems.has_errors())?;
        Some(Ready { scenario, conditions })
    });
    Read { ready, problems, sources: loaded.sources }
}

/// Reads and checks a scenario; problems are printed.
pub(super) fn ready(arguments: &ScenarioArguments) -> Result<Ready, Exit> {
    let read = read(arguments);
    output::problems(&read.problems, &read.sources);
    read.ready.ok_or(Exit::Failed)
}

/// The first condition. Where there are more, a note says that only this one is `used` (simulated, fitted, ...).
pub(super) fn first_of(mut conditions: Vec<(Condition, Prepared)>, used: &str) -> Result<(Condition, Prepared), Exit> {
    let several = conditions.len() > 1;
    if conditions.is_empty() {
        output::error("the scenario has no condition");
        return Err(Exit::Failed);
    }
    let first = conditions.swap_remove(0);
    if several {
        let factors: Vec<String> = first.0.factors.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        output::complain(&format!(
            "note: only the first condition is {used}, {}; --set NAME=VALUE chooses another\n",
            factors.join(", ")
        ));
    }
    Ok(first)
}

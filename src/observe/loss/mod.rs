//! Mechanisms by which whole waves, or single answers, are lost. One file each, one line each in the catalogue.

pub(super) mod chance;
mod dropout;
mod intermittent;
mod item_non_response;

use super::run::Presence;
use super::scope::SurveyScope;
use crate::diagnostic::{Diagnostics, near_miss};
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::{Reason, RunProblem};
use std::fmt::Debug;
use std::sync::Arc;

/// A mechanism by which whole waves are lost.
pub(super) trait WaveLoss: Debug + Send + Sync {
    /// The rules by which it decides.
    fn rules(&self) -> Vec<&Rule>;

    /// Reasons that it gives to cells.
    fn reasons(&self) -> Vec<Reason>;

    /// First wave at which it can happen, from 0.
    fn from_wave(&self) -> usize;

    /// Whether persons whom it takes may come back, so that waves before the last attended one may be missing.
    fn leaves_gaps(&self) -> bool {
        false
    }

    /// Whether it can erase what was recorded before.
    fn erases(&self) -> bool {
        false
    }

    /// One wave, for the persons of a chunk. It is called at every wave, before `from_wave` too.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used.
    fn work(&self, persons: &mut Presence<'_, '_>) -> Result<(), RunProblem>;
}

/// One line of the catalogue of losses.
pub struct Entry {
    /// Name in a scenario's `kind = "..."`.
    pub name: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    declare: fn(&Options, &SurveyScope<'_>, &str, &mut Diagnostics) -> Option<Declared>,
}

/// A declared loss.
pub(super) enum Declared {
    /// Of whole waves.
    Waves(Arc<dyn WaveLoss>),
    /// Of the answers to items, each with its rule.
    Items(Vec<(usize, Rule)>),
}

const CATALOGUE: [Entry; 3] = [
    Entry { name: "dropout", summary: dropout::SUMMARY, declare: dropout::declare },
    Entry { name: "intermittent", summary: intermittent::SUMMARY, declare: intermittent::declare },
    Entry { name: "item_non_response", summary: item_non_response::SUMMARY, declare: item_non_response::declare },
];

/// The mechanisms of `[[survey.loss]]`.
#[must_use]
pub fn catalogue() -> &'static [Entry] {
    &CATALOGUE
}

/// Reads a `[[survey.loss]]` table. `number` tells several losses of one kind apart.
pub(super) fn declare(
    options: &Options,
    number: usize,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<(String, Declared)> {
    let Some(kind) = options.text("kind", problems) else {
        if options.get("kind").is_none() {
            options.missing("kind", problems);
        }
        return None;
    };
    let Some(entry) = CATALOGUE.iter().find(|e| e.name == kind.text) else {
        let names: Vec<&str> = CATALOGUE.iter().map(|e| e.name).collect();
        let near = near_miss(&kind.text, names.iter().copied());
        let help = near.map_or(format!("one of: {}", names.join(", ")), |n| format!("did you mean `{n}`?"));
        problems.error("S0401", &kind.span, format!("no loss is called `{}`", kind.text)).help(help);
        return None;
    };
    let suffix = if number == 0 { String::new() } else { format!(".{}", number + 1) };
    let purpose = format!("loss.{}{suffix}", entry.name);
    let declared = (entry.declare)(options, scope, &purpose, problems);
    options.finish(problems);
    declared.map(|d| (format!("{}{suffix}", entry.name), d))
}

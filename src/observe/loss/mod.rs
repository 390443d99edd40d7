//! Mechanisms by which whole waves, or single answers, are lost. One file each, one line each in the catalogue.

pub(super) mod chance;
mod consent;
mod death;
mod delayed_entry;
mod dropout;
mod emigration;
mod intermittent;
mod item_non_response;
mod leaving;
mod order;
mod refreshment;
mod refusal;
mod right_censoring;
mod site_loss;
mod tracing;

pub(super) use order::check_order;

use super::kind;
use super::run::{Presence, Sites};
use super::scope::{Meaning, SurveyScope};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::rules::Rule;
use crate::tables::{Reason, RunProblem};
use std::fmt::Debug;
use std::sync::Arc;

/// What a mechanism does that is counted, and judged, on its own.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// What is added to the mechanism's name; empty for the only part, or the main one.
    pub suffix: &'static str,
    /// The rules by which it decides.
    pub rules: Vec<&'a Rule>,
}

/// A mechanism by which whole waves are lost, or kept from being lost.
pub(super) trait WaveLoss: Debug + Send + Sync {
    /// What it does, part by part; at least one.
    fn parts(&self) -> Vec<Part<'_>>;

    /// What it reads besides, without a formula.
    fn reads(&self) -> Vec<Meaning> {
        Vec::new()
    }

    /// Reasons that it gives to cells.
    fn reasons(&self) -> Vec<Reason>;

    /// First wave at which it can keep somebody away, from 0.
    fn first_wave(&self) -> usize;

    /// Whether all whom it keeps away from a wave have left for good.
    fn is_for_good(&self) -> bool {
        true
    }

    /// Whether waves before the last attended one may be missing.
    fn leaves_gaps(&self) -> bool {
        !self.is_for_good()
    }

    /// Whether it works on persons, too, who are away from the wave, but not for good.
    fn works_on_absent(&self) -> bool {
        false
    }

    /// Whether it can erase what was recorded before.
    fn erases(&self) -> bool {
        false
    }

    /// What it remembers of a person whom it kept away and who was found again.
    fn found(&self, _memory: &mut u8) {}

    /// One wave, for all sites of the batch, before any person is looked at. It is called at every wave.
    ///
    /// # Errors
    /// A formula gave a value that cannot be used.
    fn work_on_sites(&self, _sites: &mut Sites<'_, '_>) -> Result<(), RunProblem> {
        Ok(())
    }

    /// One wave, for the persons of a chunk. It is called at every wave, before `first_wave` too.
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

const CATALOGUE: [Entry; 12] = [
    Entry { name: "refreshment", summary: refreshment::SUMMARY, declare: refreshment::declare },
    Entry { name: "delayed_entry", summary: delayed_entry::SUMMARY, declare: delayed_entry::declare },
    Entry { name: "refusal", summary: refusal::SUMMARY, declare: refusal::declare },
    Entry { name: "consent", summary: consent::SUMMARY, declare: consent::declare },
    Entry { name: "dropout", summary: dropout::SUMMARY, declare: dropout::declare },
    Entry { name: "intermittent", summary: intermittent::SUMMARY, declare: intermittent::declare },
    Entry { name: "tracing", summary: tracing::SUMMARY, declare: tracing::declare },
    Entry { name: "site_loss", summary: site_loss::SUMMARY, declare: site_loss::declare },
    Entry { name: "death", summary: death::SUMMARY, declare: death::declare },
    Entry { name: "emigration", summary: emigration::SUMMARY, declare: emigration::declare },
    Entry { name: "right_censoring", summary: right_censoring::SUMMARY, declare: right_censoring::declare },
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
    let entry = kind::entry(options, &CATALOGUE, |e| e.name, ("S0401", "loss"), problems)?;
    let suffix = if number == 0 { String::new() } else { format!(".{}", number + 1) };
    let purpose = format!("loss.{}{suffix}", entry.name);
    let declared = (entry.declare)(options, scope, &purpose, problems);
    options.finish(problems);
    declared.map(|d| (format!("{}{suffix}", entry.name), d))
}

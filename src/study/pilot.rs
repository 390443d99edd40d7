//! A quick pilot: what a study would see, from a few replicates in a space of draws of their own.

use super::in_order::{cores, in_order};
use crate::describe::{self, Tally};
use crate::observe::{self, Keep};
use crate::scenario::Prepared;
use crate::simulate;
use crate::streams::{Space, Streams};
use crate::tables::{Description, RunProblem};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Persons that a pilot aims at: a share of a half then has a Monte Carlo standard error of 0.0035.
const PERSONS: u64 = 20_000;
/// Fewest and most replicates.
const REPLICATES: (u64, u64) = (20, 500);
/// Most answers (persons, waves and items multiplied) of a pilot of several replicates: a second or two of work.
const ANSWERS: u64 = 20_000_000;
/// Most answers of a single replicate: a larger study has no pilot.
const MOST: u64 = 100_000_000;
/// Most blocks whose scatter gives the Monte Carlo standard errors.
const BLOCKS: u64 = 40;

/// What a pilot found.
#[derive(Clone, Debug)]
pub struct Pilot {
    /// Replicates that were made.
    pub replicates: u64,
    /// What they show.
    pub description: Description,
}

/// How many replicates a pilot has: it depends on the size of the study alone. 0 where a single one is too large.
#[must_use]
pub fn pilot_replicates(persons: u64, waves: u64, items: u64) -> u64 {
    let answers = persons.saturating_mul(waves.max(1)).saturating_mul(items.max(1)).max(1);
    let wanted = (PERSONS / persons.max(1)).clamp(REPLICATES.0, REPLICATES.1);
    match answers {
        n if n > MOST => 0,
        n => wanted.min(ANSWERS / n).max(1),
    }
}

/// Simulates and observes a few replicates of a condition; `None` where the study is too large for that. The same
/// scenario and seed give the same numbers at any number of threads, and none of them is one of the study's.
///
/// # Errors
/// A formula gave a value that cannot be used, or no threads could be started (R0012).
pub fn pilot(prepared: &Prepared, seed: u64) -> Result<Option<Pilot>, RunProblem> {
    let schema = prepared.survey.schema();
    let persons = prepared.truth.schema().persons as u64;
    let replicates = pilot_replicates(persons, schema.waves() as u64, schema.items.len() as u64);
    if replicates == 0 {
        return Ok(None);
    }
    let streams = Streams::new(seed, Space::Pilot);
    let shape = Arc::new(describe::shape(schema));
    let blocks = blocks(replicates);
    let state = || (simulate::Scratch::default(), observe::Scratch::default());
    let (tallies, _) = in_order(cores(), blocks.len(), &AtomicBool::new(false), state, |(first, second), number| {
        let truth = prepared.truth.simulate(&streams, blocks[number].clone(), first)?;
        // Comments are made where single interviews are kept.
        let keep = if schema.comments.is_some() { Keep::Interviews } else { Keep::Answers };
        let (observed, audit) = prepared.survey.observe(&truth, &streams, keep, second)?;
        Ok(describe::tally_batch(&shape, &observed, &audit, &truth))
    })?;
    let tallies: Vec<Tally> = tallies.into_iter().flatten().collect();
    Ok(Some(Pilot { replicates, description: describe::summary(&tallies) }))
}

/// Cuts replicates into blocks of nearly the same size.
fn blocks(replicates: u64) -> Vec<Range<u64>> {
    let n = replicates.min(BLOCKS);
    (0..n).map(|b| b * replicates / n..(b + 1) * replicates / n).collect()
}

#[cfg(test)]
mod tests;

//! One replicate, simulated and observed part after part where it is too large to be held at once.

use crate::observe::{self, Keep};
use crate::scenario::Prepared;
use crate::simulate;
use crate::streams::Streams;
use crate::tables::{Audit, ObservedBatch, RunProblem, Truth};
use std::ops::{ControlFlow, Range};

/// Most persons who are simulated and observed at a time, where persons do not depend on each other.
pub const PART: usize = 500_000;

/// Buffers, reused between replicates of the same condition.
#[derive(Clone, Debug, Default)]
pub struct PartScratch {
    truth: simulate::Scratch,
    survey: observe::Scratch,
}

/// Some persons of one replicate with all that is known of them.
#[derive(Debug)]
pub struct Part {
    /// The persons, counted through all groups of the replicate.
    pub persons: Range<usize>,
    /// Their true histories.
    pub truth: Truth,
    /// What the survey holds of them, single interviews included.
    pub observed: ObservedBatch,
    /// Why that differs from the truth, cell by cell.
    pub audit: Audit,
}

/// Hands over a replicate, in one part if it has at most [`PART`] persons or if its persons depend on each other. Returns
/// whether all of it was handed over: `sink` may break off.
///
/// # Errors
/// A formula gave a value that cannot be used, or what `sink` returns.
pub fn each_part(
    prepared: &Prepared,
    streams: &Streams,
    replicate: u64,
    scratch: &mut PartScratch,
    sink: &mut dyn FnMut(Part) -> Result<ControlFlow<()>, RunProblem>,
) -> Result<bool, RunProblem> {
    let persons = prepared.truth.schema().persons;
    let mut first = 0;
    while first < persons && persons > PART {
        let part = first..persons.min(first + PART);
        let Some(truth) = prepared.truth.simulate_part(streams, replicate, part.clone(), &mut scratch.truth)? else {
            break;
        };
        let survey = &prepared.survey;
        let Some((observed, audit)) =
            survey.observe_part(&truth, part.clone(), streams, Keep::Cells, &mut scratch.survey)?
        else {
            break;
        };
        first = part.end;
        if sink(Part { persons: part, truth, observed, audit })?.is_break() {
            return Ok(false);
        }
    }
    if first > 0 {
        return Ok(true);
    }
    let truth = prepared.truth.simulate(streams, replicate..replicate + 1, &mut scratch.truth)?;
    let (observed, audit) = prepared.survey.observe(&truth, streams, Keep::Cells, &mut scratch.survey)?;
    Ok(sink(Part { persons: 0..persons, truth, observed, audit })?.is_continue())
}

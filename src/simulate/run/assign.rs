//! Random assignment to arms.

use super::super::plan::{Assignment, AssignmentWithin};
use super::cohort::Cohort;
use crate::streams::{Lane, Streams, open_unit, stratum};
use crate::tables::Column;

/// Assigns everybody of the batch.
pub(super) fn assign(v: usize, assignment: &Assignment, cohort: &mut Cohort<'_>) {
    let purpose = cohort.plan.variables[v].purpose;
    let rows = cohort.layout.rows();
    let mut words = vec![0_u64; rows];
    for segment in cohort.layout.segments() {
        cohort.streams.fill_words(&segment.lane(purpose, 0), segment.first, &mut words[segment.rows.clone()]);
    }
    let arms = match assignment.kind {
        AssignmentWithin::Nobody => words.iter().map(|w| arm_of(open_unit(*w), &assignment.shares)).collect(),
        _ => fixed_numbers(v, assignment, cohort, &words),
    };
    if let Column::Coded { codes, .. } = &mut cohort.columns[v] {
        *codes = arms;
    }
}

fn arm_of(u: f64, shares: &[f64]) -> u8 {
    let mut sum = 0.0;
    for (arm, share) in shares.iter().enumerate() {
        sum += share;
        if u < sum {
            return arm as u8;
        }
    }
    shares.len().saturating_sub(1) as u8
}

/// In each block of each replicate, persons in the order of their draws get the arms one after another.
fn fixed_numbers(v: usize, assignment: &Assignment, cohort: &Cohort<'_>, words: &[u64]) -> Vec<u8> {
    let persons = cohort.plan.schema.persons;
    let block_of = |row: usize| match assignment.kind {
        AssignmentWithin::Nobody | AssignmentWithin::Everybody => 0,
        AssignmentWithin::Group => usize::from(cohort.group[row]),
        AssignmentWithin::Attribute(a) => match &cohort.columns[a] {
            Column::Coded { codes, .. } => usize::from(codes[row]),
            Column::Number(_) => 0,
        },
    };
    let mut arms = vec![0; words.len()];
    for (r, replicate) in cohort.replicates.clone().enumerate() {
        let mut blocks: Vec<Vec<usize>> = Vec::new();
        for row in r * persons..(r + 1) * persons {
            let block = block_of(row);
            if blocks.len() <= block {
                blocks.resize(block + 1, Vec::new());
            }
            blocks[block].push(row);
        }
        for (block, mut members) in blocks.into_iter().enumerate() {
            members.sort_unstable_by_key(|row| (words[*row], *row));
            let purpose = cohort.plan.variables[v].purpose;
            // A group's block goes by its name, so that groups do not move each other's draws.
            let (stratum, index) = match assignment.kind {
                AssignmentWithin::Group => (cohort.plan.groups[block].stratum, 0),
                _ => (stratum("assignment"), block as u32),
            };
            let lane = Lane { purpose, occasion: 1, replicate, stratum };
            let ends = ends(members.len(), &assignment.shares, cohort.streams, &lane, index);
            let mut arm = 0;
            for (rank, row) in members.into_iter().enumerate() {
                while rank >= ends[arm] {
                    arm += 1;
                }
                arms[row] = arm as u8;
            }
        }
    }
    arms
}

/// Ranks at which the arms end. Where the shares of a block are no whole numbers they are rounded up or down at
/// random (systematically, by one uniform), so that each arm has its share on average.
fn ends(size: usize, shares: &[f64], streams: &Streams, lane: &Lane, block: u32) -> Vec<usize> {
    let u = open_unit(streams.own(lane, block).word(0));
    let mut sum = 0.0;
    let mut ends: Vec<usize> = shares
        .iter()
        .map(|share| {
            sum += share;
            let exact = size as f64 * sum;
            let near = exact.round();
            if (exact - near).abs() < 1e-9 { near as usize } else { (exact + u).floor() as usize }
        })
        .collect();
    if let Some(last) = ends.last_mut() {
        *last = size;
    }
    ends
}

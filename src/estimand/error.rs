//! The Monte Carlo standard error of a value that was reckoned from many replicates.

use crate::numeric::sum::sum;
use crate::tables::Truth;
use std::ops::Range;

/// Blocks of replicates at most.
const MOST_BLOCKS: usize = 100;

/// The rows of a truth in up to 100 blocks of whole replicates, as even as may be; one block if it holds no replicates.
pub(super) fn blocks(truth: &Truth) -> Vec<Range<usize>> {
    let persons = truth.schema.persons.max(1);
    let rows = truth.group.len();
    let replicates = rows / persons;
    let blocks = replicates.clamp(1, MOST_BLOCKS);
    let start = |block: usize| if block == blocks { rows } else { block * replicates / blocks * persons };
    (0..blocks).map(|block| start(block)..start(block + 1)).collect()
}

/// Standard error of `all` from the values without each block in turn, for blocks of unequal size. For equal blocks it
/// is the usual jackknife. NaN for fewer than two blocks or an undefined value.
pub(super) fn jackknife(all: f64, rest: &[f64], blocks: &[Range<usize>]) -> f64 {
    let rows = blocks.iter().map(Range::len).sum::<usize>() as f64;
    let count = blocks.len() as f64;
    if blocks.len() < 2 {
        return f64::NAN;
    }
    let centre = count * all - sum(rest.iter().zip(blocks).map(|(rest, b)| (1.0 - b.len() as f64 / rows) * rest));
    let squares = sum(rest.iter().zip(blocks).map(|(rest, block)| {
        let h = rows / block.len() as f64;
        let pseudo = h * all - (h - 1.0) * rest;
        (pseudo - centre) * (pseudo - centre) / (h - 1.0)
    }));
    (squares / count).sqrt()
}

//! All compared cells together: how many are inside, how their percentiles are spread, and what simulated studies in the
//! place of the published one would give.

use super::LEVEL;
use super::cells::{Studies, place};
use crate::numeric::quantile::type_7;
use crate::tables::comparison::{Calibration, ComparedCell, Standing};

/// Most simulated studies that are put in the place of the published one.
const MOST: usize = 2_000;

/// Where a number lies among others: the share below it and the share up to it, itself included.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    from: f64,
    to: f64,
}

/// See [`Calibration`]; nothing without a compared cell.
pub(super) fn calibration(studies: &Studies<'_>, cells: &[ComparedCell]) -> Option<Calibration> {
    let compared: Vec<usize> = (0..cells.len()).filter(|cell| cells[*cell].standing == Standing::Compared).collect();
    if compared.is_empty() {
        return None;
    }
    let published: Vec<Stretch> = compared
        .iter()
        .map(|cell| Stretch { from: cells[*cell].below, to: cells[*cell].below + cells[*cell].equal })
        .collect();
    let inside = compared.iter().filter(|cell| cells[**cell].is_inside() == Some(true)).count();
    let mut insides = Vec::new();
    let mut spreads = Vec::new();
    for study in 0..studies.number().min(MOST) {
        let (inside, stretches) = in_its_place(studies, cells, &compared, study);
        if !stretches.is_empty() {
            insides.push(inside / stretches.len() as f64);
            spreads.push(spread(&stretches));
        }
    }
    Some(Calibration {
        inside: inside as f64 / compared.len() as f64,
        inside_expected: thirds(insides),
        spread: spread(&published),
        spread_expected: thirds(spreads),
        histogram: histogram(&published),
    })
}

/// Cells of a simulated study inside the envelopes, and where they lie among the other studies.
fn in_its_place(
    studies: &Studies<'_>,
    cells: &[ComparedCell],
    compared: &[usize],
    study: usize,
) -> (f64, Vec<Stretch>) {
    let mut inside = 0.0;
    let mut stretches = Vec::with_capacity(compared.len());
    for cell in compared {
        let value = studies.columns[*cell][study];
        let others = studies.sorted[*cell].len() as f64 - 1.0;
        if value.is_nan() || others < 1.0 {
            continue;
        }
        let (below, equal) = place(&studies.sorted[*cell], value);
        stretches.push(Stretch { from: below / others, to: (below + equal - 1.0) / others });
        inside += f64::from(u8::from(cells[*cell].low <= value && value <= cells[*cell].high));
    }
    (inside, stretches)
}

/// 2.5 %, 50 % and 97.5 %.
fn thirds(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    let tail = (1.0 - LEVEL) / 2.0;
    [tail, 0.5, 1.0 - tail].map(|p| type_7(&values, p))
}

/// Four times the mean distance from the middle; over a stretch its mean.
fn spread(stretches: &[Stretch]) -> f64 {
    let total: f64 = stretches.iter().map(|s| distance(*s)).sum();
    4.0 * total / stretches.len() as f64
}

/// The mean distance from 1/2 over a stretch.
fn distance(stretch: Stretch) -> f64 {
    let Stretch { from, to } = stretch;
    let length = to - from;
    if length <= 0.0 {
        return (from - 0.5).abs();
    }
    // The integral of |u - 1/2| from 0: the square of the distance from the middle, with its sign, halved.
    let until = |u: f64| (u - 0.5) * (u - 0.5).abs() / 2.0;
    (until(to) - until(from)) / length
}

/// Shares in tenths; a stretch counts in each tenth by how much of it lies there.
fn histogram(stretches: &[Stretch]) -> [f64; 10] {
    let mut shares = [0.0; 10];
    for stretch in stretches {
        let length = stretch.to - stretch.from;
        for (tenth, share) in shares.iter_mut().enumerate() {
            let (low, high) = (tenth as f64 / 10.0, (tenth as f64 + 1.0) / 10.0);
            *share += match length > 0.0 {
                true => (stretch.to.min(high) - stretch.from.max(low)).max(0.0) / length,
                false => f64::from(u8::from(((stretch.from * 10.0) as usize).min(9) == tenth)),
            };
        }
    }
    shares.map(|share| share / stretches.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_stretch_has_spread_one() {
        let whole = Stretch { from: 0.0, to: 1.0 };
        assert!((spread(&[whole]) - 1.0).abs() < 1e-15);
        let middle = Stretch { from: 0.5, to: 0.5 };
        let ends = [Stretch { from: 0.0, to: 0.0 }, Stretch { from: 1.0, to: 1.0 }];
        assert_eq!((spread(&[middle]), spread(&ends)), (0.0, 2.0));
        // From 0.25 to 0.5: the mean distance is 1/8.
        assert!((distance(Stretch { from: 0.25, to: 0.5 }) - 0.125).abs() < 1e-15);
    }

    #[test]
    fn stretches_are_shared_out_over_tenths() {
        let shares = histogram(&[Stretch { from: 0.05, to: 0.25 }, Stretch { from: 1.0, to: 1.0 }]);
        let expected = [0.125, 0.25, 0.125, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5];
        assert!(shares.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{shares:?}");
    }
}

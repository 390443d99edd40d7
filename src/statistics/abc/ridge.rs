//! Ridge regressions of several outcomes on the same columns, with penalties chosen by cross-validation.
//!
//! The sums of products of each fold are made once. Leaving out a fold is then a subtraction, and the error in it a
//! quadratic form: no penalty needs another pass over the rows.
//!
//! Sources: Hoerl and Kennard 1970 (doi:10.1080/00401706.1970.10488634); Hastie, Tibshirani and Friedman 2009, The
//! Elements of Statistical Learning, 3.4.1 and 7.10 (doi:10.1007/978-0-387-84858-7).

use super::failure::AbcFailure;
use super::gram::{Gram, dot};
use crate::numeric::linear::{cholesky, cholesky_solve};

/// Coefficients of one outcome.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    pub(super) intercept: f64,
    pub(super) slopes: Vec<f64>,
}

impl Line {
    pub(super) fn at(&self, x: &[f64]) -> f64 {
        self.intercept + dot(&self.slopes, x)
    }
}

/// What was fitted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ridge {
    /// A line per outcome, fitted to all rows.
    pub(super) lines: Vec<Line>,
    /// For each fold the lines fitted without it, with the penalties that were chosen.
    pub(super) without: Vec<Vec<Line>>,
    /// The penalty chosen for each outcome: mean squared error + penalty * squared length of the slopes is least.
    pub(super) penalties: Vec<f64>,
}

/// Penalties tried, from 1e-4 to 100 in half decades, for columns whose variance is about 1. At the largest a column
/// keeps a hundredth of its slope.
fn grid() -> Vec<f64> {
    (0..13).map(|k| libm::pow(10.0, -4.0 + 0.5 * f64::from(k))).collect()
}

/// Fits the last `outcomes` columns of the folds' rows to the columns before them.
pub(super) fn fit(folds: &[Gram], columns: usize, outcomes: usize) -> Result<Ridge, AbcFailure> {
    let mut total = Gram::new(columns + outcomes);
    folds.iter().for_each(|fold| total.merge(fold));
    let grid = grid();
    let mut errors = vec![vec![0.0; outcomes]; grid.len()];
    // Fold after fold, then penalty after penalty.
    let mut tried = Vec::with_capacity(folds.len());
    for fold in folds {
        let mut rest = total.clone();
        rest.remove(fold);
        let lines: Vec<Vec<Line>> =
            grid.iter().map(|penalty| solve(&rest, columns, outcomes, *penalty)).collect::<Result<_, _>>()?;
        for (sums, lines) in errors.iter_mut().zip(&lines) {
            let work = lines.iter().enumerate().map(|(j, line)| squared_error(fold, line, columns + j));
            sums.iter_mut().zip(work).for_each(|(sum, error)| *sum += error);
        }
        tried.push(lines);
    }
    let chosen: Vec<usize> = (0..outcomes).map(|j| least(errors.iter().map(|sums| sums[j]))).collect();
    let pick = |lines: &mut Vec<Vec<Line>>| -> Vec<Line> {
        chosen.iter().enumerate().map(|(j, k)| std::mem::take(&mut lines[*k][j])).collect()
    };
    let mut whole = grid.iter().enumerate().map(|(k, penalty)| {
        if chosen.contains(&k) { solve(&total, columns, outcomes, *penalty) } else { Ok(Vec::new()) }
    });
    let mut whole: Vec<Vec<Line>> = whole.by_ref().collect::<Result<_, _>>()?;
    Ok(Ridge {
        lines: pick(&mut whole),
        without: tried.iter_mut().map(pick).collect(),
        penalties: chosen.iter().map(|k| grid[*k]).collect(),
    })
}

/// The place of the smallest number; of equal ones the last, which is the larger penalty.
fn least(values: impl Iterator<Item = f64>) -> usize {
    let mut best = (0, f64::INFINITY);
    for (k, value) in values.enumerate() {
        if value <= best.1 {
            best = (k, value);
        }
    }
    best.0
}

/// The lines of all outcomes with one penalty.
fn solve(gram: &Gram, columns: usize, outcomes: usize, penalty: f64) -> Result<Vec<Line>, AbcFailure> {
    let mut factor = vec![0.0; columns * columns];
    for i in 0..columns {
        for j in 0..=i {
            factor[i * columns + j] = gram.covariance(i, j);
        }
        factor[i * columns + i] += penalty;
    }
    cholesky(&mut factor, columns).map_err(|_| AbcFailure::Numerical)?;
    let line = |outcome: usize| {
        let mut slopes: Vec<f64> = (0..columns).map(|i| gram.covariance(i, outcome)).collect();
        cholesky_solve(&factor, columns, &mut slopes);
        let moved: f64 = slopes.iter().enumerate().map(|(i, b)| b * gram.mean(i)).sum();
        Line { intercept: gram.mean(outcome) - moved, slopes }
    };
    Ok((columns..columns + outcomes).map(line).collect())
}

/// Sum of squared errors of a line over the rows of a fold, from their sums of products alone.
fn squared_error(fold: &Gram, line: &Line, outcome: usize) -> f64 {
    let (a, b, n) = (line.intercept, &line.slopes, fold.rows as f64);
    let mut sum = fold.product(outcome, outcome) - 2.0 * a * fold.sums[outcome] + n * a * a;
    for (i, slope) in b.iter().enumerate() {
        let below: f64 = (0..i).map(|j| b[j] * fold.product(i, j)).sum();
        sum += slope * (slope * fold.product(i, i) + 2.0 * (below + a * fold.sums[i] - fold.product(outcome, i)));
    }
    sum
}

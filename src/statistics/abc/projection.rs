//! Semi-automatic summary statistics: several hundred summaries become one number per parameter.
//!
//! The summary that loses least for estimating a parameter is its posterior mean. Here it is approximated by a ridge
//! regression of each parameter on all summaries over draws of the prior (the pilot). Two data sets are as far apart as
//! the posteriors that they imply: for normal posteriors with means `a` and `b` and the same covariance `R` the natural
//! distance is `sqrt((a - b)' R^-1 (a - b))`, and `R` is estimated by the covariance of what the regressions leave, over
//! rows that they were not fitted to. So a difference counts in units of what is not known: a parameter that the summaries
//! determine well weighs much, one that they say nothing of moves its own projection hardly and weighs next to nothing.
//! A distance in units of the projections' own spread would blow up that noise until it counted as much as the rest.
//!
//! Source: Fearnhead and Prangle 2012 (doi:10.1111/j.1467-9868.2011.01010.x).

use super::failure::AbcFailure;
use super::gram::Gram;
use super::ridge::{self, Line};
use crate::numeric::linear::cholesky;

/// Summaries of many simulated data sets.
#[derive(Clone, Copy, Debug)]
pub struct Summaries<'a> {
    /// Values, data set after data set, `columns` numbers each; NaN where one is missing.
    pub values: &'a [f64],
    /// Number of summaries of a data set.
    pub columns: usize,
}

/// How a summary is transformed before anything else is done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transform {
    /// Left as it is.
    Identity,
    /// `2 sqrt(x + 3/8)`, for counts: it has a variance of about 1 whatever the mean of a Poisson number (Anscombe 1948,
    /// doi:10.1093/biomet/35.3-4.246). Refuses numbers below 0.
    Root,
}

/// A projected data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Projected {
    /// The expected parameters given the summaries, one per parameter, on the scale of z.
    pub at: Vec<f64>,
    /// Summaries that vary in the pilot and are missing here: each was taken to be its mean in the pilot.
    pub missing: usize,
}

/// One summary as the pilot showed it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Column {
    transform: Transform,
    /// Mean and standard deviation after the transform, of the draws that have it.
    mean: f64,
    sd: f64,
    /// Range before the transform.
    low: f64,
    high: f64,
    missing: usize,
}

impl Column {
    fn varies(&self) -> bool {
        self.high > self.low && self.sd > 0.0
    }
}

/// Expected parameters given summaries, and the distance that goes with them.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    columns: Vec<Column>,
    /// Positions of the columns that vary.
    kept: Vec<usize>,
    lines: Vec<Line>,
    penalties: Vec<f64>,
    r_squared: Vec<f64>,
    residual: Vec<f64>,
    factor: Vec<f64>,
    rows: usize,
}

/// Added to the variances of what the regressions leave (a parameter's own is 1), so that parameters which the summaries
/// determine exactly have a distance too.
const SMALLEST_VARIANCE: f64 = 1e-9;

impl Projection {
    /// Fits the regressions to a pilot: `z` holds the parameters of each draw, row after row, `parameters` numbers each;
    /// `transforms` one transform per summary. The penalty of each parameter is the one of 13 (1e-4 to 100, per row, for
    /// summaries with variance 1) whose squared error in `folds` left-out folds is least; row `i` is in fold
    /// `i mod folds`, since rows of a pilot come in no order. Summaries that never vary, or are never there, are dropped
    /// and counted; a missing value is taken to be the summary's mean, and counted.
    ///
    /// # Errors
    /// Lengths that do not fit together, fewer than 2 folds or than 10 rows a fold, an infinite summary, a parameter that
    /// is not finite, a number below 0 to take the root of, no summary that varies.
    pub fn fit(
        z: &[f64],
        parameters: usize,
        summaries: Summaries,
        transforms: &[Transform],
        folds: usize,
    ) -> Result<Self, AbcFailure> {
        let rows = check(z, parameters, summaries, transforms, folds)?;
        let columns: Vec<Column> = columns(summaries, transforms)?;
        let kept: Vec<usize> = (0..columns.len()).filter(|j| columns[*j].varies()).collect();
        if kept.is_empty() {
            return Err(AbcFailure::NothingVaries);
        }
        let mut own = Self {
            columns,
            kept,
            lines: Vec::new(),
            penalties: Vec::new(),
            r_squared: Vec::new(),
            residual: Vec::new(),
            factor: Vec::new(),
            rows,
        };
        let grams = own.grams(z, parameters, summaries, folds);
        let ridge = ridge::fit(&grams, own.kept.len(), parameters)?;
        own.leave_out(z, parameters, summaries, &grams, &ridge.without);
        own.lines = ridge.lines;
        own.penalties = ridge.penalties;
        own.factor = own.residual.clone();
        cholesky(&mut own.factor, parameters).map_err(|_| AbcFailure::Numerical)?;
        Ok(own)
    }

    /// Projects the summaries of a data set, observed or simulated, in the order of the pilot's columns; NaN where one is
    /// missing.
    ///
    /// # Errors
    /// Another number of summaries than the pilot had; an infinite one; a number below 0 to take the root of; all
    /// missing that vary in the pilot.
    pub fn project(&self, summaries: &[f64]) -> Result<Projected, AbcFailure> {
        self.same_columns(summaries)?;
        let mut x = Vec::with_capacity(self.kept.len());
        for j in &self.kept {
            refuse(self.columns[*j].transform, summaries[*j], 0, *j)?;
        }
        let missing = self.standardise(summaries, &mut x);
        if missing == self.kept.len() {
            return Err(AbcFailure::NothingThere);
        }
        let at: Vec<f64> = self.lines.iter().map(|line| line.at(&x)).collect();
        if at.iter().any(|v| !v.is_finite()) {
            return Err(AbcFailure::Numerical);
        }
        Ok(Projected { at, missing })
    }

    /// The distance between two projected data sets. Infinite where a number is missing.
    #[must_use]
    pub fn distance(&self, a: &[f64], b: &[f64]) -> f64 {
        let p = self.parameters();
        if a.len() != p || b.len() != p {
            return f64::INFINITY;
        }
        let difference: Vec<f64> = a.iter().zip(b).map(|(x, y)| x - y).collect();
        let square: f64 = whiten(&self.factor, &difference).iter().map(|v| v * v).sum();
        if square.is_nan() { f64::INFINITY } else { libm::sqrt(square) }
    }

    /// Positions of the summaries that lie outside the range of all draws of the pilot, or are there although the pilot
    /// never has them: figures that the prior cannot give, or hardly.
    ///
    /// # Errors
    /// Another number of summaries than the pilot had.
    pub fn outside_pilot(&self, summaries: &[f64]) -> Result<Vec<usize>, AbcFailure> {
        self.same_columns(summaries)?;
        let outside = |j: &usize| {
            let (x, column) = (summaries[*j], &self.columns[*j]);
            // A column that is never there has its low end above its high one.
            x < column.low || x > column.high
        };
        Ok((0..summaries.len()).filter(outside).collect())
    }

    /// Number of parameters.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.lines.len()
    }

    /// Number of rows of the pilot.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Positions of the summaries that are in use.
    #[must_use]
    pub fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// Positions of the summaries that were dropped: the same in all draws that have them, or missing in all.
    #[must_use]
    pub fn dropped(&self) -> Vec<usize> {
        (0..self.columns.len()).filter(|j| !self.columns[*j].varies()).collect()
    }

    /// For each summary, dropped ones too, the draws of the pilot in which it was missing.
    #[must_use]
    pub fn missing(&self) -> Vec<usize> {
        self.columns.iter().map(|column| column.missing).collect()
    }

    /// For each parameter the share of its prior variance that the summaries explain, in rows that the regression was not
    /// fitted to. At most 1; a little below 0 where they explain nothing.
    #[must_use]
    pub fn r_squared(&self) -> &[f64] {
        &self.r_squared
    }

    /// The penalty chosen for each parameter.
    #[must_use]
    pub fn penalties(&self) -> &[f64] {
        &self.penalties
    }

    /// Covariance of what the regressions leave, in rows that they were not fitted to, row after row.
    #[must_use]
    pub fn residual_covariance(&self) -> &[f64] {
        &self.residual
    }

    /// Slopes of a parameter on the standardised summaries in [`kept`](Self::kept), in their order. Empty for a parameter
    /// that there is not.
    #[must_use]
    pub fn slopes(&self, parameter: usize) -> &[f64] {
        self.lines.get(parameter).map_or(&[], |line| &line.slopes)
    }

    fn same_columns(&self, summaries: &[f64]) -> Result<(), AbcFailure> {
        let (have, want) = (summaries.len(), self.columns.len());
        if have == want { Ok(()) } else { Err(AbcFailure::Shape { what: "summaries", have, want }) }
    }

    /// The kept columns with mean 0 and variance 1, into `out`; gives the number of missing ones.
    fn standardise(&self, summaries: &[f64], out: &mut Vec<f64>) -> usize {
        out.clear();
        let mut missing = 0;
        for j in &self.kept {
            let column = &self.columns[*j];
            let x = transformed(column.transform, summaries[*j]);
            missing += usize::from(x.is_nan());
            out.push(if x.is_nan() { 0.0 } else { (x - column.mean) / column.sd });
        }
        missing
    }

    /// Sums of products of the standardised summaries and the parameters, for each fold.
    fn grams(&self, z: &[f64], parameters: usize, summaries: Summaries, folds: usize) -> Vec<Gram> {
        let mut x = Vec::new();
        let mut grams = vec![Gram::new(self.kept.len() + parameters); folds];
        for (i, (row, z)) in rows(summaries).zip(z.chunks_exact(parameters)).enumerate() {
            self.standardise(row, &mut x);
            x.extend_from_slice(z);
            grams[i % folds].add(&x);
        }
        grams.iter_mut().for_each(Gram::finish);
        grams
    }

    /// Sets what the lines of each fold leave in its rows: their covariance and the share explained.
    fn leave_out(&mut self, z: &[f64], p: usize, summaries: Summaries, grams: &[Gram], without: &[Vec<Line>]) {
        let width = self.kept.len();
        let rest: Vec<Vec<f64>> = (0..grams.len())
            .map(|left| {
                let others = || grams.iter().enumerate().filter(|(k, _)| *k != left).map(|(_, gram)| gram);
                let n: usize = others().map(|gram| gram.rows).sum();
                (0..p).map(|j| others().map(|gram| gram.sums[width + j]).sum::<f64>() / n as f64).collect()
            })
            .collect();
        let (mut products, mut squares) = (vec![0.0; p * p], vec![0.0; p]);
        let (mut x, mut left) = (Vec::new(), vec![0.0; p]);
        for (i, (row, z)) in rows(summaries).zip(z.chunks_exact(p)).enumerate() {
            let fold = i % grams.len();
            self.standardise(row, &mut x);
            for j in 0..p {
                left[j] = z[j] - without[fold][j].at(&x);
                squares[j] += (z[j] - rest[fold][j]) * (z[j] - rest[fold][j]);
            }
            crate::numeric::matrix::add_outer(&mut products, &left, 1.0);
        }
        self.r_squared = (0..p).map(|j| 1.0 - products[j * p + j] / squares[j]).collect();
        products.iter_mut().for_each(|v| *v /= self.rows as f64);
        (0..p).for_each(|j| products[j * p + j] += SMALLEST_VARIANCE);
        self.residual = products;
    }
}

fn rows<'a>(summaries: Summaries<'a>) -> impl Iterator<Item = &'a [f64]> {
    summaries.values.chunks_exact(summaries.columns.max(1))
}

fn transformed(transform: Transform, x: f64) -> f64 {
    match transform {
        Transform::Identity => x,
        Transform::Root => 2.0 * libm::sqrt(x + 0.375),
    }
}

/// Holds the pilot to its shape and gives its number of rows.
fn check(
    z: &[f64],
    parameters: usize,
    summaries: Summaries,
    transforms: &[Transform],
    folds: usize,
) -> Result<usize, AbcFailure> {
    let shape = |what, have, want| if have == want { Ok(()) } else { Err(AbcFailure::Shape { what, have, want }) };
    let few = |what, have, need| if have >= need { Ok(()) } else { Err(AbcFailure::TooFew { what, have, need }) };
    few("parameters", parameters, 1)?;
    few("summaries", summaries.columns, 1)?;
    few("folds", folds, 2)?;
    let rows = z.len() / parameters;
    shape("numbers of parameters", z.len(), rows * parameters)?;
    shape("summaries in all draws", summaries.values.len(), rows * summaries.columns)?;
    shape("transforms", transforms.len(), summaries.columns)?;
    few("draws of the pilot", rows, folds.saturating_mul(10))?;
    match z.iter().position(|v| !v.is_finite()) {
        Some(at) => Err(AbcFailure::NotFinite { what: "parameter", row: at / parameters, column: at % parameters }),
        None => Ok(rows),
    }
}

/// Refuses what has no place in a summary.
fn refuse(transform: Transform, value: f64, row: usize, column: usize) -> Result<(), AbcFailure> {
    if value.is_infinite() {
        return Err(AbcFailure::NotFinite { what: "summary", row, column });
    }
    if transform == Transform::Root && value < 0.0 {
        return Err(AbcFailure::Negative { row, column, value });
    }
    Ok(())
}

/// Means, deviations and ranges of the summaries, in two passes.
fn columns(summaries: Summaries, transforms: &[Transform]) -> Result<Vec<Column>, AbcFailure> {
    let mut out: Vec<Column> = transforms
        .iter()
        .map(|transform| Column {
            transform: *transform,
            mean: 0.0,
            sd: 0.0,
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
            missing: 0,
        })
        .collect();
    for (i, row) in rows(summaries).enumerate() {
        for (j, (column, value)) in out.iter_mut().zip(row).enumerate() {
            refuse(column.transform, *value, i, j)?;
            if value.is_nan() {
                column.missing += 1;
                continue;
            }
            column.mean += transformed(column.transform, *value);
            column.low = column.low.min(*value);
            column.high = column.high.max(*value);
        }
    }
    let total = summaries.values.len() / summaries.columns;
    let there = |column: &Column| (total - column.missing).max(1) as f64;
    out.iter_mut().for_each(|column| column.mean /= there(column));
    for row in rows(summaries) {
        for (column, value) in out.iter_mut().zip(row).filter(|(_, value)| !value.is_nan()) {
            let off = transformed(column.transform, *value) - column.mean;
            column.sd += off * off;
        }
    }
    out.iter_mut().for_each(|column| column.sd = libm::sqrt(column.sd / there(column)));
    if out.iter().any(|column| !(column.mean.is_finite() && column.sd.is_finite())) {
        return Err(AbcFailure::Numerical);
    }
    Ok(out)
}

/// `L^-1 z` for a lower triangle.
pub(super) fn whiten(factor: &[f64], z: &[f64]) -> Vec<f64> {
    let p = z.len();
    let mut out = z.to_vec();
    for i in 0..p {
        for k in 0..i {
            out[i] -= factor[i * p + k] * out[k];
        }
        out[i] /= factor[i * p + i];
    }
    out
}

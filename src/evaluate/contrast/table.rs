//! From the table of estimates to the table of contrasts.

use super::super::columns::{columns, sorted};
use super::super::performance::null;
use super::super::{Fits, Reckoned, coverage, rejection};
use super::{Contrast, Of, catalogue, difference};
use crate::tables::{ContrastRow, EstimateRow, Target};
use std::collections::BTreeMap;

/// How far each method is from the estimand's first method under the same condition, and each condition from the first
/// for the same method and estimand. Rows go by condition, estimand and method; those against another method come
/// first.
///
/// `targets` gives the targets of a condition, as for [`performance`](super::super::performance). `paired` says whether
/// a replicate of one condition has the draws of the same replicate of the other; methods are always paired. A row
/// whose measure is undefined is there all the same, with its number of pairs.
#[must_use]
pub fn contrasts<'t>(rows: &[EstimateRow], targets: impl Fn(u32) -> &'t [Target], paired: bool) -> Vec<ContrastRow> {
    let mut out = Vec::new();
    let mut first: BTreeMap<(u32, u32), Side> = BTreeMap::new();
    let mut work = Work::default();
    for block in sorted(rows).chunk_by(|a, b| a.condition == b.condition) {
        let condition = block[0].condition;
        let (replicates, all) = columns(block);
        let sides = all.iter().map(|c| {
            let null = null(targets(condition), c.estimand);
            Side::new((condition, c.estimand, c.method), &replicates, &c.fits(null))
        });
        let sides: Vec<Side> = sides.collect();
        for methods in sides.chunk_by(|a, b| a.estimand == b.estimand) {
            for (m, side) in methods.iter().enumerate() {
                if m > 0 {
                    work.compare(side, &methods[0], true, &mut out);
                }
                match first.get(&(side.estimand, side.method)) {
                    Some(other) => work.compare(side, other, paired, &mut out),
                    None => drop(first.insert((side.estimand, side.method), side.clone())),
                }
            }
        }
    }
    out
}

/// What the replicates of one method contribute, for one estimand under one condition. NaN is absent.
#[derive(Clone)]
struct Side {
    condition: u32,
    estimand: u32,
    method: u32,
    replicates: Vec<u64>,
    errors: Vec<f64>,
    covered: Vec<f64>,
    rejected: Vec<f64>,
    /// The greatest absolute estimate or truth.
    size: f64,
}

impl Side {
    fn new((condition, estimand, method): (u32, u32, u32), replicates: &[u64], fits: &Fits<'_>) -> Self {
        let rows = replicates.len();
        let null = fits.null.filter(|x| x.is_finite());
        let absent = || vec![f64::NAN; rows];
        let (mut covered, mut rejected) = (absent(), absent());
        let share = |yes: bool| f64::from(u8::from(yes));
        for (lower, upper, i) in fits.intervals().filter(|(.., i)| *i < rows) {
            if let Some(truth) = fits.true_value.get(i).filter(|t| t.is_finite()) {
                covered[i] = share(coverage::holds(lower, upper, *truth));
            }
            if let Some(null) = null {
                rejected[i] = share(rejection::excludes(lower, upper, null));
            }
        }
        let errors = (0..rows).map(|i| fits.error(i).unwrap_or(f64::NAN)).collect();
        let replicates = replicates.to_vec();
        Self { condition, estimand, method, replicates, errors, covered, rejected, size: fits.size() }
    }

    /// What row `i` contributes to a measure; NaN where that is absent.
    fn value(&self, of: Of, i: usize) -> f64 {
        match of {
            Of::Error => self.errors[i],
            Of::Square => self.errors[i] * self.errors[i],
            Of::Covered => self.covered[i],
            Of::Rejected => self.rejected[i],
        }
    }
}

/// Buffers for the numbers of the pairs.
#[derive(Default)]
struct Work {
    own: Vec<f64>,
    other: Vec<f64>,
    rows: Vec<(usize, usize)>,
}

impl Work {
    /// Adds all contrasts of two sides.
    fn compare(&mut self, side: &Side, other: &Side, paired: bool, out: &mut Vec<ContrastRow>) {
        if paired {
            same_replicates(side, other, &mut self.rows);
        }
        for contrast in catalogue() {
            let reckoned =
                if paired { self.paired(contrast, side, other) } else { self.unpaired(contrast, side, other) };
            out.push(ContrastRow {
                condition: side.condition,
                estimand: side.estimand,
                method: side.method,
                against_condition: other.condition,
                against_method: other.method,
                measure: contrast.name,
                pairs: reckoned.replicates as u64,
                measured: reckoned.measured,
            });
        }
    }

    fn paired(&mut self, contrast: &Contrast, side: &Side, other: &Side) -> Reckoned {
        self.own.clear();
        self.other.clear();
        for (i, j) in &self.rows {
            let (a, b) = (side.value(contrast.of, *i), other.value(contrast.of, *j));
            if a.is_finite() && b.is_finite() {
                self.own.push(a);
                self.other.push(b);
            }
        }
        difference::paired(contrast.way, &self.own, &self.other, size(contrast, side, other))
    }

    fn unpaired(&mut self, contrast: &Contrast, side: &Side, other: &Side) -> Reckoned {
        for (side, values) in [(side, &mut self.own), (other, &mut self.other)] {
            values.clear();
            let all = (0..side.replicates.len()).map(|i| side.value(contrast.of, i));
            values.extend(all.filter(|x| x.is_finite()));
        }
        difference::unpaired(contrast.way, &self.own, &self.other, size(contrast, side, other))
    }
}

/// What the rounding of errors is in proportion to; shares and squares have none to speak of.
fn size(contrast: &Contrast, side: &Side, other: &Side) -> f64 {
    if contrast.of == Of::Error { side.size.max(other.size) } else { 0.0 }
}

/// The rows of both sides that are of the same replicate. Numbers of replicates go up on both sides.
fn same_replicates(side: &Side, other: &Side, rows: &mut Vec<(usize, usize)>) {
    rows.clear();
    let mut j = 0;
    for (i, replicate) in side.replicates.iter().enumerate() {
        while other.replicates.get(j).is_some_and(|r| r < replicate) {
            j += 1;
        }
        if other.replicates.get(j) == Some(replicate) {
            rows.push((i, j));
        }
    }
}

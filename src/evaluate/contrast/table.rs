//! From fits to the table of contrasts.

use super::super::condition_fits::ConditionFits;
use super::super::performance::{null, sorted};
use super::super::{Fits, Reckoned, coverage, rejection};
use super::{Contrast, Of, catalogue, difference};
use crate::tables::{ContrastRow, EstimateRow, RunProblem, Target};
use std::collections::BTreeMap;

/// Most pairs of replicates that are held in memory while they are compared.
const MOST: usize = 1 << 21;

/// How far each method is from the estimand's first method under the same condition, and each condition from the first
/// for the same method and estimand. Rows go by condition, estimand and method; those against another method come
/// first.
///
/// `targets` gives the targets of a condition, as for [`performance`](super::super::performance). `paired` says whether
/// a replicate of one condition has the draws of the same replicate of the other; methods are always paired. A row
/// whose measure is undefined is there all the same, with its number of pairs.
#[must_use]
pub fn contrasts<'t>(rows: &[EstimateRow], targets: impl Fn(u32) -> &'t [Target], paired: bool) -> Vec<ContrastRow> {
    let mut contrasts = Contrasts::new(paired);
    for block in sorted(rows).chunk_by(|a, b| a.condition == b.condition) {
        let fits = ConditionFits::of(block);
        let targets = targets(fits.condition);
        if contrasts.add(fits, targets).is_err() {
            // In memory there is nothing that could not be read.
            return Vec::new();
        }
    }
    contrasts.rows
}

/// The table of contrasts, condition after condition.
#[derive(Debug, Default)]
pub struct Contrasts {
    paired: bool,
    /// Conditions that later ones are compared with, with what tests of their estimands try to reject.
    kept: Vec<(ConditionFits, Vec<Option<f64>>)>,
    /// Where each pair of estimand and method occurred first: the place among `kept`, and there among the columns.
    first: BTreeMap<(u32, u32), (usize, usize)>,
    work: Work,
    /// The rows so far.
    pub rows: Vec<ContrastRow>,
}

impl Contrasts {
    /// An empty table; `paired` as for [`contrasts`].
    #[must_use]
    pub fn new(paired: bool) -> Self {
        Self { paired, ..Self::default() }
    }

    /// The same with so many pairs held in memory at most.
    #[cfg(test)]
    pub(crate) fn holding(mut self, most: usize) -> Self {
        self.work.most = most;
        self
    }

    /// Adds the rows of the next condition.
    ///
    /// # Errors
    /// R0021: what went to a temporary file cannot be read again.
    pub fn add(&mut self, mut fits: ConditionFits, targets: &[Target]) -> Result<(), RunProblem> {
        fits.end();
        let last = fits.columns.iter().map(|c| c.estimand + 1).max().unwrap_or(0);
        let nulls: Vec<Option<f64>> = (0..last).map(|estimand| null(targets, estimand)).collect();
        for (own, columns) in fits.columns.iter().enumerate() {
            let side = Side::new(&fits, own, &nulls);
            let first = fits.columns.partition_point(|c| c.estimand < columns.estimand);
            if first < own {
                self.work.compare(&side, &Side::new(&fits, first, &nulls), true, &mut self.rows);
            }
            if let Some((place, column)) = self.first.get(&(columns.estimand, columns.method)) {
                let (other, nulls) = &self.kept[*place];
                self.work.compare(&side, &Side::new(other, *column, nulls), self.paired, &mut self.rows);
            }
        }
        fits.check()?;
        let mut is_first = false;
        for (own, columns) in fits.columns.iter().enumerate() {
            let place = self.first.entry((columns.estimand, columns.method));
            place.or_insert_with(|| {
                is_first = true;
                (self.kept.len(), own)
            });
        }
        if is_first {
            self.kept.push((fits, nulls));
        }
        Ok(())
    }
}

/// What the replicates of one method contribute, for one estimand under one condition.
struct Side<'a> {
    of: &'a ConditionFits,
    estimand: u32,
    method: u32,
    fits: Fits<'a>,
    /// The greatest absolute estimate or truth.
    size: f64,
}

impl<'a> Side<'a> {
    fn new(of: &'a ConditionFits, column: usize, nulls: &[Option<f64>]) -> Self {
        let columns = &of.columns[column];
        let null = nulls.get(columns.estimand as usize).copied().flatten().filter(|x| x.is_finite());
        let fits = columns.fits(null);
        Self { of, estimand: columns.estimand, method: columns.method, size: fits.size(), fits }
    }

    /// What each replicate contributes to a measure; NaN where it has nothing to.
    fn values(&self, of: Of) -> impl Iterator<Item = f64> + Clone + use<'a> {
        let null = self.fits.null.unwrap_or(f64::NAN);
        let rows = self.fits.errors_of_rows().zip(self.fits.intervals_of_rows());
        rows.map(move |(error, (lower, upper, truth))| {
            let share = |known: bool, yes: bool| if known { f64::from(u8::from(yes)) } else { f64::NAN };
            let interval = !lower.is_nan() && !upper.is_nan();
            match of {
                Of::Error => error,
                Of::Square => error * error,
                Of::Covered => share(interval && truth.is_finite(), coverage::holds(lower, upper, truth)),
                Of::Rejected => share(interval && !null.is_nan(), rejection::excludes(lower, upper, null)),
            }
        })
    }

    /// The same with the numbers of the replicates.
    fn numbered(&self, of: Of) -> impl Iterator<Item = (u64, f64)> + Clone + use<'a> {
        self.of.replicates.iter().zip(self.values(of))
    }
}

/// Buffers for the numbers of the pairs.
#[derive(Debug)]
struct Work {
    pairs: Vec<(f64, f64)>,
    /// What they are of; measures of the same stand side by side in the catalogue.
    of: Option<Of>,
    /// Most pairs that are held.
    most: usize,
}

impl Default for Work {
    fn default() -> Self {
        Self { pairs: Vec::new(), of: None, most: MOST }
    }
}

impl Work {
    /// Adds all contrasts of two sides.
    fn compare(&mut self, side: &Side<'_>, other: &Side<'_>, paired: bool, out: &mut Vec<ContrastRow>) {
        self.of = None;
        for contrast in catalogue() {
            let reckoned = if paired { self.paired(contrast, side, other) } else { unpaired(contrast, side, other) };
            out.push(ContrastRow {
                condition: side.of.condition,
                estimand: side.estimand,
                method: side.method,
                against_condition: other.of.condition,
                against_method: other.method,
                measure: contrast.name,
                pairs: reckoned.replicates as u64,
                measured: reckoned.measured,
            });
        }
    }

    fn paired(&mut self, contrast: &Contrast, side: &Side<'_>, other: &Side<'_>) -> Reckoned {
        let joined = Joined::new(side.numbered(contrast.of), other.numbered(contrast.of));
        let pairs = joined.filter(|(a, b)| a.is_finite() && b.is_finite());
        let size = size(contrast, side, other);
        if side.of.replicates.count > self.most {
            return difference::paired(contrast.way, pairs, size);
        }
        if self.of != Some(contrast.of) {
            self.pairs.clear();
            self.pairs.extend(pairs);
            self.of = Some(contrast.of);
        }
        difference::paired(contrast.way, self.pairs.iter().copied(), size)
    }
}

fn unpaired(contrast: &Contrast, side: &Side<'_>, other: &Side<'_>) -> Reckoned {
    let own = side.values(contrast.of).filter(|x| x.is_finite());
    let others = other.values(contrast.of).filter(|x| x.is_finite());
    difference::unpaired(contrast.way, own, others, size(contrast, side, other))
}

/// What the rounding of errors is in proportion to; shares and squares have none to speak of.
fn size(contrast: &Contrast, side: &Side<'_>, other: &Side<'_>) -> f64 {
    if contrast.of == Of::Error { side.size.max(other.size) } else { 0.0 }
}

/// The values of both sides in the replicates that both have. Numbers of replicates go up on both sides.
#[derive(Clone)]
struct Joined<A, B> {
    own: A,
    other: B,
    ahead: Option<(u64, f64)>,
}

impl<A: Iterator<Item = (u64, f64)>, B: Iterator<Item = (u64, f64)>> Joined<A, B> {
    fn new(own: A, mut other: B) -> Self {
        let ahead = other.next();
        Self { own, other, ahead }
    }
}

impl<A: Iterator<Item = (u64, f64)>, B: Iterator<Item = (u64, f64)>> Iterator for Joined<A, B> {
    type Item = (f64, f64);

    fn next(&mut self) -> Option<(f64, f64)> {
        loop {
            let (replicate, own) = self.own.next()?;
            while self.ahead?.0 < replicate {
                self.ahead = self.other.next();
            }
            let (at, other) = self.ahead?;
            if at == replicate {
                return Some((own, other));
            }
        }
    }
}

//! A quantity bound to the columns of the truth, and its value among rows.

use super::coefficient::Coefficient;
use super::condition::{Buffers, Condition};
use super::outcome::Outcome;
use crate::numeric::sum::Sum;
use crate::tables::{RunProblem, Truth};
use std::ops::Range;

/// Rows that are worked on at once.
pub(super) const BLOCK: usize = 512;

/// What is reckoned, with recorded moments in place of waves.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    /// Mean (share, for a level) at a moment.
    At(usize),
    /// Share with at least so many of these moments, in a row if `consecutive`.
    Among { moments: Vec<usize>, at_least: usize, consecutive: bool },
    /// Mean where the first condition holds against mean where the second holds.
    Compared { moment: usize, compare: Box<[Condition; 2]>, contrast: Contrast },
    /// Share that changed among those who could.
    Transition { from: usize, to: usize, entering: bool },
    /// Share at the level of both variables at a moment.
    Both { moment: usize, with: Outcome },
    /// Coefficient of a regression.
    Coefficient(Box<Coefficient>),
}

/// How two means are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contrast {
    /// The first minus the second.
    Difference,
    /// The first share over the second.
    RiskRatio,
    /// The odds of the first share over those of the second.
    OddsRatio,
}

impl Contrast {
    /// The contrast of two means; NaN where a ratio is undefined or infinite.
    fn of(self, first: f64, second: f64) -> f64 {
        // A share of 1 has no odds.
        let odds = |share: f64| if share < 1.0 { share / (1.0 - share) } else { f64::NAN };
        let ratio = match self {
            Self::Difference => return first - second,
            Self::RiskRatio => first / second,
            Self::OddsRatio => odds(first) / odds(second),
        };
        if ratio.is_finite() { ratio } else { f64::NAN }
    }
}

/// Weight and weighted sum of one or two sets of rows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    weight: [Sum; 2],
    total: [Sum; 2],
}

impl Tally {
    fn add(&mut self, set: usize, values: &[f64], weights: &[f64]) {
        self.weight[set].add(weights.iter().sum());
        // A value that counts for nothing may be anything, even NaN.
        self.total[set].add(values.iter().zip(weights).map(|(y, w)| if *w == 0.0 { 0.0 } else { y * w }).sum());
    }

    /// Both tallies together, or with `sign` -1 the first without the second.
    pub fn plus(mut self, other: &Self, sign: f64) -> Self {
        for set in 0..2 {
            self.weight[set].add(sign * other.weight[set].total());
            self.total[set].add(sign * other.total[set].total());
        }
        self
    }

    fn mean(&self, set: usize) -> f64 {
        self.total[set].total() / self.weight[set].total()
    }
}

/// Rows of a truth, worked block by block.
pub(super) struct Work<'a> {
    pub outcome: &'a Outcome,
    pub restrict: Option<&'a Condition>,
    pub bound: &'a Bound,
    pub truth: &'a Truth,
}

impl Work<'_> {
    /// Calls `each` with every block of rows and their weights, 0 for rows that do not fulfil the condition.
    pub(super) fn blocks(
        &self,
        rows: Range<usize>,
        restrict: Option<&Condition>,
        mut each: impl FnMut(Range<usize>, &mut [f64], &mut Buffers) -> Result<(), RunProblem>,
    ) -> Result<(), RunProblem> {
        let mut buffers = Buffers::default();
        let mut weights = [0.0; BLOCK];
        let mut start = rows.start;
        while start < rows.end {
            let block = start..rows.end.min(start + BLOCK);
            let weights = &mut weights[..block.len()];
            match &self.truth.weights {
                Some(all) => weights.copy_from_slice(&all[block.clone()]),
                None => weights.fill(1.0),
            }
            if let Some(condition) = restrict {
                condition.apply(self.truth, block.clone(), weights, &mut buffers)?;
            }
            start = block.end;
            each(block, weights, &mut buffers)?;
        }
        Ok(())
    }

    /// The tally of rows; empty for a coefficient.
    pub fn tally(&self, rows: Range<usize>) -> Result<Tally, RunProblem> {
        let mut tally = Tally::default();
        let (mut y, mut other) = ([0.0; BLOCK], [0.0; BLOCK]);
        self.blocks(rows, self.restrict, |block, weights, buffers| {
            let (y, other) = (&mut y[..block.len()], &mut other[..block.len()]);
            match self.bound {
                Bound::At(moment) => self.outcome.fill(self.truth, *moment, block, y),
                Bound::Among { moments, at_least, consecutive } => {
                    self.among(block, moments, (*at_least, *consecutive), y, other);
                }
                Bound::Compared { moment, compare, .. } => {
                    self.outcome.fill(self.truth, *moment, block.clone(), y);
                    other.copy_from_slice(weights);
                    compare[1].apply(self.truth, block.clone(), other, buffers)?;
                    tally.add(1, y, other);
                    compare[0].apply(self.truth, block, weights, buffers)?;
                }
                Bound::Transition { from, to, entering } => {
                    self.outcome.fill(self.truth, *from, block.clone(), other);
                    self.outcome.fill(self.truth, *to, block, y);
                    let origin = f64::from(u8::from(!*entering));
                    for ((weight, from), to) in weights.iter_mut().zip(other.iter()).zip(y.iter_mut()) {
                        *weight *= f64::from(u8::from(*from == origin));
                        *to = f64::from(u8::from(*to != origin));
                    }
                }
                Bound::Both { moment, with } => {
                    self.outcome.fill(self.truth, *moment, block.clone(), y);
                    with.fill(self.truth, *moment, block, other);
                    y.iter_mut().zip(other.iter()).for_each(|(y, other)| *y *= other);
                }
                Bound::Coefficient(_) => return Ok(()),
            }
            tally.add(0, y, weights);
            Ok(())
        })?;
        Ok(tally)
    }

    /// Whether each row is at the level in enough of the moments.
    fn among(
        &self,
        block: Range<usize>,
        moments: &[usize],
        (at_least, consecutive): (usize, bool),
        enough: &mut [f64],
        now: &mut [f64],
    ) {
        enough.fill(0.0);
        let mut counts = [0_usize; BLOCK];
        for moment in moments {
            self.outcome.fill(self.truth, *moment, block.clone(), now);
            for ((count, enough), now) in counts.iter_mut().zip(enough.iter_mut()).zip(now.iter()) {
                if *now == 1.0 {
                    *count += 1;
                } else if consecutive {
                    *count = 0;
                }
                if *count >= at_least {
                    *enough = 1.0;
                }
            }
        }
    }

    /// The value that a tally stands for.
    pub fn value_of(&self, tally: &Tally) -> f64 {
        match self.bound {
            Bound::Compared { contrast, .. } => contrast.of(tally.mean(0), tally.mean(1)),
            _ => tally.mean(0),
        }
    }

    /// The quantity among rows.
    pub fn value(&self, rows: Range<usize>) -> Result<f64, RunProblem> {
        match self.bound {
            Bound::Coefficient(coefficient) => coefficient.value(self, rows),
            _ => Ok(self.value_of(&self.tally(rows)?)),
        }
    }

    /// The quantity over all of `parts`, and without each of them in turn.
    pub fn leave_one_out(&self, parts: &[Range<usize>]) -> Result<(f64, Vec<f64>), RunProblem> {
        if let Bound::Coefficient(coefficient) = self.bound {
            return coefficient.leave_one_out(self, parts);
        }
        let tallies: Vec<Tally> = parts.iter().map(|part| self.tally(part.clone())).collect::<Result<_, _>>()?;
        let all = tallies.iter().fold(Tally::default(), |sum, part| sum.plus(part, 1.0));
        let rest = tallies.iter().map(|part| self.value_of(&all.plus(part, -1.0))).collect();
        Ok((self.value_of(&all), rest))
    }
}

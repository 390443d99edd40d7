//! From the blocks of a study to what it found, in memory that does not depend on their number.

use super::missing::{Stretch, complete};
use super::results::Results;
use super::{Cell, Study, missingness_word, true_values};
use crate::disk::{Numbers, Spill};
use crate::evaluate::{ConditionFits, Contrasts};
use crate::tables::{
    Audit, Block, ConditionResult, EstimateRow, MechanismRow, OfReplicates, Pairs, RunProblem, StudyResult,
    TrueValueRow, TruthSource,
};

/// What takes rows one after the other.
pub type Rows<'a> = dyn FnMut(&[EstimateRow]) -> Result<(), RunProblem> + 'a;

impl Study<'_> {
    /// All that is known now with every measure, where `asked` replicates of each condition were to be done: of each
    /// condition the replicates from the first on for which all methods have been asked, which may be more than `asked`.
    /// Single estimates are not in it: [`Study::each_estimate`] hands them over.
    ///
    /// # Errors
    /// What is kept cannot be read, or no temporary file can be made (R0021).
    pub fn result(&self, asked: u64, results: &dyn Results) -> Result<StudyResult, RunProblem> {
        let mut result = self.head(asked);
        let mut contrasts = Contrasts::new(!self.cells.iter().any(|cell| cell.independent));
        for (position, cell) in self.cells.iter().enumerate() {
            let targets = &cell.prepared.targets;
            let mut about = AboutReplicates::new(cell, self.wanted(position, u64::MAX, results)?.1)?;
            let (mut fits, replicates) = self.gathered(position, u64::MAX, results, &mut |known| about.add(known))?;
            let condition = about.result(cell, self.fixed[position].as_deref(), replicates)?;
            result.interrupted |= replicates < asked;
            result.conditions.push(condition);
            result.performance.extend(fits.performance(targets)?);
            result.statuses.extend(fits.statuses());
            contrasts.add(fits, targets)?;
        }
        result.contrasts = contrasts.rows;
        Ok(result)
    }

    /// The fits of the first `most` replicates of the condition at this position, as far as they are known for all pairs,
    /// and the number of these replicates.
    ///
    /// # Errors
    /// As for [`Study::result`].
    pub fn fits(&self, condition: usize, most: u64, results: &dyn Results) -> Result<(ConditionFits, u64), RunProblem> {
        self.gathered(condition, most, results, &mut |_| ())
    }

    /// Hands over all estimates by condition, replicate, estimand and method, some thousands at a time.
    ///
    /// # Errors
    /// What is kept cannot be read; or what `sink` returns.
    pub fn each_estimate(&self, results: &dyn Results, sink: &mut Rows<'_>) -> Result<(), RunProblem> {
        (0..self.cells.len()).try_for_each(|position| {
            let (pairs, replicates) = self.wanted(position, u64::MAX, results)?;
            in_order(position, &pairs, replicates, results, &mut |_| (), sink)
        })
    }

    /// Fits of a condition; `about` is told what is known of replicates.
    fn gathered(
        &self,
        position: usize,
        most: u64,
        results: &dyn Results,
        about: &mut dyn FnMut(&OfReplicates),
    ) -> Result<(ConditionFits, u64), RunProblem> {
        let (pairs, replicates) = self.wanted(position, most, results)?;
        let mut fits = ConditionFits::new(self.cells[position].number, replicates.saturating_mul(pairs.len() as u64))?;
        in_order(position, &pairs, replicates, results, about, &mut |rows| {
            rows.iter().for_each(|row| fits.push(row));
            Ok(())
        })?;
        Ok((fits, replicates))
    }

    /// The pairs of a condition, and its replicates, up to `most`, that are known for all of them.
    fn wanted(&self, position: usize, most: u64, results: &dyn Results) -> Result<(Pairs, u64), RunProblem> {
        let pairs = self.cells[position].pairs();
        let replicates = complete(&pairs, &results.known(position)?).min(most);
        Ok((pairs, replicates))
    }

    /// What holds for the study whatever it found.
    fn head(&self, asked: u64) -> StudyResult {
        let (scenario, cells) = (self.scenario, self.cells);
        let targets = cells.first().map_or(&[][..], |c| &c.prepared.targets);
        StudyResult {
            title: scenario.study.title.clone(),
            aims: scenario.study.aims.clone(),
            seed: self.seed,
            scenario_hash: scenario.hash.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            confidence: scenario.study.confidence,
            replicates_asked: asked,
            methods: scenario.methods.iter().map(|m| m.name.text.clone()).collect(),
            estimands: targets.iter().map(|t| t.name.clone()).collect(),
            nulls: targets.iter().map(|t| t.null).collect(),
            ..StudyResult::default()
        }
    }
}

/// Hands over the rows of the first `replicates` replicates of a condition by replicate, estimand and method, and tells
/// `about` what is known of the replicates themselves.
///
/// Blocks come by first replicate. Methods that were asked later are in blocks of their own, which lie across others; then
/// rows wait until no block can come that has earlier ones.
fn in_order(
    position: usize,
    pairs: &Pairs,
    replicates: u64,
    results: &dyn Results,
    about: &mut dyn FnMut(&OfReplicates),
    sink: &mut Rows<'_>,
) -> Result<(), RunProblem> {
    let apart = do_not_overlap(&results.known(position)?);
    let mut waiting: Vec<EstimateRow> = Vec::new();
    results.each(position, &mut |block: &Block| {
        if block.replicates.start >= replicates {
            return Ok(());
        }
        block.of_replicates.iter().for_each(&mut *about);
        let wanted = |row: &&EstimateRow| row.replicate < replicates && pairs.contains(&(row.estimand, row.method));
        if apart && block.rows.iter().all(|row| wanted(&row)) {
            return sink(&block.rows);
        }
        let ready = waiting.partition_point(|row| row.replicate < block.replicates.start);
        if ready > 0 {
            sink(&waiting[..ready])?;
            waiting.drain(..ready);
        }
        waiting.extend(block.rows.iter().filter(wanted).cloned());
        waiting.sort_by_key(|row| (row.replicate, row.estimand, row.method));
        Ok(())
    })?;
    sink(&waiting)
}

/// Whether no replicate is in two stretches.
fn do_not_overlap(known: &[Stretch]) -> bool {
    let mut ends: Vec<(u64, u64)> = known.iter().map(|(replicates, _)| (replicates.start, replicates.end)).collect();
    ends.sort_unstable();
    ends.windows(2).all(|two| two[0].1 <= two[1].0)
}

/// What is known of the replicates of a condition, whatever method is asked.
struct AboutReplicates {
    audit: Audit,
    /// Per estimand the true value of each replicate; empty where all replicates have the same.
    cohort: Vec<Numbers>,
    spill: Option<std::sync::Arc<Spill>>,
}

impl AboutReplicates {
    fn new(cell: &Cell, replicates: u64) -> Result<Self, RunProblem> {
        let estimands = cell.prepared.targets.len();
        let spill = Spill::for_numbers(replicates.saturating_mul(estimands as u64))?;
        let cohort = std::iter::repeat_with(|| Numbers::new(spill.as_ref())).take(estimands).collect();
        Ok(Self { audit: Audit::default(), cohort, spill })
    }

    fn add(&mut self, known: &OfReplicates) {
        let counts = Audit { counts: known.audit.clone(), mechanisms: known.mechanisms.clone(), ..Audit::default() };
        self.audit.add_counts(&counts);
        for (all, values) in self.cohort.iter_mut().zip(&known.cohort) {
            values.iter().for_each(|value| all.push(*value));
        }
    }

    fn result(
        self,
        cell: &Cell,
        fixed: Option<&[Option<TrueValueRow>]>,
        replicates: u64,
    ) -> Result<ConditionResult, RunProblem> {
        let true_values = self.true_values(fixed, replicates as usize);
        self.spill.as_ref().map_or(Ok(()), |spill| spill.check())?;
        Ok(ConditionResult {
            number: cell.number,
            factors: cell.factors.clone(),
            replicates,
            persons: cell.prepared.truth.schema().persons as u64,
            true_values,
            mechanisms: mechanisms(cell),
            audit: self.audit.counts,
        })
    }

    /// One true value per estimand; the mean over the replicates where each has its own.
    fn true_values(&self, fixed: Option<&[Option<TrueValueRow>]>, replicates: usize) -> Vec<TrueValueRow> {
        let known = |position: usize| fixed.and_then(|f| f.get(position).copied().flatten());
        let of_cohort = |values: &Numbers| {
            let (true_value, mcse) = true_values::mean_and_error(values.values().take(replicates));
            TrueValueRow { source: TruthSource::Cohort, true_value, mcse }
        };
        let all = self.cohort.iter().enumerate();
        all.map(|(estimand, values)| known(estimand).unwrap_or_else(|| of_cohort(values))).collect()
    }
}

fn mechanisms(cell: &Cell) -> Vec<MechanismRow> {
    let rows = cell.prepared.survey.mechanisms().iter().map(|m| MechanismRow {
        name: m.name.clone(),
        reads: m.reads.clone(),
        missingness: m.missingness.map(missingness_word),
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::super::results::Memory;
    use super::*;
    use crate::tables::Estimate;
    use std::ops::Range;

    fn block(replicates: Range<u64>, methods: &[u32], counted: bool) -> Block {
        let row = |(replicate, method): (u64, u32)| EstimateRow {
            replicate,
            condition: 0,
            estimand: 0,
            method,
            true_value: 0.0,
            result: Ok(Estimate::default()),
            links: None,
        };
        let rows = replicates.clone().flat_map(|r| methods.iter().map(move |m| (r, *m))).map(row).collect();
        let pairs = methods.iter().map(|m| (0, *m)).collect();
        let of_replicates = counted.then(OfReplicates::default);
        Block { condition: 0, replicates, pairs, rows, of_replicates }
    }

    /// Replicate and method of each row, with the number of calls.
    fn seen(blocks: Vec<Block>, methods: &[u32], replicates: u64) -> (Vec<(u64, u32)>, usize, usize) {
        let memory = Memory::default();
        blocks.into_iter().for_each(|block| memory.keep(block).unwrap());
        let (mut rows, mut calls, mut counted) = (Vec::new(), 0, 0);
        let pairs = methods.iter().map(|m| (0, *m)).collect();
        in_order(0, &pairs, replicates, &memory, &mut |_| counted += 1, &mut |some| {
            calls += usize::from(!some.is_empty());
            rows.extend(some.iter().map(|row| (row.replicate, row.method)));
            Ok(())
        })
        .unwrap();
        (rows, calls, counted)
    }

    fn wanted(replicates: u64, methods: &[u32]) -> Vec<(u64, u32)> {
        (0..replicates).flat_map(|r| methods.iter().map(move |m| (r, *m))).collect()
    }

    #[test]
    fn blocks_that_follow_each_other_are_handed_on_as_they_are() {
        let blocks = vec![block(4..9, &[0, 1], true), block(0..4, &[0, 1], true)];
        assert_eq!(seen(blocks, &[0, 1], 9), (wanted(9, &[0, 1]), 2, 2));
    }

    #[test]
    fn blocks_that_lie_across_others_are_put_in_order() {
        let blocks = vec![
            block(0..4, &[0, 2], true),
            block(4..8, &[0, 2], true),
            block(0..3, &[1], false),
            block(3..8, &[1], false),
            block(8..12, &[0, 1, 2], true),
        ];
        let (rows, calls, counted) = seen(blocks, &[0, 1, 2], 12);
        assert_eq!((rows, counted), (wanted(12, &[0, 1, 2]), 3));
        assert!(calls > 1, "rows do not all wait for the end");
    }

    #[test]
    fn what_is_not_asked_for_is_left_out() {
        let blocks = || vec![block(0..4, &[0, 1], true), block(4..8, &[0, 1], true)];
        assert_eq!(seen(blocks(), &[1], 8).0, wanted(8, &[1]));
        assert_eq!(seen(blocks(), &[0, 1], 6).0, wanted(6, &[0, 1]));
        assert_eq!(seen(blocks(), &[0, 1], 4), (wanted(4, &[0, 1]), 1, 1));
    }
}

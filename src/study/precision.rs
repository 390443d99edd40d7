//! Replicates until the Monte Carlo errors are as small as asked for.
//!
//! The demand is looked at after a number of replicates that depends on nothing but what the earlier ones gave: 200 at
//! first, then as many as the errors so far say that it takes, but at least a quarter more and at most twice as many. So a
//! study stops at the same replicate at any number of threads, and after any interruption.
//!
//! Errors shrink with the root of the number of replicates. That of a share is 0 when all replicates agree, which says
//! nothing: here it is reckoned with two successes and two failures added (Agresti and Coull 1998,
//! doi:10.1080/00031305.1998.10480550).

use super::expectations::{Measures, slot_name};
use super::results::Results;
use super::{Cell, Study, Watch};
use crate::diagnostic::{Diagnostics, Text};
use crate::evaluate::{self, ConditionFits};
use crate::formula::{Program, Wanted, compile};
use crate::tables::precision::{ConditionPrecision, Precision};
use crate::tables::{Among, PerformanceRow, RunProblem};
use std::sync::atomic::Ordering;

/// Replicates after which the demand is looked at first.
pub const FIRST: u64 = 200;

/// A demand on Monte Carlo errors, checked.
#[derive(Debug)]
pub struct Until {
    text: String,
    program: Program,
}

/// Checks a demand such as `mcse(coverage) <= 0.005 and mcse(bias) <= 0.01`: a formula of measures and their errors, as
/// `[[expect]]` has them.
pub fn until(text: &Text, problems: &mut Diagnostics) -> Option<Until> {
    let program = compile(text, &Wanted::Boolean, &Measures { among: Among::Own }, problems)?;
    let reads_error = program.slots().iter().any(|slot| slot_name(*slot).1);
    if !reads_error {
        problems
            .error("R0045", &text.span, "the demand reads no Monte Carlo error")
            .help("write one, such as `mcse(bias) <= 0.01`");
        return None;
    }
    Some(Until { text: text.text.clone(), program })
}

/// The measures of one method for one estimand, by slot of the formula.
struct Seen {
    estimand: u32,
    method: u32,
    values: Vec<f64>,
}

impl Until {
    /// The values that the formula reads, for each pair.
    fn seen(&self, rows: &[PerformanceRow]) -> Vec<Seen> {
        let own: Vec<&PerformanceRow> = rows.iter().filter(|row| row.among == Among::Own).collect();
        let pairs = own.chunk_by(|a, b| (a.estimand, a.method) == (b.estimand, b.method));
        pairs
            .map(|rows| {
                let value = |slot: &u32| match slot_name(*slot) {
                    (Some(name), is_error) => {
                        let row = rows.iter().find(|row| row.measure == name);
                        row.map_or(f64::NAN, |row| {
                            if is_error { evaluate::cautious_mcse(row) } else { row.measured.value.unwrap_or(f64::NAN) }
                        })
                    }
                    (None, _) => f64::NAN,
                };
                let values = self.program.slots().iter().map(value).collect();
                Seen { estimand: rows[0].estimand, method: rows[0].method, values }
            })
            .collect()
    }

    /// Whether it would hold if all Monte Carlo errors were multiplied.
    fn holds(&self, seen: &Seen, factor: f64) -> bool {
        let slots = self.program.slots().iter().zip(&seen.values);
        let values: Vec<f64> = slots.map(|(slot, v)| if slot_name(*slot).1 { v * factor } else { *v }).collect();
        self.program.evaluate_one(&values) == 1.0
    }

    /// The number of replicates with which it would hold, if there is one up to `most`.
    fn needed(&self, seen: &Seen, replicates: u64, most: u64) -> Option<u64> {
        let holds = |n: u64| self.holds(seen, (replicates as f64 / n as f64).sqrt());
        if replicates == 0 || !holds(most) {
            return None;
        }
        let (mut too_few, mut enough) = (0, most);
        while enough - too_few > 1 {
            let middle = too_few + (enough - too_few) / 2;
            if holds(middle) {
                enough = middle;
            } else {
                too_few = middle;
            }
        }
        Some(enough)
    }
}

/// Adds replicates to each condition until the demand holds for it, `most` replicates are done, or the study is stopped.
/// `plan` is told what the first replicates say.
///
/// # Errors
/// As for [`Study::extend`].
pub fn extend_until(
    study: &mut Study<'_>,
    until: &Until,
    most: u64,
    results: &dyn Results,
    watch: &Watch<'_>,
    plan: &mut dyn FnMut(&Precision),
) -> Result<Precision, RunProblem> {
    let mut wanted = vec![FIRST.min(most); study.cells.len()];
    let mut precision = Precision { until: until.text.clone(), most, conditions: Vec::new() };
    precision.conditions.resize(study.cells.len(), ConditionPrecision::default());
    let mut open: Vec<usize> = (0..study.cells.len()).collect();
    let mut first = true;
    while !open.is_empty() {
        study.extend(&wanted, results, watch)?;
        let stopped = watch.stop.load(Ordering::Relaxed);
        for position in open.clone() {
            let (fits, there) = study.fits(position, wanted[position], results)?;
            let cell = &study.cells[position];
            let state = state(until, cell, fits, there, most, &names(study))?;
            let next = next(&state, most);
            // Where nothing of the demand is defined after some hundred replicates, more of them say as little.
            if state.precise || state.slowest.is_none() || there >= most || stopped {
                open.retain(|other| *other != position);
            } else {
                wanted[position] = next;
            }
            precision.conditions[position] = state;
        }
        if first {
            plan(&precision);
            first = false;
        }
    }
    Ok(precision)
}

fn names(study: &Study<'_>) -> Vec<String> {
    study.scenario.methods.iter().map(|m| m.name.text.clone()).collect()
}

fn next(state: &ConditionPrecision, most: u64) -> u64 {
    let done = state.replicates.max(1);
    let wanted = state.needed.unwrap_or(u64::MAX);
    // A little more than is reckoned, so that the last look is seldom in vain.
    let wanted = wanted.saturating_add(wanted / 50);
    wanted.clamp(done.saturating_add(done.div_ceil(4)), done.saturating_mul(2)).min(most)
}

fn state(
    until: &Until,
    cell: &Cell,
    mut fits: ConditionFits,
    replicates: u64,
    most: u64,
    methods: &[String],
) -> Result<ConditionPrecision, RunProblem> {
    let performance = fits.performance(&cell.prepared.targets)?;
    let name = |seen: &Seen| {
        let estimand = cell.prepared.targets.get(seen.estimand as usize).map_or(String::new(), |t| t.name.clone());
        (estimand, methods.get(seen.method as usize).cloned().unwrap_or_default())
    };
    let mut state =
        ConditionPrecision { condition: cell.number, replicates, precise: true, needed: Some(0), ..Default::default() };
    for seen in until.seen(&performance) {
        if seen.values.iter().any(|v| v.is_nan()) {
            state.left_out.push(name(&seen));
            continue;
        }
        state.precise &= until.holds(&seen, 1.0);
        let needed = until.needed(&seen, replicates, most);
        let slower = match (needed, state.needed) {
            (None, Some(_)) => true,
            (Some(own), Some(other)) => own > other,
            (_, None) => false,
        };
        if slower {
            (state.needed, state.slowest) = (needed, Some(name(&seen)));
        }
    }
    // Nothing that is asked for is defined.
    if state.slowest.is_none() {
        (state.precise, state.needed) = (false, None);
    }
    Ok(state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Measured;

    fn demand(text: &str) -> Option<Until> {
        until(&Text { text: text.to_owned(), ..Text::default() }, &mut Diagnostics::new())
    }

    fn row(measure: &'static str, value: f64, mcse: f64) -> PerformanceRow {
        let measured = Measured { value: Some(value), mcse: Some(mcse) };
        PerformanceRow { condition: 0, estimand: 0, method: 0, measure, among: Among::Own, replicates: 100, measured }
    }

    #[test]
    fn replicates_that_an_error_needs() {
        let until = demand("mcse(coverage) <= 0.005 and mcse(bias) <= 0.01").unwrap();
        // sqrt(0.95 * 0.05 / 0.005^2) = 1900; with (95 + 2) / 104 in its place 2,412 * 100/104.
        let seen = until.seen(&[row("bias", 0.2, 0.03), row("coverage", 0.95, 0.0218)]).remove(0);
        let p: f64 = 97.0 / 104.0;
        let exact = p * (1.0 - p) / 104.0 / (0.005 * 0.005) * 100.0;
        assert_eq!(until.needed(&seen, 100, 1_000_000), Some(exact.ceil() as u64));
        assert_eq!(until.needed(&seen, 100, 1_000), None);
        // The bias needs 9 times as many as there are.
        let bias = demand("bias_mcse <= 0.01").unwrap();
        let seen = bias.seen(&[row("bias", 0.2, 0.03)]).remove(0);
        assert_eq!(bias.needed(&seen, 100, 1_000_000), Some(900));
        assert!(!bias.holds(&seen, 1.0) && bias.holds(&seen, 1.0 / 3.0));
        // A demand in proportion to a measure.
        let relative = demand("mcse(bias) <= 0.1 * abs(bias)").unwrap();
        let seen = relative.seen(&[row("bias", -0.2, 0.03)]).remove(0);
        assert_eq!(relative.needed(&seen, 100, 1_000), Some(225));
    }

    #[test]
    fn agreement_of_all_replicates_is_no_precision() {
        let until = demand("mcse(coverage) <= 0.005").unwrap();
        let seen = until.seen(&[row("coverage", 1.0, 0.0)]).remove(0);
        assert!(!until.holds(&seen, 1.0), "{:?}", seen.values);
    }

    #[test]
    fn a_demand_reads_an_error() {
        assert!(demand("bias < 0.1").is_none());
        assert!(demand("mcse(bais) < 0.1").is_none());
    }

    #[test]
    fn steps_are_neither_too_short_nor_too_long() {
        let at = |replicates, needed| next(&ConditionPrecision { replicates, needed, ..Default::default() }, 10_000);
        assert_eq!([at(200, Some(201)), at(200, Some(300)), at(200, Some(9_000)), at(200, None)], [250, 306, 400, 400]);
        assert_eq!(at(8_000, None), 10_000);
    }
}

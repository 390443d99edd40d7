//! The true values of a condition's estimands: given, exact, or from a large cohort.

use crate::estimand::TrueValue;
use crate::scenario::Prepared;
use crate::simulate::Scratch;
use crate::streams::Streams;
use crate::tables::{Column, RunProblem, TargetTruth, TrueValueRow, Truth, TruthSource};

/// Most rows of a list of every possible history.
const HISTORIES: usize = 200_000;
/// Persons of the large cohort that stands for the population.
const PERSONS: usize = 1_000_000;
/// Most memory of the large cohort, in bytes.
const MEMORY: usize = 256 << 20;
/// Fewest replicates from whose scatter a Monte Carlo standard error is reckoned.
const BLOCKS: usize = 20;
/// Fewest replicates where one of them alone is a large cohort.
const FEWEST: usize = 8;

/// The true values by estimand; `None` for those that each replicate has for itself.
pub(super) fn fixed(prepared: &Prepared, population: &Streams) -> Result<Vec<Option<TrueValueRow>>, RunProblem> {
    let mut values = vec![None; prepared.targets.len()];
    let mut wanted = Vec::new();
    for (position, target) in prepared.targets.iter().enumerate() {
        match target.truth {
            TargetTruth::Constant(true_value) => {
                values[position] = Some(TrueValueRow { source: TruthSource::Constant, true_value, mcse: 0.0 });
            }
            TargetTruth::Population => wanted.push(position),
            TargetTruth::Cohort => {}
        }
    }
    if wanted.is_empty() {
        return Ok(values);
    }
    if let Some(histories) = prepared.truth.enumerate(HISTORIES) {
        let rows = histories.group.len();
        for position in wanted {
            let true_value = prepared.estimands[position].value(&histories, 0..rows)?;
            values[position] = Some(TrueValueRow { source: TruthSource::Exact, true_value, mcse: 0.0 });
        }
        return Ok(values);
    }
    for (position, value) in from_large_cohort(prepared, &wanted, population)? {
        values[position] = Some(value);
    }
    Ok(values)
}

/// The population's values from many replicates of the study's own size, which no replicate of the study shares a
/// draw with. Whole replicates are used, so that site effects and fixed group sizes count as they do in the study.
fn from_large_cohort(
    prepared: &Prepared,
    wanted: &[usize],
    population: &Streams,
) -> Result<Vec<(usize, TrueValueRow)>, RunProblem> {
    let mut scratch = Scratch::default();
    let persons = prepared.truth.schema().persons.max(1);
    let pilot = prepared.truth.simulate(population, 0..1, &mut scratch)?;
    let fitting = MEMORY / bytes(&pilot).max(1);
    let replicates = PERSONS / persons;
    let mut found = Vec::new();
    if replicates.min(fitting) >= BLOCKS {
        let replicates = replicates.min(fitting);
        let truth = prepared.truth.simulate(population, 0..replicates as u64, &mut scratch)?;
        for position in wanted {
            let TrueValue { value, mcse } = prepared.estimands[*position].value_with_error(&truth)?;
            found.push((*position, TrueValueRow { source: TruthSource::MonteCarlo, true_value: value, mcse }));
        }
        return Ok(found);
    }
    // A replicate is so large that the mean of the replicates' values is as good as the value of all of them.
    let mut values = vec![Vec::new(); wanted.len()];
    for replicate in 0..replicates.max(FEWEST) as u64 {
        let truth = prepared.truth.simulate(population, replicate..replicate + 1, &mut scratch)?;
        for (values, position) in values.iter_mut().zip(wanted) {
            values.push(prepared.estimands[*position].value(&truth, 0..truth.group.len())?);
        }
    }
    for (values, position) in values.iter().zip(wanted) {
        let (true_value, mcse) = mean_and_error(values.iter().copied());
        found.push((*position, TrueValueRow { source: TruthSource::MonteCarlo, true_value, mcse }));
    }
    Ok(found)
}

/// Mean of the values that are defined, and its standard error.
pub(super) fn mean_and_error(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let defined = || values.clone().filter(|v| !v.is_nan());
    let n = defined().count() as f64;
    let mean = defined().sum::<f64>() / n;
    let squares: f64 = defined().map(|v| (v - mean) * (v - mean)).sum();
    (mean, (squares / (n - 1.0) / n).sqrt())
}

/// Memory that the columns of a truth take.
fn bytes(truth: &Truth) -> usize {
    let columns = truth.columns.iter().flatten().map(|column| match column {
        Column::Coded { codes, .. } => codes.len(),
        Column::Number(values) => values.len().saturating_mul(8),
    });
    let sites = truth.site.iter().map(|s| s.len().saturating_mul(4));
    let since = truth.since.iter().flatten().map(|s| s.len().saturating_mul(8));
    columns.chain(sites).chain(since).fold(truth.group.len(), usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_its_error_by_hand() {
        // 1, 2, 3, 6: mean 3, squares 4 + 1 + 0 + 9 = 14, variance 14/3, of the mean 14/12.
        let (mean, error) = mean_and_error([1.0, 2.0, f64::NAN, 3.0, 6.0].into_iter());
        assert_eq!(mean, 3.0);
        assert!((error - (14.0_f64 / 12.0).sqrt()).abs() < 1e-15);
        assert!(mean_and_error(std::iter::empty()).0.is_nan());
        assert!(mean_and_error(std::iter::once(4.0)).1.is_nan());
    }
}

//! Weights whose totals agree with known margins (raking, iterative proportional fitting).
//!
//! Sources: Deming and Stephan 1940 (doi:10.1214/aoms/1177731829); Kish 1965, Survey Sampling (ISBN 047148900X) for the
//! design effect of weights.

/// The known totals of one variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// For each row the position of its level in `totals`; `None` where the variable is missing. A row with a missing
    /// variable is left out of all margins.
    pub levels: Vec<Option<usize>>,
    /// The total weight that each level shall have: not negative.
    pub totals: Vec<f64>,
}

/// Weights that reproduce the margins.
#[derive(Clone, Debug, PartialEq)]
pub struct Raked {
    /// A weight per row; NaN for rows that are left out.
    pub weights: Vec<f64>,
    /// Full cycles through the margins.
    pub cycles: usize,
}

/// Why there are no such weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RakingFailure {
    /// No row has everything that is needed.
    NoRows,
    /// Margins, levels and base weights do not fit together: another number of rows, a level that has no total, a
    /// negative or infinite number, no margin.
    Malformed,
    /// A level has a total and no row with a positive weight.
    EmptyLevel {
        /// Position of the margin.
        margin: usize,
        /// Position of the level.
        level: usize,
    },
    /// The totals of a margin sum to another number than those of the first.
    TotalsDiffer {
        /// Position of the margin.
        margin: usize,
    },
    /// The weights go round in a circle: no weights on these rows reproduce all margins. This one is not.
    NotReproduced {
        /// Position of the margin.
        margin: usize,
    },
    /// Weights still move after the last cycle allowed: no weights on these rows reproduce all margins, or only weights
    /// that go to 0.
    NotConverged {
        /// The largest movement of a weight in the last cycle.
        movement: f64,
    },
}

/// Cycles after which raking is given up.
const MOST_CYCLES: usize = 10_000;

/// Weights that move by no more than this in a cycle (relative to the weight where it is above 1) have converged.
const STILL: f64 = 1e-13;

/// Rakes `base` weights (1 each where `None`) to margins, one after the other in the order given, until no weight moves.
///
/// # Errors
/// A [`RakingFailure`].
pub fn rake(base: Option<&[f64]>, margins: &[Margin]) -> Result<Raked, RakingFailure> {
    let rows = margins.first().map_or(0, |m| m.levels.len());
    let mut weights = start(base, margins, rows)?;
    check_totals(margins)?;
    let mut before = weights.clone();
    let mut sums = Vec::new();
    let mut movement = f64::INFINITY;
    for cycle in 1..=MOST_CYCLES {
        before.copy_from_slice(&weights);
        for (k, margin) in margins.iter().enumerate() {
            adjust(&mut weights, margin, &mut sums).map_err(|level| RakingFailure::EmptyLevel { margin: k, level })?;
        }
        let moved = |(new, old): (&f64, &f64)| (new - old).abs() / new.max(1.0);
        movement = weights.iter().zip(&before).filter(|(w, _)| !w.is_nan()).map(moved).fold(0.0, f64::max);
        if movement <= STILL {
            return match margins.iter().position(|m| !is_reproduced(&weights, m)) {
                Some(margin) => Err(RakingFailure::NotReproduced { margin }),
                None => Ok(Raked { weights, cycles: cycle }),
            };
        }
    }
    Err(RakingFailure::NotConverged { movement })
}

/// The weights at the start, NaN where a row is left out.
fn start(base: Option<&[f64]>, margins: &[Margin], rows: usize) -> Result<Vec<f64>, RakingFailure> {
    let fits = |m: &Margin| {
        m.levels.len() == rows
            && m.levels.iter().flatten().all(|level| *level < m.totals.len())
            && m.totals.iter().all(|total| *total >= 0.0 && total.is_finite())
    };
    if margins.is_empty() || !margins.iter().all(fits) || base.is_some_and(|base| base.len() != rows) {
        return Err(RakingFailure::Malformed);
    }
    let mut weights = base.map_or_else(|| vec![1.0; rows], <[f64]>::to_vec);
    for margin in margins {
        weights.iter_mut().zip(&margin.levels).filter(|(_, l)| l.is_none()).for_each(|(w, _)| *w = f64::NAN);
    }
    if weights.iter().any(|w| *w < 0.0 || w.is_infinite()) {
        return Err(RakingFailure::Malformed);
    }
    if weights.iter().all(|w| w.is_nan()) { Err(RakingFailure::NoRows) } else { Ok(weights) }
}

fn check_totals(margins: &[Margin]) -> Result<(), RakingFailure> {
    let sum = |m: &Margin| m.totals.iter().sum::<f64>();
    let first = margins.first().map_or(0.0, sum);
    match margins.iter().position(|m| (sum(m) - first).abs() > 1e-9 * first) {
        Some(margin) => Err(RakingFailure::TotalsDiffer { margin }),
        None => Ok(()),
    }
}

/// Whether the weights of each level sum to its total.
fn is_reproduced(weights: &[f64], margin: &Margin) -> bool {
    let all: f64 = margin.totals.iter().sum();
    margin.totals.iter().enumerate().all(|(level, total)| {
        let rows = weights.iter().zip(&margin.levels).filter(|(_, l)| **l == Some(level));
        let sum: f64 = rows.map(|(w, _)| w).filter(|w| !w.is_nan()).sum();
        (sum - total).abs() <= 1e-9 * all
    })
}

/// Multiplies the weights of each level so that they sum to its total; `Err` is a level without any.
fn adjust(weights: &mut [f64], margin: &Margin, sums: &mut Vec<f64>) -> Result<(), usize> {
    sums.clear();
    sums.resize(margin.totals.len(), 0.0);
    for (weight, level) in weights.iter().zip(&margin.levels).filter(|(w, _)| !w.is_nan()) {
        if let Some(sum) = level.and_then(|l| sums.get_mut(l)) {
            *sum += weight;
        }
    }
    for (k, (sum, total)) in sums.iter_mut().zip(&margin.totals).enumerate() {
        if *sum <= 0.0 && *total > 0.0 {
            return Err(k);
        }
        *sum = if *sum > 0.0 { total / *sum } else { 1.0 };
    }
    for (weight, level) in weights.iter_mut().zip(&margin.levels) {
        if let Some(factor) = level.and_then(|l| sums.get(l)) {
            *weight *= factor;
        }
    }
    Ok(())
}

/// What unequal weights cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightSummary {
    /// Rows with a weight.
    pub rows: f64,
    /// Sum of the weights.
    pub sum: f64,
    /// Kish's effective sample size, the squared sum over the sum of squares.
    pub effective_size: f64,
    /// Kish's design effect: rows over the effective sample size.
    pub design_effect: f64,
}

impl WeightSummary {
    /// Of weights, NaN for rows without one; `None` without any positive weight.
    #[must_use]
    pub fn new(weights: &[f64]) -> Option<Self> {
        let kept = || weights.iter().copied().filter(|w| !w.is_nan());
        let (rows, sum) = (kept().count() as f64, kept().sum::<f64>());
        let squares: f64 = kept().map(|w| w * w).sum();
        let effective_size = sum * sum / squares;
        if !(effective_size > 0.0 && effective_size.is_finite()) {
            return None;
        }
        Some(Self { rows, sum, effective_size, design_effect: rows / effective_size })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::tests::{Case, columns, numbers};

    fn margin(values: &[f64], levels: &[f64], totals: &[f64]) -> Margin {
        let place = |v: &f64| levels.iter().position(|l| l == v);
        Margin { levels: values.iter().map(place).collect(), totals: totals.to_vec() }
    }

    #[test]
    fn the_reference_case() {
        let case = Case::read("raking_80");
        let data = columns(case.json["data"].as_str().unwrap());
        let wanted = case.setting("margins").as_array().unwrap();
        let margins: Vec<Margin> = wanted
            .iter()
            .map(|m| margin(&data[m["variable"].as_str().unwrap()], &numbers(&m["levels"]), &numbers(&m["totals"])))
            .collect();
        let raked = rake(None, &margins).unwrap();
        case.check_all(&["weights"], &raked.weights);
        let summary = WeightSummary::new(&raked.weights).unwrap();
        case.check(&["sum"], Some(summary.sum));
        case.check(&["ess"], Some(summary.effective_size));
        case.check(&["kish_deff"], Some(summary.design_effect));
    }

    #[test]
    fn a_table_by_hand() {
        // One margin: 2 rows share 6, 1 row has 4. Base weights keep their proportion.
        let one = margin(&[0.0, 0.0, 1.0], &[0.0, 1.0], &[6.0, 4.0]);
        assert_eq!(rake(None, std::slice::from_ref(&one)).unwrap().weights, [3.0, 3.0, 4.0]);
        let raked = rake(Some(&[1.0, 2.0, 7.0]), std::slice::from_ref(&one)).unwrap();
        assert_eq!(raked.weights, [2.0, 4.0, 4.0]);
        // A row without the variable is left out, here and in the summary: (2 + 4)^2 / 20 = 1.8.
        let gap = margin(&[0.0, f64::NAN, 1.0], &[0.0, 1.0], &[2.0, 4.0]);
        let raked = rake(None, &[gap]).unwrap();
        assert!(raked.weights[0] == 2.0 && raked.weights[1].is_nan() && raked.weights[2] == 4.0);
        let summary = WeightSummary::new(&raked.weights).unwrap();
        assert_eq!((summary.rows, summary.sum, summary.effective_size), (2.0, 6.0, 1.8));
    }

    #[test]
    fn margins_are_reproduced_and_large_totals_converge() {
        let a: Vec<f64> = (0..60).map(|k| f64::from(k % 3)).collect();
        let b: Vec<f64> = (0..60).map(|k| f64::from(k * 7 % 60 % 4)).collect();
        let margins =
            [margin(&a, &[0.0, 1.0, 2.0], &[5e6, 2e6, 1e6]), margin(&b, &[0.0, 1.0, 2.0, 3.0], &[1e6, 1e6, 2e6, 4e6])];
        let raked = rake(None, &margins).unwrap();
        for m in &margins {
            for (level, total) in m.totals.iter().enumerate() {
                let rows = raked.weights.iter().zip(&m.levels).filter(|(_, l)| **l == Some(level));
                assert!((rows.map(|(w, _)| w).sum::<f64>() / total - 1.0).abs() < 1e-12);
            }
        }
        // The weights are products of a factor per level.
        let at = |i: usize, j: usize| {
            let row = (0..60).find(|k| margins[0].levels[*k] == Some(i) && margins[1].levels[*k] == Some(j));
            raked.weights[row.unwrap()]
        };
        assert!((at(0, 0) * at(1, 1) / (at(0, 1) * at(1, 0)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_cannot_be_raked_says_why() {
        let values = [0.0, 0.0, 1.0];
        let fine = || margin(&values, &[0.0, 1.0], &[6.0, 4.0]);
        let failure = |margins: &[Margin]| rake(None, margins).unwrap_err();
        assert_eq!(failure(&[]), RakingFailure::Malformed);
        let empty = margin(&values, &[0.0, 1.0, 2.0], &[3.0, 3.0, 4.0]);
        assert_eq!(failure(&[fine(), empty]), RakingFailure::EmptyLevel { margin: 1, level: 2 });
        // A level that nobody has and nobody shall have is no problem.
        assert!(rake(None, &[margin(&values, &[0.0, 1.0, 2.0], &[6.0, 4.0, 0.0])]).is_ok());
        assert_eq!(
            failure(&[fine(), margin(&values, &[0.0, 1.0], &[6.0, 5.0])]),
            RakingFailure::TotalsDiffer { margin: 1 }
        );
        assert_eq!(failure(&[margin(&values, &[5.0], &[1.0])]), RakingFailure::NoRows);
        assert_eq!(failure(&[margin(&values, &[0.0, 1.0], &[6.0, -4.0])]), RakingFailure::Malformed);
        assert_eq!(failure(&[fine(), margin(&values[1..], &[0.0, 1.0], &[6.0, 4.0])]), RakingFailure::Malformed);
        assert_eq!(rake(Some(&[1.0]), &[fine()]), Err(RakingFailure::Malformed));
        assert_eq!(rake(Some(&[1.0, -1.0, 1.0]), &[fine()]), Err(RakingFailure::Malformed));
        // Both variables are the same and shall have other totals.
        let clash = failure(&[fine(), margin(&values, &[0.0, 1.0], &[5.0, 5.0])]);
        assert_eq!(clash, RakingFailure::NotReproduced { margin: 0 });
        assert_eq!(WeightSummary::new(&[]), None);
        assert_eq!(WeightSummary::new(&[0.0, f64::NAN]), None);
    }
}

//! What is reckoned does not depend on where the fits are kept.

use super::super::{ConditionFits, Contrasts};
use super::table::{row, target};
use crate::disk::Spill;
use crate::tables::{Estimate, EstimateRow, FailureKind, FitFailure, Target, WarningKind};
use std::sync::Arc;

/// More than two parts of a column.
const REPLICATES: u64 = 5000;

/// Two estimands, of which the second is asked of one method only; with failures, missing standard errors and intervals,
/// and replicates that are missing in the second condition.
fn rows(condition: u32) -> Vec<EstimateRow> {
    let mut rows = Vec::new();
    for replicate in (0..REPLICATES).filter(|r| condition == 0 || r % 11 != 3) {
        for (estimand, method) in [(0, 0), (0, 1), (0, 2), (1, 1)] {
            let number = replicate as u32 * 8 + condition * 4 + method;
            let noise = f64::from(number.wrapping_mul(2_654_435_761) >> 8) / f64::from(1_u32 << 24) - 0.5;
            let mut made = row(condition, replicate, estimand, method, Some(replicate as f64 + noise));
            made.result = match number % 97 {
                5 if method == 1 => Err(FitFailure::new(FailureKind::NotConverged, format!("of {replicate}"))),
                6 => Ok(Estimate { estimate: noise, ..Estimate::default() }),
                8 => Ok(Estimate { estimate: noise, warning: Some(WarningKind::SmallCounts), ..Estimate::default() }),
                7 => Ok(Estimate { estimate: f64::NAN, ..Estimate::default() }),
                _ => made.result,
            };
            rows.push(made);
        }
    }
    rows
}

fn all(disk: bool, most: usize) -> String {
    let targets: [Target; 2] = [target(Some(0.1)), target(None)];
    let mut told = String::new();
    let mut contrasts = Contrasts::new(true).holding(most);
    for condition in 0..2 {
        let spill = disk.then(|| Arc::new(Spill::begin().unwrap()));
        let mut fits = ConditionFits::with(condition, spill);
        rows(condition).iter().for_each(|row| fits.push(row));
        told += &format!("{:?}\n{:?}\n", fits.performance(&targets).unwrap(), fits.statuses());
        contrasts.add(fits, &targets).unwrap();
    }
    told + &format!("{:?}", contrasts.rows)
}

#[test]
fn fits_on_disk_give_the_same_measures() {
    let memory = all(false, usize::MAX);
    assert!(memory.contains("Common") && memory.contains("Worst") && memory.contains("NotConverged"));
    assert!(memory.contains("SmallCounts"));
    assert_eq!(memory, all(true, usize::MAX));
    assert_eq!(memory, all(true, 100));
}

//! Failures that several methods share, in the same words.

use crate::numeric::LogisticFailure;
use crate::tables::{FailureKind, FitFailure};

/// No record counts at a wave (counted from 0).
pub(super) fn no_rows(wave: usize) -> FitFailure {
    FitFailure::new(FailureKind::NoData, format!("no record counts at wave {}", wave + 1))
}

/// A column depends on the ones before it, or has one value only.
pub(super) fn collinear(names: &[String], column: usize, rows: &[f64]) -> FitFailure {
    let name = names.get(column).map_or("a column", String::as_str);
    let mut values = rows.iter().skip(column).step_by(names.len().max(1));
    let first = values.next();
    if first.is_some_and(|first| values.all(|v| v == first)) {
        return FitFailure::new(FailureKind::Constant, format!("`{name}` has one value only"));
    }
    FitFailure::new(FailureKind::Collinear, format!("`{name}` is a combination of the columns before it"))
}

/// A logistic fit that gave nothing. `what` names the model.
pub(super) fn logistic(failure: LogisticFailure, what: &str, names: &[String], rows: &[f64]) -> FitFailure {
    let fail = |kind, detail: &str| FitFailure::new(kind, format!("{what}: {detail}"));
    match failure {
        LogisticFailure::NoRows => fail(FailureKind::NoData, "no record counts"),
        LogisticFailure::OneOutcome => fail(FailureKind::Constant, "the outcome has one value only"),
        LogisticFailure::Collinear { column } => {
            let failure = collinear(names, column, rows);
            fail(failure.kind, &failure.detail)
        }
        LogisticFailure::CompleteSeparation => {
            fail(FailureKind::CompleteSeparation, "the predictors tell all outcomes apart; no finite estimate exists")
        }
        LogisticFailure::QuasiSeparation => {
            fail(FailureKind::QuasiSeparation, "the predictors tell some outcomes apart; no finite estimate exists")
        }
        LogisticFailure::NotConverged => fail(FailureKind::NotConverged, "the steps did not become small"),
        LogisticFailure::NotFinite => fail(FailureKind::NotFinite, "a predictor is not finite"),
    }
}

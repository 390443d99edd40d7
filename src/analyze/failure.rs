//! Failures that several methods share, in the same words.

use crate::numeric::LogisticFailure;
use crate::statistics::regression::Failure;
use crate::tables::{FailureKind, FitFailure};

/// No record counts at a wave (counted from 0).
pub(super) fn no_rows(wave: usize) -> FitFailure {
    FitFailure::new(FailureKind::NoData, format!("no record counts at wave {}", wave + 1))
}

/// No record counts at any of several waves.
pub(super) fn no_rows_at_any() -> FitFailure {
    let detail = "no record has the outcome and every term of the model at any wave".to_owned();
    FitFailure::new(FailureKind::NoData, detail)
}

/// What is said of an estimate or a standard error that is not finite.
pub(super) fn not_finite(estimate: f64, se: f64) -> String {
    format!(
        "estimate {estimate:.3e}, standard error {se:.3e}: an answer, a predictor or a weight is infinite, or too large to \
         be squared; look at the largest values, or divide them by a constant"
    )
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

/// A regression that gave nothing. `what` names the model; `rows` are its rows.
pub(super) fn regression(failure: Failure, what: &str, names: &[String], rows: &[f64]) -> FitFailure {
    let fail = |kind, detail: &str| FitFailure::new(kind, format!("{what}: {detail}"));
    match failure {
        Failure::NoRows => fail(FailureKind::NoData, "no record counts"),
        Failure::TooFewRows { rows, coefficients } => {
            FitFailure::new(FailureKind::TooFew, format!("{rows} records for {coefficients} coefficients"))
        }
        Failure::Collinear { column } => {
            let failure = collinear(names, column, rows);
            fail(failure.kind, &failure.detail)
        }
        Failure::OneOutcome => fail(FailureKind::Constant, "the outcome has one value only"),
        Failure::NothingVaries => {
            fail(FailureKind::Constant, "no cluster has both outcomes, so that nothing can be compared within")
        }
        Failure::CompleteSeparation => {
            fail(FailureKind::CompleteSeparation, "the predictors tell all outcomes apart; no finite estimate exists")
        }
        Failure::QuasiSeparation => {
            fail(FailureKind::QuasiSeparation, "the predictors tell some outcomes apart; no finite estimate exists")
        }
        Failure::Boundary => fail(
            FailureKind::Boundary,
            "the likelihood is greatest where a fitted mean leaves its range; another link has no such edge",
        ),
        Failure::NotOverdispersed => fail(
            FailureKind::Boundary,
            "the counts vary no more than Poisson counts do, so that theta is infinite; fit a Poisson model",
        ),
        Failure::Outcome { .. } => {
            let detail = match what {
                "Poisson model" => "an outcome is below 0 or infinite, and counts are needed",
                "negative binomial regression" => "an outcome is no count, a whole number from 0, or is too large",
                "ordinal logistic regression" => "an outcome is none of the categories",
                _ => {
                    "an outcome is neither 0 nor 1; `regression` takes numbers, `ordinal_logistic` categories in order"
                }
            };
            fail(FailureKind::NotFinite, detail)
        }
        Failure::EmptyCategory { category } => {
            fail(FailureKind::EmptyGroup, &format!("nobody has the category at position {}", category + 1))
        }
        Failure::Leverage { .. } => fail(
            FailureKind::TooFew,
            "a record or a cluster determines its own fit (leverage 1), so that these errors are undefined",
        ),
        Failure::TooFewClusters { clusters } => {
            fail(FailureKind::TooFew, &format!("errors by cluster need two clusters, and there are {clusters}"))
        }
        Failure::NoLimit { column, upper } => {
            let name = names.get(column).map_or("a coefficient", String::as_str);
            let side = if upper { "upper" } else { "lower" };
            fail(FailureKind::NoLimit, &format!("the profile of `{name}` does not fall far enough on its {side} side"))
        }
        Failure::NotConverged => fail(FailureKind::NotConverged, "the steps did not become small"),
        Failure::NotPositiveDefinite => {
            fail(FailureKind::NotPositiveDefinite, "the information is not positive definite")
        }
        Failure::NotFinite | Failure::Shape => fail(FailureKind::NotFinite, "a value is not finite"),
    }
}

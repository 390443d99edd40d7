//! Failures of a marginal regression in words.

use crate::analyze::failure::collinear;
use crate::statistics::gee::{CovarianceFailure, Failure};
use crate::tables::{FailureKind, FitFailure};

/// A fit that gave nothing. `names` and `rows` are of the columns that were fitted.
pub(super) fn of_fit(failure: Failure, names: &[String], rows: &[f64]) -> FitFailure {
    let fail = |kind, detail: &str| FitFailure::new(kind, detail);
    match failure {
        Failure::NoRows => fail(FailureKind::NoData, "no record counts at any wave"),
        Failure::OneCluster => fail(FailureKind::TooFew, "one cluster only, and nothing to compare it with"),
        Failure::NotFinite => fail(FailureKind::NotFinite, "a predictor, an offset or a weight is not finite"),
        Failure::LinkNotForFamily => fail(FailureKind::NotFinite, "the link is not for the family"),
        Failure::OutcomeOutOfRange => fail(
            FailureKind::NotFinite,
            "an outcome is not of the family: `binomial` needs 0 and 1, `poisson` counts from 0",
        ),
        Failure::ConstantOutcome => fail(FailureKind::Constant, "the outcome has one value only"),
        Failure::TooFewRows => {
            FitFailure::new(FailureKind::TooFew, format!("no more answers than the {} coefficients", names.len()))
        }
        Failure::Collinear { column } => collinear(names, column, rows),
        Failure::CompleteSeparation => {
            fail(FailureKind::CompleteSeparation, "the predictors tell all outcomes apart; no finite estimate exists")
        }
        Failure::QuasiSeparation => {
            fail(FailureKind::QuasiSeparation, "the predictors tell some outcomes apart; no finite estimate exists")
        }
        Failure::MeanOutOfRange => fail(
            FailureKind::NotConverged,
            "a fitted mean leaves the range of the family; `logit` or `log` keeps it inside",
        ),
        Failure::NoResidualVariation => {
            fail(FailureKind::Constant, "the predictors fit the outcome without error, so there is no scale")
        }
        Failure::RepeatedWave { .. } => fail(
            FailureKind::TooFew,
            "a cluster has two answers at a wave, and the correlation goes by waves; take `exchangeable`",
        ),
        Failure::TooFewPairs { waves: Some((first, second)), pairs } => FitFailure::new(
            FailureKind::TooFew,
            format!(
                "{pairs} clusters were seen at both wave {} and wave {}, too few for their correlation; take fewer \
                 waves or another `correlation`",
                first + 1,
                second + 1
            ),
        ),
        Failure::TooFewPairs { waves: None, pairs } => FitFailure::new(
            FailureKind::TooFew,
            format!("{pairs} pairs of answers are too few for the working correlation; take `independence`"),
        ),
        Failure::NotPositiveDefinite => fail(
            FailureKind::NotPositiveDefinite,
            "the estimated working correlation is not positive definite; take one with fewer parameters",
        ),
        Failure::NotConverged => fail(FailureKind::NotConverged, "the steps did not become small"),
    }
}

/// A covariance that is undefined, in a sentence without its beginning.
pub(super) fn of_covariance(failure: CovarianceFailure, clusters: usize, width: usize) -> FitFailure {
    let detail = match failure {
        CovarianceFailure::NotFitted => "there is no fit".to_owned(),
        CovarianceFailure::TooFewClusters => format!("{clusters} clusters for {width} coefficients"),
        CovarianceFailure::Leverage { .. } => {
            "a cluster alone decides a coefficient, so its residuals say nothing of its errors; take `robust`"
                .to_owned()
        }
    };
    FitFailure::new(FailureKind::TooFew, detail)
}

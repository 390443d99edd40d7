//! Coefficients as findings: lists in the order of the terms, and estimates by name.

use crate::statistics::regression::Wald;
use crate::tables::{Estimate, Finding, Findings};

/// Roots of the diagonal of a covariance of `p` coefficients.
pub(super) fn errors(covariance: &[f64], p: usize) -> Vec<f64> {
    (0..p).map(|k| libm::sqrt(covariance.get(k * p + k).copied().unwrap_or(f64::NAN))).collect()
}

/// Tests and intervals of coefficients. `df`: degrees of freedom of each; none for the normal distribution.
pub(super) struct Tested {
    pub(super) z: Vec<Option<f64>>,
    pub(super) p: Vec<Option<f64>>,
    pub(super) limits: Vec<Option<(f64, f64)>>,
}

impl Tested {
    pub(super) fn new(coefficients: &[f64], se: &[f64], df: &[Option<f64>], level: f64) -> Self {
        let of = |k: usize| Wald::new(coefficients[k], se[k], df.get(k).copied().flatten(), level);
        let all: Vec<Option<Wald>> = (0..coefficients.len().min(se.len())).map(of).collect();
        Self {
            z: all.iter().map(|w| w.map(|w| w.statistic)).collect(),
            p: all.iter().map(|w| w.map(|w| w.p)).collect(),
            limits: all.iter().map(|w| w.map(|w| (w.lower, w.upper))).collect(),
        }
    }
}

/// Limits as a list of pairs; null where there are none.
pub(super) fn pairs(limits: &[Option<(f64, f64)>]) -> Finding {
    Finding::List(limits.iter().map(|l| Finding::from(*l)).collect())
}

/// Adds an estimate for each term.
pub(super) fn estimates(
    findings: &mut Findings,
    names: &[String],
    coefficients: &[f64],
    se: &[f64],
    df: &[Option<f64>],
    limits: &[Option<(f64, f64)>],
) {
    for (k, (name, estimate)) in names.iter().zip(coefficients).enumerate() {
        let model_se = se.get(k).copied().filter(|s| s.is_finite());
        let interval = limits.get(k).copied().flatten();
        let df = df.get(k).copied().flatten();
        findings
            .estimate(name.clone(), Estimate { estimate: *estimate, model_se, df, interval, ..Estimate::default() });
    }
}

/// A warning that levels do not occur, if any do not.
pub(super) fn warn_of_levels(findings: &mut Findings, gone: &[String]) {
    if !gone.is_empty() {
        let list = gone.join("`, `");
        findings
            .warnings
            .push(format!("`{list}`: 0 in every row, such as a level that nobody has; left out of the model."));
    }
}

/// A warning that records have several rows, which errors take as independent. `help`: what to do about it.
pub(super) fn warn_of_repeats(findings: &mut Findings, repeats: bool, help: &str) {
    if repeats {
        let what = "Some records have several rows, and these errors take all rows as independent";
        findings.warnings.push(format!("{what}: {help}."));
    }
}

/// What to do about it where the method has clusters.
pub(super) const NAME_A_CLUSTER: &str = "name a `cluster`";
/// What to do about it where the method has none.
pub(super) const ONE_WAVE: &str = "name one wave in `waves`, or take a method with a `cluster`";

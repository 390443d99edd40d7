#![doc = include_str!("pages/ordinal_logistic.md")]

use super::coefficients::{ONE_WAVE, Tested, errors, estimates, pairs, warn_of_levels, warn_of_repeats};
use super::failure;
use super::model_rows::AskedModel;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::statistics::regression::{OrdinalLogistic, Rows};
use crate::streams::Own;
use crate::tables::{FailureKind, Findings, FitFailure, Observed, ObservedSchema, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "ordinal_logistic",
    summary: "regression of ordered categories with proportional odds, by maximum likelihood",
    page: include_str!("pages/ordinal_logistic.md"),
    declare: |options, problems| {
        let asked = AskedModel::declare(options, problems);
        options.finish(problems);
        Some(Box::new(Ordinal { asked }))
    },
};

/// Most categories; a number with more values is no scale of categories.
const MOST: usize = 100;

#[derive(Debug)]
struct Ordinal {
    asked: AskedModel,
}

impl Method for Ordinal {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let why = "no estimand is a coefficient of ordered categories; ask with `quantity = \"finding\"`".to_owned();
        Err(CannotAnswer { why })
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut rows = self.asked.for_report(observed.schema())?;
        rows.collect(observed)?;
        let gone = rows.drop_empty_levels();
        rows.drop_intercept();
        if rows.names.is_empty() {
            return Err(CannotAnswer { why: "the model has no term".to_owned() }.into());
        }
        // Categories are the values that occur, in their order.
        let mut categories = rows.outcome().to_vec();
        categories.sort_unstable_by(f64::total_cmp);
        categories.dedup();
        if categories.len() > MOST {
            let detail = format!("the outcome has {} values, too many for categories", categories.len());
            return Err(FitFailure::new(FailureKind::TooFew, detail).into());
        }
        let place = |y: &f64| categories.iter().position(|c| c == y).map_or(f64::NAN, |k| k as f64);
        let codes: Vec<f64> = rows.outcome().iter().map(place).collect();
        let mut solver = OrdinalLogistic::default();
        let failed = |f| failure::regression(f, "ordinal logistic regression", &rows.names, &rows.x);
        let coded = Rows { outcome: &codes, ..rows.rows() };
        let fit = solver.fit(&coded, categories.len()).map_err(failed)?.clone();
        let mut findings = Findings::default();
        warn_of_levels(&mut findings, &gone);
        let (width, m) = (rows.names.len(), fit.thresholds.len());
        let all = errors(solver.covariance(), m + width);
        let (se_thresholds, se) = all.split_at(m);
        let tested = Tested::new(&fit.coefficients, se, &[], confidence);
        let of_thresholds = Tested::new(&fit.thresholds, se_thresholds, &[], confidence);
        let values = &mut findings.values;
        values.set("n", fit.n).set("categories", categories).set("terms", rows.names.clone());
        values.set("coef", fit.coefficients.clone()).set("se", se.to_vec()).set("z", tested.z).set("p", tested.p);
        values.set("ci", pairs(&tested.limits)).set("thresholds", fit.thresholds.clone());
        values.set("se_thresholds", se_thresholds.to_vec()).set("ci_thresholds", pairs(&of_thresholds.limits));
        values.set("loglik", fit.loglik).set("null_loglik", fit.null_loglik).set("aic", fit.aic);
        values.set("iterations", fit.iterations as usize).set("last_step", fit.last_step);
        estimates(&mut findings, &rows.names, &fit.coefficients, se, &[], &tested.limits);
        let part = (0..width).flat_map(|i| (0..width).map(move |j| (m + i) * (m + width) + m + j));
        findings.covariance = Some(part.filter_map(|k| solver.covariance().get(k).copied()).collect());
        warn_of_repeats(&mut findings, rows.repeats(), ONE_WAVE);
        Ok(findings)
    }
}

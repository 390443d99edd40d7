#![doc = include_str!("pages/conditional_logistic.md")]

use super::coefficients::{Tested, errors, estimates, pairs, warn_of_levels};
use super::failure;
use super::model_rows::AskedModel;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::numeric::ChiSquare;
use crate::statistics::regression::ConditionalLogistic;
use crate::streams::Own;
use crate::tables::{Findings, Observed, ObservedSchema, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "conditional_logistic",
    summary: "logistic regression within persons or other clusters, by the exact conditional likelihood",
    page: include_str!("pages/conditional_logistic.md"),
    declare: |options, problems| {
        let mut asked = AskedModel::declare(options, problems).with_clusters(options, problems);
        options.finish(problems);
        asked.cluster.get_or_insert_with(|| "person".to_owned());
        Some(Box::new(Conditional { asked }))
    },
};

#[derive(Debug)]
struct Conditional {
    asked: AskedModel,
}

impl Method for Conditional {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let why = "its coefficients are within clusters, which no estimand is; ask with `quantity = \"finding\"`";
        Err(CannotAnswer { why: why.to_owned() })
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut rows = self.asked.for_report(observed.schema())?;
        rows.collect(observed)?;
        let gone = rows.drop_empty_levels();
        rows.drop_intercept();
        if rows.names.is_empty() {
            return Err(CannotAnswer { why: "the model has no term to compare within clusters".to_owned() }.into());
        }
        let mut solver = ConditionalLogistic::default();
        let failed = |f| failure::regression(f, "conditional logistic regression", &rows.names, &rows.x);
        let fit = solver.fit(&rows.rows()).map_err(failed)?.clone();
        let mut findings = Findings::default();
        warn_of_levels(&mut findings, &gone);
        let width = rows.names.len();
        let se = errors(solver.covariance(), width);
        let tested = Tested::new(&fit.coefficients, &se, &[], confidence);
        let ratio = 2.0 * (fit.loglik - fit.null_loglik);
        let values = &mut findings.values;
        values.set("n", fit.n).set("informative_clusters", fit.informative_clusters).set("terms", rows.names.clone());
        values.set("coef", fit.coefficients.clone()).set("se", se.clone()).set("z", tested.z).set("p", tested.p);
        values.set("ci", pairs(&tested.limits)).set("loglik", fit.loglik).set("null_loglik", fit.null_loglik);
        values.set("lr", ratio).set("lr_df", width).set("lr_p", ChiSquare { df: width as f64 }.upper_tail(ratio));
        values.set("iterations", fit.iterations as usize).set("last_step", fit.last_step);
        estimates(&mut findings, &rows.names, &fit.coefficients, &se, &[], &tested.limits);
        findings.covariance = Some(solver.covariance().to_vec());
        Ok(findings)
    }
}

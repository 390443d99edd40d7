#![doc = include_str!("pages/negative_binomial.md")]

use super::coefficients::{ONE_WAVE, Tested, errors, estimates, pairs, warn_of_levels, warn_of_repeats};
use super::failure;
use super::model_rows::AskedModel;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::statistics::regression::NegativeBinomial;
use crate::streams::Own;
use crate::tables::{Estimate, Findings, Observed, ObservedSchema, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "negative_binomial",
    summary: "regression of counts that vary more than Poisson counts, by maximum likelihood",
    page: include_str!("pages/negative_binomial.md"),
    declare: |options, problems| {
        let asked = AskedModel::declare(options, problems);
        let joint = options.choice("errors", &["expected", "observed"], problems) == Some(1);
        options.finish(problems);
        Some(Box::new(Counts { asked, joint }))
    },
};

#[derive(Debug)]
struct Counts {
    asked: AskedModel,
    /// Errors from the observed information about coefficients and theta.
    joint: bool,
}

impl Method for Counts {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let why = "no estimand is a coefficient of a model of counts; ask with `quantity = \"finding\"`".to_owned();
        Err(CannotAnswer { why })
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut rows = self.asked.for_report(observed.schema())?;
        rows.collect(observed)?;
        let gone = rows.drop_empty_levels();
        let mut solver = NegativeBinomial::default();
        let failed = |f| failure::regression(f, "negative binomial regression", &rows.names, &rows.x);
        let fit = solver.fit(&rows.rows()).map_err(failed)?.clone();
        let mut findings = Findings::default();
        warn_of_levels(&mut findings, &gone);
        let width = rows.names.len();
        let expected = errors(solver.covariance_expected(), width);
        let joint = errors(solver.covariance_observed(), width);
        let se = if self.joint { &joint } else { &expected };
        let tested = Tested::new(&fit.coefficients, se, &[], confidence);
        let values = &mut findings.values;
        values.set("n", fit.n).set("terms", rows.names.clone()).set("coef", fit.coefficients.clone());
        values.set("se_expected_info", expected.clone()).set("se_observed_joint", joint.clone());
        values.set("z", tested.z).set("p", tested.p).set("ci", pairs(&tested.limits));
        values.set("theta", fit.theta).set("se_theta", fit.se_theta).set("se_theta_joint", fit.se_theta_joint);
        values.set("loglik", fit.loglik).set("poisson_loglik", fit.poisson_loglik);
        values.set("aic", fit.aic).set("bic", fit.bic);
        values.set("iterations", fit.iterations as usize).set("last_step", fit.last_step);
        estimates(&mut findings, &rows.names, &fit.coefficients, se, &[], &tested.limits);
        let theta = Estimate { estimate: fit.theta, model_se: Some(fit.se_theta), ..Estimate::default() };
        findings.estimate("theta", theta);
        warn_of_repeats(&mut findings, rows.repeats(), ONE_WAVE);
        Ok(findings)
    }
}

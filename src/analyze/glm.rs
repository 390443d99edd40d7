#![doc = include_str!("pages/glm.md")]

use super::coefficients::{NAME_A_CLUSTER, Tested, errors, estimates, pairs, warn_of_levels, warn_of_repeats};
use super::critical::Critical;
use super::failure;
use super::model_rows::{AskedModel, ModelRows};
use super::simple::check_waves;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::regression::{Failure, Family, Glm, GlmCovariance, Link};
use crate::streams::Own;
use crate::tables::{
    Estimate, FailureKind, Findings, FitFailure, Observed, ObservedSchema, Quantity, Target, WarningKind,
};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "glm",
    summary: "generalised linear model: binomial, Poisson or Gaussian, with several links and a sandwich",
    page: include_str!("pages/glm.md"),
    declare,
};

const FAMILIES: [&str; 3] = ["binomial", "poisson", "gaussian"];
const LINKS: [&str; 5] = ["logit", "probit", "cloglog", "log", "identity"];
const ERRORS: [&str; 3] = ["model", "robust", "robust_cr1"];

/// A generalised linear model as declared.
#[derive(Debug)]
pub(super) struct GeneralisedLinear {
    asked: AskedModel,
    family: Family,
    link: Link,
    /// Whether the table names family or link; otherwise an estimand's own are taken.
    said: bool,
    /// As said; otherwise the model's, or the sandwich where there are weights or clusters.
    errors: Option<GlmCovariance>,
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let asked = AskedModel::declare(options, problems).with_clusters(options, problems);
    let family = options.choice("family", &FAMILIES, problems);
    let link = options.choice("link", &LINKS, problems);
    let errors = options.choice("errors", &ERRORS, problems).map(kind);
    options.finish(problems);
    let (family, usual) = match family {
        Some(1) => (Family::Poisson, Link::Log),
        Some(2) => (Family::Gaussian, Link::Identity),
        _ => (Family::Binomial, Link::Logit),
    };
    let link = match link {
        Some(0) => Link::Logit,
        Some(1) => Link::Probit,
        Some(2) => Link::Cloglog,
        Some(3) => Link::Log,
        Some(_) => Link::Identity,
        None => usual,
    };
    if Glm::new(family, link).is_none() {
        let span = options.get("link").map_or(&options.span, |v| v.span());
        problems
            .error("S0104", span, "`link` is not one of this family's")
            .help("binomial takes all links, poisson takes log and identity, gaussian takes identity");
        return None;
    }
    let said = options.get("family").is_some() || options.get("link").is_some();
    Some(Box::new(GeneralisedLinear { asked, family, link, said, errors }))
}

fn kind(position: usize) -> GlmCovariance {
    match position {
        0 => GlmCovariance::Model,
        1 => GlmCovariance::Robust,
        _ => GlmCovariance::RobustCr1,
    }
}

impl GeneralisedLinear {
    /// A logistic regression, as `logistic` asks for where there are weights, and for its report.
    pub(super) fn logistic(asked: AskedModel) -> Self {
        Self { asked, family: Family::Binomial, link: Link::Logit, said: true, errors: None }
    }

    fn errors(&self, sandwich: bool) -> GlmCovariance {
        self.errors.unwrap_or(if sandwich { GlmCovariance::Robust } else { GlmCovariance::Model })
    }
}

fn solver(family: Family, link: Link) -> Result<Glm, CannotAnswer> {
    let none = || CannotAnswer { why: "the link is not one of this family's".to_owned() };
    Glm::new(family, link).ok_or_else(none)
}

fn what(family: Family, link: Link) -> &'static str {
    match (family, link) {
        (Family::Binomial, Link::Logit) => "logistic regression",
        (Family::Binomial, _) => "binomial model",
        (Family::Poisson, _) => "Poisson model",
        (Family::Gaussian, _) => "Gaussian model",
    }
}

impl Method for GeneralisedLinear {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        check_waves(target, schema)?;
        let Quantity::Coefficient { waves, model, term, family, link } = &target.quantity else {
            return Err(CannotAnswer { why: "it answers coefficients of regressions only".to_owned() });
        };
        let (own, own_link) = if self.said { (self.family, self.link) } else { (*family, *link) };
        // Another family estimates the same coefficients where the mean is right.
        if own_link != *link {
            let why = "with this link its coefficients are not those of the estimand; ask for them as a `finding`";
            return Err(CannotAnswer { why: why.to_owned() });
        }
        let rows = self.asked.for_target(target, &model.text, waves, schema)?;
        Ok(Box::new(GlmFit {
            column: rows.column(term)?,
            solver: solver(own, own_link)?,
            errors: self.errors(schema.weighted || rows.is_clustered()),
            what: what(own, own_link),
            rows,
            z: Critical::new(target.level_of_confidence).z,
        }))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut rows = self.asked.for_report(observed.schema())?;
        rows.collect(observed)?;
        let gone = rows.drop_empty_levels();
        let mut solver = solver(self.family, self.link)?;
        let failed = |f| failure::regression(f, what(self.family, self.link), &rows.names, &rows.x);
        let fit = solver.fit(&rows.rows()).map_err(failed)?.clone();
        let mut findings = Findings::default();
        warn_of_levels(&mut findings, &gone);
        let width = rows.names.len();
        let mut means = Vec::new();
        solver.means(rows.outcome().len(), &mut means);
        let values = &mut findings.values;
        values.set("n", fit.n).set("terms", rows.names.clone()).set("coef", fit.coefficients.clone());
        let mut of = |kind| Ok::<_, Failure>(errors(solver.covariance(kind)?, width));
        let se = of(GlmCovariance::Model).map_err(failed)?;
        let tested = Tested::new(&fit.coefficients, &se, &[], confidence);
        values.set("se", se).set("z", tested.z).set("ci", pairs(&tested.limits)).set("p", tested.p);
        values.set("loglik", fit.loglik).set("deviance", fit.deviance).set("null_deviance", fit.null_deviance);
        values.set("aic", fit.aic).set("bic", fit.bic).set("pearson_chisq", fit.pearson);
        values.set("dispersion", fit.dispersion).set("iterations", fit.iterations as usize);
        values.set("last_step", fit.last_step).set("fitted", means);
        values.set("se_robust", of(GlmCovariance::Robust).ok());
        values.set("clusters", fit.clusters.unwrap_or(fit.n));
        values.set("se_robust_cr1", of(GlmCovariance::RobustCr1).ok());
        let covariance =
            solver.covariance(self.errors(observed.schema().weighted || rows.is_clustered())).map_err(failed)?.to_vec();
        let se = errors(&covariance, width);
        let tested = Tested::new(&fit.coefficients, &se, &[], confidence);
        estimates(&mut findings, &rows.names, &fit.coefficients, &se, &[], &tested.limits);
        findings.warned(WarningKind::FittedAtEdge.when(solver.is_at_edge()));
        findings.covariance = Some(covariance);
        warn_of_repeats(&mut findings, rows.repeats() && self.asked.cluster.is_none(), NAME_A_CLUSTER);
        Ok(findings)
    }

    fn takes_weights(&self) -> bool {
        true
    }
}

struct GlmFit {
    rows: ModelRows,
    column: usize,
    solver: Glm,
    errors: GlmCovariance,
    what: &'static str,
    z: f64,
}

impl Fit for GlmFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        self.rows.collect(observed)?;
        let failed = |f| failure::regression(f, self.what, &self.rows.names, &self.rows.x);
        let estimate = self.solver.fit(&self.rows.rows()).map_err(failed)?.coefficients[self.column];
        let width = self.rows.names.len();
        let variance = self.solver.covariance(self.errors).map_err(failed)?[self.column * width + self.column];
        let warning = WarningKind::FittedAtEdge.when(self.solver.is_at_edge());
        Ok(finish(estimate, libm::sqrt(variance), self.z)?.warned(warning))
    }
}

/// An estimate with a z interval, if it is finite.
pub(super) fn finish(estimate: f64, se: f64, z: f64) -> Result<Estimate, FitFailure> {
    if !(estimate.is_finite() && se.is_finite()) {
        return Err(FitFailure::new(FailureKind::NotFinite, crate::analyze::failure::not_finite(estimate, se)));
    }
    let interval = Some((estimate - z * se, estimate + z * se));
    Ok(Estimate { estimate, model_se: Some(se), interval, ..Estimate::default() })
}

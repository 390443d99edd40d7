#![doc = include_str!("pages/regression.md")]

use super::coefficients::{NAME_A_CLUSTER, Tested, errors, estimates, pairs, warn_of_levels, warn_of_repeats};
use super::critical::Critical;
use super::difference::Groups;
use super::failure;
use super::filter::Filter;
use super::model_rows::{AskedModel, ModelRows};
use super::outcome::Number;
use super::simple::check_waves;
use super::two_sample::finish;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::statistics::regression::{Covariance, Family, LeastSquares, Link, Rows};
use crate::streams::Own;
use crate::tables::{Estimate, Findings, FitFailure, Observed, ObservedSchema, Quantity, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "regression",
    summary: "linear regression by least squares, with errors robust to unequal variances and to clusters",
    page: include_str!("pages/regression.md"),
    declare: |options, problems| {
        let asked = AskedModel::declare(options, problems).with_clusters(options, problems);
        let errors = options.choice("errors", &WORDS, problems).map(|k| KINDS[k]);
        options.finish(problems);
        Some(Box::new(Regression::new(asked, errors)))
    },
};

const WORDS: [&str; 10] = ["classical", "hc0", "hc1", "hc2", "hc3", "cr0", "cr1", "cr1s", "cr2", "cr3"];
const KINDS: [Covariance; 10] = [
    Covariance::Classical,
    Covariance::Hc0,
    Covariance::Hc1,
    Covariance::Hc2,
    Covariance::Hc3,
    Covariance::Cr0,
    Covariance::Cr1,
    Covariance::Cr1s,
    Covariance::Cr2,
    Covariance::Cr3,
];
/// Where the errors by cluster begin.
const CLUSTERED: usize = 5;

const WHAT: &str = "linear regression";

#[derive(Debug)]
struct Regression {
    asked: AskedModel,
    errors: Covariance,
    /// Whether the table names the errors.
    said: bool,
}

fn is_clustered(errors: Covariance) -> bool {
    KINDS[CLUSTERED..].contains(&errors)
}

impl Regression {
    /// Clusters without errors mean CR2; errors by cluster without clusters mean persons.
    fn new(mut asked: AskedModel, errors: Option<Covariance>) -> Self {
        let said = errors.is_some();
        let unsaid = if asked.cluster.is_some() { Covariance::Cr2 } else { Covariance::Classical };
        let errors = errors.unwrap_or(unsaid);
        if is_clustered(errors) && asked.cluster.is_none() {
            asked.cluster = Some("person".to_owned());
        }
        Self { asked, errors, said }
    }
}

impl Method for Regression {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        check_waves(target, schema)?;
        let (source, column, clustered) = match &target.quantity {
            Quantity::Coefficient { waves, model, term, family: Family::Gaussian, .. } => {
                let rows = self.asked.for_target(target, &model.text, waves, schema)?;
                let column = rows.column(term)?;
                let clustered = rows.is_clustered();
                (Source::Model(Box::new(rows)), column, clustered)
            }
            Quantity::Difference { wave } => {
                (Source::Groups(Box::new(Compared::new(target, schema, *wave)?)), 1, false)
            }
            Quantity::Coefficient { family: Family::Binomial, link: Link::Logit, .. } => {
                return Err(CannotAnswer {
                    why: "the estimand is of a logistic regression; use `logistic`".to_owned(),
                });
            }
            _ => {
                let why = "it answers coefficients of linear regressions and differences only".to_owned();
                return Err(CannotAnswer { why });
            }
        };
        let errors = if clustered && !self.said { Covariance::Cr2 } else { self.errors };
        Ok(Box::new(RegressionFit {
            errors,
            source,
            column,
            critical: Critical::new(target.level_of_confidence),
            solver: LeastSquares::default(),
        }))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut rows = self.asked.for_report(observed.schema())?;
        rows.collect(observed)?;
        let gone = rows.drop_empty_levels();
        let mut solver = LeastSquares::default();
        let failed = |f| failure::regression(f, WHAT, &rows.names, &rows.x);
        solver.fit(&rows.rows()).map_err(failed)?;
        let mut findings = Findings::default();
        warn_of_levels(&mut findings, &gone);
        summary(&solver, &rows, confidence, &mut findings);
        all_errors(&mut solver, &mut findings, confidence);
        let df = freedom(&mut solver, self.errors, rows.names.len()).map_err(failed)?;
        let covariance = solver.covariance(self.errors).map_err(failed)?.to_vec();
        let coefficients = &solver.result().coefficients;
        let se = errors(&covariance, coefficients.len());
        let tested = Tested::new(coefficients, &se, &df, confidence);
        estimates(&mut findings, &rows.names, coefficients, &se, &df, &tested.limits);
        findings.covariance = Some(covariance);
        warn_of_repeats(&mut findings, rows.repeats() && !is_clustered(self.errors), NAME_A_CLUSTER);
        Ok(findings)
    }

    fn takes_weights(&self) -> bool {
        true
    }
}

/// What is said whatever the errors.
fn summary(solver: &LeastSquares, rows: &ModelRows, confidence: f64, findings: &mut Findings) {
    let fit = solver.result();
    let values = &mut findings.values;
    values.set("n", fit.n).set("terms", rows.names.clone()).set("coef", fit.coefficients.clone());
    values.set("sigma", fit.sigma).set("df_residual", fit.df_residual).set("r_squared", fit.r_squared);
    values.set("adjusted_r_squared", fit.adjusted_r_squared).set("f", fit.f.map(|f| f.0));
    values.set("f_df", fit.f.map(|f| f.1)).set("loglik", fit.loglik).set("aic", fit.aic).set("bic", fit.bic);
    values.set("confidence", confidence).set("clusters", fit.clusters);
}

/// Every kind of standard errors that exists.
fn all_errors(solver: &mut LeastSquares, findings: &mut Findings, confidence: f64) {
    let coefficients = solver.result().coefficients.clone();
    let p = coefficients.len();
    let kinds = if solver.result().clusters.is_some() { KINDS.len() } else { CLUSTERED };
    for (word, kind) in WORDS.iter().zip(KINDS).take(kinds) {
        let se = match solver.covariance(kind) {
            Ok(covariance) => errors(covariance, p),
            Err(failure) => {
                let detail = failure::regression(failure, word, &[], &[]).detail;
                findings.warnings.push(format!("Undefined standard errors. {detail}."));
                findings.values.set(format!("se_{word}"), vec![None::<f64>; p]);
                continue;
            }
        };
        findings.values.set(format!("se_{word}"), se.clone());
        let Ok(df) = freedom(solver, kind, p) else { continue };
        let tested = Tested::new(&coefficients, &se, &df, confidence);
        if kind == Covariance::Classical {
            findings.values.set("ci_classical", pairs(&tested.limits)).set("p_classical", tested.p);
        } else if kind == Covariance::Cr2 {
            findings.values.set("cr2_df", df).set("cr2_p", tested.p).set("ci_cr2", pairs(&tested.limits));
        }
    }
}

/// Degrees of freedom of each coefficient.
fn freedom(
    solver: &mut LeastSquares,
    kind: Covariance,
    p: usize,
) -> Result<Vec<Option<f64>>, crate::statistics::regression::Failure> {
    (0..p).map(|k| one_freedom(solver, kind, k).map(Some)).collect()
}

/// n - p; with clusters one fewer than clusters, and Satterthwaite's for CR2.
fn one_freedom(
    solver: &mut LeastSquares,
    kind: Covariance,
    column: usize,
) -> Result<f64, crate::statistics::regression::Failure> {
    match kind {
        Covariance::Cr2 => solver.satterthwaite_of(column),
        kind if is_clustered(kind) => Ok(solver.result().clusters.map_or(f64::NAN, |c| c as f64 - 1.0)),
        _ => Ok(solver.result().df_residual as f64),
    }
}

/// Where the rows come from.
enum Source {
    /// A model.
    Model(Box<ModelRows>),
    /// Being in the first of two groups, among the records in either.
    Groups(Box<Compared>),
}

struct RegressionFit {
    errors: Covariance,
    source: Source,
    column: usize,
    critical: Critical,
    solver: LeastSquares,
}

impl Fit for RegressionFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        let (rows, names): (Rows<'_>, &[String]) = match &mut self.source {
            Source::Model(rows) => {
                rows.collect(observed)?;
                (rows.rows(), &rows.names)
            }
            Source::Groups(compared) => {
                compared.collect(observed)?;
                (compared.rows(is_clustered(self.errors)), &compared.names)
            }
        };
        let solver = &mut self.solver;
        let failed = |f| failure::regression(f, WHAT, names, rows.x);
        solver.fit(&rows).map_err(failed)?;
        let width = rows.columns;
        let variance = solver.covariance(self.errors).map_err(failed)?[self.column * width + self.column];
        let df = one_freedom(solver, self.errors, self.column).map_err(failed)?;
        finish(solver.result().coefficients[self.column], libm::sqrt(variance), df, &mut self.critical)
    }
}

/// Rows of a difference: the intercept, and being in the first group.
struct Compared {
    outcome: Number,
    wave: usize,
    groups: Groups,
    restrict: Option<Filter>,
    weighted: bool,
    names: [String; 2],
    mask: Vec<u8>,
    all: Vec<f64>,
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Vec<f64>,
    records: Vec<usize>,
}

impl Compared {
    fn new(target: &Target, schema: &ObservedSchema, wave: usize) -> Result<Self, CannotAnswer> {
        Ok(Self {
            outcome: Number::of(target, schema)?,
            wave,
            groups: Groups::new(target, schema, wave)?,
            restrict: target.restrict.as_ref().map(|text| Filter::new(text, target, schema, wave)).transpose()?,
            weighted: schema.weighted,
            names: ["(Intercept)".to_owned(), "the comparison".to_owned()],
            mask: Vec::new(),
            all: Vec::new(),
            x: Vec::new(),
            y: Vec::new(),
            weights: Vec::new(),
            records: Vec::new(),
        })
    }

    fn collect(&mut self, observed: &Observed<'_>) -> Result<(), FitFailure> {
        self.outcome.read(observed, self.wave, &mut self.all);
        match &mut self.restrict {
            Some(filter) => filter.apply(observed, self.wave, &mut self.mask),
            None => {
                self.mask.clear();
                self.mask.resize(observed.records(), 1);
            }
        }
        self.groups.read(observed, self.wave);
        self.x.clear();
        self.y.clear();
        self.weights.clear();
        self.records.clear();
        let weights = if self.weighted { observed.weights(self.wave) } else { None };
        for (i, y) in self.all.iter().enumerate() {
            let (first, second) = (self.groups.first[i], self.groups.second[i]);
            if self.mask[i] & (first | second) == 1 && !y.is_nan() {
                self.x.extend([1.0, f64::from(first)]);
                self.y.push(*y);
                self.records.push(i);
                self.weights.extend(weights.map(|w| w[i]));
            }
        }
        if self.y.is_empty() { Err(failure::no_rows(self.wave)) } else { Ok(()) }
    }

    /// Each record is a cluster of its own.
    fn rows(&self, clustered: bool) -> Rows<'_> {
        Rows {
            weights: self.weighted.then_some(&self.weights),
            clusters: clustered.then_some(&self.records),
            ..Rows::new(&self.x, 2, &self.y)
        }
    }
}

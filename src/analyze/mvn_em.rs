#![doc = include_str!("pages/mvn_em.md")]

use super::critical::Critical;
use super::filter::Filter;
use super::outcome::Number;
use super::simple::check_waves;
use super::variable::{Cells, Variable};
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::mvn_em::{MvnEm, MvnFailure};
use crate::streams::Own;
use crate::tables::{
    Estimate, FailureKind, Finding, Findings, FitFailure, Observed, ObservedSchema, Quantity, Record, Target,
    WarningKind,
};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "mvn_em",
    summary: "means and covariances of incomplete normal data by maximum likelihood, and Little's test",
    page: include_str!("pages/mvn_em.md"),
    declare,
};

#[derive(Debug)]
struct Likelihood {
    /// Numbers whose means and covariances are reported, each at every wave; helpers beside the outcome of a target.
    variables: Vec<String>,
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let variables = options.texts("variables", problems).unwrap_or_default();
    options.finish(problems);
    Some(Box::new(Likelihood { variables: variables.into_iter().map(|t| t.text).collect() }))
}

/// A variable at a wave.
#[derive(Clone, Debug)]
struct Column {
    variable: Variable,
    wave: usize,
}

impl Column {
    fn read(&self, observed: &Observed<'_>, out: &mut Vec<f64>) {
        out.clear();
        match self.variable.source.cells(observed, self.wave) {
            Cells::Codes(codes) => out.extend(codes.iter().map(|c| self.variable.lookup()[usize::from(*c)])),
            Cells::Numbers(values) => out.extend_from_slice(values),
            _ => {}
        }
        out.resize(observed.records(), f64::NAN);
    }

    fn name(&self, waves: usize) -> String {
        if waves > 1 { format!("{} at wave {}", self.variable.name, self.wave + 1) } else { self.variable.name.clone() }
    }
}

/// Each variable at every wave; what is known from the start once.
fn columns(names: &[String], schema: &ObservedSchema) -> Result<Vec<Column>, CannotAnswer> {
    let mut columns = Vec::new();
    for name in names {
        let variable = Variable::need(name, schema)?;
        if variable.is_named() {
            return Err(CannotAnswer { why: format!("`{name}` has named levels, and a number is needed") });
        }
        let waves = if schema.item(name).is_some() { schema.waves() } else { 1 };
        columns.extend((0..waves).map(|wave| Column { variable: variable.clone(), wave }));
    }
    Ok(columns)
}

impl Method for Likelihood {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        check_waves(target, schema)?;
        let wave = match &target.quantity {
            Quantity::Mean { wave } => *wave,
            _ => return Err(CannotAnswer { why: "it answers means at a wave".to_owned() }),
        };
        if target.level.is_some() || Variable::need(&target.of.text, schema)?.is_named() {
            let why = "it takes answers as normal numbers; use `impute.mice` for shares".to_owned();
            return Err(CannotAnswer { why });
        }
        let helpers: Vec<String> = self.variables.iter().filter(|name| **name != target.of.text).cloned().collect();
        Ok(Box::new(MeanFit {
            outcome: Number::of(target, schema)?,
            wave,
            waves: schema.waves(),
            helpers: columns(&helpers, schema)?,
            restrict: target.restrict.as_ref().map(|text| Filter::new(text, target, schema, wave)).transpose()?,
            critical: Critical::new(target.level_of_confidence),
            em: MvnEm::default(),
            wide: Vec::new(),
            column: Vec::new(),
            mask: Vec::new(),
            rows: Vec::new(),
        }))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let schema = observed.schema();
        if self.variables.is_empty() {
            let why = "without an estimand it needs `variables`".to_owned();
            return Err(CannotAnswer { why }.into());
        }
        let columns = columns(&self.variables, schema)?;
        let (mut values, mut wide) = (Vec::new(), vec![0.0; observed.records() * columns.len()]);
        for (k, column) in columns.iter().enumerate() {
            column.read(observed, &mut values);
            values.iter().enumerate().for_each(|(i, v)| wide[i * columns.len() + k] = *v);
        }
        let names: Vec<String> = columns.iter().map(|c| c.name(schema.waves())).collect();
        let mut em = MvnEm::default();
        em.fit(&wide, columns.len()).map_err(|f| failure(f, |k| format!("`{}`", names[k])))?;
        Ok(describe(&mut em, &names, confidence))
    }
}

fn describe(em: &mut MvnEm, names: &[String], confidence: f64) -> Findings {
    let p = names.len();
    let mut findings = Findings::default();
    let covariance = em.covariance_of_means();
    let errors = covariance.as_ref().map(|c| (0..p).map(|k| libm::sqrt(c[k * p + k])).collect::<Vec<f64>>());
    let z = Critical::new(confidence).z;
    for (k, name) in names.iter().enumerate() {
        findings.estimate(name, z_estimate(em.mean()[k], errors.as_ref().map(|e| e[k]), z));
    }
    let values = &mut findings.values;
    values.set("n", em.rows()).set("terms", names.to_vec()).set("mean", em.mean()).set("se_mean", errors);
    values.set("cov_ml", Finding::matrix(em.covariance(), p)).set("loglik", em.log_likelihood());
    let mut little = Record::new();
    if let Some(test) = em.little() {
        little.set("chisq", test.chi_square).set("chisq_ml_cov", test.chi_square_ml).set("df", test.df);
        little.set("p", test.p).set("patterns", test.patterns);
    }
    values.set("little", little);
    values.set("status", "converged").set("iterations", i64::from(em.iterations())).set("last_step", em.last_step());
    findings.covariance = covariance;
    findings
}

/// An estimate with its z interval.
fn z_estimate(estimate: f64, se: Option<f64>, z: f64) -> Estimate {
    let interval = se.map(|se| (estimate - z * se, estimate + z * se));
    let warning = WarningKind::NoInterval.when(interval.is_none());
    Estimate { estimate, model_se: se, interval, warning, ..Estimate::default() }
}

fn failure(failure: MvnFailure, name: impl Fn(usize) -> String) -> FitFailure {
    let fail = |kind, detail: String| FitFailure::new(kind, detail);
    match failure {
        MvnFailure::Shape => fail(FailureKind::NoData, "there is no variable".to_owned()),
        MvnFailure::NothingObserved { variable } => {
            fail(FailureKind::NoData, format!("{} was never seen", name(variable)))
        }
        MvnFailure::NotFinite => fail(FailureKind::NotFinite, "a value is infinite".to_owned()),
        MvnFailure::OneValue { variable } => {
            fail(FailureKind::Constant, format!("{} has one value only", name(variable)))
        }
        MvnFailure::NeverTogether { first, second } => {
            let detail = format!(
                "{} and {} were never seen together, so their covariance is unknown",
                name(first),
                name(second)
            );
            fail(FailureKind::TooFew, detail)
        }
        MvnFailure::Singular => {
            let detail = "the covariance is singular: too few records, or variables that depend on each other";
            fail(FailureKind::Collinear, detail.to_owned())
        }
        MvnFailure::NotConverged => {
            fail(FailureKind::NotConverged, "the EM iterations did not come to an end".to_owned())
        }
    }
}

/// A mean at a wave, given all waves at which somebody answered.
struct MeanFit {
    outcome: Number,
    wave: usize,
    waves: usize,
    helpers: Vec<Column>,
    restrict: Option<Filter>,
    critical: Critical,
    em: MvnEm,
    /// Columns one after the other: the outcome at each wave, then the helpers.
    wide: Vec<Vec<f64>>,
    column: Vec<f64>,
    mask: Vec<u8>,
    rows: Vec<f64>,
}

impl Fit for MeanFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        self.wide.resize_with(self.waves + self.helpers.len(), Vec::new);
        for wave in 0..self.waves {
            self.outcome.read(observed, wave, &mut self.wide[wave]);
        }
        for (k, helper) in self.helpers.iter().enumerate() {
            helper.read(observed, &mut self.column);
            self.wide[self.waves + k].clone_from(&self.column);
        }
        self.mask.clear();
        self.mask.resize(observed.records(), 1);
        if let Some(filter) = &mut self.restrict {
            filter.apply(observed, self.wave, &mut self.mask);
        }
        let (mean, variance) = self.mean()?;
        finish(mean, variance, self.critical.z)
    }
}

impl MeanFit {
    /// The mean at the wave and its variance, among the records that count.
    fn mean(&mut self) -> Result<(f64, f64), FitFailure> {
        let inside = |i: &usize| self.mask[*i] == 1;
        let records: Vec<usize> = (0..self.mask.len()).filter(inside).collect();
        // A wave or helper that nobody has in these records tells nothing, unless it is what is asked for.
        let seen = |column: &Vec<f64>| records.iter().any(|i| !column[*i].is_nan());
        let used: Vec<usize> = (0..self.wide.len()).filter(|k| *k == self.wave || seen(&self.wide[*k])).collect();
        self.rows.clear();
        for i in &records {
            self.rows.extend(used.iter().map(|k| self.wide[*k][*i]));
        }
        let (waves, helpers) = (self.waves, &self.helpers);
        let name = |k: usize| match used.get(k) {
            Some(wave) if *wave < waves => format!("the outcome at wave {}", wave + 1),
            Some(other) => helpers.get(other - waves).map_or_else(String::new, |c| format!("`{}`", c.name(waves))),
            None => String::new(),
        };
        self.em.fit(&self.rows, used.len()).map_err(|f| failure(f, name))?;
        let position = used.iter().position(|k| *k == self.wave).unwrap_or(0);
        let covariance =
            self.em.covariance_of_means().ok_or_else(|| failure(MvnFailure::Singular, |_| String::new()))?;
        Ok((self.em.mean()[position], covariance[position * used.len() + position]))
    }
}

fn finish(estimate: f64, variance: f64, z: f64) -> Result<Estimate, FitFailure> {
    let se = libm::sqrt(variance);
    if !(estimate.is_finite() && se.is_finite()) {
        return Err(FitFailure::new(FailureKind::NotFinite, crate::analyze::failure::not_finite(estimate, se)));
    }
    Ok(z_estimate(estimate, Some(se), z))
}

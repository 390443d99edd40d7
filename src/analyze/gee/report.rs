//! Everything that a marginal regression says of one data set.

use super::data::{Columns, Data};
use super::failure::of_covariance;
use super::options::{ERRORS, Gee, correlation_word, word};
use crate::analyze::critical::Critical;
use crate::analyze::design::{Design, Waves};
use crate::analyze::long::LongRows;
use crate::analyze::outcome::Number;
use crate::analyze::variable::Variable;
use crate::analyze::{CannotAnswer, NoReport};
use crate::formula::parse_model;
use crate::numeric::{StudentT, normal_cdf};
use crate::statistics::gee::{Covariance, Family, Summary};
use crate::tables::{Finding, Findings, Observed, Record};

pub(super) fn report(declared: &Gee, observed: &Observed<'_>, confidence: f64) -> Result<Findings, NoReport> {
    let mut data = read(declared, observed)?;
    let summary = data.fit(observed)?;
    let mut findings = Findings::default();
    let names: Vec<String> = data.kept.iter().map(|k| data.names[*k].clone()).collect();
    let width = names.len();
    let values = &mut findings.values;
    values.set("status", "converged").set("n", summary.rows).set("clusters", summary.clusters);
    values.set("largest_cluster", summary.largest_cluster);
    values.set("terms", names.clone()).set("coef", data.gee.coefficients()).set("scale", summary.scale);
    correlation(&data, &summary, values);

    let mut matrix = Vec::new();
    for (name, kind) in ERRORS {
        let defined = data.gee.covariance(kind, &mut matrix);
        let se: Option<Vec<f64>> = defined.is_ok().then(|| roots(&matrix, width));
        if let (Err(failure), true) = (defined, declared.errors == kind) {
            return Err(of_covariance(failure, summary.clusters, width).into());
        }
        values.set(format!("se_{name}"), se);
        if kind == Covariance::Robust {
            values.set("vcov_robust", Finding::matrix(&matrix, width));
        }
    }
    let criterion = data.gee.quasi_criterion(1.0, &mut matrix);
    values.set("qic", criterion.map(|c| c.qic)).set("qicu", criterion.map(|c| c.qicu));
    values.set("iterations", i64::from(summary.iterations)).set("last_step", summary.last_step);
    warnings(&mut data, &summary, &mut findings);
    estimates(declared, &mut data, &names, confidence, &mut findings)?;
    Ok(findings)
}

/// The rows of the option `model`.
fn read(declared: &Gee, observed: &Observed<'_>) -> Result<Data, CannotAnswer> {
    let schema = observed.schema();
    let Some(text) = &declared.model else {
        let why = "it needs a `model` such as `well ~ group + factor(wave)`, or an [[estimand]]".to_owned();
        return Err(CannotAnswer { why });
    };
    let Some(response) = parse_model(text).0.response else {
        return Err(CannotAnswer { why: format!("the model `{text}` names no outcome; write `outcome ~ {text}`") });
    };
    let waves = declared.waves(schema)?;
    let yes_no = Variable::need(&response.name, schema)?.is_yes_no();
    let settings = declared.settings(if yes_no { Family::Binomial } else { Family::Gaussian })?;
    let design = Design::whole(text, schema, Waves::List(&waves))?;
    if !design.random.is_empty() {
        return Err(CannotAnswer { why: "it takes no random terms".to_owned() });
    }
    let long = LongRows::new(design, Number::named(&response.name, schema)?, &waves);
    Data::new(declared, settings, long, Columns::Model, waves, schema)
}

fn correlation(data: &Data, summary: &Summary, values: &mut Record) {
    let waves: Vec<usize> = data.gee.waves().iter().map(|w| w.unsigned_abs() as usize + 1).collect();
    let rows = data.gee.working_correlation();
    let rows: Vec<Finding> = rows.chunks(waves.len().max(1)).map(Finding::from).collect();
    values.set("correlation", correlation_word(summary.correlation)).set("waves", waves);
    values.set("alpha", data.gee.alpha()).set("working_correlation", Finding::List(rows));
}

fn roots(matrix: &[f64], width: usize) -> Vec<f64> {
    matrix.iter().step_by(width + 1).map(|v| libm::sqrt(*v)).collect()
}

/// Estimates, tests and intervals with the errors of the option.
fn estimates(
    declared: &Gee,
    data: &mut Data,
    names: &[String],
    confidence: f64,
    findings: &mut Findings,
) -> Result<(), NoReport> {
    let mut critical = Critical::new(confidence);
    let (mut statistics, mut ps, mut intervals) = (Vec::new(), Vec::new(), Vec::new());
    let kept = data.kept.clone();
    for (column, name) in kept.iter().zip(names) {
        let estimate = data.estimate(*column, declared.errors, declared.t, &mut critical)?;
        let statistic = estimate.model_se.filter(|se| *se > 0.0).map(|se| estimate.estimate / se);
        let tail = |s: f64| match estimate.df {
            Some(df) => 2.0 * StudentT { df }.upper_tail(s.abs()),
            None => 2.0 * normal_cdf(-s.abs()),
        };
        statistics.push(statistic);
        ps.push(statistic.map(tail));
        intervals.push(Finding::from(estimate.interval));
        findings.estimate(name.clone(), estimate);
    }
    let values = &mut findings.values;
    values.set("errors", word(&ERRORS, &declared.errors));
    values.set("df", if declared.t { data.gee.degrees_of_freedom() } else { None });
    values.set(if declared.t { "t" } else { "z" }, statistics).set("p", ps).set("ci", Finding::List(intervals));
    let mut matrix = Vec::new();
    if data.gee.covariance(declared.errors, &mut matrix).is_ok() {
        findings.covariance = Some(matrix);
    }
    Ok(())
}

fn warnings(data: &mut Data, summary: &Summary, findings: &mut Findings) {
    let say = &mut findings.warnings;
    if summary.fell_back.is_some() {
        say.push(
            "The working correlation asked for cannot be had from these data; the exchangeable one was taken."
                .to_owned(),
        );
    }
    findings.values.set("fell_back", summary.fell_back.is_some());
    if summary.largest_cluster == 1 {
        say.push(
            "Every cluster has one answer: there is no correlation, and the answers count as independent.".to_owned(),
        );
    }
    if data.kept.len() < data.names.len() {
        let gone = (0..data.names.len()).filter(|k| !data.kept.contains(k)).map(|k| format!("`{}`", data.names[k]));
        let gone: Vec<String> = gone.collect();
        say.push(format!("Columns that are 0 in every row are left out: {}.", gone.join(", ")));
    }
    let impossible = data.gee.impossible_pairs().map(|(impossible, _)| impossible);
    if let Some(count @ 1..) = impossible {
        say.push(format!(
            "The working correlation is one that no two yes/no answers with the fitted shares can have, in {count} pairs."
        ));
    }
    findings.values.set("impossible_pairs", impossible);
    if summary.clusters < FEW {
        say.push(format!(
            "There are {} clusters: robust errors are too small with few of them; `mancl_derouen` or \
             `kauermann_carroll` with `test = \"t\"` suits.",
            summary.clusters
        ));
    }
}

/// Fewer clusters than this are few (methods agree from about 40 on).
const FEW: usize = 40;

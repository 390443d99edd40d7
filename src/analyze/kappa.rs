#![doc = include_str!("pages/kappa.md")]

use super::compared::{Compared, Rating};
use super::given;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::agreement::{Agreement, Kappa, Weights};
use crate::streams::Own;
use crate::tables::{
    Estimate, FailureKind, Finding, Findings, FitFailure, Observed, ObservedSchema, Record, Target, WarningKind,
};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "kappa",
    summary: "agreement of two ratings in categories: kappa, weighted kappa and what to read beside them",
    page: include_str!("pages/kappa.md"),
    declare,
};

const WEIGHTS: [(&str, Weights); 3] =
    [("none", Weights::None), ("linear", Weights::Linear), ("quadratic", Weights::Quadratic)];

/// Where the ratings are.
#[derive(Debug)]
enum Ratings {
    Tables(Vec<(usize, Vec<f64>)>),
    Columns(Compared),
}

#[derive(Debug)]
struct CohensKappa(Ratings);

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let compared = Compared::declare(options, problems);
    let tables = options.list("tables", problems);
    options.finish(problems);
    let ratings = match (tables, compared) {
        (Some(tables), None) => {
            let read: Vec<_> = tables.iter().filter_map(|table| given::square(table, problems)).collect();
            (read.len() == tables.len()).then_some(Ratings::Tables(read))?
        }
        (None, Some(compared)) => Ratings::Columns(compared),
        _ => {
            let message = "kappa needs `items`, `of` or `tables`, and only one of them".to_owned();
            given::refuse(&options.span, message, problems);
            return None;
        }
    };
    Some(Box::new(CohensKappa(ratings)))
}

impl Method for CohensKappa {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(super::reports_only("kappa"))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut findings = Findings::default();
        match &self.0 {
            Ratings::Tables(tables) => {
                let described: Vec<Finding> = tables
                    .iter()
                    .map(|(k, counts)| {
                        Agreement::new(*k, counts).map(|table| describe(&table, *k, confidence, &mut findings))
                    })
                    .map(Finding::from)
                    .collect();
                if described.contains(&Finding::None) {
                    findings.warnings.push("A table without any rating has no kappa.".to_owned());
                }
                findings.values.set("tables", described);
                if tables.len() != 1 {
                    findings.estimates.clear();
                }
            }
            Ratings::Columns(compared) => {
                let ratings = compared.read(observed)?;
                let [first, second] = &ratings[..] else {
                    let why = format!("kappa compares two ratings, and there are {}", ratings.len());
                    return Err(CannotAnswer { why }.into());
                };
                let (categories, table) = crossed(first, second)?;
                findings.values = describe(&table, categories.len(), confidence, &mut findings);
                findings.values.set("units", table.units());
                findings.values.set("categories", categories);
            }
        }
        Ok(findings)
    }
}

/// The categories of two ratings, and their table. Yes stands before no; other categories are in their order.
fn crossed(first: &Rating, second: &Rating) -> Result<(Vec<String>, Agreement), NoReport> {
    let variables = [&first.column.variable, &second.column.variable];
    let mut values: Vec<f64> = variables
        .iter()
        .flat_map(|v| (0..v.values.len()).map(|code| if v.is_named() { code as f64 } else { v.values[code] }))
        .chain(first.values.iter().chain(&second.values).copied())
        .filter(|value| !value.is_nan())
        .collect();
    values.sort_by(f64::total_cmp);
    values.dedup_by(|a, b| a == b);
    if variables.iter().all(|v| v.is_yes_no()) {
        values.reverse();
    }
    if variables[0].levels != variables[1].levels {
        let why = format!("`{}` and `{}` have different levels", first.name, second.name);
        return Err(CannotAnswer { why }.into());
    }
    let name = |value: &f64| variables[0].levels.get(*value as usize).cloned().unwrap_or_else(|| value.to_string());
    let names = values.iter().map(name).collect();
    let place = |value: f64| values.iter().position(|v| *v == value);
    let pairs = first.values.iter().zip(&second.values).filter_map(|(a, b)| place(*a).zip(place(*b)));
    let table = Agreement::of_pairs(values.len(), pairs).ok_or_else(|| {
        let detail = format!("no record has both `{}` and `{}`", first.name, second.name);
        FitFailure::new(FailureKind::NoData, detail)
    })?;
    Ok((names, table))
}

/// All that is said of one table.
fn describe(table: &Agreement, k: usize, confidence: f64, findings: &mut Findings) -> Record {
    let mut record = Record::new();
    for (name, weights) in WEIGHTS {
        let kappa = table.kappa(weights, confidence);
        record.set(name, values(&kappa));
        let named = if weights == Weights::None { "kappa".to_owned() } else { format!("kappa_{name}") };
        match kappa.kappa {
            Some(estimate) => {
                let estimate =
                    Estimate { estimate, model_se: kappa.se, interval: kappa.interval, ..Estimate::default() };
                let edge = WarningKind::AtBoundary.when(estimate.estimate >= 1.0);
                let none = WarningKind::NoInterval.when(kappa.interval.is_none());
                findings.estimate(named, estimate.warned(edge).warned(none));
            }
            None => findings.warnings.push(format!(
                "`{named}` is undefined: both ratings have the same single category, and all agreement is by chance."
            )),
        }
    }
    record.set("percent_agreement", table.percent_agreement());
    record.set("pabak", table.pabak());
    record.set("scott_pi", table.scott_pi());
    record.set("gwet_ac1", table.gwet_ac1());
    if k == 2 {
        record.set("positive_agreement", table.specific_agreement(0));
        record.set("negative_agreement", table.specific_agreement(1));
    }
    record
}

fn values(kappa: &Kappa) -> Record {
    let mut record = Record::new();
    record.set("observed", kappa.observed).set("expected", kappa.expected).set("kappa", kappa.kappa);
    record.set("se", kappa.se).set("se_null", kappa.se_null).set("z", kappa.z).set("ci", kappa.interval);
    record
}

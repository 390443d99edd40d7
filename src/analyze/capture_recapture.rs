#![doc = include_str!("pages/capture_recapture.md")]

use super::compared::Compared;
use super::given::{number_of, refuse, rows};
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::misreport::{CaptureRecapture, capture_recapture};
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, Finding, Findings, FitFailure, Observed, ObservedSchema, Record, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "capture_recapture",
    summary: "how many there are, from two sources that each found some of them",
    page: include_str!("pages/capture_recapture.md"),
    declare,
};

/// Found by the first source, by the second, by both.
type Counts = (f64, f64, f64);

#[derive(Debug)]
enum Sources {
    Rows(Vec<Counts>),
    Columns(Compared),
}

#[derive(Debug)]
struct TwoSources(Sources);

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let compared = Compared::declare(options, problems);
    let given = rows(options, "rows", problems);
    let written = options.get("rows").is_some();
    options.finish(problems);
    let sources = match (written, compared) {
        (true, None) => {
            let given = given?;
            let read: Vec<Counts> = given.iter().filter_map(|row| counts(row, problems)).collect();
            (read.len() == given.len()).then_some(Sources::Rows(read))?
        }
        (false, Some(compared)) => Sources::Columns(compared),
        _ => {
            let message = "the sources are `items`, `of` or `rows`, and only one of them".to_owned();
            refuse(&options.span, message, problems);
            return None;
        }
    };
    Some(Box::new(TwoSources(sources)))
}

fn counts(row: &Options, problems: &mut Diagnostics) -> Option<Counts> {
    let mut count = |key| {
        if row.get(key).is_none() {
            row.missing(key, problems);
        }
        number_of(row, key, "a count", |n| n >= 0.0, problems)
    };
    let (n1, n2, both) = (count("n1"), count("n2"), count("both"));
    row.finish(problems);
    Some((n1?, n2?, both?))
}

impl Method for TwoSources {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(super::reports_only("capture_recapture"))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut findings = Findings::default();
        match &self.0 {
            Sources::Rows(rows) => {
                let described: Vec<Finding> = rows
                    .iter()
                    .map(|(n1, n2, both)| capture_recapture(*n1, *n2, *both, confidence))
                    .map(|size| match size {
                        Some(size) => describe(&size, &mut findings).into(),
                        None => {
                            let why = "A source has fewer than `both`: these counts contradict each other.".to_owned();
                            findings.warnings.push(why);
                            Finding::None
                        }
                    })
                    .collect();
                findings.values.set("rows", described);
                if rows.len() != 1 {
                    findings.estimates.clear();
                }
            }
            Sources::Columns(compared) => {
                let (n1, n2, both) = overlap(compared, observed)?;
                let size = capture_recapture(n1, n2, both, confidence).filter(|_| n1 + n2 > 0.0);
                let size = size.ok_or_else(|| FitFailure::new(FailureKind::NoData, "neither source found anybody"))?;
                findings.values = describe(&size, &mut findings);
                findings.values.set("n1", n1).set("n2", n2).set("both", both);
            }
        }
        Ok(findings)
    }
}

/// How many records each source found. A missing answer is not found.
fn overlap(compared: &Compared, observed: &Observed<'_>) -> Result<Counts, CannotAnswer> {
    let ratings = compared.read(observed)?;
    let [first, second] = &ratings[..] else {
        return Err(CannotAnswer { why: format!("there must be two sources, and there are {}", ratings.len()) });
    };
    for rating in [first, second] {
        let variable = &rating.column.variable;
        if variable.is_named() || rating.values.iter().any(|v| *v != 0.0 && *v != 1.0 && !v.is_nan()) {
            return Err(CannotAnswer { why: format!("`{}` is not yes or no", rating.name) });
        }
    }
    let count = |found: &dyn Fn(f64, f64) -> bool| {
        first.values.iter().zip(&second.values).filter(|(a, b)| found(**a, **b)).count() as f64
    };
    Ok((count(&|a, _| a == 1.0), count(&|_, b| b == 1.0), count(&|a, b| a == 1.0 && b == 1.0)))
}

fn describe(size: &CaptureRecapture, findings: &mut Findings) -> Record {
    let mut record = Record::new();
    record.set("lincoln_petersen", size.lincoln_petersen).set("chapman", size.chapman);
    record.set("se_seber", size.se).set("ci_wald", size.interval);
    let interval = Some(size.interval);
    findings.estimate(
        "chapman",
        Estimate { estimate: size.chapman, model_se: Some(size.se), interval, ..Estimate::default() },
    );
    record
}

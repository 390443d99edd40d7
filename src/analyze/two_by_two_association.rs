#![doc = include_str!("pages/two_by_two_association.md")]

use super::asked::{self, Asked};
use super::{CannotAnswer, Entry, Fit, Method, NoReport, counts};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::table::Stratum;
use crate::statistics::table::association::{phi, tetrachoric, yule_q};
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, Finding, Findings, FitFailure, Observed, ObservedSchema, Record, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "two_by_two_association",
    summary: "how two yes/no answers go together: phi, Yule's Q, tetrachoric correlation",
    page: include_str!("pages/two_by_two_association.md"),
    declare: |options, problems| {
        let asked = Asked::declare(options, problems);
        let with = options.text("with", problems);
        let with_level = options.text("with_level", problems);
        let tables = tables(options, problems);
        Asked::one_source(asked.is_some(), options.get("tables").is_some(), "tables", options, problems);
        if asked.is_some() && with.is_none() {
            options.missing("with", problems);
        }
        options.finish(problems);
        let asked = asked.zip(with.map(|with| Asked::about(with, with_level)));
        Some(Box::new(Association { tables, asked }))
    },
};

/// Tables as `[[a, b], [c, d]]`.
fn tables(options: &Options, problems: &mut Diagnostics) -> Vec<Stratum> {
    let mut tables = Vec::new();
    for item in options.list("tables", problems).unwrap_or(&[]) {
        let Some(matrix) = counts::matrix("tables", item, problems) else { continue };
        match matrix.values[..] {
            [a, b, c, d] if matrix.columns == 2 && [a, b, c, d].iter().all(|v| *v >= 0.0 && v.is_finite()) => {
                tables.push(Stratum { a, b, c, d });
            }
            _ => counts::impossible("a table that is not two rows of two counts", item.span(), problems),
        }
    }
    tables
}

#[derive(Debug)]
struct Association {
    tables: Vec<Stratum>,
    /// The two answers.
    asked: Option<(Asked, Asked)>,
}

impl Method for Association {
    fn bind(&self, _target: &Target, _schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(asked::reports_only())
    }

    fn report(&self, observed: &Observed<'_>, _confidence: f64, _stream: &mut Own) -> Result<Findings, NoReport> {
        let tables = match &self.asked {
            Some((first, second)) => vec![crossed(first, second, observed)?],
            None => self.tables.clone(),
        };
        let mut findings = Findings::default();
        let mut records = Vec::new();
        for (k, table) in tables.iter().enumerate() {
            let mut record = Record::new();
            record.set("a", table.a).set("b", table.b).set("c", table.c).set("d", table.d);
            for (name, value) in [("tetrachoric", tetrachoric(table)), ("phi", phi(table)), ("yule_q", yule_q(table))] {
                record.set(name, value);
                let named = asked::numbered(name, k, tables.len());
                match value {
                    Some(estimate) => {
                        let estimate = Estimate { estimate, ..Estimate::default() };
                        findings.estimate(named, estimate);
                    }
                    None => findings
                        .warnings
                        .push(format!("`{named}` is undefined: an answer has one value only, or a cell is empty.")),
                }
            }
            records.push(Finding::Record(record));
        }
        findings.values.set("tables", Finding::List(records));
        Ok(findings)
    }
}

fn crossed(first: &Asked, second: &Asked, observed: &Observed<'_>) -> Result<Stratum, NoReport> {
    let schema = observed.schema();
    let wave = first.wave_in(schema)?;
    let (rows, columns) = (first.outcome(schema)?, second.outcome(schema)?);
    let [a, b, c, d] = asked::cross(observed, (&rows, wave), (&columns, wave));
    if a + b + c + d == 0.0 {
        let detail = format!("no record has `{}` and `{}` at wave {}", first.name(), second.name(), wave + 1);
        return Err(FitFailure::new(FailureKind::NoData, detail).into());
    }
    Ok(Stratum { a, b, c, d })
}

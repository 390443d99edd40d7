#![doc = include_str!("../pages/table_tests.md")]

mod columns;
mod given_tables;

use super::asked;
use super::two_proportions::pair;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::statistics::confidence::Confidence;
use crate::statistics::table::adjust::Adjustment;
use crate::statistics::table::occasions::{bowker, cochran_q, stuart_maxwell};
use crate::statistics::table::trend::{Group, cochran_armitage};
use crate::statistics::table::{ChiSquareTest, Strata};
use crate::streams::Own;
use crate::tables::{Estimate, Finding, Findings, Observed, ObservedSchema, Record, Target};
use columns::Columns;

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "table_tests",
    summary: "tests of tables: trend, several occasions, square tables, strata; p values of several tests",
    page: include_str!("../pages/table_tests.md"),
    declare: |options, problems| {
        let tables = given_tables::declare(options, problems);
        let columns = Columns::declare(options, problems);
        let given = ["trend", "cochran_q", "stuart_maxwell", "strata", "p_values"];
        let given = given.iter().any(|key| options.get(key).is_some());
        super::asked::Asked::one_source(columns.is_some(), given, "trend", options, problems);
        options.finish(problems);
        Some(Box::new(TableTests { tables, columns }))
    },
};

/// What is tested; a test without its table is left out.
#[derive(Clone, Debug, Default)]
struct Tables {
    trend: Option<Vec<Group>>,
    /// Answers person after person, and the number of occasions.
    occasions: Option<(Vec<f64>, usize)>,
    /// Row after row, and the number of categories.
    square: Option<(Vec<f64>, usize)>,
    strata: Option<Strata>,
    p_values: Vec<f64>,
}

#[derive(Debug)]
struct TableTests {
    tables: Tables,
    columns: Option<Columns>,
}

impl Method for TableTests {
    fn bind(&self, _target: &Target, _schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(asked::reports_only())
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _stream: &mut Own) -> Result<Findings, NoReport> {
        let level = asked::level(confidence)?;
        let tables = match &self.columns {
            Some(columns) => columns.read(observed)?,
            None => self.tables.clone(),
        };
        let mut findings = Findings::default();
        if let Some(groups) = &tables.trend {
            let test = cochran_armitage(groups);
            let mut record = values(test);
            record.set("chisq", test.map(|t| t.statistic));
            findings.values.set("cochran_armitage", record);
        }
        if let Some((answers, occasions)) = &tables.occasions {
            findings.values.set("cochran_q", values(cochran_q(answers, *occasions)));
        }
        if let Some((table, categories)) = &tables.square {
            findings.values.set("stuart_maxwell", values(stuart_maxwell(table, *categories)));
            findings.values.set("bowker", values(bowker(table, *categories)));
        }
        if let Some(strata) = &tables.strata {
            add_strata(strata, &level, &mut findings);
        }
        if !tables.p_values.is_empty() {
            let mut record = Record::new();
            for (word, adjustment) in Adjustment::WORDS.into_iter().zip(Adjustment::ALL) {
                record.set(word, adjustment.apply(&tables.p_values));
            }
            findings.values.set("adjusted_p", record);
        }
        warn_of_undefined(&mut findings);
        Ok(findings)
    }
}

/// Says why a test that was asked for has no value.
fn warn_of_undefined(findings: &mut Findings) {
    for (name, key, why) in [
        ("cochran_armitage", "stat", "all scores or all answers are the same"),
        ("cochran_q", "stat", "no record has answers that differ between the occasions"),
        ("stuart_maxwell", "stat", "nobody changes, or the changes have a covariance without an inverse"),
        ("bowker", "stat", "nobody changes"),
        ("mantel_haenszel", "chisq", "no stratum has both groups and both answers"),
        ("breslow_day", "stat", "fewer than two strata have both groups and both answers"),
    ] {
        let Some(Finding::Record(record)) = findings.values.get(name) else { continue };
        if matches!(record.get(key), Some(Finding::None)) {
            findings.warnings.push(format!("`{name}` is undefined: {why}."));
        }
    }
}

fn values(test: Option<ChiSquareTest>) -> Record {
    let mut record = Record::new();
    // Degrees of freedom are whole.
    let df = test.map(|t| t.df as i64);
    record.set("stat", test.map(|t| t.statistic)).set("df", df).set("p", test.map(|t| t.p));
    record
}

fn add_strata(strata: &Strata, level: &Confidence, findings: &mut Findings) {
    let (ratio, limits) = (strata.odds_ratio(), strata.odds_ratio_limits(level));
    let (plain, corrected) = (strata.test(false), strata.test(true));
    let mut record = Record::new();
    record
        .set("or", ratio)
        .set("or_log_se", strata.log_odds_ratio_se())
        .set("or_ci", pair(limits))
        .set("rr", strata.risk_ratio())
        .set("chisq", plain.map(|t| t.statistic))
        .set("p", plain.map(|t| t.p))
        .set("chisq_cc", corrected.map(|t| t.statistic))
        .set("p_cc", corrected.map(|t| t.p));
    findings.values.set("mantel_haenszel", record);
    let homogeneity = strata.homogeneity();
    let mut record = values(homogeneity.map(|h| h.breslow_day));
    record.set("tarone", homogeneity.map(|h| h.tarone.statistic)).set("tarone_p", homogeneity.map(|h| h.tarone.p));
    findings.values.set("breslow_day", Finding::Record(record));
    if let Some(estimate) = ratio.filter(|r| r.is_finite()) {
        findings.estimate("or", Estimate { estimate, interval: limits, ..Estimate::default() });
    }
}

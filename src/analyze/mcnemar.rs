#![doc = include_str!("pages/mcnemar.md")]

use super::asked::{self, Asked};
use super::two_proportions::pair;
use super::{CannotAnswer, Entry, Fit, Method, NoReport, counts};
use crate::statistics::confidence::Confidence;
use crate::statistics::share::Paired;
use crate::streams::Own;
use crate::tables::{
    Estimate, FailureKind, Finding, Findings, FitFailure, Observed, ObservedSchema, Record, Target, WarningKind,
};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "mcnemar",
    summary: "change of a yes/no answer between two waves in the same persons: tests, difference, conditional odds ratio",
    page: include_str!("pages/mcnemar.md"),
    declare: |options, problems| {
        let (of, level) = (options.text("of", problems), options.text("level", problems));
        let (from, to) = (counts::wave(options, "from", problems), counts::wave(options, "to", problems));
        let mut tables = Vec::new();
        for ([a, b, c, d], span) in counts::tables(options, "tables", ["a", "b", "c", "d"], problems) {
            let whole = [a, b, c, d].iter().all(|count| count.fract() == 0.0);
            match Paired::new(a, b, c, d).filter(|_| whole) {
                Some(table) => tables.push(table),
                None => counts::impossible(&format!("the table {a}, {b}, {c}, {d}"), &span, problems),
            }
        }
        Asked::one_source(of.is_some(), options.get("tables").is_some(), "tables", options, problems);
        options.finish(problems);
        let asked = of.map(|of| Asked::about(of, level));
        Some(Box::new(McNemar { tables, asked, from, to }))
    },
};

#[derive(Debug)]
struct McNemar {
    tables: Vec<Paired>,
    asked: Option<Asked>,
    from: Option<usize>,
    to: Option<usize>,
}

impl McNemar {
    fn between_waves(&self, asked: &Asked, observed: &Observed<'_>) -> Result<Paired, NoReport> {
        let schema = observed.schema();
        let outcome = asked.outcome(schema)?;
        let from = asked::there(self.from.unwrap_or(0), schema)?;
        let to = asked::there(self.to.unwrap_or(schema.waves().saturating_sub(1)), schema)?;
        if from == to {
            let why = format!("`from` and `to` are both wave {}; a change needs two", from + 1);
            return Err(CannotAnswer { why }.into());
        }
        let [a, b, c, d] = asked::cross(observed, (&outcome, from), (&outcome, to));
        Paired::new(a, b, c, d).ok_or_else(|| {
            let detail = format!("no record has `{}` at waves {} and {}", asked.name(), from + 1, to + 1);
            FitFailure::new(FailureKind::NoData, detail).into()
        })
    }
}

impl Method for McNemar {
    fn bind(&self, _target: &Target, _schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(asked::reports_only())
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _stream: &mut Own) -> Result<Findings, NoReport> {
        let level = asked::level(confidence)?;
        let tables = match &self.asked {
            Some(asked) => vec![self.between_waves(asked, observed)?],
            None => self.tables.clone(),
        };
        let mut findings = Findings::default();
        for (k, table) in tables.iter().enumerate() {
            let difference = Estimate {
                estimate: table.difference(),
                model_se: Some(table.difference_se()),
                interval: Some(table.tango(&level)),
                warning: WarningKind::AtBoundary.when(table.difference_se() == 0.0),
                ..Estimate::default()
            };
            findings.estimate(asked::numbered("diff", k, tables.len()), difference);
            if let Some(estimate) = table.odds_ratio().filter(|r| r.is_finite()) {
                let interval = table.odds_ratio_limits(&level);
                let ratio = Estimate { estimate, interval, ..Estimate::default() };
                findings.estimate(asked::numbered("cond_or", k, tables.len()), ratio);
            }
        }
        let records = tables.iter().map(|table| Finding::Record(values(table, &level))).collect();
        findings.values.set("tables", Finding::List(records));
        Ok(findings)
    }
}

fn values(table: &Paired, level: &Confidence) -> Record {
    let mut record = Record::new();
    let [a, b, c, d] = table.cells();
    record.set("a", a).set("b", b).set("c", c).set("d", d);
    for (statistic, p, test) in [("chisq", "p", table.chi_square()), ("chisq_cc", "p_cc", table.corrected())] {
        record.set(statistic, test.map(|t| t.statistic)).set(p, test.map(|t| t.p));
    }
    record
        .set("p_exact", table.exact())
        .set("p_mid", table.mid_p())
        .set("diff", table.difference())
        .set("diff_se", table.difference_se())
        .set("diff_wald", table.wald(level))
        .set("diff_agresti_min", table.agresti_min(level))
        .set("diff_newcombe10", table.newcombe(level))
        .set("diff_tango", table.tango(level))
        .set("cond_or", table.odds_ratio())
        .set("cond_or_exact", pair(table.odds_ratio_limits(level)));
    record
}

#![doc = include_str!("pages/two_proportions.md")]

use super::asked::{self, Asked};
use super::{CannotAnswer, Entry, Fit, Method, NoReport, counts};
use crate::statistics::confidence::Confidence;
use crate::statistics::share::TwoShares;
use crate::streams::Own;
use crate::tables::{Estimate, Finding, Findings, Observed, ObservedSchema, Record, Target, WarningKind};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "two_proportions",
    summary: "difference, ratio and odds ratio of two independent shares, with their intervals and tests",
    page: include_str!("pages/two_proportions.md"),
    declare: |options, problems| {
        let asked = Asked::declare_comparing(options, problems);
        let mut tables = Vec::new();
        for ([x1, n1, x2, n2], span) in counts::tables(options, "tables", ["x1", "n1", "x2", "n2"], problems) {
            let whole = [x1, n1, x2, n2].iter().all(|count| count.fract() == 0.0);
            match TwoShares::new(x1, n1, x2, n2).filter(|_| whole) {
                Some(table) => tables.push(table),
                None => counts::impossible(&format!("{x1} of {n1} against {x2} of {n2}"), &span, problems),
            }
        }
        Asked::one_source(asked.is_some(), options.get("tables").is_some(), "tables", options, problems);
        options.finish(problems);
        Some(Box::new(TwoProportions { tables, asked }))
    },
};

#[derive(Debug)]
struct TwoProportions {
    tables: Vec<TwoShares>,
    asked: Option<Asked>,
}

impl Method for TwoProportions {
    fn bind(&self, _target: &Target, _schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(asked::reports_only())
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _stream: &mut Own) -> Result<Findings, NoReport> {
        let level = asked::level(confidence)?;
        let tables = match &self.asked {
            Some(asked) => {
                let [x1, n1, x2, n2] = asked.two_groups(observed)?;
                TwoShares::new(x1, n1, x2, n2).into_iter().collect()
            }
            None => self.tables.clone(),
        };
        let mut findings = Findings::default();
        for (k, table) in tables.iter().enumerate() {
            for (name, estimate) in estimates(table, &level) {
                findings.estimate(asked::numbered(name, k, tables.len()), estimate);
            }
        }
        let records: Vec<Finding> = tables.iter().map(|table| Finding::Record(values(table, &level))).collect();
        findings.values.set("tables", Finding::List(records));
        Ok(findings)
    }
}

/// What a reader wants first; ratios that are undefined or infinite are among the values only.
fn estimates(table: &TwoShares, level: &Confidence) -> Vec<(&'static str, Estimate)> {
    let difference = Estimate {
        estimate: table.difference(),
        model_se: Some(table.difference_se()),
        interval: Some(table.miettinen_nurminen(level)),
        warning: WarningKind::AtBoundary.when(table.difference_se() == 0.0),
        ..Estimate::default()
    };
    let ratios =
        [("risk_ratio", table.risk_ratio(), table.katz(level)), ("odds_ratio", table.odds_ratio(), table.woolf(level))];
    let ratio = |(name, ratio, limits): (&'static str, Option<f64>, Option<_>)| {
        let estimate = ratio.filter(|r: &f64| r.is_finite())?;
        let interval = limits.map(|l: crate::statistics::share::two::RatioEstimate| l.limits);
        Some((name, Estimate { estimate, interval, ..Estimate::default() }))
    };
    [("risk_diff", difference)].into_iter().chain(ratios.into_iter().filter_map(ratio)).collect()
}

fn values(table: &TwoShares, level: &Confidence) -> Record {
    let (katz, woolf, haldane) = (table.katz(level), table.woolf(level), table.haldane(level));
    let mut record = Record::new();
    record
        .set("risk_diff", table.difference())
        .set("risk_diff_se", table.difference_se())
        .set("diff_wald", table.wald(level))
        .set("diff_newcombe", table.newcombe(level))
        .set("diff_agresti_caffo", table.agresti_caffo(level))
        .set("diff_miettinen_nurminen", table.miettinen_nurminen(level))
        .set("diff_mee", table.mee(level))
        .set("risk_ratio", table.risk_ratio())
        .set("rr_log_se", katz.map(|r| r.log_se))
        .set("rr_katz", pair(katz.map(|r| r.limits)))
        .set("odds_ratio", table.odds_ratio())
        .set("or_log_se", woolf.map(|r| r.log_se))
        .set("or_woolf", pair(woolf.map(|r| r.limits)))
        .set("or_haldane", haldane.ratio)
        .set("or_haldane_ci", haldane.limits);
    let tests = [
        ("z_pooled", "z_p", table.pooled_z()),
        ("chisq", "chisq_p", table.pearson()),
        ("chisq_yates", "chisq_yates_p", table.yates()),
    ];
    for (statistic, p, test) in tests {
        record.set(statistic, test.map(|t| t.statistic)).set(p, test.map(|t| t.p));
    }
    record
}

/// Limits, both undefined where there are none.
pub(super) fn pair(limits: Option<(f64, f64)>) -> Finding {
    limits.unwrap_or((f64::NAN, f64::NAN)).into()
}

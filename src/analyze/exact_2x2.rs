#![doc = include_str!("pages/exact_2x2.md")]

use super::asked::{self, Asked};
use super::{CannotAnswer, Entry, Fit, Method, NoReport, counts};
use crate::statistics::share::Exact2x2;
use crate::statistics::share::fixed_rows::{barnard, boschloo};
use crate::streams::Own;
use crate::tables::{Estimate, Finding, Findings, Observed, ObservedSchema, Record, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "exact_2x2",
    summary: "exact tests of two shares (Fisher, mid-P, Barnard, Boschloo) and the conditional odds ratio",
    page: include_str!("pages/exact_2x2.md"),
    declare: |options, problems| {
        options.choice("two_sided_rule", &["minimum_likelihood"], problems);
        let asked = Asked::declare_comparing(options, problems);
        let mut tables = Vec::new();
        for (cells, span) in counts::tables(options, "tables", ["x1", "n1", "x2", "n2"], problems) {
            let [x1, n1, x2, n2] = cells;
            match Exact2x2::new(x1, n1, x2, n2) {
                Some(_) => tables.push(cells),
                None if whole(x1, n1) && whole(x2, n2) => {
                    let message = format!("{x1} of {n1} against {x2} of {n2} is too much for exact tests");
                    problems
                        .error("S0621", &span, message)
                        .help("they go through at most 20 million tables; take `two_proportions`");
                }
                None => counts::impossible(&format!("{x1} of {n1} against {x2} of {n2}"), &span, problems),
            }
        }
        Asked::one_source(asked.is_some(), options.get("tables").is_some(), "tables", options, problems);
        options.finish(problems);
        Some(Box::new(Exact { tables, asked }))
    },
};

/// Whether these are counts, however many.
fn whole(x: f64, n: f64) -> bool {
    n > 0.0 && n.is_finite() && (0.0..=n).contains(&x) && x.fract() == 0.0 && n.fract() == 0.0
}

#[derive(Debug)]
struct Exact {
    tables: Vec<[f64; 4]>,
    asked: Option<Asked>,
}

impl Method for Exact {
    fn bind(&self, _target: &Target, _schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(asked::reports_only())
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _stream: &mut Own) -> Result<Findings, NoReport> {
        let level = asked::level(confidence)?;
        let tables = match &self.asked {
            Some(asked) => vec![asked.two_groups(observed)?],
            None => self.tables.clone(),
        };
        let mut findings = Findings::default();
        let mut records = Vec::new();
        for (k, [x1, n1, x2, n2]) in tables.iter().copied().enumerate() {
            let Some(table) = Exact2x2::new(x1, n1, x2, n2) else { continue };
            let (fisher, ratio, limits) = (table.fisher(), table.odds_ratio(), table.limits(&level));
            let unconditional = (barnard(x1, n1, x2, n2), boschloo(x1, n1, x2, n2));
            if unconditional.0.is_none() || unconditional.1.is_none() {
                let note =
                    "The unconditional p values (Barnard, Boschloo) are not worked out for groups as large as these.";
                findings.warnings.push(note.to_owned());
            }
            let mut record = Record::new();
            record
                .set("fisher_p", fisher.two_sided)
                .set("fisher_less", fisher.less)
                .set("fisher_greater", fisher.greater)
                .set("fisher_midp_less", fisher.mid_less)
                .set("fisher_midp_greater", fisher.mid_greater)
                .set("fisher_midp_two_sided", fisher.mid_two_sided)
                .set("cond_or", ratio)
                .set("cond_or_ci", limits)
                .set("barnard_p", unconditional.0)
                .set("boschloo_p", unconditional.1);
            records.push(Finding::Record(record));
            if let Some(estimate) = ratio.filter(|r| r.is_finite()) {
                let estimate = Estimate { estimate, interval: Some(limits), ..Estimate::default() };
                findings.estimate(asked::numbered("cond_or", k, tables.len()), estimate);
            }
        }
        findings.values.set("tables", Finding::List(records));
        Ok(findings)
    }
}

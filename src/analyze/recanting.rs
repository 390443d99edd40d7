#![doc = include_str!("pages/recanting.md")]

use super::column::Column;
use super::warning::share_at_edge;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::misreport::{Recanting, Report, Rule};
use crate::statistics::panel::Grid;
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, Findings, FitFailure, Observed, ObservedSchema, Record, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "recanting",
    summary: "how many take back a yes that should stay, and what rules for contradicting reports would make of it",
    page: include_str!("pages/recanting.md"),
    declare,
};

#[derive(Debug)]
struct Recants {
    item: String,
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let item = options.text("item", problems);
    if options.get("item").is_none() {
        options.missing("item", problems);
    }
    options.finish(problems);
    Some(Box::new(Recants { item: item?.text }))
}

impl Method for Recants {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(super::reports_only("recanting"))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let cells = Column::need(&self.item, observed.schema())?.yes_no_panel(observed)?;
        let grid = Grid::new(observed.schema().waves(), &cells);
        let grid = grid.filter(|_| cells.iter().any(Option::is_some)).ok_or_else(|| {
            FitFailure::new(FailureKind::NoData, format!("nobody answered `{}` at any wave", self.item))
        })?;
        let counts = Recanting::of(&grid);
        let mut findings = Findings::default();
        let values = &mut findings.values;
        values.set("ever_yes", counts.ever_yes).set("eligible", counts.eligible).set("recanted", counts.recanted);
        values.set("recant_rate", counts.rate()).set("recant_wilson", counts.rate_wilson(confidence));
        values.set("recanted_then_reaffirmed", counts.reaffirmed);
        values.set("adjacent_yes", counts.adjacent_yes).set("adjacent_yes_then_no", counts.adjacent_yes_then_no);
        values.set("inconsistent_persons", counts.inconsistent);
        let mut reconciled = Record::new();
        // Rules that need nothing but the reports.
        for rule in [Rule::First, Rule::Last, Rule::Ever, Rule::Always, Rule::Majority] {
            let word = Rule::ALL.iter().position(|r| *r == rule).map_or("", |k| Rule::WORDS[k]);
            reconciled.set(word, decided(rule, &grid));
        }
        findings.values.set("reconcile", reconciled);
        match counts.rate() {
            Some(p) => {
                let se = libm::sqrt(p * (1.0 - p) / counts.eligible as f64);
                let interval = counts.rate_wilson(confidence);
                let rate = Estimate { estimate: p, model_se: Some(se), interval, ..Estimate::default() };
                findings.estimate("recant_rate", rate.warned(share_at_edge(p)));
            }
            None => findings.warnings.push("Nobody was seen again after a first yes: no rate of recanting.".to_owned()),
        }
        Ok(findings)
    }
}

/// How many persons a rule decides for, how many of them for yes, and for how many with a report it does not decide.
fn decided(rule: Rule, grid: &Grid<'_>) -> Record {
    let (mut n, mut yes, mut open) = (0_usize, 0_usize, 0_usize);
    let mut reports = Vec::with_capacity(grid.waves());
    for row in grid.rows() {
        reports.clear();
        reports.extend(row.iter().map(|report| Report::new(report.map(u8::from))));
        match rule.value(&reports) {
            Some(value) => {
                n += 1;
                yes += usize::from(value == 1);
            }
            None => open += usize::from(row.iter().any(Option::is_some)),
        }
    }
    let mut record = Record::new();
    record.set("n", n).set("yes", yes).set("tied_or_undetermined", open);
    record
}

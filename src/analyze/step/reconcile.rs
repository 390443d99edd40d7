#![doc = include_str!("../pages/reconcile.md")]

use super::{Answer, Bound, Rest, RunStep, Step, StepEntry};
use crate::analyze::CannotAnswer;
use crate::analyze::column::Column;
use crate::analyze::gather::gather;
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::misreport::{Report, Rule};
use crate::streams::Own;
use crate::tables::observed::AnswerColumn;
use crate::tables::{FailureKind, Findings, FitFailure, Observed, ObservedBatch, ObservedSchema, Record};
use std::sync::Arc;

const PAGE: &str = include_str!("../pages/reconcile.md");

type Declare = fn(&Options, &mut Diagnostics) -> Option<Box<dyn Step>>;

const fn entry(name: &'static str, summary: &'static str, declare: Declare) -> StepEntry {
    StepEntry { name, summary, page: PAGE, declare }
}

/// The lines of the catalogue.
pub(super) const ALWAYS: StepEntry = entry(
    "reconcile.always",
    "of contradicting reports of an item, yes only if it was reported always",
    |options, problems| declare(Rule::Always, options, problems),
);
pub(super) const EVER: StepEntry =
    entry("reconcile.ever", "of contradicting reports of an item, yes if it was ever reported", |options, problems| {
        declare(Rule::Ever, options, problems)
    });
pub(super) const FIRST: StepEntry =
    entry("reconcile.first", "of contradicting reports of an item, the first one", |options, problems| {
        declare(Rule::First, options, problems)
    });
pub(super) const LAST: StepEntry =
    entry("reconcile.last", "of contradicting reports of an item, the last one", |options, problems| {
        declare(Rule::Last, options, problems)
    });
pub(super) const LATEST_INTERVIEWER: StepEntry = entry(
    "reconcile.latest_interviewer",
    "of contradicting reports of an item, what the latest interviewer heard most often",
    |options, problems| declare(Rule::LatestInterviewer, options, problems),
);
pub(super) const MAJORITY: StepEntry =
    entry("reconcile.majority", "of contradicting reports of an item, the most frequent one", |options, problems| {
        declare(Rule::Majority, options, problems)
    });
pub(super) const TRUST_WEIGHTED: StepEntry = entry(
    "reconcile.trust_weighted",
    "of contradicting reports of an item, the one that most trust speaks for",
    |options, problems| declare(Rule::TrustWeighted, options, problems),
);

/// The step as declared.
#[derive(Clone, Debug)]
struct Reconcile {
    rule: Rule,
    items: Vec<String>,
    /// Whether at each wave only the reports up to it count.
    so_far: bool,
    /// Item whose value weighs a report.
    trust: Option<String>,
    /// Item that says who asked.
    interviewer: Option<String>,
}

fn declare(rule: Rule, options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Step>> {
    let items = options.texts("items", problems);
    if options.get("items").is_none() {
        options.missing("items", problems);
    }
    let so_far = options.choice("reports", &["all", "so_far"], problems) == Some(1);
    let mut trust = None;
    if rule == Rule::TrustWeighted {
        trust = options.text("trust", problems).map(|t| t.text);
        if options.get("trust").is_none() {
            options.missing("trust", problems);
        }
        trust.as_ref()?;
    }
    let mut interviewer = None;
    if rule == Rule::LatestInterviewer {
        interviewer = options.text("interviewer", problems).map(|t| t.text);
    }
    let items = items?.into_iter().map(|t| t.text).collect();
    Some(Box::new(Reconcile { rule, items, so_far, trust, interviewer }))
}

/// Where it is known who asked.
enum Asked {
    /// In an item.
    Column(Column),
    /// In the single interviews that the survey keeps.
    Interviews,
}

impl Step for Reconcile {
    fn bind(&self, schema: &ObservedSchema, _: f64) -> Result<Bound, CannotAnswer> {
        let mut items = Vec::with_capacity(self.items.len());
        for name in &self.items {
            let position =
                schema.item(name).ok_or_else(|| CannotAnswer { why: format!("there is no item `{name}`") })?;
            let variable = &schema.items[position];
            let coding = variable.coding.as_ref().ok_or_else(|| {
                let why = format!("`{name}` has too many different values to be reconciled");
                CannotAnswer { why }
            })?;
            items.push((position, u8::try_from(coding.values.len().saturating_sub(1)).unwrap_or(u8::MAX)));
        }
        let trust = self.trust.as_ref().map(|name| Column::need(name, schema)).transpose()?;
        let asked = match (&self.interviewer, self.rule) {
            (Some(name), _) => Some(Asked::Column(Column::need(name, schema)?)),
            (None, Rule::LatestInterviewer) if schema.interviewers > 0 => Some(Asked::Interviews),
            (None, Rule::LatestInterviewer) => {
                let why = "nobody keeps account of interviewers; name an item with `interviewer`".to_owned();
                return Err(CannotAnswer { why });
            }
            _ => None,
        };
        let batch = ObservedBatch { schema: Arc::new(schema.clone()), ..ObservedBatch::default() };
        let step = RunReconcile {
            declared: self.clone(),
            items,
            trust,
            asked,
            batch,
            before: Vec::new(),
            reports: Vec::new(),
            tallies: Vec::new(),
        };
        Ok(Bound { step: Box::new(step), schema: schema.clone() })
    }
}

/// What became of one item.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    /// Records with a report.
    reported: usize,
    /// Records whose last value is undetermined although there are reports.
    open: usize,
    /// Reports that were made.
    reports: usize,
    /// Of these, reports in whose place another value stands.
    overruled: usize,
}

struct RunReconcile {
    declared: Reconcile,
    /// Position and the code of "no answer".
    items: Vec<(usize, u8)>,
    trust: Option<Column>,
    asked: Option<Asked>,
    batch: ObservedBatch,
    /// Codes of an item as they came, by wave.
    before: Vec<Vec<u8>>,
    reports: Vec<Report>,
    tallies: Vec<Tally>,
}

impl RunStep for RunReconcile {
    fn run(&mut self, observed: &Observed<'_>, stream: &mut Own, rest: &mut Rest<'_>) -> Result<Answer, FitFailure> {
        let (records, waves) = (observed.records(), observed.schema().waves());
        let everybody: Vec<usize> = (0..records).collect();
        gather(&mut self.batch, observed, &everybody);
        let weights: Option<Vec<Vec<f64>>> =
            self.trust.as_ref().map(|trust| (0..waves).map(|wave| trust.read(observed, wave)).collect());
        let asked = self.asked.as_ref().map(|asked| asked.read(observed)).transpose()?;
        self.tallies.clear();
        for (item, missing) in self.items.clone() {
            self.before.clear();
            for column in &self.batch.answers[item] {
                let AnswerColumn::Coded(codes) = column else {
                    return Err(FitFailure::new(FailureKind::NoData, "an item has no codes"));
                };
                self.before.push(codes.clone());
            }
            let mut tally = Tally::default();
            for record in 0..records {
                self.reports.clear();
                self.reports.extend(self.before.iter().enumerate().map(|(wave, codes)| Report {
                    value: codes.get(record).copied().filter(|code| *code < missing),
                    weight: weights.as_ref().map_or(1.0, |weights| weights[wave][record]),
                    interviewer: asked.as_ref().and_then(|asked| asked[wave][record]),
                }));
                self.decide(item, missing, record, &mut tally);
            }
            self.tallies.push(tally);
        }
        rest(&self.batch.replicate(0), stream)
    }

    fn findings(&self) -> Findings {
        let mut findings = Findings::default();
        for (name, tally) in self.declared.items.iter().zip(&self.tallies) {
            let mut record = Record::new();
            record.set("n", tally.reported - tally.open).set("tied_or_undetermined", tally.open);
            record.set("reports", tally.reports).set("overruled", tally.overruled);
            findings.values.set(name.as_str(), record);
            if tally.open > 0 {
                findings.warnings.push(format!(
                    "`{name}`: the rule does not decide for {} of {} records; they have no answer now.",
                    tally.open, tally.reported
                ));
            }
        }
        findings
    }
}

impl RunReconcile {
    /// Puts the decision for a record at every wave.
    fn decide(&mut self, item: usize, missing: u8, record: usize, tally: &mut Tally) {
        let rule = self.declared.rule;
        let all = rule.value(&self.reports);
        let made = self.reports.iter().filter(|report| report.value.is_some()).count();
        tally.reported += usize::from(made > 0);
        tally.open += usize::from(made > 0 && all.is_none());
        tally.reports += made;
        for (wave, column) in self.batch.answers[item].iter_mut().enumerate() {
            let value = if self.declared.so_far { rule.value(&self.reports[..=wave]) } else { all };
            let report = self.reports[wave].value;
            tally.overruled += usize::from(report.is_some() && report != value);
            if let AnswerColumn::Coded(codes) = column
                && let Some(code) = codes.get_mut(record)
            {
                *code = value.unwrap_or(missing);
            }
        }
    }
}

impl Asked {
    /// Who asked, by wave and record.
    fn read(&self, observed: &Observed<'_>) -> Result<Vec<Vec<Option<u32>>>, FitFailure> {
        let (records, waves) = (observed.records(), observed.schema().waves());
        if let Self::Column(column) = self {
            let who = |v: &f64| (*v >= 0.0 && *v <= f64::from(u32::MAX)).then_some(*v as u32);
            return Ok((0..waves).map(|wave| column.read(observed, wave).iter().map(who).collect()).collect());
        }
        let (batch, rows) = observed.batch();
        if batch.visits.is_empty() {
            let detail = "these data hold no single interviews; name an item with `interviewer`";
            return Err(FitFailure::new(FailureKind::NoData, detail));
        }
        let mut asked = vec![vec![None; records]; waves];
        // Interviews of a wave stand in their order: the last one stays.
        for visit in &batch.visits {
            let Some(wave) = asked.get_mut(visit.wave) else { continue };
            for (who, row) in wave.iter_mut().zip(rows.clone()) {
                let there = visit.took_place.get(row) == Some(&true);
                let interviewer = visit.interviewer.get(row).copied().filter(|i| there && *i != u16::MAX);
                *who = interviewer.map(u32::from).or(*who);
            }
        }
        Ok(asked)
    }
}

#[cfg(test)]
mod tests;

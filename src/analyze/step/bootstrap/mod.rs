#![doc = include_str!("../../pages/bootstrap.md")]

mod statistic;

use super::{Answer, Bound, Rest, RunStep, Step, StepEntry};
use crate::analyze::CannotAnswer;
use crate::analyze::gather::gather;
use crate::diagnostic::Diagnostics;
use crate::options::{OptionValue, Options};
use crate::statistics::FromStream;
use crate::statistics::bootstrap::{Bootstrap, BootstrapInterval, NoInterval, resample};
use crate::streams::Own;
use crate::tables::{
    Estimate, FailureKind, Finding, Findings, FitFailure, Observed, ObservedBatch, ObservedSchema, Record, WarningKind,
};
use statistic::{Declared, Statistic};
use std::sync::Arc;

/// The line of the catalogue.
pub(super) const ENTRY: StepEntry = StepEntry {
    name: "bootstrap",
    summary: "draws records with replacement and takes errors and intervals from the estimates in such samples",
    page: include_str!("../../pages/bootstrap.md"),
    declare,
};

const KINDS: [(&str, BootstrapInterval); 6] = [
    ("percentile", BootstrapInterval::Percentile),
    ("basic", BootstrapInterval::Basic),
    ("normal", BootstrapInterval::Normal),
    ("bca", BootstrapInterval::Bca),
    ("studentised", BootstrapInterval::Studentised),
    ("percentile_type7", BootstrapInterval::PercentileType7),
];

#[derive(Debug)]
struct Declaration {
    replicates: usize,
    interval: BootstrapInterval,
    /// Positions of the records of each sample, from 0, in place of drawn ones.
    resamples: Option<Vec<Vec<usize>>>,
    statistic: Option<Declared>,
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Step>> {
    let replicates = match options.formula("replicates", problems) {
        None => Some(999),
        Some(text) => {
            let found = text.text.parse::<usize>().ok().filter(|n| (2..=1_000_000).contains(n));
            if found.is_none() {
                problems.error("S0102", &text.span, "`replicates` must be a whole number from 2 to 1000000");
            }
            found
        }
    };
    let interval = options.choice("interval", &KINDS.map(|(word, _)| word), problems).map(|k| KINDS[k].1);
    let resamples = options.list("resamples", problems).map(|lists| given(lists, options, problems));
    let statistic = match options.table("statistic", problems) {
        None => None,
        Some(table) => Some(Declared::read(table, problems)?),
    };
    Some(Box::new(Declaration {
        replicates: replicates?,
        interval: interval.unwrap_or(BootstrapInterval::Percentile),
        resamples: match resamples {
            None => None,
            Some(given) => Some(given?),
        },
        statistic,
    }))
}

/// Samples written out in the plan, each a list of positions from 1.
fn given(lists: &[OptionValue], options: &Options, problems: &mut Diagnostics) -> Option<Vec<Vec<usize>>> {
    let position = |value: &OptionValue| match value {
        OptionValue::Number(text) => text.text.parse::<usize>().ok()?.checked_sub(1),
        _ => None,
    };
    let sample = |value: &OptionValue| match value {
        OptionValue::List(items, _) => items.iter().map(position).collect::<Option<Vec<usize>>>(),
        _ => None,
    };
    let samples: Option<Vec<Vec<usize>>> = lists.iter().map(sample).collect();
    if samples.is_none() {
        let span = options.get("resamples").map_or(&options.span, OptionValue::span);
        problems
            .error("S0102", span, "`resamples` must be a list of lists of records, counted from 1")
            .help("leave it out to have the samples drawn");
    }
    samples
}

impl Step for Declaration {
    fn bind(&self, schema: &ObservedSchema, confidence: f64) -> Result<Bound, CannotAnswer> {
        let records = ObservedBatch { schema: Arc::new(schema.clone()), ..ObservedBatch::default() };
        let step = RunBootstrap {
            replicates: self.replicates,
            interval: self.interval,
            resamples: self.resamples.clone(),
            statistic: self.statistic.as_ref().map(|s| Statistic::new(s, schema)).transpose()?,
            confidence,
            records,
            members: Vec::new(),
            answers: Vec::new(),
            jackknife: Vec::new(),
            bootstrap: Bootstrap::default(),
            column: Vec::new(),
            findings: Findings::default(),
        };
        Ok(Bound { step: Box::new(step), schema: schema.clone() })
    }
}

/// One estimate in a sample: its value and standard error, NaN where undefined.
type Found = (f64, f64);

struct RunBootstrap {
    replicates: usize,
    interval: BootstrapInterval,
    resamples: Option<Vec<Vec<usize>>>,
    statistic: Option<Statistic>,
    confidence: f64,
    records: ObservedBatch,
    members: Vec<usize>,
    /// What was found in the samples, estimate after estimate.
    answers: Vec<Vec<Found>>,
    /// The same without each record in turn.
    jackknife: Vec<Vec<Found>>,
    bootstrap: Bootstrap,
    column: Vec<f64>,
    findings: Findings,
}

impl RunStep for RunBootstrap {
    fn run(&mut self, observed: &Observed<'_>, stream: &mut Own, rest: &mut Rest<'_>) -> Result<Answer, FitFailure> {
        let records = observed.records();
        let mut statistic = self.statistic.take();
        if let Some(statistic) = &mut statistic {
            statistic.read(observed);
        }
        let result = self.estimate(observed, records, stream, rest, statistic.as_ref());
        self.statistic = statistic;
        result
    }

    fn findings(&self) -> Findings {
        self.findings.clone()
    }
}

impl RunBootstrap {
    fn estimate(
        &mut self,
        observed: &Observed<'_>,
        records: usize,
        stream: &mut Own,
        rest: &mut Rest<'_>,
        statistic: Option<&Statistic>,
    ) -> Result<Answer, FitFailure> {
        let all: Vec<usize> = (0..records).collect();
        let mut answer = match statistic {
            Some(statistic) => statistic.answer(&all)?,
            None => rest(observed, stream)?,
        };
        let count = answer.estimates.len();
        self.answers.clear();
        self.answers.resize(count, Vec::new());
        self.jackknife.clear();
        self.jackknife.resize(count, Vec::new());
        for r in 0..self.resamples.as_ref().map_or(self.replicates, Vec::len) {
            match &self.resamples {
                Some(given) => given[r].clone_into(&mut self.members),
                None => resample(records, &mut FromStream(stream), &mut self.members),
            }
            if let Some(beyond) = self.members.iter().find(|m| **m >= records) {
                let detail = format!("`resamples` names record {} of {records}", beyond + 1);
                return Err(FitFailure::new(FailureKind::NoData, detail));
            }
            let found = self.sample(observed, stream, rest, statistic);
            push(&mut self.answers, found.as_ref());
        }
        // Without a method behind it one more sample costs nothing.
        if self.interval == BootstrapInterval::Bca || statistic.is_some() {
            for left_out in 0..records {
                self.members.clear();
                self.members.extend((0..records).filter(|k| *k != left_out));
                let found = self.sample(observed, stream, rest, statistic);
                push(&mut self.jackknife, found.as_ref());
            }
        }
        self.pool(&mut answer);
        Ok(answer)
    }

    /// What the rest makes of the records in `members`.
    fn sample(
        &mut self,
        observed: &Observed<'_>,
        stream: &mut Own,
        rest: &mut Rest<'_>,
        statistic: Option<&Statistic>,
    ) -> Option<Answer> {
        match statistic {
            Some(statistic) => statistic.answer(&self.members).ok(),
            None => {
                gather(&mut self.records, observed, &self.members);
                rest(&self.records.replicate(0), stream).ok()
            }
        }
    }

    /// Puts the bootstrap's errors and intervals in the place of the estimates' own.
    fn pool(&mut self, answer: &mut Answer) {
        self.findings = Findings::default();
        let mut list = Vec::new();
        for (k, estimate) in answer.estimates.iter_mut().enumerate() {
            let (answers, jackknife) = (&self.answers[k], &self.jackknife[k]);
            values(answers, &mut self.column);
            self.bootstrap.set(estimate.estimate, &self.column);
            let first: Vec<f64> = self.column.iter().take(5).copied().collect();
            values(jackknife, &mut self.column);
            self.bootstrap.set_jackknife(&self.column);
            self.bootstrap.set_standard_errors(estimate.model_se.unwrap_or(f64::NAN), answers);
            let interval = self.bootstrap.interval(self.interval, self.confidence);
            let mut record = self.described(estimate.estimate, &first);
            if let Err(why) = interval {
                record.set("status", status(why));
                let of = if answer_is_one(&self.answers) { String::new() } else { format!(" of estimate {}", k + 1) };
                self.findings.warnings.push(format!("The interval{of} is undefined: {}.", reason(why)));
            }
            if self.bootstrap.undefined() > 0 {
                let (lost, of) = (self.bootstrap.undefined(), self.answers[k].len());
                self.findings.warnings.push(format!("{lost} of {of} samples gave no estimate and are left out."));
            }
            let warning = WarningKind::NoInterval
                .when(interval.is_err())
                .or(WarningKind::SamplesFailed.when(self.bootstrap.undefined() > 0));
            *estimate = Estimate {
                estimate: estimate.estimate,
                model_se: self.bootstrap.se(),
                interval: interval.ok(),
                warning: WarningKind::gravest(estimate.warning, warning),
                ..Estimate::default()
            };
            list.push(record);
        }
        answer.covariance = None;
        self.findings.estimates = answer
            .estimates
            .iter()
            .map(|e| crate::tables::NamedEstimate { name: "statistic".to_owned(), estimate: *e })
            .collect();
        match list.pop() {
            Some(only) if list.is_empty() => self.findings.values = only,
            last => {
                let all = list.into_iter().chain(last).map(Finding::Record).collect();
                self.findings.values.set("estimates", Finding::List(all));
            }
        }
    }

    fn described(&self, estimate: f64, first: &[f64]) -> Record {
        let b = &self.bootstrap;
        let mut record = Record::new();
        record.set("estimate", estimate).set("replicates_used", b.used()).set("replicates_undefined", b.undefined());
        record.set("mean", b.mean()).set("se", b.se()).set("bias", b.bias());
        record.set("z0", b.z0()).set("acceleration", b.acceleration());
        for (word, kind) in KINDS {
            record.set(word, b.interval(kind, self.confidence).ok());
        }
        record.set("first_replicates", first);
        record.set("status", "ok");
        record
    }
}

fn answer_is_one(answers: &[Vec<Found>]) -> bool {
    answers.len() == 1
}

/// Adds what a sample gave; nothing, or another number of estimates, is undefined.
fn push(into: &mut [Vec<Found>], found: Option<&Answer>) {
    let fits = found.filter(|answer| answer.estimates.len() == into.len());
    for (k, list) in into.iter_mut().enumerate() {
        let estimate = fits.and_then(|answer| answer.estimates.get(k));
        list.push(estimate.map_or((f64::NAN, f64::NAN), |e| (e.estimate, e.model_se.unwrap_or(f64::NAN))));
    }
}

fn values(found: &[Found], out: &mut Vec<f64>) {
    out.clear();
    out.extend(found.iter().map(|(value, _)| *value));
}

fn status(why: NoInterval) -> &'static str {
    match why {
        NoInterval::NoEstimate => "no_estimate",
        NoInterval::TooFewReplicates => "too_few_replicates",
        NoInterval::AllEqual => "all_equal",
        NoInterval::InfiniteCorrection => "infinite_correction",
        NoInterval::NoAcceleration => "no_acceleration",
        NoInterval::Acceleration => "acceleration_too_large",
        NoInterval::NoStandardErrors => "no_standard_errors",
    }
}

fn reason(why: NoInterval) -> &'static str {
    match why {
        NoInterval::NoEstimate => "there is no estimate",
        NoInterval::TooFewReplicates => "fewer than two samples gave an estimate",
        NoInterval::AllEqual => "all samples gave the same estimate",
        NoInterval::InfiniteCorrection => "no sample, or every one, gave less than the estimate",
        NoInterval::NoAcceleration => "the estimates without each record are undefined or all the same",
        NoInterval::Acceleration => "the acceleration is too large for this level",
        NoInterval::NoStandardErrors => "the method gives no standard errors above 0",
    }
}

#[cfg(test)]
mod tests;

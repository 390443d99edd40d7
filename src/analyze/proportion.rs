#![doc = include_str!("pages/proportion.md")]

use super::asked::{self, Asked};
use super::warning::of_share;
use super::{CannotAnswer, Entry, Fit, Method, NoReport, counts};
use crate::options::Options;
use crate::statistics::share::ShareInterval;
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, Finding, Findings, FitFailure, Observed, ObservedSchema, Record, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "proportion",
    summary: "shares with intervals of seven kinds, from counts or of an answer at each wave",
    page: include_str!("pages/proportion.md"),
    declare: |options, problems| {
        let interval = options.choice("interval", &ShareInterval::WORDS, problems).map(|k| ShareInterval::ALL[k]);
        let (x, n) = (counts::list(options, "x", problems), counts::list(options, "n", problems));
        let asked = Asked::declare(options, problems);
        let counts = options.get("x").is_some() || options.get("n").is_some();
        Asked::one_source(asked.is_some(), counts, "x", options, problems);
        check(options, &x, &n, problems);
        options.finish(problems);
        let counts = x.into_iter().zip(n).collect();
        Some(Box::new(Proportion { interval: interval.unwrap_or_default(), counts, asked }))
    },
};

fn check(options: &Options, x: &[f64], n: &[f64], problems: &mut crate::diagnostic::Diagnostics) {
    let span = options.get("x").map_or(&options.span, crate::options::OptionValue::span);
    if x.len() != n.len() {
        problems.error("S0621", span, format!("`x` has {} numbers and `n` has {}", x.len(), n.len()));
    }
    for (x, n) in x.iter().zip(n) {
        let whole = x.fract() == 0.0 && n.fract() == 0.0;
        if !whole || ShareInterval::Wilson.at_level(*x, *n, 0.5).is_none() {
            counts::impossible(&format!("{x} of {n}"), span, problems);
        }
    }
}

#[derive(Debug)]
struct Proportion {
    interval: ShareInterval,
    /// `(x, n)` as given.
    counts: Vec<(f64, f64)>,
    asked: Option<Asked>,
}

impl Method for Proportion {
    fn bind(&self, _target: &Target, _schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(asked::reports_only())
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _stream: &mut Own) -> Result<Findings, NoReport> {
        let level = asked::level(confidence)?;
        let counts = match &self.asked {
            Some(asked) => by_wave(asked, observed)?,
            None => self.counts.clone(),
        };
        let mut findings = Findings::default();
        let share = |(x, n): (f64, f64)| if n > 0.0 { Some(x / n) } else { None };
        let column =
            |of: &dyn Fn((f64, f64)) -> Option<f64>| -> Vec<Option<f64>> { counts.iter().map(|c| of(*c)).collect() };
        findings.values.set("x", column(&|c| Some(c.0))).set("n", column(&|c| Some(c.1)));
        findings.values.set("estimate", column(&share));
        for (word, kind) in ShareInterval::WORDS.into_iter().zip(ShareInterval::ALL) {
            let limits = |(x, n): (f64, f64)| if n > 0.0 { Some(kind.limits(x, n, &level)) } else { None };
            let mut record = Record::new();
            record.set("lower", column(&|c| limits(c).map(|l| l.0)));
            record.set("upper", column(&|c| limits(c).map(|l| l.1)));
            findings.values.set(word, Finding::Record(record));
        }
        for (k, (x, n)) in counts.iter().enumerate().filter(|(_, c)| c.1 > 0.0) {
            let p = x / n;
            let interval = self.interval.limits(*x, *n, &level);
            let estimate = Estimate {
                estimate: p,
                model_se: Some(libm::sqrt(p * (1.0 - p) / n)),
                interval: Some(interval),
                warning: of_share(self.interval, *x, *n, interval),
                ..Estimate::default()
            };
            findings.estimate(asked::numbered("share", k, counts.len()), estimate);
        }
        if findings.estimates.is_empty() {
            return Err(FitFailure::new(FailureKind::NoData, "no record has an answer").into());
        }
        Ok(findings)
    }
}

/// Yes and answers at the wave asked for, or at each wave.
fn by_wave(asked: &Asked, observed: &Observed<'_>) -> Result<Vec<(f64, f64)>, NoReport> {
    let schema = observed.schema();
    let outcome = asked.outcome(schema)?;
    let waves = match asked.wave {
        Some(wave) => asked::there(wave, schema)?..wave + 1,
        None => 0..schema.waves(),
    };
    let count = |wave| {
        let codes = outcome.codes(observed, wave).iter().filter(|code| outcome.is_answer(**code) == 1);
        codes.fold((0.0, 0.0), |(x, n), code| (x + f64::from(outcome.is_yes(*code)), n + 1.0))
    };
    Ok(waves.map(count).collect())
}

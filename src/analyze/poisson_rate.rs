#![doc = include_str!("pages/poisson_rate.md")]

use super::asked::{self, Asked};
use super::two_proportions::pair;
use super::{CannotAnswer, Entry, Fit, Method, NoReport, counts};
use crate::diagnostic::Diagnostics;
use crate::options::{OptionValue, Options};
use crate::statistics::confidence::Confidence;
use crate::statistics::share::rate::Events;
use crate::streams::Own;
use crate::tables::{
    Estimate, FailureKind, Finding, Findings, FitFailure, Observed, ObservedSchema, Record, Target, WarningKind,
};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "poisson_rate",
    summary: "rates of events and their ratio with exact, mid-P and Wald limits",
    page: include_str!("pages/poisson_rate.md"),
    declare: |options, problems| {
        let events = counts::list(options, "events", problems);
        let times = counts::list(options, "person_time", problems);
        let ratios = ratios(options, problems);
        let asked = Asked::declare_comparing(options, problems);
        let years = counts::one(options, "years", problems);
        if let Some(years) = years.filter(|years| !(*years > 0.0 && years.is_finite())) {
            let span = options.get("years").map_or(&options.span, OptionValue::span);
            problems.error("S0621", span, format!("`years` cannot be {years}; an answer covers a time above 0"));
        }
        let counts = ["events", "person_time", "ratios"].iter().any(|key| options.get(key).is_some());
        Asked::one_source(asked.is_some(), counts, "events", options, problems);
        let rates = rates(options, &events, &times, problems);
        options.finish(problems);
        Some(Box::new(PoissonRate { rates, ratios, asked, years: years.unwrap_or(1.0) }))
    },
};

fn rates(options: &Options, events: &[f64], times: &[f64], problems: &mut Diagnostics) -> Vec<Events> {
    let span = options.get("events").map_or(&options.span, OptionValue::span);
    if events.len() != times.len() {
        let message = format!("`events` has {} numbers and `person_time` has {}", events.len(), times.len());
        problems.error("S0621", span, message);
    }
    let mut rates = Vec::new();
    for (count, time) in events.iter().zip(times) {
        match Events::new(*count, *time) {
            Some(one) => rates.push(one),
            None => counts::impossible(&format!("{count} events in a time of {time}"), span, problems),
        }
    }
    rates
}

fn ratios(options: &Options, problems: &mut Diagnostics) -> Vec<(Events, Events)> {
    let mut ratios = Vec::new();
    for ([x1, t1, x2, t2], span) in counts::tables(options, "ratios", ["x1", "t1", "x2", "t2"], problems) {
        match (Events::new(x1, t1), Events::new(x2, t2)) {
            (Some(first), Some(second)) => ratios.push((first, second)),
            _ => counts::impossible(&format!("{x1} events in {t1} against {x2} in {t2}"), &span, problems),
        }
    }
    ratios
}

#[derive(Debug)]
struct PoissonRate {
    rates: Vec<Events>,
    ratios: Vec<(Events, Events)>,
    asked: Option<Asked>,
    /// The time that an answer covers.
    years: f64,
}

impl PoissonRate {
    /// The events of all records, or of both sets that are compared.
    fn counted(&self, asked: &Asked, observed: &Observed<'_>) -> Result<Vec<Events>, NoReport> {
        let schema = observed.schema();
        let outcome = asked.number(schema)?;
        let waves = match asked.wave {
            Some(wave) => asked::there(wave, schema)?..wave + 1,
            None => 0..schema.waves(),
        };
        // Events and answers: of all, or of the first and of the second set.
        let mut sums = [(0.0, 0.0); 2];
        let mut values = Vec::new();
        let mut sets = 1;
        for wave in waves {
            outcome.read(observed, wave, &mut values);
            let mut groups = asked.groups(schema, wave)?;
            if let Some(groups) = &mut groups {
                groups.read(observed, wave);
                sets = 2;
            }
            for (i, value) in values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
                let inside = |set: &[u8]| set.get(i) == Some(&1);
                let member = groups.as_ref().map_or([true, false], |g| [inside(&g.first), inside(&g.second)]);
                for (sum, _) in sums.iter_mut().zip(member).filter(|(_, member)| *member) {
                    sum.0 += value;
                    sum.1 += 1.0;
                }
            }
        }
        let counted = |(set, (count, answers)): (usize, (f64, f64))| {
            if answers == 0.0 && sets == 2 {
                let group = if set == 0 { "first" } else { "second" };
                let detail = format!("nobody in the {group} group answered `{}`", asked.name());
                return Err(FitFailure::new(FailureKind::EmptyGroup, detail).into());
            }
            if answers == 0.0 {
                let detail = format!("no record that counts has an answer to `{}`", asked.name());
                return Err(FitFailure::new(FailureKind::NoData, detail).into());
            }
            Events::new(count, answers * self.years).ok_or_else(|| {
                let why = format!("`{}` is no number of events: its sum is {count}", asked.name());
                CannotAnswer { why }.into()
            })
        };
        sums.into_iter().take(sets).enumerate().map(counted).collect()
    }
}

impl Method for PoissonRate {
    fn bind(&self, _target: &Target, _schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(asked::reports_only())
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _stream: &mut Own) -> Result<Findings, NoReport> {
        let level = asked::level(confidence)?;
        let (mut rates, mut ratios) = (self.rates.clone(), self.ratios.clone());
        if let Some(asked) = &self.asked {
            rates = self.counted(asked, observed)?;
            if let [first, second] = rates[..] {
                ratios = vec![(first, second)];
            }
        }
        let mut findings = Findings::default();
        for (k, events) in rates.iter().enumerate() {
            let interval = Some(events.exact(&level));
            let rate =
                Estimate { estimate: events.rate(), model_se: Some(events.rate_se()), interval, ..Estimate::default() };
            let edge = WarningKind::AtBoundary.when(rate.estimate == 0.0);
            findings.estimate(asked::numbered("rate", k, rates.len()), rate.warned(edge));
        }
        for (k, (first, second)) in ratios.iter().enumerate() {
            if let Some(estimate) = first.ratio(second).filter(|r| r.is_finite()) {
                let interval = first.ratio_limits(second, &level);
                let ratio = Estimate { estimate, interval, ..Estimate::default() };
                findings.estimate(asked::numbered("rate_ratio", k, ratios.len()), ratio);
            }
        }
        let rates = rates.iter().map(|events| rate_values(events, &level)).collect();
        findings.values.set("rates", Finding::List(rates));
        let ratios = ratios.iter().map(|(first, second)| ratio_values(first, second, &level)).collect();
        findings.values.set("ratios", Finding::List(ratios));
        Ok(findings)
    }
}

fn rate_values(events: &Events, level: &Confidence) -> Finding {
    let mut record = Record::new();
    record
        .set("events", events.count())
        .set("person_time", events.time())
        .set("rate", events.rate())
        .set("exact", events.exact(level))
        .set("mid_p", events.mid_p(level))
        .set("log_wald", pair(events.log_wald(level)));
    Finding::Record(record)
}

fn ratio_values(first: &Events, second: &Events, level: &Confidence) -> Finding {
    let mut record = Record::new();
    record
        .set("rate_ratio", first.ratio(second))
        .set("ci_exact", pair(first.ratio_limits(second, level)))
        .set("p_exact", first.equal(second));
    Finding::Record(record)
}

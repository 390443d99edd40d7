#![doc = include_str!("pages/simple_missing.md")]

use super::bounds;
use super::column::Column;
use super::critical::Critical;
use super::two_sample::{Comparison, Sample};
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::numeric::StudentT;
use crate::options::Options;
use crate::statistics::bounds::worst_case;
use crate::statistics::share::TwoShares;
use crate::streams::Own;
use crate::tables::{
    Estimate, FailureKind, Findings, FitFailure, Observed, ObservedSchema, Record, Target, WarningKind,
};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "simple_missing",
    summary: "the simple ways with missing answers beside each other, wave by wave, and worst-case bounds",
    page: include_str!("pages/simple_missing.md"),
    declare,
};

#[derive(Debug)]
struct Simple {
    outcome: Option<String>,
    binary: Option<String>,
    group: Option<String>,
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let mut text = |key| options.text(key, problems).map(|t| t.text);
    let (outcome, binary, group) = (text("outcome"), text("binary"), text("group"));
    if outcome.is_none() && binary.is_none() {
        options.missing("outcome", problems);
    }
    options.finish(problems);
    (outcome.is_some() || binary.is_some()).then(|| Box::new(Simple { outcome, binary, group }) as Box<dyn Method>)
}

/// What is done about missing answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Handling {
    Available,
    Carried,
    Complete,
}

impl Handling {
    const ALL: [(&'static str, Self); 3] =
        [("available_case", Self::Available), ("locf", Self::Carried), ("complete_case", Self::Complete)];

    /// The answers of a person by wave, NaN where there is none, after handling.
    fn apply(self, row: &mut [f64]) {
        match self {
            Self::Available => {}
            Self::Carried => {
                let mut last = f64::NAN;
                for value in row {
                    last = if value.is_nan() { last } else { *value };
                    *value = last;
                }
            }
            Self::Complete => {
                if row.iter().any(|value| value.is_nan()) {
                    row.fill(f64::NAN);
                }
            }
        }
    }
}

impl Method for Simple {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let why = "it puts the simple methods beside each other; `available_case`, `complete_case` and `locf` answer";
        Err(CannotAnswer { why: format!("{why} estimands") })
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        if observed.records() == 0 {
            return Err(FitFailure::new(FailureKind::NoData, "there is no record").into());
        }
        let groups = self.group.as_ref().map(|name| two_groups(name, observed)).transpose()?;
        let mut report = Report {
            waves: observed.schema().waves(),
            groups,
            critical: Critical::new(confidence),
            findings: Findings::default(),
        };
        let numbers = |name: &Option<String>| -> Result<Option<Vec<f64>>, CannotAnswer> {
            let Some(name) = name else { return Ok(None) };
            let column = Column::need(name, observed.schema())?;
            match column.variable.is_named() {
                true => Err(CannotAnswer { why: format!("`{name}` has named levels, and no mean") }),
                false => Ok(Some(column.panel(observed))),
            }
        };
        let outcome = numbers(&self.outcome)?;
        let binary = match &self.binary {
            Some(name) => Some(Column::need(name, observed.schema())?.yes_no_panel(observed)?),
            None => None,
        };
        let binary: Option<Vec<f64>> =
            binary.map(|cells| cells.into_iter().map(|c| c.map_or(f64::NAN, |yes| f64::from(u8::from(yes)))).collect());
        for (name, handling) in Handling::ALL {
            let mut record = Record::new();
            if let Some(cells) = &outcome {
                report.numbers(cells, name, handling, &mut record);
            }
            if let Some(cells) = &binary {
                report.shares(cells, name, handling, &mut record);
            }
            report.findings.values.set(name, record);
        }
        if let Some(cells) = &binary {
            report.bounds(cells, confidence);
        }
        Ok(report.findings)
    }
}

/// For each record, whether it is in the second group (by the order of their values); `None` where that is not known.
fn two_groups(name: &str, observed: &Observed<'_>) -> Result<Vec<Option<bool>>, CannotAnswer> {
    let waves = observed.schema().waves().max(1);
    let panel = Column::need(name, observed.schema())?.panel(observed);
    let first = |row: &[f64]| row.iter().copied().find(|v| !v.is_nan()).unwrap_or(f64::NAN);
    let values: Vec<f64> = panel.chunks_exact(waves).map(first).collect();
    let mut seen: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    seen.sort_by(f64::total_cmp);
    seen.dedup();
    // 0 and 1 are themselves, even where one of them has nobody.
    let (low, high) = match &seen[..] {
        all if all.iter().all(|v| *v == 0.0 || *v == 1.0) => (0.0, 1.0),
        [low, high] => (*low, *high),
        more => {
            let why = format!("two groups are compared, and `{name}` has {} values", more.len());
            return Err(CannotAnswer { why });
        }
    };
    let side = |v: &f64| if *v == high { Some(true) } else { (*v == low).then_some(false) };
    Ok(values.iter().map(side).collect())
}

/// What is being put together.
struct Report {
    waves: usize,
    groups: Option<Vec<Option<bool>>>,
    critical: Critical,
    findings: Findings,
}

fn handled(cells: &[f64], waves: usize, handling: Handling) -> Vec<f64> {
    let mut cells = cells.to_vec();
    cells.chunks_exact_mut(waves.max(1)).for_each(|row| handling.apply(row));
    cells
}

fn column(cells: &[f64], waves: usize, wave: usize) -> Vec<f64> {
    cells.iter().skip(wave).step_by(waves.max(1)).copied().collect()
}

fn counts_of(samples: &[Sample]) -> Vec<usize> {
    samples.iter().map(|sample| sample.n as usize).collect()
}

/// Nothing where fewer values count than are needed.
fn if_enough(sample: &Sample, least: f64, value: f64) -> Option<f64> {
    (sample.n >= least).then_some(value)
}

impl Report {
    fn samples(&self, cells: &[f64]) -> Vec<Sample> {
        (0..self.waves).map(|wave| Sample::of(&column(cells, self.waves, wave), |_| true)).collect()
    }

    /// The last wave of the second group and of the first.
    fn last_wave(&self, cells: &[f64]) -> Option<(Sample, Sample)> {
        let groups = self.groups.as_ref()?;
        let last = column(cells, self.waves, self.waves.checked_sub(1)?);
        let of = |side: bool| Sample::of(&last, |i| groups.get(i) == Some(&Some(side)));
        Some((of(true), of(false)))
    }

    fn numbers(&mut self, cells: &[f64], name: &str, handling: Handling, record: &mut Record) {
        let cells = handled(cells, self.waves, handling);
        let samples = self.samples(&cells);
        let sd = |s: &Sample| libm::sqrt(s.squares.max(0.0) / (s.n - 1.0));
        record.set("n", counts_of(&samples));
        record.set("mean", samples.iter().map(|s| if_enough(s, 1.0, s.mean)).collect::<Vec<_>>());
        record.set("sd", samples.iter().map(|s| if_enough(s, 2.0, sd(s))).collect::<Vec<_>>());
        record.set("se", samples.iter().map(|s| if_enough(s, 2.0, sd(s) / libm::sqrt(s.n))).collect::<Vec<_>>());
        let Some((second, first)) = self.last_wave(&cells) else { return };
        let enough = second.n >= 2.0 && first.n >= 2.0;
        let found = Comparison::Welch.estimate(second, first, &mut self.critical).ok();
        let mut difference = Record::new();
        difference.set("diff", enough.then_some(second.mean - first.mean));
        difference.set("se", found.and_then(|e| e.model_se)).set("df", found.and_then(|e| e.df));
        difference.set("ci", limits(found.and_then(|e| e.interval)));
        let p = |e: &Estimate| Some(2.0 * StudentT { df: e.df? }.upper_tail((e.estimate / e.model_se?).abs()));
        difference.set("p", found.as_ref().and_then(p));
        record.set("last_wave_diff", difference);
        match found {
            Some(estimate) => {
                self.findings.estimate(format!("difference {name}"), estimate);
            }
            None => self.findings.warnings.push(format!(
                "`{name}`: a group has fewer than two values at the last wave, or none vary: no difference of means."
            )),
        }
    }

    fn shares(&mut self, cells: &[f64], name: &str, handling: Handling, record: &mut Record) {
        let cells = handled(cells, self.waves, handling);
        let samples = self.samples(&cells);
        record.set("binary_n", counts_of(&samples));
        record.set("binary_prop", samples.iter().map(|s| if_enough(s, 1.0, s.mean)).collect::<Vec<_>>());
        let Some((second, first)) = self.last_wave(&cells) else { return };
        // The mean of zeros and ones may miss a whole number of yes by a rounding.
        let yes = |s: &Sample| libm::round(s.mean * s.n).clamp(0.0, s.n);
        let shares = TwoShares::new(yes(&second), second.n, yes(&first), first.n);
        let interval = shares.map(|s| s.newcombe(&self.critical.confidence()));
        let mut difference = Record::new();
        difference.set("x1", yes(&second) as usize).set("n1", second.n as usize);
        difference.set("x0", yes(&first) as usize).set("n0", first.n as usize);
        if shares.is_none() {
            let note = format!("`{name}`: a group has no answer at the last wave: no difference of shares.");
            self.findings.warnings.push(note);
        }
        difference.set("diff", shares.map(|s| s.difference())).set("newcombe", limits(interval));
        record.set("binary_last", difference);
        if let Some(shares) = shares {
            let model_se = Some(shares.difference_se());
            let estimate = Estimate { estimate: shares.difference(), model_se, interval, ..Estimate::default() };
            let edge = WarningKind::AtBoundary.when(model_se == Some(0.0));
            self.findings.estimate(format!("difference of shares {name}"), estimate.warned(edge));
        }
    }

    /// Worst-case bounds at the last wave, whatever the group.
    fn bounds(&mut self, cells: &[f64], confidence: f64) {
        let last = column(cells, self.waves, self.waves.saturating_sub(1));
        let count = |counts: &dyn Fn(f64) -> bool| last.iter().filter(|v| counts(**v)).count() as f64;
        let (n, yes, missing) = (last.len() as f64, count(&|v| v == 1.0), count(&f64::is_nan));
        if let Some(found) = worst_case(yes, missing, n, confidence) {
            self.findings.values.set("bounds_last_wave", bounds::describe(&found, missing, n));
        }
    }
}

/// Limits, or twice nothing.
fn limits(interval: Option<(f64, f64)>) -> (f64, f64) {
    interval.unwrap_or((f64::NAN, f64::NAN))
}

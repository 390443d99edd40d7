#![doc = include_str!("pages/delta_tipping.md")]

use super::critical::Critical;
use super::difference::Groups;
use super::filter::Filter;
use super::outcome::YesNo;
use super::simple::check_waves;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::options::{OptionValue, Options};
use crate::statistics::pattern_mixture::{Arm, Vary, adjusted_difference, fillings, tipping_points};
use crate::streams::Own;
use crate::tables::{
    Estimate, FailureKind, Finding, Findings, FitFailure, Observed, ObservedSchema, Quantity, Record, Target,
};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "delta_tipping",
    summary: "difference of two shares when those not seen differ by a delta, and where it tips",
    page: include_str!("pages/delta_tipping.md"),
    declare,
};

/// A search for tipping points.
#[derive(Clone, Copy, Debug)]
struct Search {
    vary: Vary,
    fixed: f64,
    range: (f64, f64),
}

#[derive(Debug)]
struct PatternMixture {
    /// What a difference is answered with.
    delta1: f64,
    delta0: f64,
    groups: Option<(Arm, Arm)>,
    deltas: Vec<(f64, f64)>,
    search: Option<Search>,
}

/// Fillings at most that are listed.
const MOST_FILLINGS: u64 = 250_000;

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let before = problems.list().len();
    let delta = |key: &str, problems: &mut Diagnostics| match options.get(key) {
        Some(value) => need(value, number(value), &format!("`{key}` must be a number"), problems),
        None => Some(0.0),
    };
    let (delta1, delta0) = (delta("delta1", problems), delta("delta0", problems));
    let (group1, group0) = (arm(options, "group1", problems), arm(options, "group0", problems));
    if group1.is_some() != group0.is_some() {
        options.missing(if group1.is_some() { "group0" } else { "group1" }, problems);
    }
    let deltas = options.get("deltas").and_then(|value| {
        let message = "`deltas` is a list of pairs of numbers, for group 1 and group 0";
        need(value, items(value).and_then(|list| list.iter().map(pair).collect::<Option<Vec<_>>>()), message, problems)
    });
    let search = options.table("tipping_search", problems).and_then(|table| search(table, problems));
    options.finish(problems);
    let method = PatternMixture {
        delta1: delta1?,
        delta0: delta0?,
        groups: group1.zip(group0),
        deltas: deltas.unwrap_or_else(|| vec![(0.0, 0.0)]),
        search,
    };
    (problems.list().len() == before).then(|| Box::new(method) as Box<dyn Method>)
}

/// What was found, or a problem with its place.
fn need<T>(value: &OptionValue, found: Option<T>, message: &str, problems: &mut Diagnostics) -> Option<T> {
    if found.is_none() {
        let help = "`eclosion explain S0670` shows the numbers of an imputation";
        problems.error("S0670", value.span(), message.to_owned()).help(help);
    }
    found
}

fn number(value: &OptionValue) -> Option<f64> {
    match value {
        OptionValue::Number(text) => text.text.parse::<f64>().ok().filter(|v| v.is_finite()),
        _ => None,
    }
}

fn items(value: &OptionValue) -> Option<&[OptionValue]> {
    match value {
        OptionValue::List(items, _) => Some(items),
        _ => None,
    }
}

fn pair(value: &OptionValue) -> Option<(f64, f64)> {
    match items(value)? {
        [a, b] => number(a).zip(number(b)),
        _ => None,
    }
}

fn arm(options: &Options, key: &str, problems: &mut Diagnostics) -> Option<Arm> {
    let table = options.table(key, problems)?;
    let mut count = |key: &str| {
        let value = table.get(key)?;
        let whole = |v: &f64| v.fract() == 0.0 && (0.0..=1e9).contains(v);
        need(value, number(value).filter(whole), &format!("`{key}` must be a count"), problems).map(|v| v as u32)
    };
    let (events, observed, missing) = (count("x"), count("observed"), count("missing"));
    for (key, found) in [("x", events), ("observed", observed), ("missing", missing)] {
        if found.is_none() && table.get(key).is_none() {
            table.missing(key, problems);
        }
    }
    table.finish(problems);
    let arm = Arm { events: events?, observed: observed?, missing: missing? };
    if arm.events > arm.observed {
        problems.error("S0670", &table.span, "`x` is more than `observed`").help("x are the yes among those observed");
        return None;
    }
    Some(arm)
}

fn search(table: &Options, problems: &mut Diagnostics) -> Option<Search> {
    let vary = table.choice("vary", &["delta1", "delta0", "both"], problems).unwrap_or(0);
    let vary = [Vary::Delta1, Vary::Delta0, Vary::Both][vary];
    let fixed = match vary {
        Vary::Delta1 => table.get("fixed_delta0"),
        Vary::Delta0 => table.get("fixed_delta1"),
        Vary::Both => None,
    };
    let fixed = fixed.map_or(Some(0.0), |v| need(v, number(v), "a fixed delta is a number", problems));
    let range = match table.get("range") {
        Some(value) => {
            let found = pair(value).filter(|(low, high)| low <= high && high - low <= 1000.0);
            need(value, found, "`range` is the least and the greatest delta, at most 1000 apart", problems)
        }
        None => {
            table.missing("range", problems);
            None
        }
    };
    table.finish(problems);
    Some(Search { vary, fixed: fixed?, range: range? })
}

impl Method for PatternMixture {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        check_waves(target, schema)?;
        let Quantity::Difference { wave } = target.quantity else {
            return Err(CannotAnswer { why: "it answers differences of two shares".to_owned() });
        };
        Ok(Box::new(DifferenceFit {
            delta1: self.delta1,
            delta0: self.delta0,
            outcome: YesNo::of(target, schema)?,
            wave,
            groups: Groups::new(target, schema, wave)?,
            restrict: target.restrict.as_ref().map(|text| Filter::new(text, target, schema, wave)).transpose()?,
            critical: Critical::new(target.level_of_confidence),
            mask: Vec::new(),
        }))
    }

    fn report(&self, _: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let Some((group1, group0)) = &self.groups else {
            let why = "without an estimand it needs the counts `group1` and `group0`".to_owned();
            return Err(CannotAnswer { why }.into());
        };
        let mut findings = Findings::default();
        let mut adjusted = Vec::new();
        for (delta1, delta0) in &self.deltas {
            let mut record = Record::new();
            record.set("delta1", *delta1).set("delta0", *delta0);
            let found = adjusted_difference(group1, group0, *delta1, *delta0);
            let spread = found.filter(|d| d.standard_error > 0.0);
            record.set("p1", found.map(|d| d.p1)).set("p0", found.map(|d| d.p0)).set("diff", found.map(|d| d.value));
            record.set("se", found.map(|d| d.standard_error)).set("ci", found.map(|d| d.interval(confidence)));
            record.set("p", spread.map(|d| d.p_value()));
            adjusted.push(Finding::Record(record));
            if let Some(d) = found {
                let (model_se, interval) = (Some(d.standard_error), Some(d.interval(confidence)));
                let estimate = Estimate { estimate: d.value, model_se, interval, ..Estimate::default() };
                findings.estimate(format!("difference, delta {delta1} and {delta0}"), estimate);
            }
        }
        findings.values.set("adjusted", adjusted);
        if let Some(search) = &self.search {
            let found = tipping_points(group1, group0, search.vary, search.fixed, search.range, confidence);
            let key = ["tipping_delta1", "tipping_delta0", "tipping_delta"][search.vary as usize];
            findings.values.set(key, found);
            let note = "A tipping point is of use only beside a statement of which deltas are plausible.";
            findings.warnings.push(note.to_owned());
        }
        let count = (u64::from(group1.missing) + 1) * (u64::from(group0.missing) + 1);
        if count <= MOST_FILLINGS {
            findings.values.set("grid", grid(group1, group0));
        }
        Ok(findings)
    }
}

/// Rows: yes among those not seen in group 1; columns: in group 0.
fn grid(group1: &Arm, group0: &Arm) -> Record {
    let all: Vec<_> = fillings(group1, group0).collect();
    let width = group0.missing as usize + 1;
    let table = |of: &dyn Fn(usize) -> Finding| {
        let rows = (0..all.len()).step_by(width).map(|start| Finding::List((start..start + width).map(of).collect()));
        Finding::List(rows.collect())
    };
    let mut record = Record::new();
    record.set("fisher_p", table(&|k| all[k].fisher_p.into())).set("z_p", table(&|k| all[k].z_p.into()));
    record.set("diff", table(&|k| all[k].difference.into()));
    record
}

/// A difference of the shares at a wave.
struct DifferenceFit {
    delta1: f64,
    delta0: f64,
    outcome: YesNo,
    wave: usize,
    groups: Groups,
    restrict: Option<Filter>,
    critical: Critical,
    mask: Vec<u8>,
}

impl DifferenceFit {
    fn arm(&self, observed: &Observed<'_>, inside: &[u8]) -> Arm {
        let mut arm = Arm { events: 0, observed: 0, missing: 0 };
        let codes = self.outcome.codes(observed, self.wave);
        for ((code, inside), counts) in codes.iter().zip(inside).zip(&self.mask) {
            if inside & counts == 1 {
                let seen = self.outcome.is_answer(*code);
                arm.observed += u32::from(seen);
                arm.missing += u32::from(1 - seen);
                arm.events += u32::from(seen & self.outcome.is_yes(*code));
            }
        }
        arm
    }
}

impl Fit for DifferenceFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        self.groups.read(observed, self.wave);
        self.mask.clear();
        self.mask.resize(observed.records(), 1);
        if let Some(filter) = &mut self.restrict {
            filter.apply(observed, self.wave, &mut self.mask);
        }
        let arms = (self.arm(observed, &self.groups.first), self.arm(observed, &self.groups.second));
        for (arm, which) in [(&arms.0, "first"), (&arms.1, "second")] {
            let (kind, why) = match arm {
                Arm { observed: 0, missing: 0, .. } => (FailureKind::EmptyGroup, "nobody is in"),
                Arm { observed: 0, .. } => (FailureKind::NoData, "nobody answered in"),
                arm if arm.adjusted(0.0).is_none() => (FailureKind::Constant, "all answers are the same in"),
                _ => continue,
            };
            return Err(FitFailure::new(kind, format!("{why} the {which} group at wave {}", self.wave + 1)));
        }
        let found = adjusted_difference(&arms.0, &arms.1, self.delta1, self.delta0);
        let d = found.ok_or_else(|| FitFailure::new(FailureKind::NotFinite, "the difference is not defined"))?;
        let half = self.critical.z * d.standard_error;
        let interval = Some((d.value - half, d.value + half));
        Ok(Estimate { estimate: d.value, model_se: Some(d.standard_error), interval, ..Estimate::default() })
    }
}

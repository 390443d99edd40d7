#![doc = include_str!("pages/rogan_gladen.md")]

use super::at_wave::{AtWave, Item};
use super::given::{number_of, refuse, rows};
use super::warning::share_at_edge;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::misreport::{Accuracy, Corrected, NoCorrection, rogan_gladen};
use crate::streams::Own;
use crate::tables::{
    Estimate, FailureKind, Finding, Findings, FitFailure, Observed, ObservedSchema, Quantity, Record, Target,
    WarningKind,
};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "rogan_gladen",
    summary: "a prevalence corrected for the known or estimated errors of the reports",
    page: include_str!("pages/rogan_gladen.md"),
    declare,
};

/// Limits of a corrected prevalence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limits {
    Wald,
    Wilson,
    Exact,
    LangReiczigel,
}

impl Limits {
    const WORDS: [&'static str; 4] = ["wald", "wilson", "exact", "lang_reiczigel"];
    const ALL: [Self; 4] = [Self::Wald, Self::Wilson, Self::Exact, Self::LangReiczigel];
}

/// How a share of reports is corrected.
#[derive(Clone, Copy, Debug)]
struct How {
    accuracy: Accuracy,
    limits: Limits,
    /// Whether the estimate is left outside 0 to 1.
    raw: bool,
}

/// Yeses, answers and the accuracy of one prevalence.
type Counts = (f64, f64, Accuracy);

#[derive(Debug)]
struct RoganGladen {
    rows: Option<Vec<Counts>>,
    item: Option<Item>,
    how: Option<How>,
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let given = rows(options, "rows", problems);
    let accuracy = accuracy(options, ["sensitivity", "specificity", "n_sensitivity", "n_specificity"], problems);
    let limits = options.choice("interval", &Limits::WORDS, problems).map(|k| Limits::ALL[k]);
    let raw = options.choice("estimate", &["clipped", "raw"], problems) == Some(1);
    let item = Item::declare(options, problems);
    options.finish(problems);
    let rows = match given {
        Some(given) => {
            let read: Vec<Counts> = given.iter().filter_map(|row| counts(row, problems)).collect();
            (read.len() == given.len()).then_some(Some(read))?
        }
        // What is wrong with them has been said.
        None if options.get("rows").is_some() => return None,
        None => None,
    };
    let how = accuracy.map(|accuracy| {
        let estimated = accuracy.n_sensitivity.is_some() || accuracy.n_specificity.is_some();
        let usual = if estimated { Limits::LangReiczigel } else { Limits::Wilson };
        How { accuracy, limits: limits.unwrap_or(usual), raw }
    });
    match (&how, rows.is_some()) {
        (None, false) => {
            for key in ["sensitivity", "specificity"] {
                if options.get(key).is_none() {
                    options.missing(key, problems);
                }
            }
            return None;
        }
        (Some(how), _) => check(how, options, problems)?,
        _ => {}
    }
    Some(Box::new(RoganGladen { rows, item, how }))
}

/// Refuses a correction that could never be made (S0660).
fn check(how: &How, options: &Options, problems: &mut Diagnostics) -> Option<()> {
    let Accuracy { sensitivity, specificity, n_sensitivity, n_specificity } = how.accuracy;
    if sensitivity + specificity <= 1.0 {
        let message = "`sensitivity` and `specificity` must add up to more than 1".to_owned();
        refuse(&options.span, message, problems);
        return None;
    }
    if how.limits == Limits::LangReiczigel && n_sensitivity.is_none() && n_specificity.is_none() {
        let message = "`lang_reiczigel` needs `n_sensitivity` or `n_specificity`".to_owned();
        refuse(&options.span, message, problems);
        return None;
    }
    Some(())
}

/// Sensitivity, specificity and the sizes of the samples they come from, by the names of their keys.
fn accuracy(table: &Options, keys: [&str; 4], problems: &mut Diagnostics) -> Option<Accuracy> {
    let [se, sp, n_se, n_sp] = keys;
    let share = |v: f64| (0.0..=1.0).contains(&v);
    let wanted = "a probability, from 0 to 1";
    let sensitivity = number_of(table, se, wanted, share, problems);
    let specificity = number_of(table, sp, wanted, share, problems);
    let size = "the size of a sample, above 0";
    let n_sensitivity = number_of(table, n_se, size, |v| v > 0.0, problems);
    let n_specificity = number_of(table, n_sp, size, |v| v > 0.0, problems);
    Some(Accuracy { sensitivity: sensitivity?, specificity: specificity?, n_sensitivity, n_specificity })
}

fn counts(row: &Options, problems: &mut Diagnostics) -> Option<Counts> {
    for key in ["x", "n", "se", "sp"] {
        if row.get(key).is_none() {
            row.missing(key, problems);
        }
    }
    let x = number_of(row, "x", "a count", |v| v >= 0.0, problems);
    let n = number_of(row, "n", "a count", |v| v >= 0.0, problems);
    let accuracy = accuracy(row, ["se", "sp", "n_se", "n_sp"], problems);
    row.finish(problems);
    Some((x?, n?, accuracy?))
}

impl Method for RoganGladen {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let refuse = |why: &str| Err(CannotAnswer { why: why.to_owned() });
        let Some(how) = self.how else { return refuse("it needs `sensitivity` and `specificity`") };
        let Quantity::Prevalence { wave } = &target.quantity else {
            return refuse("it answers shares at one wave only");
        };
        let counts = AtWave::new(target, *wave, schema)?;
        Ok(Box::new(Correction { counts, how, level: target.level_of_confidence }))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut findings = Findings::default();
        if let Some(rows) = &self.rows {
            let described: Vec<Finding> = rows
                .iter()
                .map(|(x, n, accuracy)| match rogan_gladen(*x, *n, accuracy, confidence) {
                    Ok(corrected) => describe(&corrected).into(),
                    Err(none) => {
                        findings.warnings.push(format!("{x} of {n}: {}.", why(none)));
                        let mut record = Record::new();
                        record.set("apparent", x / n).set("status", status(none));
                        record.into()
                    }
                })
                .collect();
            findings.values.set("rows", described);
            return Ok(findings);
        }
        let (Some(item), Some(how)) = (&self.item, self.how) else {
            return Err(CannotAnswer { why: "its report needs an `item`, or `rows`".to_owned() }.into());
        };
        let (x, n, _) = item.count(observed)?;
        let corrected = rogan_gladen(x, n, &how.accuracy, confidence).map_err(failure)?;
        findings.values = describe(&corrected);
        findings.values.set("x", x).set("n", n);
        findings.estimate("prevalence", how.estimate(&corrected));
        Ok(findings)
    }
}

struct Correction {
    counts: AtWave,
    how: How,
    level: f64,
}

impl Fit for Correction {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        let counts = self.counts.count(observed);
        if counts.answered == 0.0 {
            return Err(super::failure::no_rows(self.counts.wave));
        }
        let corrected = rogan_gladen(counts.yes, counts.answered, &self.how.accuracy, self.level).map_err(failure)?;
        Ok(self.how.estimate(&corrected))
    }
}

impl How {
    fn estimate(&self, corrected: &Corrected) -> Estimate {
        let estimated = corrected.estimated;
        let interval = match self.limits {
            Limits::Wald => estimated.map_or(corrected.wald_known, |e| e.wald),
            Limits::Wilson => corrected.wilson_known,
            Limits::Exact => corrected.exact_known,
            Limits::LangReiczigel => estimated.map_or(corrected.wilson_known, |e| e.lang_reiczigel),
        };
        let (low, high) = interval;
        let cut = self.limits != Limits::Wald && (low <= 0.0 || high >= 1.0);
        Estimate {
            estimate: if self.raw { corrected.raw } else { corrected.estimate },
            model_se: Some(estimated.map_or(corrected.se_known, |e| e.se)),
            interval: Some(interval),
            warning: share_at_edge(corrected.raw).or(WarningKind::LimitCut.when(cut)),
            ..Estimate::default()
        }
    }
}

fn why(none: NoCorrection) -> &'static str {
    match none {
        NoCorrection::NoData => "there are no answers, or more yeses than answers",
        NoCorrection::OutOfRange => "a probability or a sample size is out of range",
        NoCorrection::Uninformative => "sensitivity and specificity add up to 1 or less, so a yes says nothing",
    }
}

fn status(none: NoCorrection) -> &'static str {
    match none {
        NoCorrection::NoData => "no_data",
        NoCorrection::OutOfRange => "out_of_range",
        NoCorrection::Uninformative => "uninformative",
    }
}

fn failure(none: NoCorrection) -> FitFailure {
    FitFailure::new(FailureKind::NoData, why(none))
}

fn describe(corrected: &Corrected) -> Record {
    let mut record = Record::new();
    record.set("apparent", corrected.apparent).set("raw", corrected.raw).set("estimate", corrected.estimate);
    record.set("se_known", corrected.se_known).set("ci_wald_known", corrected.wald_known);
    record.set("ci_wilson_known", corrected.wilson_known).set("ci_exact_known", corrected.exact_known);
    if let Some(estimated) = &corrected.estimated {
        record.set("se_estimated", estimated.se).set("ci_wald_estimated", estimated.wald);
        record.set("ci_lang_reiczigel", estimated.lang_reiczigel);
    }
    record
}

#![doc = include_str!("pages/fellegi_sunter.md")]

use super::column::Column;
use super::step::link::mixture::Mixture;
use super::step::link::{quality, read};
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::{Diagnostics, Text};
use crate::options::Options;
use crate::statistics::linkage::fellegi_sunter::{Em, MISSING, PatternProblem, Patterns};
use crate::streams::Own;
use crate::tables::{FailureKind, Findings, FitFailure, Observed, ObservedSchema, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "fellegi_sunter",
    summary: "weights of probabilistic linkage from counts of comparison patterns",
    page: include_str!("pages/fellegi_sunter.md"),
    declare,
};

#[derive(Debug)]
struct FellegiSunter {
    fields: Vec<String>,
    levels: Option<Vec<usize>>,
    count: Option<String>,
    matches: Option<String>,
    mixture: Mixture,
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let before = problems.list().len();
    let fields = options.texts("fields", problems);
    if options.get("fields").is_none() {
        options.missing("fields", problems);
    }
    let whole = |value: &crate::options::OptionValue| {
        let levels = read::numbers(value)?;
        levels.iter().map(|v| (v.fract() == 0.0 && (1.0..255.0).contains(v)).then_some(*v as usize)).collect()
    };
    let words = ("a list of whole numbers from 1 to 254", "`levels = [2, 3]`: agrees or not; agrees, nearly, or not");
    let levels: Option<Vec<usize>> = read::value(options, "levels", whole, words, problems);
    let [count, matches] = ["count", "matches"].map(|key| options.text(key, problems).map(|t| t.text));
    let mixture = Mixture::declare(options, problems);
    let fields: Vec<String> = fields?.into_iter().map(|text: Text| text.text).collect();
    for levels in [&levels, &mixture.levels()].into_iter().flatten().filter(|l| l.len() != fields.len()) {
        let what = format!("there are {} fields, and levels of {}", fields.len(), levels.len());
        problems.error("S0641", &options.span, what).help("give each field its levels");
    }
    options.finish(problems);
    let method = FellegiSunter { fields, levels, count, matches, mixture };
    (problems.list().len() == before).then(|| Box::new(method) as Box<dyn Method>)
}

impl Method for FellegiSunter {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(CannotAnswer { why: "it reports weights of patterns and answers no estimand".to_owned() })
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let fields = self.fields.iter().map(|name| column(name, observed)).collect::<Result<Vec<_>, _>>()?;
        let count = self.count.as_ref().map(|name| column(name, observed)).transpose()?;
        let matches = self.matches.as_ref().map(|name| column(name, observed)).transpose()?;
        let patterns = self.patterns(&fields, count.as_deref(), observed.records())?;
        let fitted = self.mixture.fit(&mut Em::default(), &patterns)?;
        let mut findings = Findings::default();
        let values = &mut findings.values;
        let names: Vec<&str> = self.fields.iter().map(String::as_str).collect();
        values.set("fields", &names[..]);
        fitted.findings(&patterns, values);
        let linked =
            |k: &usize| fitted.thresholds.is_some_and(|t| fitted.decisions.weights[*k].is_some_and(|w| w >= t.upper));
        let links: f64 = (0..patterns.len()).filter(linked).map(|k| patterns.counts()[k]).sum();
        values.set(
            "links",
            if links.fract() == 0.0 { (links as i64).into() } else { crate::tables::Finding::from(links) },
        );
        if let (Some(matches), Some(limits)) = (matches, fitted.thresholds) {
            let whole: Vec<u64> = matches.iter().map(|n| if *n > 0.0 { *n as u64 } else { 0 }).collect();
            quality(&fitted.decisions.quality(&patterns, &whole, limits.upper), confidence, values);
        }
        Ok(findings)
    }
}

impl FellegiSunter {
    fn patterns(&self, fields: &[Vec<f64>], count: Option<&[f64]>, rows: usize) -> Result<Patterns, FitFailure> {
        let highest = |values: &Vec<f64>| values.iter().copied().filter(|v| !v.is_nan()).fold(1.0, f64::max) as usize;
        let seen = || fields.iter().map(|values| highest(values) + 1).collect();
        let levels = self.levels.clone().or_else(|| self.mixture.levels()).unwrap_or_else(seen);
        let mut patterns = Patterns::new(&levels);
        for row in 0..rows {
            let level = |values: &Vec<f64>| match values.get(row).copied().unwrap_or(f64::NAN) {
                v if v.is_nan() => Some(MISSING),
                v => (v.fract() == 0.0 && (0.0..255.0).contains(&v)).then_some(v as u8),
            };
            let refused = |what: String| FitFailure::new(FailureKind::NoData, format!("row {}: {what}", row + 1));
            let pattern: Option<Vec<u8>> = fields.iter().map(level).collect();
            let pattern = pattern.ok_or_else(|| refused("a level is no whole number from 0".to_owned()))?;
            let pairs = count.map_or(1.0, |count| count.get(row).copied().unwrap_or(f64::NAN));
            patterns.push(&pattern, pairs).map_err(|problem| {
                refused(match problem {
                    PatternProblem::Level(k) => format!("`{}` has no such level; it has {}", self.fields[k], levels[k]),
                    PatternProblem::Count => "the number of pairs is missing or negative".to_owned(),
                    PatternProblem::Fields => "it has not one level for each field".to_owned(),
                })
            })?;
        }
        Ok(patterns)
    }
}

/// The values of a column at the first wave, NaN where there are none.
fn column(name: &str, observed: &Observed<'_>) -> Result<Vec<f64>, CannotAnswer> {
    Ok(Column::need(name, observed.schema())?.read(observed, 0))
}

#![doc = include_str!("pages/bounds.md")]

use super::at_wave::{AtWave, Item};
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::bounds::{WorstCase, worst_case};
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, Findings, FitFailure, Observed, ObservedSchema, Quantity, Record, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "bounds",
    summary: "what a share could be whatever the missing answers are, with an interval of Imbens and Manski",
    page: include_str!("pages/bounds.md"),
    declare,
};

/// Which number between the bounds is the estimate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Point {
    #[default]
    Midpoint,
    Lower,
    Upper,
}

impl Point {
    const WORDS: [&'static str; 3] = ["midpoint", "lower", "upper"];
    const ALL: [Self; 3] = [Self::Midpoint, Self::Lower, Self::Upper];

    /// The estimate of `n` records, all of which count.
    fn estimate(self, bounds: &WorstCase, n: f64) -> Estimate {
        let WorstCase { lower, upper, interval, .. } = *bounds;
        // Each record counts 1, 0, or for the midpoint half where it has no answer; the error is that of the mean.
        let (estimate, squares) = match self {
            Self::Midpoint => (0.5 * (lower + upper), lower + 0.25 * (upper - lower)),
            Self::Lower => (lower, lower),
            Self::Upper => (upper, upper),
        };
        let model_se = Some(libm::sqrt((squares - estimate * estimate).max(0.0) / n));
        Estimate { estimate, model_se, interval: Some(interval), ..Estimate::default() }
    }
}

#[derive(Debug)]
struct Bounds {
    point: Point,
    item: Option<Item>,
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let point = options.choice("estimate", &Point::WORDS, problems).map(|k| Point::ALL[k]);
    let item = Item::declare(options, problems);
    options.finish(problems);
    Some(Box::new(Bounds { point: point.unwrap_or_default(), item }))
}

impl Method for Bounds {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let Quantity::Prevalence { wave } = &target.quantity else {
            return Err(CannotAnswer { why: "it answers shares at one wave only".to_owned() });
        };
        let counts = AtWave::new(target, *wave, schema)?;
        Ok(Box::new(BoundsFit { counts, point: self.point, level: target.level_of_confidence }))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let Some(item) = &self.item else {
            return Err(CannotAnswer { why: "its report needs an `item`".to_owned() }.into());
        };
        let (yes, answered, n) = item.count(observed)?;
        let bounds = worst_case(yes, n - answered, n, confidence)
            .ok_or_else(|| FitFailure::new(FailureKind::NoData, "there is no record"))?;
        let mut findings = Findings { values: describe(&bounds, n - answered, n), ..Findings::default() };
        findings.estimate("prevalence", self.point.estimate(&bounds, n));
        if answered == 0.0 {
            findings.warnings.push("Nobody answered: the bounds are 0 and 1.".to_owned());
        }
        Ok(findings)
    }
}

/// Bounds by the names of the reference cases.
pub(super) fn describe(bounds: &WorstCase, missing: f64, n: f64) -> Record {
    let mut record = Record::new();
    record.set("n", n as usize).set("missing", missing as usize).set("lower", bounds.lower).set("upper", bounds.upper);
    record.set("imbens_manski_c", bounds.c).set("imbens_manski_ci", bounds.interval);
    record
}

struct BoundsFit {
    counts: AtWave,
    point: Point,
    level: f64,
}

impl Fit for BoundsFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        let counts = self.counts.count(observed);
        // Without a single answer the bounds are 0 and 1 whatever happens, which is no estimate.
        if counts.answered == 0.0 {
            return Err(super::failure::no_rows(self.counts.wave));
        }
        let bounds = worst_case(counts.yes, counts.records - counts.answered, counts.records, self.level);
        let bounds = bounds.ok_or_else(|| super::failure::no_rows(self.counts.wave))?;
        Ok(self.point.estimate(&bounds, counts.records))
    }
}

#![doc = include_str!("pages/krippendorff_alpha.md")]

use super::compared::{Compared, by_record};
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::agreement::{Metric, krippendorff};
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, Findings, FitFailure, Observed, ObservedSchema, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "krippendorff_alpha",
    summary: "agreement of any number of ratings with missing ones: Krippendorff's alpha",
    page: include_str!("pages/krippendorff_alpha.md"),
    declare,
};

#[derive(Debug)]
struct Alpha(Compared);

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let compared = Compared::declare(options, problems);
    options.finish(problems);
    if compared.is_none() {
        options.missing("items", problems);
    }
    Some(Box::new(Alpha(compared?)))
}

impl Method for Alpha {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(super::reports_only("krippendorff_alpha"))
    }

    fn report(&self, observed: &Observed<'_>, _: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let ratings = self.0.read(observed)?;
        let named = ratings.iter().any(|rating| rating.column.variable.is_named());
        if named && ratings.iter().any(|r| r.column.variable.levels != ratings[0].column.variable.levels) {
            return Err(CannotAnswer { why: "the ratings have different levels".to_owned() }.into());
        }
        let units = by_record(&ratings);
        let mut findings = Findings::default();
        for (name, metric) in
            [("nominal", Metric::Nominal), ("ordinal", Metric::Ordinal), ("interval", Metric::Interval)]
        {
            // Named levels have an order but no distances.
            if named && metric == Metric::Interval {
                continue;
            }
            let got = krippendorff(units.chunks_exact(ratings.len().max(1)), metric);
            if got.units == 0 {
                return Err(FitFailure::new(FailureKind::NoData, "no record has two ratings or more").into());
            }
            findings.values.set(name, got.alpha);
            findings.values.set("pairable_values", got.pairable);
            findings.values.set("units_used", got.units);
            match got.alpha {
                Some(estimate) => {
                    findings.estimate(format!("alpha_{name}"), Estimate { estimate, ..Estimate::default() });
                }
                None => findings.warnings.push(format!("The {name} alpha is undefined: the ratings do not vary.")),
            }
        }
        Ok(findings)
    }
}

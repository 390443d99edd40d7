#![doc = include_str!("pages/separation.md")]

use super::coefficients::warn_of_levels;
use super::failure;
use super::model_rows::AskedModel;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::numeric::{Separation, separation};
use crate::statistics::regression::Failure;
use crate::streams::Own;
use crate::tables::{Findings, Observed, ObservedSchema, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "separation",
    summary: "whether predictors tell outcomes apart, so that a logistic regression has no finite estimate",
    page: include_str!("pages/separation.md"),
    declare: |options, problems| {
        let asked = AskedModel::declare(options, problems);
        options.finish(problems);
        Some(Box::new(Separated { asked }))
    },
};

#[derive(Debug)]
struct Separated {
    asked: AskedModel,
}

impl Method for Separated {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(CannotAnswer { why: "it says whether there is an estimate, and gives none".to_owned() })
    }

    fn report(&self, observed: &Observed<'_>, _: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut rows = self.asked.for_report(observed.schema())?;
        rows.collect(observed)?;
        let gone = rows.drop_empty_levels();
        let failed = |f| failure::regression(f, "separation", &rows.names, &rows.x);
        if let Some(row) = rows.outcome().iter().position(|y| *y != 0.0 && *y != 1.0) {
            return Err(failed(Failure::Outcome { row }).into());
        }
        let totals = vec![1.0; rows.outcome().len()];
        let found = separation(&rows.x, rows.names.len(), rows.outcome(), &totals)
            .map_err(|column| failed(Failure::Collinear { column }))?;
        let (status, unbounded) = match found {
            Separation::None => ("overlap", None),
            Separation::Quasi => ("quasi_complete_separation", Some(f64::INFINITY)),
            Separation::Complete => ("complete_separation", Some(f64::INFINITY)),
        };
        let mut findings = Findings::default();
        warn_of_levels(&mut findings, &gone);
        let values = &mut findings.values;
        values.set("status", status).set("terms", rows.names.clone()).set("n", rows.outcome().len());
        values.set("largest_coefficient", unbounded);
        values.set("least_deviance", (found == Separation::Complete).then_some(0.0));
        Ok(findings)
    }
}

#![doc = include_str!("pages/icc.md")]

use super::compared::{Compared, by_record};
use super::warning::share_at_edge;
use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::options::Options;
use crate::statistics::agreement::{Coefficient, Icc, bland_altman, pearson, spearman};
use crate::streams::Own;
use crate::tables::{
    Estimate, FailureKind, Findings, FitFailure, Observed, ObservedSchema, Record, Target, WarningKind,
};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "icc",
    summary: "agreement of repeated measurements: intraclass correlations, limits of agreement, test and retest",
    page: include_str!("pages/icc.md"),
    declare,
};

#[derive(Debug)]
struct Correlations(Compared);

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let compared = Compared::declare(options, problems);
    options.finish(problems);
    if compared.is_none() {
        options.missing("items", problems);
    }
    Some(Box::new(Correlations(compared?)))
}

impl Method for Correlations {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(super::reports_only("icc"))
    }

    fn report(&self, observed: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let ratings = self.0.read(observed)?;
        if let Some(named) = ratings.iter().find(|rating| rating.column.variable.is_named()) {
            let why = format!("`{}` has named levels, which are no measurements; use `kappa`", named.name);
            return Err(CannotAnswer { why }.into());
        }
        let k = ratings.len();
        if k < 2 {
            return Err(CannotAnswer { why: format!("two measurements or more are compared, and there is {k}") }.into());
        }
        let table = by_record(&ratings);
        let Some(icc) = Icc::of(&table, k, confidence) else {
            let detail = format!("fewer than 2 records have all {k} measurements");
            return Err(FitFailure::new(FailureKind::TooFew, detail).into());
        };
        let mut findings = described(&icc);
        let complete = table.chunks_exact(k).filter(|row| row.iter().all(|v| v.is_finite()));
        let pairs: Vec<(f64, f64)> = complete.map(|row| (row[0], row[1])).collect();
        findings.values.set("pearson_first_two", pearson(&pairs));
        findings.values.set("spearman_first_two", spearman(&pairs));
        if let Some(limits) = bland_altman(&pairs) {
            let mut record = Record::new();
            record.set("bias", limits.bias).set("sd", limits.sd).set("limits", limits.limits);
            findings.values.set("bland_altman", record);
        }
        let left_out = observed.records() - icc.n;
        if left_out > 0 {
            findings.warnings.push(format!("{left_out} records without all {k} measurements are left out."));
        }
        Ok(findings)
    }
}

fn described(icc: &Icc) -> Findings {
    let mut findings = Findings::default();
    let values = &mut findings.values;
    values.set("n", icc.n).set("k", icc.k);
    values.set("ms_rows", icc.ms_rows).set("ms_columns", icc.ms_columns);
    values.set("ms_error", icc.ms_error).set("ms_within", icc.ms_within);
    values.set("f", icc.f);
    values.set("sem_consistency", icc.sem_consistency()).set("sem_agreement", icc.sem_agreement());
    let forms = [
        ("icc1", icc.one),
        ("icc2_1", icc.two),
        ("icc3_1", icc.three),
        ("icc1_k", icc.one_k),
        ("icc2_k", icc.two_k),
        ("icc3_k", icc.three_k),
    ];
    for (name, Coefficient { value, interval }) in forms {
        findings.values.set(name, value).set(format!("{name}_ci"), interval);
        match value {
            Some(estimate) => {
                // Of 0 or less: units differ no more than one measurement does. Of 1: measurements do not differ at all.
                let warning = share_at_edge(estimate).or(WarningKind::NoInterval.when(interval.is_none()));
                findings.estimate(name, Estimate { estimate, interval, warning, ..Estimate::default() });
            }
            None => findings.warnings.push(format!("`{name}` is undefined: the measurements do not vary.")),
        }
    }
    findings
}

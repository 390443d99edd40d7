#![doc = include_str!("pages/mi_pool.md")]

use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::options::{OptionValue, Options};
use crate::statistics::imputation::pool::PoolFailure;
use crate::statistics::imputation::{Pooled, pool, pool_vector};
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, Finding, Findings, FitFailure, Observed, ObservedSchema, Record, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "mi_pool",
    summary: "Rubin's rules for estimates that are given, one or several at a time",
    page: include_str!("pages/mi_pool.md"),
    declare,
};

/// Estimates of completed data sets.
#[derive(Debug)]
struct Given {
    estimates: Vec<f64>,
    variances: Vec<f64>,
    /// Degrees of freedom of the complete data, each an answer of its own.
    df_complete: Vec<f64>,
    /// Length of the vectors, the vectors one after the other, and their covariances.
    vectors: Option<(usize, Vec<f64>, Vec<f64>)>,
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let before = problems.list().len();
    let mut list = |key: &str, needed: bool| match options.get(key) {
        None if needed => {
            options.missing(key, problems);
            None
        }
        None => None,
        Some(value) => {
            let found = numbers(value);
            if found.is_none() {
                refuse(value, &format!("`{key}` must be a list of numbers"), problems);
            }
            found
        }
    };
    let (estimates, variances) = (list("estimates", true), list("variances", true));
    let df_complete = list("dfcom", false).unwrap_or_else(|| vec![f64::INFINITY]);
    if let Some(value) = options.get("dfcom").filter(|_| df_complete.iter().any(|df| df.is_nan() || *df <= 0.0)) {
        refuse(value, "`dfcom` has degrees of freedom that are not above 0", problems);
    }
    let vectors = vectors(options, problems);
    options.finish(problems);
    let given = Given { estimates: estimates?, variances: variances?, df_complete, vectors };
    (problems.list().len() == before).then(|| Box::new(given) as Box<dyn Method>)
}

fn refuse(value: &OptionValue, message: &str, problems: &mut Diagnostics) {
    problems.error("S0670", value.span(), message).help("`eclosion explain S0670` shows the numbers of an imputation");
}

/// A number; `"Infinity"` is infinite.
fn number(value: &OptionValue) -> Option<f64> {
    match value {
        OptionValue::Number(text) => text.text.parse().ok(),
        OptionValue::Text(text) if text.text == "Infinity" => Some(f64::INFINITY),
        _ => None,
    }
}

fn items(value: &OptionValue) -> Option<&[OptionValue]> {
    match value {
        OptionValue::List(items, _) => Some(items),
        _ => None,
    }
}

fn numbers(value: &OptionValue) -> Option<Vec<f64>> {
    items(value)?.iter().map(number).collect()
}

fn vectors(options: &Options, problems: &mut Diagnostics) -> Option<(usize, Vec<f64>, Vec<f64>)> {
    let (estimates, covariances) = (options.get("vector_estimates"), options.get("vector_covariances"));
    let written = estimates.or(covariances)?;
    let read = || {
        let rows: Vec<Vec<f64>> = items(estimates?)?.iter().map(numbers).collect::<Option<_>>()?;
        let matrix = |m: &OptionValue| items(m)?.iter().map(numbers).collect::<Option<Vec<Vec<f64>>>>();
        let matrices: Vec<Vec<Vec<f64>>> = items(covariances?)?.iter().map(matrix).collect::<Option<_>>()?;
        let size = rows.first().map_or(0, Vec::len);
        let square = |m: &Vec<Vec<f64>>| m.len() == size && m.iter().all(|row| row.len() == size);
        let fits = rows.iter().all(|r| r.len() == size) && matrices.iter().all(square);
        fits.then(|| (size, rows.concat(), matrices.concat().concat()))
    };
    let found = read();
    if found.is_none() {
        let message = "`vector_estimates` is a list of lists of numbers, `vector_covariances` one of square tables";
        refuse(written, message, problems);
    }
    found
}

impl Method for Given {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(CannotAnswer { why: "it pools the estimates that it is given and answers no estimand".to_owned() })
    }

    fn report(&self, _: &Observed<'_>, confidence: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut findings = Findings::default();
        let mut scalar = Vec::new();
        for df in &self.df_complete {
            let pooled = pool(&self.estimates, &self.variances, *df).map_err(failure)?;
            let interval = pooled.interval(confidence);
            let mut record = Record::new();
            record.set("dfcom", *df).set("qbar", pooled.estimate).set("ubar", pooled.within).set("b", pooled.between);
            record.set("t", pooled.total).set("se", pooled.standard_error()).set("riv", pooled.riv);
            record.set("lambda", pooled.lambda).set("fmi", pooled.fmi).set("df_rubin1987", pooled.df_large);
            record.set("df", pooled.df).set("ci", interval).set("p", pooled.p_value(0.0));
            scalar.push(Finding::Record(record));
            findings.estimate(format!("pooled, dfcom {df}"), estimate(&pooled, interval));
        }
        findings.values.set("scalar", scalar);
        if let Some((size, estimates, covariances)) = &self.vectors {
            let test = pool_vector(*size, estimates, covariances).map_err(failure)?;
            let mut record = Record::new();
            record.set("qbar", &test.estimates[..]).set("t", Finding::matrix(&test.total, *size)).set("arv", test.arv);
            record.set("d1", test.d1).set("df1", *size).set("df2", test.df2).set("p", test.p);
            findings.values.set("multivariate", record);
        }
        Ok(findings)
    }
}

fn estimate(pooled: &Pooled, interval: Option<(f64, f64)>) -> Estimate {
    let df = pooled.df.filter(|df| df.is_finite());
    Estimate { estimate: pooled.estimate, model_se: Some(pooled.standard_error()), df, interval, ..Estimate::default() }
}

fn failure(failure: PoolFailure) -> FitFailure {
    match failure {
        PoolFailure::TooFew => {
            FitFailure::new(FailureKind::TooFew, "pooling needs two estimates or more, and as many variances")
        }
        PoolFailure::NotANumber => {
            FitFailure::new(FailureKind::NotFinite, "an estimate or variance is not finite, or a variance negative")
        }
        PoolFailure::Singular => {
            FitFailure::new(FailureKind::Collinear, "the mean covariance within imputations has no inverse")
        }
    }
}
